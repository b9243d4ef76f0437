"""Turns that hostile chats win in ten minutes, by presses through the real conversations; the clock is simulated.

Each chat invents people with numbers of papers and books for them as often as it is let; then it takes those whom it
has, and gives turns back to take them again. The same is measured with no bound, as it was before there were limits.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.databases import sqlite_database
from benchmarks.figures import Figure, Rounds
from benchmarks.hostile_chat import HostileChat
from benchmarks.serving import CHEAPEST
from bot.dialogue.engine import Engine
from bot.flows.registry import conversation
from bot.receiving.exchange import Exchanges
from desk import identity
from desk.appointments.models import Appointment
from desk.capacity.actions import roll_window
from desk.capacity.models import Slot
from desk.conversations.rules import USUAL, ChatLimits
from desk.identity import Digests, IdentityKey, IdentityKeys, Mark
from desk.language.language import Language
from desk.periods import Rest
from desk.places.actions import release_expired
from desk.storage.base import WriteSession
from desk.storage.digests import DigestPool
from desk.storage.engine import Storage
from mizban.process import run_loop
from tests.keys import KEYS
from tests.makers import NOW, TODAY, make_queue, make_service
from tests.makers_hours import make_rule

LASTS = timedelta(minutes=10)
A_SECOND = 10
"""Presses a second that one chat is answered; of many, each one a second, which is what messengers let through."""
LOOKED_AT = 10
"""After so many presses the jobs run, and the appointments are counted."""
FORTY = 40
ENDLESS = 10**6
NO_BOUND = ChatLimits(
    live_appointments=ENDLESS,
    new_people=ENDLESS,
    holds=ENDLESS,
    cancellations=ENDLESS,
    without_paper=ENDLESS,
    rest=Rest(least=timedelta(0), most=timedelta(0)),
)


class UnboundedPool(DigestPool):
    """Makes as many hashes of numbers for one chat as it asks for."""

    async def make(self, marks: tuple[Mark, ...], *, whose: Hashable, most: int) -> Digests:
        return await super().make(marks, whose=marks, most=most)


@dataclass
class Clock:
    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment


@dataclass
class Attack:
    """What became of one: the most turns in the hands of these chats at one time, of how many places there were."""

    chats: int
    places: int
    most: int = 0
    exchanges: int = 0
    clock: Clock = field(default_factory=Clock)


def lay_out(session: WriteSession, *, counters: int) -> int:
    """One office with two services, every day open; returns the places of its whole window."""
    services = [make_service(session) for _ in range(2)]
    queue = make_queue(session, services=services)
    for weekday in range(7):
        make_rule(session, queue=queue, weekday=weekday, opens=480, closes=600, counters=counters)
    roll_window(session, queue_id=queue.id, today=TODAY, now=NOW)
    return _free(session)


def _free(session: Session) -> int:
    return session.scalar(select(func.coalesce(func.sum(Slot.remaining), 0))) or 0


def _in_hand(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Appointment).where(Appointment.is_live)) or 0


async def attack(
    url: str, *, chats: int, counters: int, limits: ChatLimits, lasts: timedelta = LASTS, seed: int = 1405
) -> Attack:
    """Let so many chats press in turn, until the time is over or nothing is left to win."""
    chance = Random(seed)  # the same attack each time
    async with Storage(url, keys=KEYS) as storage:
        it = Attack(chats, await storage.write(lambda session: lay_out(session, counters=counters)))
        pool = UnboundedPool() if limits is NO_BOUND else DigestPool(time=lambda: it.clock.now().timestamp())
        exchanges = Exchanges(
            storage=storage,
            engine=Engine(conversation(), Language.load()),
            clock=it.clock,
            identity_key=IdentityKeys(IdentityKey("bench", b"k" * 32), ()),
            limits=limits,
            pool=pool,
        )
        hostile = [HostileChat(exchanges, storage, number, Random(chance.random())) for number in range(chats)]
        a_second = max(A_SECOND, chats)
        for number in range(int(lasts.total_seconds()) * a_second):
            await hostile[number % chats].act()
            it.clock.moment += timedelta(seconds=1) / a_second
            it.exchanges += 1
            if number % LOOKED_AT == LOOKED_AT - 1:
                now = it.clock.now()
                await storage.write(partial(release_expired, now=now))
                it.most = max(it.most, await storage.read(_in_hand))
                if limits is NO_BOUND and await storage.read(_free) == 0:
                    break
        it.most = max(it.most, await storage.read(_in_hand))
    return it


def _attacked(*, chats: int, counters: int, limits: ChatLimits) -> Attack:
    with sqlite_database() as url:
        return run_loop(attack(url, chats=chats, counters=counters, limits=limits))


def measure(*, rounds: int) -> list[Figure]:
    """Once each, however many rounds: the attack is the same each time."""
    identity.IN_USE.now = CHEAPEST
    figures = []
    for name, chats, counters in (("one chat", 1, 20), (f"{FORTY} chats", FORTY, 1)):
        before = _attacked(chats=chats, counters=counters, limits=NO_BOUND)
        after = _attacked(chats=chats, counters=counters, limits=USUAL)
        figures.append(
            Figure(
                f"hoarding, {name}",
                Rounds.of([float(after.most)]),
                "turns",
                must=float(USUAL.live_appointments * chats),
                note=f"the most at one time, of {after.places} places, with {after.exchanges} presses in "
                f"{LASTS // timedelta(minutes=1)} simulated minutes; unbound {before.most}, after {before.exchanges}",
            )
        )
    return figures
