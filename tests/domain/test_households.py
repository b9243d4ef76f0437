"""A household is booked by one request, all or none; one of it gives back or moves alone, and the others are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk.acting import SYSTEM, Actor
from desk.appointments.actions import Booked, Member, book_together, cancel, cancel_by_office, move, move_by_office
from desk.appointments.models import Appointment, Household
from desk.appointments.proposing import accept
from desk.appointments.queries import appointment_by_id, coming_together
from desk.appointments.refusals import (
    AlreadyHasAppointment,
    MemberRefused,
    OneWithoutPaper,
    SlotTaken,
    TooManyAppointments,
)
from desk.capacity.models import Slot
from desk.capacity.together import times_together
from desk.conversations.rules import ChatLimits
from desk.outbox import actions as outbox
from desk.outbox.models import OutboxMessage
from desk.people.models import Person
from desk.people.rules import DocumentKind
from desk.places.actions import hold
from desk.places.models import Claim
from desk.places.refusals import HeldTooOften
from desk.storage.base import WriteSession
from desk.verify import verify
from tests.domain.booking_scene import WEEK, Scene
from tests.domain.offer_scene import Desk
from tests.makers import NOW, at, make_person


@dataclass
class Family(Scene):
    """A chat with several people, and times that follow each other."""

    session: WriteSession
    people: list[Person] = field(default_factory=list)

    def __post_init__(self) -> None:
        Scene.__init__(self, self.session)
        self.people = [self.person, *(make_person(self.session, conversation=self.chat) for _ in range(6))]

    @property
    def actor(self) -> Actor:
        return Actor.chat(self.chat.id)

    def times(self, *places: int, day: Any = WEEK) -> list[Slot]:
        """Slots from nine on, every ten minutes, with so many places."""
        return [
            self.slot(at(day, hour=9, minute=10 * number), capacity=each, remaining=each)
            for number, each in enumerate(places)
        ]

    def members(self, slots: Sequence[Slot], *, without_paper: int = 0) -> list[Member]:
        """As many people as slots; the last ones have no paper."""
        kinds = [DocumentKind.AMAYESH] * (len(slots) - without_paper) + [DocumentKind.NONE] * without_paper
        return [
            Member(slot.id, person.id, f"نفر {number}", kind)
            for number, (slot, person, kind) in enumerate(zip(slots, self.people, kinds, strict=False))
        ]

    def together(self, slots: Sequence[Slot], **over: Any) -> list[Booked]:
        usual: dict[str, Any] = {
            "idem_key": "family",
            "actor": self.actor,
            "service_id": self.service.id,
            "members": self.members(slots),
            "now": NOW,
        }
        return book_together(self.session, **(usual | over))

    def row(self, booked: Booked) -> Appointment:
        return self.session.get_one(Appointment, booked.appointment_id, populate_existing=True)

    def tickets(self) -> list[str]:
        """The keys of the tickets that are still to be sent."""
        return [key for key, _due in self.messages() if key.startswith("ticket:")]

    def deliver_tickets(self) -> None:
        """As the messenger does: the first of those who come together is told for all."""
        number = 0
        while claimed := outbox.claim(self.session, channel="telegram", bot="mizban", limit=1, now=NOW):
            [message] = claimed
            row = appointment_by_id(self.session, appointment_id=message.params["appointment"])
            assert row is not None
            number += 1
            if message.params.get("joint") and coming_together(self.session, row)[0].id != row.id:
                outbox.drop_one(self.session, id=message.id)
            else:
                outbox.mark_sent(self.session, id=message.id, message_id=str(number), now=NOW)


@pytest.fixture
def family(session: WriteSession) -> Family:
    return Family(session)


def test_a_household_takes_parallel_and_consecutive_places_and_is_tied(family: Family) -> None:
    first, second = family.times(2, 1)
    done = family.together([first, first, second])
    rows = [family.row(each) for each in done]
    assert (family.left(first), family.left(second)) == (0, 0)
    [household] = family.session.scalars(select(Household))
    assert {row.household_id for row in rows} == {household.id}
    assert household.people == 3
    shown = appointment_by_id(family.session, appointment_id=done[1].appointment_id)
    assert shown is not None
    assert [each.id for each in coming_together(family.session, shown)] == [row.id for row in rows]
    assert len({each.code for each in done}) == 3
    assert verify(family.session) == []


def test_all_or_none_however_late_the_last_place_is_found_taken(family: Family) -> None:
    first, full = family.times(2, 0)
    refusal = family.refused(
        SlotTaken,
        book_together,
        idem_key="family",
        actor=family.actor,
        service_id=family.service.id,
        members=family.members([first, first, full]),
        now=NOW,
    )
    assert refusal.slot_id == full.id
    assert family.session.scalars(select(Household)).all() == []
    assert family.left(first) == 2


def test_who_has_the_appointment_already_is_named_and_nobody_is_booked(family: Family) -> None:
    first, other = family.times(3, 1)
    family.book(other, person_id=family.people[1].id)
    refusal = family.refused(
        MemberRefused,
        book_together,
        idem_key="family",
        actor=family.actor,
        service_id=family.service.id,
        members=family.members([first] * 3),
        now=NOW,
    )
    assert refusal.person_id == family.people[1].id
    assert isinstance(refusal.why, AlreadyHasAppointment)


def test_the_same_key_books_a_household_once(family: Family) -> None:
    [slot] = family.times(4)
    first = family.together([slot] * 2)
    again = family.together([slot] * 2)
    assert [each.appointment_id for each in again] == [each.appointment_id for each in first]
    assert all(each.is_repeat for each in again)
    assert family.left(slot) == 2


def test_held_places_are_used_and_those_nobody_needs_are_free_again(family: Family) -> None:
    [slot] = family.times(3)
    hold(family.session, actor=family.actor, slot_id=slot.id, others=[slot.id, slot.id], now=NOW)
    assert family.left(slot) == 0
    family.together([slot] * 2)
    assert family.left(slot) == 1
    assert family.session.scalars(select(Claim)).all() == []
    assert verify(family.session) == []


def test_each_held_place_counts(family: Family) -> None:
    [slot] = family.times(3)
    with pytest.raises(HeldTooOften):
        hold(
            family.session,
            actor=family.actor,
            slot_id=slot.id,
            others=[slot.id] * 2,
            limits=ChatLimits(holds=2),
            now=NOW,
        )
    assert family.left(slot) == 3


def test_places_held_on_another_day_are_none_of_this_day(family: Family) -> None:
    other, this = family.times(2)[0], family.times(2, day=WEEK + timedelta(days=1))[0]
    found = times_together(
        family.session,
        service_id=family.service.id,
        office_id=family.queue.office_id,
        day=WEEK + timedelta(days=1),
        people=2,
        after=NOW,
        held=[other.id, other.id],
    )
    assert [[slot.slot_id for slot in each.slots] for each in found] == [[this.id, this.id]]


def test_children_without_a_paper_come_with_somebody_who_has_one(family: Family) -> None:
    [slot] = family.times(6)
    alone = {"members": family.members([slot] * 2, without_paper=2)}
    with pytest.raises(MemberRefused) as raised:
        family.together([], **alone)
    assert isinstance(raised.value.why, OneWithoutPaper)
    assert len(family.together([], members=family.members([slot] * 4, without_paper=3))) == 4


def test_a_household_is_bound_by_the_limit_of_its_chat(family: Family) -> None:
    [slot] = family.times(8)
    with pytest.raises(TooManyAppointments):
        family.together([slot] * 7)
    assert family.left(slot) == 8
    assert len(family.together([slot] * 6)) == 6


def test_who_is_booked_at_the_counter_is_a_household_too(family: Family) -> None:
    [slot] = family.times(2)
    done = family.together([slot] * 2, actor=SYSTEM)
    assert len({family.row(each).household_id for each in done}) == 1
    assert family.messages() == []


# -- one of them


def test_one_gives_back_alone_and_the_others_get_a_ticket_without_them(family: Family) -> None:
    [slot] = family.times(3)
    first, second, third = family.together([slot] * 3)
    family.deliver_tickets()
    cancel(family.session, appointment_id=first.appointment_id, actor=family.actor, now=NOW)
    assert [family.row(each).is_live for each in (first, second, third)] == [False, True, True]
    assert family.tickets() == [f"ticket:{second.appointment_id}:0:without:{first.appointment_id}:over"]
    assert verify(family.session) == []


def test_the_ticket_that_names_them_is_edited(family: Family) -> None:
    [slot] = family.times(3)
    first, _second, third = family.together([slot] * 3)
    family.deliver_tickets()
    cancel(family.session, appointment_id=third.appointment_id, actor=family.actor, now=NOW)
    edit = family.session.scalars(select(OutboxMessage).where(OutboxMessage.notice == "ticket_changed")).one()
    assert (edit.params["appointment"], edit.params["beside"]) == (third.appointment_id, [["1", True]])
    assert family.tickets() == [f"ticket:{first.appointment_id}:0:without:{third.appointment_id}:over"]


def test_who_moves_to_another_day_comes_alone(family: Family) -> None:
    [slot] = family.times(2)
    first, second = family.together([slot] * 2)
    other = family.slot(at(WEEK + timedelta(days=1), hour=9))
    move(
        family.session,
        idem_key="m",
        appointment_id=second.appointment_id,
        actor=family.actor,
        slot_id=other.id,
        now=NOW,
    )
    rows = [appointment_by_id(family.session, appointment_id=each.appointment_id) for each in (first, second)]
    assert [len(coming_together(family.session, row)) for row in rows if row is not None] == [1, 1]
    assert f"ticket:{second.appointment_id}:1" in family.tickets()
    assert f"ticket:{first.appointment_id}:0:without:{second.appointment_id}:1" in family.tickets()
    assert verify(family.session) == []


def test_another_hour_of_the_day_stays_one_ticket(family: Family) -> None:
    slot, later = family.times(2, 1)
    first, second = family.together([slot] * 2)
    move(
        family.session,
        idem_key="m",
        appointment_id=second.appointment_id,
        actor=family.actor,
        slot_id=later.id,
        now=NOW,
    )
    row = appointment_by_id(family.session, appointment_id=first.appointment_id)
    assert row is not None
    assert len(coming_together(family.session, row)) == 2


def test_when_all_are_cancelled_no_ticket_is_left_to_send(family: Family) -> None:
    [slot] = family.times(3)
    for each in family.together([slot] * 3):
        cancel_by_office(family.session, appointment_id=each.appointment_id, actor=SYSTEM, reason="r", now=NOW)
    assert family.tickets() == []


def test_after_the_office_moved_them_each_answer_brings_a_ticket_of_all_and_one_reminder(family: Family) -> None:
    """The ticket of the first answer named one of them; that of the last names all."""
    [slot] = family.times(3)
    done = family.together([slot] * 3)
    family.deliver_tickets()
    other = family.slot(at(WEEK + timedelta(days=1), hour=9), capacity=3, remaining=3)
    for each in done:
        id = each.appointment_id
        move_by_office(
            family.session,
            idem_key=f"office:{id}",
            appointment_id=id,
            slot_id=other.id,
            actor=SYSTEM,
            reason="r",
            told={},
            now=NOW,
        )
    for each in done:
        accept(family.session, appointment_id=each.appointment_id, actor=family.actor, now=NOW)
    told = select(OutboxMessage).where(OutboxMessage.notice.in_(("ticket", "reminder")), OutboxMessage.is_open)
    rows = family.session.scalars(told).all()
    assert {bool(row.params.get("joint")) for row in rows if row.notice == "ticket"} == {False}
    assert {bool(row.params.get("joint")) for row in rows if row.notice == "reminder"} == {True}
    row = appointment_by_id(family.session, appointment_id=done[2].appointment_id)
    assert row is not None
    assert len(coming_together(family.session, row)) == 3


# -- who waits


def test_an_accepted_offer_books_a_household_by_the_same_action(session: WriteSession) -> None:
    desk = Desk(session)
    waiter = desk.wait(days=1, people=2)
    desk.free(places=2)
    desk.offer()
    desk.deliver()
    desk.accept(waiter)
    booked = session.scalars(select(Appointment).where(Appointment.conversation_id == waiter.chat.id)).all()
    assert len({each.household_id for each in booked}) == 1
    assert None not in {each.household_id for each in booked}
    assert verify(session) == []
