"""A chat that presses what leads to one more turn, with invented people, and gives turns back to take them again."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.dialogue.heard import Address, Heard, HeardKind
from bot.dialogue.says import Answer
from bot.dialogue.slashes import start_of
from bot.receiving.exchange import Exchanges
from desk.appointments.models import Appointment
from desk.conversations.queries import find
from desk.storage.engine import Storage

LEADS_AWAY = frozenset(
    {
        "office",
        "day",
        "service",
        "keep",
        "person",
        "no",
        "ask",
        "cancel",
        "move",
        "map",
        "papers",
        "paper",
        "number",
        "ticket",
        "none",
    }
)
"""Answers that lead away from one more turn."""
NAMES = ("زهرا حسینی", "مریم نظری", "نوید احمدی", "گل‌آقا رحیمی")
REFUSED = 3
"""After it was led to the main page so often in a row, it invents nobody more, or cancels one."""
GIVES_BACK = 5
"""How often it cancels one; it then keeps the others and goes on trying."""


@dataclass
class HostileChat:
    """One chat; each `act` is one update and what it is answered with."""

    exchanges: Exchanges
    storage: Storage
    number: int
    chance: Random
    keys: dict[str, str] = field(default_factory=dict)
    """The buttons of its last screen: the key of each answer, and what the button sends."""
    updates: Iterator[int] = field(init=False)
    acts: int = 0
    invents: bool = True
    """Whether it still asks for somebody new, or takes those in its list."""
    refused: int = 0
    gave_back: int = 0
    waits_for: tuple[str, ...] = ()
    """What it writes next where the screen asks for words."""

    def __post_init__(self) -> None:
        self.updates = itertools.count(self.number * 1_000_000)  # each update of a bot has an id of its own

    @property
    def address(self) -> Address:
        return Address("bench", "mizban", str(7000 + self.number))

    async def act(self) -> None:
        self.acts += 1
        is_stuck = not self.invents and self.refused >= REFUSED and self.gave_back < GIVES_BACK
        if is_stuck and (mine := await self._mine()):
            self.gave_back, self.refused = self.gave_back + 1, 0
            await self._press(f"go:turns:cancel.{self.chance.choice(mine)}")
        elif (data := self._next()) is not None:
            await self._press(data)
        elif self.keys:
            if not self.waits_for:
                self._invent()
            typed, *rest = self.waits_for
            self.waits_for = tuple(rest)
            await self._hear(HeardKind.TEXT, text=typed)
        else:
            await self._hear(HeardKind.TEXT, text="/start", start=start_of("/start"))

    def _next(self) -> str | None:
        """The button that leads on; None where there is none."""
        keys = self.keys
        if "yes" in keys or {"keep", "cancel"} <= keys.keys():
            return keys.get("yes") or keys["cancel"]
        known = [key for key in keys if _is_id(key, after="k")]
        if self.invents and known:
            self._invent()
            return f"{keys[known[0]].partition('.')[0]}.new"  # its button may be on another page of this screen
        new = [key for key in keys if _is_id(key, after="p")]
        if self.invents and new:
            return keys[new[0]]
        answers = [key for key in keys if key not in LEADS_AWAY | {"new", *new} and not key.startswith(("go:", "~"))]
        answers = [key for key in answers if _is_id(key, after="y")] or answers
        if answers:
            return keys[self.chance.choice(answers)]
        return "go:book:" if any(key.startswith("go:") for key in keys) else None

    def _invent(self) -> None:
        """Somebody with a number of a paper; where the chat may add nobody more, the words are not asked for."""
        self.waits_for = (self.chance.choice(NAMES), f"48{self.chance.randrange(10**8):08}")

    async def _mine(self) -> list[int]:
        return list(await self.storage.read(self._live))

    def _live(self, session: Session) -> list[int]:
        chat = find(session, channel=self.address.channel, bot=self.address.bot, chat=self.address.chat)
        if chat is None:
            return []
        mine = select(Appointment.id).where(Appointment.is_live, Appointment.conversation_id == chat.id)
        return list(session.scalars(mine))

    async def _press(self, data: str) -> None:
        await self._hear(HeardKind.CHOICE, choice=data, message_id="1", query_id=f"q{self.acts}")

    async def _hear(self, kind: HeardKind, **given: object) -> None:
        given.setdefault("message_id", f"p{self.acts}")
        heard = Heard(self.address, str(next(self.updates)), kind, **given)  # type: ignore[arg-type]  # fields by name
        answer = await self.exchanges.hear(heard)
        if answer is not None:
            self._see(answer)

    def _see(self, answer: Answer) -> None:
        rows = [row for says in answer.says if not says.stays for row in says.rows]
        sent = [button.data for row in rows for button in row if button.data]
        self.keys = {data.partition(".")[2] if data.startswith("r") else data: data for data in sent}
        is_menu = any(key.startswith("go:appointments") for key in self.keys)
        self.refused = self.refused + 1 if is_menu else 0
        if is_menu and (self.waits_for or self.refused >= REFUSED):
            self.invents, self.waits_for = False, ()


def _is_id(key: str, *, after: str) -> bool:
    return key.startswith(after) and key[1:].isdigit()
