"""The line of the day: who comes is in it, is called once, and every slip is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from desk.acting import SYSTEM, OutOfReach
from desk.appointments.actions import cancel_by_office
from desk.appointments.rules import AppointmentState
from desk.codes import TrackingCode, is_well_formed
from desk.events.queries import of as events_of
from desk.line import actions
from desk.line.history import LineEvent
from desk.line.models import LineEntry
from desk.line.queries import on_display, places
from desk.line.refusals import CounterBusy, LineOver, NoSuchCounter, NotCalledOften, NotInLine, NotPossibleNow
from desk.line.rows import BoardState
from desk.line.rules import EntryState
from desk.offices.queries import office as office_of
from desk.organisation import Scope
from desk.storage.base import WriteSession
from desk.storage.signals import ChangedRow
from desk.verify import verify
from desk.visits.actions import record_arrival, record_outcome, undo_arrival, undo_outcome
from desk.visits.refusals import NotRecordable
from desk.visits.rules import Outcome
from desk.visits.windows import at_the_door
from tests.domain.line_scene import CLERK, OneDay, after
from tests.makers import TODAY, acting, make_appointment, make_slot


@pytest.fixture
def day(session: WriteSession) -> OneDay:
    return OneDay(session)


@pytest.mark.requirement("000-05", "S")
def test_who_arrives_is_in_line_and_called_by_the_order(day: OneDay) -> None:
    booked, walk, late = day.came(5, booked=0), day.came(1), day.came(30, booked=0)
    assert day.order(31) == [booked, walk, late]
    assert day.next(32) == booked
    assert (day.entry(booked).state, day.entry(booked).counter, day.entry(booked).calls) == (EntryState.CALLED, 1, 1)
    assert [day.next(33, counter=counter) for counter in (2, 3, 4)] == [walk, late, None]
    assert verify(day.session) == []


def test_the_outcome_ends_it_wherever_it_is_recorded(day: OneDay) -> None:
    id = day.came(1, booked=0)
    day.next(2)
    day.do(actions.begin, id, 3)
    record_outcome(day.session, appointment_id=id, outcome=Outcome.SERVED, actor=CLERK, now=after(9))
    entry = day.entry(id)
    assert (entry.state, entry.done_from, entry.ended_at) == (EntryState.DONE, EntryState.IN_SERVICE, after(9))
    assert day.next(10) is None
    undo_outcome(day.session, appointment_id=id, actor=CLERK, now=after(11))
    assert (day.entry(id).state, day.entry(id).counter, day.entry(id).ended_at) == (EntryState.IN_SERVICE, 1, None)
    assert verify(day.session) == []


def test_an_undone_outcome_waits_aside_where_the_counter_has_somebody_else(day: OneDay) -> None:
    id, other = day.came(1, booked=0), day.came(2, booked=0)
    day.next(2)
    record_outcome(day.session, appointment_id=id, outcome=Outcome.SERVED, actor=CLERK, now=after(9))
    assert day.next(10) == other
    undo_outcome(day.session, appointment_id=id, actor=CLERK, now=after(11))
    assert (day.entry(id).state, day.entry(id).counter) == (EntryState.HELD, None)
    assert verify(day.session) == []


def test_who_is_not_here_is_not_called(day: OneDay) -> None:
    id = day.came(1, booked=0)
    undo_arrival(day.session, appointment_id=id, actor=CLERK, now=after(2))
    assert day.entry(id).state is EntryState.LEFT
    assert day.next(3) is None
    with pytest.raises(NotInLine):
        day.do(actions.take_back, id, 4)
    number = day.entry(id).call_number
    record_arrival(day.session, appointment_id=id, actor=CLERK, now=after(25))
    entry = day.entry(id)
    assert (entry.state, entry.call_number, entry.came_at) == (EntryState.HERE, number, after(25))
    assert entry.quarter_at is None, "they really came late"
    cancel_by_office(day.session, appointment_id=id, actor=CLERK, reason="x", now=after(26))
    assert day.entry(id).state is EntryState.LEFT
    assert verify(day.session) == []


def test_a_number_without_an_appointment_stays_with_its_time(day: OneDay) -> None:
    first, second = day.came(1), day.came(2)
    assert [day.entry(id).call_number for id in (first, second)] == ["1", "2"]
    undo_arrival(day.session, appointment_id=first, actor=CLERK, now=after(3))
    assert actions.enter_walk_in(day.session, appointment_id=first, actor=CLERK, now=after(4)) == "1"
    assert day.order(5) == [first, second]
    assert day.entry(day.came(6)).call_number == "3", "and numbers never come twice"


def test_numbers_begin_anew_each_day_and_at_each_office(session: WriteSession) -> None:
    one, other = OneDay(session), OneDay(session)
    assert [one.entry(one.came(1)).call_number, other.entry(other.came(1)).call_number] == ["1", "1"]
    assert verify(session) == []


def test_a_counter_has_one_person(day: OneDay) -> None:
    first, second = day.came(1, booked=0), day.came(2, booked=0)
    day.next(3)
    for busy in (
        lambda: day.next(4),
        lambda: day.do(actions.call_this, second, 4, counter=1),
        lambda: day.do(actions.begin, second, 4, counter=1),
    ):
        with pytest.raises(CounterBusy) as refusal:
            busy()
        assert refusal.value.call_number == day.entry(first).call_number
    day.next(5, counter=2)
    with pytest.raises(CounterBusy):
        day.do(actions.move_to_counter, second, 6, counter=1)
    day.do(actions.move_to_counter, second, 6, counter=3)
    assert day.entry(second).counter == 3
    for counter in (0, 100):
        with pytest.raises(NoSuchCounter):
            day.next(7, counter=counter)


def test_a_step_is_possible_from_where_somebody_is(day: OneDay) -> None:
    id = day.came(1, booked=0)
    for action in (actions.begin, actions.call_again, actions.take_back):
        with pytest.raises(NotPossibleNow) as refusal:
            day.do(action, id, 2)
        assert refusal.value.state is EntryState.HERE
    day.do(actions.call_this, id, 3, counter=1)
    with pytest.raises(NotPossibleNow):
        day.do(actions.call_this, id, 4, counter=2)
    with pytest.raises(NotInLine):
        day.do(actions.call_this, day.booked(30), 4, counter=2)


def test_a_call_before_the_place_is_told_in_the_history(day: OneDay) -> None:
    first, second, third, fourth = (day.came(minute, booked=0) for minute in (1, 2, 3, 4))
    day.do(actions.call_this, first, 5, counter=1)
    day.do(actions.call_this, third, 6, counter=2)
    day.do(actions.hold, fourth, 7)
    day.do(actions.begin, fourth, 8, counter=3)
    day.do(actions.hold, third, 9)
    day.do(actions.call_this, third, 10, counter=2)
    day.do(actions.hold, first, 11)
    assert day.next(12) == second
    assert _passed_over(day, first) == [None], "it was their turn"
    assert _passed_over(day, third) == [1, None], "held after a call, they are called on as they like"
    assert _passed_over(day, fourth) == [1], "put aside first, and then taken before the other"
    assert _passed_over(day, second) == [None]


def _passed_over(day: OneDay, id: int) -> list[int | None]:
    told = reversed(events_of(day.session, subject=f"appointment:{id}"))
    kinds = (LineEvent.CALLED, LineEvent.BEGAN)
    return [each.data.get("passed_over") for each in told if each.kind in kinds]


def test_who_is_held_comes_back_with_the_old_place(day: OneDay) -> None:
    first, second = day.came(1, booked=0), day.came(2, booked=0)
    day.next(3)
    day.do(actions.begin, first, 4)
    day.do(actions.hold, first, 5)
    assert (day.entry(first).state, day.entry(first).counter) == (EntryState.HELD, None)
    assert day.order(6) == [second], "nobody calls them meanwhile"
    day.do(actions.take_back, first, 7)
    assert day.order(8) == [first, second]


def test_who_does_not_come_when_called_goes_to_the_end(day: OneDay) -> None:
    gone, walk = day.came(1, booked=0), day.came(2)
    day.next(3)
    day.do(actions.call_again, gone, 4)
    with pytest.raises(NotCalledOften):
        day.do(actions.to_the_end, gone, 5)
    day.do(actions.call_again, gone, 5)
    day.do(actions.to_the_end, gone, 6)
    assert day.order(7) == [walk, gone]
    assert (day.entry(gone).calls, day.entry(gone).called_at, day.entry(gone).first_called_at) == (
        3,
        after(5),
        after(3),
    )
    assert day.next(8) == walk


def test_who_went_away_has_no_outcome_by_that(day: OneDay) -> None:
    id = day.came(1, booked=0)
    day.do(actions.went_away, id, 2)
    assert day.next(3) is None
    [row] = day.board(3).rows
    assert (row.state, row.of_day.state) == (BoardState.LEFT, AppointmentState.ARRIVED)
    day.do(actions.take_back, id, 4)
    assert day.order(5) == [id]
    day.do(actions.went_away, id, 6)
    record_outcome(day.session, appointment_id=id, outcome=Outcome.SERVED, actor=CLERK, now=after(9))
    assert verify(day.session) == []


def test_a_line_that_is_over_has_no_steps(day: OneDay) -> None:
    id = day.came(1, booked=0)
    with pytest.raises(LineOver):
        day.do(actions.call_this, id, 24 * 60, counter=1)
    assert day.next(24 * 60) is None
    yesterday = day.booked(-24 * 60)
    record_arrival(day.session, appointment_id=yesterday, actor=CLERK, now=after(0))
    assert day.session.get(LineEntry, yesterday) is None
    assert verify(day.session) == []


def test_only_who_records_at_the_office_acts_in_its_line(day: OneDay) -> None:
    id, stranger = day.came(1, booked=0), acting(9, may=Scope.of(OneDay(day.session).office.node))
    with pytest.raises(OutOfReach):
        actions.call_next(day.session, office_id=day.id, counter=1, actor=stranger, now=after(2))
    with pytest.raises(OutOfReach):
        actions.call_this(day.session, appointment_id=id, counter=1, actor=stranger, now=after(2))
    with pytest.raises(OutOfReach):
        actions.undo(day.session, appointment_id=id, actor=stranger, now=after(2))


def test_open_pages_hear_of_each_step(day: OneDay) -> None:
    id = day.came(1, booked=0)
    day.session.info["changes"].clear()
    day.next(2)
    assert day.session.changes == {ChangedRow("turns", id, day.id, TODAY)}


def test_the_board_has_everybody_of_the_day_by_column(day: OneDay) -> None:
    later, expected = day.booked(45), day.booked(30)
    walk, second, first = day.came(4), day.came(3, booked=0), day.came(1, booked=0)
    served, held = day.came(1, booked=0), day.came(1, booked=0)
    day.do(actions.call_this, served, 5, counter=2)
    record_outcome(day.session, appointment_id=served, outcome=Outcome.SERVED, actor=CLERK, now=after(9))
    day.do(actions.hold, held, 6)
    shown = [(row.appointment_id, row.state, row.place) for row in day.board(10).rows]
    assert shown == [
        (expected, BoardState.EXPECTED, None),
        (later, BoardState.EXPECTED, None),
        (first, BoardState.HERE, 1),
        (second, BoardState.HERE, 2),
        (walk, BoardState.HERE, 3),
        (held, BoardState.HELD, None),
        (served, BoardState.DONE, None),
    ]
    by_id = {row.appointment_id: row for row in day.board(10).rows}
    assert by_id[walk].waits(after(10)) == 6
    assert by_id[second].waits(after(10)) == 7
    assert by_id[served].waits(after(60)) == 4
    assert by_id[expected].waits(after(10)) is None
    assert by_id[expected].number == by_id[expected].of_day.digits[-3:]


def test_the_display_has_numbers_and_counters(day: OneDay) -> None:
    first, second, third = (day.came(minute, booked=0) for minute in (1, 2, 3))
    for minute, counter in ((4, 1), (5, 2)):
        day.next(minute, counter=counter)
    record_outcome(day.session, appointment_id=first, outcome=Outcome.SERVED, actor=CLERK, now=after(6))
    day.next(7)
    shown = on_display(day.session, office_id=day.id, day=TODAY)
    number = {id: day.entry(id).call_number for id in (first, second, third)}
    assert [(each.call_number, each.counter) for each in shown.now] == [(number[third], 1), (number[second], 2)]
    assert [(each.call_number, each.counter) for each in shown.lately] == [(number[first], 1)]


def test_the_place_and_the_minutes_are_told_from_what_is_planned_and_then_measured(day: OneDay) -> None:
    ids = [day.came(1, booked=0) for _ in range(5)]
    found = places(day.session, office_id=day.id, day=TODAY, now=after(2))
    assert [(each.place, each.minutes) for each in found] == [(1, 5), (2, 5), (3, 5), (4, 10), (5, 10)]
    assert found[0].call_number == day.entry(ids[0]).call_number
    for minute, id in zip((12, 22, 32, 42), ids, strict=False):
        day.do(actions.call_this, id, minute, counter=minute)
    [last] = places(day.session, office_id=day.id, day=TODAY, now=after(52))
    assert (last.place, last.minutes) == (1, 10)
    assert day.session.scalar(select(LineEntry.calls).where(LineEntry.appointment_id == ids[0])) == 1


def test_a_day_later_nothing_of_yesterday_is_called(day: OneDay) -> None:
    day.came(1, booked=0)
    tomorrow = day.came(24 * 60 + 1, booked=24 * 60)
    assert day.next(24 * 60 + 2) == tomorrow
    assert day.entry(tomorrow).day == TODAY + timedelta(days=1)


def test_nothing_is_taken_back_that_did_not_happen(day: OneDay) -> None:
    id = day.booked(0)
    with pytest.raises(NotInLine):
        day.do(actions.undo, id, 1)
    record_arrival(day.session, appointment_id=id, actor=CLERK, now=after(1))
    day.do(actions.undo, id, 2)
    assert day.entry(id).state is EntryState.LEFT
    with pytest.raises(NotInLine):
        day.do(actions.undo, id, 3)
    with pytest.raises(NotRecordable):
        undo_arrival(day.session, appointment_id=id, actor=CLERK, now=after(3))


def test_the_door_list_leaves_out_who_came_without_an_appointment(day: OneDay) -> None:
    booked, _walk = day.came(1, booked=0), day.came(2)
    office = office_of(day.session, office_id=day.id)
    assert office is not None
    listed = at_the_door(day.session, actor=SYSTEM, office=office, day=TODAY, now=after(5))
    assert listed is not None
    assert [(each.appointment_id, each.number) for each in listed] == [(booked, day.entry(booked).call_number)]


def test_a_number_without_an_appointment_never_sounds_like_one_of_the_door_list(day: OneDay) -> None:
    code = next(code for n in range(1000) if is_well_formed(code := f"12{n:04}001"))
    slot = make_slot(day.session, queue=day.queue, starts_at=after(200))
    make_appointment(day.session, slot=slot, service=day.service, code=TrackingCode(code))
    assert [day.entry(day.came(minute)).call_number for minute in (1, 2)] == ["2", "3"], "1 is 001"
