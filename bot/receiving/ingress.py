"""Receives updates by webhook, independent of a web framework: access, limits and status codes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs

import structlog

from bot.channels.port import Channel, Unreadable, WebhookResponse
from bot.dialogue.heard import Heard
from bot.receiving.lanes import Lanes

log = structlog.get_logger(__name__)

LONGEST_BODY: Final = 1024 * 1024
SECRET_HEADER: Final = "x-telegram-bot-api-secret-token"  # noqa: S105  # the header's name, not its content
OK, BAD_REQUEST, NOT_FOUND, TOO_LARGE, TRY_AGAIN = 200, 400, 404, 413, 503


class Received(NamedTuple):
    """The HTTP response to a delivery; a body is JSON."""

    status: int
    body: bytes = b""


HearsFrom = Callable[[Channel, Heard | Unreadable, WebhookResponse | None], Awaitable[None]]
"""Handles one update of a bot completely (`bot.receiving.hearing.Hearing.hear`); raises if it was not committed."""


class Webhooks:
    """The webhooks of all bots; an update is answered 200 only after it was handled, so none is lost."""

    def __init__(self, channels: Sequence[Channel], *, hears: HearsFrom, lanes: Lanes, secret_key: bytes) -> None:
        """Addresses and header secrets are derived from `secret_key`, so they stay the same after a restart."""
        self._hears = hears
        self._lanes = lanes
        self._key = secret_key
        self._by_path = {self.path_of(channel): channel for channel in channels}
        self._headers = {path: self.header_of(channel) for path, channel in self._by_path.items()}

    def path_of(self, channel: Channel) -> str:
        """The secret last part of this bot's address, of 43 random letters: Bale sends no secret header."""
        return self._derived("webhook path", channel)

    def header_of(self, channel: Channel) -> str:
        """The secret header that this bot's messenger is asked to send."""
        return self._derived("webhook header", channel)

    def _derived(self, purpose: str, channel: Channel) -> str:
        digest = hmac.new(self._key, f"{purpose}:{channel.name}:{channel.bot}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    async def register(self, base_url: str) -> None:
        """Register with each messenger the address `base_url` and its secret path. Raises SendingFailed."""
        for path, channel in self._by_path.items():
            await channel.set_webhook(f"{base_url.rstrip('/')}/{path}", secret=self._headers[path])

    async def receive(self, path_secret: str, headers: Mapping[str, str], body: bytes) -> Received:
        """Handle one delivery and return the HTTP response, which has a body where it holds a call of ours.

        404 for an unknown address or a wrong header, 413 above a megabyte, 400 for what is no update, 503 where it was
        not committed and has to come again. Header names are in lower case. JSON is read whatever the content type, and
        so is a form with a field `update`.
        """
        channel = self._by_path.get(path_secret)
        if channel is None:
            return Received(NOT_FOUND)
        if channel.capabilities.secret_header:
            shown = headers.get(SECRET_HEADER)
            # Checked only if present: a relay may drop it, and the address is as secret.
            if shown is not None and not hmac.compare_digest(shown.encode(), self._headers[path_secret].encode()):
                return Received(NOT_FOUND)
        if len(body) > LONGEST_BODY:
            return Received(TOO_LARGE)
        raw = _update(body)
        if raw is None:
            return Received(BAD_REQUEST)
        heard = channel.read(raw)
        lane = heard.address if isinstance(heard, Heard) else (channel.name, channel.bot, heard.update_id)
        response = WebhookResponse() if channel.capabilities.answers_in_response else None
        try:
            await self._lanes.run(lane, lambda: self._hears(channel, heard, response))
        except Exception as error:
            log.error("an update was not handled", channel=channel.name, error=type(error).__name__)
            return Received(TRY_AGAIN)
        if response is None or response.call is None:
            return Received(OK)
        return Received(OK, json.dumps(response.call, ensure_ascii=False).encode())


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
