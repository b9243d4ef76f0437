"""The only module that prints, and that ends a command with a sentence."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import NoReturn

import typer

BAD_NEWS = 1
"""Exit code: done, with a bad result."""
REFUSED = 2
"""Exit code: refused or not possible as asked."""


def say(line: str = "") -> None:
    """Print one line."""
    print(line, flush=True)


def complain(line: str) -> None:
    """Print one line on standard error."""
    print(line, file=sys.stderr, flush=True)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows under their heads; into a pipe as plain columns, so that scripts can read them."""
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, soft_wrap=True)
    if not console.is_terminal:
        for row in (heads, *rows):
            say("\t".join(row))
        return
    drawn = Table(*heads, box=SIMPLE)
    for row in rows:
        drawn.add_row(*row)
    console.print(drawn)


def refuse(sentence: str) -> NoReturn:
    """End the command with a sentence and exit code 2: what was asked is refused or not possible."""
    complain(sentence)
    raise typer.Exit(REFUSED)


def fail(sentence: str) -> NoReturn:
    """End the command with a sentence and exit code 1: done, with a bad result."""
    complain(sentence)
    raise typer.Exit(BAD_NEWS)
