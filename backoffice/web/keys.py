"""Keys of forms: the first press acts, the second is redirected to where the first one went."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from backoffice.web.http import Backend, PageResponse, Redirect, Render
from desk.staff import form_keys
from desk.staff.form_keys import SentAlready
from desk.storage.base import ReadSession, WriteSession

P = ParamSpec("P")
T = TypeVar("T")

FIELD = "_key"
LONGEST = 64
LOOKS = (0.02, 0.05, 0.1, 0.2, 0.4)
"""Seconds between looks for the redirect of the first press, which is stored right after its transaction."""


def new_key() -> str:
    """A key for one form on one page."""
    return secrets.token_urlsafe(12)


class KeyedBackend:
    """The backend of one sent form: its first write takes the key in the same transaction, so both happen or neither.

    The writes of a second press raise `SentAlready`. A form without a key, as an old page sends it, acts each time.
    """

    def __init__(self, backend: Backend, *, key_hash: str | None, now: datetime) -> None:
        self._backend = backend
        self._key_hash = key_hash
        self._now = now
        self._has_taken = False
        self.read = backend.read
        self.voice = backend.voice
        self.events = backend.events
        self.bots = backend.bots
        self.identity_of = backend.identity_of
        self.identity_at_office = backend.identity_at_office
        self.passwords = backend.passwords

    async def write(self, action: Callable[Concatenate[WriteSession, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Write in one transaction; raises SentAlready where the form has acted before."""
        key_hash = self._key_hash
        if key_hash is None or self._has_taken:
            return await self._backend.write(action, *args, **kwargs)

        def take_and_act(session: WriteSession) -> T:
            form_keys.take(session, key_hash=key_hash, now=self._now)
            return action(session, *args, **kwargs)

        done = await self._backend.write(take_and_act)
        self._has_taken = True
        return done

    async def conclude(self, page_response: PageResponse) -> None:
        """Store where the handler redirected, or delete the key where it did not do what was asked."""
        if self._key_hash is None or not self._has_taken:
            return
        if isinstance(page_response, Render) and page_response.status >= 400:
            await self._backend.write(form_keys.give_back, key_hash=self._key_hash)
            return
        to = (
            page_response.to
            if isinstance(page_response, Redirect)
            else page_response.leads_to
            if isinstance(page_response, Render)
            else None
        )
        if to is not None:
            await self._backend.write(form_keys.lead, key_hash=self._key_hash, to=to)

    async def where_it_led(self) -> str | None:
        """Where the first press was redirected; None where it showed a page, or is not finished in time."""
        for pause in LOOKS:
            found = await self._backend.read(self._led_to)
            if found is not None:
                return found
            await asyncio.sleep(pause)
        return None

    def _led_to(self, session: ReadSession) -> str | None:
        return form_keys.led_to(session, key_hash=self._key_hash or "")


__all__ = ["FIELD", "LONGEST", "KeyedBackend", "SentAlready", "new_key"]
