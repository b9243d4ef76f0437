"""Waiting until a bot has done what a person's acts asked for: exact conditions, woken by events."""

import asyncio
from collections.abc import Callable, Sequence

from emulator.chats import EmulatedChat

PATIENCE = 60.0
"""Seconds that a person waits for the bot by default: long, for a busy machine; an earlier answer ends the wait."""
_STILL_BUSY_PAUSE = 0.005


class NotSettled(AssertionError):
    """The bot did not come to rest in time; the message says what was still missing."""


def missing(chat: EmulatedChat, *, expect: int, spinners: bool) -> str:
    """Return what still keeps this chat from rest, empty when nothing does."""
    if chat.unconfirmed:
        return f"updates not confirmed yet: {sorted(chat.unconfirmed)}"
    if chat.in_flight:
        return f"calls in flight: {chat.in_flight}"
    said = chat.touches - chat.touches_at_act + chat.passing_since_act
    if said < expect:
        return f"the bot has said {said} of at least {expect} things since the last act"
    if spinners and chat.waiting_queries:
        return f"pressed buttons still spinning: {sorted(chat.waiting_queries)}"
    return ""


async def settle(chat: EmulatedChat, *, timeout: float, expect: int | None, quiet: float, spinners: bool,
                 busy: Sequence[Callable[[], bool]]) -> None:  # fmt: skip
    """Return when nothing is missing and no call has touched the chat for `quiet` seconds. Raises NotSettled."""
    clock = asyncio.get_running_loop().time
    ends = clock() + timeout
    wanted = expect if expect is not None else int(chat.owed and not chat.blocked)
    while True:
        version = chat.signal.version
        lacking = missing(chat, expect=wanted, spinners=spinners and not chat.blocked)
        working = any(check() for check in busy)
        if not lacking and not working and not (quiet and await chat.signal.wait(version, quiet)):
            chat.owed = False
            return
        if (left := ends - clock()) <= 0:
            raise NotSettled(f"after {timeout:g} s: {lacking or 'calls keep coming'}{' (bot busy)' if working else ''}")
        if lacking:
            await chat.signal.wait(version, left)
        elif working:
            await asyncio.sleep(_STILL_BUSY_PAUSE)
