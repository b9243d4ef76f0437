"""What the simulation of fairness takes as given.

It was committed before the first run and is not fitted to any result. The numbers are round
on purpose: none of them was measured. What they stand for is said in docs/fairness.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

SEEDS: Final = tuple(range(1, 11))
"""Each decides who comes when, what everybody chooses, and the draws; a regime is run with each of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Who wants an appointment of one scarce service, and what there is of it."""

    offices: int = 10
    days: int = 14
    places_a_day: int = 4
    """At each office: one counter, a quarter of an hour each."""
    days_ahead: int = 5
    """So many days before it a day opens for booking, at `opens_at`."""
    opens_at: int = 8 * 60
    """In minutes after midnight."""
    people: int = 3_000
    """True people who want one appointment each, those of the broker among them."""
    clients: int = 240
    """Of these, who pay the broker: 8 of 100 people. He knows of them from the moment they want an appointment."""
    there_already: float = 1 / 3
    """The share of people who want it when the simulation begins; the others come on equally likely moments."""
    pairs: float = 0.10
    """The share of honest people who come as a household of two: at one time, or at times that follow each other."""
    without_paper: float = 0.10
    """The share of people who have no paper and give a name alone."""
    offices_each: int = 3
    """How many of the offices somebody can reach."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Honest:
    """How people who pay nobody behave."""

    looks_a_day: int = 2
    """At moments of their own between `wakes` and `sleeps`, the same each day."""
    wakes: int = 7 * 60
    sleeps: int = 23 * 60
    answers: float = 0.85
    """The share of offers and drawn places that get an answer at all."""
    answer_median: timedelta = timedelta(minutes=40)
    answer_spread: float = 1.0
    """The answer comes after a log-normal time with this deviation of the logarithm; at night nobody answers."""
    accepts: float = 0.90
    """The share of answers that are yes."""
    cancels: float = 0.08
    """The share of appointments that are given back at a moment between booking and their day."""
    stays_away: float = 0.05
    """The share of appointments to which the person does not come and says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """What the broker has and does. All his accounts see every free place after `sees_after`, by day and by night."""

    accounts: int = 200
    sees_after: timedelta = timedelta(seconds=1)
    """He is woken by the change, so that waiting for it costs him nothing."""
    stock: int = 120
    """Places that he keeps at most under numbers that nobody has, to give them to clients who come later."""
    early_invented: int = 200
    early_without_paper: int = 200
    """Requests of such people that he makes in the first second, before anybody else waits or asks: one an account."""
    contested: float = 0.25
    """The share of clients for whom a second account of his asks with the same number."""
    padded: float = 0.125
    """The share of clients whom he enters as a household of two with somebody invented."""
    rebooks_every: timedelta = timedelta(hours=1)
    """How often he tries to turn a place of his stock into a client's: he cancels, and books what he sees free."""
    rebooks_at_once: int = 10
    """So many he tries at a time at most."""
    gives_up_after: int = 20
    """So many tries without success end that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """When the places of a day are drawn, and until when they are confirmed; minutes after midnight."""

    days_before: int = 2
    at: int = 18 * 60
    confirmed_by: int = 12 * 60
    """On the next day; then what nobody confirmed goes to the next in the drawn order."""
    second_confirmed_by: int = 20 * 60
    """On that day too; then what is left goes to those who wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """All that a run takes as given, but its seed."""

    demand: Demand = Demand()
    honest: Honest = Honest()
    broker: Broker = Broker()
    drawing: Drawing = Drawing()
    jobs_every: timedelta = timedelta(minutes=15)
    """How often the jobs run that offer, watch and free places; beside that within five seconds after a day opens."""


USUAL: Final = Parameters()

EXPECTED_OF_FIRST_COME: Final = 0.40
"""The share that is expected in the broker's hands where places go to who is faster; it is no aim."""
MOST_WITH_WAITING: Final = 0.10
"""The most of the places that may be in the broker's hands with limits and waiting."""
MOST_ABOVE_HIS_PEOPLE: Final = 0.01
"""With the draw: so much more than his clients are of all people."""
