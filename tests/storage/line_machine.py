"""A day in a line in any order: two marshals, six counters, and what must be so after each of their presses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from desk.acting import Actor
from desk.appointments.actions import cancel_by_office
from desk.line import actions
from desk.line.entries import entries_of
from desk.line.rows import AfterPress, Entry
from desk.line.rules import AT_COUNTER, EntryState, Press
from desk.refusals import Refusal
from desk.storage.base import WriteSession
from desk.verify import verify
from desk.visits.actions import record_arrival, record_outcome, undo_arrival, undo_outcome
from desk.visits.rules import Outcome
from tests.domain.line_scene import OneDay, after
from tests.makers import TODAY, acting
from tests.storage.booking_model import Database

MARSHALS = (acting(7), acting(8))
BOOKED, WITHOUT, COUNTERS = 8, 4, 6
some = st.integers(0, BOOKED + WITHOUT - 1)
counters = st.integers(1, COUNTERS)
marshals = st.sampled_from(MARSHALS)


@dataclass
class Waits:
    """Somebody who waits, as the model knows them: minutes after eight."""

    came: float
    quarter: float | None
    since: float


@dataclass
class LineModel:
    """The line as it should be: who is where, and since when those wait who wait."""

    state: dict[int, EntryState] = field(default_factory=dict)
    counter: dict[int, int] = field(default_factory=dict)
    waits: dict[int, Waits] = field(default_factory=dict)
    numbers: dict[int, str] = field(default_factory=dict)

    def first(self, now: float) -> set[int]:
        """Who may be called next: more than one only where two came in the same moment."""
        here = [id for id, state in self.state.items() if state is EntryState.HERE]
        booked, walks, early = {}, {}, {}
        for id in here:
            who = self.waits[id]
            quarter = who.quarter
            if quarter is None and now - who.since >= 60:
                quarter = (who.since + 60) // 15 * 15
            if quarter is None:
                walks[id] = (who.since,)
            elif quarter <= now:
                booked[id] = (quarter, who.since)
            else:
                early[id] = (quarter, who.since)
        for group in (booked, walks, early):
            if group:
                least = min(group.values())
                return {id for id, key in group.items() if key == least}
        return set()


class DayInTheLine(RuleBasedStateMachine):
    """Twelve people, two marshals, six counters."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.now: float = 0
        self.model = LineModel()
        self.presses: list[tuple[Callable[..., Any], dict[str, Any], Actor, Any]] = []
        self.office, self.people = self.database.write(self._open)
        self.booked = {id: nth * 15.0 for nth, id in enumerate(self.people[:BOOKED])}

    @staticmethod
    def _open(session: WriteSession) -> tuple[int, list[int]]:
        day = OneDay(session, places=BOOKED + WITHOUT)
        return day.id, [*(day.booked(nth * 15) for nth in range(BOOKED)), *(day.without() for _ in range(WITHOUT))]

    def teardown(self) -> None:
        self.database.empty()

    # -- time, and what happens to machines

    @rule(minutes=st.integers(1, 40))
    def time_goes_on(self, minutes: int) -> None:
        self.now = min(self.now + minutes, 9 * 60)

    @rule()
    def everything_is_started_anew(self) -> None:
        self.database.restart()

    # -- what the marshals do

    @rule(who=some, marshal=marshals)
    def arrives(self, who: int, marshal: Actor) -> None:
        id = self.people[who]
        answer = self._press(actions.arrive, marshal, appointment_id=id)
        if (
            answer is True
            and self._entry(id).state is EntryState.HERE
            and self.model.state.get(id)
            in (
                None,
                EntryState.LEFT,
            )
        ):
            self._came(id)

    @rule(counter=counters, marshal=marshals)
    def next_one(self, counter: int, marshal: Actor) -> None:
        may_be = self.model.first(self.now)
        answer = self._press(actions.call_next, marshal, office_id=self.office, counter=counter)
        if counter in self.model.counter.values():
            assert isinstance(answer, Refusal)
        elif not may_be:
            assert answer is None
        else:
            assert answer.appointment_id in may_be, (answer, may_be)
            self._is_at(answer)

    @rule(who=some, counter=counters, marshal=marshals)
    def this_one(self, who: int, counter: int, marshal: Actor) -> None:
        id = self.people[who]
        fits = self.model.state.get(id) in (EntryState.HERE, EntryState.HELD)
        free = counter not in self.model.counter.values()
        answer = self._press(actions.call_this, marshal, appointment_id=id, counter=counter)
        assert isinstance(answer, AfterPress) == (fits and free)
        if fits and free:
            self._is_at(answer)

    @rule(who=some, marshal=marshals, step=st.sampled_from(["begin", "call_again", "hold", "take_back", "went_away"]))
    def takes_a_step(self, who: int, marshal: Actor, step: str) -> None:
        answer = self._press(getattr(actions, step), marshal, appointment_id=self.people[who])
        if isinstance(answer, AfterPress):
            self._is_at(answer)

    @rule(who=some, marshal=marshals)
    def goes_to_the_end(self, who: int, marshal: Actor) -> None:
        answer = self._press(actions.to_the_end, marshal, appointment_id=self.people[who])
        if isinstance(answer, AfterPress):
            self._is_at(answer)
            self.model.waits[answer.appointment_id] = Waits(0, None, self.now)

    @rule(who=some, counter=counters, marshal=marshals)
    def goes_to_another_counter(self, who: int, counter: int, marshal: Actor) -> None:
        answer = self._press(actions.move_to_counter, marshal, appointment_id=self.people[who], counter=counter)
        if isinstance(answer, AfterPress):
            self._is_at(answer)

    @rule(who=some, marshal=marshals)
    def is_taken_back(self, who: int, marshal: Actor) -> None:
        answer = self._press(actions.undo, marshal, appointment_id=self.people[who])
        if isinstance(answer, AfterPress):
            self._read_anew(answer.appointment_id)

    @rule(who=some, marshal=marshals, does=st.sampled_from([undo_arrival, undo_outcome, record_arrival]))
    def another_page_records(self, who: int, marshal: Actor, does: Callable[..., Any]) -> None:
        id, known = self.people[who], self.model.state.get(self.people[who])
        answer = self.database.write(does, appointment_id=id, actor=marshal, now=after(self.now))
        if isinstance(answer, Refusal):
            return
        if does is record_arrival:
            if known in (None, EntryState.LEFT) and self._entry(id).state is EntryState.HERE:
                self._came(id)
            return
        self._read_anew(id)

    @rule(who=some, marshal=marshals, way=st.sampled_from(["page", "press"]))
    def is_served(self, who: int, marshal: Actor, way: str) -> None:
        id = self.people[who]
        if way == "press":
            answer = self._press(actions.finish, marshal, appointment_id=id, outcome=Outcome.SERVED)
        else:
            given = {"appointment_id": id, "outcome": Outcome.SERVED, "actor": marshal, "now": after(self.now)}
            answer = self.database.write(record_outcome, **given)
        if not isinstance(answer, Refusal) and id in self.model.state:
            self.model.state[id] = EntryState.DONE
            self.model.counter.pop(id, None)

    @rule(who=some, marshal=marshals)
    def is_cancelled(self, who: int, marshal: Actor) -> None:
        id = self.people[who]
        answer = self.database.write(
            cancel_by_office, appointment_id=id, actor=marshal, reason="x", tells=False, now=after(self.now)
        )
        if not isinstance(answer, Refusal) and id in self.model.state:
            self.model.state[id] = EntryState.LEFT
            self.model.counter.pop(id, None)

    @rule(nth=st.integers(0, 30))
    def a_kept_press_is_sent_again(self, nth: int) -> None:
        if not self.presses:
            return
        act, given, actor, answered = self.presses[nth % len(self.presses)]
        before = self._entries()
        again = self.database.write(act, **given, actor=actor, now=after(self.now))
        if isinstance(answered, Refusal):
            assert self._entries() == before or not isinstance(again, Refusal)
            for id in self.people:
                self._read_anew(id)  # what was refused then may be possible now
            return
        assert self._entries() == before, "a press that was applied changes nothing any more"
        if isinstance(answered, AfterPress):
            assert again.is_repeat

    # -- what must be so

    @invariant()
    def the_line_is_as_the_model_says(self) -> None:
        found = self._entries()
        assert {id: each.state for id, each in found.items()} == self.model.state
        at = {id: each.counter for id, each in found.items() if each.state in AT_COUNTER}
        assert at == self.model.counter
        assert len(set(at.values())) == len(at)
        for id, each in found.items():
            assert self.model.numbers.setdefault(id, each.call_number) == each.call_number
        assert len({int(number) for number in self.model.numbers.values()}) == len(self.model.numbers)

    @invariant()
    def verify_finds_nothing(self) -> None:
        assert self.database.read(verify) == []

    # -- how it is done

    def _press(self, act: Callable[..., Any], actor: Actor, **given: Any) -> Any:
        given["press"] = Press(key=f"k{len(self.presses)}", pressed_at=after(self.now), staff_id=actor.staff_id)
        answer = self.database.write(_all_or_nothing, act=act, **given, actor=actor, now=after(self.now))
        if answer is not None:  # a press for nobody stays for nobody, also where somebody waits later
            self.presses.append((_kept(act), given, actor, answer))
        return answer

    def _came(self, id: int) -> None:
        quarter: float | None = None
        if id in self.booked and self.now <= self.booked[id] + 20:
            quarter = self.booked[id] // 15 * 15
        before = self.model.waits.get(id)
        is_walk_in_again = id not in self.booked and before is not None
        entry = self._entry(id)
        since = _minutes(entry.came_at) if is_walk_in_again else self.now
        self.model.state[id] = EntryState.HERE
        self.model.waits[id] = Waits(since, quarter, since)
        assert (entry.quarter_at is None) == (quarter is None)

    def _is_at(self, answer: AfterPress) -> None:
        id = answer.appointment_id
        self.model.state[id] = answer.state
        self.model.counter.pop(id, None)
        if answer.state in AT_COUNTER:
            assert answer.counter is not None
            self.model.counter[id] = answer.counter

    def _read_anew(self, id: int) -> None:
        entry = self._entries().get(id)
        if entry is None:
            return
        self.model.state[id] = entry.state
        self.model.counter.pop(id, None)
        if entry.state in AT_COUNTER and entry.counter is not None:
            self.model.counter[id] = entry.counter
        quarter = None if entry.quarter_at is None else _minutes(entry.quarter_at)
        self.model.waits[id] = Waits(_minutes(entry.came_at), quarter, _minutes(entry.lines_up_at))

    def _entry(self, id: int) -> Entry:
        return self._entries()[id]

    def _entries(self) -> dict[int, Entry]:
        found = self.database.read(lambda session: entries_of(session, office_id=self.office, day=TODAY))
        return {each.appointment_id: each for each in found}


def _minutes(moment: datetime) -> float:
    return (moment - after(0)) / timedelta(minutes=1)


def _all_or_nothing(session: WriteSession, *, act: Callable[..., Any], **given: Any) -> Any:
    """A press that is refused leaves nothing, as the back office's transactions do."""
    with session.begin_nested():
        return act(session, **given)


def _kept(act: Callable[..., Any]) -> Callable[..., Any]:
    def again(session: WriteSession, **given: Any) -> Any:
        return _all_or_nothing(session, act=act, **given)

    return again
