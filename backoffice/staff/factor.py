"""The pages of the second factor: setting it up, its recovery codes, and the code that is asked for at the sign-in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import segno
from wtforms import Form

from backoffice.forms.fields import TextLine
from backoffice.staff.passkeys import NOT_PROVED
from backoffice.staff.sign_in import DEVICE, keep_written, safe_next
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from desk.language.text import Text, words
from desk.reading.folding import clean
from desk.staff import actions, passkeys, second_factor
from desk.staff.actions import SignedIn
from desk.staff.queries import SignedInStaff
from desk.staff.refusals import TooManyTries
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalMoment

_ = words("factor")

WHERE = "/account/factor"
PASSKEY = "passkey"
"""The field with what the browser says of a passkey."""
NOT_RIGHT = _("This code is not right, or it was used. Please write the one that the app shows now.")


class CodeForm(Form):
    """One code of the app, or a recovery code."""

    code = TextLine(_("Code"), longest=40, is_ltr=True, autocomplete="one-time-code")


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """Whether there is a second factor, why it is asked for, and what can be done with it."""
    values = {
        "has_factor": request.staff.has_factor,
        "needs_factor": request.staff.needs_factor,
        "left": second_factor.codes_left(session, staff_id=request.staff.staff_id),
    }
    return Render(template="staff/factor.html", values=values)


async def begin(request: PageRequest, backend: Backend) -> PageResponse:
    """Make a new secret and show its QR code, once."""
    staff = request.staff
    secret = await backend.write(second_factor.begin, staff_id=staff.staff_id)
    address = second_factor.address_of(secret, username=staff.username)
    values = {
        "form": CodeForm(),
        "picture": segno.make(address, error="m").svg_data_uri(scale=5, border=3),
        "address": address,
        "groups": [secret[start : start + 4] for start in range(0, len(secret), 4)],
    }
    return Render(template="staff/factor_new.html", values=values, leads_to=WHERE)


async def confirm(request: PageRequest, backend: Backend) -> PageResponse:
    """Let the new secret count after a code of it; shows the recovery codes, once."""
    form = CodeForm(request.form)
    if form.validate():
        codes = await backend.write(
            second_factor.confirm,
            staff_id=request.staff.staff_id,
            code=form.code.data,
            keep_token_hash=request.staff.token_hash,
            now=request.now,
        )
        if codes is not None:
            return Render(template="staff/recovery_codes.html", values={"codes": codes}, leads_to=WHERE)
        form.code.add_error(NOT_RIGHT)
    return Render(template="staff/factor_new.html", values={"form": form, "picture": None}, status=422)


async def renew_codes(request: PageRequest, backend: Backend) -> PageResponse:
    """Ten new recovery codes in the place of the old ones."""
    if not request.staff.has_factor:
        return Redirect(to=WHERE)
    codes = await backend.write(second_factor.renew_recovery_codes, staff_id=request.staff.staff_id, now=request.now)
    return Render(template="staff/recovery_codes.html", values={"codes": codes}, leads_to=WHERE)


async def remove(request: PageRequest, backend: Backend) -> PageResponse:
    """Take the second factor away where no role of the account asks for it."""
    if not request.staff.needs_factor:
        await backend.write(second_factor.remove, staff_id=request.staff.staff_id, now=request.now)
    return Redirect(to=WHERE, notice="factor_removed" if not request.staff.needs_factor else None)


def ask(session: ReadSession, request: PageRequest) -> PageResponse:
    """Asks for the code, between the password and everything else."""
    if not request.staff.awaits_code:
        return Redirect(to=safe_next(request.query_text("next")) or "/start")
    return asks(CodeForm(), staff=request.staff, origin=request.passkey_origin, back=request.query_text("next"))


def asks(
    form: CodeForm,
    *,
    staff: SignedInStaff,
    origin: str,
    back: str,
    written: str | None = None,
    problem: Text | None = None,
    status: int = 200,
) -> Render:
    """The page with the field for the code, and the button for a passkey where the account has one."""
    options = passkeys.to_prove(staff, origin=origin) if origin and staff.has_passkey else None
    values = {"form": form, "next": safe_next(back), "written": written, "problem": problem, "options": options}
    return Render(template="staff/code.html", values=values, status=status)


async def say(request: PageRequest, backend: Backend) -> PageResponse:
    """Open the session after the right code or passkey; wrong ones count like wrong passwords."""
    form, staff, origin = CodeForm(request.form), request.staff, request.passkey_origin
    back, written = request.query_text("next"), clean(str(request.form.get("written") or "")) or None
    passkey = str(request.form.get(PASSKEY) or "")
    if not staff.awaits_code:
        return Redirect(to=safe_next(back) or "/start")
    if not passkey and not form.validate():
        return asks(form, staff=staff, origin=origin, back=back, written=written, status=422)
    device = request.cookie(DEVICE) or None

    def act(session: WriteSession, *, now: datetime) -> SignedIn | None:
        if passkey and origin:
            is_right = passkeys.is_right(session, staff=staff, origin=origin, answer=passkey, now=now)
        else:
            code = str(form.code.data or "")
            is_right = second_factor.is_right(session, staff_id=staff.staff_id, code=code, now=now)
        return actions.whole_session(session, half=staff, device=device, now=now) if is_right else None

    # The challenge of this try is used up.
    staff_next = replace(staff, challenges=staff.challenges + 1) if passkey else staff
    try:
        opened = await backend.write(act, now=request.now)
        if opened is None:
            if await backend.write(actions.note_wrong_code, half=staff, device=device, now=request.now):
                return Redirect(to="/sign-in", session="")
            form.code.add_error(NOT_PROVED if passkey else NOT_RIGHT)
            return asks(form, staff=staff_next, origin=origin, back=back, written=written, status=422)
    except TooManyTries as refusal:
        problem = _("Too many tries. Please wait until {when}.", when=LocalMoment(refusal.until))
        return asks(form, staff=staff_next, origin=origin, back=back, written=written, problem=problem, status=429)
    kept_in = await keep_written(backend, written, back=back, actor=opened.staff.actor, now=request.now)
    return Redirect(
        to=kept_in or safe_next(back) or "/start",
        notice="draft_kept" if kept_in else "also_elsewhere" if opened.elsewhere else None,
        session=opened.token,
        remember={DEVICE: opened.device} if opened.device else {},
    )
