"""Complaints and questions, as one chat sees them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.dialogue.heard import Voice
from bot.doors.me import Me
from bot.doors.writing import writable
from desk.cases import actions, queries
from desk.cases.actions import Filed
from desk.cases.refusals import CodeTaken
from desk.cases.rows import CaseRow, CaseThread
from desk.cases.rules import Contact
from desk.codes import CodeKind, TrackingCode
from desk.conversations import actions as conversations
from desk.conversations.queries import codes_rest_until
from desk.language.text import Locale
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalDay, Money

CODES_TRIED = 4


class Cases:
    def __init__(self, session: WriteSession | ReadSession, *, me: Me, now: datetime) -> None:
        self._session = session
        self._me = me
        self._now = now

    @property
    def _locale(self) -> str:
        return (self._me.locale or Locale.FA).value

    def mine(self) -> list[CaseRow]:
        return queries.of_conversation(self._session, conversation_id=self._me.conversation_id)

    def look_up(self, code: TrackingCode) -> CaseRow | None:
        own = next((case for case in self.mine() if case.code == code), None)
        if own is not None or self.rests_until() is not None:
            return own
        found = self.by_code(code)
        if found is None:
            conversations.note_code_miss(
                writable(self._session), conversation_id=self._me.conversation_id, now=self._now
            )
        return found

    def rests_until(self) -> datetime | None:
        return codes_rest_until(self._session, conversation_id=self._me.conversation_id, now=self._now)

    def by_code(self, code: TrackingCode) -> CaseRow | None:
        return queries.by_code(self._session, code=code)

    def case(self, case_id: int) -> CaseRow | None:
        return next((case for case in self.mine() if case.id == case_id), None)

    def thread(self, case_id: int) -> CaseThread | None:
        return queries.thread(self._session, case_id=case_id, for_staff=False)

    def complain(
        self,
        *,
        key: str,
        category: str,
        office_id: int | None,
        service_id: int | None,
        happened_on: LocalDay | None,
        paid: Money | None,
        facts: Mapping[str, str],
        text: str | None,
        voice: Voice | None,
        contact: Contact,
        name: str | None,
    ) -> Filed:
        return _under_a_new_code(
            lambda code: actions.file_complaint(
                writable(self._session),
                idem_key=key,
                code=code,
                category=category,
                office_id=office_id,
                service_id=service_id,
                happened_on=happened_on.date if happened_on else None,
                paid=paid,
                facts=facts,
                text=text,
                voice=self._voice(voice),
                contact=contact,
                name=name,
                conversation_id=self._me.conversation_id,
                locale=self._locale,
                now=self._now,
            )
        )

    def ask(
        self, *, key: str, office_id: int | None, province_code: str | None, text: str | None, voice: Voice | None
    ) -> Filed:
        return _under_a_new_code(
            lambda code: actions.ask(
                writable(self._session),
                idem_key=key,
                code=code,
                office_id=office_id,
                province_code=province_code,
                text=text,
                voice=self._voice(voice),
                name=None,
                conversation_id=self._me.conversation_id,
                locale=self._locale,
                now=self._now,
            )
        )

    def say_more(self, *, key: str, case_id: int, by_code: bool, text: str | None, voice: Voice | None) -> None:
        actions.say_more(
            writable(self._session),
            idem_key=key,
            case_id=case_id,
            conversation_id=None if by_code else self._me.conversation_id,
            text=text,
            voice=self._voice(voice),
            now=self._now,
        )

    def confirm_solved(self, case_id: int, *, by_code: bool) -> None:
        actions.confirm_solved(
            writable(self._session),
            case_id=case_id,
            conversation_id=None if by_code else self._me.conversation_id,
            now=self._now,
        )

    def object_to(self, *, key: str, case_id: int, by_code: bool, text: str | None, voice: Voice | None) -> None:
        actions.object_to(
            writable(self._session),
            idem_key=key,
            case_id=case_id,
            conversation_id=None if by_code else self._me.conversation_id,
            text=text,
            voice=self._voice(voice),
            now=self._now,
        )

    def _voice(self, voice: Voice | None) -> dict[str, Any] | None:
        if voice is None:
            return None
        return {"channel": self._me.channel, "bot": self._me.bot, "file_id": voice.file_id, "seconds": voice.seconds}


def _under_a_new_code(file: Callable[[TrackingCode], Filed]) -> Filed:
    """File under a code that nobody has yet. Raises `CodeTaken` when chance fails again and again: a fault of ours."""
    for _ in range(CODES_TRIED - 1):
        try:
            return file(TrackingCode.make(CodeKind.CASE))
        except CodeTaken:
            continue
    return file(TrackingCode.make(CodeKind.CASE))
