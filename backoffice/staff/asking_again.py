"""Asks for the password once more before what gives power or shows whom a case is from.

A row of the route table names it (`asks_password`). A form that was sent meanwhile goes along hidden in the page and
acts with the right password; a page opens after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from litestar.datastructures import ImmutableMultiDict
from wtforms import Form

from backoffice.access import Admitted
from backoffice.forms.fields import Secret
from backoffice.staff.passkeys import NOT_PROVED
from backoffice.staff.sign_in import safe_next
from backoffice.web.context import PROOF, AnyRequest, AppContext, is_fragment
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.web.passwords import Busy
from desk.language.text import Text, words
from desk.staff import actions, passkeys, proofs, queries
from desk.staff.queries import SignedInStaff
from desk.storage.base import ReadSession, WriteSession

_ = words("sign_in")

AGAIN = "/account/again"
PASSWORD = "said_again_password"  # noqa: S105  # the name of the field
PASSKEY = "said_again_passkey"
_OWN = frozenset({PASSWORD, PASSKEY})
"""Fields of this page, which the form that goes on does not get."""


class AgainForm(Form):
    """The password, said once more; its name is its own, so that it never meets a field of the form that waits."""

    said_again_password = Secret(_("Your password"), autocomplete="current-password")


@dataclass(frozen=True, slots=True)
class Proved:
    """The password was right: the form that goes on, and the cookie that shows it for some minutes."""

    form: ImmutableMultiDict[str]
    proof: str


@dataclass(frozen=True, slots=True)
class GoesOn:
    """What goes on with the right password: where it is sent, and the fields of the form."""

    action: str
    held: Sequence[tuple[str, str]] = ()
    back: str | None = None
    """The page to go back to, where a file comes and this page stays in the browser."""


def is_proved(context: AppContext, request: AnyRequest, admitted: Admitted) -> bool:
    """Whether the password was said within the last minutes."""
    proof = context.sent_cookie(request, PROOF)
    return proofs.is_proved(admitted.staff, proof=proof, now=context.clock.now())


def before_page(context: AppContext, request: AnyRequest, admitted: Admitted) -> Render:
    """Asks before a page opens; the right password leads on to it."""
    here = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    options = _options(context, admitted.staff)
    return _asks(AgainForm(), options, GoesOn(f"{AGAIN}?next={quote(here, safe='/')}"))


async def before_form(
    context: AppContext,
    request: AnyRequest,
    admitted: Admitted,
    sent: ImmutableMultiDict[str],
    *,
    gives_file: bool = False,
) -> Proved | Render | Redirect:
    """Asks before a form acts, which waits in the page meanwhile; Proved = the password came along and is right."""
    action = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    held = [(name, value) for name, value in sent.multi_items() if name not in _OWN and isinstance(value, str)]
    waiting = GoesOn(action, held, request.url.path.rpartition("/")[0] if gives_file else None)
    staff, now = admitted.staff, context.clock.now()
    options = _options(context, staff)
    if PASSWORD not in sent and PASSKEY not in sent:
        if is_fragment(request):
            return Render(template="faults/piece.html", values={"said": _SAY_IT, "again": AGAIN}, status=409)
        return _asks(AgainForm(), options, waiting)
    form = AgainForm(sent)
    if sent.get(PASSKEY) and context.passkey_origin:
        return await _by_passkey(context, admitted, form, sent=sent, waiting=waiting)
    if not form.validate():
        return _asks(form, options, waiting, status=422)
    known = await context.read(queries.password_hash_of, staff_id=staff.staff_id)
    try:
        is_right = await context.passwords.verify(known, form.said_again_password.data)
    except Busy:
        return _asks(form, options, waiting, problem=_BUSY, status=503)
    if is_right:
        proof = await context.write(proofs.prove, token_hash=staff.token_hash, now=now)
        return Proved(ImmutableMultiDict(held), proof)
    if await _note_wrong(context, staff, now=now):
        return Redirect(to="/sign-in", session="")
    form.said_again_password.add_error(_("This is not your password. Please try once more."))
    return _asks(form, options, waiting, status=422)


async def _by_passkey(
    context: AppContext,
    admitted: Admitted,
    form: AgainForm,
    *,
    sent: ImmutableMultiDict[str],
    waiting: GoesOn,
) -> Proved | Render | Redirect:
    staff, now = admitted.staff, context.clock.now()

    def prove(session: WriteSession) -> str | None:
        answer = str(sent.get(PASSKEY) or "")
        is_right = passkeys.is_right(session, staff=staff, origin=context.passkey_origin, answer=answer, now=now)
        return proofs.prove(session, token_hash=staff.token_hash, now=now) if is_right else None

    proof = await context.write(prove)
    if proof is not None:
        return Proved(ImmutableMultiDict(waiting.held), proof)
    if await _note_wrong(context, staff, now=now):
        return Redirect(to="/sign-in", session="")
    form = AgainForm()
    form.said_again_password.add_error(NOT_PROVED)
    options = _options(context, replace(staff, challenges=staff.challenges + 1))  # that of this try is used up
    return _asks(form, options, waiting, status=422)


async def _note_wrong(context: AppContext, staff: SignedInStaff, *, now: datetime) -> bool:
    return await context.write(
        actions.note_wrong_answer, staff_id=staff.staff_id, token_hash=staff.token_hash, step="again", now=now
    )


def _options(context: AppContext, staff: SignedInStaff) -> str | None:
    """What the browser is asked for a passkey; None where there is none."""
    origin = context.passkey_origin
    return passkeys.to_prove(staff, origin=origin) if origin and staff.has_passkey else None


_SAY_IT = _("For this we ask for your password once more.")
_BUSY = _("Many people are signing in at this moment. Please press once more.")


def _asks(
    form: AgainForm,
    options: str | None,
    waiting: GoesOn,
    *,
    problem: Text | None = None,
    status: int = 200,
) -> Render:
    values = {"form": form, "waiting": waiting, "problem": problem, "options": options}
    return Render(template="staff/asking_again.html", values=values, status=status)


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """Lead on where the password was said just now; the route asks for it before."""
    return Redirect(to=safe_next(request.query_text("next")) or "/start")


async def go_on(request: PageRequest, backend: Backend) -> PageResponse:
    """Lead on to the page that asked."""
    return Redirect(to=safe_next(request.query_text("next")) or "/start")
