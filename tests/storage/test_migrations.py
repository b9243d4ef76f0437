"""Migrations lead from nothing to the models, on both databases, one numbered step after another."""

from __future__ import annotations

import json
import re
from asyncio import to_thread
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, create_engine, inspect
from sqlalchemy.orm import Session

from desk.cases.inbox import CaseFilter, inbox
from desk.clock import now
from desk.conversations.actions import note_update
from desk.organisation import EVERYWHERE
from desk.schema import metadata
from desk.storage import migrate
from desk.storage.engine import Storage
from tests.keys import KEYS
from tests.makers_cases import case_code

REVISIONS = [script.revision for script in ScriptDirectory(str(migrate.SCRIPTS)).walk_revisions()][::-1]


def shape(connection: Connection) -> dict[str, dict[str, Any]]:
    """What a database enforces, by table: columns with their nullability, and every named rule."""
    inspector = inspect(connection)
    return {
        table: {
            "columns": {column["name"]: column["nullable"] for column in inspector.get_columns(table)},
            "checks": {check["name"]: _plain(check["sqltext"]) for check in inspector.get_check_constraints(table)},
            "unique": {unique["name"]: unique["column_names"] for unique in inspector.get_unique_constraints(table)},
            "foreign": {key["name"]: key["referred_table"] for key in inspector.get_foreign_keys(table)},
            "indexes": {
                index["name"]: (index["column_names"], bool(index["unique"])) for index in inspector.get_indexes(table)
            },
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def _plain(rule: str) -> str:
    return re.sub(r"\W+", " ", rule).strip().lower()


async def looked_at(url: str, look: Callable[[Connection], Any]) -> Any:
    async with Storage(url, keys=KEYS) as storage, storage.engine.connect() as connection:
        return await connection.run_sync(look)


def rebuilt(connection: Connection) -> dict[str, dict[str, Any]]:
    """The shape of a database made from the models alone."""
    stored = MetaData()
    stored.reflect(connection)
    stored.drop_all(connection)
    metadata().create_all(connection)
    return shape(connection)


async def test_the_migrated_schema_is_the_models(database_url: str) -> None:
    differences = await looked_at(
        database_url,
        lambda connection: compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), metadata()
        ),
    )
    assert differences == [], "write a migration, or let it do what the models say"


async def test_every_rule_of_the_models_is_in_the_migrated_schema(database_url: str) -> None:
    migrated = await looked_at(database_url, shape)
    assert migrated == await looked_at(database_url, rebuilt)


def test_the_comparison_sees_a_missing_rule(session: Any) -> None:
    connection = session.connection()
    before = shape(connection)
    connection.exec_driver_sql("CREATE TABLE another (id INTEGER PRIMARY KEY, n INTEGER CONSTRAINT ck_n CHECK (n > 0))")
    assert shape(connection) != before


def test_each_step_can_be_taken_back_and_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'stairway.sqlite3'}"
    for revision in REVISIONS:
        migrate.upgrade(url, keys=KEYS, revision=revision)
        migrate.downgrade(url, keys=KEYS, revision="-1")
        migrate.upgrade(url, keys=KEYS, revision=revision)
    assert migrate.current(url) == migrate.head()


def test_offices_of_before_are_found_by_the_present_folding(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'before.sqlite3'}"
    migrate.upgrade(url, keys=KEYS, revision="0006")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO provinces (code, name) VALUES ('IR-23', '{}')")
        connection.exec_driver_sql(
            "INSERT INTO offices (code, kind, province_code, city, name, zone, is_active, search_words) VALUES"
            " ('72-1', 'pishkhan', 'IR-23', ?, ?, 'Asia/Tehran', 1, '72-1 آبیک گلآغا')",
            (json.dumps({"fa": "آبیک"}), json.dumps({"fa": "گل\u200cآغا"})),
        )
    migrate.upgrade(url, keys=KEYS)
    with engine.connect() as connection:
        assert (
            connection.exec_driver_sql("SELECT search_words FROM offices").scalar_one() == "72-1 721 ابیک گل اغا گلاغا"
        )
    engine.dispose()


def test_staff_of_before_are_found_by_name(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'before.sqlite3'}"
    migrate.upgrade(url, keys=KEYS, revision="0013")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO staff_members (username, name, password_hash, is_active, must_change_password,"
            " failed_sign_ins, created_at) VALUES ('gol.agha', ?, 'none', 1, 0, 0, '2026-01-01')",
            ("گل\u200cآغا",),
        )
    migrate.upgrade(url, keys=KEYS)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT search_words FROM staff_members").scalar_one() == "گلاغا golagha"
    engine.dispose()


def test_cases_of_before_are_found_by_their_words(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'before.sqlite3'}"
    migrate.upgrade(url, keys=KEYS, revision="0014")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO cases (id, code, idem_key, kind, category, severity, contact, name, locale, state, created_at,"
            " changed_at, opened_at, state_at, facts) VALUES (7, ?, 'k', 'complaint', 'OTHER', 1, 'name', ?,"
            " 'fa', 'received', '2026-01-01', '2026-01-01', '2026-01-01', '2026-01-01', '{}')",
            (case_code().digits, "نادر"),
        )
        connection.exec_driver_sql(
            "INSERT INTO case_entries (case_id, at, kind, text, detail) VALUES (7, '2026-01-01', 'said', ?, '{}')",
            ("کارت آمایش",),
        )
    migrate.upgrade(url, keys=KEYS, revision="0015")
    with engine.connect() as connection:
        words = connection.exec_driver_sql("SELECT word FROM case_words WHERE case_id = 7 ORDER BY word").scalars()
        assert set(words) == {"کارت", "امایش", "کارتامایش"}
        assert connection.exec_driver_sql("SELECT name_words FROM cases").scalar_one() == "نادر"
    engine.dispose()
    migrate.upgrade(url, keys=KEYS)
    with Session(create_engine(url), info={"keys": KEYS}) as session:
        for typed, found in (("نادر", 1), ("آمایش", 1), ("امایش کارت", 1), ("برقکار", 0)):
            wanted = CaseFilter(words=typed)
            assert inbox(session, scope=EVERYWHERE, wanted=wanted, now=now()).total == found, typed
        session.connection().engine.dispose()


async def test_updates_of_before_stay_heard_under_keys_that_are_text(database_url: str) -> None:
    await to_thread(migrate.downgrade, database_url, keys=KEYS, revision="0019")
    async with Storage(database_url, keys=KEYS) as storage, storage.engine.begin() as connection:
        await connection.exec_driver_sql(
            "INSERT INTO heard_updates (channel, bot, update_id, heard_at, outcome)"
            " VALUES ('telegram', '1', 9007199254740993, '2026-01-01', 'handled')"
        )
    await to_thread(migrate.upgrade, database_url, keys=KEYS)
    async with Storage(database_url, keys=KEYS) as storage:
        again: dict[str, Any] = {"channel": "telegram", "bot": "1", "now": now()}
        assert not await storage.write(note_update, **again, update_id="9007199254740993")
        assert await storage.write(note_update, **again, update_id="wamid.HBgM")
    await to_thread(migrate.downgrade, database_url, keys=KEYS, revision="0019")
    async with Storage(database_url, keys=KEYS) as storage, storage.engine.begin() as connection:
        kept = await connection.exec_driver_sql("SELECT update_id FROM heard_updates")
        assert list(kept.scalars()) == [9007199254740993]
    await to_thread(migrate.upgrade, database_url, keys=KEYS)


def test_steps_are_numbered_and_lead_to_one_head() -> None:
    assert [f"{number:04}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS
    files = sorted(path.name for path in (migrate.SCRIPTS / "versions").glob("[0-9]*.py"))
    assert [name[:4] for name in files] == REVISIONS
    assert migrate.head() == ScriptDirectory(str(migrate.SCRIPTS)).get_current_head()


@pytest.mark.parametrize("times", [1, 2])
def test_migrating_again_changes_nothing(sqlite_path: Path, times: int) -> None:
    url = f"sqlite:///{sqlite_path}"
    for _ in range(times):
        migrate.upgrade(url, keys=KEYS)
    assert migrate.current(url) == migrate.head()
