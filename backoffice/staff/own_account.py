"""The pages of one's own account: permissions, language, password, signing out; and the start page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backoffice.access import holds
from backoffice.layout.frame import parts_of
from backoffice.staff.own_account_forms import PasswordForm
from backoffice.staff.wording import PERMISSIONS, password_faults
from backoffice.web.context import LANGUAGE
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from desk.acting import Actor
from desk.language.text import Locale, Text, words
from desk.staff import actions, queries
from desk.staff.permissions import Permission
from desk.staff.refusals import WeakPassword
from desk.storage.base import ReadSession, WriteSession

_ = words("account")


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """A language the pages can be read in."""

    locale: Locale
    label: Text
    is_current: bool


def start(session: ReadSession, request: PageRequest) -> PageResponse:
    """Redirect to the person's work: the overview, the inbox, the day's list, else their first part."""
    if holds(request.staff, Permission.MESSAGES_READ):
        return Redirect(to="/overview")
    if holds(request.staff, Permission.CASES_ANSWER) and not holds(request.staff, Permission.CAPACITY_WRITE):
        return Redirect(to="/inbox")
    parts = parts_of(request.staff)
    return Redirect(to=parts[0].path if parts else "/account")


def show(session: ReadSession, request: PageRequest) -> PageResponse:
    """What one may do here, and the language of the pages."""
    labels = {Locale.FA: _("Persian (Iran)"), Locale.FA_AF: _("Dari (Afghanistan)")}
    return Render(
        template="staff/own_account.html",
        values={
            "username": request.staff.username,
            "may": [PERMISSIONS[permission] for permission in sorted(request.actor.grants)],
            "languages": [LanguageChoice(locale, label, locale is request.locale) for locale, label in labels.items()],
        },
    )


async def choose_language(request: PageRequest, backend: Backend) -> PageResponse:
    """Remember the language in this browser."""
    chosen = Locale.FA_AF if request.form.get("language") == Locale.FA_AF.value else Locale.FA
    return Redirect(to="/account", remember={LANGUAGE: chosen.value})


def password(session: ReadSession, request: PageRequest) -> PageResponse:
    """The form for a new password."""
    return _password_page(PasswordForm(), request, status=200)


async def change_password(request: PageRequest, backend: Backend) -> PageResponse:
    """Check the old password, then set the new one: all other sessions end, and this one gets a new token."""
    form = PasswordForm(request.form)
    if not form.validate():
        return _password_page(form, request, status=422)
    staff = request.staff
    known = await backend.read(queries.password_hash_of, staff_id=staff.staff_id)
    if not await backend.passwords.verify(known, form.current.data):
        has_ended = await backend.write(
            actions.note_wrong_answer,
            staff_id=staff.staff_id,
            token_hash=staff.token_hash,
            step="password",
            now=request.now,
        )
        if has_ended:
            return Redirect(to="/sign-in", session="")
        form.current.add_error(_("This is not your present password."))
        return _password_page(form, request, status=422)
    if form.new.data != form.again.data:
        form.again.add_error(_("The two new passwords differ."))
        return _password_page(form, request, status=422)
    if form.new.data == form.current.data:
        form.new.add_error(_("This is the present password. Please take another."))
        return _password_page(form, request, status=422)
    hashed = await backend.passwords.hashed(form.new.data)

    def change(session: WriteSession, *, actor: Actor, now: datetime) -> str:
        actions.set_password(
            session,
            member_id=staff.staff_id,
            password=form.new.data,
            hashed=hashed,
            actor=actor,
            keep_token_hash=staff.token_hash,
            now=now,
        )
        return actions.renew(session, token_hash=staff.token_hash, now=now).token

    try:
        token = await backend.write(change, actor=request.actor, now=request.now)
    except WeakPassword as refusal:
        form.new.add_error(password_faults(refusal))
        return _password_page(form, request, status=422)
    return Redirect(to="/start", notice="password_changed", session=token)


async def sign_out(request: PageRequest, backend: Backend) -> PageResponse:
    """End this session."""
    await backend.write(actions.sign_out, token_hash=request.staff.token_hash, now=request.now)
    return Redirect(to="/sign-in", session="")


def _password_page(form: PasswordForm, request: PageRequest, *, status: int) -> PageResponse:
    values = {"form": form, "is_first": request.staff.must_change_password}
    return Render(template="staff/own_password.html", values=values, status=status)
