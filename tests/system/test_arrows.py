"""Arrows and habits that must never exist: the import contracts of pyproject.toml, and the rules of a single file.

Every check is also run on a planted offence, so that a check that has gone blind fails here.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.system import authority_rules, source_rules, table_rules
from tests.system.source_rules import PACKAGES, ROOT, Source, offences

Check = Callable[[Source], list[str]]
CHECKS: tuple[Check, ...] = (*source_rules.CHECKS, *table_rules.CHECKS, *authority_rules.CHECKS)


def _contracts_kept(root: Path, *more: str) -> subprocess.CompletedProcess[str]:
    lint = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([lint, *more], cwd=root, capture_output=True, text=True, check=False)


def test_the_import_contracts_are_kept() -> None:
    done = _contracts_kept(ROOT, "--no-cache")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our packages in a folder of their own, and beside them what the linter remembers of files that stay the same."""
    root = tmp_path_factory.mktemp("copied")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, root / package, ignore=shutil.ignore_patterns("static", "__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


@pytest.fixture
def plant(copied: Path) -> Iterator[Callable[[str, str], None]]:
    """Adds lines to files of the copy; they are as they were after the test."""
    as_they_were: dict[Path, str] = {}

    def planted(file: str, lines: str) -> None:
        text = as_they_were.setdefault(copied / file, (copied / file).read_text(encoding="utf-8"))
        (copied / file).write_text(f"{text}\n{lines}\n", encoding="utf-8")

    yield planted
    for path, text in as_they_were.items():
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "offence", "contract"),
    [
        ("desk/values.py", "import bot", "mizban sees everything"),
        ("desk/values.py", "import litestar", "the domain knows no messenger"),
        ("desk/people/models.py", "import desk.cases.models", "import only downwards"),
        ("desk/values.py", "import desk.reading.folding", "import only downwards"),
        ("desk/codes.py", "import desk.values", "import only downwards"),
        ("desk/values.py", "import desk.calendar", "import only downwards"),
        ("desk/reading/days.py", "import desk.language.text", "import only downwards"),
        ("desk/reading/days.py", "import babel", "only desk.language and the edges own words"),
        ("desk/cases/rules.py", "import sqlalchemy", "rules are pure"),
        ("desk/people/models.py", "import babel", "only desk.language and the edges own words"),
        ("backoffice/__init__.py", "import bot", "mizban sees everything"),
        ("bot/__init__.py", "import emulator", "mizban sees everything"),
        ("bot/flows/__init__.py", "import aiogram", "of a subject they see its chat"),
        ("bot/receiving/__init__.py", "import apscheduler.triggers.interval", "the timetable stands in mizban"),
        ("bot/flows/__init__.py", "import bot.sending", "of a subject they see its chat"),
        ("bot/channels/__init__.py", "import desk.people.models", "messengers' adapters carry"),
    ],
)
def test_a_planted_import_breaks_its_contract(
    copied: Path, plant: Callable[[str, str], None], file: str, offence: str, contract: str
) -> None:
    plant(file, offence)
    done = _contracts_kept(copied)
    said = " ".join(done.stdout.split())
    assert done.returncode == 1, said
    broken = said.partition("Broken contracts")[2]
    assert contract in broken, said


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_no_file_offends(check: Check) -> None:
    found = offences(CHECKS, *PACKAGES, "tests", "scripts", "benchmarks", concerns=_concerns)[check]
    assert not found, "\n".join(found)


def _concerns(check: Check, source: Source) -> bool:
    # Tests and install steps answer for their docstrings, length and language; they may wait, print and read clocks.
    everywhere = (
        source_rules.without_docstring,
        source_rules.too_long,
        source_rules.persian_in_code,
        table_rules.drawn_ids_taken_for_age,
    )
    return check in everywhere or source.path.startswith(tuple(f"{name}/" for name in PACKAGES))


PLANTED = [
    (
        authority_rules.actions_that_trust_their_caller,
        "desk/visits/actions.py",
        "def erase_visit(session: WriteSession, *, appointment_id: int) -> None: ...",
    ),
    (
        authority_rules.actions_that_trust_their_caller,
        "desk/capacity/actions.py",
        "def shut(session: WriteSession, *, actor: Actor) -> None:\n    events.note(session, actor=actor)",
    ),
    (
        authority_rules.staff_known_by_number,
        "desk/cases/handling.py",
        "def close_all(session: WriteSession, *, staff_id: int) -> None: ...",
    ),
    (
        authority_rules.staff_known_by_number,
        "desk/events/actions.py",
        "def note(session: WriteSession, *, staff_id: int | None) -> None: ...",
    ),
    (
        authority_rules.chats_known_by_number,
        "desk/appointments/ending.py",
        "def cancel(session: WriteSession, *, appointment_id: int, conversation_id: int) -> None: ...",
    ),
    (
        authority_rules.actors_taken_apart,
        "desk/cases/handling.py",
        "def _done(session, actor): events.note(session, staff_id=actor.staff_id, kind='case.note')",
    ),
    (
        authority_rules.actors_taken_apart,
        "backoffice/appointments/search.py",
        "def found(session, request): note(session, staff_id=request.actor.staff_id)",
    ),
    (
        authority_rules.actors_taken_apart,
        "desk/appointments/moving.py",
        "def _move(session, actor): write_event(session, by_chat=actor.is_chat)",
    ),
    (
        source_rules.rows_taken_apart,
        "desk/visits/queries.py",
        "for id, code, day, zone, name in session.execute(_DAY): ...",
    ),
    (source_rules.rows_taken_apart, "desk/visits/queries.py", "id, code, day, zone, *more = found"),
    (source_rules.rows_taken_apart, "desk/visits/queries.py", "name = row[-4]"),
    (source_rules.async_in_the_domain, "desk/people/actions.py", "async def register(): ..."),
    (source_rules.rules_that_reach_out, "desk/cases/rules.py", "from sqlalchemy import select"),
    (source_rules.rules_that_reach_out, "desk/cases/rules.py", "from desk import clock"),
    (source_rules.rules_that_reach_out, "desk/cases/rules.py", "import desk.storage.engine"),
    (source_rules.transactions_ended_by_the_domain, "desk/cases/actions.py", "session.commit()"),
    (source_rules.transactions_ended_by_the_domain, "desk/cases/actions.py", "self.session.rollback()"),
    (source_rules.clocks_read, "desk/cases/actions.py", "from datetime import datetime\nnow = datetime.now(UTC)"),
    (source_rules.clocks_read, "bot/receiving/exchange.py", "import datetime\ntoday = datetime.date.today()"),
    (source_rules.clocks_read, "bot/receiving/exchange.py", "from time import time as clock\nclock()"),
    (source_rules.tasks_let_go, "backoffice/web/live.py", "import asyncio\nasyncio.create_task(work())"),
    (source_rules.tasks_let_go, "mizban/serve.py", "from asyncio import create_task\ncreate_task(work())"),
    (source_rules.prints, "mizban/serve.py", "print('ready')"),
    (source_rules.persian_in_code, "bot/flows/appointments/book.py", 'title = "\u0646\u0648\u0628\u062a"'),
    (source_rules.without_docstring, "bot/flows/appointments/book.py", "x = 1"),
    (source_rules.too_long, "bot/flows/appointments/book.py", "x = 1\n" * 401),
    (source_rules.aiogram_loaded_whole, "bot/channels/telegram.py", "from aiogram.types import Update"),
    (source_rules.aiogram_loaded_whole, "mizban/probe.py", "import aiogram"),
    (source_rules.sentences_in_channels, "bot/channels/bale.py", "from desk.language.text import words"),
    (source_rules.sentences_in_channels, "bot/channels/bale.py", "if state.flow == 'book': ..."),
    (
        source_rules.conversations_that_reach_further,
        "bot/flows/appointments/book.py",
        "from desk.appointments import booking",
    ),
    (source_rules.conversations_that_reach_further, "bot/flows/cases/ask.py", "from desk.cases.filing import ask"),
    (source_rules.conversations_that_reach_further, "bot/flows/cases/ask.py", "import desk.cases"),
    (source_rules.conversations_that_reach_further, "bot/dialogue/flow.py", "from desk.people import chat"),
    (source_rules.conversations_that_reach_further, "bot/dialogue/flow.py", "from desk.people.rules import State"),
    (source_rules.chats_that_could_be_others, "desk/people/chat.py", "def known(session: Session): ..."),
    (
        source_rules.chats_that_could_be_others,
        "desk/people/chat.py",
        "def known(chat: Chat, *, conversation_id: int): ...",
    ),
    (table_rules.history_changed, "desk/cases/jobs.py", "from desk.events.models import Event\ndelete(Event)"),
    (
        table_rules.history_changed,
        "desk/cases/jobs.py",
        "from desk.events.models import Event\n_cases, _events = table_of(Case), table_of(Event)\nupdate(_events)",
    ),
    (table_rules.history_changed, "desk/cases/jobs.py", "text('DELETE FROM events WHERE id = 1')"),
    (
        table_rules.drawn_ids_taken_for_age,
        "tests/browser/test_story.py",
        "from desk.conversations.models import Conversation\nselect(Conversation).order_by(Conversation.id.desc())",
    ),
    (
        table_rules.drawn_ids_taken_for_age,
        "desk/cases/leaving.py",
        "from desk.cases.models import Case\n_cases = table_of(Case)\nselect(func.max(_cases.c.id))",
    ),
    (table_rules.places_counted_elsewhere, "desk/appointments/ending.py", "update(slots).values(remaining=1)"),
    (
        table_rules.places_counted_elsewhere,
        "desk/visits/actions.py",
        "from desk.places.counting import swap_places, give_back",
    ),
    (
        table_rules.tables_named_by_hand,
        "desk/capacity/closures.py",
        'from sqlalchemy import column, table\n_appointments = table("appointments", column("id"))',
    ),
]


@pytest.mark.parametrize(
    ("check", "path", "text"), PLANTED, ids=[f"{c.__name__}-{n}" for n, (c, _, _) in enumerate(PLANTED)]
)
def test_a_planted_offence_is_seen(check: Check, path: str, text: str) -> None:
    assert check(Source(path, text))


def test_every_check_has_a_planted_offence() -> None:
    assert {check for check, _, _ in PLANTED} == set(CHECKS)


@pytest.mark.parametrize(
    ("check", "path", "text"),
    [
        (
            source_rules.conversations_that_reach_further,
            "bot/flows/appointments/book.py",
            "from desk.appointments import chat as appointments\nfrom desk.appointments.rows import AppointmentRow",
        ),
        (
            source_rules.conversations_that_reach_further,
            "bot/dialogue/flow.py",
            "from desk.conversations.chat import Chat\nfrom desk.language.text import Text",
        ),
        (source_rules.chats_that_could_be_others, "desk/people/chat.py", "def known(chat: Chat, code: str): ..."),
        (source_rules.async_in_the_domain, "desk/storage/engine.py", "async def start(): ..."),
        (source_rules.transactions_ended_by_the_domain, "desk/storage/engine.py", "session.commit()"),
        (source_rules.clocks_read, "desk/clock.py", "import datetime\ndatetime.datetime.now()"),
        (source_rules.clocks_read, "bot/receiving/exchange.py", "import time\ntime.monotonic()"),
        (source_rules.tasks_let_go, "bot/running/tasks.py", "import asyncio\nasyncio.create_task(work())"),
        (source_rules.tasks_let_go, "bot/receiving/exchange.py", "group.create_task(work())"),
        (source_rules.prints, "mizban/console.py", "print('ready')"),
        (source_rules.persian_in_code, "desk/language/digits.py", 'zero = "\u06f0"'),
        (source_rules.persian_in_code, "desk/codes.py", 'separators = "\u06f0\u060c"'),
        (
            source_rules.persian_in_code,
            "bot/flows/appointments/book.py",
            'def day():\n    """\u0642\u0648\u0633 in Dari."""',
        ),
        (source_rules.without_docstring, "bot/flows/__init__.py", ""),
        (source_rules.too_long, "bot/flows/appointments/book.py", "x = 1\n" * 400),
        (table_rules.history_changed, "desk/cases/jobs.py", "from desk.events.models import Event\nselect(Event)"),
    ],
)
def test_what_is_allowed_stays_allowed(check: Check, path: str, text: str) -> None:
    assert not check(Source(path, text))
