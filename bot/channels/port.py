"""The interface of a messenger for the rest of the bot, and the error of a failed call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from bot.dialogue.heard import Heard
from bot.dialogue.says import Answer, Says
from desk.language.text import Locale, Text

Markup = Literal["html", "markdown", "plain"]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a messenger can do; each feature has a plain fallback. A setting or a probe overrides the defaults."""

    markup: Markup
    edits: bool = True
    styles: bool = False
    copy_buttons: bool = False
    venues: bool = False
    protects_content: bool = False
    secret_header: bool = False
    descriptions: bool = False
    """The bot can say what it is in an empty chat and on its page."""
    location_buttons: bool = True
    """A reply keyboard can ask for the person's location; without it, the bot asks in words."""
    most_buttons: int = 100
    """The most buttons under one message; further options are written in its text."""
    longest_data: int = 64
    """The most bytes of a button's data; an option that needs more is written in the text."""
    answers_only: bool = False
    """Messages are accepted only for a while after the person wrote; later ones wait until they write again."""
    answers_in_response: bool = False
    """The response to a webhook may hold one call, whose result nobody is told."""
    longest_copy: int = 256
    longest_toast: int = 200
    longest_text: int = 4096
    longest_caption: int = 1024


class SendingFailed(Exception):
    """The messenger did not accept a message."""

    def __init__(
        self,
        reason: str,
        *,
        retry_after: float | None = None,
        is_final: bool = False,
        blocked: bool = False,
        not_now: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        """For staff, without tokens, URLs or what was said."""
        self.retry_after = retry_after
        """Seconds that the chat, or where there is none the bot, must wait (429); None = our own back-off."""
        self.is_final = is_final
        """True = trying again is useless: blocked (403), chat gone, or refused content (400)."""
        self.blocked = blocked
        self.not_now = not_now
        """True = the messenger accepts no message for this chat until the person writes again."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An update that could not be understood; `reason` names fields and types only; `update_id` "" = it has none."""

    update_id: str
    reason: str
    is_for_us: bool = True
    """False = nothing is wrong with it: it comes from a group or a channel, and the bot speaks with one person only."""
    group: str = ""
    """The chat that the bot has to leave; "" = none."""
    is_quiet: bool = False
    """True = the bot leaves it without a word: whatever it said would be published."""


@dataclass(slots=True)
class WebhookResponse:
    """What the 200 for an update may say beyond it: one call, made by the messenger once it has the response."""

    call: dict[str, Any] | None = None
    """The parameters of the call and, as `method`, its name."""


Refuses = Callable[[Heard | Unreadable], Awaitable[bool]]
"""Whether an update is confirmed unread, because its chat writes too fast; raises if the person could not be told."""


async def refuses_nobody(heard: Heard | Unreadable) -> bool:
    """Hear everything, however fast it comes."""
    return False


Hears = Callable[[Heard | Unreadable], Awaitable[None]]
"""Handles one update completely: committed and answered. Raises if it was not committed, so that it comes again."""


class Channel(Protocol):
    """One bot on one messenger."""

    name: str
    bot: str
    capabilities: Capabilities

    async def start(self) -> None:
        """Read our user name; never delays the start for a cosmetic method that fails."""

    async def known_as(self) -> str:
        """Our user name at the messenger, by which links open the bot; "" = it does not tell now."""

    async def stop(self) -> None: ...

    async def poll(self, hears: Hears, refuses: Refuses = refuses_nobody) -> None:
        """Run until cancelled: long polling; an update is confirmed only after `hears` returned for it."""

    def polling_trouble(self) -> str | None: ...

    async def webhook_trouble(self) -> str | None: ...

    async def set_webhook(self, url: str, *, secret: str) -> None: ...

    def read(self, raw: Mapping[str, Any]) -> Heard | Unreadable:
        """Repair and validate one raw update."""

    async def answer(self, answer: Answer, *, response: WebhookResponse | None = None) -> None:
        """Acknowledge the press, delete, edit or send, in this order; raises SendingFailed.

        `response` is given where the capabilities say `answers_in_response`; it may be left as it is.
        """

    async def leave(self, chat: str, farewell: Text | None) -> None:
        """Leave a group or a channel, with a word before; failures are ignored."""

    async def send(self, chat: str, says: Says, *, locale: Locale) -> str:
        """Send one message and return its id; raises SendingFailed."""

    def voice(self, file_id: str) -> AsyncIterator[bytes]:
        """Stream a voice note; raises SendingFailed."""
