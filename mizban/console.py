"""The one place that prints, and that ends a command with a sentence."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import NoReturn

import typer

BAD_NEWS = 1
"""Exit code: it was done, and the outcome is bad news."""
REFUSED = 2
"""Exit code: what was asked for cannot be done as it was asked."""


def say(line: str = "") -> None:
    """One line for the person at the terminal."""
    print(line, flush=True)


def complain(line: str) -> None:
    """One line on standard error."""
    print(line, file=sys.stderr, flush=True)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Rows under their heads; on a pipe as plain columns, so that scripts can read them."""
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
    """End the command with one clear sentence and exit code 2: what was asked for can't be done as it was asked."""
    complain(sentence)
    raise typer.Exit(REFUSED)


def fail(sentence: str) -> NoReturn:
    """End the command with exit code 1: it was done, and the outcome is bad news."""
    complain(sentence)
    raise typer.Exit(BAD_NEWS)
