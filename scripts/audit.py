"""`make audit`: asks whether weaknesses are known of what Mizban installs, and says plainly where nobody answered."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

WEAK, NOT_ASKED = 1, 3
"""Exit codes: something is known, and nobody could be asked about a part of it."""
Run = Callable[[Sequence[str]], str]
"""Runs a command and returns its standard output."""

PYTHON = ("--requirement", "requirements.txt", "--require-hashes", "--disable-pip", "--format", "json")
FRONTEND = ("npm", "audit", "--package-lock-only", "--json")


class NotAsked(Exception):
    """No report came, mostly because no network reaches the one who knows."""


def python_weaknesses(report: str) -> list[str]:
    """What pip-audit reports, each as «name version: id». Raises NotAsked."""
    return [
        f"{package['name']} {package['version']}: {weakness['id']}"
        for package in _part(report, "dependencies")
        for weakness in package.get("vulns", ())
    ]


def frontend_weaknesses(report: str) -> list[str]:
    """What npm reports, each as «name: severity». Raises NotAsked."""
    return [f"{name}: {found['severity']}" for name, found in _part(report, "vulnerabilities").items()]


def _part(report: str, name: str) -> Any:
    try:
        return json.loads(report)[name]
    except (ValueError, KeyError, TypeError):
        raise NotAsked from None


def audit(pip_audit: str, *, run: Run) -> int:
    """Ask about both lists of packages and print what is known. Returns the exit code."""
    code = 0
    for what, command, weaknesses in (
        ("Python packages", (pip_audit, *PYTHON), python_weaknesses),
        ("front-end packages", FRONTEND, frontend_weaknesses),
    ):
        try:
            known = weaknesses(run(command))
        except NotAsked:
            say(f"The {what} were NOT checked: nobody answered. Without a network this cannot be done.")
            code = code or NOT_ASKED
            continue
        say(f"{what}: {len(known)} known." if known else f"{what}: nothing known.")
        for each in known:
            say(f"  {each}")
            code = WEAK
    return code


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _run(command: Sequence[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError as error:
        raise NotAsked from error


if __name__ == "__main__":
    sys.exit(audit(sys.argv[1], run=_run))
