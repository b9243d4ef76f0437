"""The page by which a manager stops a line: what it comes to first, then a date for everybody in it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.storage.base import ReadSession, WriteSession
from desk.visits.actions import record_arrival
from tests.backoffice.conftest import Site
from tests.backoffice.forms import form_at
from tests.makers import NOW, acting


def states(session: ReadSession) -> list[AppointmentState]:
    return list(session.scalars(select(Appointment.state).order_by(Appointment.id)))


@pytest.mark.requirement("000-14", "S")
async def test_the_line_is_stopped_after_it_was_shown_what_that_comes_to(site: Site) -> None:
    there, waits = f"/offices/{site.world.office}/line/stop", site.world.appointments[0]

    def arrives(session: WriteSession) -> None:
        record_arrival(session, appointment_id=waits, actor=acting(1), now=NOW)

    await site.storage.write(arrives)
    before = await site.storage.read(states)
    manager = await site.signed_in("manager")
    assert there in (await manager.get(f"/offices/{site.world.office}/line")).text
    empty = form_at((await manager.get(there)).text, there).values
    missing = await manager.post(there, {**empty, "reason": "", "do": "show"})
    assert missing.status_code == 422
    over = await manager.post(there, {**empty, "reason": "card", "until": "8:00", "do": "show"})
    assert over.status_code == 422
    assert "گذشته است" in over.text

    shown = await manager.post(there, {**empty, "reason": "card", "do": "show"})
    assert "۱ نفر در صف هستند" in shown.text
    assert "کارت‌خوان" in shown.text
    assert await site.storage.read(states) == before, "nothing is changed by looking"

    sheet = form_at(shown.text, there).values
    done = await manager.post(there, {**sheet, "do": "stop"})
    assert done.status_code == 303
    assert done.headers["location"].startswith("/capacity/closed/")
    after = await site.storage.read(states)
    ended = {AppointmentState.COME_BACK, AppointmentState.CANCELLED_BY_OFFICE}
    assert after[waits - 1] in ended
    again = await manager.post(there, {**sheet, "do": "stop"})
    assert again.headers["location"] == done.headers["location"]
    assert await site.storage.read(states) == after


async def test_who_does_not_record_there_does_not_stop_it(site: Site) -> None:
    office = f"/offices/{site.world.office}/line"
    province = await site.signed_in("province")
    assert f"{office}/stop" not in (await province.get(office)).text
