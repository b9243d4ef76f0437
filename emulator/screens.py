"""A chat as a person sees it: messages in order, the screen that changed last, buttons by their labels."""

import re
from dataclasses import dataclass

from emulator.chats import EmulatedChat, Message
from emulator.markup.spans import cut
from emulator.wire import Json

_INVISIBLE = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufe0f]")


def bare(text: str) -> str:
    """Return a text without invisible direction marks and doubled spaces, for comparing what people read."""
    return " ".join(_INVISIBLE.sub("", text).split())


@dataclass(frozen=True, slots=True)
class ShownButton:
    """A button as shown; exactly one of `data`, `url`, `copy` and `asks` ("contact", "location", "text") is set."""

    label: str
    data: str = ""
    url: str = ""
    copy: str = ""
    asks: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message as shown. `text` is the caption for media; `rows` its inline keyboard; `date` unix seconds."""

    message_id: int
    mine: bool
    kind: str
    text: str
    entities: tuple[Json, ...]
    media: Json
    rows: tuple[tuple[ShownButton, ...], ...]
    date: int
    edited: bool
    deleted: bool
    touched: int
    reply_to: int | None

    @property
    def plain(self) -> str:
        """The text without invisible direction marks."""
        return bare(self.text)

    @property
    def buttons(self) -> list[str]:
        """The labels of the inline keyboard in reading order."""
        return [button.label for row in self.rows for button in row]

    def marked(self, kind: str) -> list[str]:
        """Return the pieces of text marked as `kind`: "bold", "code", "text_link", …."""
        return [cut(self.text, entity) for entity in self.entities if entity["type"] == kind]

    def has(self, words: str) -> bool:
        """Tell whether these words can be read in it."""
        return bare(words) in self.plain


@dataclass(frozen=True, slots=True)
class Screen:
    """The chat at one moment. The current message is the one the bot sent or edited last and that still stands."""

    messages: tuple[ShownMessage, ...]
    current: ShownMessage | None
    news: tuple[ShownMessage, ...]
    keyboard_rows: tuple[tuple[ShownButton, ...], ...]
    alerts: tuple[str, ...]
    typing: bool

    @property
    def text(self) -> str:
        """The text of the current message, empty when the bot has said nothing."""
        return self.current.text if self.current else ""

    @property
    def plain(self) -> str:
        """The text of the current message without invisible direction marks."""
        return bare(self.text)

    @property
    def buttons(self) -> list[str]:
        """The labels of the inline keyboard of the current message."""
        return self.current.buttons if self.current else []

    @property
    def rows(self) -> tuple[tuple[ShownButton, ...], ...]:
        """The inline keyboard of the current message, row by row."""
        return self.current.rows if self.current else ()

    @property
    def keyboard(self) -> list[str]:
        """The labels of the reply keyboard."""
        return [button.label for row in self.keyboard_rows for button in row]

    @property
    def said(self) -> list[str]:
        """The texts of everything the bot sent or edited since the person's last act, oldest first."""
        return [shown.text for shown in self.news]

    def has(self, words: str) -> bool:
        """Tell whether these words can be read in what the bot said since the person's last act."""
        return any(shown.has(words) for shown in self.news) or bool(self.current and self.current.has(words))


def _inline(markup: Json | None) -> tuple[tuple[ShownButton, ...], ...]:
    if not markup or "inline_keyboard" not in markup:
        return ()
    return tuple(
        tuple(
            ShownButton(
                label=button["text"],
                data=button.get("callback_data", ""),
                url=button.get("url", ""),
                copy=button.get("copy_text", {}).get("text", ""),
                style=button.get("style", ""),
            )
            for button in row
        )
        for row in markup["inline_keyboard"]
    )


def _asks(button: Json) -> str:
    return "contact" if button.get("request_contact") else "location" if button.get("request_location") else "text"


def keyboard_rows(chat: EmulatedChat) -> tuple[tuple[ShownButton, ...], ...]:
    """Return the reply keyboard."""
    rows = chat.keyboard["keyboard"] if chat.keyboard else []
    return tuple(
        tuple(ShownButton(label=b["text"], asks=_asks(b), style=b.get("style", "")) for b in row) for row in rows
    )


def shown(message: Message) -> ShownMessage:
    """Return a message as a person sees it."""
    return ShownMessage(
        message_id=message.message_id,
        mine=message.mine,
        kind=message.kind,
        text=message.text,
        entities=tuple(message.entities),
        media=message.media,
        rows=_inline(message.markup),
        date=message.date,
        edited=bool(message.edited_at),
        deleted=message.deleted,
        touched=message.touched,
        reply_to=message.reply_to,
    )


def screen_of(chat: EmulatedChat, *, now: float) -> Screen:
    """Return the chat as the person sees it now."""
    messages = tuple(shown(message) for message in chat.messages.values())
    standing = sorted((m for m in messages if m.touched and not m.deleted and not m.mine), key=lambda m: m.touched)
    return Screen(
        messages=tuple(message for message in messages if not message.deleted),
        current=standing[-1] if standing else None,
        news=tuple(message for message in standing if message.touched > chat.touches_at_act),
        keyboard_rows=keyboard_rows(chat),
        alerts=tuple(query.text for query in chat.queries.values() if query.text),
        typing=bool(chat.action) and now < chat.action_until,
    )
