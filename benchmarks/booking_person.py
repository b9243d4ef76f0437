"""A person who books a first turn by pressing the likeliest button until the ticket is there."""

from __future__ import annotations

from emulator.remote import RemotePerson
from emulator.screens import Button, Screen

LONGEST = 40
PATIENCE = 30.0
NAMES = ("نوید احمدی", "گل‌آقا رحیمی", "مریم نظری", "زهرا حسینی")
PLACE = "📍"
"""Buttons that ask for the phone's place are passed over."""


async def book_a_turn(person: RemotePerson, *, number: int) -> int:
    """From /start to the ticket; how many updates that took. Raises RuntimeError where no ticket comes."""
    await person.start()
    screen = await person.settled(PATIENCE)
    updates = 1
    typed = iter((NAMES[number % len(NAMES)], f"48217{number:05}"))
    while not _has_ticket(screen):
        if updates > LONGEST:
            raise RuntimeError("No ticket after so many updates.")
        button = _likeliest(screen)
        if button is None:
            await person.say(next(typed))
        elif button.data:
            await person.press(data=button.data)
        else:
            await person.press(button.label)
        screen = await person.settled(PATIENCE)
        updates += 1
    return updates


def _has_ticket(screen: Screen) -> bool:
    return any(shown.kind == "photo" for shown in screen.news)


def _likeliest(screen: Screen) -> Button | None:
    """The first answer on the screen, or on the reply keyboard below it; None where words are asked for."""
    rows = screen.current.rows if screen.current is not None else ()
    inline = [button for row in rows for button in row if button.data and "~" not in button.data]
    below = [button for row in screen.keyboard_rows for button in row if button.asks == "text"] if not rows else []
    answers = [button for button in inline or below[:1] if not button.label.startswith(PLACE)]
    return answers[0] if answers else None
