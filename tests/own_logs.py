"""What a test sets up for logs ends with it: the stream they go to is closed then, and a later test would fail."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog


def remember_no_logger() -> None:
    """Let every line ask anew where it goes, in this process: a logger that was remembered would outlive its test."""
    configure = structlog.configure

    def without_memory(**given: Any) -> None:
        configure(**{**given, "cache_logger_on_first_use": False})

    setattr(structlog, "configure", without_memory)  # noqa: B010  # mypy knows that it takes less


@contextmanager
def as_they_were() -> Iterator[None]:
    """Afterwards logs go where they went before."""
    root = logging.getLogger()
    ours, raises = structlog.get_config(), logging.raiseExceptions
    handlers, level = root.handlers[:], root.level
    try:
        yield
    finally:
        if structlog.get_config() != ours:
            structlog.configure(**ours)
        root.handlers[:], logging.raiseExceptions = handlers, raises
        root.setLevel(level)
