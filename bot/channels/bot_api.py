"""What Telegram and Bale have in common: both offer the Bot API; each adds its own wire to this class."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any, Final, Protocol

import structlog

from bot.channels.calling import Caller, Params, Transport, told
from bot.channels.introduction import Introduction, introduce
from bot.channels.polling import Poller
from bot.channels.port import (
    Capabilities,
    Hears,
    Refuses,
    SendingFailed,
    Unreadable,
    WebhookResponse,
    refuses_nobody,
)
from bot.channels.reading import Check, Reader
from bot.channels.render import Renderer
from bot.channels.speaking import Speaker
from bot.dialogue.heard import Heard
from bot.dialogue.says import Answer, Says
from bot.receiving.lanes import Lanes
from bot.sending.pacing import Pacer
from desk.clock import Clock, steady
from desk.language.language import Language
from desk.language.text import Locale, Text

log = structlog.get_logger(__name__)

TIMEOUT: Final = 15.0
"""Seconds for a call; longer ones (long polling) say so."""
CONNECT_TIMEOUT: Final = 8.0
CHUNK: Final = 64 * 1024
HEARD_KINDS: Final = ["message", "edited_message", "callback_query", "my_chat_member"]
CONFLICT: Final = "409"
"""The prefix of a reason: a webhook, or another poller, prevents polling."""
NOT_OURS: Final = ("401", "403", "404")
"""Prefixes of a reason: the messenger does not know our token (Bale answers 403 or 404)."""
SILENT: Final = 90.0
"""Seconds without an answer to polling (each request may take LONG_WAIT) after which it is reported."""
ASKED_ABOUT_US: Final = 3.0


class Wire(Transport, Protocol):
    """The library of one messenger, as a channel uses it."""

    def file(self, path: str) -> AsyncIterator[bytes]:
        """Stream a file of the messenger; raises SendingFailed."""

    async def close(self) -> None:
        """Close the connections."""


class BotApiChannel:
    """One bot; subclasses give the messenger's name, its abilities, extra parameters and its wire."""

    name: str

    def __init__(
        self,
        *,
        token: str,
        wire: Wire,
        check: Check,
        language: Language,
        clock: Clock,
        capabilities: Capabilities,
        abilities: Mapping[str, Any] | None,
        pacer: Pacer | None,
        lanes: Lanes | None,
        introduction: Introduction | None,
    ) -> None:
        self.bot = token.partition(":")[0]
        self.username = ""
        self.capabilities = replace(capabilities, **abilities) if abilities else capabilities
        self.pacer = Pacer() if pacer is None else pacer
        self.lanes = Lanes() if lanes is None else lanes  # an empty Lanes is false
        self._wire = wire
        self._caller = Caller(wire, pacer=self.pacer)
        self._renderer = Renderer(language=language, capabilities=self.capabilities, clock=clock)
        text, caption = self._extras()
        self._speaker = Speaker(self._caller, renderer=self._renderer, text_params=text, caption_params=caption)
        self._reader = Reader(channel=self.name, bot=self.bot, check=check)
        self._introduction = introduction or Introduction()
        self._may_have_webhook = True
        self._polled_at = self._brought_at = steady()
        self._refused = ""
        self._unanswered_since: float | None = None
        self._clock = clock

    def _extras(self) -> tuple[Params, Params]:
        """Parameters that go with every text and with every caption."""
        return {}, {}

    async def start(self) -> None:
        """Read our user name and introduce the bot; without a network it goes on and does so when it polls."""
        if await self._learn():
            await introduce(self._introduction, self._caller, self._renderer, capabilities=self.capabilities)

    async def known_as(self) -> str:
        """Our user name; asked for where it was not read yet, as in a process that only serves pages."""
        if not self.username:
            await self._learn()
        return self.username

    async def stop(self) -> None:
        """Close the connections."""
        await self._wire.close()

    async def poll(self, hears: Hears, refuses: Refuses = refuses_nobody) -> None:
        """Poll until cancelled. Ends a webhook first: both at once are refused."""
        self._may_have_webhook = True
        self._polled_at, self._refused = steady(), ""
        await Poller(fetch=self._updates, read=self.read, lanes=self.lanes, name=self.name).run(hears, refuses)

    def polling_trouble(self) -> str | None:
        """Why updates are not being fetched, for the health check; None = they were asked for lately."""
        if self._refused:
            return f"refused with {self._refused}"
        silence = steady() - self._polled_at
        return f"no answer for {silence:.0f} seconds" if silence > SILENT else None

    async def webhook_trouble(self) -> str | None:
        """Why updates are not being delivered, as the messenger says; None = no problem is known.

        A messenger reports its last error long after it is over, and a busy bot always has pending updates. So only an
        error later than the last delivered update counts, and only after SILENT seconds without one. A messenger that
        does not answer for a moment is not our problem either.
        """
        try:
            told_of = await self._wire("getWebhookInfo", {}, timeout=ASKED_ABOUT_US)
        except SendingFailed as failed:
            return self._not_told(failed)
        self._unanswered_since = None
        if not isinstance(told_of, dict):
            return None
        waiting, why = told_of.get("pending_update_count"), told_of.get("last_error_message")
        silence, at = steady() - self._brought_at, told_of.get("last_error_date")
        is_over = isinstance(at, int) and self._clock.now().timestamp() - at > silence + 1  # whole seconds
        if isinstance(waiting, int) and waiting > 0 and why and not is_over and silence > SILENT:
            return f"{waiting} updates wait, for the messenger cannot bring them: {told(str(why))}"
        return None

    def _not_told(self, failed: SendingFailed) -> str | None:
        """The problem, if a failure of asking about the webhook is ours."""
        if failed.reason.startswith("501"):
            return None
        if failed.is_final:
            return f"refused with {told(failed.reason)}"
        if self._unanswered_since is None:
            self._unanswered_since = steady()
        silence = steady() - self._unanswered_since
        return f"no answer for {silence:.0f} seconds" if silence > SILENT else None

    async def set_webhook(self, url: str, *, secret: str) -> None:
        """Ask the messenger to deliver updates to `url`, with `secret` in a header if it sends one. Raises
        SendingFailed."""
        params: Params = {"url": url}
        if self.capabilities.secret_header:
            params |= {"secret_token": secret, "allowed_updates": HEARD_KINDS}
        await self._caller.call("setWebhook", params)

    def read(self, raw: Mapping[str, Any]) -> Heard | Unreadable:
        """Repair and validate one raw update; never raises."""
        self._brought_at = steady()
        return self._reader.read(raw)

    async def answer(self, answer: Answer, *, response: WebhookResponse | None = None) -> None:
        """Acknowledge, delete, edit or send; raises SendingFailed."""
        await self._speaker.answer(answer, response)

    async def send(self, chat: str, says: Says, *, locale: Locale) -> str:
        """Send one message and return its id; raises SendingFailed."""
        return await self._speaker.send(chat, says, locale=locale)

    async def leave(self, chat: str, farewell: Text | None) -> None:
        """Leave a group or a channel, with a word before; failures are ignored."""
        if farewell is not None:
            said = self._renderer.plain(farewell, locale=Locale.FA)
            await self._caller.persist("sendMessage", {"chat_id": chat, "text": said}, chat=chat)
        await self._caller.persist("leaveChat", {"chat_id": chat}, chat=chat)

    async def voice(self, file_id: str) -> AsyncIterator[bytes]:
        """Stream a voice note through this process: its address holds the token and is given to nobody."""
        found = await self._caller.call("getFile", {"file_id": file_id})
        path = found.get("file_path") if isinstance(found, dict) else None
        if not isinstance(path, str) or not path:
            raise SendingFailed("the file is gone", is_final=True)
        async for chunk in self._wire.file(path):
            yield chunk

    async def _learn(self) -> bool:
        try:
            me = await self._caller.call("getMe", {})
        except SendingFailed as failed:
            log.warning("the messenger does not tell who we are", channel=self.name, reason=failed.reason)
            return False
        self.username = str(me.get("username") or "") if isinstance(me, dict) else ""
        return True

    async def _end_webhook(self) -> None:
        """Delete the webhook; until then polling is refused with 409. Raises SendingFailed where it has to be tried
        again."""
        try:
            await self._wire("deleteWebhook", {})
        except SendingFailed as failed:
            if not failed.is_final:
                raise
        self._may_have_webhook = False

    async def _updates(self, offset: int | None, limit: int, wait: int) -> list[Any]:
        if not self.username:
            await self.start()
        if self._may_have_webhook:
            await self._end_webhook()
        params: Params = {"limit": limit, "timeout": wait, "allowed_updates": HEARD_KINDS}
        if offset is not None:
            params["offset"] = offset
        try:
            updates = await self._wire("getUpdates", params, timeout=wait + TIMEOUT)
        except SendingFailed as failed:
            self._may_have_webhook = failed.reason.startswith(CONFLICT)
            self._refused = failed.reason if failed.reason.startswith(NOT_OURS) else ""
            raise
        self._polled_at, self._refused = steady(), ""
        if not isinstance(updates, list):
            raise SendingFailed(f"the list of updates is {type(updates).__name__}")
        return updates
