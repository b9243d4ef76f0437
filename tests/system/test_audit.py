"""`make audit` tells what is known of our packages, and never passes silence off as «nothing known»."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from scripts.audit import NOT_ASKED, WEAK, NotAsked, audit

CLEAN = json.dumps({"dependencies": [{"name": "aiogram", "version": "3.31.0", "vulns": []}], "fixes": []})
WEAKNESS = json.dumps({"dependencies": [{"name": "jinja2", "version": "3.1.0", "vulns": [{"id": "PYSEC-1"}]}]})
CLEAN_FRONTEND = json.dumps({"auditReportVersion": 2, "vulnerabilities": {}})
WEAK_FRONTEND = json.dumps({"vulnerabilities": {"htmx.org": {"severity": "high"}}})
OFFLINE = json.dumps({"message": "405 Method Not Allowed", "error": {"code": "ENOAUDIT"}})


@pytest.mark.parametrize(
    ("python", "frontend", "code", "told"),
    [
        (CLEAN, CLEAN_FRONTEND, 0, "Python packages: nothing known."),
        (WEAKNESS, CLEAN_FRONTEND, WEAK, "  jinja2 3.1.0: PYSEC-1"),
        (CLEAN, WEAK_FRONTEND, WEAK, "  htmx.org: high"),
        (CLEAN, OFFLINE, NOT_ASKED, "The front-end packages were NOT checked"),
        ("", CLEAN_FRONTEND, NOT_ASKED, "The Python packages were NOT checked"),
        ("", WEAK_FRONTEND, WEAK, "  htmx.org: high"),
        (WEAKNESS, OFFLINE, WEAK, "The front-end packages were NOT checked"),
    ],
)
def test_what_is_known_is_told_and_silence_is_no_answer(
    capsys: pytest.CaptureFixture[str], python: str, frontend: str, code: int, told: str
) -> None:
    def run(command: Sequence[str]) -> str:
        return frontend if command[0] == "npm" else python

    assert audit("pip-audit", run=run) == code
    assert told in capsys.readouterr().out


def test_without_the_tool_nothing_was_asked(capsys: pytest.CaptureFixture[str]) -> None:
    def run(command: Sequence[str]) -> str:
        raise NotAsked

    assert audit("pip-audit", run=run) == NOT_ASKED
    assert "nothing known" not in capsys.readouterr().out
