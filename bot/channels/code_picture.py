"""Draws a code alone as a picture, for the counter's reader: what a ticket has where no letters can be drawn."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import Final

import segno

PIXELS_A_MODULE: Final = 10
QUIET_MODULES: Final = 4
"""The white edge that readers ask for."""
MASK: Final = 3
"""The pattern laid over the modules. Readers read each of the eight; the library would draw and judge all of them."""
LEVEL: Final = 6
"""Of zlib: the highest takes four times as long and saves a thirtieth."""

NO_FILTER: Final = b"\0"
"""The first byte of a row of pixels."""


def qr(text: str) -> bytes:
    """A QR code as PNG, with a bit for each pixel."""
    rows = code_rows(text, pixels=PIXELS_A_MODULE)
    return png(len(rows), rows)


def code_rows(text: str, *, pixels: int, width: int | None = None) -> list[bytes]:
    """The code within its white edge as rows for `png`, so many pixels a module, in the middle of `width` pixels.

    They are written here: the library computes every row of pixels from the same module again.
    """
    modules = segno.make(text, error="m", micro=False, mask=MASK).matrix
    side = (len(modules) + 2 * QUIET_MODULES) * pixels
    width = side if width is None else width
    left = (width - side) // 2 + QUIET_MODULES * pixels
    length = -(-width // 8)
    last = length * 8 - left - len(modules) * pixels  # the right edge, and what fills the last byte
    light = (1 << pixels) - 1
    empty = [white(width)] * (QUIET_MODULES * pixels)
    rows = []
    for line in modules:
        bits = (1 << left) - 1
        for dark in line:
            bits = bits << pixels | (0 if dark else light)
        bits = bits << last | ((1 << last) - 1)
        rows += [NO_FILTER + bits.to_bytes(length, "big")] * pixels
    return [*empty, *rows, *empty]


def white(width: int) -> bytes:
    """A row without anything."""
    return NO_FILTER + b"\xff" * -(-width // 8)


def png(width: int, rows: Sequence[bytes]) -> bytes:
    """Rows of black and white pixels as PNG: each its filter, then eight pixels in a byte, 1 = white."""
    pixels = zlib.compress(b"".join(rows), LEVEL)
    shape = struct.pack(">IIBBBBB", width, len(rows), 1, 0, 0, 0, 0)
    parts = ((b"IHDR", shape), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part)) + name + part + struct.pack(">I", zlib.crc32(name + part)) for name, part in parts
    )
