"""The draw in the simulation: the places of a day are kept from everybody, drawn among those who wait, and booked.

Order and places are those of `desk.draws`; a drawn place is booked by the one booking action when it is confirmed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.fairness.broker import Broker
from benchmarks.fairness.course import Course
from benchmarks.fairness.honest import HonestParty
from benchmarks.fairness.people import FIRST_DAY, Party, moment
from desk.capacity.models import Queue, Slot
from desk.draws.allotment import PlaceGroup, allot
from desk.draws.order import DrawnRequest, in_order, lots_of
from desk.places.claims import claim, give_back, let_go
from desk.places.models import Claim
from desk.places.rules import ClaimKind
from desk.refusals import Refusal
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.waiting.models import StandingRequest
from tests.makers import TODAY

_slots, _queues, _claims = table_of(Slot), table_of(Queue), table_of(Claim)
_requests = table_of(StandingRequest)


class Entry:
    """Who asked, and what is done when they are drawn."""

    def __init__(
        self, party: Party, *, confirms_at: Callable[[], datetime | None], has: Callable[[list[int]], None]
    ) -> None:
        self.party, self.confirms_at, self.has = party, confirms_at, has


class Draws:
    """All draws of a run."""

    def __init__(self, course: Course, entries: Callable[[], Iterable[Entry]]) -> None:
        self.course, self.entries = course, entries
        self.lapsed = self.offered = 0
        demand, drawing = course.given.demand, course.given.drawing
        first = FIRST_DAY + demand.days_ahead
        for day in range(first, first + demand.days):
            course.desk.do(_keep_back, day=TODAY + timedelta(days=day))
            course.at(moment(day - drawing.days_before, drawing.at), lambda day=day: self._draw(day))  # type: ignore[misc]

    def _draw(self, day: int) -> None:
        drawing = self.course.given.drawing
        seed = self.course.chance.randbytes(32)
        next_day = day - drawing.days_before + 1
        ends = [moment(next_day, drawing.confirmed_by), moment(next_day, drawing.second_confirmed_by)]
        self._round(day, seed=seed, ends=ends, asked=set())

    def _round(self, day: int, *, seed: bytes, ends: Sequence[datetime], asked: set[str]) -> None:
        """Draw what is left of the day among those who were not asked yet, and ask again when the time is over."""
        if not ends:
            self.course.desk.do(_give_to_everybody, day=TODAY + timedelta(days=day))
            return
        groups, slots = self._groups(day)
        entries = {id: entry for id, entry in self._asking(groups) if id.id not in asked}
        order = in_order(list(entries), seed=seed)
        drawn = allot(order, groups, priority_share=0)
        by_id = {request.id: entry for request, entry in entries.items()}
        for id, places in drawn.items():
            asked.add(id)
            self.offered += 1
            won = [slots[place.group][place.time] for place in places]
            self._ask(by_id[id], won, until=ends[0])
        self.course.at(ends[0], lambda: self._round(day, seed=seed, ends=ends[1:], asked=asked))

    def _groups(self, day: int) -> tuple[list[PlaceGroup], list[list[int]]]:
        """The places of the day that are still kept back, by office; and the ids of their slots."""
        found = self.course.desk.ask(_kept_back, day=TODAY + timedelta(days=day))
        by_office: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
        for slot_id, office_id, starts_at in found:
            by_office[self.course.desk.office_of(office_id)].append((slot_id, starts_at))
        groups, slots = [], []
        for office in range(self.course.given.demand.offices):
            here = by_office.get(office, [])
            times = tuple(starts_at for _id, starts_at in here)
            groups.append(PlaceGroup(str(office), TODAY + timedelta(days=day), times, (1,) * len(here)))
            slots.append([slot_id for slot_id, _at in here])
        return groups, slots

    def _asking(self, groups: Sequence[PlaceGroup]) -> list[tuple[DrawnRequest, Entry]]:
        """Everybody who waits, each number once."""
        ids = self.course.desk.ask(_waiting)
        seen: set[int] = set()
        found = []
        for entry in self.entries():
            party = entry.party
            if party.request not in ids or party.numbers[0] in seen:
                continue
            seen.add(party.numbers[0])
            public_id, since = ids[party.request]
            request = DrawnRequest(
                public_id,
                lots_of((self.course.desk.now - since).days),
                people=len(party.people),
                groups=tuple(office for office in sorted(party.offices) if groups[office].times),
            )
            if request.groups:
                found.append((request, entry))
        return found

    def _ask(self, entry: Entry, slots: Sequence[int], *, until: datetime) -> None:
        when = entry.confirms_at()
        if when is None or when >= until:
            self.lapsed += 1
            return
        self.course.at(when, lambda: self._confirm(entry, slots))

    def _confirm(self, entry: Entry, slots: Sequence[int]) -> None:
        booked = self.course.book(entry.party, slots, chat=entry.party.chat, before=_let_go)
        if not isinstance(booked, Refusal):
            self.course.stop_waiting(entry.party, chat=entry.party.chat)
            entry.has(booked)


def entries_of(honest: Sequence[HonestParty], broker: Broker) -> Callable[[], Iterable[Entry]]:
    """Who may be drawn: those who wait, and the accounts of the broker."""

    def entries() -> Iterable[Entry]:
        for each in honest:
            if not each.has_ended and each.party.request is not None:
                yield Entry(each.party, confirms_at=each.when_confirmed, has=each.have)
        for known, client in broker.waiting:
            if client is None or not client.is_served:
                yield Entry(
                    known,
                    confirms_at=broker.soon_after,
                    has=lambda booked, known=known, client=client: broker.has(booked, known, client=client),  # type: ignore[misc]
                )

    return entries


def _holder(slot_id: int) -> str:
    return f"draw:{slot_id}"


def _keep_back(session: WriteSession, *, day: date) -> None:
    for slot_id in session.execute(select(_slots.c.id).where(_slots.c.day == day)).scalars().all():
        claim(session, kind=ClaimKind.SHARE, slot_ids=[slot_id], holder=_holder(slot_id))


def _let_go(session: WriteSession, slots: Sequence[int]) -> None:
    """The places are this transaction's, which books them."""
    for slot_id in slots:
        gone = let_go(session, kind=ClaimKind.SHARE, holder=_holder(slot_id))
        give_back(session, gone, to_everybody=True)


def _give_to_everybody(session: WriteSession, *, day: date) -> None:
    """What nobody confirmed: those who wait are offered it first, as any place that becomes free."""
    for slot_id in session.execute(select(_slots.c.id).where(_slots.c.day == day)).scalars().all():
        give_back(session, let_go(session, kind=ClaimKind.SHARE, holder=_holder(slot_id)))


def _kept_back(session: Session, *, day: date) -> list[tuple[int, int, datetime]]:
    found = session.execute(
        select(_slots.c.id, _queues.c.office_id, _slots.c.starts_at)
        .join_from(_slots, _queues, _queues.c.id == _slots.c.queue_id)
        .join(_claims, _claims.c.slot_id == _slots.c.id)
        .where(_slots.c.day == day, _claims.c.kind == ClaimKind.SHARE)
        .order_by(_slots.c.starts_at, _slots.c.id)
    )
    return [tuple(row) for row in found]


def _waiting(session: Session) -> dict[int | None, tuple[str, datetime]]:
    found = session.execute(select(*_requests.c["id", "public_id", "since"]).where(_requests.c.state == "waiting"))
    return {row.id: (row.public_id, row.since) for row in found}
