"""Reads the code on a picture as a counter's reader does: by a library that had no part in drawing it."""

from __future__ import annotations

import zlib

import zxingcpp

SIGNATURE = b"\x89PNG\r\n\x1a\n"
WHITE = 255
QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCodeModel2)
"""The kind that every reader knows; the small kinds of it are read by few."""


def read_codes(png: bytes) -> list[str]:
    """The text of every QR code on a picture of black and white pixels, one bit each."""
    width, height, packed = _rows(png)
    pixels = bytes(WHITE if row[place // 8] >> (7 - place % 8) & 1 else 0 for row in packed for place in range(width))
    image = memoryview(pixels).cast("B", (height, width))
    return [found.text for found in zxingcpp.read_barcodes(image, formats=QR)]


def _rows(png: bytes) -> tuple[int, int, list[bytearray]]:
    """Width, height and the packed rows. Knows only such a PNG as the ticket is: black and white, two filters."""
    assert png.startswith(SIGNATURE)
    chunks: dict[bytes, bytes] = {}
    at = len(SIGNATURE)
    while at < len(png):
        length = int.from_bytes(png[at : at + 4])
        name, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert zlib.crc32(name + body) == int.from_bytes(png[at + 8 + length : at + 12 + length]), "the file is broken"
        chunks[name] = chunks.get(name, b"") + body
        at += 12 + length
    header = chunks[b"IHDR"]
    width, height = int.from_bytes(header[:4]), int.from_bytes(header[4:8])
    assert tuple(header[8:]) == (1, 0, 0, 0, 0), "another kind of PNG: depth, colour, packing, filter, interlace"
    step = (width + 7) // 8
    data = zlib.decompress(chunks[b"IDAT"])
    assert len(data) == height * (1 + step)
    rows: list[bytearray] = []
    above = bytearray(step)
    for start in range(0, len(data), 1 + step):
        filtered, row = data[start], bytearray(data[start + 1 : start + 1 + step])
        assert filtered in (0, 2), f"filter {filtered} is not known here"
        if filtered == 2:
            row = bytearray((byte + over) & 0xFF for byte, over in zip(row, above, strict=True))
        rows.append(row)
        above = row
    return width, height, rows
