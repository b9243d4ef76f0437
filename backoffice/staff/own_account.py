"""The own account: what one may do, the language of the pages, a new password, signing out; the way to the start."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from backoffice.access import holds
from backoffice.layout.frame import parts_of
from backoffice.staff.own_account_forms import PasswordForm
from backoffice.web.entry import LANGUAGE
from backoffice.web.exchange import Ask, Desk, Go, Reply, Show
from backoffice.wording import PERMISSIONS, password_faults
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


def start(session: ReadSession, ask: Ask) -> Reply:
    """Where the person's own work stands: the whole house, the inbox, the day's list, else the first part they have."""
    if holds(ask.staff, Permission.MESSAGES_READ):
        return Go(to="/overview")
    if holds(ask.staff, Permission.CASES_ANSWER) and not holds(ask.staff, Permission.CAPACITY_WRITE):
        return Go(to="/inbox")
    parts = parts_of(ask.staff)
    return Go(to=parts[0].path if parts else "/account")


def show(session: ReadSession, ask: Ask) -> Reply:
    """What one may do here, and the language of the pages."""
    labels = {Locale.FA: _("Persian (Iran)"), Locale.FA_AF: _("Dari (Afghanistan)")}
    return Show(
        template="staff/own_account.html",
        values={
            "username": ask.staff.username,
            "may": [PERMISSIONS[permission] for permission in sorted(ask.staff.grants)],
            "languages": [LanguageChoice(locale, label, locale is ask.locale) for locale, label in labels.items()],
        },
    )


async def choose_language(ask: Ask, desk: Desk) -> Reply:
    """Remember the language in this browser."""
    chosen = Locale.FA_AF if ask.form.get("language") == Locale.FA_AF.value else Locale.FA
    return Go(to="/account", remember={LANGUAGE: chosen.value})


def password(session: ReadSession, ask: Ask) -> Reply:
    """The form for a new password."""
    return _password_page(PasswordForm(), ask, status=200)


async def change_password(ask: Ask, desk: Desk) -> Reply:
    """Check the old password, then set the new one; other browsers of the account are signed out."""
    form = PasswordForm(ask.form)
    if not form.validate():
        return _password_page(form, ask, status=422)
    known = await desk.read(queries.credentials, username=ask.staff.username, now=ask.now)
    if not await asyncio.to_thread(rules.verify_password, known.password_hash, form.current.data):
        await desk.write(actions.note_wrong_password, staff_id=ask.staff.staff_id, now=ask.now)
        form.current.complain(_("This is not your present password."))
        return _password_page(form, ask, status=422)
    if form.new.data != form.again.data:
        form.again.complain(_("The two new passwords differ."))
        return _password_page(form, ask, status=422)
    if form.new.data == form.current.data:
        form.new.complain(_("This is the present password. Please take another."))
        return _password_page(form, ask, status=422)
    try:
        await desk.write(
            actions.set_password,
            member_id=ask.staff.staff_id,
            password=form.new.data,
            staff_id=ask.staff.staff_id,
            keep_token_hash=ask.staff.token_hash,
            now=ask.now,
        )
    except WeakPassword as refusal:
        form.new.complain(password_faults(refusal))
        return _password_page(form, ask, status=422)
    return Go(to="/start", notice="password_changed")


async def sign_out(ask: Ask, desk: Desk) -> Reply:
    """End this session."""
    await desk.write(actions.sign_out, token_hash=ask.staff.token_hash, now=ask.now)
    return Go(to="/sign-in", session="")


def _password_page(form: PasswordForm, ask: Ask, *, status: int) -> Reply:
    values = {"form": form, "is_first": ask.staff.must_change_password}
    return Show(template="staff/own_password.html", values=values, status=status)
