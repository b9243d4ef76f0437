"""The file of tombstones, `MIZBAN_HOME/erased`: what was erased, so that no restored back-up brings it back.

It stands outside of the database and is only added to. What is erased is noted in the transaction that erases it
(`desk.tombstones`), and written here by the process that runs the jobs, at once and every half a minute. The database
remembers how far the file was, so a database that is older than the file is known for one that was restored.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from desk.calendar import local_day_of
from desk.clock import Clock
from desk.storage.base import WriteSession
from desk.storage.encryption import MARK
from desk.storage.engine import Storage
from desk.storage.locks import hold
from desk.tombstones import actions, queries
from desk.tombstones.rules import BEGUN, WIDTH, Known, Line, NotTombstones, behind, line_after, read
from mizban.settings import Settings
from mizban.troubles import Trouble

EVERY = timedelta(seconds=30)
WAY_OUT = "run: mizban erase-again"


def file_of(settings: Settings) -> Path:
    """Where the tombstones are."""
    return settings.home / "erased"


class Unfit(Trouble):
    """The file and the database are not of one installation and one time."""


class Erased:
    """A file of tombstones that one process holds open; nobody else writes meanwhile."""

    def __init__(self, opened: BinaryIO, *, name: Path) -> None:
        self._file = opened
        self._name = name
        size = os.fstat(opened.fileno()).st_size
        self._count = size // WIDTH
        first = self._lines(0, 1)
        self._before = first[0].number - 1 if first else 0
        """Lines that are in no file any more: this one was begun anew."""
        last = self._lines(self._count - 1, 1) if first else first
        self.known = last[0].known if last else None
        """How far it is; None = it is empty."""

    def _lines(self, place: int, most: int) -> list[Line]:
        self._file.seek(place * WIDTH)
        try:
            return read(self._file.read(min(most, self._count - place) * WIDTH).decode("ascii", "replace").splitlines())
        except NotTombstones as wrong:
            raise Unfit(f"{self._name} is no whole file of tombstones: line {place + wrong.place}.") from None

    def after(self, known: Known) -> list[Line]:
        """The lines behind those that a database knows. Raises Unfit: they do not follow on it."""
        if self.known is None:
            return []
        place = known.lines - self._before
        found = behind(known, self._lines(max(place - 1, 0), self._count)) if 0 <= place <= self._count else None
        if found is None:
            raise Unfit(self._says(known))
        return found

    def _says(self, known: Known) -> str:
        if self.known is not None and self.known.lines < known.lines:
            return f"{self._name} is older than the database: it ends at line {self.known.lines} of {known.lines}."
        return f"{self._name} does not belong to this database, or lines of it are missing."

    def append(self, lines: Sequence[Line]) -> None:
        """Write these on the disk. What a crash left of a torn line is written over: nobody was told of it."""
        self._file.seek(self._count * WIDTH)
        self._file.truncate()
        self._file.write("".join(f"{line}\n" for line in lines).encode())
        self._file.flush()
        os.fsync(self._file.fileno())
        if lines:
            self._count += len(lines)
            self.known = lines[-1].known


@contextmanager
def opened(path: Path) -> Iterator[Erased]:
    """The file, made where it is missing, and held until the end."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    is_new = not path.exists()
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if is_new:
            _keep_name(path.parent)
        yield Erased(file, name=path)


def _keep_name(folder: Path) -> None:
    """Have the disk keep which files are in the folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write(session: WriteSession, *, path: Path, today: date) -> int:
    """Write what waits into the file; the number of lines.

    Ended in between or run again it writes nothing twice: what the file has beyond the database is looked at first.

    Raises Unfit: the file is of another time or installation, or it is gone.
    """
    hold(session, subject="tombstones")
    known, waiting = queries.known(session), queries.waiting(session)
    new, tip = write_waiting(path, known=known, waiting=waiting, today=today)
    if tip != known:
        actions.note_written(session, ids=[each.id for each in waiting], known=tip)
    return new


def write_waiting(path: Path, *, known: Known, waiting: Sequence[queries.Waiting], today: date) -> tuple[int, Known]:
    """Write what waits in a database that knows the file so far; the number of lines, and how far it is then.

    Raises Unfit.
    """
    if known.lines and not path.exists():
        raise Unfit(f"{path} is gone, and this database knows {known.lines} lines of it.")
    with opened(path) as file:
        there = _its_own(file, known, waiting, path=path)
        tip = there[-1].known if there else known
        told = {line.mark for line in there}
        new: list[Line] = []
        if tip == Known():
            # Nothing was erased yet. By chance no other installation has the same line.
            tip = (begun := line_after(tip, day=today, key=BEGUN, mark=token_hex(MARK // 2))).known
            new.append(begun)
        for each in waiting:
            if each.mark not in told:
                new.append(line_after(tip, day=today, key=each.key, mark=each.mark))
                tip = new[-1].known
        file.append(new)
    return len(new), tip


def _its_own(file: Erased, known: Known, waiting: Sequence[queries.Waiting], *, path: Path) -> list[Line]:
    """The lines beyond those that the database knows: its own, written before a crash. Raises Unfit."""
    there = file.after(known)
    if not {line.mark for line in there if line.key != BEGUN} <= {each.mark for each in waiting}:
        raise Unfit(
            f"The database is older than {path}, which has {len(there)} lines more: it was restored, and people who "
            f"erased their data since are in it again. Stop Mizban and {WAY_OUT}"
        )
    return there


def require_fitting(session: WriteSession, *, path: Path, writes: bool) -> None:
    """Refuse to start on a database that is older than the file, or without the file where this process writes it.

    Raises Unfit.
    """
    hold(session, subject="tombstones")
    known = queries.known(session)
    if not path.exists():
        if writes and known.lines:
            raise Unfit(
                f"{path} is gone, which tells what was erased ({known.lines} lines). Give its newest copy, or what "
                "`mizban log export` wrote: mizban erase-again --erased FILE. Without one: --without-erased"
            )
        return
    with opened(path) as file:
        _its_own(file, known, queries.waiting(session), path=path)


@dataclass(frozen=True, slots=True)
class ErasedWriter:
    """Writes into the file what waits in the database: right after an erasing, and as a job."""

    storage: Storage
    path: Path
    clock: Clock

    async def run(self) -> int:
        """Write what waits; the number of lines. Raises Unfit."""
        if self.path.exists() and self.path.stat().st_size and not await self.storage.read(queries.is_waiting):
            return 0
        return await self.storage.write(write, path=self.path, today=local_day_of(self.clock.now()).date)


def lines_of(path: Path) -> list[Line]:
    """The tombstones in a file, or in a copy of the log; none where there is no file. Raises Unfit."""
    try:
        whole, _end, _torn = path.read_text(encoding="utf-8").rpartition("\n")
        return read(whole.splitlines())
    except FileNotFoundError:
        return []
    except (NotTombstones, UnicodeDecodeError):
        raise Unfit(f"{path} is no whole copy of what was erased.") from None
