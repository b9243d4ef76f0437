"""The sign-in page: the only form that works without a session."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Request, Response, get, post
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.types import ControllerRouterHandler

from backoffice import csrf
from backoffice.entry import House, locale_of
from backoffice.exchange import Go
from backoffice.forms.account import SignInForm
from backoffice.frame import frame_of
from desk.language.text import Text, words
from desk.staff import actions, queries, rules
from desk.staff.refusals import TooManyTries, WrongCredentials
from desk.staff.strangers import UnknownNames
from desk.values import LocalMoment

_ = words("sign_in")

VISITOR = "visitor"
"""The cookie whose value the sign-in form must repeat."""


def sign_in_routes(house: House, *, attempts: int) -> list[ControllerRouterHandler]:
    """The form, and the attempt; at most `attempts` a minute from one address.

    That limit comes first and asks for no name. Behind it each name, known or not, locks for itself.
    """
    limit = RateLimitConfig(rate_limit=("minute", attempts), set_rate_limit_headers=False)
    unknown = UnknownNames()

    def form_page(
        request: Request[Any, Any, Any], form: SignInForm, *, problem: Text | None, status: int
    ) -> Response[Any]:
        token = request.cookies.get(VISITOR) or csrf.new_token()
        values = {
            "frame": frame_of(None, path="/sign-in", notice=None),
            "form": form,
            "problem": problem,
            "token": token,
            "next": safe_next(request.query_params.get("next", "")),
        }
        cookie = house.cookie(VISITOR, token, seconds=None, same_site="strict")
        return house.page("sign_in.html", values, locale=locale_of(request), status=status, cookies=[cookie])

    @get("/sign-in", name="GET /sign-in", opt={"public": True}, include_in_schema=False)
    async def show(request: Request[Any, Any, Any]) -> Response[Any]:
        return form_page(request, SignInForm(), problem=None, status=200)

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
            expected=request.cookies.get(VISITOR, ""),
            headers=request.headers,
        )
        form = SignInForm(sent)
        if not form.validate():
            return form_page(request, form, problem=None, status=422)
        try:
            token = await open_session(house, username=form.username.data, password=form.password.data, unknown=unknown)
        except WrongCredentials:
            problem = _("The username or the password is not right. Please try once more.")
            return form_page(request, form, problem=problem, status=422)
        except TooManyTries as refusal:
            problem = _("Too many tries. Please wait until {when}.", when=LocalMoment(refusal.until))
            return form_page(request, form, problem=problem, status=429)
        reply = Go(to=safe_next(request.query_params.get("next", "")) or "/start", session=token)
        return house.answer(reply, request=request, admitted=None)

    return [show, attempt]


async def open_session(house: House, *, username: str, password: str, unknown: UnknownNames) -> str:
    """Check the password outside any transaction, since it takes its time on purpose, then open a session.

    A name that nobody has gets the same answers after as long: who asks learns nothing about who works here.

    Raises:
        WrongCredentials: the account is unknown, ended, or the password differs.
        TooManyTries: the account, or a name that is none, is locked for some minutes.
    """
    now = house.clock.now()
    try:
        known = await house.read(queries.credentials, username=username, now=now)
        if known.staff_id is None:
            unknown.require_unlocked(username, now=now)
    except TooManyTries:
        # Locked or not, right or wrong, the answer takes as long: the time must not say more than the words do.
        await asyncio.to_thread(rules.verify_password, rules.DECOY_HASH, password)
        raise
    is_right = await asyncio.to_thread(rules.verify_password, known.password_hash, password)
    if not is_right or known.staff_id is None:
        await house.write(actions.note_wrong_password, staff_id=known.staff_id, now=now)
        if known.staff_id is None:
            unknown.note_wrong_password(username, now=now)
        raise WrongCredentials
    opened = await house.write(actions.open_session, staff_id=known.staff_id, now=now)
    return opened.token


def safe_next(path: str) -> str:
    """A path of ours to go to after signing in; anything that could lead elsewhere becomes nothing."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path and ":" not in path
    return path if is_ours and path.isprintable() else ""
