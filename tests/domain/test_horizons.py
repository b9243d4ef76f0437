"""An office opens fewer days of a service than the service does, or a new day at another hour."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from desk.acting import SYSTEM
from desk.capacity.actions import save_queue, set_horizon
from desk.capacity.horizons import horizons_of
from desk.capacity.models import QueueService
from desk.capacity.queries import free_days, next_opening, soonest_elsewhere
from desk.capacity.refusals import MoreDaysThanService, NotOpenYet
from desk.capacity.rows import Opening
from desk.catalogue.refusals import NoSuchOpening
from desk.events.models import Event
from desk.language.text import Localised
from desk.offices.models import Office
from desk.storage.base import WriteSession
from desk.waiting.rules import OfferState
from tests.domain.booking_scene import Scene
from tests.domain.offer_scene import Desk
from tests.makers import NOW, TODAY, at, make_office, make_queue, make_slot

TEN = 600
"""It is half past nine in Tehran."""
THIRD = TODAY + timedelta(days=3)


@pytest.fixture
def scene(session: WriteSession) -> Scene:
    """A time at nine on each of the next nine days, of a service that opens five days."""
    scene = Scene(session)
    scene.service.days_ahead = 5
    for day in range(1, 10):
        scene.slot(at(TODAY + timedelta(days=day), hour=9))
    return scene


def days(scene: Scene, *, now: Any = NOW, office_id: int | None = None) -> int:
    """How many days can be booked."""
    office = office_id or scene.queue.office_id
    return len(free_days(scene.session, service_id=scene.service.id, office_id=office, after=now, limit=99))


def opens(scene: Scene, *, days_ahead: int | None, opens_at: int | None = None) -> None:
    here = {"office_id": scene.queue.office_id, "service_id": scene.service.id}
    set_horizon(scene.session, **here, days_ahead=days_ahead, opens_at=opens_at, actor=SYSTEM, now=NOW)


def test_an_office_opens_fewer_days_than_the_service_and_at_its_own_hour(scene: Scene) -> None:
    assert days(scene) == 5
    opens(scene, days_ahead=3)
    assert days(scene) == 3
    opens(scene, days_ahead=3, opens_at=TEN)
    assert (days(scene), days(scene, now=at(TODAY, hour=10))) == (2, 3)
    opens(scene, days_ahead=None, opens_at=TEN)
    assert (days(scene), days(scene, now=at(TODAY, hour=10))) == (4, 5)
    opens(scene, days_ahead=None)
    assert days(scene) == 5


def test_the_open_days_count_from_the_day_of_the_office(scene: Scene) -> None:
    """Half an hour before midnight in Tehran the next day has begun in Kabul."""
    scene.session.execute(update(Office).where(Office.id == scene.queue.office_id).values(zone="Asia/Kabul"))
    here: dict[str, Any] = {"office_id": scene.queue.office_id, "service_id": scene.service.id}
    late = at(TODAY, hour=23, minute=30)
    set_horizon(scene.session, **here, days_ahead=3, opens_at=None, actor=SYSTEM, now=late)
    until = select(QueueService.opened_until).where(QueueService.queue_id == scene.queue.id)
    assert scene.session.scalars(until).all() == [TODAY + timedelta(days=4)]


def test_another_office_opens_as_the_service_says(scene: Scene) -> None:
    other = make_queue(scene.session, services=[scene.service])
    for day in range(1, 10):
        make_slot(scene.session, queue=other, starts_at=at(TODAY + timedelta(days=day), hour=9))
    opens(scene, days_ahead=1, opens_at=TEN)
    assert (days(scene), days(scene, office_id=other.office_id)) == (0, 5)
    found = soonest_elsewhere(
        scene.session, service_id=scene.service.id, near=None, province_code=None, except_office=None, after=NOW
    )
    assert [each.office.id for each in found] == [other.office_id]


def test_what_is_told_and_refused_names_the_day_and_the_hour_of_the_office(scene: Scene) -> None:
    opens(scene, days_ahead=3, opens_at=TEN)
    here: dict[str, Any] = {"service_id": scene.service.id, "office_id": scene.queue.office_id}
    assert next_opening(scene.session, **here, now=NOW) == Opening(THIRD, at(TODAY, hour=10), "Asia/Tehran")
    slot = scene.slot(at(THIRD, hour=11))
    assert scene.refused(NotOpenYet, lambda _session: scene.book(slot)).opens == at(TODAY, hour=10)
    assert not scene.book(slot, now=at(TODAY, hour=10)).is_repeat


def test_no_office_opens_more_than_the_service(scene: Scene) -> None:
    with pytest.raises(MoreDaysThanService) as refused:
        opens(scene, days_ahead=6)
    assert refused.value.most == 5
    opens(scene, days_ahead=5)
    scene.service.days_ahead = 2
    scene.session.flush()
    assert days(scene) == 2, "also where the service opens fewer later on"


@pytest.mark.parametrize(
    ("days_ahead", "opens_at", "field"),
    [(0, None, "days_ahead"), (60, None, "days_ahead"), (None, TEN, "days_ahead"), (4, 1440, "opens_at")],
)
def test_what_is_no_opening_is_refused_at_its_field(
    scene: Scene, days_ahead: int | None, opens_at: int | None, field: str
) -> None:
    scene.service.days_ahead = None
    scene.session.flush()
    with pytest.raises(NoSuchOpening) as refused:
        opens(scene, days_ahead=days_ahead, opens_at=opens_at)
    assert refused.value.field == field


def test_all_queues_of_the_office_open_alike_and_a_further_one_too(scene: Scene) -> None:
    office = scene.session.get_one(Office, scene.queue.office_id)
    second = make_queue(scene.session, office=office, services=[scene.service])
    opens(scene, days_ahead=3, opens_at=TEN)
    third = save_queue(
        scene.session,
        office_id=office.id,
        name=Localised({"fa": "باجهٔ سوم"}),
        service_ids=[scene.service.id],
        actor=SYSTEM,
        now=NOW,
    )
    links = select(QueueService.queue_id, QueueService.days_ahead, QueueService.opens_at).order_by(
        QueueService.queue_id
    )
    assert scene.session.execute(links.execution_options(populate_existing=True)).all() == [
        (queue_id, 3, TEN) for queue_id in sorted((scene.queue.id, second.id, third))
    ]
    assert len(horizons_of(scene.session, office_id=office.id)) == 1


def test_the_history_keeps_what_was_and_what_is(scene: Scene) -> None:
    opens(scene, days_ahead=3)
    opens(scene, days_ahead=3)  # nothing changed by it
    opens(scene, days_ahead=2, opens_at=TEN)
    noted = scene.session.scalars(select(Event).where(Event.kind == "horizon.set").order_by(Event.id)).all()
    assert [(each.data["old"], each.data["new"]) for each in noted] == [  # only what differs
        ({"days_ahead": None}, {"days_ahead": 3}),
        ({"days_ahead": 3, "opens_at": None}, {"days_ahead": 2, "opens_at": TEN}),
    ]


@pytest.fixture
def waiting(session: WriteSession) -> tuple[Desk, date]:
    """Somebody waits for a service whose office opens three days, a new one at ten, with a place on the third."""
    desk = Desk(session)
    set_horizon(
        session,
        office_id=desk.office.id,
        service_id=desk.service.id,
        days_ahead=3,
        opens_at=TEN,
        actor=SYSTEM,
        now=desk.now,
    )
    return desk, THIRD


def test_the_day_that_an_office_opens_goes_first_to_who_waits(waiting: tuple[Desk, date]) -> None:
    """The request has looked through all days that the service opens, long before the office opens this one."""
    desk, day = waiting
    waiter = desk.wait(from_day=day, until_day=day)
    slot = make_slot(desk.session, queue=desk.queue, starts_at=at(day, hour=9), capacity=1)
    desk.offer()
    desk.now = at(TODAY, hour=10) - timedelta(minutes=3)
    desk.offer()
    assert (desk.offered(waiter), desk.remaining(slot)) == ([], 1), "the day is not open yet"
    desk.now = at(TODAY, hour=10) - timedelta(minutes=1)
    desk.offer()
    assert (desk.offered(waiter), desk.remaining(slot)) == ([], 0), "nobody is faster in its first second"
    desk.now = at(TODAY, hour=10)
    desk.offer()
    assert desk.states(waiter) == [OfferState.SENT]


def test_days_that_open_because_the_office_says_so_go_to_who_waits(waiting: tuple[Desk, date]) -> None:
    desk, _day = waiting
    far = TODAY + timedelta(days=8)
    waiter = desk.wait(from_day=far, until_day=far)
    make_slot(desk.session, queue=desk.queue, starts_at=at(far, hour=9), capacity=1)
    desk.offer()
    assert desk.offered(waiter) == []
    given: dict[str, Any] = {
        "office_id": desk.office.id,
        "service_id": desk.service.id,
        "days_ahead": None,
        "opens_at": None,
    }
    set_horizon(desk.session, **given, actor=SYSTEM, now=desk.now)
    desk.offer()
    assert desk.states(waiter) == [OfferState.SENT]


def test_another_office_is_not_changed(waiting: tuple[Desk, date]) -> None:
    desk, _day = waiting
    other = make_queue(desk.session, office=make_office(desk.session), services=[desk.service])
    assert [row.own_days for row in horizons_of(desk.session, office_id=other.office_id)] == [None]
