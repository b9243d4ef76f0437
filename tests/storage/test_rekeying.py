"""After a change of the key everything is written anew under the present one, also broken off, and by two at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from desk.acting import SYSTEM
from desk.cases import arrivals, found_by
from desk.cases.changes import add_entry
from desk.cases.inbox import CaseFilter, inbox
from desk.cases.models import CaseEntry, CaseWord
from desk.cases.queries import by_code
from desk.cases.rules import EntryKind
from desk.catalogue.models import Service
from desk.codes import TrackingCode
from desk.conversations import limits
from desk.conversations.actions import open_conversation
from desk.conversations.rules import CounterKind
from desk.draws import actions as draws
from desk.identity import IdentityKey, IdentityKeys
from desk.organisation import EVERYWHERE
from desk.rekeying import actions as rekeying
from desk.rekeying.actions import Rewritten, rewrite_some
from desk.rekeying.columns import ENCRYPTED, MARKS, Encrypted, Moves
from desk.rekeying.queries import left
from desk.rosters.leave import decide_leave
from desk.schema import metadata
from desk.staff import second_factor
from desk.storage.base import ReadSession, WriteSession
from desk.storage.encryption import FindingKey, Keys
from desk.storage.engine import Storage
from desk.transfers.models import Transfer
from desk.transfers.rules import TransferState, TransferWay
from desk.verify import verify
from mizban import rekeying as whole
from tests.domain.test_erasure import build
from tests.keys import KEY, KEYS
from tests.makers import NOW, make_conversation, make_office, make_staff
from tests.makers_cases import case_code, codes, file_complaint
from tests.makers_draws import plan_of
from tests.makers_records import put_report
from tests.makers_rosters import put_leave
from tests.sealed import opened
from tests.storage.test_migrated_addresses import bytes_of

NEW = b"the key after the change, 32 b.."
CHANGED, ALONE = Keys(NEW, [KEY]), Keys(NEW)
NUMBERS_BEFORE = IdentityKeys(IdentityKey(KEYS.name, b"for numbers, before"))
NUMBERS = IdentityKeys(IdentityKey(CHANGED.name, b"for numbers, now"), (NUMBERS_BEFORE.current,))
THERE = {"channel": "telegram", "bot": "mizban", "chat": "20260"}
GONE = {"channel": "bale", "bot": "mizban", "chat": "30370"}
GUESSES = CounterKind.UNKNOWN_CODES


def fill(session: WriteSession) -> dict[str, Any]:
    """Something in every encrypted column and behind every mark that is made anew; what was given out for it."""
    first = build(session)
    chat = open_conversation(session, **THERE, counting=NUMBERS_BEFORE, now=NOW)
    for _ in range(3):
        limits.note(session, conversation_id=chat.id, kind=GUESSES, now=NOW)
    session.add(
        Transfer(
            id=9,
            source_id=first.id,
            target_id=chat.id,
            way=TransferWay.COUNTER,
            state=TransferState.SETTLED,
            at=NOW,
            until=NOW + timedelta(hours=24),
            moved_sealed=session.keys.seal({"cases": []}, column="transfers.moved_sealed", row=9),
        )
    )
    _leave(session)
    code = case_code()
    arrivals.put(session, _more("اول"), code=code, now=NOW)
    staff = make_staff(session).id
    second_factor.begin(session, staff_id=staff)
    other = make_staff(session).id
    second_factor.enrol(session, staff_id=other, secret="JBSWY3DPEHPK3PXP" * 2, now=NOW)
    recovery = second_factor.new_recovery_codes(session, staff_id=other)
    service = session.scalars(select(Service.id).order_by(Service.id)).first() or 0
    draws.prepare(session, plan=plan_of(service), actor=SYSTEM, now=NOW)
    return {"chat": chat.id, "arrival": code.digits, "staff": other, "recovery": recovery[0]}


def _leave(session: WriteSession) -> None:
    """Leave with its reason and the word of the manager, and a report of a broker."""
    office = make_office(session)
    id = put_leave(session, office_id=office.id, staff_id=make_staff(session, office=office).id)
    put_report(session, office_id=office.id)
    decide_leave(session, leave_id=id, is_granted=True, word="خوش بگذرد", actor=SYSTEM, now=NOW)


def _more(text: str) -> arrivals.Arrived:
    return arrivals.arrived_now(arrivals.Act.ADDED, case_id=7, now=NOW, text=text, voice=None)


def contents(keys: Keys) -> Callable[[WriteSession], dict[str, list[tuple[Any, ...]]]]:
    """All rows with what is encrypted in them decrypted, and without the marks that a change of the key changes."""

    def look(session: WriteSession) -> dict[str, list[tuple[Any, ...]]]:
        told = {}
        for table in metadata().sorted_tables:
            rows = [opened(keys, table.name, dict(row)) for row in session.execute(table.select()).mappings()]
            told[table.name] = sorted(
                tuple(
                    str(value)
                    for name, value in row.items()
                    if MARKS.get(f"{table.name}.{name}") is None
                    or MARKS[f"{table.name}.{name}"].moves is Moves.AT_NEXT_USE
                )
                for row in rows
            )
        # Its marks have 20 bits: two words may have one by one key and two by the other.
        del told["case_words"]
        return told

    return look


async def rewrite(storage: Storage, *, limit: int = 2, batches: int = 10**6) -> int:
    """Everything, or so many batches of it; returns how many rows that were."""
    done = 0
    for what in ENCRYPTED:
        after = None
        while batches > 0:
            batch = await storage.write(rewrite_some, what=what, numbers=NUMBERS, after=after, limit=limit)
            if batch.last is None:
                break
            done, after, batches = done + batch.rows, batch.last, batches - 1
    return done


def encrypted_left(session: Any) -> dict[str, int]:
    under = left(session).get(KEYS.name)
    return {} if under is None else under.encrypted


async def searched(storage: Storage, words: str) -> int:
    """The number of cases that the inbox finds."""
    page = await storage.read(inbox, scope=EVERYWHERE, wanted=CaseFilter(words=words), now=NOW)
    return len(page.rows)


async def test_nothing_is_left_under_the_older_key_and_all_is_found_without_it(database_url: str) -> None:
    async with Storage(database_url, keys=KEYS) as storage:
        given = await storage.write(fill)
        before, broken = await storage.write(contents(KEYS)), await storage.read(verify)
    async with Storage(database_url, keys=CHANGED) as storage:
        counted = await storage.read(encrypted_left)
        every = {f"{each.table}.{column}" for each in ENCRYPTED for column in each.columns}
        assert set(counted) == {*every, "conversations.limits_mark"}, "the test fills every encrypted column"
        await rewrite(storage)
        assert await storage.read(encrypted_left) == {}
        assert await rewrite(storage) == 0, "once is enough"

    async with Storage(database_url, keys=ALONE) as storage:  # the older key is gone altogether
        assert await storage.write(contents(ALONE)) == before
        assert await storage.write(_found) == (given["chat"], 3)
        found = [await searched(storage, word) for word in ("پسته", "رحیمی‌نژاد", "هزارپا")]
        assert found == [2, 1, 0]
        assert await storage.read(_lost_codes) == set()
        assert await storage.read(verify) == broken

    # Of a recovery code and a waiting row nobody knows here what was hashed: a part of the key finds them.
    finding = Keys(NEW, finding=[FindingKey.of(KEY)])
    async with Storage(database_url, keys=finding) as storage:
        assert await storage.write(_is_right, given) is True
        assert len(await storage.read(arrivals.waiting, code=TrackingCode(given["arrival"]))) == 1


def _lost_codes(session: ReadSession) -> set[int]:
    """The ids of the cases that are not found by their codes."""
    known = {id: by_code(session, code=TrackingCode(code)) for id, code in codes(session).items()}
    assert known
    return {id for id, found in known.items() if found is None or found.id != id}


def _found(session: WriteSession) -> tuple[int, int]:
    """The chat, by the present keys alone, and how many guesses are counted."""
    now_alone = IdentityKeys(NUMBERS.current)
    chat = open_conversation(session, **THERE, counting=now_alone, now=NOW)
    counted = limits.counted(session, conversation_id=chat.id, kind=GUESSES, now=NOW)
    return chat.id, 0 if counted is None else counted.times


def _is_right(session: WriteSession, given: dict[str, Any]) -> bool:
    return second_factor.is_right(session, staff_id=given["staff"], code=given["recovery"], now=NOW)


async def test_broken_off_it_goes_on_and_everything_works_meanwhile(database_url: str) -> None:
    async with Storage(database_url, keys=KEYS) as storage:
        await storage.write(fill)
        before = await storage.write(contents(KEYS))
    batches = 0
    while True:
        async with Storage(database_url, keys=CHANGED) as storage:  # each time another process
            batches += 1
            done = await rewrite(storage, limit=1, batches=batches)
            assert await storage.write(contents(CHANGED)) == before
            assert (await storage.write(_found))[1] == 3
            if not await storage.read(encrypted_left):
                break
            assert done == batches
    assert batches > 3


async def test_two_at_once_write_each_row_whole(database_url: str) -> None:
    async with Storage(database_url, keys=KEYS) as storage:
        await storage.write(fill)
        await storage.write(lambda session: [make_conversation(session) for _ in range(30)])
        before = await storage.write(contents(KEYS))
    async with Storage(database_url, keys=CHANGED) as one, Storage(database_url, keys=CHANGED) as two:
        while await one.read(encrypted_left):
            await asyncio.gather(rewrite(one, limit=3), rewrite(two, limit=5), one.write(_found))
    async with Storage(database_url, keys=ALONE) as storage:
        assert await storage.write(contents(ALONE)) == before


@pytest.mark.parametrize("in_use", [frozenset(), frozenset({"conversations", "cases"})])
async def test_it_goes_through_all_batches_and_comes_back_to_what_was_in_use(
    database_url: str, monkeypatch: pytest.MonkeyPatch, in_use: frozenset[str]
) -> None:
    passed_over = set(in_use)

    def some(session: WriteSession, *, what: Encrypted, **given: Any) -> Rewritten:
        if what.table in passed_over:  # as of rows that others have locked
            passed_over.remove(what.table)
            return Rewritten(0, None)
        return rewrite_some(session, what=what, **given, limit=1)

    monkeypatch.setattr(whole, "rewrite_some", some)
    if not in_use:
        monkeypatch.setattr(whole, "ROUNDS", 1)
    async with Storage(database_url, keys=KEYS) as storage:
        await storage.write(fill)
        await storage.write(lambda session: [make_conversation(session) for _ in range(3)])
    async with Storage(database_url, keys=CHANGED) as storage:
        await whole.rewrite_all(storage, numbers=NUMBERS, told=lambda line: None)
        assert await storage.read(encrypted_left) == {}


@pytest.mark.sqlite
async def test_no_file_holds_what_stood_under_the_older_key(database_url: str) -> None:
    """Each batch sees to it: a run that is broken off leaves nothing of it in the log either."""

    def sealed(session: WriteSession) -> set[bytes]:
        tables = ((metadata().tables[each.table], each.columns) for each in ENCRYPTED)
        wanted = [table.c[name] for table, names in tables for name in names]
        return {value for column in wanted for value in session.scalars(select(column)) if value is not None}

    async with Storage(database_url, keys=KEYS) as storage:
        await storage.write(fill)
        before = await storage.write(sealed)
        assert await storage.empty_log() is not None
    assert all(value in bytes_of(database_url) for value in before)
    async with Storage(database_url, keys=CHANGED) as storage:
        await rewrite(storage)
        held = bytes_of(database_url)
        assert [value for value in before if value in held] == []


async def test_names_without_a_text_and_texts_that_came_later_are_found_too(database_url: str) -> None:
    """A process that was not started again yet adds a text under the older key to a case that was written anew."""
    async with Storage(database_url, keys=KEYS) as storage:
        await storage.write(file_complaint, name="ستاره نیک‌پی", text=None)
        told = await storage.write(lambda session: file_complaint(session, name="گل‌آقا", text="پول گرفتند").case_id)
    async with Storage(database_url, keys=CHANGED) as storage:
        await rewrite(storage)
    async with Storage(database_url, keys=Keys(KEY, [NEW])) as storage:
        later = partial(add_entry, kind=EntryKind.SAID, text="خورجین گم شد", voice=None, actor=SYSTEM, now=NOW)
        await storage.write(later, case_id=told)
    async with Storage(database_url, keys=CHANGED) as storage:
        await rewrite(storage)
    async with Storage(database_url, keys=ALONE) as storage:
        assert [await searched(storage, word) for word in ("ستاره", "خورجین", "گرفتند")] == [1, 1, 1]


@pytest.mark.sqlite
async def test_without_the_words_no_case_would_be_found(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rekeying, "index_anew", lambda session, ids: None)
    async with Storage(database_url, keys=KEYS) as storage:
        await storage.write(fill)
    async with Storage(database_url, keys=CHANGED) as storage:
        await rewrite(storage)
    async with Storage(database_url, keys=ALONE) as storage:
        assert await searched(storage, "پسته") == 0


async def test_the_words_of_a_case_are_those_of_its_texts(database_url: str) -> None:
    """No mark of the older key is left: it would tell a word to who has that key."""
    async with Storage(database_url, keys=KEYS) as storage:
        await storage.write(fill)
    async with Storage(database_url, keys=CHANGED) as storage:
        await rewrite(storage)

    def marks(session: WriteSession) -> set[tuple[int, int]]:
        return {(row.case_id, row.mark) for row in session.execute(select(CaseWord.case_id, CaseWord.mark))}

    def made_anew(session: WriteSession) -> set[tuple[int, int]]:
        cases = list(session.scalars(select(CaseEntry.case_id)))
        found_by.forget_words(session, cases)
        found_by.index_anew(session, cases)
        return marks(session)

    async with Storage(database_url, keys=ALONE) as storage:
        was = await storage.write(marks)
        assert was
        assert await storage.write(made_anew) == was


async def test_a_value_that_was_changed_stops_it_and_loses_nothing(database_url: str) -> None:
    from desk.people.models import KnownPerson
    from desk.storage.encryption import UnreadableValue

    def damage(session: WriteSession) -> None:
        known = session.scalars(select(KnownPerson)).first()
        assert known is not None
        known.name_sealed = known.name_sealed[:-1] + bytes([known.name_sealed[-1] ^ 1])

    async with Storage(database_url, keys=KEYS) as storage:
        await storage.write(fill)
        await storage.write(damage)
    async with Storage(database_url, keys=CHANGED) as storage:
        with pytest.raises(UnreadableValue, match="known_persons"):
            await rewrite(storage)
        assert "known_persons.name_sealed" in await storage.read(encrypted_left)


async def test_what_waits_from_before_the_change_is_handed_over_first(database_url: str) -> None:
    code = case_code()
    async with Storage(database_url, keys=KEYS) as storage:
        await storage.write(arrivals.put, _more("اول"), code=code, now=NOW)
    async with Storage(database_url, keys=CHANGED) as storage:
        await storage.write(arrivals.put, _more("دوم"), code=code, now=NOW)
        waiting = await storage.read(arrivals.due, now=NOW + timedelta(hours=1))
        (earlier, mark, one), (later, same, two) = sorted(waiting, key=lambda row: row[2])
        assert (mark, one, two) == (same, 1, 2)
        assert await storage.write(arrivals.take, id=later) is None, "the first comes first"
        first = await storage.write(arrivals.take, id=earlier)
        assert first is not None
        assert first.text == "اول"


async def test_who_erased_before_the_change_is_counted_on_after_it(database_url: str) -> None:
    from desk.acting import Actor
    from desk.erasure.actions import erase

    def leaves(session: WriteSession) -> None:
        chat = open_conversation(session, **GONE, counting=NUMBERS_BEFORE, now=NOW)
        for _ in range(4):
            limits.note(session, conversation_id=chat.id, kind=GUESSES, now=NOW)
        erase(session, actor=Actor.chat(chat.id), now=NOW)

    def comes_back(session: WriteSession) -> int:
        chat = open_conversation(session, **GONE, counting=NUMBERS, now=NOW)
        done = limits.note(session, conversation_id=chat.id, kind=GUESSES, now=NOW)
        assert done is not None
        return done.times

    async with Storage(database_url, keys=KEYS) as storage:
        await storage.write(leaves)
    async with Storage(database_url, keys=CHANGED) as storage:
        assert await storage.write(comes_back) == 5
        under = (await storage.read(left))[KEYS.name]
        assert set(under.marks) == {"tombstones.mark"}, "and none of its counts is left under the older key"
