"""Listens to the statements that a database is sent for as long as a test wants to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from desk.storage.engine import Storage


@contextmanager
def told_of_statements(storage: Storage, note: Callable[[str, Any], None]) -> Iterator[None]:
    """Tell `note` of each statement before it is executed: its text, and the context that it was put together in."""

    def listen(_connection: Any, _cursor: Any, text: str, _values: Any, context: Any, _many: bool) -> None:
        note(text, context)

    engine = storage.engine.sync_engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", listen)
