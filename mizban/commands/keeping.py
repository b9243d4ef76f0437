"""Commands that keep the data: tables, first data, invariants, back-ups."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Erased = Annotated[
    Path | None,
    typer.Option("--erased", help="the newest copy of MIZBAN_HOME/erased, or of what `mizban log export` wrote"),
]
WithoutErased = Annotated[
    bool, typer.Option("--without-erased", help="go on where nobody can tell what was erased since")
]


def migrate() -> None:
    """Make or update the tables of the database."""
    from desk.storage.migrate import head
    from mizban.console import say
    from mizban.database import bring_up_to_date
    from mizban.settings import load_settings

    bring_up_to_date(load_settings(), told=say)
    say(f"The database stands at revision {head()}.")


def seed(
    with_demo: Annotated[bool, typer.Option("--demo", help="also demo offices, staff and open days")] = False,
) -> None:
    """Put in provinces, holidays and the starter catalogue; twice is the same as once."""
    from mizban.console import say
    from mizban.seeding import seed_database
    from mizban.settings import load_settings

    settings = load_settings()
    accounts = seed_database(settings, demo=with_demo)
    say("The first data is in.")
    for account in accounts:
        say(f"  {account.username:<16}{account.password:<20}{account.about}")
        if account.secret:
            say(f"  {'':<16}for an app for codes: {account.secret}")


def plan() -> None:
    """Make the days of all queues that lack some; interrupted, the next run goes on with the others."""
    from desk.clock import SystemClock
    from mizban.console import say
    from mizban.database import work
    from mizban.planning import plan_all
    from mizban.settings import load_settings

    if not work(load_settings(), lambda storage: plan_all(storage, SystemClock(), told=say)):
        say("No queue lacks a day.")


def seal() -> None:
    """Print the last seal of the history, to be kept on another machine: `mizban verify --seal` compares with it."""
    from desk.events.sealing import last_seal
    from desk.storage.engine import Storage
    from mizban.console import fail, say
    from mizban.database import work
    from mizban.settings import load_settings

    async def look(storage: Storage) -> str:
        return str(await storage.read(last_seal) or "")

    last = work(load_settings(), look)
    if not last:
        fail("Nothing is sealed yet: the first seal comes some minutes after something has happened.")
    say(last)


def verify(
    seal: Annotated[
        str, typer.Option(help="a seal that `mizban seal` printed: is the history still the one it covers")
    ] = "",
    log: Annotated[
        Path | None, typer.Option(help="a file of `mizban log export`: is it whole, and the history still the same")
    ] = None,
) -> None:
    """Check every invariant on the live database; exit code 1 and a list where one is broken."""
    from desk.clock import now
    from desk.events.copying import NotACopy, differing, read
    from desk.events.sealing import is_as_copied
    from desk.storage.engine import Storage
    from desk.verify import verify as find_broken
    from mizban.console import fail, say
    from mizban.database import work
    from mizban.jobs import kept_too_long
    from mizban.settings import load_settings

    settings = load_settings()
    periods = settings.periods
    number, _, hash = seal.strip().partition(":")
    if seal and not (number.isdecimal() and hash):
        fail("A seal is written as `mizban seal` prints it: a number, a colon and 64 signs.")

    copied = None
    if log is not None:
        try:
            copied = read(log.read_text(encoding="utf-8").splitlines())
        except NotACopy as error:
            fail(f"{log} is no copy of a history: line {error.line}.")

    async def look(storage: Storage) -> list[str]:
        old = await storage.read(kept_too_long, periods=periods, now=now())
        found = [f"{broken.rule}: {broken.detail}" for broken in (*await storage.read(find_broken), *old)]
        if seal:
            is_same = await storage.read(is_as_copied, seal_id=int(number), hash=hash, now=now(), kept=periods.history)
            if is_same is None:
                say("That seal is older than the history that is kept: it can no longer be compared.")
            elif not is_same:
                found.append(f"history_as_copied: seal={number}")
        if copied is not None:
            found += [f"copy_whole: seal={id}" for id in copied.broken]
            others = await storage.read(differing, copied=copied, now=now(), kept=periods.history)
            found += [f"history_as_copied: seal={id}" for id in others]
        return found

    broken = work(settings, look)
    for line in broken:
        say(line)
    if broken:
        fail(f"{len(broken)} invariant(s) are broken.")
    say("Every invariant holds.")


def backup(
    file: Annotated[Path | None, typer.Argument(help="where to; by default in the home folder")] = None,
    plain: Annotated[bool, typer.Option("--plain", help="not encrypted: whoever has the file reads it")] = False,
) -> None:
    """Copy the database while it is in use into one file, encrypted to MIZBAN_BACKUP_RECIPIENT (SQLite)."""
    from contextlib import suppress

    from sqlalchemy.exc import DBAPIError

    from desk.clock import SystemClock, now
    from mizban.backup import back_up
    from mizban.console import say
    from mizban.database import work
    from mizban.erased import ErasedWriter, Unfit, file_of
    from mizban.settings import load_settings

    settings = load_settings()
    if settings.is_sqlite and not file_of(settings).exists():
        # So that the copy knows of a file, by which a restore tells what was erased since.
        with suppress(Unfit, DBAPIError):  # such as another's lock: a copy is made all the same
            work(settings, lambda storage: ErasedWriter(storage, file_of(settings), SystemClock()).run())
    made = back_up(settings, file, plain=plain, now=now())
    say(f"Backed up to {made}. The secret key is not in it.")
    if plain:
        say("It is not encrypted: keep it where only you can read it, and destroy it in time.")


def restore(
    file: Annotated[Path, typer.Argument(help="a file that `mizban backup` made")],
    identity: Annotated[
        Path | None, typer.Option("--identity", help="the file with the private key, for an encrypted back-up")
    ] = None,
    erased: Erased = None,
    without_erased: WithoutErased = False,
    force: Annotated[bool, typer.Option("--force", help="put it in place of the database that is there")] = False,
) -> None:
    """Put a back-up in place, erase again what was erased since, and check every invariant; Mizban must not run."""
    from desk.storage.engine import Storage
    from desk.verify import verify as find_broken
    from mizban.console import fail, say
    from mizban.database import bring_up_to_date, work
    from mizban.erasing_again import catch_up
    from mizban.restore import bring_back
    from mizban.settings import load_settings

    settings = load_settings()
    back = bring_back(settings, file, identity=identity, erased=erased, without_erased=without_erased, force=force)
    bring_up_to_date(settings, told=say)

    async def finish(storage: Storage) -> tuple[int, int]:
        done = await catch_up(storage, settings=settings, chosen=back.chosen)
        return done, len(await storage.read(find_broken))

    done, broken = work(settings, finish)
    say(back.chosen.told(done))
    if broken:
        fail(f"The back-up is in place, but {broken} invariant(s) are broken; see: mizban verify")
    say("The back-up is in place and every invariant holds.")
    for path in back.kept:
        say(f"What was there before is kept as {path}. It is not encrypted: destroy it in time.")


def erase_again(erased: Erased = None, without_erased: WithoutErased = False) -> None:
    """Erase again what was erased since the back-up that PostgreSQL's own tool has restored; Mizban must not run."""
    from desk.storage.engine import Storage
    from mizban.console import say
    from mizban.database import work
    from mizban.erasing_again import catch_up, choose, install, state_of
    from mizban.settings import load_settings

    settings = load_settings()

    async def do(storage: Storage) -> str:
        known, since = await storage.read(state_of)
        chosen = choose(settings, given=erased, known=known, since=since, without=without_erased)
        for path in install(settings, chosen):
            say(f"What was there before is kept as {path}.")
        return chosen.told(await catch_up(storage, settings=settings, chosen=chosen))

    say(work(settings, do))
