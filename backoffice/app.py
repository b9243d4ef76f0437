"""Builds the application: routes, pages for faults, headers and static files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Litestar, Request, Response, get
from litestar.datastructures import State
from litestar.types import ControllerRouterHandler

from backoffice.layout.templates import Templates
from backoffice.readings import Readings
from backoffice.routes import ROUTES
from backoffice.staff.sign_in import sign_in_routes
from backoffice.web.assets import assets_route
from backoffice.web.context import AppContext, FetchVoice, NameBots, no_bots, no_voice
from backoffice.web.entry import handler
from backoffice.web.faults import fault_handlers
from backoffice.web.live import Live
from backoffice.web.security import complete_headers
from desk.clock import Clock
from desk.identity import IdentityKeys
from desk.storage.digests import DigestPool
from desk.storage.engine import Storage

LARGEST_FORM = 256 * 1024
"""The most bytes of a form's body; our forms are far smaller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackofficeSettings:
    """The settings that differ between installations."""

    is_https: bool = False
    """True = staff use https: cookies get the `__Host-` prefix, and browsers are told to stay on https."""
    passkey_origin: str = ""
    """`https://` and the host by which staff reach the pages, or localhost; empty = no passkeys."""
    sign_ins_per_minute: int = 20
    """Sign-in attempts per client address; accounts have a lock of their own."""


def create_app(
    *,
    storage: Storage,
    templates: Templates,
    clock: Clock,
    identity_key: IdentityKeys,
    digests: DigestPool | None = None,
    settings: BackofficeSettings | None = None,
    live: Live | None = None,
    readings: Readings | None = None,
    fetch_voice: FetchVoice = no_voice,
    name_bots: NameBots = no_bots,
    extra_routes: Sequence[ControllerRouterHandler] = (),
) -> Litestar:
    """The ASGI application; the caller starts `storage` and runs `live` and `readings`.

    Without `live` open pages hear of no changes, and without `readings` what staff saw is not recorded. `identity_key`
    holds the keys that the chats hash identity numbers with; with others no number is found. `digests` makes these
    hashes, for the chats too. `extra_routes` are added
    unchanged, without a check.
    """
    settings = settings or BackofficeSettings()
    context = AppContext(
        storage=storage,
        clock=clock,
        templates=templates,
        live=live or Live(storage, clock=clock),
        readings=readings or Readings(storage),
        is_https=settings.is_https,
        passkey_origin=settings.passkey_origin,
        identity_key=identity_key,
        digests=digests or DigestPool(),
        fetch_voice=fetch_voice,
        name_bots=name_bots,
    )
    return Litestar(
        route_handlers=[
            home,
            assets_route(templates.assets),
            *sign_in_routes(context, attempts=settings.sign_ins_per_minute),
            *(handler(route, context) for route in ROUTES),
            *extra_routes,
        ],
        state=State({"context": context}),
        exception_handlers=fault_handlers(context),
        before_send=[complete_headers(is_https=settings.is_https)],
        request_max_body_size=LARGEST_FORM,
        openapi_config=None,
        logging_config=None,
        debug=False,
    )


@get("/", name="home", sync_to_thread=False, opt={"public": True}, include_in_schema=False)
def home(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Redirect to the first part that the person may open."""
    return Response(b"", status_code=303, headers={"location": "/start"})
