"""A case never stays with somebody who may no longer handle it: it is nobody's again, and says so in its thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.util import await_only

from desk.cases import actions, handling, inbox, queries
from desk.cases.inbox import CaseFilter
from desk.cases.leaving import give_back_all
from desk.cases.models import Case
from desk.cases.rules import CloseReason, EntryKind
from desk.events import actions as writing_events
from desk.events import queries as events
from desk.language.text import Localised
from desk.offices.actions import save_office
from desk.offices.models import Office
from desk.offices.rules import OfficeKind
from desk.organisation import EVERYWHERE, province
from desk.organisation import office as office_node
from desk.staff import actions as staff
from desk.staff.permissions import Role
from desk.staff.queries import grants_of
from desk.staff.rules import RoleInput
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.makers import NOW, acting, by_staff, make_office, make_staff
from tests.makers_areas import make_province
from tests.makers_cases import ask_question, file_complaint

NATION = EVERYWHERE
ELSEWHERE = RoleInput(Role.PROVINCE_OFFICER, province("IR-09"))
CLERK_THERE = RoleInput(Role.MARSHAL, province("IR-30"))


def build(session: WriteSession) -> dict[str, int]:
    """A province officer who holds an open complaint and a closed one, and the administrator who will change that."""
    make_province(session, code="IR-09")
    office = make_office(session)
    admin = make_staff(session, role=Role.ADMINISTRATOR).id
    holder = make_staff(session, role=Role.PROVINCE_OFFICER, province_code="IR-30", name="حسین مرادی").id
    kept = {"admin": admin, "holder": holder, "office": office.id}
    for name in ("open", "closed"):
        case = file_complaint(session, office=office).case_id
        by_staff(actions.assign)(session, case_id=case, to_staff_id=holder, staff_id=admin, now=NOW)
        kept[name] = case
    by_staff(actions.close)(
        session, case_id=kept["closed"], reason=CloseReason.REPEATED, text=None, staff_id=holder, now=NOW
    )
    return kept


def holder_of(session: Any, case_id: int) -> int | None:
    found: int | None = session.scalar(select(Case.assigned_to).where(Case.id == case_id))
    return found


async def change_roles(storage: Storage, kept: dict[str, int], *roles: RoleInput) -> None:
    """The administrator gives the holder these roles and no others."""
    await storage.write(
        by_staff(staff.update_member),
        member_id=kept["holder"],
        name="y",
        roles=roles,
        staff_id=kept["admin"],
        now=NOW,
    )


CHANGES = {
    "closed": staff.deactivate,
    "closed by update": partial(staff.update_member, name="x", roles=(ELSEWHERE,), is_active=False),
    "moved": partial(staff.update_member, name="x", roles=(ELSEWHERE,)),
    "another role": partial(staff.update_member, name="x", roles=(CLERK_THERE,)),
    "no role": partial(staff.update_member, name="x", roles=()),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_who_leaves_gives_back_what_is_open(storage: Storage, change: Callable[..., None]) -> None:
    kept = await storage.write(build)
    await storage.write(by_staff(change), member_id=kept["holder"], staff_id=kept["admin"], now=NOW)
    mine = await storage.read(inbox.inbox, scope=NATION, wanted=CaseFilter(unassigned_only=True), now=NOW)
    assert [row.id for row in mine.rows] == [kept["open"]]
    found = await storage.read(queries.thread, case_id=kept["open"], for_staff=True, scope=NATION)
    assert found is not None
    last = found.entries[-1]
    assert (last.kind, last.staff_id) == (EntryKind.ASSIGNED, kept["admin"])
    assert last.detail == {"to": None, "from": kept["holder"], "why": "beyond_reach"}
    (logged,) = [
        line
        for line in await storage.read(events.of, subject=f"case:{kept['open']}")
        if line.data.get("why") == "beyond_reach"
    ]
    assert logged.kind == "case.assign"
    assert await storage.write(give_back_all, now=NOW, limit=9) == 0


async def test_who_stays_keeps_what_they_hold(storage: Storage) -> None:
    kept = await storage.write(build)
    same = RoleInput(Role.PROVINCE_OFFICER, province("IR-30"))
    await change_roles(storage, kept, same, ELSEWHERE)
    assert await storage.read(holder_of, kept["open"]) == kept["holder"]


async def test_who_comes_to_work_for_the_office_complained_of_gives_the_complaint_back(storage: Storage) -> None:
    kept = await storage.write(build)
    same = RoleInput(Role.PROVINCE_OFFICER, province("IR-30"))
    there = RoleInput(Role.CLERK, office_node(kept["office"], area="/IR-30/"))
    desk = RoleInput(Role.DESK_OFFICER, office_node(kept["office"], area="/IR-30/"))
    await change_roles(storage, kept, same, there, desk)
    assert await storage.read(holder_of, kept["open"]) is None


async def test_an_office_that_moves_to_another_province_takes_its_questions_along(storage: Storage) -> None:
    kept = await storage.write(build)

    def ask(session: WriteSession) -> int:
        office = session.get_one(Office, kept["office"])
        case = ask_question(session, office=office).case_id
        by_staff(actions.assign)(session, case_id=case, to_staff_id=kept["holder"], staff_id=kept["admin"], now=NOW)
        return case

    def move(session: WriteSession) -> None:
        save_office(
            session,
            office_id=kept["office"],
            code="99-0001",
            kind=OfficeKind.PISHKHAN,
            province_code="IR-09",
            city=Localised({"fa": "مشهد"}),
            name=Localised({"fa": "دفتر"}),
            actor=acting(kept["admin"]),
            now=NOW,
        )

    question, done = await storage.write(ask), await storage.write(ask)
    close = partial(actions.close, reason=CloseReason.REPEATED, text=None)
    await storage.write(by_staff(close), case_id=done, staff_id=kept["holder"], now=NOW)
    await storage.write(move)
    assert await storage.read(holder_of, question) is None
    assert await storage.read(holder_of, done) == kept["holder"]
    assert await storage.read(holder_of, kept["open"]) == kept["holder"]


async def test_what_is_opened_again_after_its_holder_left_is_nobodys(storage: Storage) -> None:
    kept = await storage.write(build)
    await storage.write(by_staff(staff.deactivate), member_id=kept["holder"], staff_id=kept["admin"], now=NOW)
    assert await storage.read(holder_of, kept["closed"]) == kept["holder"]
    await storage.write(
        by_staff(actions.reopen), case_id=kept["closed"], staff_id=kept["admin"], now=NOW + timedelta(days=1)
    )
    assert await storage.read(holder_of, kept["closed"]) is None


async def test_housekeeping_finds_what_was_left_behind_before(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Accounts that were closed before cases reacted to it; also the tests above without their guard."""
    kept = await storage.write(build)
    with monkeypatch.context() as patch:
        patch.setattr(writing_events, "reactors", dict)
        await storage.write(by_staff(staff.deactivate), member_id=kept["holder"], staff_id=kept["admin"], now=NOW)
    assert await storage.read(holder_of, kept["open"]) == kept["holder"]
    assert await storage.write(give_back_all, now=NOW, limit=9) == 1
    assert await storage.write(give_back_all, now=NOW, limit=9) == 0
    assert await storage.read(holder_of, kept["open"]) is None


async def _given_while_closed(storage: Storage, monkeypatch: pytest.MonkeyPatch, *, patience: float) -> int | None:
    """Somebody gives a case to a colleague whose account is closed between the look at it and the giving."""
    kept = await storage.write(build)
    case = await storage.write(lambda session: file_complaint(session, office=_office(session, kept)).case_id)
    looked, closed = asyncio.Event(), asyncio.Event()

    async def closing_may_come() -> None:
        looked.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(closed.wait(), timeout=patience)

    def look(session: WriteSession, *, staff_id: int, now: datetime) -> Any:
        reach = grants_of(session, staff_id=staff_id, now=now)
        await_only(closing_may_come())
        return reach

    async def close() -> None:
        await looked.wait()
        await storage.write(by_staff(staff.deactivate), member_id=kept["holder"], staff_id=kept["admin"], now=NOW)
        closed.set()

    monkeypatch.setattr(handling, "grants_of", look)
    give = storage.write(
        by_staff(actions.assign), case_id=case, to_staff_id=kept["holder"], staff_id=kept["admin"], now=NOW
    )
    await asyncio.gather(give, close())
    return await storage.read(holder_of, case)


def _office(session: WriteSession, kept: dict[str, int]) -> Office:
    return session.get_one(Office, kept["office"])


@pytest.mark.postgres
async def test_nothing_is_given_to_an_account_while_it_is_closed(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await _given_while_closed(storage, monkeypatch, patience=0.5) is None


@pytest.mark.postgres
async def test_the_twin_without_the_lock_leaves_a_case_behind(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handling, "_keep_account_as_it_is", lambda session, member_id: None)
    assert await _given_while_closed(storage, monkeypatch, patience=60) is not None
