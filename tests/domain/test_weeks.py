"""A whole week of a queue is set in one go, at one queue or many: what stands stays, what is planned is not undone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from desk.capacity.actions import set_week
from desk.capacity.models import OpeningRule, Queue, Slot
from desk.capacity.next_free import ServiceHere, days_to_next_free
from desk.capacity.planned_hours import Hours
from desk.capacity.queries import rules_of
from desk.capacity.refusals import HoursOutOfOrder, NotPlausible, OtherHoursPlanned, WeekOutOfOrder
from desk.capacity.rules import AtRange, Doubt, RangeFault
from desk.capacity.weeks import Week, last_day_of, week_on, weeks_ahead
from desk.catalogue.models import Service
from desk.consequences.actions import IntendedChange
from desk.consequences.foreseeing import Foreseen, foresee
from desk.consequences.hit import Reach
from desk.consequences.rules import ChangeKind
from desk.events import queries as events
from desk.storage.base import WriteSession
from desk.verify import verify
from tests.makers import NOW, TODAY, acting, make_appointment, make_conversation, make_office, make_queue, make_service
from tests.makers_hours import make_rule

TOMORROW = TODAY + timedelta(days=1)
STAFF: dict[str, Any] = {"actor": acting(5), "now": NOW}
MORNING, AFTERNOON = Hours(8 * 60, 12 * 60, 15, 3), Hours(13 * 60, 15 * 60, 20, 1)
CLOSED = Week(((),) * 7)


def week(**days: tuple[Hours, ...]) -> Week:
    """A week that is open on these days, named d0 (Saturday) to d6, and closed on all others."""
    return Week(tuple(days.get(f"d{weekday}", ()) for weekday in range(7)))


SPLIT = week(d0=(MORNING, AFTERNOON), d1=(MORNING,))


def _queue(session: WriteSession) -> tuple[Queue, Service]:
    service = make_service(session)
    return make_queue(session, services=[service]), service


def _places(session: WriteSession, queue: Queue, day: date) -> int:
    query = select(func.coalesce(func.sum(Slot.planned), 0)).where(Slot.queue_id == queue.id, Slot.day == day)
    return int(session.scalars(query).one())


def _spans(session: WriteSession, queue: Queue) -> list[tuple[int, int, date, date | None]]:
    return sorted(
        (each.weekday, each.opens, each.valid_from, each.valid_to) for each in rules_of(session, queue_id=queue.id)
    )


@pytest.mark.requirement("000-13", "S")
def test_a_week_with_breaks_gives_its_places_and_nothing_in_the_break(session: WriteSession) -> None:
    queue, _ = _queue(session)

    changed = set_week(session, queue_ids=[queue.id], week=SPLIT, from_day=TOMORROW, **STAFF)

    saturday = TODAY + timedelta(days=7)
    starts = session.scalars(select(Slot.starts_at).where(Slot.queue_id == queue.id, Slot.day == saturday)).all()
    assert changed == (queue.id,)
    assert SPLIT.places == 16 * 3 + 6 + 16 * 3
    assert [_places(session, queue, TOMORROW), _places(session, queue, saturday)] == [48, 54]
    assert len(starts) == 16 + 6  # none between twelve and one
    assert verify(session) == []


def test_what_stands_already_keeps_its_rule_and_nothing_is_written_twice(session: WriteSession) -> None:
    queue, _ = _queue(session)
    set_week(session, queue_ids=[queue.id], week=SPLIT, from_day=TODAY, **STAFF)
    stood = {rule.id for rule in rules_of(session, queue_id=queue.id)}

    again = set_week(session, queue_ids=[queue.id], week=SPLIT, from_day=TOMORROW, **STAFF)
    other = week(d0=(MORNING,), d1=(MORNING,))
    set_week(session, queue_ids=[queue.id], week=other, from_day=TOMORROW, **STAFF)

    assert again == ()
    assert {rule.id for rule in rules_of(session, queue_id=queue.id)} == stood
    assert week_on(rules_of(session, queue_id=queue.id), day=TODAY) == SPLIT
    assert week_on(rules_of(session, queue_id=queue.id), day=TOMORROW) == other
    assert len(events.of(session, subject=f"queue:{queue.id}")) == 2


def test_a_week_for_a_time_gives_way_to_the_one_of_before(session: WriteSession) -> None:
    queue, _ = _queue(session)
    set_week(session, queue_ids=[queue.id], week=SPLIT, from_day=TODAY, **STAFF)
    first, last = TODAY + timedelta(days=7), TODAY + timedelta(days=13)
    for_a_time = week(d0=(MORNING,), d2=(AFTERNOON,))

    set_week(session, queue_ids=[queue.id], week=for_a_time, from_day=first, to_day=last, goes_back=True, **STAFF)

    rules = rules_of(session, queue_id=queue.id)
    assert week_on(rules, day=first - timedelta(days=1)) == SPLIT
    assert week_on(rules, day=first) == week_on(rules, day=last) == for_a_time
    assert week_on(rules, day=last + timedelta(days=1)) == SPLIT
    assert weeks_ahead(rules, after=TODAY) == [first, last + timedelta(days=1)]
    set_week(session, queue_ids=[queue.id], week=CLOSED, from_day=first, to_day=last, goes_back=False, **STAFF)
    assert week_on(rules_of(session, queue_id=queue.id), day=first) == CLOSED


def test_without_going_back_the_queue_is_closed_after_the_last_day(session: WriteSession) -> None:
    queue, _ = _queue(session)
    set_week(session, queue_ids=[queue.id], week=SPLIT, from_day=TODAY, **STAFF)
    last = TODAY + timedelta(days=20)

    set_week(session, queue_ids=[queue.id], week=SPLIT, from_day=TODAY, to_day=last, **STAFF)

    rules = rules_of(session, queue_id=queue.id)
    assert last_day_of(rules, day=TODAY) == last
    assert week_on(rules, day=last + timedelta(days=1)) == CLOSED


def test_hours_planned_for_later_are_named_and_not_undone(session: WriteSession) -> None:
    queue, _ = _queue(session)
    planned = TODAY + timedelta(days=30)
    make_rule(session, queue=queue, weekday=1, valid_from=planned)

    with pytest.raises(OtherHoursPlanned) as refused:
        set_week(session, queue_ids=[queue.id], week=SPLIT, from_day=TODAY, **STAFF)
    set_week(session, queue_ids=[queue.id], week=SPLIT, from_day=TODAY, to_day=planned - timedelta(days=1), **STAFF)

    assert refused.value.day == planned
    assert (1, 480, planned, None) in _spans(session, queue)


@pytest.mark.parametrize(
    ("hours", "fault"),
    [
        ((MORNING, Hours(11 * 60, 15 * 60, 15, 1)), {AtRange(0, 1): RangeFault.OVERLAP}),
        ((Hours(14 * 60, 8 * 60, 15, 1),), {AtRange(0, 0): RangeFault.ORDER}),
        ((Hours(8 * 60, 9 * 60, 90, 1),), {AtRange(0, 0): RangeFault.SHORT}),
        ((AFTERNOON, MORNING), {}),  # in any order; they touch nowhere
        ((Hours(480, 600, 15, 1), Hours(600, 720, 15, 1)), {}),
    ],
)
def test_faults_are_named_where_they_are(
    session: WriteSession, hours: tuple[Hours, ...], fault: dict[AtRange, RangeFault]
) -> None:
    queue, _ = _queue(session)

    assert week(d0=hours).faults() == fault
    if fault:
        with pytest.raises(WeekOutOfOrder):
            set_week(session, queue_ids=[queue.id], week=week(d0=hours), from_day=TODAY, **STAFF)
        assert rules_of(session, queue_id=queue.id) == []


def test_too_many_places_of_a_day_are_asked_back_though_each_range_is_usual(session: WriteSession) -> None:
    queue, _ = _queue(session)
    crowded = week(d3=(Hours(8 * 60, 13 * 60, 15, 20), Hours(14 * 60, 18 * 60, 15, 20)))

    with pytest.raises(NotPlausible):
        set_week(session, queue_ids=[queue.id], week=crowded, from_day=TODAY, **STAFF)

    assert crowded.doubts() == {AtRange(3, 1): (Doubt.PLACES,)}
    assert set_week(session, queue_ids=[queue.id], week=crowded, from_day=TODAY, is_sure=True, **STAFF)


def test_a_week_begins_today_at_the_earliest_and_ends_after_it_begins(session: WriteSession) -> None:
    queue, _ = _queue(session)
    refusals: list[tuple[dict[str, Any], str]] = [
        ({"from_day": TODAY - timedelta(days=1)}, "valid_from"),
        ({"from_day": TOMORROW, "to_day": TODAY}, "valid_to"),
    ]
    for dates, field in refusals:
        with pytest.raises(HoursOutOfOrder) as refused:
            set_week(session, queue_ids=[queue.id], week=SPLIT, **dates, **STAFF)
        assert refused.value.field == field


def test_several_queues_take_the_week_all_or_none(session: WriteSession) -> None:
    queue, service = _queue(session)
    other = make_queue(session, office=make_office(session, code="72-2202"), services=[service])
    planned = make_queue(session, office=make_office(session, code="72-2203"), services=[service])
    make_rule(session, queue=planned, valid_from=TODAY + timedelta(days=30))

    with pytest.raises(OtherHoursPlanned), session.begin_nested():
        set_week(session, queue_ids=[queue.id, other.id, planned.id], week=SPLIT, from_day=TODAY, **STAFF)
    assert session.scalars(select(OpeningRule.queue_id)).all() == [planned.id]
    changed = set_week(session, queue_ids=[other.id, queue.id], week=SPLIT, from_day=TOMORROW, **STAFF)

    assert changed == (queue.id, other.id)
    assert _places(session, queue, TOMORROW) == _places(session, other, TOMORROW) == 48
    assert verify(session) == []


@pytest.mark.requirement("000-13", "M")
def test_what_a_week_would_do_is_what_it_does_and_seeing_it_changes_nothing(session: WriteSession) -> None:
    queue, service = _queue(session)
    set_week(session, queue_ids=[queue.id], week=week(d1=(Hours(480, 540, 30, 1),)), from_day=TODAY, **STAFF)
    chat = make_conversation(session)
    slots = session.scalars(select(Slot).where(Slot.queue_id == queue.id).order_by(Slot.starts_at).limit(3)).all()
    appointments = [make_appointment(session, slot=each, service=service, conversation=chat) for each in slots]
    here = ServiceHere(queue.office_id, service.id)
    later = week(d2=(MORNING,))
    before = days_to_next_free(session, queue_ids=[queue.id], now=NOW)

    def act(writing: WriteSession) -> None:
        set_week(writing, queue_ids=[queue.id], week=later, from_day=TODAY, **STAFF)

    reach = Reach(queue_id=queue.id)
    intended = IntendedChange(kind=ChangeKind.RULE, subject=f"queue:{queue.id}", reach=reach, act=act)
    with pytest.raises(Foreseen) as seen, session.begin_nested():
        foresee(session, intended=intended, queue_ids=[queue.id], **STAFF)
    session.expire_all()
    untouched = days_to_next_free(session, queue_ids=[queue.id], now=NOW)
    act(session)

    # Two of three Sundays are booked out: the first free place is eight days away, and Mondays come sooner.
    assert before == untouched == {here: 8}
    assert seen.value.days == {here: (8, 2)}
    assert [each.id for each in seen.value.hit] == [each.id for each in appointments]
    assert days_to_next_free(session, queue_ids=[queue.id], now=NOW) == {here: 2}


def test_the_history_keeps_the_old_and_the_new_hours_of_the_days_that_changed(session: WriteSession) -> None:
    queue, _ = _queue(session)
    set_week(session, queue_ids=[queue.id], week=SPLIT, from_day=TODAY, **STAFF)
    set_week(session, queue_ids=[queue.id], week=week(d0=(MORNING,), d1=(MORNING,)), from_day=TOMORROW, **STAFF)

    newest = events.of(session, subject=f"queue:{queue.id}")[0]

    assert (newest.kind, newest.actor_id) == ("week.save", 5)
    assert newest.data["old"] == {"0": [[480, 720, 15, 3], [780, 900, 20, 1]]}
    assert newest.data["new"] == {"0": [[480, 720, 15, 3]]}
    assert newest.data["places"] == [102, 96]
