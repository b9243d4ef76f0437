"""Changing accounts and offices together with what hangs on them: the cases somebody may no longer handle.

The pages and the command line come here and not to `desk.staff.actions`, which cannot know of cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from desk.acting import Actor
from desk.cases.leaving import give_back_of_member, give_back_of_office
from desk.offices import actions as offices
from desk.staff import actions as staff
from desk.staff.rules import RoleInput
from desk.storage.base import WriteSession


def update_member(
    session: WriteSession,
    *,
    member_id: int,
    name: str,
    roles: Sequence[RoleInput],
    is_active: bool = True,
    actor: Actor,
    now: datetime,
) -> None:
    """As `desk.staff.actions.update_member`; the open cases the account no longer reaches are nobody's again."""
    staff.update_member(session, member_id=member_id, name=name, roles=roles, is_active=is_active, actor=actor, now=now)
    give_back_of_member(session, member_id=member_id, actor=actor, now=now)


def deactivate(session: WriteSession, *, member_id: int, actor: Actor, now: datetime) -> None:
    """As `desk.staff.actions.deactivate`; the account's open cases are nobody's again."""
    staff.deactivate(session, member_id=member_id, actor=actor, now=now)
    give_back_of_member(session, member_id=member_id, actor=actor, now=now)


def save_office(session: WriteSession, *, actor: Actor, now: datetime, **said: Any) -> int:
    """As `desk.offices.actions.save_office`; where the office changed its province, its cases follow their reach."""
    office_id = offices.save_office(session, actor=actor, now=now, **said)
    give_back_of_office(session, office_id=office_id, actor=actor, now=now)
    return office_id
