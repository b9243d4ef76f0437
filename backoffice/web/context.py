"""The context of all handlers, and converting what they return to a response with cookies."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Concatenate, Literal, ParamSpec, Protocol, TypeVar

from litestar import MediaType, Request, Response
from litestar.datastructures import Cookie
from litestar.response import Stream

from backoffice.access import Admitted
from backoffice.forms.faults import focus_first_fault
from backoffice.layout.frame import frame_of, notice_named
from backoffice.layout.templates import Templates
from backoffice.offices.in_reach import OfficeChoice
from backoffice.readings import Readings
from backoffice.web.http import BotLink, EventStream, FileDownload, PageRequest, PublishedFile, Redirect, Render
from backoffice.web.live import Live
from backoffice.web.passwords import PasswordPool
from backoffice.web.security import WITH_CAMERA
from desk.acting import Actor
from desk.clock import Clock
from desk.identity import IdentityKeys
from desk.language.text import Locale
from desk.organisation import Node
from desk.people.rules import DocumentKind, IdentityDigest, MarkedNumber, marked, marked_at_office
from desk.staff.strangers import UnknownNames
from desk.storage.base import ReadSession, WriteSession
from desk.storage.digests import OF_AN_ACCOUNT, DigestPool
from desk.storage.engine import Storage

P = ParamSpec("P")
T = TypeVar("T")

SESSION = "mizban"
NOTICE = "notice"
PROOF = "proof"
"""The cookie that shows that the password was said in this browser some minutes ago."""
STAFF = "staff_id"
"""The name in a request's state of the id of the member of staff who makes it."""
LANGUAGE = "language"
CONVENIENCE = 180 * 24 * 3600
"""How long cookies of convenience live, in seconds."""

SIGNED_OUT = {"clear-site-data": '"cache", "storage"'}
"""Header with which the browser drops what it kept of our pages. Not "cookies": language and office stay chosen."""
IN_PLACE = {"hx-reswap": "none"}
"""Header for htmx: leave the page as it is; `desk.js` shows the words of the response."""

AnyRequest = Request[Any, Any, Any]


class FetchVoice(Protocol):
    """Streams a voice note from its messenger; None when it is gone."""

    async def __call__(self, channel: str, bot: str, file_id: str) -> AsyncIterator[bytes] | None: ...


async def no_voice(channel: str, bot: str, file_id: str) -> AsyncIterator[bytes] | None:
    """The default where no messenger is connected."""
    return None


class NameBots(Protocol):
    """Names the bots that can be opened by a link; those whose messenger does not answer now are left out."""

    async def __call__(self) -> tuple[BotLink, ...]: ...


async def no_bots() -> tuple[BotLink, ...]:
    """The default where no messenger is connected."""
    return ()


@dataclass(slots=True, kw_only=True)
class AppContext:
    """The database, the clock, the templates and the cookies' settings.

    It is `context` in the application's state: tests put another database behind the same handlers.
    """

    storage: Storage
    clock: Clock
    templates: Templates
    live: Live
    readings: Readings
    is_https: bool
    passkey_origin: str = ""
    """Where passkeys belong to: `https://` and the host; empty = there are none."""
    identity_key: IdentityKeys
    """Keys the hash of identity numbers, as in the chats."""
    digests: DigestPool
    fetch_voice: FetchVoice = field(default=no_voice)
    name_bots: NameBots = field(default=no_bots)
    unknown_names: UnknownNames = field(default_factory=UnknownNames)
    passwords: PasswordPool = field(default_factory=PasswordPool)

    def cookie(self, name: str, value: str, *, seconds: int | None, same_site: Literal["lax", "strict"]) -> Cookie:
        """A cookie that scripts cannot read; over https it is bound to this host, whatever its neighbours set."""
        return Cookie(
            key=f"{self._prefix}{name}",
            value=value,
            path="/",
            max_age=seconds,
            httponly=True,
            secure=self.is_https,
            samesite=same_site,
        )

    def sent_cookie(self, request: AnyRequest, name: str) -> str | None:
        """What the browser sent for the cookie of this name; over https one without the prefix is not read."""
        return request.cookies.get(f"{self._prefix}{name}")

    @property
    def _prefix(self) -> str:
        """Makes browsers require https, this host and the whole path."""
        return "__Host-" if self.is_https else ""

    def locale_of(self, request: AnyRequest) -> Locale:
        """The language the reader chose in this browser."""
        return Locale.FA_AF if self.sent_cookie(request, LANGUAGE) == Locale.FA_AF.value else Locale.FA

    async def read(self, query: Callable[Concatenate[ReadSession, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Read in one transaction."""
        return await self.storage.read(lambda session: query(session, *args, **kwargs))

    async def write(self, action: Callable[Concatenate[WriteSession, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Write in one transaction."""
        return await self.storage.write(lambda session: action(session, *args, **kwargs))

    async def voice(self, *, channel: str, bot: str, file_id: str) -> AsyncIterator[bytes] | None:
        """A voice note from its messenger."""
        return await self.fetch_voice(channel, bot, file_id)

    async def bots(self) -> tuple[BotLink, ...]:
        """Our bots, as a phone opens them by a link."""
        return await self.name_bots()

    def events(self, page_request: PageRequest) -> AsyncIterator[bytes] | None:
        """The stream of changes from now on, for this person."""
        return self.live.open(page_request.staff, token=page_request.cookie(SESSION))

    async def identity_of(self, number: str, *, whose: Actor) -> IdentityDigest | None:
        """The hash of a paper's number, not made in a transaction; None where this account asked for too many.

        Raises ValueError where there is no number in it.
        """
        keyed = marked(number, kind=DocumentKind.OTHER, keys=self.identity_key)  # the kind is no part of the hash
        return await self._digest_of(keyed, whose=whose)

    async def identity_at_office(self, office_id: int, name: str, *, whose: Actor) -> IdentityDigest | None:
        """The same for somebody at the desk of an office who has no paper."""
        return await self._digest_of(marked_at_office(office_id, name, self.identity_key), whose=whose)

    async def _digest_of(self, keyed: MarkedNumber, *, whose: Actor) -> IdentityDigest | None:
        made = await self.digests.make(keyed.marks, whose=f"staff:{whose.staff_id}", most=OF_AN_ACCOUNT)
        return keyed.digest(made)

    def response_of(
        self,
        page_response: Render | Redirect | EventStream | FileDownload,
        *,
        request: AnyRequest,
        admitted: Admitted | None,
    ) -> Response[Any]:
        """The response for what a handler answered."""
        cookies: list[Cookie] = []
        if isinstance(page_response, EventStream):
            if page_response.events is None:
                return Response(b"", status_code=204)  # EventSource then stays away
            return Stream(page_response.events, media_type="text/event-stream", headers={"x-accel-buffering": "no"})
        if isinstance(page_response, FileDownload):
            return Response(
                page_response.content,
                media_type=page_response.media_type,
                headers={"content-disposition": f'attachment; filename="{page_response.name}"'},
            )
        for name, value in page_response.remember.items():
            if self.sent_cookie(request, name) != value:
                cookies.append(self.cookie(name, value, seconds=CONVENIENCE, same_site="lax"))
        if isinstance(page_response, Redirect):
            if page_response.notice:
                cookies.append(self.cookie(NOTICE, page_response.notice, seconds=60, same_site="lax"))
            if page_response.session is not None:
                lifetime = None if page_response.session else 0
                cookies.append(self.cookie(SESSION, page_response.session, seconds=lifetime, same_site="lax"))
            headers = {"location": page_response.to, **(SIGNED_OUT if page_response.session == "" else {})}
            return Response(b"", status_code=303, headers=headers, cookies=cookies)
        notice = None
        if not is_fragment(request):
            notice = notice_named(self.sent_cookie(request, NOTICE))
            if notice is not None:
                cookies.append(self.cookie(NOTICE, "", seconds=0, same_site="lax"))
        values = {
            "frame": frame_of(
                admitted.staff if admitted else None,
                path=request.url.path,
                notice=notice,
                office=_office_of(page_response.values.get("choice")),
            ),
            **page_response.values,
        }
        if page_response.status >= 400:
            focus_first_fault(page_response.values)
        headers = dict(WITH_CAMERA) if page_response.has_camera else {}
        if page_response.status >= 400 and is_fragment(request):
            headers |= IN_PLACE
        return self.page(
            page_response.template,
            values,
            locale=self.locale_of(request),
            status=page_response.status,
            cookies=cookies,
            headers=headers,
        )

    def page(
        self,
        template: str,
        values: Mapping[str, Any],
        *,
        locale: Locale,
        status: int,
        cookies: list[Cookie],
        headers: Mapping[str, str] | None = None,
    ) -> Response[Any]:
        """A response with the HTML of a template."""
        return Response(
            self.templates.page(template, values, locale=locale).encode(),
            media_type=MediaType.HTML,
            status_code=status,
            cookies=cookies,
            headers=headers,
        )


def _office_of(choice: Any) -> Node | None:
    """The office that a page with a choice of offices is of."""
    current = choice.current if isinstance(choice, OfficeChoice) else None
    return None if current is None else current.node


def is_fragment(request: AnyRequest) -> bool:
    """Whether htmx asks for a piece of the page."""
    return request.headers.get("hx-request") == "true"


def published(file: PublishedFile) -> Response[bytes]:
    """The response with a file that everybody takes away."""
    named = {"content-disposition": f'attachment; filename="{file.name}"'}
    return Response(file.content, media_type=file.media_type, headers=named)
