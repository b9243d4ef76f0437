"""Backs up an SQLite installation while it runs: one file, encrypted to a public key, without the secret."""

from __future__ import annotations

import io
import os
import sqlite3
import tarfile
import tempfile
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import make_url

from mizban import age
from mizban.database import require_present, sqlite_file
from mizban.key_export import require_exported
from mizban.keys import checks_needed
from mizban.pipes import recipient_of_backups
from mizban.settings import Settings
from mizban.troubles import Trouble

DATABASE = "mizban.sqlite3"
CHECKS = "CHECKS.txt"
ABOUT = "ABOUT.txt"
TOLD = """A back-up of Mizban, made by `mizban backup` and put back by `mizban restore FILE`.

mizban.sqlite3   the database as it stood at one moment
CHECKS.txt       a check value of each secret key that it is read with; it tells nothing of the key

Not in it: the secret key (`mizban keys export`), tokens of the messengers and any other setting of the environment.
"""


def back_up(settings: Settings, file: Path | None, *, plain: bool = False, now: datetime) -> Path:
    """Copy the database of one moment into one archive (mode 0600), while Mizban may run.

    It is encrypted to the public key of the settings unless `plain`.

    Raises `Trouble`: for PostgreSQL, with the command to use instead; when the file exists; without a public key to
    encrypt to; when the secret was never exported.
    """
    if not settings.is_sqlite:
        raise Trouble(_how_to_dump(settings))
    require_present(settings)
    to = None if plain else recipient_of_backups(settings)
    require_exported(settings)
    ending = "tar.gz" if to is None else "tar.gz.age"
    file = file or settings.home / "backups" / f"mizban-{now:%Y%m%d-%H%M%S}.{ending}"
    if file.exists():
        raise Trouble(f"{file} is there already; give another name.")
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # In the home folder, which only its owner enters, and where a start names what a crash left behind.
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix="backup-", dir=settings.home) as folder:
        copy = Path(folder) / DATABASE
        _copy_database(sqlite_file(settings), copy)
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as raw:
            if to is None:
                _pack(settings, copy, raw, now=now)
            else:
                packed = Path(folder) / "packed"
                with packed.open("wb") as opened:
                    _pack(settings, copy, opened, now=now)
                with packed.open("rb") as opened:
                    age.encrypt(opened, raw, to)
        draft.rename(file)
    return file


def _pack(settings: Settings, copy: Path, into: IO[bytes], *, now: datetime) -> None:
    with tarfile.open(fileobj=into, mode="w:gz") as archive:
        for name, text in ((ABOUT, TOLD), (CHECKS, "\n".join(checks_needed(settings)))):
            about = tarfile.TarInfo(name)
            about.size, about.mtime, about.mode = len(text.encode()), int(now.timestamp()), 0o600
            archive.addfile(about, io.BytesIO(text.encode()))
        archive.add(copy, arcname=DATABASE)


def _copy_database(source: Path, copy: Path) -> None:
    """SQLite's online back-up: one consistent state while others read and write."""
    there, here = sqlite3.connect(f"file:{source}?mode=ro", uri=True), sqlite3.connect(copy)
    try:
        there.backup(here)
        here.execute("PRAGMA journal_mode=DELETE")
    finally:
        there.close()
        here.close()


def _how_to_dump(settings: Settings) -> str:
    url = make_url(settings.database)
    named = {"host": url.host, "port": url.port, "username": url.username, "dbname": url.database}
    where = " ".join(f"--{name}={value}" for name, value in named.items() if value)
    why = "PostgreSQL is copied by its own tool, which sees one moment of a busy database"
    return f"{why}: set -o pipefail; pg_dump --format=custom {where} | mizban keys encrypt > FILE.age"
