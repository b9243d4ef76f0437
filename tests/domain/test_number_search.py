"""Numbers of papers that staff look for in vain: so many in a day, also when they are sent at one moment."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import bindparam, select
from sqlalchemy.util import await_only

from desk.staff import number_search
from desk.staff.models import StaffMember
from desk.staff.number_search import MOST_MISSES, SERIES, note_miss, require_tries_left
from desk.staff.refusals import TooManyNumbers
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.storage.upsert import table_of
from tests.makers import NOW, acting, make_staff

MINUTE = timedelta(minutes=1)


def spend(session: WriteSession, *, tries: int) -> int:
    """An account that has looked for that many in vain."""
    member = make_staff(session).id
    for number in range(tries):
        note_miss(session, actor=acting(member), counts=True, now=NOW + number * MINUTE)
    return member


def test_a_series_ends_a_day_after_its_first_miss(session: WriteSession) -> None:
    member = spend(session, tries=MOST_MISSES - 1)
    require_tries_left(session, actor=acting(member), now=NOW + MINUTE)
    note_miss(session, actor=acting(member), counts=False, now=NOW + MINUTE)
    require_tries_left(session, actor=acting(member), now=NOW + MINUTE)

    note_miss(session, actor=acting(member), counts=True, now=NOW + MINUTE)
    with pytest.raises(TooManyNumbers) as refused:
        require_tries_left(session, actor=acting(member), now=NOW + SERIES - MINUTE)
    require_tries_left(session, actor=acting(member), now=NOW + SERIES)
    note_miss(session, actor=acting(member), counts=True, now=NOW + SERIES)

    assert refused.value.until == NOW + SERIES
    counted = session.scalars(select(StaffMember.number_misses).where(StaffMember.id == member)).one()
    assert counted == 1


async def _two_at_one_moment(storage: Storage, *, patience: float) -> list[bool]:
    """The last try left, sent twice: each waits after it was let in until the other is in as well."""
    member = await storage.write(spend, tries=MOST_MISSES - 1)
    both = asyncio.Barrier(2)

    async def meet() -> None:
        with suppress(TimeoutError, asyncio.BrokenBarrierError):
            await asyncio.wait_for(both.wait(), timeout=patience)

    def look(session: WriteSession) -> bool:
        try:
            require_tries_left(session, actor=acting(member), now=NOW)
        except TooManyNumbers:
            return False
        if not storage.is_sqlite:  # whose one writer cannot wait for another
            await_only(meet())
        note_miss(session, actor=acting(member), counts=True, now=NOW)
        return True

    return list(await asyncio.gather(storage.write(look), storage.write(look)))


async def test_the_last_try_is_one_try_also_at_one_moment(storage: Storage) -> None:
    assert sorted(await _two_at_one_moment(storage, patience=0.5)) == [False, True]


@pytest.mark.postgres
async def test_the_twin_without_the_lock_lets_both_in(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    member = table_of(StaffMember).c
    unlocked = select(member.number_misses, member.first_missed_at).where(member.id == bindparam("member"))
    monkeypatch.setattr(number_search, "_MISSES", unlocked)

    assert await _two_at_one_moment(storage, patience=60) == [True, True]
