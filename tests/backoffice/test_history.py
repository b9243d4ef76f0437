"""The page of the history: sentences with old and new values, within reach, narrowed, taken away as a file."""

from __future__ import annotations

import ast
import re

import pytest
from sqlalchemy import select

from backoffice.history.wording import KINDS, SENTENCES
from desk.acting import SYSTEM
from desk.appointments.history import EventKind
from desk.appointments.models import Appointment
from desk.events import actions as events
from desk.events.models import Event
from desk.storage.base import ReadSession, WriteSession
from tests.backoffice.conftest import House
from tests.makers import NOW, acting
from tests.system.source_rules import sources

SUBJECTS = {each.partition(".")[0] for each in SENTENCES}
KIND = re.compile(r"[a-z_]+\.[a-z_]+")


def note(session: WriteSession, house: House, *, office: int, address: str) -> None:
    events.note(
        session,
        kind="office.update",
        subject=f"office:{office}",
        actor=acting(house.world.clerk),
        office_id=office,
        old={"address": {"fa": "خیابان سعدی"}, "is_active": True},
        new={"address": {"fa": address}, "is_active": True},
        now=NOW,
    )


async def noted(house: House) -> None:
    for office, address in ((house.world.office, "خیابان حافظ"), (house.world.other_office, "خیابان مولوی")):
        await house.storage.write(note, house, office=office, address=address)


@pytest.mark.requirement("000-03", "M")
async def test_what_was_changed_reads_like_a_sentence(house: House) -> None:
    await noted(house)
    page = (await (await house.signed_in("admin")).get("/history")).text
    plain = re.sub(r"<[^>]*>|[\u2066-\u2069\u200e\u200f]", "", page)
    assert "را تغییر داد." in plain
    assert "نشانی: از خیابان سعدی به خیابان حافظ" in plain
    assert "در حال کار" not in plain, "what stayed the same is no change"


async def test_codes_and_ids_are_called_by_their_names(house: House) -> None:
    """«answered» and the number of a member of staff stood there as they are stored."""

    def closed(session: WriteSession) -> None:
        for name, value in (("reason", "answered"), ("assigned_to", house.world.clerk)):
            events.note(
                session, kind="case.close", subject="case:1", actor=SYSTEM, old={name: None}, new={name: value}, now=NOW
            )

    await house.storage.write(closed)
    page = (await (await house.signed_in("admin")).get("/history")).text
    plain = re.sub(r"<[^>]*>|[\u2066-\u2069\u200e\u200f]", "", page)
    said = {line.strip() for line in plain.splitlines()}
    assert "answered" not in plain
    assert any(line.startswith("دلیل: ") for line in said)
    assert any("نزد" in line and "مریم کاظمی" in line for line in said), [line for line in said if "نزد" in line]


async def test_everybody_reads_only_what_lies_within_their_reach(house: House) -> None:
    await noted(house)

    def far(session: WriteSession) -> None:
        events.note(session, kind="office.update", subject="office:999", actor=SYSTEM, office_id=999, now=NOW)
        events.note(session, kind="service.update", subject="service:999", actor=SYSTEM, now=NOW)

    await house.storage.write(far)
    nation = (await (await house.signed_in("admin")).get("/history")).text
    province = (await (await house.signed_in("province")).get("/history")).text
    assert ["office:999" in nation, "service:999" in nation] == [True, True]
    assert ["office:999" in province, "service:999" in province] == [False, False]
    assert "خیابان حافظ" in province
    assert (await (await house.signed_in("manager")).get("/history")).status_code == 403


async def test_the_list_is_narrowed_by_person_office_kind_day_and_code(house: House) -> None:
    await noted(house)
    browser = await house.signed_in("admin")
    code = await house.storage.read(
        lambda session: session.scalars(
            select(Appointment.code).where(Appointment.id == house.world.appointments[0])
        ).one()
    )

    async def lines(query: str) -> int:
        return (await browser.get(f"/history?{query}")).text.count('class="item"')

    assert await lines("kind=office.update") == 2
    assert await lines("kind=office.update&day=1405/08/30") == 2
    assert await lines("kind=office.update&day=1405/08/29") == 0
    assert await lines("staff=هیچ‌کس") == 0
    assert await lines("office=هیچ‌جا") == 0
    booked = await lines(f"code={code}")
    assert booked >= 1
    await browser.get(f"/today?office={house.world.office}")
    await house.written_down()
    assert await lines(f"code={code}") == booked + 1, "who saw an appointment is found by its code"
    wrong = await browser.get("/history?code=abc&day=گل")
    assert wrong.status_code == 422
    assert 'value="گل"' in wrong.text


async def test_it_is_taken_away_as_a_file_that_a_spreadsheet_does_not_compute(house: House) -> None:
    await house.storage.write(note, house, office=house.world.office, address="=1+1")
    browser = await house.signed_in("admin")
    answer = await browser.get("/history/export?kind=office.update")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert len(answer.text.splitlines()) == 2
    assert "خیابان سعدی" in answer.text
    assert not re.search(r"(?:^|,)=", answer.text)


async def test_reading_the_history_is_history(house: House) -> None:
    browser = await house.signed_in("admin")
    await browser.get("/history")
    await browser.get("/history/export")
    await house.written_down()

    def read(session: ReadSession) -> list[str]:
        return list(session.scalars(select(Event.kind).where(Event.subject == "history").order_by(Event.kind)))

    assert await house.storage.read(read) == ["history.export", "history.read"]


async def test_without_any_event_the_page_says_so(house: House) -> None:
    page = await (await house.signed_in("admin")).get("/history?staff=هیچ‌کس")
    assert "چیزی با این جست‌وجو پیدا نشد" in page.text


def test_each_kind_of_event_has_its_sentence() -> None:
    """Whatever the code calls an event: a string `subject.verb` of a subject that the history knows."""
    used = {
        node.value
        for source in sources("desk", "backoffice")
        if not source.within("desk/storage/migrations/*", "backoffice/history/wording.py")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and KIND.fullmatch(node.value)
        and node.value.partition(".")[0] in SUBJECTS
    }
    assert len(used) > 40
    assert used | set(EventKind) <= set(SENTENCES)
    assert SENTENCES.keys() == KINDS.keys()
