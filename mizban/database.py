"""The database of a command: checks that it exists at the right version, and opens it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import make_url, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from desk.conversations.models import Conversation
from desk.staff.models import StaffTotp
from desk.storage.base import ReadSession
from desk.storage.engine import Storage
from desk.storage.migrate import current, head, upgrade
from mizban.keys import load_keys
from mizban.settings import Settings
from mizban.troubles import Trouble

T = TypeVar("T")
THERE_ALREADY = {"42P07", "42701"}
"""What PostgreSQL says of a table or a column that is to be made and is there."""


def sqlite_file(settings: Settings) -> Path:
    """The file of an SQLite database."""
    return Path(make_url(settings.database).database or "")


def bring_up_to_date(settings: Settings, *, told: Callable[[str], None] = lambda line: None) -> None:
    """Create the database where there is none (SQLite) and run missing migrations; `told` hears how far they are."""
    if settings.is_sqlite:
        sqlite_file(settings).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if _stands_at(sqlite_file(settings)) == head():
            return
    try:
        upgrade(settings.database, keys=load_keys(settings), told=told)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in THERE_ALREADY:
            raise
        raise Trouble(
            f"The database stands at revision {current(settings.database)} and has tables of a later one: a dump of "
            "before was restored over them. Restore it into an empty database: see docs/operators.md, "
            "«Back-up, restore, verify»."
        ) from None


def require_present(settings: Settings) -> None:
    """Raise `Trouble` when the database is missing or not at the revision that this program needs."""
    if settings.is_sqlite and not sqlite_file(settings).exists():
        raise Trouble(f"There is no database at {sqlite_file(settings)}; make one with: mizban migrate")
    stands, needed = _stands(settings), head()
    if stands is None:
        raise Trouble("The database is empty; make its tables with: mizban migrate")
    if stands != needed:
        raise Trouble(f"The database stands at revision {stands} and this program needs {needed}; run: mizban migrate")


def work(settings: Settings, task: Callable[[Storage], Awaitable[T]]) -> T:
    """Run one task on the present database, then close it. Raises as `require_present` does."""
    require_present(settings)

    async def run() -> T:
        async with Storage(settings.database, keys=load_keys(settings), pool_size=2) as storage:
            return await task(storage)

    return asyncio.run(run())


def require_readable(session: ReadSession) -> None:
    """Refuse a database that was written with a secret key that is not here: every chat would seem to be new.

    Raises `Trouble`.
    """
    keys = session.keys
    for written in _ENCRYPTED:
        stored = session.execute(written).scalar()
        if stored is not None and (name := keys.name_in(stored)) not in keys.names:
            raise Trouble(
                f"This database was written with the secret key {name}, and here is {keys.name}. Put that one back "
                "(mizban keys import FILE --identity FILE), or name it in MIZBAN_OLD_SECRET_KEYS."
            )


_ENCRYPTED = (
    select(Conversation.chat_sealed).limit(1),
    select(Conversation.chat_sealed).order_by(Conversation.heard_at.desc()).limit(1),
    select(StaffTotp.secret).where(StaffTotp.secret.is_not(None)).limit(1),
)
"""One value each: an old one, the newest, and of an installation that no chat has written to yet."""


def touch(session: Session) -> None:
    """Write without a change: fails on a full disk or a read-only database."""
    session.execute(text("UPDATE alembic_version SET version_num = version_num"))


def revision_of(session: Session) -> str | None:
    """The revision of an open database: the statement of the health check."""
    found: str | None = session.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return found


def _stands(settings: Settings) -> str | None:
    return _stands_at(sqlite_file(settings)) if settings.is_sqlite else current(settings.database)


def _stands_at(file: Path) -> str | None:
    """The revision of an SQLite file, read without Alembic and without waiting for a writer."""
    if not file.exists():
        return None
    connection = sqlite3.connect(file)
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError:
        return None
    finally:
        connection.close()
    return None if row is None else str(row[0])
