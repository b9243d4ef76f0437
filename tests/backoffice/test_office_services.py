"""The services of an office on its pages: the directorate decides, the office reads the reason and the rule."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from desk.capacity.models import QueueService, ServiceStatus
from desk.capacity.status_rules import GivingState
from desk.consequences.models import ChangedAppointment
from desk.consequences.rules import Progress
from desk.reading.folding import strip_bidi
from desk.storage.base import ReadSession
from tests.backoffice.conftest import Site
from tests.backoffice.forms import form_at
from tests.backoffice.sheets import UNCHANGED, Form, booked, sure

pytestmark = pytest.mark.sqlite

WHY = "از شنبه کسی مسئول نظم نیست."
SUSPENDED: Form = {
    "state": "suspended",
    "basis": "announcement",
    "rule": "بند ۵",
    "reason": WHY,
    "until_day": "1405/09/20",
}


def here(site: Site) -> str:
    return f"/offices/{site.world.office}/services/{site.world.service}"


def standing(session: ReadSession) -> list[GivingState]:
    return list(session.scalars(select(ServiceStatus.state).order_by(ServiceStatus.id)))


@pytest.mark.requirement("000-06", "M")
async def test_a_suspension_shows_its_people_first_and_the_office_reads_why(site: Site) -> None:
    people = await site.storage.write(booked, site)
    officer, manager = await site.signed_in("province"), await site.signed_in("manager")
    form = form_at((await officer.get(here(site))).text, here(site)).values | SUSPENDED

    asked = await officer.post(here(site), form)
    assert (asked.status_code, UNCHANGED in asked.text) == (200, True)
    assert await site.storage.read(standing) == []

    done = await officer.post(here(site), sure(form, asked))
    assert done.status_code == 303
    assert await site.storage.read(standing) == [GivingState.SUSPENDED]
    of_people = select(ChangedAppointment.step).where(ChangedAppointment.appointment_id.in_(people))
    told = await site.storage.read(lambda session: session.scalars(of_people).all())
    assert set(told) == {Progress.MOVED}

    seen = strip_bidi((await manager.get(here(site))).text)
    shown = ("تعلیق‌شده", WHY, "بند ۵", "اطلاعیهٔ ۴ کانون دفاتر پیشخوان", "بررسی دوباره تا")
    assert [each for each in shown if each not in seen] == []
    assert f'action="{here(site)}"' not in seen
    listed = strip_bidi((await manager.get(f"/offices/{site.world.office}/services")).text)
    assert "تعلیق‌شده" in listed


@pytest.mark.requirement("000-02", "M")
async def test_what_may_follow_is_offered_and_the_history_stays(site: Site) -> None:
    officer = await site.signed_in("province")
    for sent in (SUSPENDED, {**SUSPENDED, "state": "restored", "until_day": "", "reason": "مسئول نظم آمد."}):
        form = form_at((await officer.get(here(site))).text, here(site)).values | sent
        answer = await officer.post(here(site), form)
        if answer.status_code == 200:
            answer = await officer.post(here(site), sure(form, answer))
        assert answer.status_code == 303, answer.text

    page = strip_bidi((await officer.get(here(site))).text)
    options = [each for each in GivingState if f'<option value="{each.value}"' in page]
    assert options == [GivingState.WARNED, GivingState.SUSPENDED, GivingState.ENDED]
    assert WHY in page
    assert "مسئول نظم آمد." in page
    given = await site.storage.read(lambda session: session.scalars(select(QueueService.is_active)).all())
    assert set(given) == {True}
    history = strip_bidi((await officer.get("/history")).text)
    assert "اکنون «دوباره فعال»؛ قبلاً «تعلیق‌شده»." in history


async def test_a_day_that_is_past_or_a_missing_rule_is_said_at_its_field(site: Site) -> None:
    officer = await site.signed_in("province")
    gone = await officer.post(here(site), {**SUSPENDED, "until_day": "1405/08/01"})
    none = await officer.post(here(site), {**SUSPENDED, "basis": ""})
    never = await officer.post(here(site), {**SUSPENDED, "state": "restored"})

    assert (gone.status_code, none.status_code, never.status_code) == (422, 422, 422)
    assert "فقط تذکر و تعلیق چنین روزی دارند" in strip_bidi(gone.text)
    assert WHY in gone.text
    assert await site.storage.read(standing) == []


async def test_a_day_that_is_over_waits_for_somebody_on_the_list_of_offices(site: Site) -> None:
    officer, manager = await site.signed_in("province"), await site.signed_in("manager")
    form = form_at((await officer.get(here(site))).text, here(site)).values | {**SUSPENDED, "state": "warned"}
    assert (await officer.post(here(site), form)).status_code == 303
    assert "خدمات نیازمند بررسی دوباره" not in strip_bidi((await officer.get("/offices")).text)

    site.clock.move(timedelta(days=40))
    officer, manager = await site.signed_in("province"), await site.signed_in("manager")
    waits = strip_bidi((await officer.get("/offices")).text)
    assert "خدمات نیازمند بررسی دوباره" in waits
    assert here(site) in waits
    assert here(site) not in (await manager.get("/offices")).text
