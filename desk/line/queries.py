"""Reading the line: the board of a day, the places of those who wait, and what the display shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from desk.capacity.models import Queue, Slot, SlotStatus
from desk.line.entries import COLUMNS, entries, entries_of, rules_of
from desk.line.rows import Board, BoardRow, BoardState, Displayed, Entry, OnDisplay, PlaceInLine
from desk.line.rules import (
    AT_COUNTER,
    EntryState,
    LineRules,
    expected_minutes,
    has_priority,
    in_order,
    minutes_a_call,
    since_priority,
)
from desk.storage.upsert import table_of
from desk.visits.queries import day_list
from desk.visits.rules import call_numbers

__all__ = ["board", "entries_of", "on_display", "places", "rules_of", "waiting_in_order"]

SHOWN_LATELY = 6
"""How many numbers that were called before a display shows."""
_COLUMNS = tuple(BoardState)
_slots, _queues = table_of(Slot), table_of(Queue)
_CALLED = (
    select(*COLUMNS)
    .where(
        entries.c.office_id == bindparam("office"),
        entries.c.day == bindparam("day"),
        entries.c.called_at.is_not(None),
        entries.c.state != EntryState.HERE,
    )
    .order_by(entries.c.called_at.desc(), entries.c.appointment_id)
)
_RUNNING = (
    select(_slots.c.starts_at, _slots.c.minutes, _slots.c.planned)
    .join(_queues, _queues.c.id == _slots.c.queue_id)
    .where(
        _queues.c.office_id == bindparam("office"),
        _slots.c.day == bindparam("day"),
        _slots.c.status == SlotStatus.LIVE,
        _slots.c.starts_at <= bindparam("now", type_=_slots.c.starts_at.type),
    )
)


def board(session: Session, *, office_id: int, day: date, now: datetime) -> Board:
    """The board of a day: who is expected by their time, who waits in the order of calling, and the others.

    Three statements.
    """
    rules = rules_of(session, office_id=office_id)
    came = {entry.appointment_id: entry for entry in entries_of(session, office_id=office_id, day=day)}
    of_day = day_list(session, office_id=office_id, day=day)
    ordered = {
        each.appointment_id: place for place, each in enumerate(waiting_in_order(came.values(), rules, now=now), 1)
    }
    walk_ins = {id for id, entry in came.items() if entry.is_walk_in}
    codes = [row.digits for row in of_day if row.appointment_id not in walk_ins]
    on_the_door_list = dict(zip(codes, call_numbers(codes), strict=True))
    rows = []
    for row in of_day:
        entry = came.get(row.appointment_id)
        number = on_the_door_list[row.digits] if entry is None else entry.call_number
        rows.append(BoardRow(row, entry, number=number, place=ordered.get(row.appointment_id)))
    return Board(sorted(rows, key=_by_column), rules)


def places(session: Session, *, office_id: int, day: date, now: datetime) -> list[PlaceInLine]:
    """Those who wait, in the order in which they are called, with the minutes that are expected. Three statements."""
    rules = rules_of(session, office_id=office_id)
    came = entries_of(session, office_id=office_id, day=day)
    asked = {"office": office_id, "day": day, "now": now}
    running = [
        row.planned / row.minutes
        for row in session.execute(_RUNNING, asked)
        if now < row.starts_at + timedelta(minutes=row.minutes)
    ]
    planned = 1 / sum(running) if sum(running) else None
    calls = [each.first_called_at for each in came if each.first_called_at is not None]
    pace = minutes_a_call(calls, planned=planned, now=now)
    return [
        PlaceInLine(
            each.appointment_id,
            each.call_number,
            place,
            expected_minutes(place, pace=pace, quarter_at=each.quarter_at, now=now),
        )
        for place, each in enumerate(waiting_in_order(came, rules, now=now), 1)
    ]


def on_display(session: Session, *, office_id: int, day: date) -> OnDisplay:
    """The numbers that are called to counters or are served there, and those that were before. One statement."""
    found = [Entry(*row) for row in session.execute(_CALLED, {"office": office_id, "day": day})]
    shown = [
        (each, Displayed(each.call_number, each.counter, each.state, each.called_at, each.calls))
        for each in found
        if each.counter is not None and each.called_at is not None
    ]
    return OnDisplay(
        now=[shows for each, shows in shown if each.state in AT_COUNTER],
        lately=[shows for each, shows in shown if each.state not in AT_COUNTER][:SHOWN_LATELY],
    )


def waiting_in_order(came: Iterable[Entry], rules: LineRules, *, now: datetime) -> Sequence[Entry]:
    """Those of `came` who wait, in the order in which they are called."""
    everybody = list(came)
    called = [(each.first_called_at, has_priority(each)) for each in everybody if each.first_called_at is not None]
    waiting = [each for each in everybody if each.state is EntryState.HERE]
    return in_order(waiting, now=now, rules=rules, since_priority=since_priority(called))


def _by_column(row: BoardRow) -> tuple[int, int, datetime, int]:
    """By the column; who waits by their place, who had a counter by when they came to it, others by their time."""
    entry = row.entry
    since = row.of_day.starts_at
    if entry is not None and row.state in (BoardState.CALLED, BoardState.IN_SERVICE, BoardState.HELD):
        since = entry.changed_at
    return _COLUMNS.index(row.state), row.place or 0, since, row.appointment_id
