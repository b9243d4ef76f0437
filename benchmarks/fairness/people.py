"""The people of the simulation: who wants an appointment when, where, with whom, and with which number."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final

from benchmarks.fairness.parameters import Parameters
from desk.calendar import instant_of
from desk.identity import IN_USE
from desk.people.rules import DocumentKind, IdentityDigest
from desk.values import LocalDay
from tests.makers import NOW, TODAY

FIRST_DAY: Final = 1
"""The day on whose morning the first places open, after that of the beginning: by then there is a line."""
BEGINS_AT: Final = 7 * 60
_ONE_IN_TEN: Final = 10


def moment(day: int, minutes: int = 0) -> datetime:
    """So many minutes after midnight in Tehran on this day of the simulation; day 0 is the first."""
    return instant_of(LocalDay(TODAY + timedelta(days=day)), minutes=minutes)


def identity_of(number: int) -> IdentityDigest:
    """A number of a paper, as the desk keeps it."""
    return IdentityDigest(f"{IN_USE.now.name}.00000001.{number:052x}", "4821")


@dataclass(slots=True)
class Party:
    """One or two people who want to come together, at one of some offices, from a moment on."""

    numbers: tuple[int, ...]
    """What tells these people from all others."""
    papers: tuple[DocumentKind, ...]
    offices: tuple[int, ...] = ()
    """Which of the offices, from 0 on."""
    wants_at: datetime = NOW
    chat: int = 0
    people: tuple[int, ...] = ()
    """The ids under which the desk knows them."""
    request: int | None = None
    appointments: list[int] = field(default_factory=list)
    starts_at: datetime | None = None
    is_contested: bool = False
    is_padded: bool = False

    @property
    def is_served(self) -> bool:
        return bool(self.appointments)


def paper_of(number: int) -> DocumentKind:
    """Every tenth person has no paper."""
    return DocumentKind.NONE if number % _ONE_IN_TEN == 0 else DocumentKind.AMAYESH


def households(given: Parameters) -> list[tuple[int, ...]]:
    """The honest people by those who come together: they are numbered from 1 on, and pairs come first."""
    honest = given.demand.people - given.demand.clients
    paired = int(honest * given.demand.pairs) // 2 * 2
    pairs = [(number, number + 1) for number in range(1, paired, 2)]
    return [*pairs, *((number,) for number in range(paired + 1, honest + 1))]


def honest_parties(given: Parameters, chance: Random) -> list[Party]:
    """Those who pay nobody."""
    return [_party(numbers, given, chance) for numbers in households(given)]


def clients(given: Parameters, chance: Random) -> list[Party]:
    """Those who pay the broker; each comes alone."""
    first = given.demand.people - given.demand.clients + 1
    found = [_party((number,), given, chance) for number in range(first, given.demand.people + 1)]
    for each in found:
        each.is_contested = chance.random() < given.broker.contested
        each.is_padded = chance.random() < given.broker.padded
    return sorted(found, key=lambda each: each.wants_at)


def _party(numbers: tuple[int, ...], given: Parameters, chance: Random) -> Party:
    demand = given.demand
    begins, ends = moment(0, BEGINS_AT), moment(FIRST_DAY + demand.days - 1)
    is_there = chance.random() < demand.there_already
    later = begins + (ends - begins) * chance.random()
    return Party(
        numbers,
        tuple(paper_of(number) for number in numbers),
        offices=tuple(chance.sample(range(demand.offices), min(demand.offices_each, demand.offices))),
        wants_at=begins if is_there else later,
    )
