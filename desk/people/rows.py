"""A person in the list of a chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.people.rules import DocumentKind


@dataclass(frozen=True, slots=True)
class KnownPersonRow:
    """A person as this chat knows them; `name` is for the appointment, `nickname` for the buttons."""

    id: int
    person_id: int
    name: str
    nickname: str
    document_kind: DocumentKind
    is_in_doubt: bool
    """An appointment with the number fell; it is asked for again before another is booked."""
    identity_last4: str | None
    used_at: datetime
