"""Who may give which roles, and to whom: never above or beyond one's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from desk.acting import SYSTEM, OutOfReach
from desk.events import queries as events
from desk.organisation import NATION, province
from desk.staff import actions, queries
from desk.staff.authority import require_may_give
from desk.staff.models import RoleAssignment, StaffMember
from desk.staff.permissions import ROLES, Permission, Role
from desk.staff.refusals import (
    NotYourStaff,
    NotYoursToGive,
)
from desk.staff.rules import RoleInput
from desk.storage.base import WriteSession
from tests.domain.test_staff import PASSWORD, account, at_office
from tests.makers import NOW, TODAY, by_staff, make_office, make_staff
from tests.makers_areas import make_province


def test_an_office_manager_gives_roles_of_the_office_only(session: WriteSession) -> None:
    own, other = make_office(session), make_office(session)
    manager = make_staff(session, role=Role.OFFICE_MANAGER, office=own).id
    account(session, username="clerk", roles=(at_office(Role.CLERK, own),), by=manager)
    beyond = (
        at_office(Role.CLERK, other),
        RoleInput(Role.CLERK, province("IR-30")),
        RoleInput(Role.CLERK, NATION),
        at_office(Role.ADMINISTRATOR, own),
    )
    for number, role in enumerate(beyond):
        with pytest.raises(NotYoursToGive):
            account(session, username=f"beyond{number}", roles=(role,), by=manager)


@pytest.mark.requirement("002-04", "M")
def test_a_province_reaches_its_offices_and_no_others(session: WriteSession) -> None:
    make_province(session, code="IR-30")
    karaj, tehran = make_office(session, province_code="IR-30"), make_office(session, province_code="IR-23")
    officer = make_staff(session, role=Role.PROVINCE_OFFICER, province_code="IR-30").id
    account(session, username="clerk", roles=(at_office(Role.DESK_OFFICER, karaj),), by=officer)
    with pytest.raises(NotYoursToGive):
        account(session, username="beyond", roles=(at_office(Role.CLERK, tehran),), by=officer)


@pytest.mark.parametrize("role", [role for role, held in ROLES.items() if Permission.STAFF_WRITE not in held])
def test_who_may_not_write_staff_gives_nothing(session: WriteSession, role: Role) -> None:
    office = make_office(session)
    member = make_staff(session, role=role, office=office).id
    with pytest.raises(OutOfReach):
        account(session, roles=(at_office(Role.CLERK, office),), by=member)


def test_nobody_changes_an_account_above_their_own(session: WriteSession) -> None:
    office = make_office(session)
    manager = make_staff(session, role=Role.OFFICE_MANAGER, office=office).id
    boss = make_staff(session, role=Role.PROVINCE_OFFICER, province_code="IR-30").id
    with pytest.raises(NotYourStaff):
        actions.update_member(session, member_id=999, name="x", roles=[], actor=SYSTEM, now=NOW)
    who: dict[str, Any] = {"member_id": boss, "actor": queries.actor_of(session, staff_id=manager, now=NOW), "now": NOW}
    with pytest.raises(NotYourStaff):
        actions.deactivate(session, **who)
    with pytest.raises(NotYourStaff):
        actions.set_password(session, password=PASSWORD, **who)
    with pytest.raises(NotYourStaff):
        actions.update_member(session, name="x", roles=[], **who)


@pytest.mark.requirement("001-14", "M")
def test_roles_are_exchanged_and_the_lost_one_is_gone(session: WriteSession) -> None:
    office = make_office(session)
    manager = make_staff(session, role=Role.OFFICE_MANAGER, office=office).id
    clerk = make_staff(session, role=Role.CLERK, office=office).id
    roles = [at_office(Role.DESK_OFFICER, office)]
    by_staff(actions.update_member)(session, member_id=clerk, name="زهرا", roles=roles, staff_id=manager, now=NOW)
    found = queries.member(session, member_id=clerk)
    assert found is not None
    assert (found.name, found.roles) == ("زهرا", tuple(roles))
    assert [line.kind for line in events.of(session, subject=f"staff:{clerk}")] == ["staff.update"]


def _for_days(session: WriteSession, member: StaffMember, *, until: date) -> None:
    session.execute(update(RoleAssignment).where(RoleAssignment.staff_id == member.id).values(valid_to=until))


def test_nobody_gives_a_role_that_outlasts_their_own(session: WriteSession) -> None:
    """Before, somebody who stood in for a week could make themselves, or a second account, manager for good."""
    office = make_office(session)
    stand_in = make_staff(session, role=Role.OFFICE_MANAGER, office=office)
    week = TODAY + timedelta(days=7)
    _for_days(session, stand_in, until=week)
    held = at_office(Role.OFFICE_MANAGER, office)
    longer = [held, replace(held, valid_to=week + timedelta(days=1))]
    for number, role in enumerate(longer):
        with pytest.raises(NotYourStaff):
            by_staff(actions.update_member)(
                session, member_id=stand_in.id, name="x", roles=[role], staff_id=stand_in.id, now=NOW
            )
        with pytest.raises(NotYoursToGive):
            account(session, username=f"second{number}", roles=(role,), by=stand_in.id)
    helper = replace(at_office(Role.CLERK, office), valid_to=week)
    with pytest.raises(NotYoursToGive):
        account(session, username="longer", roles=(replace(helper, valid_to=None),), by=stand_in.id)
    account(session, username="helper", roles=(helper,), by=stand_in.id)


@pytest.mark.parametrize("role", [Role.OFFICE_MANAGER, Role.PROVINCE_OFFICER])
def test_equals_do_not_decide_about_each_other(session: WriteSession, role: Role) -> None:
    """The attack: who holds the session of a manager makes a second manager, or closes the other one."""
    office = make_office(session)
    place: dict[str, Any] = {"office": office} if role is Role.OFFICE_MANAGER else {"province_code": "IR-30"}
    one, other = make_staff(session, role=role, **place).id, make_staff(session, role=role, **place).id
    held = RoleInput(role, office.node if role is Role.OFFICE_MANAGER else province("IR-30"))
    with pytest.raises(NotYoursToGive):
        account(session, username="second", roles=(held,), by=one)
    who: dict[str, Any] = {"member_id": other, "actor": queries.actor_of(session, staff_id=one, now=NOW), "now": NOW}
    with pytest.raises(NotYourStaff):
        actions.deactivate(session, **who)
    with pytest.raises(NotYourStaff):
        actions.set_password(session, password=PASSWORD, **who)
    with pytest.raises(NotYourStaff):
        actions.update_member(session, name="x", roles=[held], **who)


def test_administrators_of_the_country_decide_about_each_other(session: WriteSession) -> None:
    """They have nobody above them."""
    one, other = make_staff(session, role=Role.ADMINISTRATOR).id, make_staff(session, role=Role.ADMINISTRATOR).id
    actor = queries.actor_of(session, staff_id=one, now=NOW)
    actions.deactivate(session, member_id=other, actor=actor, now=NOW)


def test_who_stands_in_still_changes_the_accounts_of_their_office(session: WriteSession) -> None:
    office = make_office(session)
    stand_in = make_staff(session, role=Role.OFFICE_MANAGER, office=office)
    clerk = make_staff(session, role=Role.CLERK, office=office)
    _for_days(session, stand_in, until=TODAY)
    by_staff(actions.update_member)(
        session, member_id=clerk.id, name="لیلا", roles=[at_office(Role.CLERK, office)], staff_id=stand_in.id, now=NOW
    )
    by_staff(actions.deactivate)(session, member_id=clerk.id, staff_id=stand_in.id, now=NOW)


def test_who_had_a_role_until_today_gives_none_after_midnight_in_tehran(session: WriteSession) -> None:
    """The page may have been opened before: what counts is the moment of the write."""
    giver = account(session, username="giver", roles=(RoleInput(Role.ADMINISTRATOR, NATION, valid_to=TODAY),))
    before = NOW.replace(hour=20, minute=29)
    actor = queries.actor_of(session, staff_id=giver, now=before)
    given = (RoleInput(Role.CLERK, NATION, valid_to=TODAY),)
    require_may_give(session, actor, given, now=before)
    with pytest.raises(NotYoursToGive):
        require_may_give(session, actor, given, now=before + timedelta(minutes=2))
