"""Draws the square on a slip that a phone scans, as an image within the page."""

from __future__ import annotations

from typing import Final

import segno
from markupsafe import Markup

QUIET: Final = 4
"""The white edge that readers ask for, in modules."""


def square(address: str) -> Markup:
    """The QR code of this address; its size is said by the style of the page."""
    drawn = segno.make(address, error="m", micro=False)
    side = len(drawn.matrix) + 2 * QUIET
    dark = "".join(
        f"M{across + QUIET} {down + QUIET}h1v1h-1z"
        for down, row in enumerate(drawn.matrix)
        for across, is_dark in enumerate(row)
        if is_dark
    )
    return Markup('<svg class="square" viewBox="0 0 {} {}" role="img"><path d="{}"/></svg>').format(side, side, dark)
