"""Which affected people were reached, and whom staff have to tell."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from desk.capacity.actions import (
    set_exception,
)
from desk.capacity.models import ExceptionKind
from desk.consequences import queries
from desk.consequences.actions import (
    agree,
    decide,
    find_stranded,
    mark_told,
)
from desk.consequences.models import Change, ChangedAppointment
from desk.consequences.rules import Progress, Reached, Remedy, Way
from desk.events import queries as events
from desk.outbox import actions as outbox
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import DeliveryState
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from tests.makers import (
    NOW,
    TODAY,
    acting,
)
from tests.makers_changes import STAFF, SUNDAY, WHY, Town, its_chat, made, steps
from tests.stories import Story, stories_of, tell


def _fate(session: WriteSession, change_id: int | None) -> dict[str, int]:
    assert change_id is not None
    (row,) = queries.tallies(session, change_id=change_id)
    return {each.value: getattr(row, each.value) for each in Reached if getattr(row, each.value)}


def _becomes(session: WriteSession, id: int, state: DeliveryState) -> None:
    message = session.scalars(select(OutboxMessage.id).where(OutboxMessage.idem_key == f"cancelled:{id}:0")).one()
    if state is DeliveryState.SENT:
        outbox.mark_sent(session, id=message, message_id="1", now=NOW)
    else:
        outbox.mark_dead(session, id=message, reason="blocked")


def test_the_tally_follows_each_message_until_everybody_knows(session: WriteSession) -> None:
    town = Town(session)
    sent, dead = town.people(2)
    (phoned,) = town.people(1, first=9 * 60, has_chat=False)
    done = made(session, town.close(), remedy=Remedy.CANCEL)
    assert _fate(session, done.change_id) == {"on_the_way": 2, "not_reached": 1}
    _becomes(session, sent, DeliveryState.SENT)
    _becomes(session, dead, DeliveryState.DEAD)
    assert _fate(session, done.change_id) == {"told": 1, "not_reached": 2}

    listed = queries.not_reached(session, office_id=town.office.id, since=TODAY)
    assert [(row.appointment_id, row.reason) for row in listed] == [(dead, "blocked"), (phoned, None)]
    for row in listed:
        mark_told(session, id=row.id, way=Way.PHONE, **STAFF)
    assert _fate(session, done.change_id) == {"told": 3}
    assert queries.not_reached(session, office_id=town.office.id, since=TODAY) == []
    mark_told(session, id=listed[0].id, way=None, **STAFF)
    assert _fate(session, done.change_id) == {"told": 2, "not_reached": 1}


def test_that_somebody_was_told_lies_in_the_history_of_the_office(session: WriteSession) -> None:
    """It lay nowhere, so that those who review a province did not see it."""
    town = Town(session)
    town.people(1, has_chat=False)
    made(session, town.close(), remedy=Remedy.CANCEL)
    (row,) = queries.not_reached(session, office_id=town.office.id, since=TODAY)
    mark_told(session, id=row.id, way=Way.PHONE, **STAFF)
    (line,) = events.of(session, subject=f"changed_turn:{row.id}")
    assert (line.kind, line.office_id, line.data) == ("change.told", town.office.id, {"way": "phone"})


def test_whoever_agrees_knows(session: WriteSession) -> None:
    town = Town(session)
    (id,) = town.people(1)
    done = made(session, town.close())
    assert agree(session, appointment_id=id, actor=its_chat(session, id), now=NOW)
    assert not agree(session, appointment_id=id, actor=its_chat(session, id), now=NOW)
    assert _fate(session, done.change_id) == {"told": 1}


def test_a_time_that_closed_without_a_sheet_comes_to_the_list_of_its_office(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(2)
    set_exception(session, queue_id=town.queue.id, day=SUNDAY, kind=ExceptionKind.CLOSED, **STAFF)
    assert {each.rule for each in verify(session)} == {"closed_time_is_known"}
    assert find_stranded(session, queue_id=town.queue.id, now=NOW) == 2
    assert find_stranded(session, queue_id=town.queue.id, now=NOW) == 0
    assert verify(session) == []
    listed = queries.not_reached(session, office_id=town.office.id, since=TODAY)
    assert [(row.appointment_id, row.step) for row in listed] == [(id, Progress.OPEN) for id in people]
    decided = decide(
        session,
        change_id=listed[0].change_id,
        office_id=town.office.id,
        remedy=Remedy.MOVE,
        reason=WHY,
        actor=acting(5),
        now=NOW,
    )
    assert decided == 2
    assert set(steps(session).values()) == {Progress.MOVED}


def test_what_a_sheet_keeps_names_nobody(session: WriteSession) -> None:
    town = Town(session)
    town.people(1)
    made(session, town.close())
    for row in (session.scalars(select(Change)).one(), session.scalars(select(ChangedAppointment)).one()):
        assert "رحیمی" not in str(vars(row))


STORIES = stories_of(globals())


@pytest.mark.postgres
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_the_same_on_postgresql(storage: Storage, story: Story) -> None:
    await tell(story, storage)
