"""How many days ahead of a service are open, and at which hour of the office's clock a new day opens."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Integer, String, literal, select
from sqlalchemy.orm import Session

from desk.acting import SYSTEM, Actor
from desk.appointments.actions import move_by_office
from desk.capacity.queries import free_days, next_opening
from desk.capacity.refusals import NotOpenYet
from desk.capacity.rows import Opening
from desk.catalogue.actions import save_service
from desk.catalogue.queries import card
from desk.catalogue.refusals import NoSuchOpening
from desk.catalogue.rows import ServiceFields
from desk.consequences.carrying import nearest_free
from desk.places.actions import hold
from desk.storage.base import WriteSession
from desk.storage.days_ahead import last_open_day
from desk.storage.engine import Storage
from desk.storage.types import UtcDateTime
from tests.domain.booking_scene import Scene
from tests.makers import NOW, TODAY, acting, at, make_person

TEN = 600


def days(scene: Scene, now: datetime) -> list[date]:
    asked: dict[str, Any] = {"service_id": scene.service.id, "office_id": scene.queue.office_id}
    return [each.day for each in free_days(scene.session, **asked, after=now, limit=99)]


def opens(scene: Scene, *, days_ahead: int | None, opens_at: int | None = None) -> None:
    scene.service.days_ahead, scene.service.opens_at = days_ahead, opens_at
    scene.session.flush()


@pytest.fixture
def scene(session: WriteSession) -> Scene:
    """A time at nine on each of the next nine days."""
    scene = Scene(session)
    for day in range(1, 10):
        scene.slot(at(TODAY + timedelta(days=day), hour=9))
    return scene


def test_a_new_day_opens_at_its_hour_and_not_before(scene: Scene) -> None:
    """It is half past nine in Tehran."""
    assert len(days(scene, NOW)) == 9, "where nothing is said, all days are open"
    opens(scene, days_ahead=3)
    assert days(scene, NOW) == [TODAY + timedelta(days=day) for day in (1, 2, 3)]
    opens(scene, days_ahead=3, opens_at=TEN)
    assert days(scene, NOW) == [TODAY + timedelta(days=day) for day in (1, 2)]
    assert days(scene, at(TODAY, hour=10) - timedelta(seconds=1))[-1] == TODAY + timedelta(days=2)
    assert days(scene, at(TODAY, hour=10))[-1] == TODAY + timedelta(days=3)


def test_who_asks_is_told_which_day_opens_next_and_when(scene: Scene) -> None:
    here: dict[str, Any] = {"service_id": scene.service.id, "office_id": scene.queue.office_id, "now": NOW}
    assert next_opening(scene.session, **here) is None
    opens(scene, days_ahead=3, opens_at=TEN)
    third, fifth = TODAY + timedelta(days=3), TODAY + timedelta(days=5)
    assert next_opening(scene.session, **here) == Opening(third, at(TODAY, hour=10), "Asia/Tehran")
    later = next_opening(scene.session, **here, from_day=fifth)
    assert later == Opening(fifth, at(TODAY + timedelta(days=2), hour=10), "Asia/Tehran")
    slot = scene.slot(at(third, hour=11))
    refusal = scene.refused(NotOpenYet, lambda _session: scene.book(slot))
    assert (refusal.opens, refusal.zone) == (at(TODAY, hour=10), "Asia/Tehran")


def test_a_robot_that_knows_the_number_of_a_slot_gets_no_day_before_it_opens(scene: Scene) -> None:
    """The attack: the places of the last day are held and booked by buttons that nobody was shown."""
    opens(scene, days_ahead=3, opens_at=TEN)
    slot = scene.slot(at(TODAY + timedelta(days=3), hour=12))
    who = Actor.chat(scene.chat.id)
    asked: dict[str, Any] = {"actor": who, "slot_id": slot.id, "service_id": scene.service.id, "now": NOW}
    scene.refused(NotOpenYet, hold, **asked)
    scene.refused(NotOpenYet, lambda _session: scene.book(slot))
    booked = scene.book(slot, now=at(TODAY, hour=10))
    assert not booked.is_repeat


def test_an_office_is_not_bound_by_it(scene: Scene) -> None:
    """Whom it asks to come back, and whose time it closes, gets a day that is not open for others yet."""
    opens(scene, days_ahead=3, opens_at=TEN)
    far = scene.slot(at(TODAY + timedelta(days=6), hour=12), capacity=3)
    person = make_person(scene.session, conversation=scene.chat)
    scene.book(far, actor=acting(7), for_chat=scene.chat.id, person_id=person.id)
    first = scene.slot(at(TODAY + timedelta(days=1), hour=12))
    booked = scene.book(first)
    lost = at(TODAY + timedelta(days=5), hour=12)
    found = nearest_free(scene.session, service_id=scene.service.id, office_id=scene.queue.office_id, after=lost)
    assert found is not None
    to: dict[str, Any] = {"appointment_id": booked.appointment_id, "slot_id": far.id, "told": {}}
    move_by_office(scene.session, idem_key="m", **to, actor=SYSTEM, reason="برق رفت", now=NOW)


@pytest.mark.parametrize(
    ("days_ahead", "opens_at", "field"),
    [(0, None, "days_ahead"), (60, None, "days_ahead"), (None, TEN, "days_ahead"), (9, 1440, "opens_at")],
)
def test_what_is_no_opening_is_refused_at_its_field(
    scene: Scene, days_ahead: int | None, opens_at: int | None, field: str
) -> None:
    now = card(scene.session, service_id=scene.service.id, today=TODAY)
    given: dict[str, Any] = {"code": now.code, "title": now.title, "short_title": now.short_title}
    fields = ServiceFields(**given, days_ahead=days_ahead, opens_at=opens_at)
    refusal = scene.refused(
        NoSuchOpening, save_service, service_id=scene.service.id, fields=fields, actor=SYSTEM, now=NOW
    )
    assert refusal.field == field


CLOCKS = [
    ("Asia/Tehran", datetime(2026, 11, 21, 20, 29, 59, tzinfo=UTC), 7, 0, date(2026, 11, 28)),
    ("Asia/Tehran", datetime(2026, 11, 21, 20, 30, tzinfo=UTC), 7, 0, date(2026, 11, 29)),
    ("Asia/Tehran", datetime(2026, 11, 21, 6, 29, 59, tzinfo=UTC), 1, TEN, date(2026, 11, 21)),
    ("Asia/Tehran", datetime(2026, 11, 21, 6, 30, tzinfo=UTC), 1, TEN, date(2026, 11, 22)),
    ("Asia/Kabul", datetime(2026, 11, 21, 5, 30, tzinfo=UTC), 1, TEN, date(2026, 11, 22)),
    ("Asia/Tehran", None, 1, TEN, None),
    ("Asia/Tehran", NOW, None, TEN, None),
]


@pytest.mark.parametrize(("zone", "moment", "days_ahead", "minutes", "last"), CLOCKS)
async def test_both_databases_read_the_clock_of_the_office(
    storage: Storage, zone: str, moment: datetime | None, days_ahead: int | None, minutes: int, last: date | None
) -> None:
    asked = last_open_day(
        literal(zone, String), literal(moment, UtcDateTime), literal(days_ahead, Integer), literal(minutes, Integer)
    )

    def read(session: Session) -> date | None:
        return session.scalar(select(asked))

    assert await storage.read(read) == last
