"""One thing a person did in a chat, whatever the messenger."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from desk.values import GeoPoint


class Kind(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    CONTACT = "contact"
    LOCATION = "location"
    VOICE = "voice"
    PICTURE = "picture"
    """A photo, document, video, animation or album of any kind: refused, its file never downloaded."""
    OTHER = "other"
    """A sticker, a dice, whatever cannot be an answer."""
    SERVICE = "service"
    """The messenger tells of something in the chat (a pin, a timer), or moves a point on the map: nobody spoke."""
    EDITED = "edited"
    """An earlier message was rewritten; the answer it gave stands."""
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"


@dataclass(frozen=True, slots=True)
class Address:
    """One chat of one bot on one messenger; the same number on two messengers is two strangers."""

    channel: str
    bot: str
    chat: str


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice note by reference; the sound stays with the messenger until staff listen."""

    file_id: str
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class SharedContact:
    phone: str
    is_own: bool
    """The contact's user is the sender; another person's number is not accepted."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What arrived, repaired and validated by the adapter. Text has bidi controls stripped, letters kept.

    `update_id` is the messenger's own key of the update, unique in its bot, at most 60 letters. `choice` is the data of
    the pressed button, not to be trusted. `start` is the payload of `/start` (None = no start command, "" = a bare
    one). `message_id` is the message pressed or written. `query_id` must be acknowledged.
    """

    address: Address
    update_id: str
    kind: Kind
    text: str = ""
    choice: str = ""
    start: str | None = None
    point: GeoPoint | None = None
    contact: SharedContact | None = None
    voice: Voice | None = None
    message_id: str | None = None
    query_id: str | None = None
    album: str = ""
    """The messenger's name of the album a picture came in; "" = in none, or it does not say so."""
