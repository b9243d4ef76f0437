"""Names, after a run, the files long enough to ask whether they hold two subjects."""

from __future__ import annotations

import pytest

from tests.system.source_rules import PACKAGES, QUESTIONED, sources


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    lengths = {source.path: len(source.text.splitlines()) for source in sources(*PACKAGES, "tests")}
    for path, length in sorted(lengths.items()):
        if length > QUESTIONED and "/migrations/" not in path:
            terminalreporter.write_line(f"{path} has {length} lines: one subject or two?")
