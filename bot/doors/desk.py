"""The whole door of one turn: its session, its conversation, its moment."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from bot.doors.cases import Cases
from bot.doors.lookups import Catalogue, Offices
from bot.doors.me import Me
from bot.doors.people import People
from bot.doors.turns import Places, Turns
from desk.calendar import local_day_of
from desk.conversations.rows import ConversationRow
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalDay


class DeskDoor:
    """`bot.dialogue.door.Door` over an open session. Rooms are made when first entered: most turns need one or two."""

    def __init__(
        self,
        session: WriteSession | ReadSession,
        conversation: ConversationRow,
        *,
        now: datetime,
        identity_key: bytes,
    ) -> None:
        self._session = session
        self._conversation = conversation
        self._now = now
        self._identity_key = identity_key
        self.me = Me(session, conversation, now=now, identity_key=identity_key)

    @property
    def now(self) -> datetime:
        return self._now

    @cached_property
    def today(self) -> LocalDay:
        return local_day_of(self._now)

    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue(self._session, today=self.today)

    @cached_property
    def offices(self) -> Offices:
        return Offices(self._session)

    @cached_property
    def places(self) -> Places:
        return Places(self._session, conversation_id=self._conversation.id, now=self._now)

    @cached_property
    def people(self) -> People:
        return People(
            self._session, conversation_id=self._conversation.id, now=self._now, identity_key=self._identity_key
        )

    @cached_property
    def turns(self) -> Turns:
        return Turns(self._session, conversation_id=self._conversation.id, now=self._now)

    @cached_property
    def cases(self) -> Cases:
        return Cases(self._session, me=self.me, now=self._now)
