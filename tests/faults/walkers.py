"""Simulated people who book in spite of faults: they look at the screen, do what it asks, and try again."""

from __future__ import annotations

import asyncio
import random
import re
from dataclasses import dataclass, field

from emulator import NoSuchButton, NotSettled
from emulator.remote import RemoteEmulator, RemotePerson
from emulator.screens import Screen

WISHES = (
    r"r\d+\.fa",
    r"r\d+\.understood",
    r"r\d+\.go:(appointments|book):",
    r"r\d+\.s\d+",
    r"r\d+\.IR-30",
    r"r\d+\.(yes|y\d+)",
    r"r\d+\.o\d+",
    r"r\d+\.new",
    r"r\d+\.passport",
    r"r\d+\.amayesh",
)
"""The buttons that lead to an appointment, by their data; the first that is on the screen is pressed."""
NAME_IS_ASKED = "نام"
NUMBER_IS_ASKED = "شماره"
MENU = "go:menu:"
LONGEST_GLANCE = 0.2
"""Seconds for which they look at a screen: eight who never did would take the machine from the program that starts."""
LETTERS = "ابپتجچحخدذرزسشصضطعغفقکگلمنوهی"


@dataclass
class Walker:
    """One person. `acts` counts what they did: each act is one update."""

    person: RemotePerson
    name: str
    number: str
    chance: random.Random
    acts: int = 0
    repeats: int = 0
    has_ticket: bool = False
    trouble: list[str] = field(default_factory=list)
    confirmed_at: int = 0

    async def walk(self, *, until: float) -> None:
        """Go on until the ticket is there; gives up at `until` (event loop time)."""
        clock = asyncio.get_running_loop().time
        await self._say("/start")
        while clock() < until:
            await asyncio.sleep(self.chance.uniform(0.0, LONGEST_GLANCE))
            try:
                screen = await self.person.settled(min(20.0, until - clock()), spinners=False)
            except NotSettled as waiting:
                self.trouble.append(str(waiting))
                continue
            if any(shown.kind == "photo" and not shown.mine for shown in screen.messages):
                self.has_ticket = True
                return
            try:
                await self._next(screen)
            except NoSuchButton:
                continue  # the screen changed under the finger

    async def _next(self, screen: Screen) -> None:
        data = [button.data for row in screen.rows for button in row]
        wish = next((each for pattern in WISHES for each in data if re.fullmatch(pattern, each)), None)
        if wish is not None:
            times = 2 if self.chance.random() < 0.1 else 1
            await self.person.press(data=wish, times=times)
            self.acts += times
        elif data and set(data) == {MENU}:
            # Booked, and the ticket is on its way; or the desk is in trouble and offers the main page.
            self.confirmed_at += 1
            if self.confirmed_at % 40:
                await asyncio.sleep(0.25)
            else:
                await self.person.press(data=MENU)
                self.acts += 1
        elif NUMBER_IS_ASKED in screen.plain:
            await self._say(self.number)
        elif NAME_IS_ASKED in screen.plain:
            await self._say(self.name)
        else:
            self.trouble.append(f"a screen nobody knows: {screen.plain[:80]!r} {data}")
            await self._say("/menu")

    async def _say(self, text: str) -> None:
        await self.person.say(text)
        self.acts += 1


async def walker(emulator: RemoteEmulator, dialect: str, chance: random.Random) -> Walker:
    """A new person with a name and a paper of their own."""
    name = "".join(chance.choices(LETTERS, k=6)) + " " + "".join(chance.choices(LETTERS, k=7))
    person = await emulator.person(dialect)
    return Walker(person, name, str(chance.randint(10**11, 10**12 - 1)), chance)
