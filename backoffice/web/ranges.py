"""Answers range requests for sound: Safari plays nothing without them (RFC 9110, section 14)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from litestar import Response
from litestar.response import Stream

from backoffice.web.http import AudioStream

LARGEST = 4 * 1024 * 1024
"""The most bytes held for one response: a voice note of half an hour."""
OFFERED = {"accept-ranges": "bytes"}

_ONE_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})$")


@dataclass(frozen=True, slots=True)
class ByteRange:
    """The bytes from `first` to `last`, both counted in, of `total`."""

    first: int
    last: int
    total: int

    @property
    def header(self) -> str:
        """The value of Content-Range."""
        return f"bytes {self.first}-{self.last}/{self.total}"


def piece_of(header: str, *, total: int) -> ByteRange | None:
    """The requested part; None where it begins behind the end."""
    found = _ONE_RANGE.fullmatch(header.strip())
    if found is None:
        return None
    if not found[1]:
        first = max(total - int(found[2]), 0)
        return ByteRange(first, total - 1, total) if int(found[2]) and total else None
    first, last = int(found[1]), int(found[2] or total - 1)
    if first >= total or last < first:
        return None
    return ByteRange(first, min(last, total - 1), total)


async def answer_with(sound: AudioStream, *, asked: str) -> Response[Any]:
    """The sound, or the part that the header Range asks for.

    The length of a sound is known only at its end, so for a part it is read into memory, at most LARGEST bytes; a
    longer one is sent whole, which browsers must accept.
    """
    if _ONE_RANGE.fullmatch(asked.strip()) is None:
        return Stream(sound.chunks, media_type=sound.media_type, headers=OFFERED)
    held = bytearray()
    async for chunk in sound.chunks:
        held += chunk
        if len(held) > LARGEST:
            return Stream(_continued(bytes(held), sound.chunks), media_type=sound.media_type, headers=OFFERED)
    piece = piece_of(asked, total=len(held))
    if piece is None:
        return Response(b"", status_code=416, headers={**OFFERED, "content-range": f"bytes */{len(held)}"})
    return Response(
        bytes(held[piece.first : piece.last + 1]),
        status_code=206,
        media_type=sound.media_type,
        headers={**OFFERED, "content-range": piece.header},
    )


async def _continued(held: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield held
    async for chunk in rest:
        yield chunk
