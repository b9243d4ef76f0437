"""The rows of the list of chats with signs: none holds a name, the number of a paper, or which chat it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from desk.appointments.rules import AppointmentState
from desk.events.shown import ShowsSomebody
from desk.language.text import Localised
from desk.signs.rules import Judgement, SignKind, Strength, strength_of_chat

SUBJECT = "chat_signs:"
"""The prefix of an event's subject that is a chat with signs; it stands for six digits that lead to nothing else."""


@dataclass(frozen=True, slots=True)
class SignRow:
    """One sign of a chat."""

    kind: SignKind
    times: int
    strength: Strength
    since: date
    is_new: bool
    """Nobody has looked since it is there, or since it is so strong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignsOfChat(ShowsSomebody):
    """A chat with its signs, the strongest first, and what somebody found who looked at it."""

    id: int
    signs: tuple[SignRow, ...]
    looked_at: datetime | None
    looked_by: str | None
    """The name of the member of staff; None where the account is gone."""
    judgement: Judgement | None

    @property
    def shows(self) -> str:
        return f"{SUBJECT}{self.id}"

    @property
    def strength(self) -> Strength:
        """How strong the signs are together."""
        return strength_of_chat(sum(sign.strength for sign in self.signs))

    @property
    def since(self) -> date:
        """The day since which there are signs."""
        return min(sign.since for sign in self.signs)


@dataclass(frozen=True, slots=True)
class FoundChats:
    """Some chats with signs, and the number of all."""

    rows: list[SignsOfChat]
    total: int


@dataclass(frozen=True, slots=True)
class AppointmentOfChat:
    """An appointment of the chat: when and where it is, for what, and when it was booked; not for whom.

    It registers nobody: the reading names the chat, and a list of its appointments in the history would tie them
    together for ever.
    """

    starts_at: datetime
    zone: str
    office: Localised
    office_code: str
    service: Localised
    state: AppointmentState
    taken_at: datetime
