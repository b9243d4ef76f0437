"""Structured logs that hold no token, no address of a bot call, no number of a paper and nothing that anybody wrote."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from contextlib import suppress
from pathlib import PurePath
from types import TracebackType
from typing import Any, TextIO

import structlog

TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{3,}(?=/|\b)")
BOT_PATH = re.compile(r"/(?:file/)?bot[^/\s]+|/hooks/\w+/[\w-]+")
LONG_NUMBER = re.compile(r"(?<!\d)\d(?:[\s\-./\u200c]?\d){8,}(?!\d)")
"""A tracking code, a phone or an identity number in any digits, grouped or not; ids are logged as integers."""
WRITTEN = re.compile(r"[^\x00-\x7f…]+(?:[\s،.؟!]+[^\x00-\x7f…]+)*")
"""What people write: our own lines are English, so any other script got in by mistake."""

NOISY = ("alembic", "httpx", "httpcore", "aiogram", "telegram", "apscheduler", "aiosqlite", "asyncio", "uvicorn")
OWN_WORDS = {"timestamp", "level"}
DEEPEST = 12
"""The frames logged for each exception, those nearest to the fault."""


def clean(text: str) -> str:
    """The text without anything that must not be logged."""
    for pattern, instead in (
        (BOT_PATH, "/[secret]"),
        (TOKEN, "[token]"),
        (LONG_NUMBER, "[number]"),
        (WRITTEN, "[text]"),
    ):
        text = pattern.sub(instead, text)
    return text


def redact(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor that cleans every text of an entry, at any depth."""
    for key, value in event.items():
        if key not in OWN_WORDS:
            event[key] = _cleaned(value)
    return event


def _cleaned(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    return clean(value if isinstance(value, str) else str(value))


def place_of(error: BaseException) -> str:
    """The types and places of an exception and its causes, without messages: these quote what people wrote.

    Such as `ValueError at desk/values.py:40 in parse < bot/receiving/exchange.py:45 in hear, from KeyError at …`.
    """
    told, seen = [], set[int]()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        told.append(f"{type(current).__name__}{_frames(current.__traceback__)}")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return ", from ".join(told)


def _frames(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)[-DEEPEST:]
    places = [f"{'/'.join(PurePath(frame.filename).parts[-3:])}:{frame.lineno} in {frame.name}" for frame in frames]
    return f" at {' < '.join(reversed(places))}" if places else ""


def locate(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor that replaces a traceback by the place of the exception."""
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else sys.exc_info()[1] if given else None
    if isinstance(given, tuple):
        error = given[1]
    if error is not None:
        event["exception"] = place_of(error)
    return event


class LineWriter(structlog.WriteLogger):
    """Writes our own lines. One that cannot be written is lost: whatever is at work when it logs goes on.

    The disk may be full, or the program that read the lines may have ended.
    """

    def msg(self, message: str) -> None:
        """Write the line."""
        with suppress(OSError, ValueError):  # a ValueError says that the stream is closed
            super().msg(message)

    log = debug = info = warn = warning = error = err = critical = fatal = failure = exception = msg


class Lines(logging.Formatter):
    """Formats log lines of libraries like our own."""

    def __init__(self) -> None:
        super().__init__("timestamp='%(asctime)s' level='%(levelname)s' event=%(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line, its message cleaned."""
        record.message = repr(clean(record.getMessage()))
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:
        """The place of the exception instead of its traceback."""
        return f"exception={place_of(ei[1])!r}"


def set_up(level: str, *, stream: TextIO | None = None) -> None:
    """Logs of our own and of the libraries on standard error (or `stream`), one line each, cleaned."""
    stream = stream or sys.stderr
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        locate,
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"])],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=lambda *_names: LineWriter(stream),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines())
    logging.raiseExceptions = False  # logging would print a line that it cannot format, with all its data
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
