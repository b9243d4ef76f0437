"""Renders what the bot says for one language and messenger: text, keyboard, picture and location."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from bot.channels.calendar_file import calendar_file
from bot.channels.calling import SentFile
from bot.channels.markup import DRESSES, in_messages, right_to_left, units
from bot.channels.port import Capabilities
from bot.channels.ticket_card import CardLine, TicketCard
from bot.dialogue import phrases
from bot.dialogue.says import Button, ButtonStyle, CalendarEvent, CodePicture, EarlierMessage, Pin, Says
from desk.calendar import local_day_of
from desk.clock import Clock
from desk.language.language import Language
from desk.language.spans import Span
from desk.language.text import Locale, Param, paragraphs
from desk.reading.folding import strip_bidi
from desk.values import GeoPoint

log = structlog.get_logger(__name__)

STYLES = {ButtonStyle.CONFIRM: "success", ButtonStyle.DANGER: "danger"}
CALENDAR_NAME = "appointment.ics"
CLEARED = '{"remove_keyboard":true}'
NAMELESS = "—"
"""The label of a button whose label came out empty; a messenger would refuse the whole message."""


@dataclass(frozen=True, slots=True)
class Place:
    """A location with its rendered name and address; without a name it is a bare point."""

    point: GeoPoint
    title: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """One message ready to send; `texts` are formatted parts of allowed length, and the last one has the keyboard.

    `keyboard` is the JSON of `reply_markup`, "" = none. `replaces` = it may be an edit of an earlier screen.
    `clears_first` = a reply keyboard must be removed by another message before, since this one has buttons.
    `alters` = it is said only by editing this message, and where the messenger edits none, `texts` is empty.
    """

    texts: tuple[str, ...]
    keyboard: str = ""
    picture: TicketCard | None = None
    document: SentFile | None = None
    is_caption: bool = False
    place: Place | None = None
    replaces: bool = False
    clears_first: bool = False
    protects: bool = False
    alters: EarlierMessage | None = None


class Renderer:
    """Renders for one messenger; today is the day of `clock` in Tehran."""

    def __init__(self, *, language: Language, capabilities: Capabilities, clock: Clock) -> None:
        self._language = language
        self._can = capabilities
        self._clock = clock
        self._dress = DRESSES[capabilities.markup]

    def render(self, says: Says, *, locale: Locale) -> Rendered:
        """Return the message for people who read `locale`."""
        can, today = self._can, local_day_of(self._clock.now())
        if says.alters is not None and not can.edits:
            return Rendered((), alters=says.alters)
        rows, unpressable = self._rows(says, locale)
        text = says.text if not unpressable else paragraphs(says.text, phrases.write_one_of(unpressable))
        spans = self._language.spans(text, locale, today=today)
        place = None
        if says.pin is not None:
            place, spans = self._place(says.pin, spans, locale)
        texts = in_messages(right_to_left(spans), dress=self._dress, longest=can.longest_text)
        has_reply_keyboard = self._asks_location(says)
        keyboard = self._keyboard(says, rows, locale)
        is_file = says.picture is not None or says.event is not None
        is_plain = not is_file and place is None and not has_reply_keyboard and not says.clears_keyboard
        return Rendered(
            texts=texts,
            keyboard=keyboard or (CLEARED if says.clears_keyboard else ""),
            picture=self._card(says.picture, locale) if says.picture is not None else None,
            document=self._event(says.event, locale) if says.event is not None else None,
            is_caption=is_file and len(texts) == 1 and units(texts[0]) <= can.longest_caption,
            place=place,
            replaces=is_plain and not says.stays and bool(texts) and can.edits,
            clears_first=says.clears_keyboard and bool(keyboard) and not has_reply_keyboard,
            protects=says.protects and can.protects_content,
            alters=says.alters,
        )

    def left_with(self, buttons: Sequence[Button], *, locale: Locale) -> str:
        """The keyboard with these buttons alone; with none, it has to be said all the same."""
        shown = [shaped for button in buttons if (shaped := self._button(button, locale)) is not None]
        return _json({"inline_keyboard": [shown] if shown else []})

    def toast(self, shown: Param, *, locale: Locale) -> str:
        """Return the short answer to a pressed button, cut to the messenger's limit."""
        return self.plain(shown, locale=locale)[: self._can.longest_toast]

    def plain(self, shown: Param, *, locale: Locale) -> str:
        """Return a short text without markup on one line: a label, a toast."""
        return self._language.plain(shown, locale, today=local_day_of(self._clock.now())).replace("\n", " ").strip()

    def _card(self, picture: CodePicture, locale: Locale) -> TicketCard:
        lines = picture.lines
        said = (CardLine(self.plain(line.text, locale=locale), line.is_large, line.is_of_one) for line in lines)
        return TicketCard(picture.code, tuple(said))

    def _event(self, event: CalendarEvent, locale: Locale) -> SentFile:
        now = self._clock.now()
        today = local_day_of(now)
        title, place, notes = (
            strip_bidi(self._language.plain(words, locale, today=today))
            for words in (event.title, event.place, event.notes)
        )
        content = calendar_file(
            uid=event.uid,
            version=event.version,
            starts_at=event.starts_at,
            title=title,
            place=place,
            notes=notes,
            now=now,
        )
        return SentFile(CALENDAR_NAME, content)

    def _place(self, pin: Pin, spans: tuple[Span, ...], locale: Locale) -> tuple[Place, tuple[Span, ...]]:
        title, address = self.plain(pin.title, locale=locale), self.plain(pin.address, locale=locale)
        if self._can.venues and title and address:
            return Place(pin.point, title, address), spans
        # Where the map shows no name and address, they are put before the text.
        words = "\n".join(part for part in (title, address) if part)
        if not words:
            return Place(pin.point), spans
        return Place(pin.point), (Span(words + "\n\n" if spans else words), *spans)

    def _asks_location(self, says: Says) -> bool:
        return says.asks_location is not None and self._can.location_buttons

    def _keyboard(self, says: Says, rows: list[list[dict[str, Any]]], locale: Locale) -> str:
        if says.asks_location is not None and self._can.location_buttons:
            asking = [{"text": self._label(says.asks_location, locale), "request_location": True}]
            return _json({"keyboard": [asking, *rows], "resize_keyboard": True, "one_time_keyboard": True})
        return _json({"inline_keyboard": rows}) if rows else ""

    def _rows(self, says: Says, locale: Locale) -> tuple[list[list[dict[str, Any]]], list[Param]]:
        """The buttons that the messenger can show, and the labels of the others, which are written in the text."""
        asks_location = self._asks_location(says)
        room = self._can.most_buttons - asks_location
        rows: list[list[dict[str, Any]]] = []
        unpressable: list[Param] = []
        for row in says.rows:
            shown: list[dict[str, Any]] = []
            for button in row:
                shaped = {"text": self._label(button.label, locale)} if asks_location else self._button(button, locale)
                if shaped is not None and room > 0:
                    shown.append(shaped)
                    room -= 1
                elif shaped is not None or button.data:
                    unpressable.append(button.label)
            if shown:
                rows.append(shown)
        return rows, unpressable

    def _button(self, button: Button, locale: Locale) -> dict[str, Any] | None:
        """None = it cannot be shown: its data is too long, or it only copies what the text shows too."""
        shaped: dict[str, Any] = {"text": self._label(button.label, locale)}
        if button.copies and self._can.copy_buttons:
            shaped["copy_text"] = {"text": button.copies[: self._can.longest_copy]}
        elif button.data:
            if len(button.data.encode()) > self._can.longest_data:
                # A missing button is better than a message that the messenger refuses.
                log.warning("button left out: its data is too long", size=len(button.data.encode()))
                return None
            shaped["callback_data"] = button.data
        else:
            return None
        if self._can.styles and button.style in STYLES:
            shaped["style"] = STYLES[button.style]
        return shaped

    def _label(self, label: Param, locale: Locale) -> str:
        return self.plain(label, locale=locale) or NAMELESS


def _json(markup: dict[str, Any]) -> str:
    return json.dumps(markup, ensure_ascii=False, separators=(",", ":"))
