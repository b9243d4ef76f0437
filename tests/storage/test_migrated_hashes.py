"""Hashes of numbers from before they were stretched: each is found again, and none that is fast is left."""

from __future__ import annotations

import asyncio
import hmac
from typing import Any

import pytest
from sqlalchemy import select, update

from desk import identity
from desk.conversations.addresses import stored_state
from desk.conversations.models import Conversation
from desk.identity import IdentityKey, IdentityKeys
from desk.people.models import Person
from desk.people.rules import DocumentKind
from desk.people.sealing import sealed_name
from desk.storage import migrate
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from tests.keys import KEYS
from tests.makers import make_conversation, make_person
from tests.makers_chats import state_of_chat
from tests.weak_hashes import CHEAPEST, digest, digest_without_paper

SECRET = b"the identity key of this test"
OURS = IdentityKeys(IdentityKey(KEYS.name, SECRET))
"""The keys of an installation: the one for numbers bears the name of the one that encrypts."""
NUMBERS = [f"48217{number:05}" for number in range(30)]
BEFORE, AFTER = "0038", "0040"


def fast(sort: str, what: str) -> str:
    """As it was stored before."""
    return hmac.new(SECRET, f"{sort}:{what}".encode(), "sha256").hexdigest()


def people_of_before(session: WriteSession) -> int:
    """People as they were stored, and chats with unfinished answers; the id of the chat of somebody without a paper."""
    for number in NUMBERS:
        make_person(session, identity_hash=fast("number", number))
    chat = make_conversation(session)
    unnamed = fast("no paper", f"{chat.id}:{sealed_name('گل‌آقا')}")
    make_person(session, identity_hash=unnamed, document_kind=DocumentKind.NONE, last4=None)
    draft = {"person": {"full_name": "گل‌آقا", "paper": "amayesh", "identity_hash": fast("number", NUMBERS[0])}}
    trail = [["x", {"identity_hash": fast("number", "77")}]]
    _remembers(session, chat.id, {"flow": "book", "step": "look", "draft": draft, "trail": trail})
    nobody = {"flow": "book", "draft": {"person": {"identity_hash": "", "paper": "none"}}}
    _remembers(session, make_conversation(session).id, nobody)
    return chat.id


def _remembers(session: WriteSession, chat_id: int, state: dict[str, Any]) -> None:
    chat = update(Conversation).where(Conversation.id == chat_id)
    session.execute(chat.values(stored_state(session.keys, state, id=chat_id)))


def everything(session: WriteSession) -> list[str]:
    chats = [str(state_of_chat(session, chat)) for chat in session.scalars(select(Conversation))]
    return [*chats, *(str(row) for row in session.execute(select(Person.__table__)))]


async def test_every_hash_is_stretched_and_everybody_is_found_again(storage: Storage, database_url: str) -> None:
    chat_id = await storage.write(people_of_before)
    before = await storage.read(lambda session: sorted(session.execute(select(Person.id, Person.created_at))))
    await asyncio.to_thread(migrate.downgrade, database_url, keys=KEYS, revision=BEFORE)
    told: list[str] = []
    await asyncio.to_thread(migrate.upgrade, database_url, keys=KEYS, revision=AFTER, told=told.append)
    await asyncio.to_thread(migrate.upgrade, database_url, keys=KEYS, told=told.append)
    assert any("31 rows" in line for line in told), "the progress is told"

    def look(session: WriteSession) -> None:
        assert sorted(session.execute(select(Person.id, Person.created_at))) == before
        stored = set(session.scalars(select(Person.identity_hash)))
        assert {digest(number, kind=DocumentKind.AMAYESH, key=OURS).hash for number in NUMBERS} < stored
        assert digest_without_paper(chat_id, "گل آقا", OURS).hash in stored
        state = state_of_chat(session, session.get_one(Conversation, chat_id))
        assert state["draft"]["person"] == {
            "full_name": "گل‌آقا",
            "paper": "amayesh",
            "identity_hash": digest(NUMBERS[0], kind=DocumentKind.AMAYESH, key=OURS).hash,
        }
        assert not [fast for row in everything(session) for fast in _fast() if fast in row]
        assert not [broken for broken in verify(session) if broken.rule == "numbers_are_stretched"]

    await storage.write(look)


def _fast() -> list[str]:
    return [fast("number", number) for number in (*NUMBERS, "77")]


async def test_a_migration_that_is_broken_off_goes_on_and_stretches_nothing_twice(
    storage: Storage, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await storage.write(people_of_before)
    await asyncio.to_thread(migrate.downgrade, database_url, keys=KEYS, revision=BEFORE)
    made: list[str] = []
    real = identity.stretched

    def breaks(mark: identity.Mark) -> str:
        made.append(mark.keyed)
        if len(made) > 12:
            raise KeyboardInterrupt
        return real(mark)

    monkeypatch.setattr(migrate, "BATCH", 5)
    monkeypatch.setattr(identity, "stretched", breaks)
    with pytest.raises(KeyboardInterrupt):
        await asyncio.to_thread(migrate.upgrade, database_url, keys=KEYS, revision=AFTER)
    monkeypatch.setattr(identity, "stretched", real)

    def half(session: WriteSession) -> tuple[int, int]:
        hashes = list(session.scalars(select(Person.identity_hash)))
        return len(hashes), sum(hash.startswith(CHEAPEST.name) for hash in hashes)

    assert await storage.write(half) == (31, 10), "whole batches are kept"
    assert (await asyncio.to_thread(migrate.current, database_url) or "") < migrate.head(), "so the next start goes on"
    await asyncio.to_thread(migrate.upgrade, database_url, keys=KEYS)
    assert await storage.write(half) == (31, 31)

    def found(session: WriteSession) -> int:
        wanted = [digest(number, kind=DocumentKind.AMAYESH, key=OURS).hash for number in NUMBERS]
        return len(session.scalars(select(Person.id).where(Person.identity_hash.in_(wanted))).all())

    assert await storage.write(found) == 30


async def test_a_fast_hash_that_comes_in_later_is_named_by_verify(storage: Storage) -> None:
    def slip(session: WriteSession) -> list[str]:
        person = make_person(session)
        session.execute(update(Person).where(Person.id == person.id).values(identity_hash="a" * 64))
        return [broken.rule for broken in verify(session)]

    assert "numbers_are_stretched" in await storage.write(slip)


async def test_who_has_database_and_key_pays_for_every_guess(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A number of ten digits is tried out: each try costs 64 MiB and three passes; the rows hold no cheaper way."""
    from argon2 import low_level

    monkeypatch.setattr(identity.IN_USE, "now", identity.Stretch("a1", memory=64 * 1024, passes=3))
    work: list[int] = []
    real = low_level.hash_secret_raw

    def counting(**given: Any) -> bytes:
        work.append(given["memory_cost"] * given["time_cost"])
        return real(**given)

    monkeypatch.setattr(low_level, "hash_secret_raw", counting)
    secret = "4821700007"
    stored = digest(secret, kind=DocumentKind.UNIQUE_CODE, key=OURS).hash
    await storage.write(lambda session: make_person(session, identity_hash=stored))
    work.clear()
    (row,) = await storage.read(everything_of_people)
    for guess in ("4821700006", secret):
        assert fast("number", guess) not in row, "the fast hash alone confirms nothing"
        found = digest(guess, kind=DocumentKind.UNIQUE_CODE, key=OURS).hash in row
        assert found is (guess == secret)
    assert work == [3 * 64 * 1024] * 2
    # 10^10 numbers, of which the last four may be known: 10^6 tries of 192 MiB of memory traffic each.
    assert sum(work) / len(work) * 10**6 / 1024 >= 192 * 10**6


def everything_of_people(session: Any) -> list[str]:
    return [str(row) for row in session.execute(select(Person.__table__))]
