"""The pages of one's own passkeys: those there are, a new one, and taking one away."""

from __future__ import annotations

from wtforms import Form

from backoffice.forms.fields import TextLine
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from desk.language.text import Text, words
from desk.staff import passkeys, second_factor
from desk.storage.base import ReadSession, WriteSession

_ = words("factor")

WHERE = "/account/passkeys"
NOT_PROVED = _("The key did not prove that it is yours. Please try once more.")


class PasskeyForm(Form):
    """What a new passkey is called."""

    label = TextLine(_("What you call it"), longest=passkeys.LONGEST_LABEL)


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The passkeys of the account."""
    found = passkeys.passkeys_of(session, staff_id=request.staff.staff_id)
    return Render(template="staff/passkeys.html", values={"found": found, "may_add": bool(request.passkey_origin)})


async def begin(request: PageRequest, backend: Backend) -> PageResponse:
    """The form for a new passkey; a script asks the browser for it."""
    return _form_page(PasskeyForm(), request) if request.passkey_origin else Redirect(to=WHERE)


async def add(request: PageRequest, backend: Backend) -> PageResponse:
    """Keep the new passkey; where it is the first second step, its recovery codes are shown once."""
    if not request.passkey_origin:
        return Redirect(to=WHERE)
    form, staff = PasskeyForm(request.form), request.staff
    if not form.validate():
        return _form_page(form, request, status=422)

    def act(session: WriteSession) -> tuple[bool, tuple[str, ...]]:
        done = passkeys.register(
            session,
            staff=staff,
            origin=request.passkey_origin,
            answer=str(request.form.get("answer") or ""),
            label=form.label.data,
            now=request.now,
        )
        is_first = done and not staff.has_factor
        return done, second_factor.new_recovery_codes(session, staff_id=staff.staff_id) if is_first else ()

    done, codes = await backend.write(act)
    if codes:
        return Render(template="staff/recovery_codes.html", values={"codes": codes}, leads_to=WHERE)
    return Redirect(to=WHERE, notice="passkey_added" if done else "passkey_not_added")


async def remove(request: PageRequest, backend: Backend) -> PageResponse:
    """Take a passkey away."""
    id = request.form_text("which")
    done = await backend.write(passkeys.remove, staff=request.staff, id=id, now=request.now)
    return Redirect(to=WHERE, notice="passkey_removed" if done else "passkey_needed")


def _form_page(form: PasskeyForm, request: PageRequest, *, problem: Text | None = None, status: int = 200) -> Render:
    options = passkeys.to_register(request.staff, origin=request.passkey_origin)
    values = {"form": form, "options": options, "problem": problem}
    return Render(template="staff/passkey_new.html", values=values, status=status)
