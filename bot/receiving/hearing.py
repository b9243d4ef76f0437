"""Handles an update completely: exchange, commit, answer; an answer that cannot be sent goes to the outbox."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final

import structlog

from bot.channels.port import Channel, SendingFailed, Unreadable, WebhookResponse
from bot.dialogue import phrases
from bot.dialogue.heard import Address, Heard, HeardKind
from bot.dialogue.says import Answer
from bot.receiving.exchange import Exchanges
from bot.receiving.lanes import Lanes
from bot.sending.outgoing import OfTheChat
from desk.clock import Clock
from desk.conversations import actions as conversations
from desk.conversations import queries as conversation_queries
from desk.outbox import actions as outbox
from desk.outbox.rules import Recipient
from desk.storage.base import WriteSession
from desk.storage.engine import Storage

log = structlog.get_logger(__name__)

CROWD: Final = 4
"""If more messages of one chat than this wait, only the last of them is answered."""

MOST_LEFT: Final = 1000
"""The number of groups left that are remembered."""


class Closing(Exception):
    """The process is stopping: the update stays unconfirmed and comes again after the next start."""


class Hearing:
    """Handles updates for all channels of a process, so that all can be closed together."""

    def __init__(self, *, storage: Storage, exchanges: Exchanges, clock: Clock, lanes: Lanes) -> None:
        """`lanes` are those of the channels."""
        self._storage = storage
        self._lanes = lanes
        self._exchanges = exchanges
        self._clock = clock
        self._owed: set[Address] = set()
        """Chats whose last screen was not sent because more of their messages waited."""
        self._left: set[str] = set()
        """Groups that were asked to let us go: their messages that were on their way are not answered again."""
        self._under_way = 0
        self._is_closing = False
        self._idle = asyncio.Event()
        self._idle.set()

    async def hear(self, channel: Channel, heard: Heard | Unreadable, response: WebhookResponse | None = None) -> None:
        """Handle one update completely; raises what prevented the commit, and then it must not be confirmed.

        `response` = it came by a webhook whose response may hold a call. An answer that the messenger refuses is
        written to the outbox. Only if that fails too is an error raised after the commit: the update then comes again
        and is answered with the present screen.
        """
        if self._is_closing:
            raise Closing
        self._under_way += 1
        self._idle.clear()
        try:
            await self._hear(channel, heard, response)
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    async def close(self, *, patience: float) -> bool:
        """Accept no further update and wait up to `patience` seconds for those in progress; False = some remain."""
        self._is_closing = True
        try:
            async with asyncio.timeout(patience):
                await self._idle.wait()
        except TimeoutError:
            return False
        return True

    async def _hear(self, channel: Channel, heard: Heard | Unreadable, response: WebhookResponse | None) -> None:
        if isinstance(heard, Unreadable) and not heard.is_for_us:
            await self._pass_over(channel, heard)
            return
        if isinstance(heard, Unreadable):
            await self._exchanges.park(heard, channel=channel.name, bot=channel.bot)
            return
        answer = await self._answer_to(heard)
        if channel.capabilities.answers_only and heard.kind is not HeardKind.BLOCKED:
            await self._storage.write(self._try_now, heard.address)
        if answer is None:
            return
        is_result = any(says.stays for says in answer.says)
        if self._lanes.behind(heard.address) >= CROWD and not is_result and heard.kind is not HeardKind.PICTURE:
            # Answers to one chat are sent at one a second. A chat that writes faster would fill the window of
            # unconfirmed updates and delay everybody else, so only its last message is answered. A row of pictures is
            # answered at its first only.
            if answer.says:
                self._owed.add(heard.address)
            answer = replace(answer, says=())
        try:
            await channel.answer(answer, response=response)
        except SendingFailed as failed:
            log.warning("answer_not_sent", channel=channel.name, reason=failed.reason, is_final=failed.is_final)
            await self._storage.write(self._send_later, answer, heard.update_id, blocked=failed.blocked)
        except Exception as error:
            log.error("answer_not_sent", channel=channel.name, error=type(error).__name__, exc_info=error)
            await self._storage.write(self._send_later, answer, heard.update_id, blocked=False)

    async def _pass_over(self, channel: Channel, passed: Unreadable) -> None:
        """Leave the group that an update came from, once; it is confirmed and stands in the log only."""
        log.info("update_passed_over", channel=channel.name, reason=passed.reason)
        if not passed.group or passed.group in self._left:
            return
        if len(self._left) >= MOST_LEFT:
            self._left.clear()
        self._left.add(passed.group)
        await channel.leave(passed.group, None if passed.is_quiet else phrases.ONE_BY_ONE)

    async def _answer_to(self, heard: Heard) -> Answer | None:
        """The answer to an update; if it has no screen, the one that was held back before it, if any.

        A further tap is answered in passing: the screen that its first tap led to is shown with it.
        """
        answer = await self._exchanges.hear(heard)
        if answer is not None and answer.says:
            self._owed.discard(heard.address)
            return answer
        if heard.address not in self._owed or self._lanes.behind(heard.address) >= CROWD:
            return answer
        self._owed.discard(heard.address)
        is_passing = answer is not None and answer.toast is not None
        if heard.kind not in (HeardKind.PICTURE, HeardKind.SERVICE) and not is_passing:
            return answer
        says, locale = await self._exchanges.current_screen(heard.address)
        return replace(
            answer or Answer(heard.address, locale), says=says, edits=heard.message_id if is_passing else None
        )

    def _try_now(self, session: WriteSession, at: Address) -> None:
        known = conversation_queries.find(session, channel=at.channel, bot=at.bot, chat=at.chat)
        if known is not None:
            outbox.try_now(session, to=Recipient(known.channel, known.bot, known.id), now=self._clock.now())

    def _send_later(self, session: WriteSession, answer: Answer, update_id: str, *, blocked: bool) -> None:
        """Write the screen to the outbox, unless the person has blocked the bot."""
        at = answer.address
        known = conversation_queries.find(session, channel=at.channel, bot=at.bot, chat=at.chat)
        if known is not None:
            self._exchanges.owe(session, answer)
        if blocked:
            conversations.note_unreachable(session, channel=at.channel, bot=at.bot, chat=at.chat)
            return
        if not answer.says or known is None:  # erased in this very exchange: nothing is written about the chat any more
            return
        now = self._clock.now()
        outbox.enqueue(
            session,
            idem_key=screen_key(at, update_id),
            to=Recipient(at.channel, at.bot, known.id),
            notice=OfTheChat.SCREEN,
            params={},
            due_at=now,
            now=now,
        )


def screen_key(address: Address, update_id: str) -> str:
    """The outbox key of the screen that one update should have led to: at most one for each update."""
    return f"screen:{address.channel}:{address.bot}:{conversations.stored_key(update_id)}"
