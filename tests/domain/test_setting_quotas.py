"""A quota is set: what is booked before counts, nobody is moved, and it is said who set it and what it was."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from desk.acting import SYSTEM, OutOfReach
from desk.appointments.actions import cancel_by_office
from desk.appointments.models import Appointment
from desk.capacity.refusals import QuotaOutOfOrder
from desk.capacity.saving_quotas import quotas_of, taken_days
from desk.events.models import Event
from desk.organisation import NOWHERE
from desk.storage.base import WriteSession
from tests.domain.booking_scene import WEEK
from tests.domain.test_quotas import NEXT, Scarce
from tests.makers import NOW, TODAY, acting, make_service, make_staff


@pytest.fixture
def scene(session: WriteSession) -> Scarce:
    return Scarce(session)


def test_what_is_booked_before_counts_and_nobody_above_it_is_moved(scene: Scarce) -> None:
    booked = [scene.come(scene.nine)[1], scene.come(scene.ten)[1], scene.come(scene.later)[1]]
    of_another_service = scene.come(scene.eleven, service_id=scene.other.id)[1].appointment_id
    scene.bound(1)
    above = taken_days(scene.session, queue_id=scene.queue.id, service_id=scene.service.id, today=TODAY)
    assert [(each.day, each.taken) for each in above] == [(WEEK, 2), (NEXT, 1)]
    rows = scene.session.scalars(select(Appointment).execution_options(populate_existing=True)).all()
    assert [(row.is_live, row.slot_id, row.is_counted) for row in rows] == [
        *((True, slot.id, True) for slot in (scene.nine, scene.ten, scene.later)),
        (True, scene.eleven.id, False),
    ]
    assert rows[-1].id == of_another_service
    assert scene.days() == []
    cancel_by_office(scene.session, appointment_id=booked[0].appointment_id, actor=SYSTEM, reason="", now=NOW)
    assert (scene.taken(), scene.days()) == (1, [])
    cancel_by_office(scene.session, appointment_id=booked[1].appointment_id, actor=SYSTEM, reason="", now=NOW)
    assert (scene.taken(), scene.days(), scene.broken()) == (0, [WEEK], [])


def test_without_the_quota_everything_is_offered_and_setting_it_again_counts_all(scene: Scarce) -> None:
    scene.bound(1)
    scene.come(scene.nine)
    scene.bound(None)
    assert scene.days() == [WEEK, NEXT]
    scene.come(scene.ten)
    assert scene.taken() == 1
    scene.bound(2)
    assert (scene.taken(), scene.days(), scene.broken()) == (2, [NEXT], [])


def test_it_says_who_changed_it_and_what_it_was(scene: Scarce) -> None:
    manager = make_staff(scene.session)
    scene.bound(4, actor=acting(manager.id))
    scene.bound(4, actor=acting(manager.id))  # nothing new
    scene.bound(3, actor=acting(manager.id))
    events = scene.session.scalars(select(Event).where(Event.kind == "quota.set").order_by(Event.id)).all()
    told = [(each.actor_id, each.subject, each.data["old"]["quota"], each.data["new"]["quota"]) for each in events]
    subject = f"queue:{scene.queue.id}"
    assert told == [
        (manager.id, subject, [scene.service.id, None], [scene.service.id, 4]),
        (manager.id, subject, [scene.service.id, 4], [scene.service.id, 3]),
    ]
    bounds = {each.service_id: each.most_a_day for each in quotas_of(scene.session, queue_id=scene.queue.id)}
    assert bounds == {scene.service.id: 3, scene.other.id: None}


@pytest.mark.parametrize("most", [0, -1, 1000])
def test_a_quota_is_at_least_one_and_no_more_than_three_digits(scene: Scarce, most: int) -> None:
    with pytest.raises(QuotaOutOfOrder):
        scene.bound(most)


def test_only_for_services_of_the_queue_and_by_whom_it_may_be_set(scene: Scarce) -> None:
    with pytest.raises(LookupError):
        scene.bound(1, quotas={make_service(scene.session).id: 1})
    with pytest.raises(OutOfReach):
        scene.bound(1, actor=acting(make_staff(scene.session).id, may=NOWHERE))
