"""One update of a chat in a form that does not depend on the messenger."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from desk.values import GeoPoint


class HeardKind(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    CONTACT = "contact"
    LOCATION = "location"
    VOICE = "voice"
    PICTURE = "picture"
    """A photo, document, video, animation or album: refused, and its file is never downloaded."""
    OTHER = "other"
    """A sticker, a dice, or anything else that is no answer."""
    SERVICE = "service"
    """A service message (a pin, a timer), or a moving live location: the person said nothing."""
    EDITED = "edited"
    """An earlier message was edited; the answer that it gave stays."""
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"


@dataclass(frozen=True, slots=True)
class Address:
    """One chat of one bot on one messenger; the same id on two messengers means different people."""

    channel: str
    bot: str
    chat: str


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice note by reference; the messenger keeps the recording until staff listen."""

    file_id: str
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class SharedContact:
    phone: str
    is_own: bool
    """The contact is the sender's own; another person's number is not accepted."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One update, repaired and validated by the adapter; its text has no bidi controls.

    `update_id` is the messenger's own key of the update, unique in its bot, at most 60 letters. `choice` is the data of
    the pressed button, not to be trusted. `start` is the payload of `/start` (None = no start command, "" = a bare
    one). `message_id` is the message pressed or written. `query_id` must be acknowledged.
    """

    address: Address
    update_id: str
    kind: HeardKind
    text: str = ""
    choice: str = ""
    start: str | None = None
    point: GeoPoint | None = None
    contact: SharedContact | None = None
    voice: Voice | None = None
    message_id: str | None = None
    query_id: str | None = None
    replies_to: str | None = None
    """The id of the message of the chat that this one replies to."""
    album: str = ""
    """The messenger's id of the picture's album; "" = none, or not given."""
