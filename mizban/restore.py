"""Restores a back-up of SQLite; what is wrong with it is said before anything is touched."""

from __future__ import annotations

import sqlite3
import tarfile
import tempfile
from pathlib import Path

from mizban import age
from mizban.backup import CHECKS, DATABASE
from mizban.database import sqlite_file
from mizban.keys import present_secret, require_known
from mizban.settings import Settings
from mizban.troubles import Trouble

KEY = "keys/secret.key"
"""Only in back-ups from before they were encrypted."""


def bring_back(settings: Settings, file: Path, *, identity: Path | None = None, force: bool) -> list[Path]:
    """Restore the database of a back-up; existing files are moved aside, and their new paths returned.

    `identity` is the file of the private key for an encrypted one.

    Raises `Trouble`: it is no back-up or damaged, it was made with another secret, files exist and not `force`, or
    Mizban is running.
    """
    if not settings.is_sqlite:
        raise Trouble(
            "PostgreSQL is restored with its own tool: mizban keys decrypt --identity FILE < FILE.age | "
            "pg_restore --clean --if-exists --single-transaction --dbname=DATABASE"
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
        kept = [aside for aside in (_set_aside(target), *_set_aside_logs(target)) if aside is not None]
        found[DATABASE].rename(target)
        target.chmod(0o600)
        if KEY in found:
            kept += _bring_key(settings, found[KEY])
    return kept


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
