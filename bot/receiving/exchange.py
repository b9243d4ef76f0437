"""Handles one incoming message from start to finish, in one transaction."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from bot.channels.port import Unreadable
from bot.dialogue import phrases
from bot.dialogue.chat_state import ChatState
from bot.dialogue.engine import Engine, ExchangeResult
from bot.dialogue.heard import Address, Heard, HeardKind
from bot.dialogue.says import Answer, Button, Says
from bot.dialogue.screens import read_data
from bot.sending.outgoing import OfTheChat
from desk.clock import Clock
from desk.conversations import actions as conversations
from desk.conversations.chat import Chat
from desk.conversations.models import UpdateOutcome
from desk.conversations.rows import ConversationRow
from desk.conversations.rules import USUAL, ChatLimits, hour_of
from desk.identity import NONE_MADE, DigestNeeded, Digests, IdentityKeys
from desk.language.text import Locale
from desk.outbox import actions as outbox
from desk.outbox.rules import Recipient
from desk.storage.base import WriteSession
from desk.storage.digests import OF_A_CHAT, DigestPool
from desk.storage.engine import Storage
from desk.storage.outages import is_outage
from desk.storage.scrubbing import ERASED

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Exchanges:
    """Hears one update after another. `identity_key` keys the hash of identity numbers; `limits` says how
    much each chat may do."""

    storage: Storage
    engine: Engine
    clock: Clock
    identity_key: IdentityKeys
    limits: ChatLimits = USUAL
    pool: DigestPool = field(default_factory=DigestPool)
    """Makes the hashes of identity numbers."""
    emergency_number: str = ""
    """As in `Chat`."""
    pages: str = ""
    """As in `Chat`."""

    async def hear(self, heard: Heard) -> Answer | None:
        """The committed answer to one update; None where nothing is said (blocked).

        A repeated update is answered with the present screen and not acted on again. When our own code fails, the
        transaction is rolled back, the update is parked, and the person is told. When the database cannot be reached,
        the exception is passed on, and the update stays unconfirmed and comes again.
        """
        try:
            try:
                return await self.storage.write(self._take, heard, self.clock.now())
            except DigestNeeded as needed:
                # Nothing of it was committed. It runs once more with the hash; a second one would be a fault.
                digests = await self.pool.make(needed.marks, whose=heard.address, most=OF_A_CHAT)
                return await self.storage.write(self._take, heard, self.clock.now(), digests)
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("exchange_failed", channel=heard.address.channel, update_id=heard.update_id, kind=heard.kind)
            return await self.storage.write(self._apologise, heard, self.clock.now())

    async def park(self, unreadable: Unreadable, *, channel: str, bot: str) -> None:
        """Record an update that could not be read, so that it blocks nobody and staff can see it."""
        await self.storage.write(
            conversations.note_update,
            channel=channel,
            bot=bot,
            update_id=unreadable.update_id,
            outcome=UpdateOutcome.PARKED,
            reason=unreadable.reason,
            now=self.clock.now(),
        )
        log.warning("update_parked", channel=channel, update_id=unreadable.update_id, reason=unreadable.reason)

    async def current_screen(self, address: Address) -> tuple[tuple[Says, ...], Locale]:
        """The screen a person should be seeing, for when it could not be sent in its own exchange."""
        return await self.storage.write(self._current, address, self.clock.now())

    async def say_slowly(self, address: Address) -> None:
        """Have the person told that from now on their messages are not read, because they come too fast."""
        await self.storage.write(self._say_slowly, address, self.clock.now())

    def owe(self, session: WriteSession, answer: Answer) -> None:
        """Keep what this answer, which could not be sent, tells nowhere else: the next one shows it."""
        owed = [says.kept for says in answer.says if says.kept is not None]
        if not owed:
            return
        now = self.clock.now()
        conversation = self._open(session, answer.address, now)
        chat = self._chat(session, conversation, now)
        state = ChatState.load(conversation.state)
        for flow, what in owed:
            state.owe(flow, what)
        _keep(session, chat, self._stored(chat, ExchangeResult(state, conversation.revision)), conversation.revision)

    def _say_slowly(self, session: WriteSession, at: Address, now: datetime) -> None:
        conversation = self._open(session, at, now)
        outbox.enqueue(
            session,
            idem_key=f"slowly:{secrets.token_hex(8)}",
            to=Recipient(at.channel, at.bot, conversation.id),
            notice=OfTheChat.SLOWLY,
            params={},
            due_at=now,
            now=now,
        )

    def _take(self, session: WriteSession, heard: Heard, now: datetime, digests: Digests = NONE_MADE) -> Answer | None:
        at = heard.address
        is_new = conversations.note_update(session, channel=at.channel, bot=at.bot, update_id=heard.update_id, now=now)
        if heard.kind is HeardKind.BLOCKED:
            conversations.note_unreachable(session, channel=at.channel, bot=at.bot, chat=at.chat)
            return None
        if heard.kind is HeardKind.SERVICE:
            return None
        conversation = self._open(session, at, now)
        chat = self._chat(session, conversation, now, digests)
        if heard.kind is HeardKind.UNBLOCKED:
            _keep(session, chat, conversation.state, conversation.revision)
            return None
        if is_new:
            exchange = self.engine.hear(heard, state=conversation.state, revision=conversation.revision, desk=chat)
        else:
            exchange = self.engine.show(state=conversation.state, revision=conversation.revision, desk=chat)
            exchange.edits = heard.kind is HeardKind.CHOICE
        if not chat.me.is_erased:
            _keep(session, chat, self._stored(chat, exchange), exchange.revision)
        return _answer(heard, exchange, chat.me.locale or Locale.FA)

    def _apologise(self, session: WriteSession, heard: Heard, now: datetime) -> Answer:
        at = heard.address
        conversations.note_update(
            session,
            channel=at.channel,
            bot=at.bot,
            update_id=heard.update_id,
            outcome=UpdateOutcome.PARKED,
            reason=f"fault of ours in an exchange of kind {heard.kind}",
            now=now,
        )
        conversation = self._open(session, at, now)
        rows = ((Button(phrases.MENU, "go:menu:"),),)
        return Answer(
            address=at,
            locale=Locale.parse(conversation.locale),
            says=(Says(phrases.OUR_TROUBLE, rows=rows),),
            query_id=heard.query_id,
        )

    def _open(self, session: WriteSession, at: Address, now: datetime) -> ConversationRow:
        return conversations.open_conversation(
            session, channel=at.channel, bot=at.bot, chat=at.chat, counting=self.identity_key, now=now
        )

    def _chat(
        self, session: WriteSession, conversation: ConversationRow, now: datetime, digests: Digests = NONE_MADE
    ) -> Chat:
        return Chat.of(
            session,
            conversation,
            now=now,
            identity_key=self.identity_key,
            limits=self.limits,
            digests=digests,
            emergency_number=self.emergency_number,
            pages=self.pages,
        )

    def _current(self, session: WriteSession, address: Address, now: datetime) -> tuple[tuple[Says, ...], Locale]:
        conversation = self._open(session, address, now)
        chat = self._chat(session, conversation, now)
        exchange = self.engine.show(state=conversation.state, revision=conversation.revision, desk=chat)
        _keep(session, chat, self._stored(chat, exchange), exchange.revision)
        return tuple(exchange.says), chat.me.locale or Locale.FA

    def _stored(self, chat: Chat, exchange: ExchangeResult) -> dict[str, object]:
        """The state, with the hour since when it holds anything of the private flows; it is forgotten after a day."""
        state = exchange.state
        if not state.holds(self.engine.private):
            if state.private_since:
                chat.writing.announce(ERASED)  # what stood in it until now is in the log of SQLite
            state.private_since = ""
        elif not state.private_since:
            state.private_since = hour_of(chat.now).isoformat()
        return state.dump()


def _keep(session: WriteSession, chat: Chat, state: dict[str, object], revision: int) -> None:
    conversations.save(
        session,
        chat.conversation,
        state=state,
        revision=revision,
        locale=chat.me.locale,
        consented_at=chat.me.consented_at,
        now=chat.now,
    )


def _answer(heard: Heard, exchange: ExchangeResult, locale: Locale) -> Answer:
    deletes = (heard.message_id,) if exchange.deletes and heard.message_id is not None else ()
    return Answer(
        address=heard.address,
        locale=locale,
        says=tuple(exchange.says),
        toast=exchange.toast,
        query_id=heard.query_id,
        edits=heard.message_id if exchange.edits and heard.kind is HeardKind.CHOICE else None,
        deletes=deletes,
        leaves=heard.message_id if exchange.says and not exchange.edits and read_data(heard.choice) else None,
    )
