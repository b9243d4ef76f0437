"""A household that takes one place asks for one where it waits, is drawn, or is moved by the office."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from desk.acting import SYSTEM, Actor
from desk.appointments.actions import Member, book_together
from desk.appointments.models import Appointment
from desk.appointments.rules import HOLDS_A_PLACE, AppointmentState
from desk.capacity.actions import set_quotas
from desk.capacity.models import QuotaDay, Slot, SlotStatus
from desk.catalogue.actions import save_service
from desk.catalogue.queries import card
from desk.catalogue.rows import ServiceFields
from desk.consequences.actions import carry_on, carry_out
from desk.consequences.refusals import PeopleAreHit
from desk.consequences.rules import ChangeKind
from desk.draws.models import DrawEntry
from desk.line.models import LineEntry
from desk.parts import FreedPlaces
from desk.people.models import Person
from desk.people.rules import DocumentKind
from desk.places.models import Claim
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession
from desk.verify import verify
from desk.visits.actions import record_arrival, record_outcome
from desk.visits.rules import Outcome
from desk.waiting.keeping import keep
from desk.waiting.models import FreedPlace, OfferPlace, StandingRequestPerson
from desk.waiting.offer_rules import FreedOutcome
from desk.waiting.rules import OfferState
from desk.worksheets import queries as worksheets
from tests.domain.draw_scene import Lottery
from tests.domain.offer_scene import TOMORROW, Desk, Waiter
from tests.makers import NOW, TODAY, acting, at, make_conversation, make_person, make_slot
from tests.makers_changes import SUNDAY, Town, appointment_of, made


def booked_of(session: WriteSession, chat_id: int) -> list[Appointment]:
    found = select(Appointment).where(Appointment.conversation_id == chat_id, Appointment.state.in_(HOLDS_A_PLACE))
    return list(session.scalars(found.order_by(Appointment.id).execution_options(populate_existing=True)))


def book_family(session: WriteSession, *, slot: Slot, service_id: int, people: list[Person], chat_id: int) -> list[int]:
    done = book_together(
        session,
        idem_key=f"family:{slot.id}",
        actor=Actor.chat(chat_id),
        service_id=service_id,
        members=[Member(slot.id, each.id, "نام", DocumentKind.AMAYESH) for each in people],
        now=NOW,
    )
    return [each.appointment_id for each in done]


# -- who waits


@pytest.fixture
def desk(session: WriteSession) -> Desk:
    scene = Desk(session)
    scene.service.is_per_household = True
    session.flush()
    return scene


def people_of(desk: Desk, waiter: Waiter) -> list[Person]:
    ids = select(StandingRequestPerson.person_id).where(StandingRequestPerson.request_id == waiter.request)
    return [desk.session.get_one(Person, id) for id in desk.session.scalars(ids.order_by(StandingRequestPerson.nth))]


@pytest.mark.requirement("000-13", "M")
def test_one_place_that_became_free_is_offered_to_a_household_and_booked_for_all(desk: Desk) -> None:
    waiter = desk.wait(days=1, people=3)
    desk.free(places=1)
    desk.offer()
    assert desk.session.scalar(select(func.count()).select_from(OfferPlace)) == 1
    desk.deliver()
    desk.accept(waiter)
    assert [each.has_place for each in booked_of(desk.session, waiter.chat.id)] == [True, False, False]
    assert desk.claims(ClaimKind.OFFER) == 0
    assert verify(desk.session) == []


def test_accepted_twice_it_names_all_of_them_again(desk: Desk) -> None:
    waiter = desk.wait(days=1, people=3)
    desk.free(places=1)
    desk.offer()
    desk.deliver()
    first = desk.accept(waiter).appointment_ids
    again = desk.accept(waiter)
    assert (len(first), again.appointment_ids, again.is_repeat) == (3, first, True)


@pytest.mark.parametrize(("one_visit", "kept"), [(True, 1), (False, 3)])
def test_of_what_opens_so_much_is_kept_as_they_need(session: WriteSession, one_visit: bool, kept: int) -> None:
    desk = Desk(session)
    desk.service.is_per_household = one_visit
    desk.wait(people=3)
    for hour in (12, 13, 14, 15):
        make_slot(session, queue=desk.queue, starts_at=at(TOMORROW, hour=hour), capacity=1)
    where = {"queue_id": desk.queue.id, "office_id": desk.queue.office_id}
    keep(session, FreedPlaces(**where, day=TOMORROW, slot_id=None, places=None))
    assert desk.claims(ClaimKind.KEPT) == kept


def test_two_places_go_to_two_households(desk: Desk) -> None:
    first, second = desk.wait(days=2, people=3), desk.wait(days=1, people=2)
    desk.free(places=2)
    desk.offer()
    assert [desk.states(each) for each in (first, second)] == [[OfferState.SENT]] * 2


def test_a_free_place_is_found_for_who_begins_to_wait(desk: Desk) -> None:
    make_slot(desk.session, queue=desk.queue, starts_at=at(TOMORROW, hour=12), capacity=1)
    waiter = desk.wait(people=3)
    desk.offer()
    assert desk.states(waiter) == [OfferState.SENT]
    assert verify(desk.session) == []


def test_who_waited_for_three_places_is_looked_for_anew_where_one_is_enough_from_now_on(session: WriteSession) -> None:
    desk = Desk(session)
    make_slot(session, queue=desk.queue, starts_at=at(TOMORROW, hour=12), capacity=1)
    waiter = desk.wait(people=3)
    desk.offer()
    assert desk.states(waiter) == []
    shown = card(session, service_id=desk.service.id, today=TODAY)
    kept = {name: getattr(shown, name) for name in ServiceFields.__dataclass_fields__} | {"is_per_household": True}
    save_service(session, service_id=desk.service.id, fields=ServiceFields(**kept), actor=acting(1), now=NOW)
    assert [broken.rule for broken in verify(session)] == []
    desk.offer()
    assert desk.states(waiter) == [OfferState.SENT]


def test_a_household_that_needs_three_places_waits_on(session: WriteSession) -> None:
    desk = Desk(session)
    waiter = desk.wait(days=1, people=3)
    desk.free(places=1)
    desk.offer()
    assert desk.states(waiter) == []


def test_one_place_of_the_quota_is_enough_for_a_household(desk: Desk) -> None:
    set_quotas(desk.session, queue_id=desk.queue.id, quotas={desk.service.id: 2}, actor=SYSTEM, now=NOW)
    waiter = desk.wait(days=1, people=3)
    desk.free(places=1)
    desk.offer()
    desk.deliver()
    desk.accept(waiter)
    assert desk.session.scalars(select(QuotaDay.taken)).all() == [2]
    assert verify(desk.session) == []


def test_a_household_that_moves_shares_the_place_that_was_offered(desk: Desk) -> None:
    waiter = desk.wait(days=1, people=3)
    later = make_slot(desk.session, queue=desk.queue, starts_at=at(TOMORROW + timedelta(days=2), hour=9), capacity=1)
    place = {"slot": later, "service_id": desk.service.id, "chat_id": waiter.chat.id}
    before = book_family(desk.session, people=people_of(desk, waiter), **place)  # type: ignore[arg-type]
    desk.free(places=1)
    desk.offer()
    desk.deliver()
    assert desk.accept(waiter).was_moved
    rows = booked_of(desk.session, waiter.chat.id)
    assert [each.id for each in rows] == before, "nobody has another code"
    assert {each.slot_id for each in rows} == {desk.slot.id}
    assert [each.has_place for each in rows] == [True, False, False]
    assert verify(desk.session) == []


def test_those_who_held_one_of_their_own_are_booked_anew_with_the_others(desk: Desk) -> None:
    waiter = desk.wait(days=1, people=3)
    later = make_slot(desk.session, queue=desk.queue, starts_at=at(TOMORROW + timedelta(days=2), hour=9), capacity=1)
    two = people_of(desk, waiter)[:2]
    before = book_family(desk.session, slot=later, service_id=desk.service.id, people=two, chat_id=waiter.chat.id)
    desk.free(places=1)
    desk.offer()
    desk.deliver()
    assert desk.accept(waiter).was_moved
    rows = booked_of(desk.session, waiter.chat.id)
    assert {each.slot_id for each in rows} == {desk.slot.id}
    assert [each.has_place for each in rows] == [True, False, False]
    gone = [desk.session.get_one(Appointment, id, populate_existing=True).state for id in before]
    assert gone == [AppointmentState.CANCELLED_BY_PERSON] * 2
    assert verify(desk.session) == []


def test_two_households_of_one_chat_are_booked_anew_for_one_place(desk: Desk) -> None:
    waiter = desk.wait(days=1, people=4)
    people = people_of(desk, waiter)
    for two, days in ((people[:2], 2), (people[2:], 3)):
        start = at(TOMORROW + timedelta(days=days), hour=9)
        later = make_slot(desk.session, queue=desk.queue, starts_at=start, capacity=1)
        book_family(desk.session, slot=later, service_id=desk.service.id, people=two, chat_id=waiter.chat.id)
    desk.free(places=1)
    desk.offer()
    desk.deliver()
    assert desk.accept(waiter).was_moved
    rows = booked_of(desk.session, waiter.chat.id)
    assert {each.slot_id for each in rows} == {desk.slot.id}
    assert [each.has_place for each in rows] == [True, False, False, False]
    assert verify(desk.session) == []


def test_what_was_offered_to_all_is_theirs_also_where_each_takes_one_by_then(desk: Desk) -> None:
    waiter = desk.wait(days=1, people=3)
    desk.free(places=1)
    desk.offer()
    desk.deliver()
    desk.service.is_per_household = False
    desk.session.flush()
    desk.accept(waiter)
    assert [each.has_place for each in booked_of(desk.session, waiter.chat.id)] == [True, False, False]
    assert verify(desk.session) == []


def test_places_offered_to_each_go_to_others_where_one_is_enough_by_then(session: WriteSession) -> None:
    desk = Desk(session)
    waiter = desk.wait(days=1, people=2)
    desk.free(places=2)
    desk.offer()
    desk.deliver()
    desk.service.is_per_household = True
    session.flush()
    desk.accept(waiter)
    assert desk.remaining() == 1
    assert verify(session) == []


def test_the_record_says_that_a_household_fits_one_place(desk: Desk) -> None:
    first, second = desk.wait(days=2, people=3), desk.wait(days=1, people=3)
    desk.free(places=1)
    desk.offer()
    assert (desk.states(first), desk.states(second)) == ([OfferState.SENT], [])
    row = desk.session.scalars(select(FreedPlace)).one()
    assert (row.outcome, row.others) == (FreedOutcome.OFFERED, {"later": 1})


# -- who is drawn


def test_a_household_is_drawn_for_one_place(session: WriteSession) -> None:
    lottery = Lottery(session)
    lottery.service.is_per_household = True
    lottery.begin()
    for number in (4, 3, 2):
        lottery.ask(people=number)
    lottery.held()
    assert session.scalars(select(DrawEntry.people)).all() == [1, 1, 1]
    assert len(lottery.winners()) == 3
    lottery.deliver()
    for asker in lottery.askers:
        lottery.accept(asker)
    assert lottery.remaining() == [0, 0, 0]
    assert session.scalar(select(func.count()).select_from(Claim)) == 0
    assert session.scalar(select(func.count()).where(Appointment.has_place)) == 3
    assert verify(session) == []


# -- whom a change hits


def family_of_three(town: Town, *, hour: int = 8) -> list[int]:
    town.service.is_per_household = True
    chat = make_conversation(town.session)
    people = [make_person(town.session, conversation=chat) for _ in range(3)]
    starts = select(Slot).where(Slot.queue_id == town.queue.id, Slot.starts_at == at(SUNDAY, hour=hour, minute=0))
    slot = town.session.scalars(starts).one()
    return book_family(town.session, slot=slot, service_id=town.service.id, people=people, chat_id=chat.id)


def test_a_closed_day_proposes_one_place_for_all(session: WriteSession) -> None:
    town = Town(session)
    ids = family_of_three(town)
    lost = appointment_of(session, ids[0]).slot_id
    made(session, town.close())
    carry_on(session, now=NOW)
    rows = [appointment_of(session, id) for id in ids]
    assert len({row.slot_id for row in rows}) == 1
    assert lost not in {row.slot_id for row in rows}
    assert [row.has_place for row in rows] == [True, False, False]
    slot = session.get_one(Slot, rows[0].slot_id, populate_existing=True)
    assert slot.capacity - slot.remaining == 1
    old = session.get_one(Slot, lost, populate_existing=True)
    assert old.capacity - old.remaining == 0
    assert verify(session) == []


def test_they_follow_the_first_to_a_place_that_is_full_by_them(session: WriteSession) -> None:
    town = Town(session)
    ids = family_of_three(town)
    later = [slot for slot in session.scalars(select(Slot).where(Slot.day > SUNDAY)) if slot.id]
    for slot in later:
        slot.capacity = slot.planned = slot.remaining = 1
    session.flush()
    made(session, town.close())
    carry_on(session, now=NOW)
    assert len({appointment_of(session, id).slot_id for id in ids}) == 1
    assert verify(session) == []


def test_they_follow_nobody_to_a_time_that_has_closed_by_then(
    session: WriteSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = Town(session)
    ids = family_of_three(town)
    lost = appointment_of(session, ids[0]).slot_id
    monkeypatch.setattr("desk.consequences.actions.carry_on", lambda *_, **__: 0)  # all are left to the worker
    made(session, town.close())
    assert carry_on(session, limit=1, now=NOW) == 1
    first = appointment_of(session, ids[0]).slot_id
    session.execute(update(Slot).where(Slot.id == first).values(status=SlotStatus.CLOSED, is_open=False))
    carry_on(session, now=NOW)
    rest = {appointment_of(session, id).slot_id for id in ids[1:]}
    assert len(rest) == 1
    assert rest.isdisjoint({first, lost})


def test_fewer_counters_hit_a_household_as_one(session: WriteSession) -> None:
    town = Town(session)
    town.people(1)
    ids = family_of_three(town)
    assert verify(session) == []
    act: Any = town.with_rule(counters=1)
    with pytest.raises(PeopleAreHit) as hit:
        made_now(town, act)
    assert {each.id for each in hit.value.hit} == set(ids), "all of them, with the one who has their place"


def test_a_household_that_was_there_first_is_not_hit_by_its_number(session: WriteSession) -> None:
    town = Town(session)
    family_of_three(town)
    last = town.people(1)
    with pytest.raises(PeopleAreHit) as hit:
        made_now(town, town.with_rule(counters=1))
    assert [each.id for each in hit.value.hit] == last


def made_now(town: Town, act: Any) -> None:
    carry_out(town.session, intended=town.intended(ChangeKind.RULE, act), answer=None, actor=acting(5), now=NOW)


# -- how long they take


def test_their_visit_is_measured_as_one(session: WriteSession) -> None:
    town = Town(session)
    ids = family_of_three(town)
    [other] = town.people(1, first=8 * 60 + 15)
    came = at(SUNDAY, hour=8)
    clerk = acting(5)
    for id in (*ids, other):
        record_arrival(session, appointment_id=id, actor=clerk, now=came)
    for minutes, id in zip((10, 12, 14, 24), (*ids, other), strict=True):
        when = came + timedelta(minutes=minutes)
        record_outcome(session, appointment_id=id, outcome=Outcome.SERVED, is_sure=True, actor=clerk, now=when)
    here = {"office_id": town.office.id, "zone": town.office.zone, "queue_ids": [town.queue.id], "today": SUNDAY}
    found = worksheets.measured(session, **here)[town.queue.id]  # type: ignore[arg-type]
    assert (found.visits, found.left_out) == (1, 1), "the household is the first of the day"


def test_their_visit_begins_with_the_first_of_them(session: WriteSession) -> None:
    town = Town(session)
    ids = family_of_three(town)
    came = at(SUNDAY, hour=8)
    for nth, id in enumerate(ids):
        record_arrival(session, appointment_id=id, actor=acting(5), now=came)
        done = came + timedelta(minutes=10 + nth)
        began = came + timedelta(minutes=2) if nth == 0 else done
        session.execute(update(LineEntry).where(LineEntry.appointment_id == id).values(began_at=began))
        record_outcome(session, appointment_id=id, outcome=Outcome.SERVED, is_sure=True, actor=acting(5), now=done)
    here = {"office_id": town.office.id, "zone": town.office.zone, "queue_ids": [town.queue.id], "today": SUNDAY}
    found = worksheets.measured(session, **here)[town.queue.id]  # type: ignore[arg-type]
    assert (found.visits, found.left_out) == (1, 0)
