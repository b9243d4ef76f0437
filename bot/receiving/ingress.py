"""Receives updates by webhook, independent of a web framework: access, limits and status codes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs

import structlog

from bot.channels.port import Channel, Refuses, Unreadable, WebhookResponse, refuses_nobody
from bot.dialogue.heard import Heard
from bot.receiving.lanes import Lanes
from desk.clock import Clock

log = structlog.get_logger(__name__)

LONGEST_BODY: Final = 1024 * 1024
SECRET_HEADER: Final = "x-telegram-bot-api-secret-token"  # noqa: S105  # the header's name, not its content
OK, BAD_REQUEST, NOT_FOUND, TOO_LARGE, TRY_AGAIN = 200, 400, 404, 413, 503


ADDRESS_LIVES: Final = timedelta(days=7)
"""How long an address of a webhook is registered; it is heard for one such time before and after, too."""


class Received(NamedTuple):
    """The HTTP response to a delivery; a body is JSON."""

    status: int
    body: bytes = b""


HearsFrom = Callable[[Channel, Heard | Unreadable, WebhookResponse | None], Awaitable[None]]
"""Handles one update of a bot completely (`bot.receiving.hearing.Hearing.hear`); raises if it was not committed."""


class Webhooks:
    """The webhooks of all bots; an update is answered 200 only after it was handled, so none is lost."""

    def __init__(
        self,
        channels: Sequence[Channel],
        *,
        hears: HearsFrom,
        refuses: Refuses = refuses_nobody,
        lanes: Lanes,
        secret_key: bytes,
        clock: Clock,
    ) -> None:
        """Addresses and header secrets are derived from `secret_key` and the week, so that every process knows them."""
        self._channels = tuple(channels)
        self._hears = hears
        self._refuses = refuses
        self._lanes = lanes
        self._key = secret_key
        self._clock = clock
        self._week = -1
        self._by_path: dict[str, tuple[Channel, str]] = {}

    def path_of(self, channel: Channel, *, at: datetime | None = None) -> str:
        """The secret last part of this bot's address, of 43 random letters: Bale sends no secret header."""
        return self._derived("webhook path", channel, _week_of(at or self._clock.now()))

    def header_of(self, channel: Channel, *, at: datetime | None = None) -> str:
        """The secret header that this bot's messenger is asked to send."""
        return self._derived("webhook header", channel, _week_of(at or self._clock.now()))

    def _derived(self, purpose: str, channel: Channel, week: int) -> str:
        what = f"{purpose}:{channel.name}:{channel.bot}:{week}".encode()
        return base64.urlsafe_b64encode(hmac.digest(self._key, what, hashlib.sha256)).rstrip(b"=").decode()

    def next_address_at(self) -> datetime:
        """When the messengers have to be told another address."""
        now = self._clock.now()
        return now + ADDRESS_LIVES - timedelta(seconds=now.timestamp() % ADDRESS_LIVES.total_seconds())

    async def register(self, base_url: str) -> None:
        """Register with each messenger the address `base_url` and its secret path. Raises SendingFailed."""
        for channel in self._channels:
            at = self._clock.now()
            path, secret = self.path_of(channel, at=at), self.header_of(channel, at=at)
            await channel.set_webhook(f"{base_url.rstrip('/')}/{path}", secret=secret)

    def _heard_at(self) -> dict[str, tuple[Channel, str]]:
        """The bots and header secrets by path: of this week, of the last, whose deliveries may still be on their way,
        and of the next, since the process that registers may have a clock that is ahead of ours."""
        week = _week_of(self._clock.now())
        if week != self._week:
            self._by_path = {
                self._derived("webhook path", channel, each): (channel, self._derived("webhook header", channel, each))
                for channel in self._channels
                for each in (week - 1, week, week + 1)
            }
            self._week = week
        return self._by_path

    def admits(self, path_secret: str, headers: Mapping[str, str]) -> bool:
        """Whether address and header are those of a messenger: nobody else's body is read."""
        known = self._heard_at().get(path_secret)
        return known is not None and _shows(known, headers)

    async def receive(self, path_secret: str, headers: Mapping[str, str], body: bytes) -> Received:
        """Handle one delivery and return the HTTP response, which has a body where it holds a call of ours.

        404 for an unknown address, and for a wrong or missing header where the messenger sends one; 413 above a
        megabyte, 400 for what is no update, 503 where it was not committed and has to come again. Header names are in
        lower case. JSON is read whatever the content type, and so is a form with a field `update`.
        """
        known = self._heard_at().get(path_secret)
        if known is None or not _shows(known, headers):
            return Received(NOT_FOUND)
        channel, _secret = known
        if len(body) > LONGEST_BODY:
            return Received(TOO_LARGE)
        raw = _update(body)
        if raw is None:
            return Received(BAD_REQUEST)
        heard = channel.read(raw)
        lane = heard.address if isinstance(heard, Heard) else (channel.name, channel.bot, heard.update_id)
        response = WebhookResponse() if channel.capabilities.answers_in_response else None
        try:
            if await self._refuses(heard):
                return Received(OK)
            await self._lanes.run(lane, lambda: self._hears(channel, heard, response))
        except Exception as error:
            log.error("an update was not handled", channel=channel.name, error=type(error).__name__)
            return Received(TRY_AGAIN)
        if response is None or response.call is None:
            return Received(OK)
        return Received(OK, json.dumps(response.call, ensure_ascii=False).encode())


def _shows(known: tuple[Channel, str], headers: Mapping[str, str]) -> bool:
    """Whether the secret header is there, where the messenger sends one."""
    channel, secret = known
    shown = headers.get(SECRET_HEADER, "")
    return not channel.capabilities.secret_header or hmac.compare_digest(shown.encode(), secret.encode())


def _week_of(at: datetime) -> int:
    return int(at.timestamp() // ADDRESS_LIVES.total_seconds())


def _update(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = _from_form(body)
    return found if isinstance(found, dict) else None


def _from_form(body: bytes) -> Any:
    try:
        values = parse_qs(body.decode(), max_num_fields=8).get("update")
        return json.loads(values[0]) if values else None
    except (ValueError, RecursionError):
        return None
