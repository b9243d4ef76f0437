"""What a handler is given and what it may answer: the only shapes that travel between a route and a page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from litestar.datastructures import ImmutableMultiDict, MultiDict

from desk.acting import Actor
from desk.language.language import Language
from desk.language.text import Locale
from desk.organisation import Scope
from desk.people.rules import IdentityDigest
from desk.staff.queries import SignedInStaff
from desk.storage.base import ReadSession, WriteSession

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """One request of a signed-in member of staff whose permission has been checked.

    `scope` is how far the route's permission reaches for this person; every object a page touches must lie in it.
    """

    now: datetime
    staff: SignedInStaff
    scope: Scope
    locale: Locale
    language: Language
    """For looking for what is shown; a page hands over texts, it does not say them."""
    path: Mapping[str, int]
    query: MultiDict[Any]
    form: ImmutableMultiDict[Any]
    address: str
    is_fragment: bool
    """htmx asked: answer with the changed piece instead of a whole page."""
    cookies: Mapping[str, str]

    @property
    def actor(self) -> Actor:
        """The person as whoever acts."""
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
    """One request of anybody, for a page without session and cookies. There is nobody to ask and nobody to show."""

    now: datetime
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
    """How the history calls what a page shows of people: `case.read`, `case:5`. Whom it shows, the rows say."""

    action: str
    subject: str
    recurs: bool = False
    """It is gathered and written after the page, once in ten minutes; else each time, before it is shown."""
    office_id: int | None = None
    """The office whose people they are."""
    day: date | None = None
    """Of a day's list."""


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
    """Where a second press of the form goes; what is shown once, such as a password, is not shown again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """A redirect with 303, perhaps with a notice (a name in `wording.NOTICES`) for the page that follows."""

    to: str
    notice: str | None = None
    remember: Mapping[str, str] = field(default_factory=dict)
    session: str | None = None
    """A new session token to give to the browser; an empty text takes it away."""


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
    """A file that the browser keeps."""

    name: str
    media_type: str
    content: bytes
    reading: Reading | None = None


PageResponse = Render | Redirect | AudioStream | EventStream | FileDownload


class Backend(Protocol):
    """What an async handler works with: reads and writes, voice notes, signals of changes, the seal of numbers."""

    async def read(
        self, query: Callable[Concatenate[ReadSession, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T: ...

    async def write(
        self, action: Callable[Concatenate[WriteSession, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T: ...

    async def voice(self, *, channel: str, bot: str, file_id: str) -> AsyncIterator[bytes] | None: ...

    def events(self, request: PageRequest) -> AsyncIterator[bytes] | None: ...

    def identity_of(self, number: str) -> IdentityDigest: ...


ReadHandler = Callable[[ReadSession, PageRequest], PageResponse]
"""Answers a GET that only reads: it runs in the same read as the look-up of the session."""

AsyncHandler = Callable[[PageRequest, Backend], Awaitable[PageResponse]]
"""Answers a form, or a GET that needs more than one read: it reads its form and calls one action by `backend.write`."""

PublicHandler = Callable[[ReadSession, PublicRequest], Render]
"""A page for everybody: it only looks."""
