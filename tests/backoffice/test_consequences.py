"""The sheet from the first press to the last person told: who may see whom, second presses, and the tally."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from desk.acting import SYSTEM
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.capacity.models import ExceptionKind, Queue, Slot
from desk.catalogue.models import Service
from desk.consequences.models import Change, ChangedAppointment
from desk.events.models import Event
from desk.language.text import Locale, Localised
from desk.offices.models import Office
from desk.outbox import actions as outbox
from desk.outbox.models import OutboxMessage
from desk.staff.permissions import ROLES, Permission, Role
from desk.storage.base import ReadSession, WriteSession
from desk.verify import verify
from tests import makers
from tests.backoffice.conftest import Site
from tests.backoffice.sheets import MONDAY, NAMES, SHUT, UNCHANGED, WHY, booked, sure
from tests.makers import NOW, TODAY


async def test_a_holiday_over_six_people_from_the_sheet_to_the_last_one_told(site: Site) -> None:
    """Both offices open on that Saturday: four people here, two there; numbers for each, names one office at a time."""

    def six(session: WriteSession) -> list[int]:
        made = []
        for queue, number in ((site.world.queue, 4), (site.world.other_queue, 2)):
            for place in range(number):
                at = makers.at(TODAY + timedelta(days=7), hour=8, minute=15 * (place // 2))
                slot = session.scalars(select(Slot).where(Slot.queue_id == queue, Slot.starts_at == at)).one()
                chat = makers.make_conversation(session) if place else None
                appointment = makers.make_appointment(
                    session,
                    slot=slot,
                    service=session.get_one(Service, site.world.service),
                    conversation=chat,
                    person_name=NAMES[place],
                )
                made.append(appointment.id)
        return made

    people = await site.storage.write(six)
    admin = await site.signed_in("admin")
    form = {"day": "1405/09/07", "name_fa": "تعطیل آزمون", "is_closed": "1", "is_confirmed": "1"}
    asked = await admin.post("/capacity/holidays", form)
    assert all(words in asked.text for words in ("دفتر پیشخوان گلشهر", "دفتر کفالت طرق", UNCHANGED))
    assert not any(name in asked.text for name in NAMES)
    done = await admin.post("/capacity/holidays", sure(form, asked, remedy="cancel"))
    address = done.headers["location"]
    tally = (await admin.get(address)).text
    assert not any(name in tally for name in NAMES)
    assert "hx-trigger" in tally

    manager = await site.signed_in("manager")
    own = (await manager.get(address)).text
    assert NAMES[0] in own
    assert "دفتر کفالت طرق" not in own

    def sent(session: WriteSession) -> None:
        for key in session.scalars(
            select(OutboxMessage.id).where(OutboxMessage.notice == "cancelled_by_office").order_by(OutboxMessage.id)
        ):
            outbox.mark_sent(session, id=key, message_id="1", now=NOW)

    await site.storage.write(sent)
    clerk = await site.signed_in("clerk")
    listed = (await clerk.get("/changes")).text
    assert "بدون نام" in listed, "the day lies beyond those of the counter; the manager phones"
    assert NAMES[0] not in listed
    assert NAMES[0] in (await manager.get("/changes")).text
    assert NAMES[1] not in (await manager.get("/changes")).text
    assert "میزبان شمارهٔ تلفن آن‌ها را ندارد" in listed
    # A person who may not record it is told who may; a clerk has the buttons instead.
    province = await site.signed_in("province")
    assert "دفتر با تلفن یا در باجه به آن‌ها خبر می‌دهد" in (await province.get(address)).text
    assert "این فهرست دفتر است" in (await province.get("/changes")).text
    assert "دفتر با تلفن یا در باجه به آن‌ها خبر می‌دهد" not in (await clerk.get(address)).text

    def nobody_told(session: ReadSession) -> dict[int, int]:
        rows = session.execute(
            select(ChangedAppointment.office_id, ChangedAppointment.id)
            .join(Appointment, Appointment.id == ChangedAppointment.appointment_id)
            .where(Appointment.conversation_id.is_(None), ChangedAppointment.appointment_id.in_(people))
        )
        return {row.office_id: row.id for row in rows}

    left = await site.storage.read(nobody_told)
    # Who looks after several offices is told where else somebody waits for a call.
    for here, named in ((site.world.office, "دفتر کفالت طرق"), (site.world.other_office, "دفتر پیشخوان گلشهر")):
        listed = (await admin.get(f"/changes?office={here}")).text
        assert named in listed.split("در دفترهای دیگر هم کسانی منتظر تلفن هستند")[1]
    assert "دفترهای دیگر" not in (await clerk.get("/changes")).text
    marked = await clerk.post(f"/changes/told/{left[site.world.office]}", {"way": "phone", "from": "list"})
    elsewhere = await clerk.post(f"/changes/told/{left[site.world.other_office]}", {"way": "phone"})
    other = await site.signed_in("otherclerk")
    there = await other.post(f"/changes/told/{left[site.world.other_office]}", {"way": "counter"})
    assert [marked.status_code, elsewhere.status_code, there.status_code] == [303, 404, 303]
    assert marked.headers["location"] == f"/changes?office={site.world.office}"
    assert there.headers["location"] == f"{address}?office={site.world.other_office}"
    last = (await admin.get(address)).text
    assert "hx-trigger" not in last
    assert "دفترهای دیگر" not in (await admin.get(f"/changes?office={site.world.office}")).text
    assert NAMES[0] not in (await clerk.get("/changes")).text

    await site.written_down()

    def readings(session: ReadSession) -> int | None:
        return session.scalar(select(func.count()).where(Event.kind == "change.people_read"))

    assert await site.storage.read(readings)
    assert await site.storage.read(verify) == []


@pytest.mark.sqlite
async def test_whoever_may_not_read_appointments_sees_numbers_only(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    await site.storage.write(booked, site)
    address = f"/capacity/{site.world.office}/queues/{site.world.queue}/days"
    browser = await site.signed_in("manager")
    with_names = await browser.post(address, SHUT)
    monkeypatch.setitem(ROLES, Role.OFFICE_MANAGER, ROLES[Role.OFFICE_MANAGER] - {Permission.APPOINTMENTS_PLAN})
    without = await browser.post(address, SHUT)
    assert NAMES[0] in with_names.text
    assert NAMES[0] not in without.text
    assert "۲ نفر" in re.sub("[\u2066-\u2069]", "", without.text)


@pytest.mark.sqlite
async def test_somebody_who_booked_meanwhile_is_shown_before_anything_is_saved(site: Site) -> None:
    await site.storage.write(booked, site)
    browser = await site.signed_in("manager")
    address = f"/capacity/{site.world.office}/queues/{site.world.queue}/days"
    asked = await browser.post(address, SHUT)
    (late,) = await site.storage.write(_one_more, site)
    again = await browser.post(address, sure(SHUT, asked, remedy="cancel"))

    def states(session: ReadSession) -> list[AppointmentState]:
        return list(session.scalars(select(Appointment.state).where(Appointment.id == late)))

    assert again.status_code == 409
    assert "در این فاصله کسی نوبت گرفته یا لغو کرده است" in again.text
    assert WHY in again.text
    assert "حلیمه رضایی" in again.text
    assert await site.storage.read(states) == [AppointmentState.BOOKED]
    done = await browser.post(address, sure(SHUT, again, remedy="cancel"))
    assert done.status_code == 303
    assert await site.storage.read(states) == [AppointmentState.CANCELLED_BY_OFFICE]


def _one_more(session: WriteSession, site: Site) -> list[int]:
    slot = session.scalars(
        select(Slot).where(Slot.queue_id == site.world.queue, Slot.starts_at == makers.at(MONDAY, hour=11))
    ).one()
    service = session.get_one(Service, site.world.service)
    return [makers.make_appointment(session, slot=slot, service=service, person_name="حلیمه رضایی").id]


@pytest.mark.sqlite
async def test_a_second_press_of_the_sheet_leads_to_the_same_tally(site: Site) -> None:
    await site.storage.write(booked, site)
    browser = await site.signed_in("manager")
    address = f"/capacity/{site.world.office}/queues/{site.world.queue}/days"
    asked = await browser.post(address, SHUT)
    form = sure(SHUT, asked)
    first, second = await browser.post(address, form), await browser.post(address, form)
    assert first.headers["location"] == second.headers["location"]


@pytest.mark.sqlite
@pytest.mark.parametrize("subject", ["queue", "service", "office"])
async def test_a_change_is_called_by_the_name_of_what_was_changed(site: Site, subject: str) -> None:
    def of_it(session: WriteSession) -> Localised:
        id_, name = {
            "queue": (site.world.queue, session.get_one(Queue, site.world.queue).name),
            "service": (site.world.service, session.get_one(Service, site.world.service).title),
            "office": (site.world.office, session.get_one(Office, site.world.office).name),
        }[subject]
        session.get_one(Change, site.world.change).subject = f"{subject}:{id_}"
        return name

    name = (await site.storage.write(of_it)).for_locale(Locale.FA)
    manager = await site.signed_in("manager")
    listed = (await manager.get("/changes")).text.split('id="changes-title"')[1]
    assert f"{name} · روزی که فرق دارد" in listed
    assert name in (await manager.get(f"/changes/{site.world.change}")).text.split("<h1>")[1].split("</h1>")[0]


@pytest.mark.sqlite
async def test_a_change_is_nobodys_business_elsewhere(site: Site) -> None:
    for username in ("otherclerk", "otherprovince"):
        browser = await site.signed_in(username)
        assert (await browser.get(f"/changes/{site.world.change}")).status_code == 404
    own = await site.signed_in("province")
    assert (await own.get(f"/changes/{site.world.change}")).status_code == 200


@pytest.mark.sqlite
async def test_a_message_that_failed_stands_on_the_list_of_the_office_until_somebody_told(site: Site) -> None:
    await site.storage.write(booked, site)
    manager = await site.signed_in("manager")
    address = f"/capacity/{site.world.office}/queues/{site.world.queue}/days"
    asked = await manager.post(address, SHUT)
    await manager.post(address, sure(SHUT, asked))

    def refuse(session: WriteSession) -> None:
        for id in session.scalars(select(OutboxMessage.id).where(OutboxMessage.notice == "moved_by_office")):
            outbox.mark_dead(session, id=id, reason="blocked")

    assert NAMES[0] not in (await manager.get("/changes")).text
    await site.storage.write(refuse)
    listed = (await manager.get("/changes")).text
    assert NAMES[0] in listed
    assert NAMES[1] in listed
    assert "متقاضی ربات را مسدود کرده است" in listed
    # The person who marks returns to the page they came from: the list of that office, or its part of the change.
    change = await site.storage.read(lambda session: session.scalar(select(func.max(Change.id))))
    first, second = await site.storage.read(
        lambda session: session.scalars(
            select(ChangedAppointment.id).where(ChangedAppointment.change_id == change).order_by(ChangedAppointment.id)
        ).all()
    )
    from_list = await manager.post(f"/changes/told/{first}", {"way": "phone", "from": "list"})
    assert from_list.headers["location"] == f"/changes?office={site.world.office}"
    left = (await manager.get(from_list.headers["location"])).text
    assert [NAMES[0] in left, NAMES[1] in left] == [False, True]
    from_tally = await manager.post(f"/changes/told/{second}", {"way": "counter", "from": "change"})
    assert from_tally.headers["location"] == f"/changes/{change}?office={site.world.office}"


@pytest.mark.sqlite
async def test_people_found_without_a_time_are_decided_about_on_their_page(site: Site) -> None:
    from desk.capacity.actions import set_exception
    from desk.consequences.actions import find_stranded

    people = await site.storage.write(booked, site)

    def past_the_sheet(session: WriteSession) -> int:
        set_exception(session, queue_id=site.world.queue, day=MONDAY, kind=ExceptionKind.CLOSED, actor=SYSTEM, now=NOW)
        return find_stranded(session, queue_id=site.world.queue, now=NOW)

    assert await site.storage.write(past_the_sheet) == 2
    manager = await site.signed_in("manager")
    page = (await manager.get("/changes")).text
    (address,) = {found for found in re.findall(r"/changes/\d+", page) if found != f"/changes/{site.world.change}"}
    assert "هنوز کسی دربارهٔ آن‌ها تصمیم نگرفته است" in (await manager.get(address)).text
    without_words = await manager.post(f"{address}/decide", {"remedy": "move", "words": ""})
    decided = await manager.post(f"{address}/decide", {"remedy": "move", "words": WHY})
    assert [without_words.status_code, decided.status_code] == [422, 303]

    def moved(session: ReadSession) -> list[int]:
        return list(session.scalars(select(Appointment.moves).where(Appointment.id.in_(people))))

    assert await site.storage.read(moved) == [1, 1]
