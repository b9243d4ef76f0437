"""Receiving updates by webhook, whatever web framework is in front: who may knock, what is taken, which status."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qs

import structlog

from bot.channels.port import Channel, Unreadable
from bot.dialogue.heard import Heard
from bot.receiving.lanes import Lanes

log = structlog.get_logger(__name__)

LONGEST_BODY: Final = 1024 * 1024
SECRET_HEADER: Final = "x-telegram-bot-api-secret-token"  # noqa: S105  # the header's name, not its content
OK, BAD_REQUEST, NOT_FOUND, TOO_LARGE, TRY_AGAIN = 200, 400, 404, 413, 503


HearsFrom = Callable[[Channel, Heard | Unreadable], Awaitable[None]]
"""Takes one update of a bot to its end (bot.receiving.hearing.Hearing.hear). Raises if it was not committed."""


class Webhooks:
    """The webhooks of all bots. An update is answered 200 only after it has been heard to its end, so none is lost."""

    def __init__(self, channels: Sequence[Channel], *, hears: HearsFrom, lanes: Lanes, secret_key: bytes) -> None:
        """Addresses and header secrets follow from `secret_key`, so they stay the same over restarts."""
        self._hears = hears
        self._lanes = lanes
        self._key = secret_key
        self._by_path = {self.path_of(channel): channel for channel in channels}
        self._headers = {path: self.header_of(channel) for path, channel in self._by_path.items()}

    def path_of(self, channel: Channel) -> str:
        """The secret last piece of the address of this bot: 43 letters nobody can guess, since Bale sends no header."""
        return self._derived("webhook path", channel)

    def header_of(self, channel: Channel) -> str:
        """The secret that a messenger which can is to send in a header."""
        return self._derived("webhook header", channel)

    def _derived(self, purpose: str, channel: Channel) -> str:
        digest = hmac.new(self._key, f"{purpose}:{channel.name}:{channel.bot}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    async def register(self, base_url: str) -> None:
        """Tell each messenger where to bring its updates: `base_url` and the secret path. Raises SendingFailed."""
        for path, channel in self._by_path.items():
            await channel.set_webhook(f"{base_url.rstrip('/')}/{path}", secret=self._headers[path])

    async def receive(self, path_secret: str, headers: Mapping[str, str], body: bytes) -> int:
        """Take one delivery and return the status to answer with; the body of the answer stays empty.

        404 for an unknown address or a wrong header, 413 above a megabyte, 400 for what is no update at all, 503 where
        it was not committed and has to come again. Headers are looked up in small letters. JSON is taken whatever the
        content type says, and so is a form with a field `update`.
        """
        channel = self._by_path.get(path_secret)
        if channel is None:
            return NOT_FOUND
        if channel.capabilities.secret_header:
            shown = headers.get(SECRET_HEADER)
            # Checked only when it comes: a relay may drop it, and the address is as secret as the header.
            if shown is not None and not hmac.compare_digest(shown.encode(), self._headers[path_secret].encode()):
                return NOT_FOUND
        if len(body) > LONGEST_BODY:
            return TOO_LARGE
        raw = _update(body)
        if raw is None:
            return BAD_REQUEST
        heard = channel.read(raw)
        lane = heard.address if isinstance(heard, Heard) else (channel.name, channel.bot, heard.update_id)
        try:
            await self._lanes.run(lane, lambda: self._hears(channel, heard))
        except Exception as error:
            log.error("an update was not handled", channel=channel.name, error=type(error).__name__)
            return TRY_AGAIN
        return OK


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
