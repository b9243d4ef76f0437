"""What came of a run: who sat at each place in the end, how long honest people waited, and what lapsed."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.fairness.broker import Broker
from benchmarks.fairness.course import Course
from benchmarks.fairness.honest import HonestParty
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.storage.upsert import table_of
from desk.waiting.models import Offer
from desk.waiting.rules import OfferState

_appointments, _offers = table_of(Appointment), table_of(Offer)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figures of one run; shares are of all places."""

    regime: str
    seed: int
    places: int
    broker: float
    """Places at which a client of the broker sat."""
    lost: float
    """Places that the broker's accounts had and at which nobody sat."""
    honest: float
    """Places at which somebody sat who paid nobody."""
    stayed_away: float
    """Places of honest people who did not come."""
    never_booked: float
    waited_median: float
    """Days from the wish to the appointment, of honest people who had one."""
    waited_90th: float
    clients_served: float
    """The share of all clients; `honest_served` that of all honest people."""
    honest_served: float
    offers: int
    lapsed: int

    @property
    def unused(self) -> float:
        """Places at which nobody sat."""
        return self.lost + self.stayed_away + self.never_booked


def outcome(
    course: Course, *, seed: int, honest: Sequence[HonestParty], broker: Broker, drawn: tuple[int, int]
) -> Outcome:
    """Read the end from the desk itself: the appointments that stand, each at its place."""
    demand = course.given.demand
    places = demand.offices * demand.days * demand.places_a_day
    standing = course.desk.ask(_standing)
    owners = {id: each.party for each in honest for id in each.party.appointments}
    comes = Random(f"comes {seed}")  # the same people stay away under each regime
    stays_away = {each.party.numbers[0]: comes.random() < course.given.honest.stays_away for each in honest}
    sat, away, sold, lost = 0, 0, 0, 0
    waited: list[float] = []
    used: set[int] = set()
    for id, starts_at in sorted(standing.items(), key=lambda each: (each[1], each[0])):
        if id in owners:
            party = owners[id]
            if stays_away[party.numbers[0]]:
                away += 1
                continue
            sat += 1
            waited.append((starts_at - party.wants_at) / timedelta(days=1))
        elif id in broker.sold and broker.sold[id].numbers[0] not in used:
            used.add(broker.sold[id].numbers[0])
            sold += 1
        else:
            lost += 1
    made, lapsed = course.desk.ask(_offers_made)
    return Outcome(
        course.regime.name,
        seed,
        places,
        broker=sold / places,
        lost=lost / places,
        honest=sat / places,
        stayed_away=away / places,
        never_booked=1 - (sold + lost + sat + away) / places,
        waited_median=statistics.median(waited) if waited else float("nan"),
        waited_90th=statistics.quantiles(waited, n=10)[-1] if len(waited) > 1 else float("nan"),
        clients_served=sold / demand.clients,
        honest_served=sat / (demand.people - demand.clients),
        offers=made + drawn[0],
        lapsed=lapsed + drawn[1],
    )


def _standing(session: Session) -> Mapping[int, datetime]:
    found = select(*_appointments.c["id", "starts_at"]).where(_appointments.c.state == AppointmentState.BOOKED)
    return {row.id: row.starts_at for row in session.execute(found)}


def _offers_made(session: Session) -> tuple[int, int]:
    lapsed = func.count().filter(_offers.c.state == OfferState.LAPSED)
    row = session.execute(select(func.count(), lapsed).select_from(_offers)).one()
    return row[0], row[1]
