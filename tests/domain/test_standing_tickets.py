"""What stands in the chat about an appointment is edited after a change, in its order and not before its time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from desk.acting import SYSTEM, Actor
from desk.appointments import actions as appointments
from desk.appointments.ending import fall
from desk.appointments.rows import StandingMessage
from desk.appointments.rules import AppointmentNotice, fall_is_told_at
from desk.appointments.tickets import send_again, standing
from desk.outbox import actions as outbox
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import LEASE
from desk.storage.base import WriteSession
from desk.verify import verify
from tests.domain.booking_scene import WEEK, Scene
from tests.makers import NOW, at, make_conversation


@pytest.fixture
def scene(session: WriteSession) -> Scene:
    return Scene(session)


def deliver(session: WriteSession, *, number: int) -> str:
    """Let a worker send the next message of the chat, which the messenger calls by this number; what it was."""
    [claimed] = outbox.claim(session, channel="telegram", bot="mizban", limit=1, now=NOW)
    outbox.mark_sent(session, id=claimed.id, message_id=str(number), now=NOW)
    return claimed.notice


def due(session: WriteSession) -> list[tuple[str, Any]]:
    rows = session.execute(
        select(OutboxMessage.notice, OutboxMessage.due_at).where(OutboxMessage.is_open).order_by(OutboxMessage.id)
    )
    return [(row.notice, row.due_at) for row in rows if row.notice != AppointmentNotice.REMINDER]


def given_back(scene: Scene, id: int) -> None:
    appointments.cancel(scene.session, appointment_id=id, actor=Actor.chat(scene.chat.id), now=NOW)


def cancelled(scene: Scene, id: int) -> None:
    appointments.cancel_by_office(scene.session, appointment_id=id, actor=SYSTEM, reason="r", tells=False, now=NOW)


def moved(scene: Scene, id: int) -> None:
    appointments.move(
        scene.session,
        idem_key="m",
        appointment_id=id,
        actor=Actor.chat(scene.chat.id),
        slot_id=scene.slot(at(WEEK, hour=11)).id,
        now=NOW,
    )


CHANGES = pytest.mark.parametrize("change", [given_back, cancelled, moved])


@CHANGES
def test_each_change_has_the_sent_ticket_edited_before_a_new_one_comes(
    scene: Scene, change: Callable[[Scene, int], None]
) -> None:
    booked = scene.book(scene.slot())
    assert deliver(scene.session, number=41) == AppointmentNotice.TICKET

    change(scene, booked.appointment_id)

    expected = [(AppointmentNotice.TICKET_CHANGED, NOW)]
    assert due(scene.session) == expected + [(AppointmentNotice.TICKET, NOW)] * (change is moved)
    stand = standing(scene.session, appointment_id=booked.appointment_id, conversation_id=scene.chat.id)
    assert stand == [StandingMessage("41", 0, is_ticket=True, is_proposal=False)]
    assert verify(scene.session) == []


@CHANGES
def test_one_that_is_being_sent_is_waited_for(scene: Scene, change: Callable[[Scene, int], None]) -> None:
    booked = scene.book(scene.slot())
    [under_way] = outbox.claim(scene.session, channel="telegram", bot="mizban", limit=1, now=NOW)

    change(scene, booked.appointment_id)

    assert due(scene.session)[0] == (AppointmentNotice.TICKET_CHANGED, NOW + LEASE)
    outbox.mark_sent(scene.session, id=under_way.id, message_id="41", now=NOW)
    stand = standing(scene.session, appointment_id=booked.appointment_id, conversation_id=scene.chat.id)
    assert [each.message_id for each in stand] == ["41"]


def test_the_ticket_of_what_fell_says_so_no_earlier_than_the_notice(scene: Scene) -> None:
    slot = scene.slot()
    booked = scene.book(slot)
    deliver(scene.session, number=41)

    fall(scene.session, appointment_id=booked.appointment_id, actor=SYSTEM, now=NOW)

    at_the_time = fall_is_told_at(NOW, slot.starts_at, zone="Asia/Tehran")
    assert at_the_time > NOW + timedelta(hours=1)
    assert due(scene.session) == [
        (AppointmentNotice.TICKET_CHANGED, at_the_time),
        (AppointmentNotice.FALLEN, at_the_time),
    ]


def test_a_ticket_asked_for_twice_is_one_more_and_stands_beside_the_first(scene: Scene) -> None:
    booked = scene.book(scene.slot())
    deliver(scene.session, number=41)
    asked: dict[str, Any] = {"appointment_id": booked.appointment_id, "actor": Actor.chat(scene.chat.id), "now": NOW}
    for _ in range(2):
        send_again(scene.session, idem_key="run:1", **asked)

    assert deliver(scene.session, number=42) == AppointmentNotice.TICKET
    assert outbox.claim(scene.session, channel="telegram", bot="mizban", limit=1, now=NOW) == []
    stand = standing(scene.session, appointment_id=booked.appointment_id, conversation_id=scene.chat.id)
    assert [each.message_id for each in stand] == ["41", "42"]
    assert verify(scene.session) == []


def test_what_was_told_in_another_chat_stands_there_alone(scene: Scene) -> None:
    """It has another number there, which in this chat may be that of another message."""
    booked = scene.book(scene.slot())
    deliver(scene.session, number=41)
    other = make_conversation(scene.session, channel="bale")
    scene.session.execute(update(OutboxMessage).values(channel="bale", conversation_id=other.id))

    def found(conversation_id: int) -> list[StandingMessage]:
        return standing(scene.session, appointment_id=booked.appointment_id, conversation_id=conversation_id)

    assert found(scene.chat.id) == []
    assert [each.message_id for each in found(other.id)] == ["41"]
    scene.session.execute(update(OutboxMessage).values(instead_of=scene.chat.id))
    assert found(other.id) == [], "instead of its own chat it has other words and no buttons"
