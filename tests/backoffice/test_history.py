"""The page of the history: sentences with old and new values, within reach, narrowed, taken away as a file."""

from __future__ import annotations

import ast
import csv
import io
import re
from collections.abc import Iterable
from datetime import timedelta

import pytest
from sqlalchemy import select

from backoffice import exports
from backoffice.history import page as page_of_history
from backoffice.wording import EVENTS
from desk.acting import SYSTEM
from desk.appointments.history import EventKind, write_event
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.capacity.jobs import ROLLED
from desk.capacity.models import Queue
from desk.consequences.models import Change
from desk.consequences.rules import ChangeKind, Remedy
from desk.events import actions as events
from desk.events.models import Event
from desk.language.text import Localised
from desk.offices.models import Office
from desk.reading.folding import ascii_digits
from desk.staff.models import StaffMember
from desk.storage.base import Base, ReadSession, WriteSession
from tests.backoffice.conftest import Site
from tests.makers import NOW, acting, make_slot
from tests.system.source_rules import Source, sources

FOR = {"purpose": "review"}
"""What a file is for."""


def note(session: WriteSession, site: Site, *, office: int, address: str) -> None:
    events.note(
        session,
        kind="office.update",
        subject=f"office:{office}",
        actor=acting(site.world.clerk),
        office_id=office,
        old={"address": {"fa": "خیابان سعدی"}, "is_active": True},
        new={"address": {"fa": address}, "is_active": True},
        now=NOW,
    )


async def noted(site: Site) -> None:
    for office, address in ((site.world.office, "خیابان حافظ"), (site.world.other_office, "خیابان مولوی")):
        await site.storage.write(note, site, office=office, address=address)


@pytest.mark.requirement("000-03", "M")
async def test_what_was_changed_reads_like_a_sentence(site: Site) -> None:
    await noted(site)
    page = (await (await site.signed_in("admin")).get("/history")).text
    text = plain(page)
    assert "را تغییر داد." in text
    assert "نشانی: از «خیابان سعدی» به «خیابان حافظ»" in text
    assert "فعال:" not in text, "what stayed the same is no change"


async def test_codes_and_ids_are_called_by_their_names(site: Site) -> None:
    """Codes and ids are shown as words; before, they were shown as stored."""

    def closed(session: WriteSession) -> None:
        for name, value in (("reason", "answered"), ("assigned_to", site.world.clerk)):
            events.note(
                session, kind="case.close", subject="case:1", actor=SYSTEM, old={name: None}, new={name: value}, now=NOW
            )

    await site.storage.write(closed)
    page = (await (await site.signed_in("admin")).get("/history")).text
    text = plain(page)
    said = {line.strip() for line in text.splitlines()}
    assert "answered" not in text
    assert any(line.startswith("دلیل: ") for line in said)
    assert any("مسئول" in line and "مریم کاظمی" in line for line in said), [line for line in said if "مسئول" in line]


@pytest.mark.parametrize("is_file", [False, True], ids=["page", "file"])
async def test_everybody_reads_only_what_lies_within_their_reach(site: Site, is_file: bool) -> None:
    await noted(site)

    def far(session: WriteSession) -> None:
        events.note(session, kind="office.update", subject="office:999", actor=SYSTEM, office_id=999, now=NOW)
        events.note(session, kind="service.update", subject="service:999", actor=SYSTEM, now=NOW)

    async def read(username: str) -> str:
        browser = await site.signed_in(username)
        return (await (browser.post("/history/export", FOR) if is_file else browser.get("/history"))).text

    await site.storage.write(far)
    nation, province = await read("admin"), await read("province")
    assert ["office:999" in nation, "service:999" in nation] == [True, True]
    assert ["office:999" in province, "service:999" in province] == [False, False]
    assert "خیابان حافظ" in province
    manager = await site.signed_in("manager")
    refused = await (manager.post("/history/export", FOR) if is_file else manager.get("/history"))
    assert refused.status_code == 403


HIDDEN = ("علی;=HYPERLINK(1)", "علی\n=1+1", "علی; ＝1+1", "علی\t@SUM(1)", "علی|-1")  # a wide sign
"""Texts in which a spreadsheet finds a formula behind the sign at which it divides a cell."""


@pytest.mark.parametrize("address", HIDDEN)
async def test_no_part_of_a_cell_is_taken_for_a_formula(site: Site, address: str) -> None:
    """Before, only what began a cell was marked; with Persian settings a spreadsheet divides cells at semicolons."""
    await site.storage.write(note, site, office=site.world.office, address=address)
    answer = await (await site.signed_in("admin")).post("/history/export", {"kind": "office.update", **FOR})
    assert "علی" in answer.text
    for part in re.split(r"[;,|\t\r\n]", answer.text):
        assert not part.strip(' "').startswith(("=", "+", "-", "@", "＝")), part  # a wide sign


async def test_the_list_is_narrowed_by_person_office_kind_day_and_code(site: Site) -> None:
    await noted(site)
    browser = await site.opened_day("admin")
    code = await site.storage.read(
        lambda session: session.scalars(
            select(Appointment.code).where(Appointment.id == site.world.appointments[0])
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
    await browser.get(f"/today?office={site.world.office}")
    await site.written_down()
    # The list, and the line of the history above, which shows its code.
    assert await lines(f"code={code}") == booked + 2, "who saw an appointment is found by its code"
    wrong = await browser.get("/history?code=abc&day=گل")
    assert wrong.status_code == 422
    assert 'value="گل"' in wrong.text


async def test_it_is_taken_away_as_a_file_that_a_spreadsheet_does_not_compute(site: Site) -> None:
    await site.storage.write(note, site, office=site.world.office, address="=1+1")
    browser = await site.signed_in("admin")
    answer = await browser.post("/history/export", {"kind": "office.update", **FOR})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert len(answer.text.splitlines()) == 4, "the mark, the head, a line, and the mark again"
    assert answer.text.count("سارا یوسفی (admin)") == 2
    assert "خیابان سعدی" in answer.text
    assert not re.search(r"(?:^|,)=", answer.text)


@pytest.mark.parametrize("sign", exports.DANGEROUS)
async def test_no_name_in_a_file_is_computed(site: Site, sign: str) -> None:
    """The sentence begins with the name of who acted, and the last cell with that of the office."""

    def call_them(session: WriteSession) -> None:
        session.get_one(StaffMember, site.world.clerk).name = f"{sign}1+1"
        session.get_one(Office, site.world.office).name = Localised({"fa": f"{sign}2+2"})

    await site.storage.write(call_them)
    await site.storage.write(
        lambda session: events.note(
            session,
            kind="office.update",
            subject="queue:1",
            actor=acting(site.world.clerk),
            office_id=site.world.office,
            old={"is_active": True},
            new={"is_active": False},
            now=NOW,
        )
    )
    browser = await site.signed_in("admin")
    told = (await browser.post("/history/export", {"kind": "office.update", **FOR})).content.decode("utf-8-sig")
    _mark, _head, line, *_older = csv.reader(io.StringIO(told, newline=""))
    assert [cell.startswith(f"'{sign}") for cell in line] == [False, False, True, False, True], line


async def test_reading_the_history_is_history(site: Site) -> None:
    browser = await site.signed_in("admin")
    await browser.get("/history")
    await browser.post("/history/export", FOR)
    await site.written_down()

    def read(session: ReadSession) -> list[str]:
        return list(session.scalars(select(Event.kind).where(Event.subject == "history").order_by(Event.kind)))

    assert await site.storage.read(read) == ["history.export", "history.read"]


async def test_without_any_event_the_page_says_so(site: Site) -> None:
    page = await (await site.signed_in("admin")).get("/history?staff=هیچ‌کس")
    assert "چیزی با این جستجو پیدا نشد" in page.text


KIND = re.compile(r"[a-z_]+\.[a-z_]+")
SUBJECTS = {each.partition(".")[0] for each in EVENTS}
COLUMNS = {str(column) for table in Base.metadata.tables.values() for column in table.columns}
"""As foreign keys and privacy name them: a subject may be called as a table is."""


def kinds_of_events(files: Iterable[Source]) -> set[str]:
    """What the code calls events: what stands for `kind` in a call, and any other `subject.verb` of their subjects."""
    given: set[str] = set()
    said: set[str] = set()
    for source in files:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call):
                given |= {text for each in node.keywords if each.arg == "kind" for text in _texts(each.value)}
            said |= _texts(node) - COLUMNS if isinstance(node, ast.Constant) else set()
    return {each for each in given if KIND.fullmatch(each)} | {
        each for each in said if KIND.fullmatch(each) and each.partition(".")[0] in SUBJECTS
    }


def _texts(tree: ast.AST) -> set[str]:
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def without_words(files: Iterable[Source]) -> list[str]:
    """The kinds of event of which the history could not tell in a sentence; the days of a queue are no line of it."""
    return sorted((kinds_of_events(files) | set(EventKind)) - EVENTS.keys() - {ROLLED})


def test_each_kind_of_event_has_its_sentence() -> None:
    """Add it to `EVENTS` in the `wording.py` of its subject."""
    files = [
        source
        for source in sources("desk", "backoffice")
        if not source.within("desk/storage/migrations/*", "backoffice/*/wording.py")
    ]
    assert len(kinds_of_events(files)) > 40
    assert without_words(files) == []


def test_an_event_of_a_new_subject_without_a_sentence_is_named() -> None:
    planted = Source(
        "desk/garden/actions.py",
        "def water(session, *, now):\n    events.note(session, kind='garden.water', now=now)\n",
    )
    assert without_words([planted]) == ["garden.water"]


def plain(page: str) -> str:
    """What somebody reads on it."""
    return re.sub(r"<[^>]*>|[\u2066-\u2069\u200e\u200f]", "", page)


async def test_a_filter_that_cannot_be_read_takes_nothing_away(site: Site) -> None:
    """The whole history came as a file, as if nothing had been asked for."""
    await noted(site)
    answer = await (await site.signed_in("admin")).post(
        "/history/export", {"code": "12", "kind": "office.update", **FOR}
    )
    assert answer.status_code == 422
    assert "text/csv" not in answer.headers["content-type"]
    assert "خیابان حافظ" not in answer.text


async def test_each_field_says_for_itself_what_could_not_be_read(site: Site) -> None:
    page = (await (await site.signed_in("admin")).get("/history?code=12&day=گل")).text
    for name in ("code", "day"):
        [field] = re.findall(rf'<input[^>]* name="{name}"[^>]*>', page)
        assert 'aria-invalid="true"' in field
        assert f'aria-describedby="{name}-reasons"' in field
        assert f'id="{name}-reasons"' in page
    assert page.count(" autofocus") == 1
    assert 'value="12"' in page
    assert 'value="گل"' in page


async def test_the_year_stands_with_each_day(site: Site) -> None:
    """Lines of two years read the same."""
    await noted(site)
    browser = await site.signed_in("admin")
    assert "آبان ۱۴۰۵، ساعت" in plain((await browser.get("/history?kind=office.update")).text)
    table = list(
        csv.reader(
            (await browser.post("/history/export", {"kind": "office.update", **FOR})).text.lstrip("\ufeff").splitlines()
        )
    )
    assert table[1][:3] == ["روز", "ساعت", "رویداد"]
    assert all(re.fullmatch("۱۴۰۵/۰۸/[۰-۹]{2}", day) for day, *_rest in table[2:-1])
    assert all(re.fullmatch("[۰-۹]{2}:[۰-۹]{2}", clock) for _day, clock, *_rest in table[2:-1])


async def test_a_file_can_be_searched(site: Site) -> None:
    """The signs that keep the direction of a code on a page stood in the cells, and no search found the code."""
    await noted(site)
    text = (await (await site.signed_in("admin")).post("/history/export", {"kind": "office.update", **FOR})).text
    assert "۷۲-۱۱۰۱" in text
    assert not re.search("[\u2066-\u2069\u200e\u200f]", text)


async def test_the_page_says_where_a_file_ends(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    await noted(site)
    browser = await site.signed_in("admin")
    assert "سطر آخر" not in (await browser.get("/history?kind=office.update")).text
    monkeypatch.setattr(page_of_history, "IN_A_FILE", 1)
    assert "فایل ۱ سطر آخر را دارد" in plain((await browser.get("/history?kind=office.update")).text)


async def test_what_was_done_to_an_account_is_found_by_its_name(site: Site) -> None:
    """A search by name also finds who closed or changed the person's account."""

    def closed(session: WriteSession) -> None:
        events.note(session, kind="staff.deactivate", subject=f"staff:{site.world.clerk}", actor=SYSTEM, now=NOW)

    await site.storage.write(closed)
    page = plain((await (await site.signed_in("admin")).get("/history?staff=مریم کاظمی&kind=staff.deactivate")).text)
    assert "حساب مریم کاظمی را بست." in page


async def test_a_turn_that_was_moved_says_from_when_to_when(site: Site) -> None:
    def moved(session: WriteSession) -> None:
        queue = session.get_one(Queue, site.world.queue)
        was, now = (
            make_slot(session, queue=queue, starts_at=NOW + timedelta(days=days, hours=15)).id for days in (2, 3)
        )
        write_event(
            session,
            appointment_id=site.world.appointments[0],
            office_id=site.world.office,
            day=(NOW + timedelta(days=3)).date(),
            kind=EventKind.MOVED,
            state=AppointmentState.BOOKED,
            slot_id=now,
            was=(AppointmentState.BOOKED, was),
            actor=SYSTEM,
            now=NOW,
        )

    await site.storage.write(moved)
    page = plain((await (await site.signed_in("admin")).get("/history?kind=appointment.moved")).text)
    assert re.search("وقت: از «[^»]*۳ آذر ۱۴۰۵، ساعت [^»]*» به «[^»]*۴ آذر ۱۴۰۵، ساعت [^»]*»", page), page


async def test_a_change_is_called_by_what_was_changed(site: Site) -> None:
    """A change has a name and tells how many appointments it affected; before, it was called «change:1»."""

    def hit(session: WriteSession) -> None:
        queue = session.get_one(Queue, site.world.queue)
        queue.name = Localised({"fa": "صف آبی"})
        change = Change(idem_key="k", kind=ChangeKind.DAY, subject=f"queue:{queue.id}", at=NOW)
        session.add(change)
        session.flush()
        data = {"of": change.subject, "turns": 4, "remedy": Remedy.MOVE.value}
        events.note(session, kind="change.people", subject=f"change:{change.id}", actor=SYSTEM, data=data, now=NOW)

    await site.storage.write(hit)
    page = plain((await (await site.signed_in("admin")).get("/history?kind=change.people")).text)
    assert "change:" not in page
    assert "عوض کرد: صف آبی." in page
    assert "نوبت‌ها: ۴" in page
    assert "تصمیم: پیشنهاد نزدیک‌ترین وقت خالی" in page


async def test_the_page_names_a_case_by_its_code_and_the_file_by_the_end_of_it(site: Site) -> None:
    """A file is carried away, and who has the whole code of a case opens it in a chat."""
    browser = await site.signed_in("admin")
    await browser.post(f"/inbox/{site.world.complaint}/note", {"text": "تلفنی پرسیدیم"})
    code = site.world.complaint_code
    page = ascii_digits(plain((await browser.get("/history?kind=case.note")).text))
    told = ascii_digits((await browser.post("/history/export", {"kind": "case.note", **FOR})).text)
    assert code in page.replace(" ", "")
    assert f"…{code[-4:]}" in told
    assert code not in re.sub(r"\W", "", told)
