"""Writes the calendar file of an appointment (RFC 5545), which phones open with their own calendar."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

MEDIA_TYPE = "text/calendar"
LONGEST_LINE = 75
"""Octets of a line; a longer one goes on in the next, which begins with a space."""
_ENDS_OF_LINES = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def calendar_file(
    *, uid: str, version: int, starts_at: datetime, title: str, place: str, notes: str, now: datetime
) -> bytes:
    """The file with one event and its alarm two hours before. Moments are written in UTC, which every phone knows.

    A later file of the same `uid` with a higher `version` takes the place of the earlier one. How long it takes is not
    said: nobody knows.
    """
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Mizban//Appointments//FA",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{_text(uid)}",
        f"SEQUENCE:{version}",
        f"DTSTAMP:{_moment(now)}",
        f"DTSTART:{_moment(starts_at)}",
        f"SUMMARY:{_text(title)}",
        f"LOCATION:{_text(place)}",
        f"DESCRIPTION:{_text(notes)}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:-PT2H",
        f"DESCRIPTION:{_text(title)}",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """A value. Control characters are no part of one, and any end of a line is said in letters."""
    return "".join(filter(_may_stand, _ENDS_OF_LINES.sub("\n", text))).translate(_ESCAPED)


def _may_stand(letter: str) -> bool:
    return letter in "\n\t" or unicodedata.category(letter) != "Cc"


def _folded(line: str) -> bytes:
    """The line in pieces of the allowed length; no letter is cut in two."""
    pieces: list[bytes] = []
    piece = b""
    for letter in line:
        added = letter.encode()
        if len(piece) + len(added) > LONGEST_LINE - bool(pieces):
            pieces.append(piece)
            piece = b""
        piece += added
    return b"\r\n ".join([*pieces, piece])
