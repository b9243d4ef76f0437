"""The pages for errors: not found, not permitted, too many attempts, our own errors."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from backoffice.access import ComesFirst, NotPermitted, NotSignedIn
from backoffice.layout.frame import frame_of
from backoffice.staff.own_account_forms import SignInForm
from backoffice.staff.sign_in import sign_in_page
from backoffice.web.context import IN_PLACE, STAFF, AppContext, is_fragment
from backoffice.web.csrf import ForgedRequest
from backoffice.web.passwords import Busy
from desk.acting import OutOfReach
from desk.language.text import Text, words
from desk.staff.rules import Awaits
from desk.staff.security import TurnedAway

_ = words("faults")

log = logging.getLogger("mizban.backoffice")

AnyRequest = Request[Any, Any, Any]
Answer = Callable[[AnyRequest, Exception], Response[Any]]

FIRST = {
    Awaits.CODE: "/sign-in/code",
    Awaits.PASSWORD: "/account/password",
    Awaits.FACTOR: "/account/factor",
}
"""Where each is done that comes first after the password."""

PAGES = {403: "forbidden", 404: "not_found", 405: "not_found", 413: "too_large", 429: "too_many"}

SIGNED_OUT = _("You were signed out meanwhile, and nothing was sent. Sign in, and you come back to the page.")
SIGNED_OUT_WITH_FILE = _(
    "You were signed out meanwhile, and nothing was sent. Sign in, and you come back to the page. There please choose"
    " the file again."
)

SHORT: dict[str, Text] = {
    "forbidden": _("Your role does not include it. Your manager can change that."),
    "not_found": _("It may have moved, or it belongs to another office."),
    "forged": _("Please open the page again and send the form once more. Nothing was changed."),
    "too_large": _("Please shorten the text, or send a smaller file."),
    "too_many": _("Too many tries came from this place. Please wait a minute."),
    "busy": _("Many people are signing in at this moment. Please press once more. Nothing was changed."),
    "not_understood": _("The page did not understand this"),
    "broken": _("It was written down. Nothing was half saved. Please try once more."),
    "signed_out": _("You are not signed in any more. Nothing was changed."),
}
"""What each error says where htmx asked for a fragment: the page stays as it is, with these words."""


def _shown(request: AnyRequest) -> tuple[str, str]:
    """The path and query of the page that htmx asks from."""
    try:
        address = urlsplit(request.headers.get("hx-current-url", ""))
    except ValueError:
        return "", ""
    return address.path, address.query


def _stood_on(request: AnyRequest) -> str:
    """The page from which a form was sent, else the form's address; never one of another host."""
    try:
        page = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        page = urlsplit("")
    if page.netloc != request.headers.get("host") or page.path in {"", "/", "/sign-in"}:
        return request.url.path
    return f"{page.path}?{page.query}" if page.query else page.path


def fault_handlers(context: AppContext) -> ExceptionHandlersMap:
    """The response for each exception."""

    def piece(request: AnyRequest, *, status: int, name: str, sign_in: str | None = None) -> Response[Any]:
        values = {"said": SHORT[name], "sign_in": sign_in}
        return context.page(
            "faults/piece.html", values, locale=context.locale_of(request), status=status, cookies=[], headers=IN_PLACE
        )

    def page(request: AnyRequest, *, status: int, name: str) -> Response[Any]:
        if is_fragment(request):
            return piece(request, status=status, name=name)
        values = {"frame": frame_of(None, path=request.url.path, notice=None)}
        return context.page(f"faults/{name}.html", values, locale=context.locale_of(request), status=status, cookies=[])

    def fixed(status: int, name: str) -> Answer:
        return lambda request, error: page(request, status=status, name=name)

    def counted(why: TurnedAway, answer: Answer) -> Answer:
        """The same answer; the history tells that requests of this account were turned away."""

        def respond(request: AnyRequest, error: Exception) -> Response[Any]:
            staff_id = error.staff_id if isinstance(error, NotPermitted) else request.state.get(STAFF)
            page = str(request.scope.get("path_template") or "")
            context.readings.turned_away(why, staff_id=staff_id, page=page, now=context.clock.now())
            return answer(request, error)

        return respond

    def away(request: AnyRequest, path: str) -> Response[Any]:
        # htmx would follow a 303 inside of its target; it must leave the page instead.
        if is_fragment(request):
            return Response(b"", status_code=200, headers={"hx-redirect": path})
        return Response(b"", status_code=303, headers={"location": path})

    def way_in(back: str, query: str, *, to: str = "/sign-in") -> str:
        if back in {"", "/", "/start"} or (to != "/sign-in" and to != FIRST[Awaits.CODE]):
            return to
        return f"{to}?next={quote(f'{back}?{query}' if query else back, safe='/')}"

    def to_sign_in(request: AnyRequest, error: Exception) -> Response[Any]:
        if is_fragment(request):
            # The page may hold an unfinished reply: it is left as it is, with a link to the sign-in.
            return piece(request, status=401, name="signed_out", sign_in=way_in(*_shown(request)))
        if request.method != "GET":
            had_file = isinstance(error, NotSignedIn) and error.had_file
            return sign_in_page(
                context,
                request,
                SignInForm(),
                back=_stood_on(request),
                written=error.written if isinstance(error, NotSignedIn) else None,
                problem=SIGNED_OUT_WITH_FILE if had_file else SIGNED_OUT,
                status=401,
            )
        return away(request, way_in(request.url.path, request.url.query))

    def to_first(request: AnyRequest, error: Exception) -> Response[Any]:
        where = FIRST[error.awaits] if isinstance(error, ComesFirst) else "/start"
        is_page = request.method == "GET" and not is_fragment(request)
        return away(request, way_in(request.url.path, request.url.query, to=where) if is_page else where)

    def http(request: AnyRequest, error: Exception) -> Response[Any]:
        status = error.status_code if isinstance(error, HTTPException) else 500
        if status in PAGES:
            return page(request, status=status, name=PAGES[status])
        if status < 500:
            return page(request, status=status, name="not_understood")
        return broken(request, error)

    def broken(request: AnyRequest, error: Exception) -> Response[Any]:
        # The path holds ids only; the query may hold what somebody searched for, so it is not logged.
        log.error("A page failed: %s %s", request.method, request.url.path, exc_info=error)
        return page(request, status=500, name="broken")

    return {
        NotSignedIn: to_sign_in,
        ComesFirst: to_first,
        NotPermitted: counted(TurnedAway.FORBIDDEN, fixed(403, "forbidden")),
        ForgedRequest: counted(TurnedAway.FORGED, fixed(403, "forged")),
        Busy: fixed(503, "busy"),
        OutOfReach: counted(TurnedAway.OUT_OF_REACH, fixed(404, "not_found")),
        HTTPException: http,
        Exception: broken,
    }
