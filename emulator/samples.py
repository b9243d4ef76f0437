"""Small sample files a phone can send when no real one is at hand."""

import struct
import zlib


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int) -> bytes:
    """Return a PNG with a soft blue gradient."""
    line = bytes(value for x in range(width) for value in (60 + x * 90 // width, 130 + x * 60 // width, 190))
    rows = zlib.compress((b"\x00" + line) * height, 9)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


PIXEL_PNG = png(32, 24)
#: The first page of an Ogg stream: enough for a bot, which stores and passes on voice notes without decoding them.
SILENT_VOICE = b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00"
