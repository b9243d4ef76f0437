"""Backs up an SQLite installation while it runs, and restores a back-up."""

from __future__ import annotations

import io
import os
import sqlite3
import tarfile
import tempfile
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url

from mizban.database import require_present, sqlite_file
from mizban.settings import Settings
from mizban.troubles import Trouble

DATABASE = "mizban.sqlite3"
KEY = "keys/secret.key"
ABOUT = "ABOUT.txt"
TOLD = """A back-up of Mizban, made by `mizban backup` and put back by `mizban restore FILE`.

mizban.sqlite3   the database as it stood at one moment
keys/secret.key  the installation's secret key, only where it is kept in the home folder. Without the same key
                 papers that are known are not recognised. Keep this file where only you can read it.

Not in it: tokens of the messengers and any other setting of the environment.
"""


def back_up(settings: Settings, file: Path | None, *, now: datetime) -> Path:
    """Copy the database of one moment, and the key, into one archive (mode 0600), while Mizban may run.

    Raises `Trouble`: for PostgreSQL, with the command to use instead; when the file exists.
    """
    if not settings.is_sqlite:
        raise Trouble(_how_to_dump(settings))
    require_present(settings)
    file = file or settings.home / "backups" / f"mizban-{now:%Y%m%d-%H%M%S}.tar.gz"
    if file.exists():
        raise Trouble(f"{file} is there already; give another name.")
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix="mizban-backup-") as folder:
        copy = Path(folder) / DATABASE
        _copy_database(sqlite_file(settings), copy)
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as raw, tarfile.open(fileobj=raw, mode="w:gz") as archive:
            archive.add(copy, arcname=DATABASE)
            key = settings.home / KEY
            if key.exists() and not settings.secret_key.get_secret_value():
                archive.add(key, arcname=KEY)
            about = tarfile.TarInfo(ABOUT)
            about.size, about.mtime = len(TOLD.encode()), int(now.timestamp())
            archive.addfile(about, io.BytesIO(TOLD.encode()))
        draft.rename(file)
    return file


def bring_back(settings: Settings, file: Path, *, force: bool) -> list[Path]:
    """Restore the database and the key of a back-up; existing files are moved aside, and their new paths returned.

    Raises `Trouble`: it is no back-up or damaged, files exist and not `force`, or Mizban is running.
    """
    if not settings.is_sqlite:
        raise Trouble("PostgreSQL is restored with its own tool: pg_restore --clean --if-exists --dbname=DATABASE FILE")
    if not file.exists():
        raise Trouble(f"There is no file {file}.")
    target = sqlite_file(settings)
    if target.exists() and not force:
        raise Trouble(f"There is a database at {target}; to put the back-up in its place, add --force.")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix="mizban-restore-", dir=target.parent) as folder:
        found = _unpacked(file, Path(folder))
        _require_sound(found[DATABASE])
        if target.exists():
            _require_unused(target)
        kept = [aside for aside in (_set_aside(target), *_set_aside_logs(target)) if aside is not None]
        found[DATABASE].rename(target)
        target.chmod(0o600)
        if KEY in found:
            kept += _bring_key(settings, found[KEY])
    return kept


def _copy_database(source: Path, copy: Path) -> None:
    """SQLite's online back-up: one consistent state while others read and write."""
    there, here = sqlite3.connect(f"file:{source}?mode=ro", uri=True), sqlite3.connect(copy)
    try:
        there.backup(here)
        here.execute("PRAGMA journal_mode=DELETE")
    finally:
        there.close()
        here.close()


def _unpacked(file: Path, folder: Path) -> dict[str, Path]:
    """Extract the database and the key of the archive, and nothing else."""
    found: dict[str, Path] = {}
    try:
        with tarfile.open(file, "r:gz") as archive:
            for name in (DATABASE, KEY):
                member = archive.extractfile(name) if name in archive.getnames() else None
                if member is not None:
                    found[name] = folder / Path(name).name
                    found[name].write_bytes(member.read())
    except (tarfile.TarError, EOFError, OSError) as error:
        raise Trouble(f"{file} cannot be read as a back-up: {type(error).__name__}.") from None
    if DATABASE not in found:
        raise Trouble(f"{file} is not a back-up of Mizban: there is no {DATABASE} in it.")
    return found


def _require_sound(database: Path) -> None:
    connection = sqlite3.connect(database)
    try:
        told = connection.execute("PRAGMA integrity_check").fetchone()[0]
        connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError:
        told = "not a database of Mizban"
    finally:
        connection.close()
    if told != "ok":
        raise Trouble(f"The database in the back-up is damaged: {told.splitlines()[0]}.")


def _require_unused(database: Path) -> None:
    """Refuse while another process has it open: its next commit would go to a file that is no longer there."""
    connection = sqlite3.connect(database, timeout=0.5)
    try:
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.rollback()
    except sqlite3.OperationalError:
        raise Trouble("Mizban is running on this database; stop it first.") from None
    except sqlite3.DatabaseError:
        return  # damaged: a back-up may replace it
    finally:
        connection.close()


def _bring_key(settings: Settings, found: Path) -> list[Path]:
    key = settings.home / KEY
    if key.exists() and key.read_bytes().strip() == found.read_bytes().strip():
        return []
    aside = _set_aside(key)
    key.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    found.rename(key)
    key.chmod(0o600)
    return [aside] if aside else []


def _set_aside(path: Path) -> Path | None:
    if not path.exists():
        return None
    for number in range(1, 1000):
        aside = path.with_name(f"{path.name}.before-restore-{number}")
        if not aside.exists():
            return path.rename(aside)
    raise Trouble(f"There are too many old copies beside {path}; remove some.")


def _set_aside_logs(database: Path) -> list[Path | None]:
    """Move the write-ahead log aside: it belongs to the old database."""
    return [_set_aside(database.with_name(database.name + ending)) for ending in ("-wal", "-shm")]


def _how_to_dump(settings: Settings) -> str:
    url = make_url(settings.database)
    named = {"host": url.host, "port": url.port, "username": url.username, "dbname": url.database}
    where = " ".join(f"--{name}={value}" for name, value in named.items() if value)
    why = "PostgreSQL is copied by its own tool, which sees one moment of a busy database"
    return f"{why}: pg_dump --format=custom {where} --file=FILE"
