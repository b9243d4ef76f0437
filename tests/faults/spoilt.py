"""`python -m tests.faults.spoilt NAME serve` is `mizban serve` with one guard taken out."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import Any


def confirm_before_commit() -> None:
    """Breaks the rule: an update is confirmed at once and handled a little later."""
    from bot.receiving.hearing import Hearing

    hear = Hearing.hear

    async def carelessly(self: Hearing, channel: Any, heard: Any, response: Any = None) -> None:
        async def later() -> None:
            await asyncio.sleep(10)
            await hear(self, channel, heard, response)

        asyncio.get_running_loop().create_task(later())

    Hearing.hear = carelessly  # type: ignore[method-assign]  # the spoilt twin of the test


def forget_what_was_heard() -> None:
    """Breaks the rule: a repeated update is taken for a new one, and a repeated booking for another one."""
    from desk.conversations import actions

    def never_heard(*args: Any, **kwargs: Any) -> bool:
        note(*args, **kwargs)
        return True

    note = actions.note_update
    vars(actions)["note_update"] = never_heard


SPOILERS: dict[str, Callable[[], None]] = {
    "confirm_before_commit": confirm_before_commit,
    "forget_what_was_heard": forget_what_was_heard,
}


def main() -> None:
    """Take the guard out, then be the command line."""
    _, name, *sys.argv[1:] = sys.argv
    SPOILERS[name]()
    from mizban.__main__ import main

    main()


if __name__ == "__main__":
    main()
