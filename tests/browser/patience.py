"""How long tests wait for what a page shows: as long as a busy machine needs, which costs a quiet one nothing.

`expect` by itself gives up after five seconds; this is the same one, and the only one that tests take.
"""

from __future__ import annotations

from typing import Final

from playwright.async_api import expect  # noqa: TID251  # here it is made patient

__all__ = ("PATIENCE", "expect")

PATIENCE: Final = 60_000
"""Milliseconds for an answer of the bot, a page, or a press."""

expect.set_options(timeout=PATIENCE)
