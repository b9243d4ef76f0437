"""What decides about routing, scope or permission is changed only from above whom it restricts, or never again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Enum, MetaData, event, select
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.cases.models import Case
from desk.cases.reach import within
from desk.offices import actions
from desk.offices.models import Office
from desk.offices.refusals import ChangedFromAbove
from desk.offices.rules import FROM_ABOVE, OfficeKind
from desk.organisation import Node, Scope
from desk.schema import metadata
from desk.staff import actions as staff
from desk.staff.permissions import Permission, Role
from desk.staff.queries import actor_of
from desk.storage.base import WriteSession
from desk.values import Phone
from tests import makers, makers_areas
from tests.domain.actions_of_staff import TRIES, build
from tests.domain.test_authority import GIVES_ROLES, MAY, actors, named, reached
from tests.makers import NOW
from tests.makers_cases import file_complaint

DECIDING = frozenset({"offices", "areas", "provinces", "role_assignments", "queues"})
"""Tables of which every column is asked about."""
OWNERS = frozenset({"offices", "areas", "provinces", "staff_members"})
ACCOUNTS_AND_CASES = ("staff_", "cases", "case_")
"""Of these tables the vocabularies, the yes-and-no columns, and these:"""
WORTH = frozenset({"category", "severity"})
OPENING = frozenset({"services.days_ahead", "services.opens_at"})
"""What decides, from above the offices, how far ahead all of them give turns."""


@dataclass(frozen=True)
class Above:
    """Only somebody above it changes it; `tried` says by which test."""

    tried: str


@dataclass(frozen=True)
class Once:
    """It is said when the row is made, and nothing that staff do changes it again."""


@dataclass(frozen=True)
class Open:
    """A person who may change the row may change it: it decides nothing about that person."""

    why: str


OFFICE = Above("`test_who_may_change_what_decides_about_an_office`")
ROLES = ACCOUNTS = Above("`test_roles_are_given_and_accounts_changed_only_from_above`")
WHAT_PEOPLE_READ = Open("what people read about it")
OF_THE_COMMAND_LINE = Once()
ANSWERED_FOR = Open("`desk.cases.handling` asks whether the case lies within the reach of both")

DECIDES: dict[str, Above | Once | Open] = {
    "areas.path": OF_THE_COMMAND_LINE,
    "areas.name": OF_THE_COMMAND_LINE,
    **dict.fromkeys(["provinces.code", "provinces.name", "provinces.phone_prefix"], OF_THE_COMMAND_LINE),
    **{f"offices.{name}": OFFICE for name in FROM_ABOVE},
    "offices.id": Once(),
    "offices.area": Above("follows the province, in the same action"),
    **{f"offices.{name}": WHAT_PEOPLE_READ for name in ("city", "name", "address", "latitude", "longitude", "phone")},
    "offices.search_words": Open("made of the code and the texts"),
    "offices.zone": Once(),
    "office_assistance.office_id": Once(),
    "queues.id": Once(),
    "queues.office_id": Once(),
    "queues.name": WHAT_PEOPLE_READ,
    "queues.is_active": Open("places for turns; nobody is answered to by it"),
    **{
        f"queues.{name}": Open("how far its slots are made")
        for name in ("filled_until", "filled_version", "rule_version")
    },
    **{
        f"queues.{name}": Open("for whom its places are; nobody is answered to by it")
        for name in ("desk_share", "walk_in_share", "desk_hours", "walk_in_hours")
    },
    "role_assignments.id": Once(),
    **{
        f"role_assignments.{name}": ROLES
        for name in ("staff_id", "role", "area", "office_id", "valid_from", "valid_to")
    },
    "staff_members.is_active": ACCOUNTS,
    "staff_members.must_change_password": ACCOUNTS,
    **dict.fromkeys(
        [f"staff_{each}.staff_id" for each in ("sessions", "devices", "totp", "recovery_codes", "passkeys")],
        Once(),
    ),
    "staff_members.has_passkey": Open("follows the passkeys of the account: only its owner adds one"),
    "staff_sessions.awaits_code": Open("the sign-in itself: what is signed in to is no other's"),
    "cases.kind": Once(),
    "cases.category": Once(),
    "cases.severity": Once(),
    "cases.office_id": Once(),
    "cases.handler_office_id": Once(),
    "cases.handler_province_code": Once(),
    "cases.contact": Once(),
    "cases.state": ANSWERED_FOR,
    "cases.close_reason": ANSWERED_FOR,
    "cases.assigned_to": ANSWERED_FOR,
    "case_drafts.staff_id": Once(),
    "case_entries.kind": Once(),
    "appointments.office_id": Once(),
    "changed_turns.office_id": Once(),
    "standing_request_places.office_id": Open("where a person waits for a turn: they change it themselves"),
    "standing_request_places.province_code": Open("the same"),
    **dict.fromkeys(
        ["duty_days_off.office_id", "duty_days_off.staff_id"], Open("who is on duty: it gives no permission")
    ),
    **dict.fromkeys(["leaves.office_id", "leaves.staff_id"], Open("days off: they give no permission")),
    "unkept_days.office_id": Open("of which days an office was told: nothing follows from it"),
    **dict.fromkeys(
        ["marshal_shifts.office_id", "marshal_shifts.staff_id"], Open("who keeps order: it gives no permission")
    ),
    "crowd_alarms.office_id": Once(),
    "crowd_alarms_seen.staff_id": Once(),
    **dict.fromkeys(["absences.office_id", "unrecorded_days.office_id", "broker_reports.office_id"], Once()),
    **dict.fromkeys(["after_counts.office_id", "line_counters.office_id"], Open("of which office it counts")),
    "after_settings.province_code": Above("`setting.set_rule`: who may write the hours of the whole province"),
    "line_entries.office_id": Open("in whose line somebody stood last: it follows their appointment"),
    "line_settings.office_id": Open("the numbers of the order: nobody is answered to by them"),
    "marshal_conditions.area": Above("`rosters.set_conditions`: who may change all offices of the area"),
    "hours_approvals.area": Above("`approval.set_approval`: who may write the hours of the whole area"),
    "service_statuses.office_id": Above("`service_statuses.set_status`: only somebody above the office"),
    **dict.fromkeys(
        ["draw_settings.province_code", "drawn_services.province_code", "draws.province_code"],
        Above("only the nation, which is asked by each action of `desk.draws`"),
    ),
    "draws.word_by": Above("only the nation, until the draw is announced: `preparing.commit_word`"),
    **dict.fromkeys(["draws.prepared_by", "draw_figures.staff_id"], Once()),
    "chats_with_signs.looked_by": Open("who looked at the signs of a chat last: nothing follows from it"),
    "holidays.province_code": Above("`asking.require_holidays`: a province its own, the nation the country's"),
    **dict.fromkeys(OPENING, Above("only the nation changes the catalogue: `OF_THE_CATALOGUE`")),
    "service_fees.province_code": Above("only the nation changes the catalogue: `OF_THE_CATALOGUE`"),
}
"""Every column that decides, or could, with who may change it. A new one needs its line here."""


def deciding(of: MetaData) -> Iterator[str]:
    """The columns that could decide who handles, sees or may do something."""
    for table in of.tables.values():
        for column in table.columns:
            named = f"{table.name}.{column.name}" in OPENING
            if named or table.name in DECIDING or _is_owner(column) or _is_of_accounts_or_cases(table.name, column):
                yield f"{table.name}.{column.name}"


def _is_owner(column: Column[Any]) -> bool:
    return any(key.column.table.name in OWNERS for key in column.foreign_keys)


def _is_of_accounts_or_cases(table: str, column: Column[Any]) -> bool:
    kind = isinstance(column.type, Boolean | Enum) or column.name in WORTH
    return table.startswith(ACCOUNTS_AND_CASES) and kind


def test_each_column_that_decides_says_who_may_change_it() -> None:
    found = set(deciding(metadata()))
    assert found - set(DECIDES) == set(), "say in DECIDES who may change it, and try it where it is from above"
    assert set(DECIDES) - found == set()


def test_a_new_column_without_a_line_is_named() -> None:
    planted = MetaData()
    for table in metadata().tables.values():
        table.to_metadata(planted)
    planted.tables["offices"].append_column(Column("answers_to", Boolean))
    assert set(deciding(planted)) - set(DECIDES) == {"offices.answers_to"}


CHANGED = re.compile(r"UPDATE (\w+) SET (.*?)(?: WHERE|$)", re.DOTALL)


def test_what_is_said_once_is_changed_by_nothing_that_staff_do(session: WriteSession) -> None:
    country, changed = build(session), set[str]()
    administrator = actors(session, country)["administrator"]

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        for table, values in CHANGED.findall(statement):
            changed.update(f"{table}.{each.partition('=')[0].strip()}" for each in values.split(","))

    engine = session.get_bind().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        for tries in TRIES.values():
            reached(session, country, tries, administrator)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert {"cases.assigned_to", "staff_members.is_active"} <= changed, "the listener heard nothing"
    assert {name for name in changed if isinstance(DECIDES.get(name), Once)} == set()


def _given(office: Office, **values: Any) -> dict[str, Any]:
    kept: dict[str, Any] = {name: getattr(office, name) for name in ("code", "kind", "province_code", "city", "name")}
    return {"office_id": office.id, "address": office.address, "is_active": office.is_active, **kept, **values}


TO_ANOTHER: dict[str, dict[str, Any]] = {
    "code": {"code": "99-9999"},
    "kind": {"kind": OfficeKind.KEFALAT},
    "province_code": {"province_code": "IR-23"},
    "is_active": {"is_active": False},
}
WHO_MAY = {
    "code": {"province officer", "administrator"},
    "kind": {"province officer", "administrator"},
    "is_active": {"province officer", "administrator"},
    "province_code": {"administrator"},
    "kind to directorate": {"administrator"},
    "kind from directorate": {"administrator"},
    "phone": {"manager", "province officer", "administrator"},
}


@pytest.mark.parametrize("what", WHO_MAY)
def test_who_may_change_what_decides_about_an_office(session: WriteSession, what: str) -> None:
    assert set(TO_ANOTHER) == set(FROM_ABOVE)
    country = build(session)
    office = country.own.office
    if what == "kind from directorate":
        office.kind = OfficeKind.DIRECTORATE
        session.flush()
    changes: dict[str, dict[str, Any]] = {
        **TO_ANOTHER,
        "kind to directorate": {"kind": OfficeKind.DIRECTORATE},
        "kind from directorate": {"kind": OfficeKind.PISHKHAN},
        "phone": {"phone": Phone("+982634567890")},
    }
    change = changes[what]
    tries = {"own": lambda country: (actions.save_office, _given(country.own.office, **change))}
    done = {who for who, actor in actors(session, country).items() if _is_done(session, country, tries, actor)}
    assert done == WHO_MAY[what]


def _is_done(session: WriteSession, country: Any, tries: Any, actor: Actor) -> bool:
    return bool(reached(session, country, tries, actor))


def test_a_county_that_stands_above_the_office_may_change_it(session: WriteSession) -> None:
    makers_areas.make_province(session)
    makers_areas.make_area(session, path="/IR-30/01/", name="شهرستان")
    office = makers.make_office(session)
    office.area = "/IR-30/01/"
    session.flush()
    grants = {Permission.OFFICES_WRITE: Scope.of(Node("/IR-30/01/"))}
    actions.save_office(session, **_given(office, code="77-0001"), actor=Actor.staff(1, grants), now=NOW)
    with pytest.raises(ChangedFromAbove):
        actions.save_office(
            session, **_given(office, kind=OfficeKind.DIRECTORATE), actor=Actor.staff(1, grants), now=NOW
        )


def test_a_desk_of_the_directorate_cannot_take_the_complaint_about_itself(session: WriteSession) -> None:
    """The attack: its manager says that it is a common office, and the complaint goes to the province, that is to
    the colleagues of whom it complains."""
    desk = makers.make_office(session, kind=OfficeKind.DIRECTORATE)
    manager = makers.make_staff(session, role=Role.OFFICE_MANAGER, office=desk)
    officer = makers.make_staff(session, role=Role.PROVINCE_OFFICER, province_code="IR-30")
    for member in (manager, officer):
        actor = actor_of(session, staff_id=member.id, now=NOW)
        with suppress(ChangedFromAbove), session.begin_nested():
            actions.save_office(session, **_given(desk, kind=OfficeKind.PISHKHAN), actor=actor, now=NOW)
    filed = file_complaint(session, office=desk)
    assert _reaches(session, filed.case_id, makers.make_staff(session, role=Role.ADMINISTRATOR).id)
    assert not _reaches(session, filed.case_id, manager.id)
    assert not _reaches(session, filed.case_id, officer.id)


def _reaches(session: Session, case_id: int, staff_id: int) -> bool:
    scope = actor_of(session, staff_id=staff_id, now=NOW).scope(Permission.CASES_READ)
    return session.scalar(select(Case.id).where(Case.id == case_id, within(scope))) is not None


def test_roles_are_given_and_accounts_changed_only_from_above() -> None:
    """Equals do not decide about each other: see `test_giving_roles.py`."""
    for action in (staff.create, staff.update_member):
        assert MAY[action] == GIVES_ROLES, named(action)
    of_managers, of_officers = GIVES_ROLES[3], GIVES_ROLES[4]
    assert "manager" not in of_managers
    assert "province" not in of_officers.split(", ")
