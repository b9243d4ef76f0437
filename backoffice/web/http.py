"""The types of requests and responses between the routes and the pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from litestar.datastructures import ImmutableMultiDict, MultiDict

from backoffice.web.passwords import PasswordPool
from desk.acting import Actor
from desk.language.language import Language
from desk.language.text import Locale, Param
from desk.organisation import Scope
from desk.people.rules import IdentityDigest
from desk.staff.queries import SignedInStaff
from desk.storage.base import ReadSession, WriteSession

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """One request of a signed-in member of staff whose permission has been checked.

    `scope` is the scope of the route's permission for this person; every object that a page uses must lie in it.
    """

    now: datetime
    staff: SignedInStaff
    scope: Scope
    locale: Locale
    language: Language
    """For searches by words that are shown; pages return texts and do not render them."""
    path: Mapping[str, int]
    query: MultiDict[Any]
    form: ImmutableMultiDict[Any]
    address: str
    passkey_origin: str
    """Where passkeys belong to; empty = there are none."""
    is_fragment: bool
    """True = htmx asked: respond with the changed fragment instead of a whole page."""
    cookie: Callable[[str], str]
    """What the browser sent for the cookie of a name; an empty text where it sent none."""

    @property
    def actor(self) -> Actor:
        """The person as an actor."""
        return self.staff.actor

    def query_text(self, name: str) -> str:
        """The query parameter `name`, or an empty text; without NUL, at which PostgreSQL stumbles."""
        return str(self.query.get(name) or "").replace("\0", "").strip()

    def query_number(self, name: str) -> int | None:
        """The query parameter `name` as a whole number, or None."""
        return _whole(self.query_text(name))

    def form_text(self, name: str) -> str:
        """The field `name` of the form, or an empty text."""
        return str(self.form.get(name) or "").strip()

    def form_number(self, name: str) -> int | None:
        """The field `name` of the form as a whole number, or None."""
        return _whole(self.form_text(name))


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicRequest:
    """One request to a public page, without session and cookies: what it is asked for stands in the address."""

    now: datetime
    locale: Locale
    """Of `lang` in the address; Persian without it."""
    path: Mapping[str, int]
    query: MultiDict[Any]
    address: str

    def query_text(self, name: str) -> str:
        """The query parameter `name`, or an empty text; without NUL, at which PostgreSQL stumbles."""
        return str(self.query.get(name) or "").replace("\0", "").strip()


def _whole(typed: str) -> int | None:
    return int(typed) if typed.isdecimal() and len(typed) < 16 else None


@dataclass(frozen=True, slots=True)
class Reading:
    """The kind and subject in the history of what a page shows: `case.read`, `case:5`; its rows say whom it shows."""

    action: str
    subject: str
    recurs: bool = False
    """True = it is collected and written after the page, once in ten minutes; else each time, before the page."""
    office_id: int | None = None
    """The office of the people shown."""
    day: date | None = None
    """The day of a day's list."""
    purpose: str = ""
    """What a file was taken away for, of `backoffice.exports.Purpose`."""
    words: str = ""
    """The same in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Render:
    """A page or a fragment from a template."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    remember: Mapping[str, str] = field(default_factory=dict)
    """Cookies of convenience to set, such as the office chosen last."""
    reading: Reading | None = None
    leads_to: str | None = None
    """Where a second press of the form is redirected; what is shown once, such as a password, is not repeated."""
    has_camera: bool = False
    """True = its script may use the camera; the browser is told so for this page alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """A redirect with 303, perhaps with a notice (a name in `wording.NOTICES`) for the page that follows."""

    to: str
    notice: str | None = None
    remember: Mapping[str, str] = field(default_factory=dict)
    session: str | None = None
    """A new session token for the browser; an empty text deletes the cookie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioStream:
    """A voice note as it comes from the messenger."""

    chunks: AsyncIterator[bytes]
    media_type: str = "audio/ogg"
    reading: Reading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventStream:
    """Server-sent events; None where this session has enough streams open."""

    events: AsyncIterator[bytes] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDownload:
    """A file that the browser keeps; only `backoffice.exports` makes one."""

    name: str
    media_type: str
    content: bytes
    reading: Reading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFile:
    """A file that everybody takes away from a public page: it is published, and tells of nobody."""

    name: str
    media_type: str
    content: bytes


PageResponse = Render | Redirect | AudioStream | EventStream | FileDownload


@dataclass(frozen=True, slots=True)
class BotLink:
    """A bot of ours as a phone opens it from outside: the messenger's label, and the address of its deep links."""

    label: Param
    address_of: str
    """`{payload}` stands for what the bot is told."""

    def address(self, payload: str) -> str:
        """The deep link that tells the bot this."""
        return self.address_of.replace("{payload}", payload)


class Backend(Protocol):
    """What an async handler may use: reads and writes, voice notes, signals, the hash of numbers, and our bots."""

    async def read(
        self, query: Callable[Concatenate[ReadSession, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T: ...

    async def write(
        self, action: Callable[Concatenate[WriteSession, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T: ...

    async def voice(self, *, channel: str, bot: str, file_id: str) -> AsyncIterator[bytes] | None: ...

    def events(self, request: PageRequest) -> AsyncIterator[bytes] | None: ...

    async def identity_of(self, number: str, *, whose: Actor) -> IdentityDigest | None: ...

    async def bots(self) -> tuple[BotLink, ...]: ...

    async def identity_at_office(self, office_id: int, name: str, *, whose: Actor) -> IdentityDigest | None: ...

    @property
    def passwords(self) -> PasswordPool: ...


ReadHandler = Callable[[ReadSession, PageRequest], PageResponse]
"""Handles a GET that only reads, in the same transaction as the look-up of the session."""

AsyncHandler = Callable[[PageRequest, Backend], Awaitable[PageResponse]]
"""Handles a form, or a GET with more than one read: it reads its form and calls one action by `backend.write`."""

PublicHandler = Callable[[ReadSession, PublicRequest], Render | PublishedFile]
"""Handles a public page; it only reads."""
