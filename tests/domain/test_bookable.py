"""Whether a slot may be booked is one rule: what is offered, what is kept, booked and moved to, and why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from desk.acting import Actor
from desk.appointments.actions import book, move
from desk.appointments.looking import bookable_time
from desk.capacity.bookable import FOR_A_SERVICE, may_be_booked, require_bookable, slots, window
from desk.capacity.models import DrawnService, QueueService, Slot, SlotStatus
from desk.capacity.queries import first_free, free_days, free_times, slot, soonest_elsewhere
from desk.capacity.refusals import (
    NotBookable,
    NotOpenYet,
    PlaceIsDrawn,
    ServiceNotOffered,
    SlotPassed,
    SlotTaken,
    TooFarAhead,
)
from desk.capacity.rules import WINDOW_DAYS
from desk.people.rules import DocumentKind
from desk.places.actions import hold
from desk.refusals import Refusal
from desk.storage.base import WriteSession
from tests.makers import (
    NOW,
    TODAY,
    appointment_code,
    at,
    make_appointment,
    make_conversation,
    make_office,
    make_person,
    make_queue,
    make_service,
    make_slot,
)


class Scene:
    """A service with a time tomorrow, a chat with an appointment at another time, and what may go wrong."""

    def __init__(self, session: WriteSession) -> None:
        self.session = session
        self.office, self.service = make_office(session), make_service(session)
        self.queue = make_queue(session, office=self.office, services=[self.service])
        self.slot = make_slot(session, queue=self.queue, starts_at=at(TODAY + timedelta(days=1), hour=9), capacity=1)
        other = make_queue(session, office=self.office, services=[self.service])
        self.chat = make_conversation(session)
        self.appointment = make_appointment(
            session, slot=make_slot(session, queue=other), service=self.service, conversation=self.chat
        )
        self.link = session.get_one(QueueService, (self.queue.id, self.service.id))

    def spoil(self, what: str) -> None:
        """Let one condition no longer be met."""
        match what:
            case "service":
                self.service.is_bookable = False
            case "irreversible":
                self.service.is_bookable, self.service.is_irreversible = False, True
            case "unpublished":
                self.service.is_published = False
            case "no link":
                self.session.execute(
                    delete(QueueService).where(
                        QueueService.queue_id == self.queue.id, QueueService.service_id == self.service.id
                    )
                )
            case "link":
                self.link.is_active = False
            case "queue":
                self.queue.is_active = False
            case "office":
                self.office.is_active = False
            case "past":
                self.at(NOW)
            case "far":
                self.at(NOW + timedelta(days=WINDOW_DAYS, minutes=1))
            case "not open":  # tomorrow opens at ten, and it is half past nine
                self.service.days_ahead, self.service.opens_at = 1, 600
            case "drawn":
                row = DrawnService(service_id=self.service.id, province_code=self.office.province_code)
                row.last_open_day = self.slot.day - timedelta(days=1)
                self.session.add(row)
            case "closed":
                self.slot.status, self.slot.is_open = SlotStatus.CLOSED, False
        self.session.flush()

    def at(self, moment: Any) -> None:
        self.slot.starts_at, self.slot.day = moment, moment.date()

    def ways_to_take(self) -> dict[str, Callable[[], object]]:
        """Every way by which a place of the slot is taken for the service."""
        session, slot_id, service_id = self.session, self.slot.id, self.service.id
        to: dict[str, Any] = {"slot_id": slot_id, "now": NOW}
        chat = make_conversation(session)
        return {
            "hold": lambda: hold(session, actor=Actor.chat(chat.id), service_id=service_id, **to),
            "book": lambda: book(
                session,
                idem_key="k",
                actor=Actor.chat(chat.id),
                service_id=service_id,
                person_id=make_person(session, conversation=chat).id,
                person_name="ر",
                document_kind=DocumentKind.AMAYESH,
                code=appointment_code(),
                **to,
            ),
            "move": lambda: move(
                session, idem_key="m", appointment_id=self.appointment.id, actor=Actor.chat(self.chat.id), **to
            ),
        }

    def offers(self) -> set[int]:
        """The slots that any search offers for the service."""
        session = self.session
        asked: dict[str, Any] = {"service_id": self.service.id, "after": NOW}
        here: dict[str, Any] = {"office_id": self.office.id}
        found = first_free(session, **asked, office_ids=[self.office.id], limit=9)
        found += free_times(session, **asked, **here, day=self.slot.day)
        found += [day.first for day in free_days(session, **asked, **here)]
        found += [
            each.slot for each in soonest_elsewhere(session, **asked, near=None, province_code=None, except_office=None)
        ]
        found += [each for each in [slot(session, slot_id=self.slot.id, **asked)] if each is not None]
        return {each.slot_id for each in found}


SPOILT: dict[str, type[Refusal]] = {
    "service": NotBookable,
    "irreversible": NotBookable,
    "unpublished": NotBookable,
    "no link": ServiceNotOffered,
    "link": ServiceNotOffered,
    "queue": ServiceNotOffered,
    "office": ServiceNotOffered,
    "past": SlotPassed,
    "far": TooFarAhead,
    "not open": NotOpenYet,
    "drawn": PlaceIsDrawn,
    "closed": SlotTaken,
}


@pytest.fixture
def scene(session: WriteSession) -> Scene:
    return Scene(session)


def test_a_slot_that_may_be_booked_is_offered_and_taken_in_every_way(scene: Scene) -> None:
    assert scene.slot.id in scene.offers()
    for take in scene.ways_to_take().values():
        with scene.session.begin_nested() as meanwhile:
            take()
            meanwhile.rollback()


@pytest.mark.parametrize(("what", "refusal"), SPOILT.items())
def test_what_may_not_be_booked_is_offered_nowhere_and_refused_alike_by_each_way(
    scene: Scene, what: str, refusal: type[Refusal]
) -> None:
    scene.spoil(what)
    assert scene.slot.id not in scene.offers()
    for way, take in scene.ways_to_take().items():
        with pytest.raises(refusal):
            take()
        scene.session.expire_all()
        assert scene.session.scalars(select(Slot.remaining).where(Slot.id == scene.slot.id)).one() == 1, way


def test_each_condition_of_the_rule_is_tried(scene: Scene) -> None:
    """A condition that is added to the rule needs its case above."""
    unmet = set()
    for what, refusal in SPOILT.items():
        with scene.session.begin_nested() as meanwhile:
            scene.spoil(what)
            with pytest.raises(Refusal) as refused:
                require_bookable(scene.session, slot_id=scene.slot.id, service_id=scene.service.id, now=NOW)
            assert type(refused.value) is refusal
            unmet.add(_unmet(scene))
            meanwhile.rollback()
    assert unmet == {condition.name for condition in may_be_booked(slots)}


def _unmet(scene: Scene) -> str:
    asked = {"slot": scene.slot.id, "service": scene.service.id, **window(NOW)}
    name: str = scene.session.execute(FOR_A_SERVICE, asked).scalar_one()
    return name


def test_a_time_is_looked_at_with_what_a_move_needs(scene: Scene) -> None:
    time = bookable_time(
        scene.session, slot_id=scene.slot.id, service_id=scene.service.id, conversation_id=scene.chat.id, now=NOW
    )
    assert (time.starts_at, time.office_id, time.zone) == (scene.slot.starts_at, scene.office.id, scene.office.zone)
    assert time.address is not None
