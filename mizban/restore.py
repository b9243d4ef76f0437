"""Restores a back-up of SQLite; what is wrong with it is said before anything is touched."""

from __future__ import annotations

import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from desk.calendar import local_day_of
from mizban import age
from mizban.backup import CHECKS, DATABASE
from mizban.database import sqlite_file
from mizban.erased import Unfit
from mizban.erasing_again import Chosen, choose, in_file, install, rescue
from mizban.keys import present_secret, require_known
from mizban.moving_aside import set_aside
from mizban.settings import Settings
from mizban.troubles import Trouble

KEY = "keys/secret.key"
"""Only in back-ups from before they were encrypted."""


@dataclass(frozen=True, slots=True)
class BroughtBack:
    """A database in place in which what was erased since has still to be erased again."""

    chosen: Chosen
    kept: Sequence[Path]
    """What was there before, moved aside."""


def bring_back(
    settings: Settings,
    file: Path,
    *,
    identity: Path | None = None,
    erased: Path | None = None,
    without_erased: bool = False,
    force: bool,
) -> BroughtBack:
    """Restore the database of a back-up; existing files are moved aside.

    `identity` is the file of the private key for an encrypted one, `erased` a copy of what was erased since.

    Raises `Trouble`: it is no back-up or damaged, it was made with another secret, files exist and not `force`,
    Mizban is running, or nobody can tell what was erased since and not `without_erased`.
    """
    if not settings.is_sqlite:
        raise Trouble(
            "PostgreSQL is restored with its own tool: mizban keys decrypt --identity FILE < FILE.age | "
            "pg_restore --clean --if-exists --single-transaction --dbname=DATABASE; then: mizban migrate; "
            "mizban erase-again"
        )
    if not file.exists():
        raise Trouble(f"There is no file {file}.")
    target = sqlite_file(settings)
    if target.exists() and not force:
        raise Trouble(f"There is a database at {target}; to put the back-up in its place, add --force.")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=target.parent) as folder:
        found = _unpacked(_decrypted(file, identity, Path(folder)), Path(folder), named=file)
        if CHECKS in found:
            require_known(settings, found[CHECKS].read_text(encoding="utf-8").split())
        elif KEY not in found and present_secret(settings) is None:
            raise Trouble(f"No secret key is here, and {file} cannot be read without its own. Nothing was touched.")
        _require_sound(found[DATABASE])
        if target.exists():
            _require_unused(target)
            _rescue(settings, target, without=without_erased)
        known, _waiting = in_file(found[DATABASE])
        since = local_day_of(datetime.fromtimestamp(found[DATABASE].stat().st_mtime, UTC)).date
        chosen = choose(settings, given=erased, known=known, since=since, without=without_erased)
        kept = [aside for aside in (set_aside(target), *_set_aside_logs(target)) if aside is not None]
        found[DATABASE].rename(target)
        target.chmod(0o600)
        if KEY in found:
            kept += _bring_key(settings, found[KEY])
        kept += install(settings, chosen)
    return BroughtBack(chosen, kept)


def _rescue(settings: Settings, target: Path, *, without: bool) -> None:
    """Keep what the present database has not written into the file yet."""
    try:
        rescue(settings, target)
    except Unfit:
        if not without:
            raise


def _decrypted(file: Path, identity: Path | None, folder: Path) -> Path:
    if not age.is_age(file):
        return file
    if identity is None:
        raise Trouble(f"{file} is encrypted; name the file of its private key: --identity FILE")
    clear = folder / "packed"
    with file.open("rb") as source, clear.open("wb") as target:
        age.decrypt(source, target, age.identities(identity))
    return clear


def _unpacked(file: Path, folder: Path, *, named: Path) -> dict[str, Path]:
    """Extract the parts of a back-up that the archive has, and nothing else."""
    found: dict[str, Path] = {}
    try:
        with tarfile.open(file, "r:gz") as archive:
            for name in (DATABASE, CHECKS, KEY):
                member = archive.extractfile(name) if name in archive.getnames() else None
                if member is not None:
                    found[name] = folder / Path(name).name
                    found[name].write_bytes(member.read())
                    made = archive.getmember(name).mtime
                    os.utime(found[name], (made, made))
    except (tarfile.TarError, EOFError, OSError) as error:
        raise Trouble(f"{named} cannot be read as a back-up: {type(error).__name__}.") from None
    if DATABASE not in found:
        raise Trouble(f"{named} is not a back-up of Mizban: there is no {DATABASE} in it.")
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
    aside = set_aside(key)
    key.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    found.rename(key)
    key.chmod(0o600)
    return [aside] if aside else []


def _set_aside_logs(database: Path) -> list[Path | None]:
    """Move the write-ahead log aside: it belongs to the old database."""
    return [set_aside(database.with_name(database.name + ending)) for ending in ("-wal", "-shm")]
