"""The broker: two hundred accounts that see every free place at once, and all that is known to be done with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from benchmarks.fairness.course import Course
from benchmarks.fairness.people import BEGINS_AT, Party, identity_of, moment
from desk.acting import Actor
from desk.capacity.rows import FreeSlot
from desk.people.actions import remember
from desk.people.rules import DocumentKind
from desk.refusals import Refusal

_INVENTED = 1_000_000
"""From this number on they are numbers that nobody has."""
_ACCOUNTS_TRIED = 12
"""With so many accounts a booking is tried that one of them is refused."""
_SECOND = timedelta(seconds=1)
_TIME_TO_COME = timedelta(hours=2)


@dataclass(slots=True)
class InStock:
    """A place that he has under a number or a name that no client has."""

    appointment_id: int
    chat: int
    office: int
    starts_at: datetime
    is_nameless: bool
    """Without a paper: who says the name has it, if he has no paper either."""


class Broker:
    """All that he has, and what he does with it."""

    def __init__(self, course: Course, clients: list[Party]) -> None:
        self.course, self.clients = course, clients
        self.come: list[Party] = []
        """The clients whom he knows by now, the first first."""
        self.stock: list[InStock] = []
        self.waiting: list[tuple[Party, Party | None]] = []
        """Whom his accounts wait for, and the client whom each is for; None = somebody invented."""
        self.sold: dict[int, Party] = {}
        """By appointment: the client who comes with it."""
        self.failed = 0
        self._next = 0
        self._invented = _INVENTED
        self._waits_for_wake = False
        broker = course.given.broker
        begins = moment(0, BEGINS_AT)
        if course.regime.waits:
            course.at(begins - _SECOND, self._fill_the_line)
        for client in clients:
            course.at(client.wants_at, lambda client=client: self._comes(client))  # type: ignore[misc]
        demand = course.given.demand
        for day in range(demand.days + demand.days_ahead + 1):
            course.at(moment(day, demand.opens_at) + broker.sees_after, self.look)
        course.every(broker.rebooks_every, self._rebook, first=begins)

    # -- who he acts for

    def _accounts(self) -> Iterator[int]:
        """Some of his accounts, others each time."""
        accounts = self.course.desk.laid.accounts
        for _ in range(min(_ACCOUNTS_TRIED, len(accounts))):
            self._next = (self._next + 1) % len(accounts)
            yield accounts[self._next]

    def _known(self, chat: int, number: int, paper: DocumentKind) -> int | None:
        """The id of a person whom an account names; None = it has named too many today."""
        done = self.course.desk.do(
            remember,
            actor=Actor.chat(chat),
            name="گل‌آقا رحیمی",
            nickname=None,
            document_kind=paper,
            identity=identity_of(number),
            limits=self.course.desk.limits,
            now=self.course.desk.now,
        )
        return None if isinstance(done, Refusal) else done.person_id

    def _new_number(self) -> int:
        self._invented += 1
        return self._invented

    def _as_known(self, chat: int, of: Party) -> Party | None:
        """The party under the ids that an account knows."""
        ids = [self._known(chat, number, paper) for number, paper in zip(of.numbers, of.papers, strict=True)]
        if None in ids:
            return None
        people = tuple(id for id in ids if id is not None)
        return Party(of.numbers, of.papers, of.offices, of.wants_at, chat=chat, people=people)

    # -- the line

    def _fill_the_line(self) -> None:
        """Before anybody else asks, every account waits for somebody who does not exist."""
        broker, every = self.course.given.broker, tuple(range(self.course.given.demand.offices))
        accounts = self.course.desk.laid.accounts
        kinds = [DocumentKind.AMAYESH] * broker.early_invented + [DocumentKind.NONE] * broker.early_without_paper
        for number, paper in enumerate(kinds):
            chat = accounts[number % len(accounts)]
            offices = tuple(self.course.chance.sample(every, min(len(every), self.course.given.demand.offices_each)))
            invented = Party((self._new_number(),), (paper,), offices)
            known = self._as_known(chat, invented)
            if known is not None:
                self._wait(known, client=None)

    def _comes(self, client: Party) -> None:
        """A client pays: he gets what there is, or is put into the line."""
        self.come.append(client)
        self._give_nameless(client)
        self.look()
        if self.course.regime.waits and not client.is_served:
            self._wait_for(client)
            if client.is_contested:
                self._wait_for(client)

    def _wait_for(self, client: Party) -> None:
        entered = client
        if client.is_padded:
            papers = (*client.papers, DocumentKind.AMAYESH)
            entered = Party((*client.numbers, self._new_number()), papers, client.offices)
        for chat in self._accounts():
            known = self._as_known(chat, entered)
            if known is not None and self._wait(known, client=client):
                return

    def _wait(self, known: Party, *, client: Party | None) -> bool:
        is_asked = self.course.wait(known, chat=known.chat, answers=self._takes(known, client=client))
        if is_asked:
            self.waiting.append((known, client))
        return is_asked

    def soon_after(self) -> datetime:
        """When he confirms what was drawn for him."""
        return self.course.desk.now + self.course.given.broker.sees_after

    def _takes(self, known: Party, *, client: Party | None) -> Callable[[int], None]:
        """What an account does with an offer: it says yes within a second, unless the client is served already."""

        def answers(offer_id: int) -> None:
            self.course.at(self.course.desk.now + _SECOND, lambda: self._accept(offer_id, known, client=client))

        return answers

    def _accept(self, offer_id: int, known: Party, *, client: Party | None) -> None:
        if client is not None and client.is_served:
            self.course.decline(offer_id, chat=known.chat)
            return
        self.has(self.course.accept(offer_id, chat=known.chat), known, client=client)

    def has(self, booked: tuple[int, ...] | list[int], known: Party, *, client: Party | None) -> None:
        """He has these appointments: the first is the client's where there is one, the others are stock."""
        for nth, appointment_id in enumerate(booked):
            office_id, starts_at = self.course.place_of(appointment_id)
            if client is not None and nth == 0:
                self._sell(appointment_id, client)
                continue
            is_nameless = known.papers[nth] is DocumentKind.NONE
            office = self.course.desk.office_of(office_id)
            self.stock.append(InStock(appointment_id, known.chat, office, starts_at, is_nameless))
            if is_nameless:
                for other in [each for each in self.come if not each.is_served]:
                    self._give_nameless(other)

    def _sell(self, appointment_id: int, client: Party) -> None:
        client.appointments.append(appointment_id)
        self.sold[appointment_id] = client

    def _give_nameless(self, client: Party) -> None:
        """A place under a name alone needs no change at the desk: a client without a paper says that name."""
        if client.is_served or not self.course.has_no_paper(client):
            return
        for place in self.stock:
            if place.is_nameless and place.office in client.offices and place.starts_at > self._soon():
                self.stock.remove(place)
                self._sell(place.appointment_id, client)
                return

    def _soon(self) -> datetime:
        return self.course.desk.now + _TIME_TO_COME

    # -- what is free to everybody

    def wake(self) -> None:
        """A place became free somewhere: all accounts look, within a second."""
        if not self._waits_for_wake:
            self._waits_for_wake = True
            self.course.at(self.course.desk.now + self.course.given.broker.sees_after, self._woken)

    def _woken(self) -> None:
        self._waits_for_wake = False
        self.look()

    def look(self) -> None:
        """Take what is free: for clients first, then for stock."""
        for slot in self.course.desk.free(range(self.course.given.demand.offices)):
            office = self.course.desk.office_of(slot.office_id)
            for _ in range(slot.remaining or 1):
                client = next((each for each in self.come if not each.is_served and office in each.offices), None)
                if client is None and len(self.stock) >= self.course.given.broker.stock:
                    return
                if not self._book(slot, client):
                    break

    def _book(self, slot: FreeSlot, client: Party | None) -> bool:
        entered = client or Party((self._new_number(),), (DocumentKind.AMAYESH,))
        for chat in self._accounts():
            known = self._as_known(chat, entered)
            if known is None:
                continue
            booked = self.course.book(known, [slot.slot_id], chat=chat)
            if not isinstance(booked, Refusal):
                self.has(booked, known, client=client)
                return True
        return False

    # -- cancel and rebook

    def _rebook(self) -> None:
        """Turn places of the stock into places of clients: cancel, and book what is free in the same second."""
        broker = self.course.given.broker
        self.stock = [each for each in self.stock if each.starts_at > self.course.desk.now]
        tries = 0
        for client in [each for each in self.come if not each.is_served]:
            if self.failed >= broker.gives_up_after or tries >= broker.rebooks_at_once:
                return
            place = next(
                (
                    each
                    for each in self.stock
                    if each.office in client.offices and each.starts_at > self._soon() and not each.is_nameless
                ),
                None,
            )
            if place is None:
                continue
            tries += 1
            if self.course.cancel(place.appointment_id, chat=place.chat):
                self.stock.remove(place)
                self.course.at(self.course.desk.now + _SECOND, self.look)
                self.course.at(self.course.desk.now + 2 * _SECOND, lambda client=client: self._seen(client))  # type: ignore[misc]

    def _seen(self, client: Party) -> None:
        self.failed = 0 if client.is_served else self.failed + 1
