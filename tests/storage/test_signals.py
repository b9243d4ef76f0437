"""What a commit changed reaches those that listens, in this process and in others; what was rolled back reaches
nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from structlog.testing import capture_logs

from desk.acting import SYSTEM
from desk.appointments.history import EventKind, write_event
from desk.appointments.models import Appointment
from desk.capacity.models import Queue, Slot
from desk.signals import ListChanged, changes_since, signals_of
from desk.storage import relay as relaying
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.storage.relay import Relay
from desk.storage.signals import EVERYTHING, ChangedRow
from tests import makers
from tests.keys import KEYS
from tests.makers import NOW, TODAY
from tests.makers_history import event_of

LONG = 60.0
"""Seconds that only end a test which fails."""


def change_of(appointment: Appointment) -> ChangedRow:
    """What is told of it: the list on which it stands."""
    return ChangedRow("turns", appointment.id, appointment.office_id, appointment.day)


class Heard:
    """What one process heard."""

    def __init__(self, storage: Storage) -> None:
        self.changes: set[ChangedRow] = set()
        storage.signals.subscribe(self.changes.update)

    async def wait_for(self, change: ChangedRow) -> None:
        async with asyncio.timeout(LONG):
            while change not in self.changes:
                await asyncio.sleep(0.02)


def change(session: WriteSession, *, id: int) -> None:
    session.changed("turns", id, office_id=3, day=TODAY)


def change_and_fail(session: WriteSession) -> None:
    session.changed("turns", 9)
    raise ZeroDivisionError


async def test_a_commit_is_told_and_a_rollback_is_not(storage: Storage) -> None:
    heard = Heard(storage)
    await storage.write(change, id=1)
    with pytest.raises(ZeroDivisionError):
        await storage.write(change_and_fail)
    assert heard.changes == {ChangedRow("turns", 1, 3, TODAY)}


@asynccontextmanager
async def process(url: str, *, direct: str = "") -> AsyncIterator[tuple[Storage, Relay]]:
    """A process with a relay that runs; `direct` is the way round a pooler."""
    async with Storage(url, keys=KEYS, pool_size=2) as storage:
        relay = Relay(storage, url=direct, look=changes_since)
        task = asyncio.get_running_loop().create_task(relay.run())
        try:
            yield storage, relay
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def until(look: Callable[[], bool]) -> None:
    async with asyncio.timeout(LONG):
        while not look():
            await asyncio.sleep(0.02)


@pytest.mark.postgres
async def test_another_process_hears_what_this_one_committed(database_url: str) -> None:
    async with process(database_url) as (here, one), process(database_url) as (there, other):
        heard = Heard(there)
        await until(lambda: one.hears and other.hears)
        await here.write(change, id=7)
        await heard.wait_for(ChangedRow("turns", 7, 3, TODAY))


@pytest.mark.postgres
async def test_what_is_committed_while_others_are_told_is_told_next(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with process(database_url) as (here, one), process(database_url) as (there, other):
        await until(lambda: one.hears and other.hears)
        heard = Heard(there)
        telling = AsyncConnection.execute

        async def execute(connection: AsyncConnection, statement: Any, *given: Any, **more: Any) -> Any:
            told = await telling(connection, statement, *given, **more)
            if given and '"turns",7' in given[0].get("told", ""):
                here.signals.tell(
                    [ChangedRow("turns", 8, 3, TODAY)]
                )  # committed before the telling of the first has come back
            return told

        monkeypatch.setattr(AsyncConnection, "execute", execute)
        await here.write(change, id=7)
        await heard.wait_for(ChangedRow("turns", 7, 3, TODAY))
        await heard.wait_for(ChangedRow("turns", 8, 3, TODAY))


@pytest.mark.postgres
async def test_a_crowd_of_changes_is_told_as_everything(database_url: str) -> None:
    async with process(database_url) as (here, one), process(database_url) as (there, other):
        await until(lambda: one.hears and other.hears)
        heard = Heard(there)
        here.signals.tell([ChangedRow("turns", id, 3, TODAY) for id in range(relaying.LONGEST // 20)])
        await heard.wait_for(EVERYTHING)


@pytest.mark.postgres
async def test_a_lost_connection_is_opened_again_and_what_was_missed_is_said(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relaying, "AGAIN_AFTER", (0.05, 0.1))
    monkeypatch.setattr(relaying, "ALIVE_EVERY", 0.1)
    async with process(database_url) as (here, one), process(database_url) as (there, other):
        await until(lambda: one.hears and other.hears)
        heard = Heard(there)
        await here.write(end_other_connections)
        await heard.wait_for(EVERYTHING)
        await until(lambda: one.hears and other.hears)
        await here.write(change, id=8)
        await heard.wait_for(ChangedRow("turns", 8, 3, TODAY))


@pytest.mark.postgres
async def test_a_connection_that_stood_is_opened_again_soon_however_often_it_was_lost(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relaying, "AGAIN_AFTER", (0.05, 30.0))
    monkeypatch.setattr(relaying, "ALIVE_EVERY", 0.05)
    with capture_logs() as logged:
        async with process(database_url) as (_, relay), Storage(database_url, keys=KEYS, pool_size=1) as other:
            for _time in range(3):
                await until(lambda: relay.hears)
                breaks = len(waits(logged))
                await other.write(end_other_connections)
                await until(lambda: len(waits(logged)) > breaks)  # noqa: B023  # called before the next round
    assert waits(logged).count(0.05) >= 3


def waits(logged: list[Any]) -> list[float]:
    """How long it was to wait after each break."""
    return [line["wait"] for line in logged if line["event"] == "signals_lost"]


@pytest.mark.postgres
async def test_behind_a_pooler_one_listens_at_the_direct_address(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    direct = make_url(database_url).update_query_dict({"prepared_statement_cache_size": "0"})
    opened: list[URL] = []

    def noted(url: URL, **settings: Any) -> AsyncEngine:
        opened.append(url)
        return create_async_engine(url, **settings)

    monkeypatch.setattr(relaying, "create_async_engine", noted)
    address = direct.render_as_string(hide_password=False)
    async with process(database_url) as (here, one), process(database_url, direct=address) as (there, other):
        await until(lambda: one.hears and other.hears)
        heard = Heard(there)
        await here.write(change, id=6)
        await heard.wait_for(ChangedRow("turns", 6, 3, TODAY))
    assert {url.query.get("prepared_statement_cache_size") for url in opened} == {None, "0"}


def end_other_connections(session: WriteSession) -> None:
    """Of this database only: on the same server other tests listen."""
    session.connection().exec_driver_sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


@pytest.mark.postgres
async def test_where_nothing_can_be_heard_the_histories_are_looked_at(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A pooler that shares connections takes LISTEN and brings nothing: the probe finds out.
    monkeypatch.setattr(Relay, "_heard", lambda *told: None)
    monkeypatch.setattr(relaying, "PROBE_PATIENCE", 0.1)
    monkeypatch.setattr(relaying, "LOOK_EVERY", 0.05)
    async with process(database_url) as (there, other):
        heard = Heard(there)
        await heard.wait_for(EVERYTHING)
        assert not other.hears
        await asyncio.sleep(0.2)
        async with Storage(database_url, keys=KEYS, pool_size=1) as here:
            appointment = await here.write(lambda session: change_of(makers.make_appointment(session)))
        await heard.wait_for(appointment)


@pytest.mark.postgres
async def test_a_probe_that_comes_late_proves_it_too(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine that was busy at the start one looked for ever, and told the others nothing."""
    monkeypatch.setattr(relaying, "PROBE_PATIENCE", 0.0)
    monkeypatch.setattr(relaying, "LOOK_EVERY", 0.5)
    async with process(database_url) as (here, one), process(database_url) as (there, other):
        heard = Heard(there)
        await heard.wait_for(EVERYTHING)  # it listens, and has taken its probe for lost
        await here.write(change, id=7)
        await heard.wait_for(ChangedRow("turns", 7, 3, TODAY))
        await until(lambda: one.hears and other.hears)


async def test_what_is_committed_behind_the_mark_is_found_too(storage: Storage) -> None:
    """Of two transactions the one with the smaller id may be committed last."""

    def appointments(session: WriteSession) -> list[ChangedRow]:
        return [change_of(makers.make_appointment(session)) for _ in range(4)]

    def write(session: WriteSession, *, of: ChangedRow, id: int) -> None:
        appointment = session.get_one(Appointment, of.id)
        session.add(event_of(appointment, kind=EventKind.ARRIVED, state=appointment.state, at=NOW, id=id))

    first, second, late, later = await storage.write(appointments)
    _, marks = await storage.read(changes_since, {})
    await storage.write(write, of=second, id=1001)
    told, marks = await storage.read(changes_since, marks)
    assert second in told
    assert (await storage.read(changes_since, marks))[0] == frozenset()
    await storage.write(write, of=late, id=1000)
    told, marks = await storage.read(changes_since, marks)
    assert late in told
    assert (await storage.read(changes_since, marks))[0] == frozenset()
    await storage.write(write, of=first, id=999)
    await storage.write(write, of=later, id=1002)
    told, marks = await storage.read(changes_since, marks)
    assert {first, later} <= told
    assert (await storage.read(changes_since, marks))[0] == frozenset()


async def test_a_moved_appointment_changes_both_lists(storage: Storage) -> None:
    def book_and_move(session: WriteSession) -> set[ChangedRow]:
        appointment_id = makers.make_appointment(session)
        queue = session.get_one(Queue, session.get_one(Slot, appointment_id.slot_id).queue_id)
        later = makers.make_slot(session, queue=queue, starts_at=makers.at(hour=9) + timedelta(days=3))
        write_event(
            session,
            appointment_id=appointment_id.id,
            office_id=appointment_id.office_id,
            day=later.day,
            left=(appointment_id.office_id, appointment_id.day),
            kind=EventKind.MOVED,
            state=appointment_id.state,
            slot_id=later.id,
            was=(appointment_id.state, appointment_id.slot_id),
            actor=SYSTEM,
            now=makers.NOW,
        )
        before = change_of(appointment_id)
        return {before, before._replace(day=later.day)}

    heard = Heard(storage)
    _, marks = await storage.read(changes_since, {})
    both = await storage.write(book_and_move)
    assert heard.changes == both
    assert (await storage.read(changes_since, marks))[0] == both
    signals = await storage.read(signals_of, heard.changes)
    assert signals is not None
    lists = [signal for signal in signals if isinstance(signal, ListChanged)]
    assert {(signal.office_id, signal.day) for signal in lists} == {(each.office_id, each.day) for each in both}
    assert len(lists) == len(signals) == 2
    assert await storage.read(signals_of, [EVERYTHING]) is None


async def test_a_listener_that_fails_undoes_nothing_and_the_others_hear(storage: Storage) -> None:
    """Before, the writer got its error: a person was told that a booking failed which stood in the database."""

    def fails(*told: object) -> None:
        raise ZeroDivisionError

    woken: list[bool] = []
    relayed: set[ChangedRow] = set()
    storage.signals.subscribe(fails)
    storage.signals.relay_by(fails)
    storage.signals.relay_by(relayed.update)
    storage.subscribe("bell", fails)
    storage.subscribe("bell", lambda: woken.append(True))
    heard = Heard(storage)

    def change_and_ring(session: WriteSession) -> str:
        change(session, id=7)
        session.announce("bell")
        return "written"

    assert await storage.write(change_and_ring) == "written"
    told = {ChangedRow("turns", 7, 3, TODAY)}
    assert (heard.changes, relayed, woken) == (told, told, [True])
