"""Closings that meet what others do at the same time: opened again, decided otherwise, two workers, two presses."""

from __future__ import annotations

import pytest

from desk.capacity.actions import clear_exception, set_exception
from desk.capacity.models import ExceptionKind
from desk.closings.actions import close
from desk.closings.rules import UNDO
from desk.consequences.actions import carry_on
from desk.consequences.rules import Progress
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from tests.makers import NOW, at
from tests.makers_changes import STAFF, SUNDAY, Town, appointment_of, steps
from tests.makers_closings import closing_of
from tests.stories import Story, stories_of, tell


def _closed(session: WriteSession, *towns: Town) -> int:
    return close(session, **closing_of([town.queue.id for town in towns]), **STAFF)


def test_whose_day_is_opened_again_on_its_own_page_is_neither_moved_nor_told(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(2)
    _closed(session, town)
    clear_exception(session, queue_id=town.queue.id, day=SUNDAY, **STAFF)
    carry_on(session, now=NOW + UNDO)
    assert steps(session) == dict.fromkeys(people, Progress.LEFT)
    assert [appointment_of(session, id).starts_at for id in people] == [at(SUNDAY, hour=8)] * 2
    assert verify(session) == []


def test_with_one_counter_opened_again_only_the_other_person_moves(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(2)
    _closed(session, town)
    set_exception(session, queue_id=town.queue.id, day=SUNDAY, kind=ExceptionKind.HOURS, counters=1, **STAFF)
    carry_on(session, now=NOW + UNDO)
    assert sorted(steps(session).values()) == [Progress.LEFT, Progress.MOVED]
    assert sorted(appointment_of(session, id).moves for id in people) == [0, 1]


STORIES = stories_of(globals())


@pytest.mark.postgres
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_the_same_on_postgresql(storage: Storage, story: Story) -> None:
    await tell(story, storage)
