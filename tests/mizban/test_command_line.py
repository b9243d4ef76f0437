"""The command line: quick, one sentence for what cannot be done, and exit codes that scripts can rely on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
        ("SECRET_KEY", "tiny-one", "MIZBAN_SECRET_KEY is shorter than 32 characters."),
        ("PUBLIC_URL", "http://example.org", "MIZBAN_PUBLIC_URL has to be https"),
        ("BALE_UPDATES", "webhook", "MIZBAN_BALE_UPDATES needs MIZBAN_PUBLIC_URL"),
        ("TELEGRAM_TOKEN", "not-a-token", "MIZBAN_TELEGRAM_TOKEN does not look like a token"),
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
