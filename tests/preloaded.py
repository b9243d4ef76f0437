"""Starts programs of ours again and again from one loaded interpreter: a fork costs 20 ms, the imports cost seconds.

`python -m tests.preloaded FD` loads everything, says so on that socket, and starts a program for each order that comes:
the JSON of {"module": …, "arguments": […], "env": {…}}, with four descriptors, the program's input, output and errors
and a socket on which its pid is told at once and its exit code in the end. It is a process of its own in every respect:
it has its own pid, environment, signals and exit, and is killed alone. A process that closes the socket kills it.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import runpy
import selectors
import signal
import socket
import sys
import threading
import time
from typing import Any

from tests import weak_hashes

OURS = ("backoffice", "bot", "desk", "emulator", "mizban")
NOT_LOADED = ("desk.storage.migrations.",)
"""Files that are not imported by name but run by Alembic."""
LIBRARIES = (
    "aiogram.types",
    "aiosqlite",
    "alembic.command",
    "alembic.config",
    "alembic.ddl.postgresql",
    "alembic.ddl.sqlite",
    "anyio._backends._asyncio",
    "apscheduler.executors.asyncio",
    "apscheduler.triggers.interval",
    "asyncpg",
    "httpcore",
    "litestar.middleware.allowed_hosts",
    "litestar.middleware.csrf",
    "litestar.middleware.response_cache",
    "litestar.plugins.attrs",
    "litestar.plugins.pydantic",
    "pydantic.networks",
    "pydantic.v1",
    "socksio",
    "sqlalchemy.dialects.postgresql.asyncpg",
    "sqlalchemy.dialects.sqlite.aiosqlite",
    "sqlalchemy.dialects.sqlite.pysqlite",
    "telegram",
    "uvicorn.lifespan.off",
    "uvicorn.protocols.http.httptools_impl",
    "uvloop",
)
"""What our programs load only while they start."""
LONGEST_ORDER = 2**17


def load() -> None:
    """Import all our packages; nothing is begun: no thread, no loop, no connection."""
    for root in OURS:
        package = importlib.import_module(root)
        for found in pkgutil.walk_packages(package.__path__, f"{root}."):
            if not found.name.endswith(".__main__") and not found.name.startswith(NOT_LOADED):
                importlib.import_module(found.name)
    for name in LIBRARIES:
        with contextlib.suppress(ModuleNotFoundError):  # a server without httptools, a system without uvloop
            importlib.import_module(name)
    weak_hashes.use()
    assert threading.active_count() == 1, "a fork takes only one thread along"
    gc.collect()
    gc.freeze()  # the collector of a program would copy all pages by looking at them


class Starter:
    """Waits for orders, for the ends of programs, and for sockets that are closed."""

    def __init__(self, orders: socket.socket) -> None:
        self._orders = orders
        self._running: dict[int, socket.socket] = {}
        self._woken, self._wakes = socket.socketpair()
        self._wakes.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(orders, selectors.EVENT_READ)
        self._selector.register(self._woken, selectors.EVENT_READ)
        signal.set_wakeup_fd(self._wakes.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the tests, which then close their socket

    def next_program(self) -> dict[str, Any] | None:
        """In a new process the order it has to carry out; in this one None, once no order can come any more."""
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._orders:
                    message, descriptors, _, _ = socket.recv_fds(self._orders, LONGEST_ORDER, 4)
                    if not message:
                        self._end()
                        return None
                    if self._fork(descriptors):
                        return dict(json.loads(message))
                elif key.fileobj is self._woken:
                    self._woken.recv(4096)
                    self._tell_ends()
                elif key.data in self._running:  # or its end has been told in this very round
                    os.kill(key.data, signal.SIGKILL)
                    self._selector.unregister(key.fileobj)

    def _fork(self, descriptors: list[int]) -> bool:
        """Whether this is the new process."""
        *streams, told = descriptors
        status = socket.socket(fileno=told)
        pid = os.fork()
        if pid == 0:
            self._leave(status)
            for number, stream in enumerate(streams):
                os.dup2(stream, number)
                os.close(stream)
            return True
        for stream in streams:
            os.close(stream)
        self._running[pid] = status
        self._selector.register(status, selectors.EVENT_READ, data=pid)
        _tell(status, pid)
        return False

    def _leave(self, status: socket.socket) -> None:
        """Let go, in the new process, of everything that is not the program's."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self._selector.close()
        for each in (self._orders, self._woken, self._wakes, status, *self._running.values()):
            each.close()

    def _tell_ends(self) -> None:
        while self._running:
            pid, how = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            status = self._running.pop(pid)
            with contextlib.suppress(KeyError):
                self._selector.unregister(status)
            _tell(status, os.waitstatus_to_exitcode(how))
            status.close()

    def _end(self) -> None:
        for pid in self._running:
            os.kill(pid, signal.SIGKILL)
        while self._running:
            self._tell_ends()
            time.sleep(0.01)


def _tell(status: socket.socket, number: int) -> None:
    with contextlib.suppress(OSError):  # nobody listens any more
        status.sendall(f"{number}\n".encode())


def main() -> None:
    """Serve until the socket is closed."""
    orders = socket.socket(fileno=int(sys.argv[1]))
    load()
    orders.send(b"loaded")
    order = Starter(orders).next_program()
    if order is not None:
        os.environ.clear()
        os.environ.update(order["env"])
        time.tzset()
        sys.argv = [order["module"], *order["arguments"]]
        runpy.run_module(order["module"], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
