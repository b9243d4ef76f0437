"""Two administrators who close each other at one moment: one stays, and without the lock none would."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial

import pytest
from sqlalchemy.util import await_only

from desk.acting import SYSTEM
from desk.organisation import NATION
from desk.refusals import Refusal
from desk.staff import actions, queries
from desk.staff.permissions import Role
from desk.staff.refusals import LastAdministrator
from desk.staff.rules import RoleInput
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.makers import NOW, by_staff, make_staff

ADMINISTRATOR = RoleInput(Role.ADMINISTRATOR, NATION)


def _two_administrators(session: WriteSession) -> tuple[int, int]:
    first, second = (make_staff(session, role=Role.ADMINISTRATOR).id for _ in range(2))
    return first, second


async def _each_closes_the_other(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, change: Callable[..., None], *, patience: float
) -> list[Refusal | None]:
    """Both at one moment: each counts only after the other has changed a row too, and goes on when both have counted.

    With the lock the other cannot come, so `patience` is short; without it both come, however busy the machine is.
    Without the second wait the faster one could end before the slower counts, which then sees that nobody is left.
    """
    pair = await storage.write(_two_administrators)
    both = asyncio.Barrier(2)

    async def meet() -> None:
        with suppress(TimeoutError, asyncio.BrokenBarrierError):
            await asyncio.wait_for(both.wait(), timeout=patience)

    def count_when_both_are_there(session: WriteSession, *, now: datetime) -> int:
        if storage.is_sqlite:  # whose one writer cannot wait for another
            return queries.administrators(session, now=now)
        await_only(meet())
        count = queries.administrators(session, now=now)
        await_only(meet())
        return count

    async def close(member_id: int, *, by: int) -> Refusal | None:
        try:
            await storage.write(by_staff(change), member_id=member_id, staff_id=by, now=NOW)
        except Refusal as refusal:
            return refusal
        return None

    monkeypatch.setattr(actions, "administrators", count_when_both_are_there)
    return list(await asyncio.gather(close(pair[0], by=pair[1]), close(pair[1], by=pair[0])))


_take_the_roles = partial(actions.update_member, name="x", roles=())
_close_by_update = partial(actions.update_member, name="x", roles=(ADMINISTRATOR,), is_active=False)
CLOSINGS = [actions.deactivate, _take_the_roles, _close_by_update]


@pytest.mark.parametrize("change", CLOSINGS, ids=["deactivate", "take the roles", "update"])
async def test_two_administrators_who_close_each_other_leave_one(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, change: Callable[..., None]
) -> None:
    answers = await _each_closes_the_other(storage, monkeypatch, change, patience=0.5)

    assert sorted(answer is None for answer in answers) == [False, True]
    assert await storage.read(queries.administrators, now=NOW) == 1


@pytest.mark.postgres
@pytest.mark.parametrize("change", CLOSINGS, ids=["deactivate", "take the roles", "update"])
async def test_the_twin_without_the_lock_leaves_none(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, change: Callable[..., None]
) -> None:
    monkeypatch.setattr(actions, "one_change_at_a_time", lambda session: None)

    answers = await _each_closes_the_other(storage, monkeypatch, change, patience=60)

    assert answers == [None, None]
    assert await storage.read(queries.administrators, now=NOW) == 0


async def test_from_the_command_line_too_the_last_one_stays(storage: Storage) -> None:
    pair = await storage.write(_two_administrators)

    closing = (storage.write(actions.deactivate, member_id=one, actor=SYSTEM, now=NOW) for one in pair)
    answers = await asyncio.gather(*closing, return_exceptions=True)

    assert Counter(type(answer) for answer in answers) == {type(None): 1, LastAdministrator: 1}
