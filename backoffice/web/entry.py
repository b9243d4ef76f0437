"""The way into every page: from a row of the route table to a Litestar handler that checks, runs and answers."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Concatenate, Literal, ParamSpec, Protocol, TypeVar

from litestar import HttpMethod, MediaType, Request, Response
from litestar.datastructures import Cookie, ImmutableMultiDict
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from backoffice.access import Admitted, Anyone, Needs, NotSignedIn, OutOfReach, admit
from backoffice.forms.days import set_today
from backoffice.forms.faults import focus_first_fault
from backoffice.layout.frame import frame_of, notice_named
from backoffice.layout.sheets import Sheets
from backoffice.offices.in_reach import Choice
from backoffice.readings import Readings
from backoffice.web import csrf, keys
from backoffice.web.exchange import Ask, Deed, Feed, Go, Reply, Show, Sound, View
from backoffice.web.keys import KeyedDesk, SentAlready
from backoffice.web.live import Live
from backoffice.web.ranges import answer_with
from backoffice.wording import NOTICES, refused
from desk.clock import Clock
from desk.events import actions as events
from desk.language.text import Locale
from desk.people.rules import DocumentKind, IdentityDigest, digest
from desk.refusals import Refusal
from desk.staff import actions as staff_actions
from desk.staff import form_keys
from desk.staff.strangers import UnknownNames
from desk.storage.base import ReadSession, WriteSession
from desk.storage.engine import Storage

P = ParamSpec("P")
T = TypeVar("T")

NOTICE = "notice"
LANGUAGE = "language"
CONVENIENCE = 180 * 24 * 3600
"""How long cookies of convenience live, in seconds."""

LIVE = "/live"
BY_ITSELF = "mizban-by-itself"
"""The header by which `live.js` marks what it fetches."""

LARGEST_ID = 2**63 - 1
"""What the databases can hold; an address with a larger number leads nowhere."""
IN_PLACE = {"hx-reswap": "none"}
"""For htmx: leave the page as it is; `desk.js` shows the words of the answer."""

AnyRequest = Request[Any, Any, Any]

NO_FORM: ImmutableMultiDict[Any] = ImmutableMultiDict()


class FetchVoice(Protocol):
    """Brings a voice note from the messenger that keeps it; None when it is gone."""

    async def __call__(self, channel: str, bot: str, file_id: str) -> AsyncIterator[bytes] | None: ...


async def no_voice(channel: str, bot: str, file_id: str) -> AsyncIterator[bytes] | None:
    """Stands in where no messenger is connected."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A row of the route table: where, what it needs, and the page."""

    method: Literal["GET", "POST"]
    path: str
    needs: Needs
    view: View | None = None
    deed: Deed | None = None
    may_keep_password: bool = False
    keeps: str | None = None
    """The field with the reply that stood on the page: it outlives the session."""
    may_repeat: bool = False
    """Sent again it does the same again, as a search does: the key of the form is not looked at."""

    @property
    def name(self) -> str:
        """A unique name, such as `GET /today`."""
        return f"{self.method} {self.path}"


def look(path: str, needs: Needs, view: View, *, may_keep_password: bool = False) -> Route:
    """A page that only looks."""
    return Route(method="GET", path=path, needs=needs, view=view, may_keep_password=may_keep_password)


def fetch(path: str, needs: Needs, deed: Deed) -> Route:
    """A GET that needs more than one read, such as a voice note from a messenger."""
    return Route(method="GET", path=path, needs=needs, deed=deed)


def do(path: str, needs: Needs, deed: Deed, *, may_keep_password: bool = False, keeps: str | None = None) -> Route:
    """A form that changes something."""
    return Route(method="POST", path=path, needs=needs, deed=deed, may_keep_password=may_keep_password, keeps=keeps)


def seek(path: str, needs: Needs, deed: Deed) -> Route:
    """A search for what may stand in no address; it is sent like a form and may be sent again."""
    return Route(method="POST", path=path, needs=needs, deed=deed, may_repeat=True)


def with_ways_back(table: Sequence[Route]) -> tuple[Route, ...]:
    """The table, where the address of every form can also be opened: it leads to the page the form stands on.

    A form that failed stays under the address it was sent to; opened again, or after signing in, it is asked for.
    """
    pages = {route.path for route in table if route.method == "GET"}
    bare = (route for route in table if route.method == "POST" and route.path not in pages)
    return (
        *table,
        *(look(route.path, route.needs, _way_back(route.path, pages), may_keep_password=True) for route in bare),
    )


def _way_back(path: str, pages: Collection[str]) -> View:
    """Leads to the nearest page above `path`; from the top to the start."""
    above = path
    while above and above not in pages:
        above = above.rpartition("/")[0]
    page = re.sub(r":int}", "}", above or "/start")

    def lead(session: ReadSession, ask: Ask) -> Reply:
        return Go(to=page.format(**ask.path))

    return lead


@dataclass(slots=True, kw_only=True)
class House:
    """What every handler works with: the database, the clock, the templates and the cookies' settings.

    It stands in the application's state as `house`: tests put another database behind the same handlers.
    """

    storage: Storage
    clock: Clock
    sheets: Sheets
    live: Live
    is_https: bool
    identity_key: bytes
    """Keys the hash of identity numbers, as in the chats."""
    fetch_voice: FetchVoice = field(default=no_voice)
    readings: Readings = field(default_factory=Readings)
    unknown_names: UnknownNames = field(default_factory=UnknownNames)

    @property
    def session_cookie(self) -> str:
        """Its name; the prefix makes browsers insist on https, on this host and on the whole path."""
        return "__Host-mizban" if self.is_https else "mizban"

    def cookie(self, name: str, value: str, *, seconds: int | None, same_site: Literal["lax", "strict"]) -> Cookie:
        """A cookie that scripts cannot read."""
        return Cookie(
            key=name, value=value, path="/", max_age=seconds, httponly=True, secure=self.is_https, samesite=same_site
        )

    async def read(self, query: Callable[Concatenate[ReadSession, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Look, in one transaction."""
        return await self.storage.read(lambda session: query(session, *args, **kwargs))

    async def write(self, action: Callable[Concatenate[WriteSession, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Change, in one transaction."""
        return await self.storage.write(lambda session: action(session, *args, **kwargs))

    async def voice(self, *, channel: str, bot: str, file_id: str) -> AsyncIterator[bytes] | None:
        """A voice note from its messenger."""
        return await self.fetch_voice(channel, bot, file_id)

    def events(self, ask: Ask) -> AsyncIterator[bytes] | None:
        """What changes from now on, for the person who asks."""
        return self.live.open(ask.staff, token=ask.cookies.get(self.session_cookie, ""))

    def identity_of(self, number: str) -> IdentityDigest:
        """What is kept of the number of a paper. Raises ValueError where there is no number in it."""
        return digest(number, kind=DocumentKind.OTHER, key=self.identity_key)  # the kind is no part of the hash

    def answer(self, reply: Show | Go | Feed, *, request: AnyRequest, admitted: Admitted | None) -> Response[Any]:
        """The response to a page's reply."""
        cookies: list[Cookie] = []
        if isinstance(reply, Feed):
            if reply.events is None:
                return Response(b"", status_code=204)  # EventSource then stays away
            return Stream(reply.events, media_type="text/event-stream", headers={"x-accel-buffering": "no"})
        for name, value in reply.remember.items():
            if request.cookies.get(name) != value:
                cookies.append(self.cookie(name, value, seconds=CONVENIENCE, same_site="lax"))
        if isinstance(reply, Go):
            if reply.notice:
                cookies.append(self.cookie(NOTICE, reply.notice, seconds=60, same_site="lax"))
            if reply.session is not None:
                lifetime = None if reply.session else 0
                cookies.append(self.cookie(self.session_cookie, reply.session, seconds=lifetime, same_site="lax"))
            return Response(b"", status_code=303, headers={"location": reply.to}, cookies=cookies)
        notice = None
        if not is_fragment(request):
            notice = notice_named(request.cookies.get(NOTICE))
            if notice is not None:
                cookies.append(self.cookie(NOTICE, "", seconds=0, same_site="lax"))
        values = {
            "frame": frame_of(
                admitted.staff if admitted else None,
                path=request.url.path,
                notice=notice,
                office=_office_of(reply.values.get("choice")),
            ),
            **reply.values,
        }
        if reply.status >= 400:
            focus_first_fault(reply.values)
        headers = IN_PLACE if reply.status >= 400 and is_fragment(request) else None
        return self.page(
            reply.template, values, locale=locale_of(request), status=reply.status, cookies=cookies, headers=headers
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
            self.sheets.page(template, values, locale=locale).encode(),
            media_type=MediaType.HTML,
            status_code=status,
            cookies=cookies,
            headers=headers,
        )


def _office_of(choice: Any) -> tuple[int, str] | None:
    """Id and province of the office that a page with a choice of offices is of."""
    current = choice.current if isinstance(choice, Choice) else None
    return None if current is None else (current.id, current.province_code)


def locale_of(request: AnyRequest) -> Locale:
    """The language the reader chose in this browser."""
    return Locale.FA_AF if request.cookies.get(LANGUAGE) == Locale.FA_AF.value else Locale.FA


def is_fragment(request: AnyRequest) -> bool:
    """Whether htmx asks for a piece of the page."""
    return request.headers.get("hx-request") == "true"


def is_by_itself(request: AnyRequest) -> bool:
    """Whether the page asks without anybody's doing, because of a signal: no sign that the person is still there."""
    return request.headers.get(BY_ITSELF) == "1" or request.url.path == LIVE


def ask_of(request: AnyRequest, admitted: Admitted, *, house: House, form: ImmutableMultiDict[Any]) -> Ask:
    """The request as pages see it."""
    now = house.clock.now()
    set_today(now)
    return Ask(
        now=now,
        staff=admitted.staff,
        scope=admitted.scope,
        locale=locale_of(request),
        language=house.sheets.language,
        path=request.path_params,
        query=request.query_params,
        form=form,
        address=request.url.path,
        is_fragment=is_fragment(request),
        cookies=request.cookies,
    )


def handler(route: Route, house: House) -> HTTPRouteHandler:
    """The Litestar handler of a row of the route table."""
    view, deed = route.view, route.deed

    def enter(session: ReadSession, request: AnyRequest) -> Admitted:
        admitted = admit(
            session,
            token=request.cookies.get(house.session_cookie),
            needs=route.needs,
            may_keep_password=route.may_keep_password,
            now=house.clock.now(),
        )
        if any(number > LARGEST_ID for number in request.path_params.values()):
            raise OutOfReach
        return admitted

    async def respond(request: AnyRequest) -> Response[Any]:
        if view is not None:

            def enter_and_look(session: ReadSession) -> tuple[Admitted, Reply]:
                admitted = enter(session, request)
                return admitted, view(session, ask_of(request, admitted, house=house, form=NO_FORM))

            admitted, reply = await house.read(enter_and_look)
        else:
            assert deed is not None  # noqa: S101  # a route has one of the two
            try:
                admitted = await house.read(enter, request)
            except NotSignedIn:
                if route.keeps is None:
                    raise
                raise NotSignedIn(written=str((await request.form()).get(route.keeps) or "")) from None
            form: ImmutableMultiDict[Any] = NO_FORM
            if route.method == "POST":
                form = await request.form()
                given = request.headers.get(csrf.HEADER) or str(form.get(csrf.FIELD) or "")
                csrf.check(given=given, expected=admitted.staff.csrf_token, headers=request.headers)
            ask = ask_of(request, admitted, house=house, form=form)
            desk = KeyedDesk(house, key_hash=None if route.may_repeat else _key_hash(ask), now=ask.now)
            try:
                reply = await deed(ask, desk)
            except SentAlready:
                reply = await _as_before(ask, desk)
            except Refusal as refusal:
                template = "faults/piece.html" if is_fragment(request) else "faults/refused.html"
                reply = Show(template=template, values={"said": refused(refusal)}, status=409)
            await desk.conclude(reply)
        await _write_down(house, admitted, reply, is_presence=not is_by_itself(request))
        if isinstance(reply, Sound):
            return await answer_with(reply, asked=request.headers.get("range", ""))
        return house.answer(reply, request=request, admitted=admitted)

    return HTTPRouteHandler(
        route.path,
        http_method=[HttpMethod(route.method)],
        name=route.name,
        opt={"needs": route.needs, "public": route.needs is Anyone.PUBLIC},
        include_in_schema=False,
        status_code=200,
    )(respond)


def _key_hash(ask: Ask) -> str | None:
    """What is kept of the key of a form; None for what carries none."""
    key = str(ask.form.get(keys.FIELD) or "")
    if not key or len(key) > keys.LONGEST:
        return None
    return form_keys.hash_of(staff_id=ask.staff.staff_id, address=ask.address, key=key)


async def _as_before(ask: Ask, desk: KeyedDesk) -> Reply:
    """The answer to a second press: where the first one went, with the word that it happened once."""
    if ask.is_fragment:
        return Show(template="faults/piece.html", values={"said": NOTICES["sent_already"]}, status=409)
    return Go(to=await desk.where_it_led() or ask.address, notice="sent_already")


async def _write_down(house: House, admitted: Admitted, reply: Reply, *, is_presence: bool) -> None:
    """Record what was read of people before it is shown, and that the person is still there."""
    now = house.clock.now()
    if isinstance(reply, Show | Sound) and reply.reading is not None:
        reading, staff_id = reply.reading, admitted.staff.staff_id
        if not reading.recurs or house.readings.is_due(reading, staff_id=staff_id, now=now):
            await house.write(events.note, staff_id=staff_id, kind=reading.action, subject=reading.subject, now=now)
    if admitted.is_stale and is_presence:
        await house.write(staff_actions.touch, token_hash=admitted.staff.token_hash, now=now)
