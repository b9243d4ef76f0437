"""Programs that tests start from a loaded interpreter end, complain and die as those that start from nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests import programs

SECRET = {"MIZBAN_SECRET_KEY": "short"}


@pytest.mark.parametrize("arguments", [["nonsense"], ["verify"]], ids=" ".join)
def test_it_says_and_answers_what_it_does_from_nothing(tmp_path: Path, arguments: list[str]) -> None:
    env = {"MIZBAN_HOME": str(tmp_path / "home")}
    real = subprocess.run(
        [sys.executable, "-m", "mizban", *arguments],
        cwd=programs.ROOT,
        env={**programs.environment(), **env},
        capture_output=True,
        text=True,
        check=False,
    )
    with closing(programs.start("mizban", *arguments, env=env)) as forked:
        out, complaints = forked.rest()
    assert (forked.returncode, out, complaints) == (real.returncode, real.stdout, real.stderr)


def test_its_environment_is_the_one_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIZBAN_HOME", "/of/the/tests")
    with closing(programs.start("tests.system.told", "one", "two", env=SECRET)) as told:
        assert told.rest()[0] == f"one two {SECRET} {told.pid}\n"
    assert told.pid != os.getpid()


def test_each_is_killed_alone_and_by_whoever_lets_it_go() -> None:
    started = [programs.start("emulator", "--port", "0") for _ in range(3)]
    assert all(each.out.readline().startswith(b"emulator: ") for each in started)
    killed, asked, left = started
    killed.kill()
    assert killed.returncode == -signal.SIGKILL
    assert (asked.poll(), left.poll()) == (None, None)
    asked.send_signal(signal.SIGTERM)
    assert asked.wait(60) == 0
    left.close()
    assert left.returncode == -signal.SIGKILL
    for each in started:
        each.close()
        with pytest.raises(ProcessLookupError):
            os.kill(each.pid, 0)
