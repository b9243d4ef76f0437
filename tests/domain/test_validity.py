"""What the code of an appointment tells to everybody: whether it counts, for what, where and on which day."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from desk.acting import Actor
from desk.appointments.actions import cancel
from desk.appointments.rules import AppointmentState
from desk.appointments.validity import validity
from desk.calendar import instant_of
from desk.codes import CodeKind, TrackingCode
from desk.events.shown import looking
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.values import LocalDay
from tests.makers import NOW, appointment_code, make_appointment, make_conversation

CODE = appointment_code()
ZONE = "Asia/Tehran"


@pytest.mark.parametrize("state", list(AppointmentState))
async def test_it_counts_while_it_is_booked_or_its_person_has_come(storage: Storage, state: AppointmentState) -> None:
    def counts(session: WriteSession) -> bool:
        make_appointment(session, state=state, code=CODE)
        found = validity(session, code=CODE, now=NOW)
        assert found is not None
        return found.is_valid

    assert await storage.write(counts) is (state in (AppointmentState.BOOKED, AppointmentState.ARRIVED))


async def test_it_counts_until_its_day_is_over_at_the_office(storage: Storage) -> None:
    def last_moments(session: WriteSession) -> list[bool]:
        appointment = make_appointment(session, code=CODE)
        midnight = instant_of(LocalDay(appointment.day).plus(1), minutes=0, zone=ZONE)
        return [_is_valid(session, midnight - timedelta(seconds=1)), _is_valid(session, midnight)]

    assert await storage.write(last_moments) == [True, False]


async def test_one_that_was_cancelled_no_longer_counts(storage: Storage) -> None:
    def before_and_after(session: WriteSession) -> list[bool]:
        chat = make_conversation(session)
        appointment = make_appointment(session, conversation=chat, code=CODE)
        told = [_is_valid(session, NOW)]
        cancel(session, appointment_id=appointment.id, actor=Actor.chat(chat.id), now=NOW)
        return [*told, _is_valid(session, NOW)]

    assert await storage.write(before_and_after) == [True, False]


async def test_it_reads_nobody(storage: Storage) -> None:
    await storage.write(lambda session: make_appointment(session, code=CODE))
    with looking() as seen:
        found = await storage.read(lambda session: validity(session, code=CODE, now=NOW))

    assert found is not None
    assert not seen
    assert {"name", "person", "number"}.isdisjoint(found._fields)


async def test_no_appointment_has_another_code(storage: Storage) -> None:
    await storage.write(lambda session: make_appointment(session, code=CODE))
    other = next(code for code in iter(lambda: TrackingCode.make(CodeKind.APPOINTMENT), None) if code != CODE)
    assert await storage.read(lambda session: validity(session, code=other, now=NOW)) is None


def _is_valid(session: WriteSession, now: datetime) -> bool:
    found = validity(session, code=CODE, now=now)
    assert found is not None
    return found.is_valid
