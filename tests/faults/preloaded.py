"""Starts `mizban serve` again and again from one loaded interpreter: a fork costs 20 ms, the imports cost seconds.

Every line on standard input is the JSON of {"env": …, "log": path, "spoil": name}; the answer is the child's pid. It
is a process of its own in every respect that matters here: it is killed alone and takes nothing along.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

LOADED = (
    "aiogram.types",
    "telegram",
    "uvloop",
    "asyncpg",
    "aiosqlite",
    "litestar",
    "backoffice.app",
    "bot.channels.bale",
    "bot.channels.telegram",
    "bot.flows.registry",
    "desk.schema",
    "mizban.commands",
    "mizban.process",
)


def confirm_before_commit() -> None:
    """What the design forbids: an update is confirmed at once and handled a little later."""
    from bot.receiving.hearing import Hearing

    hear = Hearing.hear

    async def carelessly(self: Hearing, channel: Any, heard: Any) -> None:
        async def later() -> None:
            await asyncio.sleep(10)
            await hear(self, channel, heard)

        asyncio.get_running_loop().create_task(later())

    Hearing.hear = carelessly  # type: ignore[method-assign]  # the spoilt twin of the test


def forget_what_was_heard() -> None:
    """What the design forbids: a repeated update is taken for a new one, and a repeated booking for another one."""
    from desk.conversations import actions

    def never_heard(*args: Any, **kwargs: Any) -> bool:
        note(*args, **kwargs)
        return True

    note = actions.note_update
    vars(actions)["note_update"] = never_heard


SPOILERS: dict[str, Callable[[], None]] = {
    "": lambda: None,
    "confirm_before_commit": confirm_before_commit,
    "forget_what_was_heard": forget_what_was_heard,
}


def child(order: dict[str, Any]) -> None:
    """Become `mizban serve`; never returns."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.update(order["env"])
    descriptor = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    code = 70
    try:
        SPOILERS[order["spoil"]]()
        from mizban.__main__ import run

        code = run(["serve"])
    except BaseException as error:
        sys.stderr.write(f"died: {error!r}\n")
    finally:
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    """Load everything, say so, and start children until standard input ends."""
    for name in LOADED:
        __import__(name)
    from bot.flows.registry import conversation

    conversation()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children that ended are not waited for
    sys.stdout.write("loaded\n")
    sys.stdout.flush()
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            child(json.loads(line))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
