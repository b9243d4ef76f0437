"""The command line: quick, one sentence for what cannot be done, and exit codes that scripts can rely on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from asyncpg import PostgresError
from sqlalchemy.exc import DBAPIError

from desk.storage.engine import SERVER_SETTINGS
from mizban.settings import Settings
from mizban.troubles import explain
from tests.mizban.conftest import Mizban
from tests.system.source_rules import ROOT

HEAVY = ("aiogram", "telegram", "litestar", "uvicorn", "apscheduler", "emulator")
PROBE = """
import sys
from mizban.__main__ import run
code = run(sys.argv[1:])
print(code, ",".join(name for name in {heavy} if name in sys.modules))
"""


def loaded_by(*arguments: str, home: Path) -> tuple[int, set[str]]:
    """The exit code of a command in a new interpreter, and which of the heavy libraries it loaded."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE.format(heavy=(*HEAVY, "sqlalchemy")), *arguments],
        cwd=ROOT,
        env={**os.environ, "MIZBAN_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    code, _, names = done.stdout.splitlines()[-1].partition(" ")
    return int(code), {name for name in names.split(",") if name}


def test_help_loads_no_library(home: Path) -> None:
    assert loaded_by("--help", home=home) == (0, set())


def test_verify_loads_no_messenger_and_no_web(home: Path, mizban: Mizban) -> None:
    assert mizban("migrate").code == 0
    code, loaded = loaded_by("verify", home=home)
    assert (code, loaded) == (0, {"sqlalchemy"})


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nonsense"], "No such command 'nonsense'."),
        (["verify"], "There is no database at"),
        (["verify", "--all"], "No such option: --all"),
        (["staff", "add", "karim"], "Missing option '--role'."),
        (["staff", "list"], "There is no database at"),
        (["catalogue", "import", "nowhere.json"], "There is no file nowhere.json."),
        (["backup"], "There is no database at"),
        (["restore", "nowhere.tar.gz"], "There is no file nowhere.tar.gz."),
        (["probe", "telegram", "1"], "MIZBAN_TELEGRAM_TOKEN is not set."),
        (["probe", "whatsapp", "1"], "Invalid value for 'messenger'"),
        (["web"], "With SQLite everything runs in one process: use `mizban serve` instead of `mizban web`."),
        (["bot"], "With SQLite everything runs in one process: use `mizban serve` instead of `mizban bot`."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_use_is_one_sentence_and_exit_code_2(mizban: Mizban, arguments: list[str], sentence: str) -> None:
    told = mizban(*arguments)
    assert told.code == 2
    assert told.out == ""
    assert told.err.startswith(sentence)
    assert told.err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "eighty", "MIZBAN_PORT input should be a valid integer"),
        ("DATABASE_URL", "mysql://here/there", "MIZBAN_DATABASE_URL has to begin with"),
        (
            "DATABASE_URL",
            "postgresql://here/there?sslmode=surely",
            "MIZBAN_DATABASE_URL has an sslmode that is none",
        ),
        ("DATABASE_URL", "postgresql://here/there?sslrootcert=/ca", "MIZBAN_DATABASE_URL names a certificate file"),
        ("DATABASE_URL", "postgresql://here/there?fallback=1", "MIZBAN_DATABASE_URL has a word behind the question"),
        ("DATABASE_URL", "postgresql+psycopg://here/there", "MIZBAN_DATABASE_URL has to begin with postgresql+asyncpg"),
        ("DATABASE_URL", "sqlite:///here.db?mode=ro", "MIZBAN_DATABASE_URL takes nothing behind a question mark"),
        ("SECRET_KEY", "tiny-one", "MIZBAN_SECRET_KEY is shorter than 32 characters."),
        ("PUBLIC_URL", "http://example.org", "MIZBAN_PUBLIC_URL has to be https"),
        ("BALE_UPDATES", "webhook", "MIZBAN_BALE_UPDATES needs MIZBAN_PUBLIC_URL"),
        ("TELEGRAM_TOKEN", "not-a-token", "MIZBAN_TELEGRAM_TOKEN does not look like a token"),
        ("PUBLIC_URL", "https://example.org/mizban", "MIZBAN_PUBLIC_URL has to end behind the host, without a path"),
        ("PUBLIC_URL", "https://example.org?a=1", "MIZBAN_PUBLIC_URL has to end behind the host, without a path"),
        ("PUBLIC_URL", "https://exam ple.org", "MIZBAN_PUBLIC_URL has a space or a line end in it."),
        ("PUBLIC_URL", "https://me@example.org", "MIZBAN_PUBLIC_URL has a user name in it."),
        ("PUBLIC_URL", "https://", "MIZBAN_PUBLIC_URL names no host"),
        ("BALE_API_URL", "https://example.org/?a=1", "MIZBAN_BALE_API_URL has to end before any question mark"),
        ("TELEGRAM_PROXY", "socks5://127.0.0.1:80801", "MIZBAN_TELEGRAM_PROXY is not an address."),
        ("TELEGRAM_TOKEN", "123456:abc def", "MIZBAN_TELEGRAM_TOKEN has a space or a line end in it."),
        ("BALE_TOKEN", "123456:abcdef\r", "MIZBAN_BALE_TOKEN has a space or a line end in it."),
        ("BALE_TOKEN", "123456:abc/def", "MIZBAN_BALE_TOKEN does not look like a token"),
        ("LOG_LEVEL", "LOUD", "MIZBAN_LOG_LEVEL input should be"),
    ],
)
def test_a_wrong_setting_is_one_sentence_that_does_not_repeat_it(
    mizban: Mizban, monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(f"MIZBAN_{name}", value)
    told = mizban("serve")
    assert told.code == 2
    assert told.err.startswith(sentence)
    assert told.err.count("\n") == 1
    assert value not in told.err.removeprefix(f"MIZBAN_{name}")


@pytest.mark.parametrize(
    ("typed", "used"),
    [
        ("postgresql://a:w@h/d?sslmode=require", "postgresql://a:w@h/d?ssl=require"),
        (
            "postgresql+asyncpg://a:w@h/d?sslmode=verify-full&host=x",
            "postgresql+asyncpg://a:w@h/d?host=x&ssl=verify-full",
        ),
        ("postgresql+asyncpg://a:w%40@h:6432/d", "postgresql+asyncpg://a:w%40@h:6432/d"),
    ],
)
def test_a_database_address_of_libpq_is_taken(typed: str, used: str) -> None:
    assert Settings(database_url=typed).database == used


@pytest.mark.parametrize(
    "said", ["unsupported startup parameter: lock_timeout", 'prepared statement "__asyncpg_stmt_1__" already exists']
)
def test_a_pooler_that_does_not_serve_is_told_with_what_to_set(said: str) -> None:
    sentence = explain(DBAPIError("SELECT 1", None, PostgresError(said)))
    assert sentence is not None
    assert "PgBouncer" in sentence
    assert "pool_mode = session" in sentence
    assert all(name in sentence for name in SERVER_SETTINGS)


def test_a_database_that_is_not_there_is_one_sentence(mizban: Mizban, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIZBAN_DATABASE_URL", "postgresql+asyncpg://nobody:word@127.0.0.1:9/nothing")
    told = mizban("verify")
    assert told.code == 2
    assert told.err.startswith("The database cannot be used")
    assert "word" not in told.err.replace("MIZBAN_DATABASE_URL", "")
    assert told.err.count("\n") == 1


def test_a_fault_of_ours_keeps_its_traceback(mizban: Mizban, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("mizban.database.bring_up_to_date", broken)
    with pytest.raises(ZeroDivisionError):
        mizban("migrate")
