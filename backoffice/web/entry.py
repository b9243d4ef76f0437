"""Builds a Litestar handler from a row of the route table: it checks access, runs the page and responds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from litestar import HttpMethod, Response
from litestar.datastructures import ImmutableMultiDict
from litestar.exceptions import ClientException
from litestar.handlers import HTTPRouteHandler
from litestar.middleware import DefineMiddleware
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.types import Empty

from backoffice.access import Admitted, Anyone, NotSignedIn, admit
from backoffice.forms.days import set_today
from backoffice.layout.frame import frame_of
from backoffice.staff import asking_again
from backoffice.staff.asking_again import Proved
from backoffice.web import csrf, keys
from backoffice.web.context import PROOF, SESSION, STAFF, AnyRequest, AppContext, is_fragment, published
from backoffice.web.http import (
    AsyncHandler,
    AudioStream,
    EventStream,
    PageRequest,
    PageResponse,
    PublicHandler,
    PublicRequest,
    PublishedFile,
    Reading,
    Redirect,
    Render,
)
from backoffice.web.keys import KeyedBackend, SentAlready
from backoffice.web.ranges import answer_with
from backoffice.web.routing import Route
from backoffice.wording import NOTICES, refused
from desk.acting import OutOfReach
from desk.events.shown import looking
from desk.language.text import Locale
from desk.refusals import Refusal
from desk.staff import actions as staff_actions
from desk.staff import form_keys
from desk.staff.proofs import PROOF_LASTS
from desk.storage.base import ReadSession

LIVE = "/live"
BY_ITSELF = "mizban-by-itself"
"""The header by which `live.js` marks its own requests."""

LARGEST_ID = 2**63 - 1
"""The largest id of the databases; an address with a larger one is not found."""

UNNAMED = "page.read"
"""The kind of event for a page that shows people and names no kind."""
LONGEST_SUBJECT = 60
"""The most letters of a subject."""

PROOF_SECONDS = int(PROOF_LASTS.total_seconds())

MOST_FROM_ONE_ADDRESS = 60
"""Requests a minute to one public page: a whole office behind one address looks up codes, a guesser does not."""

IN_PARTS = "multipart/form-data"
"""The type of a form that carries a file."""
BODY_OF_A_FILE = 4
"""How many times the largest file a body may hold: somewhat larger ones are told so by the page, in its own words."""

NO_FORM: ImmutableMultiDict[Any] = ImmutableMultiDict()


def page_request_of(
    request: AnyRequest, admitted: Admitted, *, context: AppContext, form: ImmutableMultiDict[Any]
) -> PageRequest:
    """The request as pages see it."""
    now = context.clock.now()
    set_today(now)
    return PageRequest(
        now=now,
        staff=admitted.staff,
        scope=admitted.scope,
        locale=context.locale_of(request),
        language=context.templates.language,
        path=request.path_params,
        query=request.query_params,
        form=form,
        address=request.url.path,
        passkey_origin=context.passkey_origin,
        is_fragment=is_fragment(request),
        cookie=lambda name: context.sent_cookie(request, name) or "",
    )


def _enter(session: ReadSession, request: AnyRequest, *, route: Route, context: AppContext) -> Admitted:
    admitted = admit(
        session,
        token=context.sent_cookie(request, SESSION),
        needs=route.needs,
        opens_while=route.opens_while,
        now=context.clock.now(),
    )
    request.state[STAFF] = admitted.staff.staff_id
    if any(abs(number) > LARGEST_ID for number in request.path_params.values()):
        raise OutOfReach
    return admitted


async def _acted(
    request: AnyRequest, asked: AsyncHandler, *, route: Route, context: AppContext
) -> tuple[Admitted, PageResponse, str | None]:
    """What a form, or a page with several reads, answers; and the proof where the password came along."""
    try:
        admitted = await context.read(_enter, request, route=route, context=context)
    except NotSignedIn:
        if route.largest_file:
            raise NotSignedIn(had_file=True) from None
        if route.keeps is None:
            raise
        raise NotSignedIn(written=str((await request.form()).get(route.keeps) or "")) from None
    form: ImmutableMultiDict[Any] = NO_FORM
    proof = None
    if route.method == "POST":
        if not route.largest_file and request.content_type[0] == IN_PARTS:
            # Only these can hold files, which would be kept in memory or on the disk before anybody asks.
            raise ClientException(f"{route.name} takes no file", status_code=415)
        form = await request.form()
        given = request.headers.get(csrf.HEADER) or str(form.get(csrf.FIELD) or "")
        csrf.check(given=given, expected=admitted.staff.csrf_token, headers=request.headers)
        if route.asks_password and not asking_again.is_proved(context, request, admitted):
            said = await asking_again.before_form(context, request, admitted, form, gives_file=route.may_repeat)
            if not isinstance(said, Proved):
                return admitted, said, None
            form, proof = said.form, said.proof
    page_request = page_request_of(request, admitted, context=context, form=form)
    backend = KeyedBackend(
        context, key_hash=None if route.may_repeat else _key_hash(page_request), now=page_request.now
    )
    try:
        page_response = await asked(page_request, backend)
    except SentAlready:
        page_response = await _as_before(page_request, backend)
    except OutOfReach:
        raise
    except Refusal as refusal:
        template = "faults/piece.html" if is_fragment(request) else "faults/refused.html"
        page_response = Render(template=template, values={"said": refused(refusal)}, status=409)
    await backend.conclude(page_response)
    return admitted, page_response, proof


def handler(route: Route, context: AppContext) -> HTTPRouteHandler:
    """The Litestar handler of a row of the route table."""
    if route.public_handler is not None:
        return _for_everybody(route, route.public_handler, context)
    read_handler, async_handler = route.read_handler, route.async_handler

    def enter(session: ReadSession, request: AnyRequest) -> Admitted:
        return _enter(session, request, route=route, context=context)

    async def respond(request: AnyRequest) -> Response[Any]:
        proof = None
        with looking() as seen:
            if read_handler is not None:

                def enter_and_look(session: ReadSession) -> tuple[Admitted, PageResponse]:
                    admitted = enter(session, request)
                    if route.asks_password and not asking_again.is_proved(context, request, admitted):
                        return admitted, asking_again.before_page(context, request, admitted)
                    return admitted, read_handler(
                        session, page_request_of(request, admitted, context=context, form=NO_FORM)
                    )

                admitted, page_response = await context.read(enter_and_look)
            else:
                assert async_handler is not None  # noqa: S101  # a route has one of the two
                admitted, page_response, proof = await _acted(request, async_handler, route=route, context=context)
        await _write_down(
            context, admitted, page_response, route=route, seen=seen, is_presence=not is_by_itself(request)
        )
        if isinstance(page_response, AudioStream):
            return await answer_with(page_response, asked=request.headers.get("range", ""))
        response = context.response_of(page_response, request=request, admitted=admitted)
        if proof is not None:
            response.set_cookie(context.cookie(PROOF, proof, seconds=PROOF_SECONDS, same_site="strict"))
        return response

    return _registered(route)(respond)


def _limit(route: Route) -> list[DefineMiddleware]:
    """Bounds the requests to a public page from one address, counted apart from those of any other page."""
    limit = RateLimitConfig(
        rate_limit=("minute", MOST_FROM_ONE_ADDRESS), set_rate_limit_headers=False, store=f"requests {route.path}"
    )
    return [limit.middleware]


def _registered(route: Route, *, limit: Sequence[DefineMiddleware] = ()) -> HTTPRouteHandler:
    return HTTPRouteHandler(
        route.path,
        http_method=[HttpMethod(route.method)],
        name=route.name,
        opt={"needs": route.needs, "public": route.needs is Anyone.PUBLIC},
        include_in_schema=False,
        status_code=200,
        middleware=limit,
        request_max_body_size=route.largest_file * BODY_OF_A_FILE if route.largest_file else Empty,
    )


def _for_everybody(route: Route, public_handler: PublicHandler, context: AppContext) -> HTTPRouteHandler:
    """The handler of a public page: it reads and sets no cookie and is the same for everybody."""

    async def respond(request: AnyRequest) -> Response[Any]:
        if any(abs(number) > LARGEST_ID for number in request.path_params.values()):
            raise OutOfReach
        now = context.clock.now()
        set_today(now)
        is_dari = request.query_params.get("lang") == Locale.FA_AF.value
        locale = Locale.FA_AF if is_dari else Locale.FA
        asked = PublicRequest(
            now=now,
            locale=locale,
            path=request.path_params,
            query=request.query_params,
            address=request.url.path,
        )
        with looking() as seen:
            page = await context.read(public_handler, asked)
        if seen:
            raise RuntimeError(f"{route.name} is public and read whom it may not show")
        if isinstance(page, PublishedFile):
            return published(page)
        values = {"frame": frame_of(None, path=request.url.path, notice=None), **page.values}
        return context.page(page.template, values, locale=locale, status=page.status, cookies=[])

    return _registered(route, limit=_limit(route))(respond)


def _key_hash(page_request: PageRequest) -> str | None:
    """The stored hash of a form's key; None for a form without one."""
    key = str(page_request.form.get(keys.FIELD) or "")
    if not key or len(key) > keys.LONGEST:
        return None
    return form_keys.hash_of(staff_id=page_request.staff.staff_id, address=page_request.address, key=key)


async def _as_before(page_request: PageRequest, backend: KeyedBackend) -> PageResponse:
    """The response to a second press: redirect where the first one went, with a notice."""
    if page_request.is_fragment:
        return Render(template="faults/piece.html", values={"said": NOTICES["sent_already"]}, status=409)
    return Redirect(to=await backend.where_it_led() or page_request.address, notice="sent_already")


async def _write_down(
    context: AppContext,
    admitted: Admitted,
    page_response: PageResponse,
    *,
    route: Route,
    seen: Collection[str],
    is_presence: bool,
) -> None:
    """Record whom the response shows, and the person's activity.

    A page may name the kind of the reading; one that does not but was given rows of people is recorded all the same.
    So is a look that only leads on: where it leads tells the day and the office of an appointment, or that a case
    exists. What a form did stands in the history by itself.
    """
    now = context.clock.now()
    reading = None if isinstance(page_response, Redirect | EventStream) else page_response.reading
    only_looks = route.method == "GET" or route.may_repeat
    if reading is None and seen and (only_looks or not isinstance(page_response, Redirect)):
        reading = Reading(UNNAMED, f"page:{route.path}"[:LONGEST_SUBJECT], recurs=True)
    if reading is not None:
        staff = admitted.staff
        await context.readings.note(
            reading, page=route.path, actor=staff.actor, session=staff.token_hash, seen=seen, now=now
        )
    if admitted.is_stale and is_presence:
        await context.write(staff_actions.touch, token_hash=admitted.staff.token_hash, now=now)


def is_by_itself(request: AnyRequest) -> bool:
    """Whether a script made the request because of a signal: no sign that the person is active."""
    return request.headers.get(BY_ITSELF) == "1" or request.url.path == LIVE
