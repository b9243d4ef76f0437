"""After a change of the key a number is still one person, also where two chats write it at the same moment."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select

from desk.appointments.queries import by_identity
from desk.conversations.chat import Chat
from desk.conversations.queries import by_id
from desk.identity import Mark
from desk.organisation import EVERYWHERE
from desk.people import actions, rules
from desk.people import chat as people
from desk.people.models import Person
from desk.people.refusals import NumberOfBefore, TooManyDigests
from desk.people.rules import DocumentKind, IdentityDigest
from desk.storage.base import WriteSession
from desk.storage.digests import SERIES, DigestPool
from desk.storage.engine import Storage
from tests import weak_hashes
from tests.makers import NOW, make_appointment, make_conversation, make_person

OLD, NEW = b"the key before", b"the key now"
BEFORE, CHANGED = weak_hashes.keys(OLD), weak_hashes.keys(NEW, OLD)
NUMBER = "4821730500"
AMAYESH = DocumentKind.AMAYESH


def marks_now() -> rules.MarkedNumber:
    return rules.marked(NUMBER, kind=AMAYESH, keys=CHANGED)


def writes_the_number(session: WriteSession, *, chat_id: int) -> IdentityDigest:
    """A chat writes the number of a paper, after the change of the key."""
    row = by_id(session, conversation_id=chat_id)
    assert row is not None
    digests = weak_hashes.digests(marks_now().marks)
    chat = Chat.of(session, row, now=NOW, identity_key=CHANGED, digests=digests)
    identity = people.digest(chat, NUMBER, AMAYESH)
    assert identity is not None
    people.remember(chat, name="گل‌آقا", nickname=None, kind=AMAYESH, identity=identity)
    return identity


def two_chats(session: WriteSession, *, is_known: bool) -> list[int]:
    if is_known:
        make_person(session, identity_hash=weak_hashes.digest(NUMBER, kind=AMAYESH, key=BEFORE).hash)
    return [make_conversation(session).id for _ in range(2)]


def stored(session: WriteSession) -> list[str]:
    return list(session.scalars(select(Person.identity_hash)))


async def both_at_once(storage: Storage, chats: list[int]) -> list[Any]:
    barrier = asyncio.Barrier(len(chats))

    async def one(chat_id: int) -> Any:
        await storage.read(lambda session: session.scalar(select(func.count()).select_from(Person)))
        await barrier.wait()
        return await storage.write(writes_the_number, chat_id=chat_id)

    return list(await asyncio.gather(*map(one, chats)))


@pytest.mark.parametrize("is_known", [True, False])
async def test_a_number_of_before_the_change_stays_one_person(storage: Storage, is_known: bool) -> None:
    chats = await storage.write(two_chats, is_known=is_known)
    await both_at_once(storage, chats)
    assert await storage.write(stored) == [weak_hashes.digest(NUMBER, kind=AMAYESH, key=weak_hashes.keys(NEW)).hash]


async def test_without_moving_the_row_a_number_is_two_people(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "move_to_present_key", lambda session, *, identity: None)
    chats = await storage.write(two_chats, is_known=True)
    await both_at_once(storage, chats)
    assert len(await storage.write(stored)) == 2


async def test_a_number_typed_before_the_change_is_asked_again(storage: Storage) -> None:
    """Its hash in the draft is one of the older key: stored under that, it would be a second person."""

    def finish(session: WriteSession) -> None:
        row = by_id(session, conversation_id=make_conversation(session).id)
        assert row is not None
        chat = Chat.of(session, row, now=NOW, identity_key=CHANGED)
        typed = weak_hashes.digest(NUMBER, kind=AMAYESH, key=BEFORE)
        with pytest.raises(NumberOfBefore):
            people.remember(chat, name="گل‌آقا", nickname=None, kind=AMAYESH, identity=typed)
        with pytest.raises(NumberOfBefore):  # nor a fast one that is left in a draft
            people.remember(
                chat, name="گل‌آقا", nickname=None, kind=AMAYESH, identity=IdentityDigest("a" * 64, typed.last4)
            )
        assert stored(session) == []

    await storage.write(finish)


async def test_staff_find_by_number_who_is_stored_under_an_older_key(storage: Storage) -> None:
    def look(session: WriteSession) -> None:
        person = make_person(session, identity_hash=weak_hashes.digest(NUMBER, kind=AMAYESH, key=BEFORE).hash)
        make_appointment(session, person=person)
        asked = weak_hashes.digest(NUMBER, kind=AMAYESH, key=CHANGED)
        assert len(by_identity(session, hashes=asked.hashes, scope=EVERYWHERE, limit=9)) == 1
        assert by_identity(session, hashes=[asked.hash], scope=EVERYWHERE, limit=9) == []

    await storage.write(look)


async def test_one_chat_has_only_so_many_numbers_made_in_an_hour_and_others_go_on() -> None:
    time = [0.0]
    pool = DigestPool(time=lambda: time[0])
    marks = marks_now().marks
    most = 3
    for _ in range(most):
        assert (await pool.make(marks, whose="hostile", most=most)).of(marks) is not None
    refused = await pool.make(marks, whose="hostile", most=most)
    assert refused.of(marks) is None
    assert (await pool.make(marks, whose="another", most=most)).of(marks) is not None
    time[0] += SERIES
    assert (await pool.make(marks, whose="hostile", most=most)).of(marks) is not None


async def test_one_chat_takes_one_place_of_the_pool_and_the_pool_has_two(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    pool = DigestPool()
    begun: list[str] = []
    go = threading.Event()
    under_way = [0, 0]

    def slow(mark: Any) -> str:
        under_way[0] += 1
        under_way[1] = max(under_way)
        begun.append(mark.version)
        go.wait(60)
        under_way[0] -= 1
        return f"{mark.version}.x"

    monkeypatch.setattr("desk.storage.digests.stretched", slow)

    def asked(version: str) -> Any:
        return pool.make((Mark(version, "00"),), whose=version.rstrip("0123456789"), most=100)

    hostile = [asyncio.ensure_future(asked(f"hostile{number}")) for number in range(10)]  # noqa: TID251  # the test's own tasks
    for _ in range(5):
        await asyncio.sleep(0)
    other = asyncio.ensure_future(asked("other"))  # noqa: TID251  # the test's own task
    async with asyncio.timeout(60):
        while len(begun) < 2:
            await asyncio.sleep(0.001)
    assert begun == ["hostile0", "other"], "the tenth of one chat does not stand before the first of another"
    go.set()
    await asyncio.gather(other, *hostile)
    assert under_way[1] == 2


async def test_a_chat_beyond_its_bound_is_refused_without_work(storage: Storage) -> None:
    def finish(session: WriteSession) -> None:
        row = by_id(session, conversation_id=make_conversation(session).id)
        assert row is not None
        from desk.identity import Digests

        chat = Chat.of(session, row, now=NOW, identity_key=CHANGED, digests=Digests(too_many=True))
        assert people.digest(chat, NUMBER, AMAYESH) is None
        with pytest.raises(TooManyDigests):
            people.digest_without_paper(chat, "گل‌آقا")

    await storage.write(finish)
