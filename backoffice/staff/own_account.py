"""The pages of one's own account: permissions, language, password, signing out; and the start page."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from backoffice.access import holds
from backoffice.layout.frame import parts_of
from backoffice.staff.own_account_forms import PasswordForm
from backoffice.staff.wording import PERMISSIONS, password_faults
from backoffice.web.context import LANGUAGE
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from desk.language.text import Locale, Text, words
from desk.staff import actions, queries, rules
from desk.staff.permissions import Permission
from desk.staff.refusals import WeakPassword
from desk.storage.base import ReadSession

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
    """Check the old password, then set the new one; other browsers of the account are signed out."""
    form = PasswordForm(request.form)
    if not form.validate():
        return _password_page(form, request, status=422)
    known = await backend.read(queries.credentials, username=request.staff.username, now=request.now)
    if not await asyncio.to_thread(rules.verify_password, known.password_hash, form.current.data):
        await backend.write(actions.note_wrong_password, staff_id=request.staff.staff_id, now=request.now)
        form.current.add_error(_("This is not your present password."))
        return _password_page(form, request, status=422)
    if form.new.data != form.again.data:
        form.again.add_error(_("The two new passwords differ."))
        return _password_page(form, request, status=422)
    if form.new.data == form.current.data:
        form.new.add_error(_("This is the present password. Please take another."))
        return _password_page(form, request, status=422)
    try:
        await backend.write(
            actions.set_password,
            member_id=request.staff.staff_id,
            password=form.new.data,
            actor=request.actor,
            keep_token_hash=request.staff.token_hash,
            now=request.now,
        )
    except WeakPassword as refusal:
        form.new.add_error(password_faults(refusal))
        return _password_page(form, request, status=422)
    return Redirect(to="/start", notice="password_changed")


async def sign_out(request: PageRequest, backend: Backend) -> PageResponse:
    """End this session."""
    await backend.write(actions.sign_out, token_hash=request.staff.token_hash, now=request.now)
    return Redirect(to="/sign-in", session="")


def _password_page(form: PasswordForm, request: PageRequest, *, status: int) -> PageResponse:
    values = {"form": form, "is_first": request.staff.must_change_password}
    return Render(template="staff/own_password.html", values=values, status=status)
