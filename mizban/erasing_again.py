"""Brings a restored database up to the newest tombstones: which copy is taken, and what is erased again by it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from desk.calendar import local_day_of
from desk.clock import Clock, SystemClock
from desk.erasure.again import KeyMissing, erase_again
from desk.events.queries import newest_at
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.storage.locks import hold
from desk.tombstones import actions, queries
from desk.tombstones.queries import Waiting
from desk.tombstones.rules import Known, Line, behind
from mizban.erased import ErasedWriter, Unfit, file_of, lines_of, opened, write_waiting
from mizban.jobs import Jobs
from mizban.moving_aside import set_aside
from mizban.settings import Settings
from mizban.troubles import Trouble

ROUNDS = 1000
"""So often at most each job that erases is run, fifty batches at a time."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a database of that time has to catch up with."""

    lines: Sequence[Line]
    """Those of which it does not know."""
    tip: Known
    """How far the file is then."""
    file: Sequence[Line] | None = None
    """What the file in the home folder shall hold instead of what it does; None = it stays."""
    is_whole: bool = True
    """Whether everything that was erased until the copy was made is in it."""

    def told(self, done: int) -> str:
        """The sentence for the operator, after so many rows were erased again."""
        if not self.is_whole:
            known = (
                f"{done} rows of what is known of it were erased again." if self.lines else "Nothing is known of it."
            )
            return f"Who erased their data since the back-up may be in it again. {known}"
        if not self.lines:
            return "Nothing was erased since the back-up, as far as MIZBAN_HOME/erased tells."
        last = self.lines[-1].day
        return f"{done} rows that were erased since the back-up were erased again. The last line is of {last}."


def choose(settings: Settings, *, given: Path | None, known: Known, since: date | None, without: bool) -> Chosen:
    """Choose the newest tombstones: those of the home folder, or of the file that was given where that has more.

    `known` is how far the restored database knows them, `since` the day that it is of. Nothing is changed yet.

    Raises `Trouble`: there are none or too old ones, and not `without`.
    """
    here = lines_of(file_of(settings))
    if given is not None and not given.exists():
        raise Trouble(f"There is no file {given}.")
    taken = here if given is None else _newer(here, lines_of(given))
    lines = behind(known, taken) if known.lines else None
    if lines is not None:
        return Chosen(lines, lines[-1].known if lines else known, file=None if taken is here else taken)
    if not without:
        raise Trouble(
            f"{_why(known, taken)} People who erased their data from {since or 'its day'} on may be in it again. Give "
            "the newest copy of MIZBAN_HOME/erased, or of what `mizban log export` wrote (--erased FILE), or go on "
            "without one (--without-erased)."
        )
    later = [line for line in taken if line.number > known.lines]
    return Chosen(
        later, later[-1].known if later else known, file=None if later and later == here else later, is_whole=False
    )


def _why(known: Known, taken: Sequence[Line]) -> str:
    if not taken:
        return "There is no file that tells what was erased since."
    if not known.lines:
        return "This database is of before it was written down what is erased."
    if taken[-1].number < known.lines:
        return "The copy of what was erased is older than this database."
    return "The copy of what was erased does not belong to this database, or lines of it are missing."


def install(settings: Settings, chosen: Chosen) -> list[Path]:
    """Let the file in the home folder hold what was chosen; another one there is moved aside, and its path returned."""
    if chosen.file is None:
        return []
    aside = set_aside(file_of(settings))
    with opened(file_of(settings)) as file:
        file.append(chosen.file)
    return [] if aside is None else [aside]


async def catch_up(storage: Storage, *, settings: Settings, chosen: Chosen, clock: Clock | None = None) -> int:
    """Erase again what was chosen, and what is past its period; the number of rows that tombstones told of.

    It is done as a whole, or not at all, and may be done twice. Raises `Trouble`.
    """
    clock = clock or SystemClock()
    try:
        done = await storage.write(_erase, chosen=chosen, clock=clock)
    except KeyMissing as missing:
        raise Trouble(
            f"What was erased is written with the secret key {', '.join(sorted(missing.names))}, which is not here. "
            "Put it back first (MIZBAN_OLD_SECRET_KEYS, or `mizban keys import`)."
        ) from None
    jobs = Jobs(storage=storage, clock=clock, periods=settings.periods)
    for job in jobs.all():
        for _round in range(ROUNDS):
            if not job.name.startswith("forget_") or not await job.run():
                break
    await ErasedWriter(storage, file_of(settings), clock).run()
    return done


def _erase(session: WriteSession, *, chosen: Chosen, clock: Clock) -> int:
    hold(session, subject="tombstones")
    done = erase_again(session, lines=chosen.lines, now=clock.now())
    actions.set_known(session, chosen.tip)
    return done


def state_of(session: Session) -> tuple[Known, date | None]:
    """How far this database knows the tombstones, and the day of the last thing that happened in it."""
    last = newest_at(session)
    return queries.known(session), None if last is None else local_day_of(last).date


def rescue(settings: Settings, database: Path) -> None:
    """Write into the file what still waits in a database of SQLite that is about to be moved aside. Raises Unfit."""
    known, waiting = in_file(database)
    if waiting:
        today = local_day_of(SystemClock().now()).date
        write_waiting(file_of(settings), known=known, waiting=waiting, today=today)


def in_file(database: Path) -> tuple[Known, list[Waiting]]:
    """How far a database of SQLite knows the tombstones, and what waits in it, whatever its revision is."""
    connection = sqlite3.connect(database)
    try:
        waiting = [Waiting(*row) for row in connection.execute("SELECT id, key_name, mark FROM tombstones")]
        row = connection.execute("SELECT lines, chain FROM tombstone_file").fetchone()
    except sqlite3.DatabaseError:  # from before there were any, or damaged
        return Known(), []
    finally:
        connection.close()
    return Known(*row) if row else Known(), waiting


def _newer(here: list[Line], brought: list[Line]) -> list[Line]:
    """The one of two copies that has more. Raises Unfit: neither is the beginning of the other."""
    more, less = (brought, here) if _number(brought) > _number(here) else (here, brought)
    if less and behind(less[-1].known, more) is None:
        raise Unfit("The copy is of another installation, or of another time of this one.")
    return more


def _number(lines: list[Line]) -> int:
    return lines[-1].number if lines else 0
