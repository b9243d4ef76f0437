"""Bookings a second through the desk's own action, against raw durable commits on the same database."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import perf_counter

import asyncpg
from sqlalchemy import make_url

from benchmarks.databases import postgres_database, postgres_server, sqlite_database
from benchmarks.figures import Figure, Rounds
from desk.acting import Actor
from desk.appointments.actions import book
from desk.codes import CodeKind, TrackingCode
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from mizban.process import run_loop
from tests.keys import KEYS
from tests.makers import NOW, TODAY, at, make_conversation, make_person, make_queue, make_service, make_slot

CLIENTS = 20
BOOKINGS = 1_000
RAW_COMMITS = 4_000


@dataclass(frozen=True, slots=True)
class Seat:
    """One booking to be made: a person of a chat, and a slot with room."""

    conversation_id: int
    person_id: int
    slot_id: int
    service_id: int


def lay_out(session: WriteSession, count: int) -> list[Seat]:
    """As many people, chats and places as bookings; the slots are spread, so that nothing is full."""
    service = make_service(session)
    queue = make_queue(session, services=[service])
    slots = [
        make_slot(
            session,
            queue=queue,
            starts_at=at(TODAY + timedelta(days=1 + n // 24), hour=8 + n % 24 // 4, minute=n % 4 * 15),
            capacity=50,
        )
        for n in range(100)
    ]
    seats = []
    for number in range(count):
        conversation = make_conversation(session)
        person = make_person(session, conversation=conversation)
        seats.append(Seat(conversation.id, person.id, slots[number % len(slots)].id, service.id))
    return seats


async def book_all(storage: Storage, seats: Sequence[Seat], *, run: str) -> float:
    """Bookings a second with `CLIENTS` at once."""

    async def client(mine: Sequence[Seat]) -> None:
        for seat in mine:
            await storage.write(
                book,
                idem_key=f"{run}.{seat.person_id}",
                actor=Actor.chat(seat.conversation_id),
                slot_id=seat.slot_id,
                service_id=seat.service_id,
                person_id=seat.person_id,
                person_name="—",
                document_kind=None,
                code=TrackingCode.make(CodeKind.APPOINTMENT),
                now=NOW,
            )

    return await _rate(len(seats), [partial(client, seats[n::CLIENTS]) for n in range(CLIENTS)])


async def _rate(count: int, clients: Sequence[Callable[[], Awaitable[None]]]) -> float:
    begun = perf_counter()
    await asyncio.gather(*(client() for client in clients))
    return count / (perf_counter() - begun)


async def raw_sqlite(folder: Path) -> float:
    """Durable one-row commits a second of the bare driver: WAL, synchronous=FULL."""
    connection = sqlite3.connect(folder / "raw.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS raw (id INTEGER PRIMARY KEY, words TEXT)")
    begun = perf_counter()
    for number in range(RAW_COMMITS):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO raw (words) VALUES (?)", (f"row {number}",))
        connection.execute("COMMIT")
    rate = RAW_COMMITS / (perf_counter() - begun)
    connection.close()
    return rate


async def raw_postgres(url: str, *, in_transaction: bool = True) -> float:
    """Durable one-row commits a second of bare asyncpg, `CLIENTS` at once.

    BEGIN, INSERT and COMMIT on a connection of the pool, as for SQLite above; without `in_transaction` the INSERT
    alone, on a connection that each client keeps (docs/decisions/0023).
    """
    parsed = make_url(url)
    pool = await asyncpg.create_pool(
        user=parsed.username,
        database=parsed.database,
        host=str(parsed.query["host"]),
        min_size=CLIENTS,
        max_size=CLIENTS,
    )
    await pool.execute("CREATE TABLE IF NOT EXISTS raw (id bigserial PRIMARY KEY, words text)")
    numbers = itertools.count()

    async def committing() -> None:
        for _ in range(RAW_COMMITS // CLIENTS):
            async with pool.acquire() as connection, connection.transaction():
                await connection.execute("INSERT INTO raw (words) VALUES ($1)", f"row {next(numbers)}")

    async def inserting() -> None:
        async with pool.acquire() as connection:
            for _ in range(RAW_COMMITS // CLIENTS):
                await connection.execute("INSERT INTO raw (words) VALUES ($1)", f"row {next(numbers)}")

    rate = await _rate(RAW_COMMITS, [committing if in_transaction else inserting] * CLIENTS)
    await pool.close()
    return rate


async def rounds_on(url: str, raws: Sequence[Callable[[], Awaitable[float]]], *, rounds: int) -> list[list[float]]:
    """Bookings a second, then each kind of raw commits a second, one after the other, once everything is warm."""
    measured: list[list[float]] = [[] for _ in range(1 + len(raws))]
    async with Storage(url, keys=KEYS, pool_size=CLIENTS) as storage:
        for number in range(rounds + 1):
            seats = await storage.write(lay_out, BOOKINGS)
            values = [await raw() for raw in raws]
            values.insert(0, await book_all(storage, seats, run=f"r{number}"))
            if number:
                for into, value in zip(measured, values, strict=True):
                    into.append(value)
    return measured


def measure(*, rounds: int) -> list[Figure]:
    figures = []
    with sqlite_database() as url:
        folder = Path(make_url(url).database or "").parent
        booked, raw = run_loop(rounds_on(url, [lambda: raw_sqlite(folder)], rounds=rounds))
        figures.append(_figure("bookings/s SQLite", booked, "raw FULL commits/s", raw, must=0.04))
    with postgres_server() as server, postgres_database(server) as url:
        raws = [lambda: raw_postgres(url), lambda: raw_postgres(url, in_transaction=False)]
        booked, raw, inserts = run_loop(rounds_on(url, raws, rounds=rounds))
        figures.append(_figure("bookings/s PostgreSQL", booked, "raw asyncpg commits/s", raw, must=0.08))
        figures.append(_figure("bookings/s PostgreSQL", booked, "bare INSERTs/s", inserts, must=None))
    return figures


def _figure(name: str, booked: Sequence[float], baseline: str, raw: Sequence[float], *, must: float | None) -> Figure:
    return Figure(
        name=name,
        value=Rounds.of(booked),
        unit="1/s",
        baseline_name=baseline,
        baseline=Rounds.of(raw),
        must=must,
        direction="at least",
        note=""
        if must is None
        else f"{CLIENTS} clients, {BOOKINGS} bookings a round over 100 slots; each with history, ticket and reminders",
    )
