"""A service taken from an office: nobody books it there, who had a time is asked about, and it can come back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk.acting import OutOfReach
from desk.capacity import status_queries as statuses
from desk.capacity.actions import save_queue, set_status
from desk.capacity.bookable import require_bookable
from desk.capacity.models import QueueService
from desk.capacity.offering import offered, offering
from desk.capacity.queries import first_free, queues_of
from desk.capacity.refusals import DoesNotFollow, NotGivenThere, ServiceNotOffered, TermPassed
from desk.capacity.status_rules import MAY_FOLLOW, WITHHELD, GivingState, LegalBasis
from desk.consequences.actions import IntendedChange, carry_out
from desk.consequences.hit import Reach
from desk.consequences.rules import ChangeKind, Progress, Remedy
from desk.events.models import Event
from desk.language.text import Localised
from desk.offices import queries as offices
from desk.organisation import EVERYWHERE
from desk.staff.permissions import Role
from desk.staff.queries import actor_of
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from desk.waiting.rules import OfferState
from tests.domain.offer_scene import Desk
from tests.makers import NOW, TODAY, make_queue, make_service, make_staff
from tests.makers_changes import STAFF, Town, appointment_of, hit_by, made, steps
from tests.stories import Story, stories_of, tell

DECIDED: dict[str, Any] = {"basis": LegalBasis.ANNOUNCEMENT, "reason": "کسی مسئول نظم نیست."}


def decide(session: WriteSession, town: Town | Desk, state: GivingState, **over: Any) -> int:
    ids = {"office_id": town.office.id, "service_id": town.service.id}
    return set_status(session, **{**ids, "state": state, **DECIDED, **STAFF, **over})


def taking(town: Town, state: GivingState = GivingState.SUSPENDED) -> IntendedChange[int]:
    """The change that takes the service from the office of this town."""
    return IntendedChange(
        kind=ChangeKind.STATUS,
        subject=f"office:{town.office.id}",
        reach=Reach(office_id=town.office.id, service_id=town.service.id),
        act=lambda session: decide(session, town, state),
    )


def is_free_at(session: WriteSession, town: Town) -> bool:
    return bool(first_free(session, service_id=town.service.id, office_ids=[town.office.id], after=NOW))


@pytest.mark.requirement("000-02", "M")
@pytest.mark.parametrize("state", sorted(WITHHELD))
def test_what_is_taken_from_an_office_is_offered_by_none_of_its_queues(
    session: WriteSession, state: GivingState
) -> None:
    town = Town(session)
    make_queue(session, office=town.office, services=[town.service])
    slot = first_free(session, service_id=town.service.id, office_ids=[town.office.id], after=NOW)[0]

    decide(session, town, state)

    there = offices.active_offices(session, province_code="IR-30", only=offering(town.service.id))
    assert (is_free_at(session, town), there, town.service.id in offered(session)) == (False, [], False)
    assert session.scalars(select(QueueService.is_active)).all() == [False, False]
    with pytest.raises(ServiceNotOffered):
        require_bookable(session, slot_id=slot.slot_id, service_id=town.service.id, now=NOW)
    assert [each.service_ids for each in queues_of(session, office_id=town.office.id)] == [(town.service.id,)] * 2
    assert verify(session) == []


@pytest.mark.parametrize("state", [GivingState.WARNED])
def test_a_warning_takes_nothing(session: WriteSession, state: GivingState) -> None:
    town = Town(session)
    decide(session, town, state, until_day=TODAY + timedelta(days=10))

    assert is_free_at(session, town)
    (row,) = statuses.services_of(session, office_id=town.office.id)
    assert (row.state, row.present and row.present.until_day) == (state, TODAY + timedelta(days=10))


@pytest.mark.requirement("000-06", "M")
def test_a_suspension_moves_its_people_and_hits_nobody_elsewhere(session: WriteSession) -> None:
    town = Town(session)
    beside = Town(session, service=town.service)
    people = town.people(3)
    beside.people(2)

    assert hit_by(session, taking(town)) == people
    made(session, taking(town))

    assert {appointment_of(session, each).office_id for each in people} == {beside.office.id}
    assert set(steps(session).values()) == {Progress.MOVED}
    assert not is_free_at(session, town)
    assert is_free_at(session, beside)
    assert verify(session) == []


def test_nobody_is_kept_where_nobody_may_serve_them(session: WriteSession) -> None:
    town = Town(session)
    town.people(1)

    made(session, taking(town, GivingState.ENDED), remedy=Remedy.MOVE)

    assert set(steps(session).values()) == {Progress.CANCELLED}  # no other office gives it


@pytest.mark.requirement("000-06", "M")
def test_what_was_suspended_comes_back_by_a_decision_and_never_by_time(session: WriteSession) -> None:
    town = Town(session)
    decide(session, town, GivingState.SUSPENDED, until_day=TODAY)
    later = NOW + timedelta(days=30)

    town.fill()
    over = statuses.terms_over(session, scope=EVERYWHERE, today=TODAY + timedelta(days=1))
    assert [(each.office_id, each.state) for each in over] == [(town.office.id, GivingState.SUSPENDED)]
    assert statuses.terms_over(session, scope=EVERYWHERE, today=TODAY) == []
    assert not is_free_at(session, town)

    decide(session, town, GivingState.RESTORED, now=later)

    (row,) = statuses.services_of(session, office_id=town.office.id)
    told = [(each.state, each.from_at, each.to_at) for each in row.statuses]
    assert told == [(GivingState.RESTORED, later, None), (GivingState.SUSPENDED, NOW, later)]
    assert is_free_at(session, town)
    assert statuses.terms_over(session, scope=EVERYWHERE, today=TODAY + timedelta(days=40)) == []


def test_a_queue_that_is_saved_meanwhile_gives_nothing_back(session: WriteSession) -> None:
    town = Town(session)
    decide(session, town, GivingState.SUSPENDED)
    said = {"office_id": town.office.id, "name": Localised({"fa": "باجه"}), "service_ids": [town.service.id], **STAFF}

    save_queue(session, queue_id=town.queue.id, **said)
    save_queue(session, **said)

    assert session.scalars(select(QueueService.is_active)).all() == [False, False]
    decide(session, town, GivingState.RESTORED)
    assert session.scalars(select(QueueService.is_active).execution_options(populate_existing=True)).all() == [
        True,
        True,
    ]
    assert verify(session) == []


def test_what_the_office_itself_took_from_a_queue_stays_taken(session: WriteSession) -> None:
    town = Town(session)
    decide(session, town, GivingState.SUSPENDED)
    name = Localised({"fa": "باجه"})
    save_queue(
        session,
        queue_id=town.queue.id,
        office_id=town.office.id,
        name=name,
        service_ids=[make_service(session).id],
        **STAFF,
    )
    decide(session, town, GivingState.RESTORED)

    assert not is_free_at(session, town)
    assert verify(session) == []


@pytest.mark.parametrize(
    ("before", "wanted"),
    [(before, wanted) for before, may in MAY_FOLLOW.items() for wanted in GivingState if wanted not in may],
)
def test_only_what_may_follow_is_taken(session: WriteSession, before: GivingState, wanted: GivingState) -> None:
    town = Town(session)
    ways = {
        GivingState.ACTIVE: [],
        GivingState.RESTORED: [GivingState.SUSPENDED, GivingState.RESTORED],
    }
    for state in ways.get(before, [before]):
        decide(session, town, state)

    with pytest.raises(DoesNotFollow):
        decide(session, town, wanted)


def test_a_term_lies_ahead_and_belongs_to_a_warning_or_a_suspension(session: WriteSession) -> None:
    town = Town(session)
    with pytest.raises(TermPassed):
        decide(session, town, GivingState.WARNED, until_day=TODAY - timedelta(days=1))
    with pytest.raises(TermPassed):
        decide(session, town, GivingState.ENDED, until_day=TODAY)
    with pytest.raises(NotGivenThere):
        decide(session, town, GivingState.WARNED, service_id=make_service(session).id)


@pytest.mark.requirement("000-06", "M")
def test_the_directorate_decides_and_never_the_office_itself(session: WriteSession) -> None:
    town = Town(session)
    members = {
        role: make_staff(session, role=role, office=town.office)
        if role is Role.OFFICE_MANAGER
        else make_staff(session, role=role, province_code="IR-30")
        for role in (Role.OFFICE_MANAGER, Role.PROVINCE_OFFICER)
    }
    manager, officer = (actor_of(session, staff_id=each.id, now=NOW) for each in members.values())

    with pytest.raises(OutOfReach):
        carry_out(session, intended=_by(town, manager), answer=None, actor=manager, now=NOW)
    carry_out(session, intended=_by(town, officer), answer=None, actor=officer, now=NOW)

    event = session.scalars(select(Event).where(Event.kind == "office.service")).one()
    assert (event.actor_id, event.office_id) == (members[Role.PROVINCE_OFFICER].id, town.office.id)
    assert event.data["new"] == {"state": "suspended"}
    assert event.data["old"] == {"state": "active"}


def _by(town: Town, actor: Any) -> IntendedChange[int]:
    return IntendedChange(
        kind=ChangeKind.STATUS,
        subject=f"office:{town.office.id}",
        reach=Reach(office_id=town.office.id, service_id=town.service.id),
        act=lambda session: decide(session, town, GivingState.SUSPENDED, actor=actor),
    )


def test_who_is_offered_a_place_there_reads_that_it_is_gone(session: WriteSession) -> None:
    desk = Desk(session)
    waiter = desk.wait()
    desk.free()
    desk.offer()
    desk.deliver(waiter)
    assert [each.state for each in desk.offered(waiter)] == [OfferState.SENT]

    decide(session, desk, GivingState.SUSPENDED, now=desk.now)
    desk.watch()
    desk.offer()

    assert [each.state for each in desk.offered(waiter)] == [OfferState.WITHDRAWN]
    assert verify(session) == []


def test_who_waits_is_offered_nothing_where_the_service_is_withheld(session: WriteSession) -> None:
    desk = Desk(session)
    waiter = desk.wait()
    decide(session, desk, GivingState.SUSPENDED, now=desk.now)

    desk.free()
    desk.offer()
    assert desk.offered(waiter) == []
    desk.later(minutes=5)
    decide(session, desk, GivingState.RESTORED, now=desk.now)
    desk.offer()
    assert [each.state for each in desk.offered(waiter)] == [OfferState.SENT]


def test_of_two_decisions_at_once_each_stands_for_its_own_time(session: WriteSession) -> None:
    town = Town(session)
    decide(session, town, GivingState.WARNED)
    decide(session, town, GivingState.WARNED, reason="هنوز کسی نیست.")
    decide(session, town, GivingState.SUSPENDED)

    (row,) = statuses.services_of(session, office_id=town.office.id)
    assert [each.reason for each in row.statuses] == [DECIDED["reason"], "هنوز کسی نیست.", DECIDED["reason"]]
    assert [each.to_at is None for each in row.statuses] == [True, False, False]
    assert verify(session) == []


STORIES = stories_of(globals())


@pytest.mark.postgres
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_the_same_on_postgresql(storage: Storage, story: Story) -> None:
    await tell(story, storage)
