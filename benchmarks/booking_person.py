"""A person who books a first appointment by pressing the likeliest button until the ticket is there."""

from __future__ import annotations

import asyncio
from typing import Protocol

from benchmarks.figures import NotTaken
from emulator.screens import Screen, ShownButton

LONGEST = 40
PATIENCE = 30.0
TICKET_WITHIN = 240.0
"""Seconds to wait for the ticket of a booked appointment: the machine may be busy."""
MENU = "go:menu:"
NAMES = ("نوید احمدی", "گل‌آقا رحیمی", "مریم نظری", "زهرا حسینی")
PLACE = "📍"
"""Buttons that ask for the phone's place are passed over."""
ANOTHER_PAPER = ".paper"
"""The end of a button's data beside the question for a number, which is answered in words."""


class Talks(Protocol):
    """Somebody in a chat with the bot, in this process or another."""

    async def start(self) -> object: ...
    async def say(self, text: str, /) -> object: ...
    async def press(self, label: str | None = None, /, *, data: str | None = None) -> object: ...
    async def settled(self, timeout: float, /) -> Screen: ...


async def book_appointment(person: Talks, *, number: int) -> int:
    """From /start to the ticket; how many updates that took. Raises `NotTaken` where no ticket comes."""
    await person.start()
    screen = await person.settled(PATIENCE)
    updates = 1
    typed = iter((NAMES[number % len(NAMES)], f"48217{number:05}"))
    while not _has_ticket(screen):
        if _is_booked(screen):
            await _ticket_of(person)
            break
        button = _likeliest(screen)
        words = next(typed, None) if button is None else None
        if updates > LONGEST or (button is None and words is None):
            raise NotTaken(f"no ticket after {updates} updates; on the screen stands: {screen.plain[:80]}")
        if button is None:
            await person.say(words or "")
        elif button.data:
            await person.press(data=button.data)
        else:
            await person.press(button.label)
        screen = await person.settled(PATIENCE)
        updates += 1
    return updates


def _is_booked(screen: Screen) -> bool:
    """Whether the booking is over and only its ticket has yet to come."""
    rows = screen.current.rows if screen.current is not None else ()
    return [button.data for row in rows for button in row] == [MENU]


async def _ticket_of(person: Talks) -> None:
    """Wait for the ticket without pressing anything."""
    loop = asyncio.get_running_loop()
    until = loop.time() + TICKET_WITHIN
    while not any(shown.kind == "photo" and not shown.mine for shown in (await person.settled(PATIENCE)).messages):
        if loop.time() > until:
            raise NotTaken(f"booked, but no ticket came within {TICKET_WITHIN:.0f} s")
        await asyncio.sleep(0.2)


def _has_ticket(screen: Screen) -> bool:
    return any(shown.kind == "photo" for shown in screen.news)


def _likeliest(screen: Screen) -> ShownButton | None:
    """The first answer on the screen, or on the reply keyboard below it; None where words are asked for."""
    rows = screen.current.rows if screen.current is not None else ()
    inline = [
        button
        for row in rows
        for button in row
        if button.data and "~" not in button.data and not button.data.endswith(ANOTHER_PAPER)
    ]
    below = [button for row in screen.keyboard_rows for button in row if button.asks == "text"] if not rows else []
    answers = [button for button in inline or below[:1] if not button.label.startswith(PLACE)]
    return answers[0] if answers else None
