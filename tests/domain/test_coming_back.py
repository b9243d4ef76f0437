"""«Come back» gives a real appointment, what is recorded is told, and taking it back takes back what came with it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from sqlalchemy import select, update

from desk.acting import Actor
from desk.appointments.actions import book, cancel, move
from desk.appointments.models import Appointment
from desk.appointments.queries import appointment_by_id, of_conversation
from desk.appointments.refusals import ServiceNotOffered
from desk.appointments.rules import AppointmentState, reminders
from desk.capacity.models import Slot
from desk.capacity.refusals import SlotTaken
from desk.codes import CodeKind, TrackingCode
from desk.outbox.actions import claim, enqueue, mark_sent
from desk.outbox.models import OutboxMessage
from desk.outbox.quiet import after_the_night, is_quiet
from desk.outbox.rules import DeliveryState, Lane, NoticeKind
from desk.places.actions import hold
from desk.places.models import Claim
from desk.storage.base import WriteSession
from desk.verify import verify
from desk.visits.actions import record_arrival, record_come_back, record_outcome, undo_arrival, undo_outcome
from desk.visits.queries import day_list
from desk.visits.refusals import NotRecordable, NotYetTheHour
from desk.visits.rules import Outcome
from tests.makers import (
    NOW,
    TODAY,
    acting,
    at,
    make_conversation,
    make_person,
    make_queue,
    make_service,
    make_slot,
)
from tests.makers_chats import recipient

TOMORROW = TODAY + timedelta(days=1)
CLERK: dict[str, Any] = {"actor": acting(8), "now": NOW}


class Scene:
    """Somebody with an appointment today at two in the afternoon, booked by chat yesterday; a free time tomorrow."""

    def __init__(self, session: WriteSession) -> None:
        self.session = session
        self.service = make_service(session)
        self.queue = make_queue(session, services=[self.service])
        self.chat = make_conversation(session)
        self.person = make_person(session, conversation=self.chat)
        self.appointment_id = self.book(
            make_slot(session, queue=self.queue, starts_at=at(hour=14)), now=NOW - timedelta(days=1)
        )
        self.tomorrow = make_slot(session, queue=self.queue, starts_at=at(TOMORROW, hour=9), capacity=1)

    def book(self, slot: Slot, *, now: datetime = NOW) -> int:
        return book(
            self.session,
            idem_key=f"k{slot.id}",
            actor=Actor.chat(self.chat.id),
            slot_id=slot.id,
            service_id=self.service.id,
            person_id=self.person.id,
            person_name="گل‌آقا رحیمی",
            document_kind=None,
            code=TrackingCode.make(CodeKind.APPOINTMENT),
            now=now,
        ).appointment_id

    def back(self) -> int:
        return record_come_back(
            self.session, appointment_id=self.appointment_id, slot_id=self.tomorrow.id, **CLERK
        ).appointment_id

    def fates(self, appointment_id: int) -> dict[str, DeliveryState]:
        """The messages about an appointment by their key."""
        found = self.session.execute(
            select(OutboxMessage.idem_key, OutboxMessage.state).where(
                OutboxMessage.about == f"appointment:{appointment_id}"
            )
        )
        return {key.removesuffix(f":{appointment_id}:0"): fate for key, fate in found}

    def send_everything(self) -> None:
        for id in self.session.scalars(select(OutboxMessage.id).where(OutboxMessage.is_open)).all():
            mark_sent(self.session, id=id, message_id="1", now=NOW)
        self.session.expire_all()

    def state(self, appointment_id: int) -> tuple[AppointmentState, bool]:
        row = appointment_by_id(self.session, appointment_id=appointment_id)
        assert row is not None
        return row.state, row.is_live

    def left(self) -> int:
        self.session.expire_all()
        return self.session.get_one(Slot, self.tomorrow.id).remaining


@pytest.fixture
def scene(session: WriteSession) -> Scene:
    return Scene(session)


def test_coming_back_is_an_appointment_with_its_ticket_on_that_days_list(scene: Scene) -> None:
    new = scene.back()

    assert scene.state(scene.appointment_id) == (AppointmentState.COME_BACK, False)
    assert scene.state(new) == (AppointmentState.BOOKED, True)
    assert [row.appointment_id for row in day_list(scene.session, office_id=scene.queue.office_id, day=TOMORROW)] == [
        new
    ]
    assert [row.id for row in of_conversation(scene.session, conversation_id=scene.chat.id, now=NOW)] == [new]
    assert scene.fates(new) == {
        "ticket": DeliveryState.OPEN,
        f"reminder:{new}:0:evening": DeliveryState.OPEN,
        f"reminder:{new}:0:shortly": DeliveryState.OPEN,
    }
    assert scene.fates(scene.appointment_id)[f"outcome:{scene.appointment_id}:1"] is DeliveryState.OPEN
    assert scene.left() == 0
    assert verify(scene.session) == []


def test_what_the_chat_holds_meanwhile_stays_its_own(scene: Scene) -> None:
    other = make_slot(scene.session, queue=scene.queue, starts_at=at(TOMORROW, hour=12), capacity=1)
    hold(scene.session, actor=Actor.chat(scene.chat.id), slot_id=other.id, now=NOW)

    scene.back()

    assert scene.session.scalars(select(Claim.slot_id)).all() == [other.id]
    assert verify(scene.session) == []


def test_a_time_that_is_taken_or_of_another_office_gives_no_appointment(scene: Scene) -> None:
    elsewhere = make_slot(
        scene.session, queue=make_queue(scene.session, services=[scene.service]), starts_at=at(TOMORROW, hour=9)
    )
    with pytest.raises(ServiceNotOffered):
        record_come_back(scene.session, appointment_id=scene.appointment_id, slot_id=elsewhere.id, **CLERK)
    scene.session.execute(
        update(Slot).where(Slot.id == scene.tomorrow.id).values(remaining=0, is_open=False, capacity=0)
    )
    with pytest.raises(SlotTaken), scene.session.begin_nested():
        scene.back()
    assert scene.state(scene.appointment_id) == (AppointmentState.BOOKED, True)
    assert scene.session.scalars(select(Appointment.id)).all() == [scene.appointment_id]


def test_undone_before_anything_was_sent_nobody_is_told(scene: Scene) -> None:
    new = scene.back()
    undo_outcome(scene.session, appointment_id=scene.appointment_id, **CLERK)

    assert scene.state(scene.appointment_id) == (AppointmentState.BOOKED, True)
    assert scene.state(new) == (AppointmentState.CANCELLED_BY_OFFICE, False)
    assert set(scene.fates(new).values()) == {DeliveryState.DROPPED}
    told = scene.fates(scene.appointment_id)
    assert told[f"outcome:{scene.appointment_id}:1"] is DeliveryState.DROPPED
    assert not any(key.startswith("outcome_undone") for key in told)
    assert told[f"reminder:{scene.appointment_id}:0:shortly"] is DeliveryState.OPEN
    assert scene.left() == 1
    assert verify(scene.session) == []


def test_undone_after_the_ticket_was_sent_the_person_is_told(scene: Scene) -> None:
    new = scene.back()
    scene.send_everything()
    undo_outcome(scene.session, appointment_id=scene.appointment_id, **CLERK)

    params = scene.session.scalars(select(OutboxMessage.params).where(OutboxMessage.notice == "visit_undone")).one()
    assert params == {"appointment": scene.appointment_id, "given": new}
    assert scene.state(new)[0] is AppointmentState.CANCELLED_BY_OFFICE
    again = scene.back()
    assert scene.state(again) == (AppointmentState.BOOKED, True)
    assert scene.fates(scene.appointment_id)[f"outcome_undone:{scene.appointment_id}:1"] is DeliveryState.DROPPED
    assert verify(scene.session) == []


def test_whoever_got_the_ticket_alone_is_told_that_it_was_a_mistake(scene: Scene) -> None:
    """The news before it never arrived, such as where the messenger refused it."""
    new = scene.back()
    ticket = select(OutboxMessage.id).where(OutboxMessage.idem_key == f"ticket:{new}:0")
    mark_sent(scene.session, id=scene.session.scalars(ticket).one(), message_id="1", now=NOW)
    scene.session.expire_all()
    undo_outcome(scene.session, appointment_id=scene.appointment_id, **CLERK)
    params = scene.session.scalars(select(OutboxMessage.params).where(OutboxMessage.notice == "visit_undone")).one()
    assert params == {"appointment": scene.appointment_id, "given": new}


def test_a_new_appointment_that_had_its_visit_is_not_taken_back(scene: Scene) -> None:
    new = scene.back()
    the_day: dict[str, Any] = {"actor": acting(8), "now": at(TOMORROW, hour=9)}
    record_outcome(scene.session, appointment_id=new, outcome=Outcome.SERVED, **the_day)
    with pytest.raises(NotRecordable) as refusal:
        undo_outcome(scene.session, appointment_id=scene.appointment_id, **the_day)
    assert refusal.value.appointment_id == new


@pytest.mark.parametrize("what", ["cancelled", "moved"])
def test_undone_after_the_person_changed_the_new_appointment(scene: Scene, what: str) -> None:
    new = scene.back()
    if what == "cancelled":
        cancel(scene.session, appointment_id=new, actor=Actor.chat(scene.chat.id), now=NOW)
    else:
        other = make_slot(scene.session, queue=scene.queue, starts_at=at(TOMORROW, hour=12), capacity=1)
        move(
            scene.session,
            idem_key="m",
            appointment_id=new,
            actor=Actor.chat(scene.chat.id),
            slot_id=other.id,
            now=NOW,
        )
    undo_outcome(scene.session, appointment_id=scene.appointment_id, **CLERK)

    assert not scene.state(new)[1]
    assert scene.state(scene.appointment_id) == (AppointmentState.BOOKED, True)
    assert verify(scene.session) == []


def test_an_arrival_undone_brings_its_reminder_back(scene: Scene) -> None:
    key = f"reminder:{scene.appointment_id}:0:shortly"
    record_arrival(scene.session, appointment_id=scene.appointment_id, **CLERK)
    assert scene.fates(scene.appointment_id)[key] is DeliveryState.DROPPED
    undo_arrival(scene.session, appointment_id=scene.appointment_id, **CLERK)
    assert scene.fates(scene.appointment_id)[key] is DeliveryState.OPEN
    assert "outbox" in scene.session.topics


@pytest.mark.parametrize("outcome", [Outcome.SERVED, Outcome.ABSENT])
def test_an_outcome_is_told_and_its_undoing_withdraws_or_corrects(scene: Scene, outcome: Outcome) -> None:
    who: dict[str, Any] = {"appointment_id": scene.appointment_id, **CLERK}
    record_outcome(scene.session, **who, outcome=outcome, is_sure=True)
    undo_outcome(scene.session, **who)
    first = scene.fates(scene.appointment_id)
    assert first[f"outcome:{scene.appointment_id}:1"] is DeliveryState.DROPPED
    assert first[f"reminder:{scene.appointment_id}:0:shortly"] is DeliveryState.OPEN
    assert f"outcome_undone:{scene.appointment_id}:1" not in first

    record_outcome(scene.session, **who, outcome=outcome, is_sure=True)
    scene.send_everything()
    undo_outcome(scene.session, **who)
    second = scene.fates(scene.appointment_id)
    assert second[f"outcome:{scene.appointment_id}:2"] is DeliveryState.SENT
    assert second[f"outcome_undone:{scene.appointment_id}:2"] is DeliveryState.OPEN
    assert verify(scene.session) == []


def test_absent_before_the_hour_is_asked_back(scene: Scene) -> None:
    who: dict[str, Any] = {"appointment_id": scene.appointment_id, "actor": acting(8), "outcome": Outcome.ABSENT}
    with pytest.raises(NotYetTheHour) as refusal:
        record_outcome(scene.session, **who, now=NOW)
    assert refusal.value.starts_at == at(hour=14)
    assert scene.state(scene.appointment_id) == (AppointmentState.BOOKED, True)
    record_outcome(scene.session, **who, now=at(hour=14))
    assert scene.state(scene.appointment_id) == (AppointmentState.ABSENT, False)


@pytest.mark.parametrize(
    ("starts", "booked", "expected"),
    [
        (at(TOMORROW, hour=8), NOW, [at(hour=18)]),
        (at(TOMORROW, hour=8), at(hour=19), [at(hour=20, minute=30)]),
        (at(TOMORROW, hour=8), at(hour=20, minute=45), []),
        (at(TOMORROW, hour=8, minute=55), NOW, [at(hour=18)]),
        (at(TOMORROW, hour=9), NOW, [at(hour=18), at(TOMORROW, hour=7)]),
        (at(TOMORROW, hour=23, minute=30), NOW, [at(hour=18), at(TOMORROW, hour=20, minute=30)]),
    ],
)
def test_no_reminder_is_planned_for_the_night(starts: datetime, booked: datetime, expected: list[datetime]) -> None:
    planned = [due_at for _, due_at in reminders(starts, zone="Asia/Tehran", now=booked)]
    assert planned == expected
    assert not any(is_quiet(due_at) for due_at in planned)


def test_what_is_sent_to_many_waits_for_the_morning(session: WriteSession) -> None:
    for key, lane in (("bulk", Lane.BULK), ("reply", Lane.REPLY)):
        enqueue(
            session,
            idem_key=key,
            to=recipient(session, "bale", "b", key),
            notice=cast(NoticeKind, key),
            params={},
            lane=lane,
            due_at=NOW,
            now=NOW,
        )
    night = at(TOMORROW, hour=6)
    assert [each.notice for each in claim(session, channel="bale", bot="b", limit=9, now=night)] == ["reply"]
    assert after_the_night(night) == at(TOMORROW, hour=7)
    assert [each.notice for each in claim(session, channel="bale", bot="b", limit=9, now=at(TOMORROW, hour=7))][
        -1
    ] == "bulk"


def test_news_of_an_outcome_recorded_at_night_waits_for_the_morning(scene: Scene) -> None:
    who: dict[str, Any] = {"appointment_id": scene.appointment_id, "actor": acting(8), "outcome": Outcome.SERVED}
    record_outcome(scene.session, **who, now=at(hour=22))
    due = scene.session.scalars(select(OutboxMessage.due_at).where(OutboxMessage.notice == "visit_served")).one()
    assert due == at(TOMORROW, hour=7)
