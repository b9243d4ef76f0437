"""Everything that leaves the pages as a file goes one way: `backoffice.exports`."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from tests.system.source_rules import Source, sources

ONLY_THERE = "backoffice/exports.py"
ANSWERS = {"backoffice/web/context.py", "backoffice/web/http.py"}
"""Where the type is, and where it becomes a response."""
OF_A_FILE = ("text/csv", "content-disposition", "attachment;", "application/vnd.", "application/pdf", "application/zip")


def other_ways(of: Iterable[Source]) -> Iterator[str]:
    """The lines of the pages that make a file, or a header of one, by themselves."""
    for source in of:
        path = source.path
        if not path.startswith("backoffice/") or path == ONLY_THERE or path in ANSWERS:
            continue
        for node in ast.walk(source.tree):
            makes = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "FileDownload"
            says = (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and any(sign in node.value.lower() for sign in OF_A_FILE)
            )
            if makes or says:
                yield f"{path}:{getattr(node, 'lineno', 0)}"


def test_no_page_makes_a_file_by_itself() -> None:
    assert list(other_ways(sources("backoffice"))) == []


def test_a_second_way_is_found() -> None:
    planted = 'def page(session, request):\n    return FileDownload(name="x", media_type="text/csv", content=b"")\n'
    assert list(other_ways([Source("backoffice/cases/planted.py", planted)])) == [
        "backoffice/cases/planted.py:2",
        "backoffice/cases/planted.py:2",
    ]
