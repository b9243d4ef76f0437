"""One call to a messenger: paced, tried again where that can help, and its failure told without secrets."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

from bot.channels.port import SendingFailed
from bot.sending.pacing import Pacer, PausedTooLong

TRIES: Final = 3
PATIENCE: Final = 5.0
"""Seconds somebody may be kept waiting because the messenger asked for a pause; longer ones are told to the caller."""
PERSISTENCE: Final = 12.0
"""Seconds for all tries of a call that nothing depends on."""
FIRST_PAUSE: Final = 0.2
LONGEST_REASON: Final = 160

_SECRETS = re.compile(r"\d{3,}:[\w-]{3,}|\b\w+://\S+|/bot\S*|'[^']*'|\"[^\"]*\"|«[^»]*»")

Params = dict[str, Any]


class Transport(Protocol):
    """One Bot API method over the wire; raises SendingFailed and nothing else but cancellation."""

    async def __call__(self, method: str, params: Params, /, *, timeout: float = ...) -> Any: ...


def told(reason: str) -> str:
    """A reason that staff may read: no token, no address and nothing that was quoted."""
    return _SECRETS.sub("…", reason).strip()[:LONGEST_REASON]


def failure(status: int, description: str, *, retry_after: float | None = None) -> SendingFailed:
    """What an answer of the messenger other than "ok" means for whoever wanted to send.

    403 = blocked or never started; 429 = the whole bot waits; 401 = our token, which another try later may find mended;
    5xx but 501 = their trouble; all else will be refused again.
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
        self, method: str, params: Params, *, chat: str = "", in_chat: bool = False, timeout: float | None = None
    ) -> Any:
        """Make the call and return its result. Raises SendingFailed when trying again here is of no use.

        `chat` set = it counts toward the limits; `in_chat` = also toward the one of the chat (a new message).
        """
        for attempt in range(1, TRIES + 1):
            try:
                if chat:
                    await self._pacer.take(chat, in_chat=in_chat, patience=PATIENCE)
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
                    self._pacer.pause(failed.retry_after)
                    if failed.retry_after > PATIENCE:
                        raise
                if failed.is_final or attempt == TRIES:
                    raise
                if failed.retry_after is None:
                    await self._sleep(FIRST_PAUSE * 2**attempt * random.uniform(0.5, 1.0))  # noqa: S311  # no secret
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def persist(self, method: str, params: Params) -> bool:
        """Make a call that somebody waits for but nothing depends on (a button that spins); True = taken.

        Tried again after a passing fault, for a short while: later the messenger would call it too late. Where the
        messenger took it and only its answer was lost, it says so at the next try, which is no failure either.
        """
        try:
            async with asyncio.timeout(PERSISTENCE):
                await self.call(method, params, timeout=PATIENCE)
        except (SendingFailed, TimeoutError):
            return False
        return True

    async def attempt(self, method: str, params: Params) -> bool:
        """Make a call whose failure changes nothing (a late acknowledgement, a cosmetic method); True = taken."""
        try:
            await self._transport(method, params, timeout=PATIENCE)
        except SendingFailed:
            return False
        return True
