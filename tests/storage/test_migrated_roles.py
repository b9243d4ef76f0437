"""Roles and offices of before the tree of the organisation: each lies where it did, and is found there."""

from __future__ import annotations

import asyncio

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine

from desk.storage import migrate
from tests.keys import KEYS

BEFORE, AFTER = "0023", "0024"
ROLES = [("clerk", "office", "office:5", None, 5), ("province_officer", "province", "province:IR-30", "IR-30", None)]
ROLES += [("administrator", "nation", "nation", None, None)]


def fill(connection: Connection) -> None:
    """Two offices, and somebody with a role of each kind."""
    for code in ("IR-30", "IR-23"):
        connection.execute(text("INSERT INTO provinces (code, name) VALUES (:code, '{}')"), {"code": code})
    for id, code, lies_in in ((5, "72-1", "IR-30"), (6, "72-2", "IR-23")):
        connection.execute(
            text(
                "INSERT INTO offices (id, code, kind, province_code, city, name, zone, is_active, search_words)"
                " VALUES (:id, :code, 'pishkhan', :province, '{}', '{}', 'Asia/Tehran', true, '')"
            ),
            {"id": id, "code": code, "province": lies_in},
        )
    connection.execute(
        text(
            "INSERT INTO staff_members (id, username, name, password_hash, is_active, must_change_password,"
            " failed_sign_ins, created_at, search_words, sorts_as)"
            " VALUES (1, 'maryam', 'x', 'none', true, false, 0, '2026-01-01', '', '')"
        )
    )
    for role, scope, key, province, office in ROLES:
        connection.execute(
            text(
                "INSERT INTO role_assignments (staff_id, role, scope, scope_key, province_code, office_id)"
                " VALUES (1, :role, :scope, :key, :province, :office)"
            ),
            {"role": role, "scope": scope, "key": key, "province": province, "office": office},
        )


def after(connection: Connection) -> None:
    """What is there once the tree is."""
    offices = connection.execute(text("SELECT id, area FROM offices ORDER BY id")).all()
    assert [tuple(row) for row in offices] == [(5, "/IR-30/"), (6, "/IR-23/")]
    paths = connection.execute(text("SELECT path FROM areas ORDER BY path")).scalars().all()
    assert sorted(paths) == ["/", "/IR-23/", "/IR-30/"]
    held = connection.execute(text("SELECT role, area, office_id, valid_from, valid_to FROM role_assignments")).all()
    assert {tuple(row) for row in held} == {
        ("clerk", None, 5, None, None),
        ("province_officer", "/IR-30/", None, None, None),
        ("administrator", "/", None, None, None),
    }


def before_again(connection: Connection) -> None:
    """A step back keeps what the older table can say, and never widens what it cannot."""
    held = connection.execute(
        text("SELECT role, scope, scope_key, province_code, office_id FROM role_assignments")
    ).all()
    assert {tuple(row) for row in held} == set(ROLES)


def narrow(connection: Connection) -> None:
    """A role of a county and one with a last day, which the older table has no words for."""
    connection.execute(text("INSERT INTO areas (path, name) VALUES ('/IR-30/01/', '{}')"))
    connection.execute(
        text("INSERT INTO role_assignments (staff_id, role, area) VALUES (1, 'office_manager', '/IR-30/01/')")
    )
    connection.execute(
        text("INSERT INTO role_assignments (staff_id, role, area, valid_to) VALUES (1, 'clerk', '/', '2026-12-01')")
    )


def run(url: str, *works: object) -> None:
    """Work on the database, on either kind."""
    if url.startswith("sqlite"):
        engine: Engine = create_engine(url.replace("+aiosqlite", ""))
        with engine.begin() as connection:
            for work in works:
                work(connection)  # type: ignore[operator]  # each takes a connection
        engine.dispose()
        return

    async def on_postgres() -> None:
        there = create_async_engine(url)
        async with there.begin() as connection:
            for work in works:
                await connection.run_sync(work)  # type: ignore[arg-type]  # as above
        await there.dispose()

    asyncio.run(on_postgres())


def test_roles_and_offices_keep_their_place(database_url: str) -> None:
    migrate.downgrade(database_url, keys=KEYS, revision=BEFORE)
    run(database_url, fill)
    migrate.upgrade(database_url, keys=KEYS, revision=AFTER)
    run(database_url, after, narrow)
    migrate.downgrade(database_url, keys=KEYS, revision=BEFORE)
    run(database_url, before_again)
    migrate.upgrade(database_url, keys=KEYS)
    run(database_url, after)
