"""Every page that can take time away shows whom it hits before it saves, and the tally goes on until all know."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from desk.appointments.models import Appointment
from desk.appointments.rules import State
from desk.audit.models import AuditEntry
from desk.capacity import actions as capacity
from desk.capacity.models import CapacityException, ExceptionKind, Holiday, OpeningRule, Queue, Slot
from desk.catalogue.models import Service
from desk.consequences.models import Change, ChangedTurn
from desk.consequences.rules import Kind, Step
from desk.language.text import Locale, Localised
from desk.offices.models import Office
from desk.outbox import actions as outbox
from desk.outbox.models import OutboxMessage
from desk.staff.permissions import ROLES, Permission, Role
from desk.storage.base import ReadSession, WriteSession
from desk.verify import verify
from tests import makers
from tests.backoffice.conftest import House
from tests.makers import NOW, TODAY

MONDAY = TODAY + timedelta(days=2)
WHY = "برق همهٔ خیابان قطع است."
UNCHANGED = "هنوز چیزی تغییر نکرده است"
NAMES = ("رحیم‌الله نظری", "گل‌بی‌بی احمدی", "نورالله حسینی", "زهرا محمدی")

Form = dict[str, str | list[str]]


def sheet_of(answer: httpx.Response) -> dict[str, str]:
    """The hidden fields by which a sheet knows whom it showed."""
    return dict(re.findall(r'name="(sheet_(?:hit|key))" value="([^"]*)"', answer.text))


def sure(form: Mapping[str, Any], answer: httpx.Response, *, remedy: str = "move", words: str = WHY) -> Form:
    """The form once more, as the button of the sheet sends it."""
    return {**form, **sheet_of(answer), "sheet_sure": "1", "sheet_remedy": remedy, "sheet_words": words}


def booked(session: WriteSession, house: House, *, number: int = 2, queue: int | None = None) -> list[int]:
    """People who have a turn on Monday at 8:00 and after; the queue of the other office opens on Saturdays only."""
    queue_id = queue or house.world.queue
    day = MONDAY if queue_id == house.world.queue else TODAY + timedelta(days=7)
    made = []
    for place in range(number):
        starts_at = makers.at(day, hour=8, minute=15 * (place // 2))
        slot = session.scalars(select(Slot).where(Slot.queue_id == queue_id, Slot.starts_at == starts_at)).one()
        turn = makers.make_appointment(
            session,
            slot=slot,
            service=session.get_one(Service, house.world.service),
            conversation=makers.make_conversation(session),
            person_name=NAMES[place % len(NAMES)],
        )
        made.append(turn.id)
    return made


@dataclass(frozen=True)
class Page:
    """A page that can take time away: its form, who sends it, and what stays as it is until somebody decided."""

    name: str
    who: str
    kind: Kind
    remedy: str
    address: str
    form: Form
    prepare: Callable[[WriteSession, House], Form] = lambda _session, _house: {}
    """What has to stand there before, and what the form carries because of it."""

    def filled(self, house: House) -> str:
        ids = {"office": house.world.office, "queue": house.world.queue, "rule": self.rule(house)}
        return self.address.format(**ids, service=house.world.service)

    def rule(self, house: House) -> int:
        return house.world.rule + 2  # that of Mondays

    def data(self, house: House) -> Form:
        return {
            name: [str(house.world.service)] if value == ["service"] else value for name, value in self.form.items()
        }


RULE: Form = {
    "weekdays": ["2"],
    "opens": "8",
    "closes": "14",
    "counters": "2",
    "minutes_per_person": "15",
    "valid_from": "1405/08/30",
    "valid_to": "",
    "shown": "1",
}
OFFICE: Form = {
    "code": "72-1101",
    "kind": "pishkhan",
    "province": "IR-30",
    "city_fa": "کرج",
    "name_fa": "دفتر پیشخوان گلشهر",
    "address_fa": "خیابان آزمون، پلاک ۱",
    "latitude": "35.83",
    "longitude": "50.99",
    "is_active": "1",
}
MAY_READ_NAMES = {"manager", "province"}
QUEUE = "/capacity/{office}/queues/{queue}"
DAY: Form = {"day": "1405/09/02", "kind": "closed", "opens": "", "closes": "", "counters": "", "reason": "تعمیر"}
SERVICE: Form = {
    "code": "identity",
    "title_fa": "احراز هویت اتباع خارجی",
    "short_title_fa": "احراز هویت",
    "is_published": "1",
}

HOLIDAY: Form = {"day": "1405/09/02", "name_fa": "تعطیل آزمون", "is_closed": "1", "is_confirmed": "1"}


def holiday_on(day: date, *, province: str | None, is_closed: bool = True) -> Callable[[WriteSession, House], Form]:
    """A holiday that stands there already and is opened in the form."""

    def prepare(session: WriteSession, _house: House) -> Form:
        capacity.save_holiday(
            session,
            day=day,
            name=Localised({"fa": "تعطیل آزمون"}),
            is_confirmed=True,
            is_closed=is_closed,
            province_code=province,
            staff_id=None,
            now=NOW,
        )
        return {"holiday": str(session.scalars(select(Holiday.id).where(Holiday.day == day)).one())}

    return prepare


def open_by_exception(session: WriteSession, house: House) -> Form:
    """Monday is open for this one day only: no weekly hours speak of it."""
    capacity.set_exception(
        session,
        queue_id=house.world.queue,
        day=MONDAY,
        kind=ExceptionKind.HOURS,
        opens=8 * 60,
        closes=14 * 60,
        counters=2,
        staff_id=None,
        now=NOW,
    )
    capacity.delete_rule(session, rule_id=house.world.rule + 2, staff_id=None, now=NOW)
    return {}


def another_service(session: WriteSession, _house: House) -> Form:
    """A queue has to keep one service."""
    return {"services": [str(makers.make_service(session, code="other", is_bookable=True).id)]}


def closed_there(session: WriteSession, _house: House) -> Form:
    """The province that the office is moved to is closed on Monday."""
    holiday_on(MONDAY, province="IR-09")(session, _house)
    return {}


PAGES = [
    Page(
        "a day as usual again",
        "manager",
        Kind.DAY,
        "move",
        QUEUE + "/days/clear",
        {"day": "2026-11-23"},
        open_by_exception,
    ),
    Page(
        "a service not in the queue any more",
        "manager",
        Kind.QUEUE,
        "cancel",
        QUEUE + "/edit",
        {"name_fa": "باجه", "is_active": "1"},
        another_service,
    ),
    Page(
        "a service not bookable",
        "admin",
        Kind.SERVICE,
        "cancel",
        "/catalogue/{service}/edit",
        {**SERVICE, "is_published": "1"},
    ),
    Page(
        "a service not published",
        "admin",
        Kind.SERVICE,
        "cancel",
        "/catalogue/{service}/edit",
        {name: value for name, value in SERVICE.items() if name != "is_published"} | {"is_bookable": "1"},
    ),
    Page(
        "an office in a closed province",
        "admin",
        Kind.OFFICE,
        "move",
        "/offices/{office}",
        OFFICE | {"province": "IR-09"},
        closed_there,
    ),
    Page("a closure", "province", Kind.HOLIDAY, "move", "/capacity/holidays", HOLIDAY | {"province": "IR-30"}),
    Page(
        "a closure moved",
        "province",
        Kind.HOLIDAY,
        "move",
        "/capacity/holidays",
        HOLIDAY | {"province": "IR-30"},
        holiday_on(MONDAY + timedelta(days=1), province="IR-30"),
    ),
    Page(
        "a closure that shuts now",
        "province",
        Kind.HOLIDAY,
        "move",
        "/capacity/holidays",
        HOLIDAY | {"province": "IR-30"},
        holiday_on(MONDAY, province="IR-30", is_closed=False),
    ),
    Page(
        "a holiday moved",
        "admin",
        Kind.HOLIDAY,
        "move",
        "/capacity/holidays",
        HOLIDAY,
        holiday_on(MONDAY + timedelta(days=1), province=None),
    ),
    Page(
        "a closure made the country's",
        "admin",
        Kind.HOLIDAY,
        "move",
        "/capacity/holidays",
        HOLIDAY,
        holiday_on(MONDAY, province="IR-09"),
    ),
    Page("a day closed", "manager", Kind.DAY, "move", QUEUE + "/days", DAY),
    Page("counters of a day", "manager", Kind.DAY, "move", QUEUE + "/days", DAY | {"kind": "hours", "counters": "1"}),
    Page("a later start", "manager", Kind.RULE, "move", QUEUE + "/rules/{rule}", RULE | {"opens": "10"}),
    Page("fewer counters", "manager", Kind.RULE, "move", QUEUE + "/rules/{rule}", RULE | {"counters": "1"}),
    Page("a rule out", "manager", Kind.RULE, "move", QUEUE + "/rules/{rule}/delete", {}),
    Page("a queue off", "manager", Kind.QUEUE, "cancel", QUEUE + "/edit", {"name_fa": "باجه", "services": ["service"]}),
    Page(
        "an office off",
        "manager",
        Kind.OFFICE,
        "cancel",
        "/offices/{office}",
        {name: value for name, value in OFFICE.items() if name != "is_active"},
    ),
    Page("an address", "manager", Kind.ADDRESS, "tell", "/offices/{office}", OFFICE | {"address_fa": "میدان نو"}),
    Page("a city", "manager", Kind.ADDRESS, "tell", "/offices/{office}", OFFICE | {"city_fa": "فردیس"}),
    Page("coordinates", "manager", Kind.ADDRESS, "tell", "/offices/{office}", OFFICE | {"latitude": "35.9"}),
    Page("a service off", "admin", Kind.SERVICE, "cancel", "/catalogue/{service}/edit", SERVICE),
    Page(
        "a holiday",
        "admin",
        Kind.HOLIDAY,
        "move",
        "/capacity/holidays",
        {"day": "1405/09/02", "name_fa": "تعطیل آزمون", "is_closed": "1", "is_confirmed": "1"},
    ),
]
"""Every deed that can take time from people, by hand; a new one belongs here."""


def whole(session: ReadSession) -> list[Any]:
    """Everything that one of these pages might change."""
    found: list[Any] = []
    for table in (CapacityException, Holiday, OpeningRule, Queue, Office, Service, Slot, Appointment, Change):
        found += [tuple(row) for row in session.execute(select(table.__table__).order_by(table.__table__.c.id))]
    return found


@pytest.mark.sqlite
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
async def test_nothing_is_saved_before_it_is_confirmed(house: House, page: Page) -> None:
    more = await house.storage.write(page.prepare, house)
    people = await house.storage.write(booked, house)
    browser = await house.signed_in(page.who)
    form = page.data(house) | more
    before = await house.storage.read(whole)
    asked = await browser.post(page.filled(house), form)
    assert (asked.status_code, UNCHANGED in asked.text) == (200, True), asked.text
    assert await house.storage.read(whole) == before
    assert page.who not in MAY_READ_NAMES or any(name in asked.text for name in NAMES[:2])
    # The words for the people are needed for what is offered first, so nothing there calls them optional.
    if page.kind in (Kind.RULE, Kind.QUEUE):
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", asked.text, re.DOTALL)
        assert heading is not None
        assert "باجه" in heading[1]  # which of the queues it is about
    label = re.search(r'<label class="form-label" for="[^"]*words"[^>]*>(.*?)</label>', asked.text)
    assert label is not None
    assert "(اختیاری)" not in label[1]

    done = await browser.post(page.filled(house), sure(form, asked, remedy=page.remedy))
    assert done.status_code == 303, done.text
    change = re.fullmatch(r"/changes/(\d+)", done.headers["location"])
    assert change is not None

    def told(session: ReadSession) -> tuple[Kind, list[int], list[Step]]:
        kind = session.scalars(select(Change.kind).where(Change.id == int(change[1]))).one()
        rows = list(session.scalars(select(ChangedTurn).where(ChangedTurn.change_id == int(change[1]))))
        return kind, [row.appointment_id for row in rows], [row.step for row in rows]

    kind, hit, steps = await house.storage.read(told)
    assert kind is page.kind
    assert set(people) >= set(hit) != set()
    assert Step.WAITING not in steps
    assert (await browser.get(done.headers["location"])).status_code == 200
    assert await house.storage.read(verify) == []


@pytest.mark.sqlite
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
async def test_where_nobody_is_hit_it_is_saved_at_once_and_says_so(house: House, page: Page) -> None:
    def nobody(session: WriteSession) -> None:
        for turn in session.scalars(select(Appointment).where(Appointment.is_live)):
            turn.is_live = False

    more = await house.storage.write(page.prepare, house)
    await house.storage.write(nobody)
    browser = await house.signed_in(page.who)
    before = await house.storage.read(whole)
    done = await browser.post(page.filled(house), page.data(house) | more)
    assert done.status_code == 303
    assert "هیچ‌کس به هم نمی‌خورد" in (await browser.get(done.headers["location"])).text
    assert await house.storage.read(whole) != before


async def test_a_holiday_over_six_people_from_the_sheet_to_the_last_one_told(house: House) -> None:
    """Both offices open on that Saturday: four people here, two there; numbers for each, names one office at a time."""

    def six(session: WriteSession) -> list[int]:
        made = []
        for queue, number in ((house.world.queue, 4), (house.world.other_queue, 2)):
            for place in range(number):
                at = makers.at(TODAY + timedelta(days=7), hour=8, minute=15 * (place // 2))
                slot = session.scalars(select(Slot).where(Slot.queue_id == queue, Slot.starts_at == at)).one()
                chat = makers.make_conversation(session) if place else None
                turn = makers.make_appointment(
                    session,
                    slot=slot,
                    service=session.get_one(Service, house.world.service),
                    conversation=chat,
                    person_name=NAMES[place],
                )
                made.append(turn.id)
        return made

    people = await house.storage.write(six)
    admin = await house.signed_in("admin")
    form = {"day": "1405/09/07", "name_fa": "تعطیل آزمون", "is_closed": "1", "is_confirmed": "1"}
    asked = await admin.post("/capacity/holidays", form)
    assert all(words in asked.text for words in ("دفتر پیشخوان گلشهر", "دفتر کفالت طرق", UNCHANGED))
    assert not any(name in asked.text for name in NAMES)
    done = await admin.post("/capacity/holidays", sure(form, asked, remedy="cancel"))
    address = done.headers["location"]
    tally = (await admin.get(address)).text
    assert not any(name in tally for name in NAMES)
    assert "hx-trigger" in tally

    manager = await house.signed_in("manager")
    own = (await manager.get(address)).text
    assert NAMES[0] in own
    assert "دفتر کفالت طرق" not in own

    def sent(session: WriteSession) -> None:
        for key in session.scalars(
            select(OutboxMessage.id).where(OutboxMessage.notice == "cancelled_by_office").order_by(OutboxMessage.id)
        ):
            outbox.mark_sent(session, id=key, message_id="1", now=NOW)

    await house.storage.write(sent)
    clerk = await house.signed_in("clerk")
    listed = (await clerk.get("/changes")).text
    assert NAMES[0] in listed
    assert NAMES[1] not in listed
    assert "میزبان شمارهٔ تلفن آن‌ها را ندارد" in listed
    # Whoever may not write it down is told who does; a clerk has the buttons instead.
    province = await house.signed_in("province")
    assert "دفتر، آن‌ها را خبر می‌کند" in (await province.get(address)).text
    assert "این فهرست دفتر است" in (await province.get("/changes")).text
    assert "دفتر، آن‌ها را خبر می‌کند" not in (await clerk.get(address)).text

    def nobody_told(session: ReadSession) -> dict[int, int]:
        rows = session.execute(
            select(ChangedTurn.office_id, ChangedTurn.id)
            .join(Appointment, Appointment.id == ChangedTurn.appointment_id)
            .where(Appointment.conversation_id.is_(None), ChangedTurn.appointment_id.in_(people))
        )
        return {row.office_id: row.id for row in rows}

    left = await house.storage.read(nobody_told)
    # Who looks after several offices is told where else somebody waits for a call.
    for here, named in ((house.world.office, "دفتر کفالت طرق"), (house.world.other_office, "دفتر پیشخوان گلشهر")):
        listed = (await admin.get(f"/changes?office={here}")).text
        assert named in listed.split("در دفترهای دیگر هم کسانی منتظر تلفن هستند")[1]
    assert "دفترهای دیگر" not in (await clerk.get("/changes")).text
    marked = await clerk.post(f"/changes/told/{left[house.world.office]}", {"way": "phone", "from": "list"})
    elsewhere = await clerk.post(f"/changes/told/{left[house.world.other_office]}", {"way": "phone"})
    other = await house.signed_in("otherclerk")
    there = await other.post(f"/changes/told/{left[house.world.other_office]}", {"way": "counter"})
    assert [marked.status_code, elsewhere.status_code, there.status_code] == [303, 404, 303]
    assert marked.headers["location"] == f"/changes?office={house.world.office}"
    assert there.headers["location"] == f"{address}?office={house.world.other_office}"
    last = (await admin.get(address)).text
    assert "hx-trigger" not in last
    assert "دفترهای دیگر" not in (await admin.get(f"/changes?office={house.world.office}")).text
    assert NAMES[0] not in (await clerk.get("/changes")).text

    def readings(session: ReadSession) -> int | None:
        return session.scalar(select(func.count()).where(AuditEntry.action == "change.people"))

    assert await house.storage.read(readings)
    assert await house.storage.read(verify) == []


@pytest.mark.sqlite
async def test_whoever_may_not_read_turns_sees_numbers_only(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.storage.write(booked, house)
    address = f"/capacity/{house.world.office}/queues/{house.world.queue}/days"
    browser = await house.signed_in("manager")
    with_names = await browser.post(address, DAY)
    monkeypatch.setitem(ROLES, Role.OFFICE_MANAGER, ROLES[Role.OFFICE_MANAGER] - {Permission.APPOINTMENTS_READ})
    without = await browser.post(address, DAY)
    assert NAMES[0] in with_names.text
    assert NAMES[0] not in without.text
    assert "۲ نفر" in re.sub("[\u2066-\u2069]", "", without.text)


@pytest.mark.sqlite
async def test_somebody_who_booked_meanwhile_is_shown_before_anything_is_saved(house: House) -> None:
    await house.storage.write(booked, house)
    browser = await house.signed_in("manager")
    address = f"/capacity/{house.world.office}/queues/{house.world.queue}/days"
    asked = await browser.post(address, DAY)
    (late,) = await house.storage.write(_one_more, house)
    again = await browser.post(address, sure(DAY, asked, remedy="cancel"))

    def states(session: ReadSession) -> list[State]:
        return list(session.scalars(select(Appointment.state).where(Appointment.id == late)))

    assert again.status_code == 409
    assert "در این میان کسی نوبت گرفته یا لغو کرده است" in again.text
    assert WHY in again.text
    assert "حلیمه رضایی" in again.text
    assert await house.storage.read(states) == [State.BOOKED]
    done = await browser.post(address, sure(DAY, again, remedy="cancel"))
    assert done.status_code == 303
    assert await house.storage.read(states) == [State.CANCELLED_BY_OFFICE]


def _one_more(session: WriteSession, house: House) -> list[int]:
    slot = session.scalars(
        select(Slot).where(Slot.queue_id == house.world.queue, Slot.starts_at == makers.at(MONDAY, hour=11))
    ).one()
    service = session.get_one(Service, house.world.service)
    return [makers.make_appointment(session, slot=slot, service=service, person_name="حلیمه رضایی").id]


@pytest.mark.sqlite
async def test_a_second_press_of_the_sheet_leads_to_the_same_tally(house: House) -> None:
    await house.storage.write(booked, house)
    browser = await house.signed_in("manager")
    address = f"/capacity/{house.world.office}/queues/{house.world.queue}/days"
    asked = await browser.post(address, DAY)
    form = sure(DAY, asked)
    first, second = await browser.post(address, form), await browser.post(address, form)
    assert first.headers["location"] == second.headers["location"]


@pytest.mark.sqlite
@pytest.mark.parametrize("subject", ["queue", "service", "office"])
async def test_a_change_is_called_by_the_name_of_what_was_changed(house: House, subject: str) -> None:
    def of_it(session: WriteSession) -> Localised:
        id_, name = {
            "queue": (house.world.queue, session.get_one(Queue, house.world.queue).name),
            "service": (house.world.service, session.get_one(Service, house.world.service).title),
            "office": (house.world.office, session.get_one(Office, house.world.office).name),
        }[subject]
        session.get_one(Change, house.world.change).subject = f"{subject}:{id_}"
        return name

    name = (await house.storage.write(of_it)).for_locale(Locale.FA)
    manager = await house.signed_in("manager")
    listed = (await manager.get("/changes")).text.split('id="changes-title"')[1]
    assert name in listed
    assert name in (await manager.get(f"/changes/{house.world.change}")).text.split("<h1>")[1].split("</h1>")[0]


@pytest.mark.sqlite
async def test_the_sheet_of_an_address_speaks_of_an_address(house: House) -> None:
    page = next(each for each in PAGES if each.kind is Kind.ADDRESS)
    await house.storage.write(booked, house)
    browser = await house.signed_in(page.who)
    asked = await browser.post(page.filled(house), page.data(house))
    assert "برق همهٔ خیابان" not in asked.text
    assert "دفتر به ساختمان بزرگ‌تری رفته است" in asked.text


@pytest.mark.sqlite
async def test_a_change_is_nobodys_business_elsewhere(house: House) -> None:
    for username in ("otherclerk", "otherprovince"):
        browser = await house.signed_in(username)
        assert (await browser.get(f"/changes/{house.world.change}")).status_code == 404
    own = await house.signed_in("province")
    assert (await own.get(f"/changes/{house.world.change}")).status_code == 200


@pytest.mark.sqlite
async def test_a_message_that_failed_stands_on_the_list_of_the_office_until_somebody_told(house: House) -> None:
    await house.storage.write(booked, house)
    manager = await house.signed_in("manager")
    address = f"/capacity/{house.world.office}/queues/{house.world.queue}/days"
    asked = await manager.post(address, DAY)
    await manager.post(address, sure(DAY, asked))

    def refuse(session: WriteSession) -> None:
        for id in session.scalars(select(OutboxMessage.id).where(OutboxMessage.notice == "moved_by_office")):
            outbox.mark_dead(session, id=id, reason="blocked", now=NOW)

    assert NAMES[0] not in (await manager.get("/changes")).text
    await house.storage.write(refuse)
    listed = (await manager.get("/changes")).text
    assert NAMES[0] in listed
    assert NAMES[1] in listed
    assert "متقاضی ربات را بسته است" in listed
    # Whoever marks is led back to where they marked: the list of that office, or its part of the tally.
    change = await house.storage.read(lambda session: session.scalar(select(func.max(Change.id))))
    first, second = await house.storage.read(
        lambda session: session.scalars(
            select(ChangedTurn.id).where(ChangedTurn.change_id == change).order_by(ChangedTurn.id)
        ).all()
    )
    from_list = await manager.post(f"/changes/told/{first}", {"way": "phone", "from": "list"})
    assert from_list.headers["location"] == f"/changes?office={house.world.office}"
    left = (await manager.get(from_list.headers["location"])).text
    assert [NAMES[0] in left, NAMES[1] in left] == [False, True]
    from_tally = await manager.post(f"/changes/told/{second}", {"way": "counter", "from": "change"})
    assert from_tally.headers["location"] == f"/changes/{change}?office={house.world.office}"


@pytest.mark.sqlite
async def test_people_found_without_a_time_are_decided_about_on_their_page(house: House) -> None:
    from desk.capacity.actions import set_exception
    from desk.capacity.models import ExceptionKind
    from desk.consequences.actions import find_stranded

    people = await house.storage.write(booked, house)

    def past_the_sheet(session: WriteSession) -> int:
        set_exception(
            session, queue_id=house.world.queue, day=MONDAY, kind=ExceptionKind.CLOSED, staff_id=None, now=NOW
        )
        return find_stranded(session, queue_id=house.world.queue, now=NOW)

    assert await house.storage.write(past_the_sheet) == 2
    manager = await house.signed_in("manager")
    page = (await manager.get("/changes")).text
    (address,) = {found for found in re.findall(r"/changes/\d+", page) if found != f"/changes/{house.world.change}"}
    assert "هنوز کسی دربارهٔ آن‌ها تصمیم نگرفته است" in (await manager.get(address)).text
    without_words = await manager.post(f"{address}/decide", {"remedy": "move", "words": ""})
    decided = await manager.post(f"{address}/decide", {"remedy": "move", "words": WHY})
    assert [without_words.status_code, decided.status_code] == [422, 303]

    def moved(session: ReadSession) -> list[int]:
        return list(session.scalars(select(Appointment.moves).where(Appointment.id.in_(people))))

    assert await house.storage.read(moved) == [1, 1]
