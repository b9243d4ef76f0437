"""A copy of the sealed history says whether it is whole, and whether the history is still the same."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from desk.events import actions as events
from desk.events.copying import NotACopy, differing, lines, read
from desk.events.models import Event, EventSeal
from desk.events.sealing import seal
from desk.storage.base import WriteSession
from tests.makers import NOW, acting

LATER = NOW + timedelta(minutes=5)


def happen(session: WriteSession, *, times: int, batch: int = 3) -> None:
    """So many events, sealed in batches."""
    for number in range(times):
        data = {"old": {"name": {"fa": "پیش"}}, "new": {"name": {"fa": f"پس {number}"}}}
        events.note(session, kind="office.update", subject=f"office:{number + 1}", actor=acting(1), data=data, now=NOW)
    session.flush()
    while seal(session, now=LATER, limit=batch):
        pass


def test_a_copy_is_whole_and_the_same(session: WriteSession) -> None:
    happen(session, times=7)
    copied = read(lines(session))
    assert (copied.events, len(copied.seals), copied.broken) == (7, 3, ())
    assert differing(session, copied=copied, now=LATER) == []


def test_a_copy_of_what_came_since_goes_on_from_the_last_seal(session: WriteSession) -> None:
    happen(session, times=4)
    first = read(lines(session))
    happen(session, times=2)
    more = read(lines(session, after=max(first.seals)))
    assert (more.events, more.broken) == (2, ())
    assert not set(more.seals) & set(first.seals)


def test_a_line_that_was_changed_in_the_copy_is_named(session: WriteSession) -> None:
    happen(session, times=6)
    copy = list(lines(session))
    changed = [line.replace("office:5", "office:6") for line in copy]
    assert read(changed).broken == (2,)
    assert read(copy[1:]).broken == (1,)
    without_last = copy[:-1]
    assert read(without_last).broken == (0,), "lines without their seal"


def test_somebody_who_seals_anew_is_found_by_the_copy(session: WriteSession) -> None:
    """The attack: with the database in hand a line is taken out and all seals are computed anew; `verify` finds
    nothing."""
    happen(session, times=6)
    copied = read(list(lines(session)))
    first = session.scalar(select(Event.id).order_by(Event.id).limit(1))
    session.execute(update(Event).where(Event.id == first).values(subject="office:99"))
    session.execute(delete(EventSeal))
    session.flush()
    while seal(session, now=LATER, limit=3):
        pass
    assert read(lines(session)).broken == ()
    assert differing(session, copied=copied, now=LATER) == list(copied.seals)


@pytest.mark.parametrize("line", ["{", "[]", '{"seal": {}}', json.dumps({"other": 1})])
def test_what_is_no_copy_is_refused(line: str) -> None:
    with pytest.raises(NotACopy):
        read([line])
