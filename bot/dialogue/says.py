"""What the bot says: messages with buttons, without language and messenger, for a renderer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.dialogue.heard import Address
from desk.language.text import Locale, Param
from desk.values import GeoPoint


class ButtonStyle(StrEnum):
    """The colour of a button where the messenger has one; its label always says the meaning too."""

    PLAIN = "plain"
    CONFIRM = "confirm"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """`data` is at most 64 bytes; `copies` set = a button that copies this text (where the messenger can)."""

    label: Param
    data: str = ""
    style: ButtonStyle = ButtonStyle.PLAIN
    copies: str | None = None


@dataclass(frozen=True, slots=True)
class Pin:
    """A location on the map, with name and address where the messenger shows them."""

    point: GeoPoint
    title: Param
    address: Param


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """An event for the person's own calendar; a later one of the same `uid` with a higher `version` replaces it."""

    uid: str
    version: int
    starts_at: datetime
    title: Param
    place: Param
    notes: Param


@dataclass(frozen=True, slots=True)
class PictureLine:
    """One thing that a picture says in words."""

    text: Param
    is_large: bool = False
    is_of_one: bool = False
    """True = it is of one person or one code alone, so nothing of it is kept for another picture."""


@dataclass(frozen=True, slots=True)
class CodePicture:
    """A picture of a code for a reader, and under it what it stands for, for people who see the picture alone."""

    code: str
    lines: tuple[PictureLine, ...] = ()


@dataclass(frozen=True, slots=True)
class EarlierMessage:
    """A message of the bot that stands in the chat, by the messenger's own number."""

    message_id: str
    has_picture: bool


@dataclass(frozen=True, slots=True)
class Says:
    """One message.

    `stays` = a result (ticket, code, reply): always a new message, never edited. Otherwise a screen that may replace
    the one whose button was pressed. `picture` is shown with the text as caption. `asks_location` = the reply
    keyboard with a button of this label that sends the person's place; `rows` then stand below it as plain reply
    buttons. `clears_keyboard` = this message removes such a reply keyboard. `kept` = what the chat keeps where this
    could not be sent, so that the next answer shows it: the flow that does (`Flow.owes`), and what it needs for it.
    """

    text: Param
    rows: tuple[tuple[Button, ...], ...] = ()
    stays: bool = False
    picture: CodePicture | None = field(default=None, repr=False)
    pin: Pin | None = None
    event: CalendarEvent | None = None
    """Sent as a calendar file, with the text as its caption."""
    asks_location: Param | None = None
    clears_keyboard: bool = False
    kept: tuple[str, str] | None = field(default=None, repr=False)
    about: str = ""
    """What this message of the desk is about: what is written after it, or as a reply to it, is for the desk
    (`Destinations.of_message`). "" = it is none of the desk."""
    asks: bool = False
    """It asks something itself: a «yes» or «no» that is written below it may answer it, and not the present screen."""
    answers: tuple[str, str] | None = None
    """Of one that asks: the data of its buttons that «yes» and «no» mean; None = the person presses a button."""
    remains: tuple[Button, ...] | None = None
    """The buttons that are left of it once another screen has taken its place; None = its buttons hold for good."""
    protects: bool = False
    """Prevent forwarding, where the messenger can."""
    alters: EarlierMessage | None = None
    """The message whose words and buttons these replace, its picture stays; where it cannot be edited any more, or the
    messenger edits none, nothing is said at all."""


@dataclass(frozen=True, slots=True)
class Answer:
    """All that one exchange leads to, in order, in one language. Written to nobody before its transaction is committed.

    `edits` = the message the first screen replaces. `toast` = the short answer to a pressed button (at most 200
    letters). `deletes` = messages of the person to be taken away (a photo of a paper, a typed number). `leaves` =
    a message with buttons of an earlier screen, which are taken away where the messenger can.
    """

    address: Address
    locale: Locale
    says: tuple[Says, ...] = ()
    toast: Param | None = None
    query_id: str | None = None
    edits: str | None = None
    deletes: tuple[str, ...] = ()
    leaves: str | None = None
