"""The sign-in page: the only form that works without a session."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from litestar import Request, Response, get, post
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.types import ControllerRouterHandler

from backoffice.access import Admitted
from backoffice.layout.frame import frame_of
from backoffice.staff.browsers import browser_of
from backoffice.staff.own_account_forms import SignInForm
from backoffice.web import csrf
from backoffice.web.context import SESSION, AppContext
from backoffice.web.http import Redirect
from backoffice.web.passwords import Busy
from desk.acting import Actor
from desk.cases import actions as cases
from desk.cases.refusals import NotYourCase, PersonErased
from desk.language.text import Text, words
from desk.organisation import NOWHERE
from desk.reading.folding import clean
from desk.staff import actions, queries
from desk.staff.actions import Browser, SignedIn
from desk.staff.passwords import decoy_hash
from desk.staff.refusals import PasswordOutlived, TooManyTries, WrongCredentials
from desk.storage.base import WriteSession
from desk.values import LocalMoment

P = ParamSpec("P")
T = TypeVar("T")

_ = words("sign_in")

WRITTEN = "written"
"""The field with a reply that is kept during the sign-in."""
VISITOR = "visitor"
"""The cookie whose value the sign-in form must repeat."""
DEVICE = "browser"
"""The cookie by which a browser is known in which somebody signed in before."""
BUSY = _("Many people are signing in at this moment. Please press once more.")


def sign_in_routes(context: AppContext, *, attempts: int) -> list[ControllerRouterHandler]:
    """The routes of the form and of the attempt; at most `attempts` a minute from one address.

    That limit comes first and ignores the name. After it, each name, known or not, has its own lock.
    """
    limit = RateLimitConfig(rate_limit=("minute", attempts), set_rate_limit_headers=False)

    @get("/sign-in", name="GET /sign-in", opt={"public": True}, include_in_schema=False)
    async def show(request: Request[Any, Any, Any]) -> Response[Any]:
        return sign_in_page(context, request, SignInForm(), back=asked_back(request), status=200)

    @post(
        "/sign-in",
        name="POST /sign-in",
        opt={"public": True},
        include_in_schema=False,
        middleware=[limit.middleware],
        status_code=200,
    )
    async def attempt(request: Request[Any, Any, Any]) -> Response[Any]:
        sent = await request.form()
        csrf.check(
            given=str(sent.get(csrf.FIELD) or ""),
            expected=context.sent_cookie(request, VISITOR) or "",
            headers=request.headers,
        )
        form = SignInForm(sent)
        back = asked_back(request)
        written = clean(str(sent.get(WRITTEN) or "")) or None
        if not form.validate():
            return sign_in_page(context, request, form, back=back, written=written, status=422)
        kind, machine = browser_of(request.headers.get("user-agent", ""))
        browser = Browser(
            device=context.sent_cookie(request, DEVICE),
            replaces=context.sent_cookie(request, SESSION),
            kind=kind.value,
            machine=machine.value,
        )
        try:
            opened = await open_session(
                context, username=form.username.data, password=form.password.data, browser=browser
            )
        except Busy:
            return sign_in_page(context, request, form, back=back, written=written, problem=BUSY, status=503)
        except PasswordOutlived:
            problem = _("The password you were given was good for one day. Please ask for a new one.")
            return sign_in_page(context, request, form, back=back, written=written, problem=problem, status=422)
        except WrongCredentials:
            problem = _("The username or the password is not right. Please try once more.")
            return sign_in_page(context, request, form, back=back, written=written, problem=problem, status=422)
        except TooManyTries as refusal:
            problem = _("Too many tries. Please wait until {when}.", when=LocalMoment(refusal.until))
            return sign_in_page(context, request, form, back=back, written=written, problem=problem, status=429)
        if opened.staff.awaits_code:
            return _ask_for_code(context, request, opened, back=back, written=written)
        now = context.clock.now()
        kept_in = await keep_written(context, written, back=back, actor=opened.staff.actor, now=now)
        redirect = Redirect(
            to=kept_in or safe_next(back) or "/start",
            notice="draft_kept" if kept_in else "also_elsewhere" if opened.elsewhere else None,
            session=opened.token,
            remember={DEVICE: opened.device} if opened.device else {},
        )
        return context.response_of(redirect, request=request, admitted=None)

    return [show, attempt]


def asked_back(request: Request[Any, Any, Any]) -> str:
    """The page to return to, as the address of the sign-in holds it."""
    return str(request.query_params.get("next", ""))


def sign_in_page(
    context: AppContext,
    request: Request[Any, Any, Any],
    form: SignInForm,
    *,
    back: str,
    written: str | None = None,
    problem: Text | None = None,
    status: int,
) -> Response[Any]:
    """The sign-in form, which leads back to one of our pages; a reply of the ended session is kept in it."""
    token = context.sent_cookie(request, VISITOR) or csrf.new_token()
    values = {
        "frame": frame_of(None, path="/sign-in", notice=None),
        "form": form,
        "problem": problem,
        "token": token,
        "next": safe_next(back),
        "written": written,
    }
    cookie = context.cookie(VISITOR, token, seconds=None, same_site="strict")
    return context.page(
        "staff/sign_in.html", values, locale=context.locale_of(request), status=status, cookies=[cookie]
    )


def _ask_for_code(
    context: AppContext, request: Request[Any, Any, Any], opened: SignedIn, *, back: str, written: str | None
) -> Response[Any]:
    from backoffice.staff import factor  # it names this module's fields

    admitted = Admitted(staff=opened.staff, scope=NOWHERE, is_stale=False)
    asked = factor.asks(
        factor.CodeForm(), staff=opened.staff, origin=context.passkey_origin, back=back, written=written
    )
    response = context.response_of(asked, request=request, admitted=admitted)
    response.set_cookie(context.cookie(SESSION, opened.token, seconds=None, same_site="lax"))
    return response


class Writes(Protocol):
    """What `keep_written` needs of the application."""

    async def write(
        self, action: Callable[Concatenate[WriteSession, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T: ...


async def keep_written(backend: Writes, written: str | None, *, back: str, actor: Actor, now: datetime) -> str | None:
    """Save a reply as the draft of the person who signed in, if the case is within their scope; returns the case's
    address."""
    case = re.match(r"/inbox/(\d{1,19})(?!\d)", back, re.ASCII)
    if case is None or not written or int(case[1]) >= 2**63:  # no id of the databases is larger
        return None
    try:
        await backend.write(cases.keep_draft, case_id=int(case[1]), actor=actor, text=written, now=now)
    except (NotYourCase, PersonErased):
        return None
    return f"/inbox/{case[1]}"


async def open_session(context: AppContext, *, username: str, password: str, browser: Browser) -> SignedIn:
    """Check the password outside of any transaction, since it is slow on purpose, then open a session.

    An unknown name gets the same answers after the same time: nobody learns which accounts exist.

    Raises:
        WrongCredentials: the account is unknown, ended, or the password differs.
        TooManyTries: the account, or a name that is none, is locked for some minutes.
        PasswordOutlived: somebody else set the password, too long ago.
        Busy: too many passwords are being checked.
    """
    now = context.clock.now()
    try:
        known = await context.read(queries.credentials, username=username, device=browser.device, now=now)
        if known.staff_id is None:
            context.unknown_names.require_unlocked(username, now=now)
    except TooManyTries:
        # The answer always takes as long, so that its time says no more than its words.
        await context.passwords.verify(decoy_hash(), password)
        raise
    is_right = await context.passwords.verify(known.password_hash, password)
    if known.staff_id is None:
        is_noted = context.unknown_names.is_noted(now=now)
        await context.write(actions.note_unknown_name, is_noted=is_noted, now=now)
        context.unknown_names.note_wrong_password(username, now=now)
        raise WrongCredentials
    if not is_right:
        await context.write(
            actions.note_wrong_password, staff_id=known.staff_id, device_hash=known.device_hash, now=now
        )
        raise WrongCredentials
    return await context.write(actions.open_session, staff_id=known.staff_id, browser=browser, asks_code=True, now=now)


def safe_next(path: str) -> str:
    """A path of this site to go to after signing in; anything that could lead elsewhere becomes empty.

    So does what a header cannot hold: our own addresses arrive with percent-encoded letters.
    """
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path and ":" not in path
    return path if is_ours and path.isascii() and path.isprintable() else ""
