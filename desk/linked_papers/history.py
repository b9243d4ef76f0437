"""The history of linked papers: that a clerk linked some, or took that back, and why; it names nobody."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

SUBJECT: Final = "papers:"
"""The prefix of an event's subject that is a link."""


class LinkEvent(StrEnum):
    """The kinds of event of a link."""

    LINKED = "papers.linked"
    UNLINKED = "papers.unlinked"


def subject_of(link_id: int) -> str:
    """The subject of events about this link."""
    return f"{SUBJECT}{link_id}"
