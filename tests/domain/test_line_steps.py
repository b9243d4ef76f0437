"""Taking steps in the line back, presses that come twice or late, priority, and the numbers of the order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from desk.acting import Actor, OutOfReach, Permission
from desk.events.queries import of
from desk.language.text import Localised
from desk.line import actions
from desk.line.entries import rules_of
from desk.line.history import LineEvent
from desk.line.jobs import KEYS_KEPT, forget_classes, forget_presses
from desk.line.models import LineEntry, LinePress
from desk.line.refusals import CounterBusy, LineRulesOutOfOrder, NothingToUndo, NotPossibleNow, NotYourPress
from desk.line.rules import EntryState, LineRules
from desk.organisation import Scope
from desk.storage.base import WriteSession
from desk.verify import verify
from desk.visits.rules import Outcome
from desk.waiting.actions import save_class
from desk.waiting.rules import ClassReason
from tests.domain.line_scene import CLERK, OneDay, after, press
from tests.makers import acting

SEEN: dict[str, Any] = {"reason": ClassReason.SEEN}


@pytest.fixture
def day(session: WriteSession) -> OneDay:
    return OneDay(session)


def a_class(day: OneDay, *, is_active: bool = True) -> int:
    name = Localised({"fa": "باردار"})
    return save_class(day.session, name=name, days=3, is_active=is_active, actor=CLERK, now=after(0))


def test_every_step_is_taken_back_one_by_one(day: OneDay) -> None:
    id = day.came(1, booked=0)
    seen = [day.entry(id)]
    for minute, (action, said) in enumerate(
        [
            (actions.call_this, {"counter": 1}),
            (actions.call_again, {}),
            (actions.move_to_counter, {"counter": 2}),
            (actions.begin, {}),
            (actions.hold, {}),
            (actions.take_back, {}),
            (actions.call_this, {"counter": 1}),
            (actions.to_the_end, {}),
            (actions.went_away, {}),
        ],
        start=2,
    ):
        day.do(action, id, minute, **said)
        seen.append(day.entry(id))
    assert day.do(actions.finish, id, 20, outcome=Outcome.SERVED, press=press(20)) is True
    day.do(actions.undo, id, 21)
    for minute, before in enumerate(reversed(seen), start=22):
        told: dict[str, Any] = {"steps": 0, "changed_at": after(0)}
        assert day.entry(id)._replace(**told) == before._replace(**told)
        day.do(actions.undo, id, minute)
    assert day.entry(id).state is EntryState.LEFT, "at last the arrival"
    assert verify(day.session) == []


def test_only_what_the_page_meant_is_taken_back(day: OneDay) -> None:
    id = day.came(1, booked=0)
    day.do(actions.call_this, id, 2, counter=1)
    for meant in ("arrival", "outcome", LineEvent.BEGAN):
        with pytest.raises(NothingToUndo):
            day.do(actions.undo, id, 3, what=meant)
    day.do(actions.undo, id, 3, what=LineEvent.CALLED)
    day.do(actions.undo, id, 4, what="arrival")


def test_a_call_is_not_taken_back_to_a_counter_that_has_somebody_else(day: OneDay) -> None:
    first, second = day.came(1, booked=0), day.came(2, booked=0)
    day.next(3)
    day.do(actions.hold, first, 4)
    assert day.next(5) == second
    with pytest.raises(CounterBusy):
        day.do(actions.undo, first, 6)
    assert day.entry(first).state is EntryState.HELD


def test_a_press_that_comes_again_changes_nothing(day: OneDay) -> None:
    first, second = day.came(1, booked=0), day.came(2, booked=0)
    assert day.next(3, press=press(3)) == first
    day.do(actions.hold, first, 4, press=press(4, key="k2"))
    assert day.next(5, press=press(3)) == first, "the answer of then, and nobody else is called"
    again = day.do(actions.hold, first, 6, press=press(4, key="k2"))
    assert (again.is_repeat, again.state) == (True, EntryState.HELD)
    assert day.entry(second).state is EntryState.HERE
    assert day.session.scalar(select(func.count()).select_from(LinePress)) == 2
    for action, said in (
        (actions.call_this, {"counter": 1}),
        (actions.begin, {}),
        (actions.call_again, {}),
        (actions.move_to_counter, {"counter": 3}),
        (actions.take_back, {}),
        (actions.to_the_end, {}),
        (actions.went_away, {}),
        (actions.undo, {}),
        (actions.give_class, {"class_id": None, **SEEN}),
    ):
        before = day.entry(first)
        assert day.do(action, first, 7, press=press(4, key="k2"), **said).is_repeat
        assert day.entry(first) == before


def test_a_press_for_nobody_stays_for_nobody(day: OneDay) -> None:
    assert day.next(1, press=press(1)) is None
    day.came(2, booked=0)
    assert day.next(3, press=press(1)) is None


def test_arrivals_and_outcomes_are_recorded_once(day: OneDay) -> None:
    id = day.booked(0)
    assert day.do(actions.arrive, id, 2, press=press(1)) is True
    day.do(actions.undo, id, 3)
    assert day.do(actions.arrive, id, 4, press=press(1)) is False
    assert day.entry(id).state is EntryState.LEFT


def test_a_press_is_sent_under_the_account_that_made_it(day: OneDay) -> None:
    id = day.came(1, booked=0)
    with pytest.raises(NotYourPress):
        day.do(actions.hold, id, 2, press=press(2, staff_id=9))
    day.do(actions.hold, id, 2, press=press(2))
    with pytest.raises(NotYourPress):
        actions.take_back(day.session, appointment_id=id, press=press(2, staff_id=9), actor=acting(9), now=after(3))


def test_a_press_that_was_kept_counts_from_when_it_was_made(day: OneDay) -> None:
    id = day.came(10, booked=0)
    day.do(actions.call_this, id, 30, counter=1, press=press(12, key="a"))
    day.do(actions.begin, id, 30, press=press(9, key="b"))
    entry = day.entry(id)
    assert (entry.first_called_at, entry.began_at) == (after(12), after(12)), "never before what came before it"
    day.do(actions.undo, id, 31)
    day.do(actions.begin, id, 32, press=press(99, key="c"))
    assert day.entry(id).began_at == after(32), "and never in the future"


def test_a_refused_press_can_be_sent_again(session: WriteSession, day: OneDay) -> None:
    id = day.came(1, booked=0)
    with pytest.raises(NotPossibleNow), session.begin_nested():
        day.do(actions.begin, id, 2, press=press(2))
    day.do(actions.call_this, id, 3, counter=1)
    assert day.do(actions.begin, id, 4, press=press(2)).state is EntryState.IN_SERVICE


def test_a_class_brings_somebody_forward_and_is_counted_but_not_named(day: OneDay) -> None:
    first, second = day.came(1), day.came(2)
    given = a_class(day)
    day.do(actions.give_class, second, 3, class_id=given, **SEEN)
    assert day.order(4) == [second, first]
    [event] = [each for each in of(day.session, subject=f"appointment:{second}") if each.kind == LineEvent.PRIORITY]
    assert event.data == {"old": {"has_priority": False}, "new": {"has_priority": True}}
    [counted] = [each for each in of(day.session, subject=f"priority_class:{given}") if each.kind.endswith("given")]
    assert (counted.data, counted.office_id) == ({"reason": "seen"}, day.id)
    assert day.next(5) == second
    with pytest.raises(NotPossibleNow):
        day.do(actions.give_class, second, 6, class_id=None, **SEEN)
    with pytest.raises(LookupError):
        day.do(actions.give_class, first, 6, class_id=a_class(day, is_active=False), **SEEN)


@pytest.mark.requirement("000-05", "S")
def test_one_call_in_three_goes_to_a_class(day: OneDay) -> None:
    ids = [day.came(minute) for minute in range(1, 7)]
    given = a_class(day)
    for id in ids[3:]:
        day.do(actions.give_class, id, 10, class_id=given, **SEEN)
    called = [day.next(11 + counter, counter=counter) for counter in range(1, 7)]
    assert called == [ids[3], ids[0], ids[1], ids[4], ids[2], ids[5]]


def test_the_class_is_forgotten_once_the_day_is_over(day: OneDay) -> None:
    id = day.came(1)
    day.do(actions.give_class, id, 2, class_id=a_class(day), **SEEN)
    assert forget_classes(day.session, now=after(60), limit=9) == 0
    assert forget_classes(day.session, now=after(60) + timedelta(days=2), limit=9) == 1
    day.session.expire_all()
    assert day.session.get_one(LineEntry, id).class_id is None


def test_keys_of_presses_are_forgotten_after_some_days(day: OneDay) -> None:
    day.next(1, press=press(1))
    assert forget_presses(day.session, now=after(1) + KEYS_KEPT, limit=9) == 0
    assert forget_presses(day.session, now=after(2) + KEYS_KEPT, limit=9) == 1


def test_the_numbers_of_the_order_are_set_by_who_plans(day: OneDay) -> None:
    rules = LineRules(late_after=5, walk_in_counts_after=30, most_calls=2, priority_every=4, come_now_at=2)
    actions.set_line_rules(day.session, office_id=day.id, rules=rules, actor=CLERK, now=after(0))
    actions.set_line_rules(day.session, office_id=day.id, rules=rules, actor=CLERK, now=after(1))
    assert rules_of(day.session, office_id=day.id) == rules
    [event] = of(day.session, subject=f"office:{day.id}")
    assert event.data["new"] == {
        "late_after": 5,
        "walk_in_counts_after": 30,
        "most_calls": 2,
        "priority_every": 4,
        "come_now_at": 2,
    }
    late, walk, booked = day.came(6, booked=0), day.came(1), day.came(31, booked=30)
    assert day.order(32) == [walk, booked, late], "half an hour counts as booked, five minutes are late"
    with pytest.raises(LineRulesOutOfOrder) as refusal:
        actions.set_line_rules(day.session, office_id=day.id, rules=LineRules(most_calls=0), actor=CLERK, now=after(2))
    assert refusal.value.field == "most_calls"
    clerk = acting(8)
    only: dict[Permission, Scope] = {
        name: scope for name, scope in clerk.grants.items() if name != Permission.CAPACITY_WRITE
    }
    with pytest.raises(OutOfReach):
        actions.set_line_rules(
            day.session, office_id=day.id, rules=LineRules(), actor=Actor.staff(8, only), now=after(2)
        )


def test_what_is_not_as_the_last_step_left_it_is_not_taken_back(day: OneDay) -> None:
    first, second = day.came(1, booked=0), day.came(2, booked=0)
    day.next(3)
    day.do(actions.begin, first, 4)
    day.do(actions.finish, first, 5, outcome=Outcome.SERVED, press=press(5))
    assert day.next(6) == second
    day.do(actions.undo, first, 7)
    assert day.entry(first).state is EntryState.HELD, "somebody else is at their counter"
    with pytest.raises(NothingToUndo):
        day.do(actions.undo, first, 8)
