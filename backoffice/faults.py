"""The pages for what went otherwise: not found, not permitted, too many tries, our own mistakes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from backoffice.access import MustChangePassword, NotPermitted, NotSignedIn, OutOfReach
from backoffice.csrf import ForgedRequest
from backoffice.entry import House, is_fragment, locale_of
from backoffice.frame import frame_of

log = logging.getLogger("mizban.backoffice")

AnyRequest = Request[Any, Any, Any]
Answer = Callable[[AnyRequest, Exception], Response[Any]]

PAGES = {403: "forbidden", 404: "not_found", 405: "not_found", 413: "too_large", 429: "too_many"}


def fault_handlers(house: House) -> ExceptionHandlersMap:
    """What each exception becomes for the browser."""

    def page(request: AnyRequest, *, status: int, name: str) -> Response[Any]:
        values = {"frame": frame_of(None, path=request.url.path, notice=None)}
        return house.page(f"faults/{name}.html", values, locale=locale_of(request), status=status, cookies=[])

    def fixed(status: int, name: str) -> Answer:
        return lambda request, error: page(request, status=status, name=name)

    def away(request: AnyRequest, path: str) -> Response[Any]:
        # htmx follows a 303 inside its target; it must leave the page instead.
        if is_fragment(request):
            return Response(b"", status_code=200, headers={"hx-redirect": path})
        return Response(b"", status_code=303, headers={"location": path})

    def to_sign_in(request: AnyRequest, error: Exception) -> Response[Any]:
        back = request.url.path
        if request.method != "GET" or back == "/" or is_fragment(request):
            return away(request, "/sign-in")
        query = f"?{request.url.query}" if request.url.query else ""
        return away(request, f"/sign-in?next={quote(back + query, safe='/')}")

    def to_password(request: AnyRequest, error: Exception) -> Response[Any]:
        return away(request, "/account/password")

    def http(request: AnyRequest, error: Exception) -> Response[Any]:
        status = error.status_code if isinstance(error, HTTPException) else 500
        if status in PAGES:
            return page(request, status=status, name=PAGES[status])
        if status < 500:
            return page(request, status=status, name="not_understood")
        return broken(request, error)

    def broken(request: AnyRequest, error: Exception) -> Response[Any]:
        # The path holds ids only; the query may hold what somebody searched for.
        log.error("A page failed: %s %s", request.method, request.url.path, exc_info=error)
        return page(request, status=500, name="broken")

    return {
        NotSignedIn: to_sign_in,
        MustChangePassword: to_password,
        NotPermitted: fixed(403, "forbidden"),
        ForgedRequest: fixed(403, "forged"),
        OutOfReach: fixed(404, "not_found"),
        HTTPException: http,
        Exception: broken,
    }
