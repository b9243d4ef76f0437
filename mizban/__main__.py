"""The command `mizban`: runs a command and turns every failure into a sentence and an exit code."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from typer.exceptions import Abort, TyperException

from mizban.console import REFUSED, complain
from mizban.troubles import explain


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code: 0 done, 1 done with a bad result, 2 refused or not possible."""
    from mizban.commands import app

    try:
        outcome = app(args=arguments, prog_name="mizban", standalone_mode=False)
    except TyperException as wrong:
        complain(wrong.format_message().replace("\n", " ").replace("Value error, ", ""))
        return REFUSED
    except (Abort, KeyboardInterrupt):
        return 130
    except Exception as error:
        sentence = explain(error)
        if sentence is None:
            raise
        complain(sentence)
        return REFUSED
    return outcome if isinstance(outcome, int) else 0


def main() -> NoReturn:
    """The entry point of the console script; files that it creates are readable by their owner only."""
    os.umask(0o077)
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
