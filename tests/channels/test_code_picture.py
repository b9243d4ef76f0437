"""The picture of a code alone shows what the library draws, pixel by pixel."""

from __future__ import annotations

import struct
import zlib

import pytest
import segno

from bot.channels.code_picture import MASK, PIXELS_A_MODULE, QUIET_MODULES, qr


def _pixels(png: bytes) -> list[list[int]]:
    """The rows of a picture of one bit a pixel whose rows have no filter; 1 = dark."""
    place, side, data = 8, 0, b""
    while place < len(png):
        length = int.from_bytes(png[place : place + 4], "big")
        name, part = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        assert zlib.crc32(name + part) == int.from_bytes(png[place + 8 + length : place + 12 + length], "big")
        if name == b"IHDR":
            side, height, *kind = struct.unpack(">IIBBBBB", part)
            assert (side, kind) == (height, [1, 0, 0, 0, 0])
        data += part if name == b"IDAT" else b""
        place += 12 + length
    rows, width = zlib.decompress(data), (side + 7) // 8 + 1
    assert set(rows[::width]) == {0}
    bits = [int.from_bytes(rows[at + 1 : at + width], "big") for at in range(0, len(rows), width)]
    return [[1 - (row >> (width - 1) * 8 - 1 - across & 1) for across in range(side)] for row in bits]


@pytest.mark.parametrize("text", ["23452345", "99", "7" * 40, "x" * 200])
def test_the_picture_is_what_the_library_draws(text: str) -> None:
    drawn = segno.make(text, error="m", micro=False, mask=MASK).matrix_iter(scale=PIXELS_A_MODULE, border=QUIET_MODULES)
    assert _pixels(qr(text)) == [list(row) for row in drawn]
