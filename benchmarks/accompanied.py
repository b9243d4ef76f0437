"""A person each of whose steps is accompanied by a word of somebody else to another bot."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from emulator.remote import RemotePerson
from emulator.screens import Screen


@dataclass
class Accompanied:
    """Speaks as `person`; `beside` says one thing to their own bot in the same moment, and both wait for both."""

    person: RemotePerson
    beside: RemotePerson
    said: int = 0

    async def start(self) -> None:
        await asyncio.gather(self.person.start(), self.beside.start())

    async def say(self, text: str) -> None:
        await asyncio.gather(self.person.say(text), self._say_beside())

    async def press(self, label: str | None = None, *, data: str | None = None) -> None:
        await asyncio.gather(self.person.press(label, data=data), self._say_beside())

    async def settled(self, timeout: float) -> Screen:
        """The screen of `person`."""
        screen, _ = await asyncio.gather(self.person.settled(timeout), self.beside.settled(timeout))
        return screen

    async def _say_beside(self) -> None:
        self.said += 1
        await self.beside.say(f"salaam {self.said}")
