"""Asks for the password once more before what gives power or shows whom a case is from.

A row of the route table names it (`asks_password`). A form that was sent meanwhile goes along hidden in the page and
acts with the right password; a page opens after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from litestar.datastructures import ImmutableMultiDict
from wtforms import Form

from backoffice.access import Admitted
from backoffice.forms.fields import Secret
from backoffice.staff.sign_in import safe_next
from backoffice.web.context import PROOF, AnyRequest, AppContext, is_fragment
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.web.passwords import Busy
from desk.language.text import Text, words
from desk.staff import actions, proofs, queries
from desk.storage.base import ReadSession

_ = words("sign_in")

AGAIN = "/account/again"
PASSWORD = "said_again_password"  # noqa: S105  # the name of the field
_OWN = frozenset({PASSWORD})
"""Fields of this page, which the form that goes on does not get."""


class AgainForm(Form):
    """The password, said once more; its name is its own, so that it never meets a field of the form that waits."""

    said_again_password = Secret(_("Your password"), autocomplete="current-password")


@dataclass(frozen=True, slots=True)
class Proved:
    """The password was right: the form that goes on, and the cookie that shows it for some minutes."""

    form: ImmutableMultiDict[str]
    proof: str


def is_proved(context: AppContext, request: AnyRequest, admitted: Admitted) -> bool:
    """Whether the password was said within the last minutes."""
    proof = context.sent_cookie(request, PROOF)
    return proofs.is_proved(admitted.staff, proof=proof, now=context.clock.now())


def before_page(request: AnyRequest) -> Render:
    """Asks before a page opens; the right password leads on to it."""
    here = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    return _asks(AgainForm(), action=f"{AGAIN}?next={quote(here, safe='/')}", held=())


async def before_form(
    context: AppContext, request: AnyRequest, admitted: Admitted, sent: ImmutableMultiDict[str]
) -> Proved | Render | Redirect:
    """Asks before a form acts, which waits in the page meanwhile; Proved = the password came along and is right."""
    action = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    held = [(name, value) for name, value in sent.multi_items() if name not in _OWN and isinstance(value, str)]
    if PASSWORD not in sent:
        if is_fragment(request):
            return Render(template="faults/piece.html", values={"said": _SAY_IT, "again": AGAIN}, status=409)
        return _asks(AgainForm(), action=action, held=held)
    form = AgainForm(sent)
    if not form.validate():
        return _asks(form, action=action, held=held, status=422)
    staff, now = admitted.staff, context.clock.now()
    known = await context.read(queries.password_hash_of, staff_id=staff.staff_id)
    try:
        is_right = await context.passwords.verify(known, form.said_again_password.data)
    except Busy:
        return _asks(form, action=action, held=held, problem=_BUSY, status=503)
    if is_right:
        proof = await context.write(proofs.prove, token_hash=staff.token_hash, now=now)
        return Proved(ImmutableMultiDict(held), proof)
    has_ended = await context.write(
        actions.note_wrong_answer, staff_id=staff.staff_id, token_hash=staff.token_hash, step="again", now=now
    )
    if has_ended:
        return Redirect(to="/sign-in", session="")
    form.said_again_password.add_error(_("This is not your password. Please try once more."))
    return _asks(form, action=action, held=held, status=422)


_SAY_IT = _("For this we ask for your password once more.")
_BUSY = _("Many people are signing in at this moment. Please press once more.")


def _asks(
    form: AgainForm, *, action: str, held: Sequence[tuple[str, str]], problem: Text | None = None, status: int = 200
) -> Render:
    values = {"form": form, "action": action, "held": held, "problem": problem}
    return Render(template="staff/asking_again.html", values=values, status=status)


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """Lead on where the password was said just now; the route asks for it before."""
    return Redirect(to=safe_next(request.query_text("next")) or "/start")


async def go_on(request: PageRequest, backend: Backend) -> PageResponse:
    """Lead on to the page that asked."""
    return Redirect(to=safe_next(request.query_text("next")) or "/start")
