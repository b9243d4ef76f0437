"""Makes one call to a messenger: paced, retried where that can help, and with errors free of secrets."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple, Protocol

from bot.channels.port import SendingFailed
from bot.sending.pacing import EDIT_SHARE, Pacer, PausedTooLong

TRIES: Final = 3
PATIENCE: Final = 5.0
"""Seconds that a caller waits when the messenger asks for a pause; a longer one is raised."""
PERSISTENCE: Final = 12.0
"""Seconds for all tries of a call that nothing depends on."""
BRIEFLY: Final = 2.0
"""Seconds for a call that only tidies up."""
FIRST_PAUSE: Final = 0.2
LONGEST_REASON: Final = 160

_SECRETS = re.compile(r"\d{3,}:[\w-]{3,}|\b\w+://\S+|/bot\S*|'[^']*'|\"[^\"]*\"|«[^»]*»")

Params = dict[str, Any]


class SentFile(NamedTuple):
    """An upload with the name that people see; bytes alone are a picture."""

    name: str
    content: bytes


class Transport(Protocol):
    """Calls one Bot API method; raises only SendingFailed, or passes a cancellation on."""

    async def __call__(self, method: str, params: Params, /, *, timeout: float = ...) -> Any: ...


def told(reason: str) -> str:
    """The reason for staff, without tokens, addresses and quoted text."""
    return _SECRETS.sub("…", reason).strip()[:LONGEST_REASON]


def failure(status: int, description: str, *, retry_after: float | None = None) -> SendingFailed:
    """The SendingFailed for an error answer of the messenger.

    403 = blocked or never started; 429 = the chat, or the bot, waits; 401 = our token, which may be repaired later; 5xx
    but 501 = their fault, tried again; everything else will be refused again.
    """
    reason = told(f"{status} {description.removeprefix('Bad Request: ')}")
    if status == 429:
        return SendingFailed(reason, retry_after=retry_after or 1.0)
    if status == 403:
        return SendingFailed(reason, is_final=True, blocked=True)
    temporary = status == 401 or (status >= 500 and status != 501)
    return SendingFailed(reason, is_final=not temporary)


class Caller:
    """Makes the calls of one bot. `pacer` is shared with the bot's outbox worker, so both keep the same limits."""

    def __init__(
        self,
        transport: Transport,
        *,
        pacer: Pacer,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._transport = transport
        self._pacer = pacer
        self._sleep = sleep

    async def call(
        self, method: str, params: Params, *, chat: str = "", share: float = 0.0, timeout: float | None = None
    ) -> Any:
        """Make the call and return its result; raises SendingFailed when another try now is useless.

        `chat` set = it is counted, with `share` as a message of the bot and of the chat (1 = a new one).
        Refused as too many, such a call pauses its chat only; one without a chat pauses the bot.
        """
        for attempt in range(1, TRIES + 1):
            try:
                if chat:
                    await self._pacer.take(chat, share=share, patience=PATIENCE)
                elif (pause := self._pacer.pause_left) > PATIENCE:
                    raise PausedTooLong(pause)
            except PausedTooLong as paused:
                raise SendingFailed("429 waiting for the end of a pause", retry_after=paused.seconds) from None
            try:
                if timeout is not None:
                    return await self._transport(method, params, timeout=timeout)
                return await self._transport(method, params)
            except SendingFailed as failed:
                if failed.retry_after is not None:
                    if chat:
                        self._pacer.refused(chat, failed.retry_after, as_message=share > 0)
                    else:
                        self._pacer.pause(failed.retry_after)
                    if failed.retry_after > PATIENCE:
                        raise
                if failed.is_final or attempt == TRIES:
                    raise
                if failed.retry_after is None:
                    await self._sleep(FIRST_PAUSE * 2**attempt * random.uniform(0.5, 1.0))  # noqa: S311  # no secret
        raise AssertionError("unreachable: the last attempt returns or raises")

    def count(self) -> None:
        """Count a call that the messenger makes for us when it has read our response."""
        self._pacer.count()

    async def persist(self, method: str, params: Params, *, chat: str) -> bool:
        """Make a call on which nothing depends but the display (a button that spins); True = accepted.

        It is retried for a short time: later the messenger would refuse it as too late. Where it was accepted and only
        the answer was lost, the messenger says so at the next try; that is no failure.
        """
        try:
            async with asyncio.timeout(PERSISTENCE):
                await self.call(method, params, chat=chat, timeout=PATIENCE)
        except (SendingFailed, TimeoutError):
            return False
        return True

    async def if_free(self, method: str, params: Params, *, chat: str) -> None:
        """Make a call once that only tidies up, and only where it takes no message's place; a failure is final."""
        if not self._pacer.has_room(chat, share=EDIT_SHARE):
            return
        try:
            await self._pacer.take(chat, share=EDIT_SHARE, patience=0.0)
            await self._transport(method, params, timeout=BRIEFLY)
        except PausedTooLong:
            return
        except SendingFailed as failed:
            if failed.retry_after is not None:
                self._pacer.refused(chat, failed.retry_after)

    async def attempt(self, method: str, params: Params) -> bool:
        """Make a call once whose failure changes nothing (a late acknowledgement, a cosmetic method); True =
        accepted."""
        try:
            await self._transport(method, params, timeout=PATIENCE)
        except SendingFailed:
            return False
        return True
