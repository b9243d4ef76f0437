"""Every address is tried by every role, at its own office and another, and compared with a table written by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from backoffice import app as pages
from backoffice.app import BackofficeSettings, create_app
from backoffice.routes import ROUTES, TABLE
from backoffice.web.routing import Route
from desk.acting import SYSTEM, Actor
from desk.appointments.models import Appointment
from desk.capacity.models import OpeningRule
from desk.cases import actions as cases
from desk.cases.models import CaseEntry
from desk.catalogue.models import ServicePaper, ServiceStep
from desk.closings.actions import close
from desk.codes import CodeKind, TrackingCode
from desk.consequences.models import Change, ChangedAppointment
from desk.consequences.rules import ChangeKind, Progress, Why
from desk.offices.models import Office
from desk.staff.models import StaffMember
from desk.staff.permissions import Permission, Role
from desk.storage.base import WriteSession
from tests import makers
from tests.backoffice.conftest import IDENTITY_KEY, TEMPLATES, Site
from tests.backoffice.what_forms_send import sent
from tests.makers import NOW, by_staff
from tests.makers_closings import closing_of

pytestmark = pytest.mark.sqlite

WHO = ("marshal", "clerk", "officer", "manager", "province", "admin")
"""Who of the small world stands for each column; all but the administrator belong to the first office or province."""
CELLS = {"own", "all", "yes", "no"}
HERE = {
    "/board",
    "/today",
    "/today/door",
    "/today/desk",
    "/today/papers",
    "/today/report",
    "/today/walk-in",
    "/changes",
    "/capacity",
    "/capacity/queues",
    "/waiting",
    "/draws/unreached",
    "/capacity/close",
}
"""Lists of one office, which the address names."""


LEADS_ON = ("/next", "/delivery/{entry:int}")
"""The first only says where in the own inbox one was; the second needs an answer, which the complaint has not."""


@dataclass(frozen=True)
class Line:
    """A line of the table."""

    what: str
    name: str
    cells: tuple[str, ...]


def table() -> list[Line]:
    """The table as it was written."""
    rows = (Path(__file__).parent / "who_may.md").read_text().splitlines()
    split = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows if row.startswith("| ")]
    return [Line(what, name, tuple(cells)) for what, name, *cells in split[1:]]


LINES = table()


def test_every_address_has_its_line_and_every_line_its_address() -> None:
    names = [line.name for line in LINES]

    assert len(names) == len(set(names))
    assert sorted({route.name for route in TABLE} ^ set(names)) == [], "write its line in who_may.md, or take it out"
    assert {cell for line in LINES for cell in line.cells} == CELLS
    assert {len(line.cells) for line in LINES} == {len(WHO)} == {len(Role)}


def test_what_was_added_to_the_table_of_addresses_only_leads_back() -> None:
    added = [route for route in ROUTES if route not in TABLE]
    needs = {route.path: route.needs for route in TABLE if route.method == "POST"}

    assert all(route.method == "GET" and route.needs == needs[route.path] for route in added)


def ids(
    session: WriteSession,
    *,
    world: Any,
    office: int,
    queue: int,
    appointment: int,
    case: int,
    member: int,
    waiting: int,
    worksheet: int,
    leave: int,
    report: int,
    absence: int,
    unrecorded: int,
    alarm: int,
    chat: int,
) -> dict[str, int]:
    """The things of one office, with a change that hit its appointment and that nobody has decided about."""
    slot, starts_at = session.execute(
        select(Appointment.slot_id, Appointment.starts_at).where(Appointment.id == appointment)
    ).one()
    change = Change(idem_key=f"k{office}", kind=ChangeKind.FOUND, subject=f"queue:{queue}", at=NOW)
    session.add(change)
    session.flush()
    told = ChangedAppointment(
        change_id=change.id,
        appointment_id=appointment,
        office_id=office,
        slot_id=slot,
        starts_at=starts_at,
        why=next(iter(Why)),
        remedy=None,
        step=Progress.OPEN,
    )
    session.add(told)
    session.flush()
    entries = select(CaseEntry.id).where(CaseEntry.case_id == case)
    entry = session.scalars(entries.where(CaseEntry.voice_sealed.is_not(None)).order_by(CaseEntry.place)).first() or 0
    answer = session.scalars(entries.where(CaseEntry.staff_id.is_not(None)).order_by(CaseEntry.place)).first() or 0
    rule = session.scalars(select(OpeningRule.id).where(OpeningRule.queue_id == queue).order_by(OpeningRule.id)).first()
    assert rule is not None
    return {
        "office": office,
        "queue": queue,
        "appointment": appointment,
        "case": case,
        "entry": entry,
        "answer": answer,
        "rule": rule,
        "waiting": waiting,
        "worksheet": worksheet,
        "leave": leave,
        "report": report,
        "absence": absence,
        "unrecorded": unrecorded,
        "alarm": alarm,
        "priority": world.priority,
        "draw": world.draw if office == world.office else world.other_draw,
        "member": member,
        "chat": chat,
        "change": change.id,
        "closing": close(session, **closing_of([queue]), actor=SYSTEM, now=NOW),
        "told": told.id,
        "service": world.service,
        "fee": world.fee,
        "paper": session.scalars(select(ServicePaper.id)).first() or 0,
        "step": session.scalars(select(ServiceStep.id)).first() or 0,
        "message": world.message,
        "holiday": world.holiday,
    }


def question(session: WriteSession, *, office: int, number: int) -> int:
    """A question to an office, asked by voice and answered once."""
    asked = cases.ask(
        session,
        idem_key=f"may{number}",
        code=TrackingCode.make(CodeKind.CASE),
        office_id=office,
        province_code=None,
        text=None,
        voice={"channel": "telegram", "bot": "mizban", "file_id": "voice-1", "seconds": 4},
        name=None,
        actor=Actor.chat(makers.make_conversation(session).id),
        locale="fa",
        now=NOW,
    )
    admin = session.scalars(select(StaffMember.id).where(StaffMember.username == "admin")).one()
    by_staff(cases.reply)(session, idem_key=f"r{number}", case_id=asked.case_id, text="پاسخ", staff_id=admin, now=NOW)
    return asked.case_id


PLACELESS = {"POST /offices/new", "POST /staff/new"}
"""Where the place stands in the form instead of the address: a foreign one is refused at its field."""


@dataclass
class Town:
    """The site with both offices' things, and everybody signed in; what is pressed is undone at once."""

    site: Site
    own: dict[str, int]
    foreign: dict[str, int]
    people: dict[str, Any]

    async def try_it(self, route: Route, who: str, *, is_own: bool) -> bool:
        """Whether this person gets through."""
        at = self.own if is_own else self.foreign
        if "/delivery/" in route.path:
            at = {**at, "entry": at["answer"]}
        address = re.sub(r"\{(\w+):int\}", lambda found: str(at[found.group(1)]), route.path)
        if route.path in HERE:
            address += "?" + urlencode({"office": at["office"]})
        browser = self.people[who]
        if route.method == "GET":
            answer = await browser.get(address)
        else:
            answer = await browser.post(address, sent(route, at, province="IR-30" if is_own else "IR-09"))
        assert answer.status_code < 500, (route.name, who, answer.status_code)
        stopped = {403, 404} | ({422} if route.name in PLACELESS else set())
        return answer.status_code not in stopped


async def town_of(site: Site, monkeypatch: pytest.MonkeyPatch, *, routes: tuple[Route, ...] = ROUTES) -> Town:
    """The town with all people signed in, for these routes."""
    world = site.world

    def furnish(session: WriteSession) -> tuple[dict[str, int], dict[str, int]]:
        makers.make_staff(session, username="marshal", role=Role.MARSHAL, office=session.get_one(Office, world.office))
        here = ids(
            session,
            world=world,
            office=world.office,
            queue=world.queue,
            appointment=world.appointments[0],
            case=question(session, office=world.office, number=1),
            member=world.clerk,
            waiting=world.waiting,
            worksheet=world.worksheet,
            leave=world.leave,
            report=world.report,
            absence=world.absence,
            unrecorded=world.unrecorded,
            alarm=world.alarm,
            chat=world.chat,
        )
        there = ids(
            session,
            world=world,
            office=world.other_office,
            queue=world.other_queue,
            appointment=world.other_appointment,
            case=question(session, office=world.other_office, number=2),
            member=world.other_clerk,
            waiting=world.other_waiting,
            worksheet=world.other_worksheet,
            leave=world.other_leave,
            report=world.other_report,
            absence=world.other_absence,
            unrecorded=world.other_unrecorded,
            alarm=world.other_alarm,
            chat=world.other_chat,
        )
        return here, there

    own, foreign = await site.storage.write(furnish)
    monkeypatch.setattr(pages, "ROUTES", routes)
    site.app = create_app(
        storage=site.storage,
        templates=TEMPLATES,
        clock=site.clock,
        identity_key=IDENTITY_KEY,
        settings=BackofficeSettings(),
        fetch_voice=silence,
        live=site.live,
    )
    people = {who: await site.signed_in(who) for who in WHO}
    write = site.storage.write

    async def write_and_undo(action: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        def act(session: WriteSession) -> Any:
            with session.begin_nested() as point:
                done = action(session, *args, **kwargs)
                session.flush()
                point.rollback()
            return done

        return await write(act)

    monkeypatch.setattr(site.storage, "write", write_and_undo)
    return Town(site, own, foreign, people)


async def silence(channel: str, bot: str, file_id: str) -> Any:
    """A voice note of no length."""

    async def sound() -> Any:
        yield b"OggS"

    return sound()


async def breaches(town: Town, lines: list[Line], routes: tuple[Route, ...]) -> list[str]:
    """Where the site does otherwise than the table says."""
    by_name = {route.name: route for route in routes}
    found = []
    for line in lines:
        route = by_name[line.name]
        for who, cell in zip(WHO, line.cells, strict=True):
            if await town.try_it(route, who, is_own=True) is not (cell != "no"):
                found.append(f"{line.name} {who}: here not «{cell}»")
            if cell != "yes" and await town.try_it(route, who, is_own=False) is not (cell == "all"):
                found.append(f"{line.name} {who}: elsewhere not «{cell}»")
    return found


@pytest.mark.requirement("000-07", "S")
async def test_everybody_may_what_the_table_says_and_nothing_else(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    town = await town_of(site, monkeypatch)

    found = await breaches(town, LINES, ROUTES)

    assert not found, "\n".join(found)


async def test_an_office_never_sees_what_is_said_against_it(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A complaint is not visible to the staff of the office it is about."""
    town = await town_of(site, monkeypatch)
    voice = {"case": site.world.complaint, "entry": site.world.voice_entry}
    town.own |= voice
    lines = [line for line in LINES if "{case:int}" in line.name and not line.name.endswith(LEADS_ON)]
    against = [replace(line, cells=("no", "no", "no", "no", *line.cells[4:])) for line in lines]

    found = await breaches(town, against, ROUTES)

    assert len(lines) > 8
    assert not found, "\n".join(found)


QUEUE = "POST /capacity/{office:int}/queues/{queue:int}"
PLANTED = {
    "GET /capacity/{office:int}/queues/{queue:int}/rules": Permission.CAPACITY_READ,
    "GET /overview": Permission.OFFICES_READ,
    "GET /history": Permission.OFFICES_READ,
    "GET /staff": Permission.OFFICES_READ,
}
"""Mistakes in the route table that a test derived from it could not find."""
HARMLESS = {
    f"{QUEUE}/days": Permission.CAPACITY_READ,
    "POST /offices/{office:int}": Permission.OFFICES_READ,
}
"""Mistakes in the route table that are harmless, since the action checks the actor itself."""


async def found_with(slips: dict[str, Permission], name: str, site: Site, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The breaches of one row where the table of addresses asks for too little."""
    spoiled = tuple(replace(route, needs=slips[name]) if route.name == name else route for route in ROUTES)
    town = await town_of(site, monkeypatch, routes=spoiled)
    return await breaches(town, [line for line in LINES if line.name == name], spoiled)


@pytest.mark.parametrize("name", PLANTED)
async def test_a_slip_in_the_table_of_addresses_is_seen(site: Site, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert any(f"{name} clerk: here not" in found for found in await found_with(PLANTED, name, site, monkeypatch))


@pytest.mark.parametrize("name", HARMLESS)
async def test_where_the_table_of_addresses_slips_the_action_still_asks(
    site: Site, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    assert await found_with(HARMLESS, name, site, monkeypatch) == []
