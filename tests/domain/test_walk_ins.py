"""People at the door without an appointment: a number for today, else a coming day, one each, and no lists."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk.acting import Actor, OutOfReach, Permission
from desk.appointments.actions import Booked
from desk.appointments.refusals import AlreadyHasAppointment, QuotaUsedUp
from desk.appointments.rules import AppointmentState
from desk.capacity.refusals import SlotTaken
from desk.capacity.saving_quotas import set_quotas
from desk.capacity.shares import Share, Shares
from desk.events.models import Event
from desk.offices.queries import office as office_row
from desk.offices.rows import OfficeRow
from desk.organisation import EVERYWHERE
from desk.people.rules import DocumentKind, IdentityDigest
from desk.staff.number_search import MOST_MISSES
from desk.staff.permissions import ROLES, Role
from desk.staff.refusals import TooManyNumbers
from desk.storage.base import WriteSession
from desk.visits.at_desk import AT_DESK, book_here, booked_at_desks, give_back_at_desk
from desk.walk_ins import registering
from desk.walk_ins.queries import call_number
from desk.walk_ins.refusals import NoNumberLeft, NumberLeft, TooManyWalkIns
from desk.walk_ins.registering import give_day, give_number, numbers_left
from desk.walk_ins.rules import MOST_AN_HOUR, WalkInEvent
from tests.domain.booking_scene import WEEK
from tests.domain.test_at_desk import PAPER
from tests.domain.test_shares import STAFF, Counters, broken
from tests.makers import acting, at, make_queue, make_slot, make_staff

OPEN = at(WEEK, hour=7)
"""An hour before the office opens on a day whose places were shared out a week ago."""


class Door(Counters):
    """The door of the office on the day, with a marshal."""

    def __init__(self, session: WriteSession, *, walk_in: int = 25) -> None:
        super().__init__(session)
        self.share(Shares(walk_in=walk_in))
        office = office_row(session, office_id=self.queue.office_id)
        assert office is not None
        self.office: OfficeRow = office
        self.marshal = acting(make_staff(session).id)

    def _given(self, over: dict[str, Any]) -> dict[str, Any]:
        self.keys += 1
        usual: dict[str, Any] = {
            "idem_key": f"door:{self.keys}",
            "office_id": self.queue.office_id,
            "service_id": self.service.id,
            "name": "ر. گ.",
            "document_kind": DocumentKind.AMAYESH,
            "identity": IdentityDigest(f"{self.keys:064}", "1234"),
            "actor": self.marshal,
            "now": OPEN,
        }
        return usual | over

    def number(self, **over: Any) -> Booked:
        return give_number(self.session, **self._given(over))

    def day(self, **over: Any) -> Booked:
        slot = {} if "slot_id" in over else {"slot_id": self.slots(WEEK + timedelta(days=1))[0].id}
        return give_day(self.session, **self._given(slot | over))

    def kinds(self) -> list[str]:
        found = select(Event.kind).where(Event.kind.startswith("walk_in.")).order_by(Event.id)
        return list(self.session.scalars(found))


@pytest.fixture
def door(session: WriteSession) -> Door:
    return Door(session)


@pytest.mark.requirement("000-14", "S")
def test_who_comes_without_a_turn_has_a_place_of_todays_share_and_belongs_to_no_chat(door: Door) -> None:
    row = door.row(door.number())
    assert (row.day, row.share, row.conversation_id) == (WEEK, Share.WALK_IN, None)
    assert row.state is AppointmentState.ARRIVED
    assert call_number(door.session, appointment_id=row.id) == "1"
    assert door.kinds() == [WalkInEvent.NUMBER]
    assert door.left(door.slots()[0]) + door.apart(Share.WALK_IN) > 0
    assert broken(door.session) == []


def test_the_number_is_hashed_and_a_person_has_one(door: Door) -> None:
    door.number(identity=PAPER)
    before = door.apart(Share.WALK_IN)
    with pytest.raises(AlreadyHasAppointment):
        door.number(identity=PAPER)
    assert door.apart(Share.WALK_IN) == before, "a refusal takes no place"
    assert broken(door.session) == []


def test_a_second_press_takes_no_second_place(door: Door) -> None:
    first = door.number(idem_key="one press", identity=PAPER)
    left = door.apart(Share.WALK_IN)
    again = door.number(idem_key="one press", identity=PAPER)
    assert (again.appointment_id, again.is_repeat) == (first.appointment_id, True)
    assert door.apart(Share.WALK_IN) == left
    assert door.kinds() == [WalkInEvent.NUMBER]


@pytest.mark.requirement("000-14", "S")
def test_who_finds_no_number_has_a_coming_day_and_not_before(door: Door) -> None:
    office = door.office
    assert numbers_left(door.session, office=office, service_id=door.service.id, now=OPEN) == 4
    with pytest.raises(NumberLeft):
        door.day()
    for _ in range(4):
        door.number()
    assert numbers_left(door.session, office=office, service_id=door.service.id, now=OPEN) == 0
    with pytest.raises(NoNumberLeft):
        door.number()
    row = door.row(door.day())
    assert (row.day, row.share, row.conversation_id) == (WEEK + timedelta(days=1), None, None)
    assert door.kinds()[-1] == WalkInEvent.DAY
    assert broken(door.session) == []


def test_a_place_whose_start_has_passed_is_no_number(door: Door) -> None:
    assert numbers_left(door.session, office=door.office, service_id=door.service.id, now=at(WEEK, hour=12)) == 0
    with pytest.raises(NoNumberLeft):
        door.number(now=at(WEEK, hour=12))


def test_a_quota_of_the_day_holds_at_the_door_too(door: Door) -> None:
    set_quotas(door.session, queue_id=door.queue.id, quotas={door.service.id: 1}, **STAFF)
    door.number()
    with pytest.raises(NoNumberLeft):
        door.number()
    with pytest.raises(QuotaUsedUp):
        door.day(slot_id=door.slots()[5].id)
    assert broken(door.session) == []


def test_no_time_of_another_office_is_taken(session: WriteSession) -> None:
    door = Door(session, walk_in=0)
    other = make_queue(session, services=[door.service])
    with pytest.raises(SlotTaken):
        door.day(slot_id=make_slot(session, queue=other, starts_at=at(WEEK, hour=9)).id)


def test_marshal_clerk_and_manager_register_and_nobody_of_a_chat(door: Door) -> None:
    register = {role for role, permissions in ROLES.items() if Permission.APPOINTMENTS_WALK_IN in permissions}
    assert register == {Role.MARSHAL, Role.CLERK, Role.OFFICE_MANAGER, Role.ADMINISTRATOR}
    for act in (door.number, door.day):
        with pytest.raises(OutOfReach):
            act(actor=Actor.chat(door.chat.id))


def test_who_tried_too_many_numbers_registers_nobody(door: Door) -> None:
    booked = book_here(
        door.session,
        idem_key="desk",
        slot_id=door.slots(WEEK + timedelta(days=1))[1].id,
        service_id=door.service.id,
        name="ر. گ.",
        document_kind=DocumentKind.AMAYESH,
        identity=PAPER,
        beside=False,
        actor=door.marshal,
        now=OPEN,
    )
    wrong = IdentityDigest("f" * 64, "0000")
    for _ in range(MOST_MISSES):
        given: dict[str, Any] = {"appointment_id": booked.appointment_id, "actor": door.marshal, "now": OPEN}
        assert not give_back_at_desk(door.session, **given, identity=wrong)
    for act in (door.number, door.day):
        with pytest.raises(TooManyNumbers):
            act()


def test_an_account_registers_only_so_many_an_hour(session: WriteSession) -> None:
    door = Door(session, walk_in=0)
    slot = door.slot(at(WEEK + timedelta(days=1), hour=15), capacity=MOST_AN_HOUR + 2)
    for _ in range(MOST_AN_HOUR):
        door.day(slot_id=slot.id)
    with pytest.raises(TooManyWalkIns) as refused:
        door.day(slot_id=slot.id)
    assert refused.value.until == OPEN + timedelta(hours=1)
    door.day(slot_id=slot.id, now=OPEN + timedelta(hours=1))
    door.day(slot_id=slot.id, actor=acting(make_staff(session).id))


def test_without_the_bound_one_account_could_bring_a_list(
    session: WriteSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the guard: nothing is counted."""
    monkeypatch.setattr(registering, "too_many_until", lambda *_given, **_rest: None)
    door = Door(session, walk_in=0)
    slot = door.slot(at(WEEK + timedelta(days=1), hour=15), capacity=MOST_AN_HOUR + 1)
    for _ in range(MOST_AN_HOUR + 1):
        door.day(slot_id=slot.id)
    assert door.left(slot) == 0


def test_those_above_see_who_gave_coming_days_at_the_door(session: WriteSession) -> None:
    door = Door(session, walk_in=0)
    door.day()
    asked: dict[str, Any] = {"scope": EVERYWHERE, "since": OPEN - timedelta(days=1)}
    assert booked_at_desks(session, **asked) == []
    assert [each.times for each in booked_at_desks(session, **asked, kinds=(AT_DESK, WalkInEvent.DAY))] == [1]
