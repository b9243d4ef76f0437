"""A walk: several walkers in one town, staff at work between their steps, and every rule looked at after each."""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select

from desk.appointments.models import Appointment
from desk.calendar import instant_of
from desk.capacity.models import Holiday, Queue
from desk.catalogue.models import Service, ServiceFee, ServicePaper, ServiceStep
from desk.conversations.models import Conversation
from desk.language.text import Localised
from desk.offices.models import Office, Province
from desk.outbox import queries as outbox_queries
from desk.seed.demo_life import DEMO_BOT
from desk.storage.base import ReadSession
from desk.values import LocalDay
from desk.verify import verify
from emulator import NotSettled
from emulator.screens import Screen
from tests.makers_cases import codes as codes_of_cases
from tests.makers_chats import state_of_chat
from tests.walker import rules, speech, staff
from tests.walker.person import Walker
from tests.walker.town import Town

PATIENCE = 60.0
"""Seconds until we call it silence."""
UNTIL_TRIED_AGAIN = 2.5
"""Seconds until the clock is moved on to the next try, where the messengers stumble: too short costs only a move."""
HOME_EVERY = 12
"""Steps of a walker between two tries whether the main page is really one act away."""
LAST_ACTS = 14
LATER = timedelta(minutes=10)
DONE_TWICE = ("not modified", "not found", "query is too old")
STUMBLES = (
    ("server_error", "*", 0.05),
    ("bad_gateway", "send*", 0.05),
    ("reset", "*", 0.05),
    ("lost_answer", "*", 0.05),
    ("ok_without_result", "send*", 0.02),
    ("duplicate_update", "*", 0.1),
    ("malformed_update", "*", 0.03),
)
"""Kind of fault, the calls or updates it strikes, and how often."""
WRITTEN_BY_STAFF = (Office, Province, Service, ServicePaper, ServiceStep, ServiceFee, Queue, Holiday)


@dataclass
class Fault:
    """A broken rule, with what led to it."""

    what: str
    walker: str
    step: int
    acts: list[str]
    seen: str

    def __str__(self) -> str:
        acts = "\n".join(f"    {act}" for act in self.acts)
        return f"{self.what}\n  {self.walker}, step {self.step}, after:\n{acts}\n  they see:\n{self.seen}"


@dataclass
class Walk:
    """`seed` and the counts decide everything the walkers and the staff do."""

    town: Town
    seed: int
    walkers_each: int = 4
    steps: int = 60
    stumbling: bool = False
    """The messengers fail now and then: an answer may come later then, and warnings are in order; silence is not."""
    faults: list[Fault] = field(default_factory=list)
    walkers: list[Walker] = field(default_factory=list)
    staff_words: list[str] = field(default_factory=list)
    places: Counter[str] = field(default_factory=Counter)
    """Where walkers stood after a round, as `flow.step`: how far walks get."""

    async def go(self) -> list[Fault]:
        """Walk to the end and return what was found, each kind of fault once."""
        chance = random.Random(self.seed)  # noqa: S311  # repeatable, no secret
        self.walkers = [
            Walker(
                f"{kind} {number}",
                self.town.emulator.person(kind, first_name="نوید"),
                random.Random(chance.random()),  # noqa: S311  # the same
            )
            for number in range(self.walkers_each)
            for kind in ("telegram", "bale")
        ]
        self.staff_words = await self.town.parts.storage.read(_texts_of_staff)
        if self.stumbling:
            self._let_messengers_stumble()
        with logged(logging.ERROR if self.stumbling else logging.WARNING) as lines:
            for step in range(self.steps):
                for walker in self.walkers:
                    await self._step(walker, step, lines)
                await self._meanwhile(chance)
            self._look_at_lines(self.walkers[0], self.steps, lines)
        await self._look_behind()
        return self.faults

    async def _step(self, walker: Walker, step: int, lines: list[MutableMapping[str, Any]]) -> None:
        walker.begin()
        goes_home = step > 0 and step % HOME_EVERY == 0
        if step == 0:
            expect = await walker.say(f"/start {walker.chance.choice(speech.PAYLOADS)}".strip())
        else:
            expect = await (walker.go_home() if goes_home else walker.act())
        before = len(self.town.emulator.violations)
        try:
            screen = await self._rest(walker, expect=expect)
        except (NotSettled, TimeoutError) as silent:
            self._found(f"silence: {type(silent).__name__} {silent}", walker, step)
            await walker.say("/start")
            return
        for violation in self.town.emulator.violations[before:]:
            # A second tap, or a call repeated because its answer was lost, finds that its work is done.
            if any(why in violation.why for why in (DONE_TWICE if self.stumbling else DONE_TWICE[:1])):
                continue
            self._found(f"violation: {violation.dialect} {violation.method}: {violation.why}", walker, step)
        self._look_at_lines(walker, step, lines)
        known = rules.Known([text for each in self.walkers for text in each.typed], self.staff_words)
        for what in rules.faults_of(screen, known=known):
            self._found(what, walker, step)
        if goes_home or walker.asks_home:
            for what in rules.faults_of_the_way_home(screen):
                self._found(what, walker, step)
        if walker.tapped is not None:
            await self._tap_again(walker, step, before=screen, tapped=walker.tapped)

    async def _tap_again(self, walker: Walker, step: int, *, before: Screen, tapped: tuple[int, str]) -> None:
        """Look at what one more tap on the same button adds, when all that is due has come."""
        walker.tapped = None
        expect = await walker.tap_again(*tapped)
        try:
            after = await self._rest(walker, expect=expect)
        except (NotSettled, TimeoutError) as silent:
            self._found(f"silence at an extra tap: {type(silent).__name__} {silent}", walker, step)
            await walker.say("/start")
            return
        if not self.stumbling:  # a repeated call adds what the first one added unseen
            for what in rules.faults_of_an_extra_tap(before, after):
                self._found(what, walker, step)

    async def _rest(self, walker: Walker, *, expect: int) -> Screen:
        """Wait until the walker has an answer and everything due is delivered. Raises NotSettled, TimeoutError."""
        spinners = not self.stumbling  # an acknowledgement that is lost is not repeated, for it is only cosmetic
        try:
            await walker.person.settled(
                UNTIL_TRIED_AGAIN if self.stumbling else PATIENCE, expect=expect, spinners=spinners
            )
        except NotSettled:
            if not self.stumbling:
                raise
            # What could not be sent is tried again in a few minutes.
            await self.town.pass_time(LATER)
            await walker.person.settled(PATIENCE, expect=expect, spinners=spinners)
        await self.town.post()
        return await walker.person.settled(PATIENCE, expect=0, spinners=spinners)

    def _let_messengers_stumble(self) -> None:
        faults = self.town.emulator.faults
        faults.seed(self.seed)
        for kind, method, probability in STUMBLES:
            faults.add(kind, method=method, probability=probability)

    def _look_at_lines(self, walker: Walker, step: int, lines: list[MutableMapping[str, Any]]) -> None:
        for line in lines:
            told = {key: value for key, value in line.items() if key not in ("event", "log_level", "update_id", "wait")}
            self._found(f"logged {line['log_level']}: {line['event']} {told}", walker, step)
        lines.clear()

    async def _meanwhile(self, chance: random.Random) -> None:
        """Staff at work, and time."""
        storage, clock = self.town.parts.storage, self.town.clock
        if chance.random() < 0.5:
            done = await storage.write(staff.does_something, chance=chance, now=clock.now())
            for walker in self.walkers:
                walker.trace.append(f"  (staff: {done})")
        leap = chance.choices(("a moment", "minutes", "hours", "a day with appointments"), weights=(70, 18, 9, 3))[0]
        await self.town.pass_time(await self._until(leap, chance))
        await self.town.post()
        codes = await storage.read(_codes)
        self.places.update(await storage.read(_places))
        for walker in self.walkers:
            walker.codes = codes
            walker.trace.append(f"  ({leap} passes, it is {clock.now():%d %H:%M})")

    async def _until(self, leap: str, chance: random.Random) -> timedelta:
        now = self.town.clock.now()
        if leap == "a day with appointments":
            there = await self.town.parts.storage.read(_next_day_with_appointments, now=now)
            return there - now if there is not None else timedelta(hours=20)
        longest = {"a moment": 40, "minutes": 20 * 60}.get(leap, 9 * 3600)
        return timedelta(seconds=chance.randint(1, longest))

    async def _look_behind(self) -> None:
        """The database and the outbox, when it is over."""
        for broken in await self.town.parts.storage.read(verify):
            self._found(f"verify: {broken.rule}: {broken.detail}", self.walkers[0], self.steps)
        for dead in await self.town.parts.storage.read(outbox_queries.dead, limit=20):
            # The demonstration's invented people have no chat; every other message has to arrive.
            if dead.reason != "blocked" and dead.bot != DEMO_BOT:
                self._found(f"undelivered: {dead.notice}: {dead.reason}", self.walkers[0], self.steps)
        for context, words in sorted(self.town.parts.language.missing):
            self._found(f"not translated: {context}: {words}", self.walkers[0], self.steps)

    def _found(self, what: str, walker: Walker, step: int) -> None:
        if all(fault.what != what for fault in self.faults):
            seen = as_seen(walker.person.screen)
            self.faults.append(Fault(what, walker.name, step, walker.trace[-LAST_ACTS:], seen))


def as_seen(screen: Screen) -> str:
    """What the person sees, as lines: what came last, its buttons, the reply keyboard."""
    news = list(screen.news) or ([screen.current] if screen.current else [])
    told: list[str] = []
    for shown in news:
        told.append(f"      ({shown.kind}) {shown.text[:600]}")
        told.extend(f"      {[button.label for button in row]}" for row in shown.rows)
    return "\n".join((*told, f"      under the text: {screen.keyboard}" if screen.keyboard else ""))


@contextmanager
def logged(least: int) -> Iterator[list[MutableMapping[str, Any]]]:
    """Lines of a level from `least` on, of our code or a library, inside the block; that a person left is no fault."""
    lines: list[MutableMapping[str, Any]] = []

    def keep(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        level = logging.getLevelNamesMapping()[{"exception": "ERROR"}.get(method, method.upper())]
        if level >= least and "blocked" not in str(event.get("reason", "")):
            error = event.pop("exc_info", None)
            if isinstance(error, BaseException):
                event["error"] = repr(error)
            lines.append({**event, "log_level": method})
        raise structlog.DropEvent

    class Listening(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append({"event": record.getMessage(), "log_level": record.levelname, "logger": record.name})

    listening = Listening(least)
    before = structlog.get_config()["processors"]
    kept = list(before)
    before[:] = [structlog.processors.format_exc_info, keep]
    logging.getLogger().addHandler(listening)
    try:
        yield lines
    finally:
        before[:] = kept
        logging.getLogger().removeHandler(listening)


def _texts_of_staff(session: ReadSession) -> list[str]:
    """Every text a table holds per language, for what staff wrote may be long, or Latin."""
    found: list[str] = [staff.REPLY, staff.REASON]
    for model in WRITTEN_BY_STAFF:
        for row in session.scalars(select(model)):
            for value in vars(row).values():
                if isinstance(value, Localised):
                    found.extend(value.to_mapping().values())
    return sorted({text for text in found if text})


def _codes(session: ReadSession) -> list[str]:
    return [*session.scalars(select(Appointment.code)), *codes_of_cases(session).values()]


def _places(session: ReadSession) -> list[str]:
    states = [state_of_chat(session, chat) for chat in session.scalars(select(Conversation))]
    return [f"{state.get('flow')}.{state.get('step')}" for state in states]


def _next_day_with_appointments(session: ReadSession, *, now: datetime) -> datetime | None:
    """Half past seven on the next day that somebody has an appointment on."""
    starts_at = select(Appointment.day).where(Appointment.is_live, Appointment.starts_at > now + timedelta(hours=12))
    day = session.scalar(starts_at.order_by(Appointment.starts_at).limit(1))
    return instant_of(LocalDay(day), minutes=7 * 60 + 30) if day is not None else None
