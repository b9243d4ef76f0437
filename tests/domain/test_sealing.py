"""Sealed history cannot be changed unseen: the chain tells, and a seal copied off the machine tells of a new chain."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete, select, text, update

from desk.events import actions as events
from desk.events.models import Event, EventSeal
from desk.events.sealing import SETTLED, broken_seals, forget_old, is_as_copied, last_seal, seal
from desk.periods import USUAL_PERIODS
from desk.storage.base import ReadSession, WriteSession
from desk.storage.engine import Storage
from desk.verify import SEALED, verify
from tests.keys import KEYS
from tests.makers import NOW, acting

LATER = NOW + timedelta(hours=1)


def note(session: WriteSession, number: int, *, minutes: int = 0) -> None:
    events.note(
        session,
        kind="office.update",
        subject=f"office:{number}",
        actor=acting(4),
        old={"name": {"fa": "گلشهر"}, "address": None},
        new={"name": {"fa": "مهرشهر"}, "address": "خیابان ۷"},
        idem_key=f"k{number}",
        now=NOW + timedelta(minutes=minutes),
    )


async def sealed(storage: Storage, *, batches: int = 3) -> None:
    """A chain of some seals, three events each, and one event that waits."""
    for batch in range(batches):
        for number in range(3):
            await storage.write(note, batch * 3 + number)
        assert await storage.write(seal, now=LATER, limit=3) == 3
    await storage.write(note, 99)


async def broken(storage: Storage) -> list[int]:
    return await storage.read(lambda session: list(broken_seals(session)))


async def test_a_chain_that_nobody_touched_is_whole(storage: Storage) -> None:
    await sealed(storage)
    assert await broken(storage) == []
    last = await storage.read(last_seal)
    assert last is not None
    assert str(last) == f"3:{last.hash}"
    assert await storage.read(is_as_copied, seal_id=3, hash=last.hash, now=LATER) is True


BREAKS = {
    "a value was changed": "UPDATE events SET subject = 'office:8' WHERE id = 5",
    "somebody else did it": "UPDATE events SET actor_id = 5 WHERE id = 5",
    "it was at another time": "UPDATE events SET at = '2026-11-20 06:00:00+00' WHERE id = 5",
    "a line is gone": "DELETE FROM events WHERE id = 5",
    "the last line of a batch is gone": "DELETE FROM events WHERE id = 6",
    "the first seal and its events are gone": "DELETE FROM event_seals WHERE id = 1",
    "a batch is said to be old": "UPDATE event_seals SET is_emptied = true WHERE id = 2",
    "the first batch is said to be old and is there": "UPDATE event_seals SET is_emptied = true WHERE id = 1",
}


@pytest.mark.parametrize("what", BREAKS)
async def test_what_a_hand_in_the_database_does_is_seen(storage: Storage, what: str) -> None:
    await sealed(storage)
    await storage.write(lambda session: session.execute(text(BREAKS[what])))
    found = await storage.read(verify)
    assert [each for each in found if each.rule == SEALED]


OTHER_VALUES = {
    "at": "'2026-11-20 06:00:00+00'",
    "kind": "'office.close'",
    "actor_kind": "'system'",
    "actor_id": "NULL",
    "subject": "'office:8'",
    "others": """'["office:8"]'""",
    "office_id": "8",
    "province_code": "'IR-07'",
    "data": """'{"new": {"address": "office"}}'""",
}
"""By column of an event: what somebody might write there by hand."""


async def test_every_column_is_sealed_but_the_key(storage: Storage) -> None:
    assert {*OTHER_VALUES, "id", "idem_key"} == {column.name for column in Event.__table__.columns}
    await sealed(storage)
    whole = await storage.read(lambda session: session.execute(select(Event.__table__).where(Event.id == 5)).one())
    for column, value in OTHER_VALUES.items():
        await storage.write(
            lambda session, said: session.execute(text(said)), f"UPDATE events SET {column} = {value} WHERE id = 5"
        )
        assert await broken(storage) == [2], column
        await storage.write(
            lambda session, name: session.execute(
                update(Event).where(Event.id == 5).values({name: getattr(whole, name)})
            ),
            column,
        )
        assert await broken(storage) == []


@pytest.mark.parametrize("id", [4, 5, 6])
async def test_every_line_of_a_batch_is_sealed(storage: Storage, id: int) -> None:
    await sealed(storage)
    await storage.write(lambda session: session.execute(update(Event).where(Event.id == id).values(kind="office.x")))
    assert await broken(storage) == [2]


async def test_a_line_put_in_between_is_seen(storage: Storage) -> None:
    await sealed(storage)
    await storage.write(lambda session: session.execute(delete(Event).where(Event.id == 5)))
    await storage.write(
        lambda session: session.execute(update(Event).where(Event.id == 10).values(id=5))  # a line that was not sealed
    )
    assert await broken(storage) == [2]


async def test_a_chain_made_anew_is_seen_by_the_copied_seal(storage: Storage) -> None:
    await sealed(storage)
    copied = await storage.read(last_seal)
    assert copied is not None

    def forge(session: WriteSession) -> None:
        session.execute(update(Event).where(Event.id == 5).values(subject="office:8"))
        session.execute(delete(EventSeal))

    await storage.write(forge)
    for _ in range(3):
        await storage.write(seal, now=LATER, limit=3)
    assert await broken(storage) == []
    assert await storage.read(is_as_copied, seal_id=copied.id, hash=copied.hash, now=LATER) is False


CUTS = {
    "the last batch with its seal": ("events WHERE id > 6", "event_seals WHERE id > 2", ""),
    "everything": ("events", "event_seals", ""),
    "everything as if it were old": ("events WHERE id < 10", "event_seals WHERE id < 3", "is_emptied = true"),
}


@pytest.mark.parametrize("what", CUTS)
async def test_what_was_cut_off_whole_is_seen_by_the_copied_seal(storage: Storage, what: str) -> None:
    """What is left fits together, but it is not what the copy covers."""
    await sealed(storage)
    copied = await storage.read(last_seal)
    assert copied is not None
    *gone, said = CUTS[what]

    def cut(session: WriteSession) -> None:
        for rows in gone:
            session.execute(text(f"DELETE FROM {rows}"))
        if said:
            session.execute(text(f"UPDATE event_seals SET {said}"))

    await storage.write(cut)
    assert await broken(storage) == []
    assert await storage.read(is_as_copied, seal_id=copied.id, hash=copied.hash, now=LATER) is False


async def test_taking_a_key_out_breaks_no_seal(storage: Storage) -> None:
    await sealed(storage)
    await storage.write(events.blank_keys, subjects=["office:4"])
    keys = await storage.read(lambda session: list(session.scalars(select(Event.idem_key).where(Event.id == 5))))
    assert keys == [None]
    assert await broken(storage) == []


async def test_what_is_fresh_waits(storage: Storage) -> None:
    await storage.write(note, 1)
    await storage.write(note, 2, minutes=3)
    await storage.write(note, 3)  # written behind a fresh one, so it waits with it
    assert await storage.write(seal, now=NOW + SETTLED + timedelta(minutes=1), limit=9) == 1
    assert await storage.write(seal, now=NOW + SETTLED + timedelta(minutes=3), limit=9) == 2


async def test_old_history_goes_by_whole_batches_and_the_chain_begins_behind_it(storage: Storage) -> None:
    await sealed(storage)
    first = await storage.read(lambda session: session.get_one(EventSeal, 1))
    assert await storage.write(forget_old, before=NOW, limit=1) == 0
    assert await storage.write(forget_old, before=NOW + timedelta(days=1), limit=1) == 1

    def left(session: ReadSession) -> tuple[list[int], list[int]]:
        return (
            list(session.scalars(select(Event.id).order_by(Event.id))),
            list(session.scalars(select(EventSeal.id).order_by(EventSeal.id))),
        )

    assert await storage.read(left) == ([4, 5, 6, 7, 8, 9, 10], [1, 2, 3])
    assert await broken(storage) == []
    assert await storage.write(forget_old, before=NOW + timedelta(days=1), limit=1) == 1
    assert await storage.read(left) == ([7, 8, 9, 10], [2, 3])
    assert await broken(storage) == []
    over = NOW + USUAL_PERIODS.history + timedelta(days=1)
    assert await storage.read(is_as_copied, seal_id=1, hash=first.hash, now=over) is None
    assert await storage.read(is_as_copied, seal_id=1, hash=first.hash, now=LATER) is False
    assert await storage.read(verify) == []


async def test_two_workers_seal_each_event_once(storage: Storage) -> None:
    for number in range(8):
        await storage.write(note, number)
    done = await asyncio.gather(*(storage.write(seal, now=LATER, limit=5) for _ in range(4)))
    assert sum(done) == 8
    assert await broken(storage) == []


@pytest.mark.postgres
async def test_an_event_that_was_old_when_it_was_written_waits_for_those_before_it(storage: Storage) -> None:
    """A reading kept back during an outage is old at once, while a booking with a smaller id is still under way."""

    def under_way(connection: Connection) -> None:
        with WriteSession(connection, info={"keys": KEYS}) as session:
            note(session, 1, minutes=60)
            session.flush()

    async with storage.engine.connect() as connection, connection.begin():
        await connection.run_sync(under_way)
        await storage.write(note, 2)
        assert await storage.write(seal, now=LATER, limit=3) == 0
    assert await storage.write(seal, now=LATER + timedelta(hours=1), limit=3) == 2
    assert await broken(storage) == []
