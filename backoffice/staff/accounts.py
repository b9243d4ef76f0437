"""The pages of accounts: a list, a new one, and one with its roles, its password and closing it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from wtforms import Form

from backoffice.forms.versions import ChangedMeanwhile
from backoffice.layout.paging import SelectFilter, one_of, page_asked_for, page_of
from backoffice.staff.forms import MemberForm, NewMemberForm, RoleForm
from backoffice.staff.roles import LOOKS, chosen, empty_rows, offer_to, sent_rows
from backoffice.staff.said_roles import in_words, names_of_places
from backoffice.staff.wording import ROLES
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from desk.acting import Actor, OutOfReach
from desk.language.text import Param, Text, series, words
from desk.offices import queries as offices
from desk.organisation import province
from desk.refusals import Refusal
from desk.staff import actions, listing, queries
from desk.staff.permissions import Permission, Role
from desk.staff.queries import MemberRow
from desk.staff.refusals import UsernameTaken, UsernameUnfit
from desk.staff.rules import RoleInput
from desk.storage.base import ReadSession, WriteSession
from desk.storage.locks import hold
from desk.values import LocalMoment

_ = words("staff")

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Characters that are not confused when a password is read aloud."""


PAGE_SIZE = 50
OPEN, CLOSED = "open", "closed"


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account in the list with its roles in words."""

    member: MemberRow
    roles: Param
    signed_in: LocalMoment | None
    is_self: bool


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The accounts page by page, closed ones last."""
    provinces = offices.provinces(session)
    within = [row for row in provinces if request.scope.covers(province(row.code))]
    roles = {role.value: role for role in Role}
    query = {
        "q": request.query_text("q")[:80],
        "role": one_of(request, "role", roles),
        "province": one_of(request, "province", (row.code for row in within)),
        "state": one_of(request, "state", (OPEN, CLOSED)),
    }
    asked = {name: value for name, value in query.items() if value}

    def find(page: int) -> listing.Members:
        return listing.members(
            session,
            scope=request.scope,
            words=query["q"],
            role=roles.get(query["role"]),
            province_code=query["province"] or None,
            is_active=query["state"] == OPEN if query["state"] else None,
            limit=PAGE_SIZE,
            skip=(page - 1) * PAGE_SIZE,
        )

    found, pages = page_of(find, "/staff", query=asked, number=page_asked_for(request), size=PAGE_SIZE)
    names = names_of_places(session, [role for member in found.rows for role in member.roles], provinces=provinces)
    values = {
        "lines": [
            AccountLine(
                member,
                series(*(in_words(role, names) for role in member.roles)),
                LocalMoment(member.signed_in_at) if member.signed_in_at else None,
                member.id == request.staff.staff_id,
            )
            for member in found.rows
        ],
        "total": found.total,
        "pages": pages,
        "q": query["q"],
        "asked": asked,
        "filters": [
            SelectFilter("role", _("Role"), [(key, ROLES[role]) for key, role in roles.items()], query["role"]),
            SelectFilter("province", _("Province"), [(row.code, row.name) for row in within], query["province"]),
            SelectFilter("state", _("The account"), [(OPEN, _("Open")), (CLOSED, _("Closed"))], query["state"]),
        ],
        "may_write": bool(request.staff.scope(Permission.STAFF_WRITE)),
    }
    return Render(template="staff/page.html", values=values)


def new(session: ReadSession, request: PageRequest) -> PageResponse:
    """The form for a new account."""
    rows = empty_rows((), offer_to(session, request.scope))
    return _form_page(form=NewMemberForm(), rows=rows, member=None, status=200)


async def create(request: PageRequest, backend: Backend) -> PageResponse:
    """Make an account; its first password is shown once."""
    form = NewMemberForm(request.form)
    rows = await backend.read(sent_rows, request.form, request.scope)
    if LOOKS in request.form:
        return _form_page(form=form, rows=rows, member=None, status=200)
    if not form.validate() or any(row.errors for row in rows):
        return _form_page(form=form, rows=rows, member=None, status=422)
    roles = chosen(rows)
    if not roles:
        rows[0].role.add_error(_("Please choose at least one role."))
        return _form_page(form=form, rows=rows, member=None, status=422)
    password = new_password()
    hashed = await backend.passwords.hashed(password)
    try:
        made = await backend.write(
            actions.create,
            username=form.username.data,
            name=form.name.data,
            password=password,
            hashed=hashed,
            roles=roles,
            actor=request.actor,
            now=request.now,
        )
    except (UsernameTaken, UsernameUnfit) as refusal:
        form.username.add_error(refused(refusal))
        return _form_page(form=form, rows=rows, member=None, status=422)
    except OutOfReach:
        raise
    except Refusal as refusal:
        return _form_page(form=form, rows=rows, member=None, problem=refused(refusal), status=422)
    values = {"name": form.name.data, "username": form.username.data, "password": password}
    return Render(template="staff/password.html", values=values, leads_to=f"/staff/{made}")


def show(session: ReadSession, request: PageRequest) -> PageResponse:
    """The page of one account."""
    member = _member(session, request)
    rows = empty_rows(member.roles, offer_to(session, request.scope, held=member.roles))
    form = _form_of(member)
    return _form_page(form=form, rows=rows, member=member, status=200, is_self=_is_self(request, member))


async def save(request: PageRequest, backend: Backend) -> PageResponse:
    """Save the account's name, and exactly these roles."""
    member = await backend.read(_member, request)
    form = MemberForm(request.form)
    rows = await backend.read(sent_rows, request.form, request.scope)
    if LOOKS in request.form:
        return _form_page(form=form, rows=rows, member=member, status=200, is_self=_is_self(request, member))
    if not form.validate() or any(row.errors for row in rows):
        return _form_page(form=form, rows=rows, member=member, status=422, is_self=_is_self(request, member))
    roles = chosen(rows)
    if not roles:
        rows[0].role.add_error(_("Please choose at least one role."))
        return _form_page(form=form, rows=rows, member=member, status=422, is_self=_is_self(request, member))
    if _is_self(request, member) and not set(member.roles) <= set(roles):
        problem = _("Nobody takes a role from themselves. Please ask a colleague who may change it.")
        return _form_page(form=form, rows=rows, member=member, problem=problem, status=422, is_self=True)

    def act(session: WriteSession, *, member_id: int, actor: Actor, now: datetime) -> None:
        def present() -> MemberForm:
            now_there = _member(session, request)
            names = names_of_places(session, [*roles, *now_there.roles])
            _declare(form, roles=roles, names=names, is_active=member.is_active)
            return _form_of(now_there, names)

        form.require_unchanged(session, subject=f"member:{member_id}", present=present)
        actions.update_member(
            session,
            member_id=member_id,
            name=form.name.data,
            roles=roles,
            is_active=_member(session, request).is_active,
            actor=actor,
            now=now,
        )

    try:
        return await _do(request, backend, act, {}, notice="saved", form=form, rows=rows)
    except ChangedMeanwhile:
        return _form_page(form=form, rows=rows, member=member, status=409, is_self=_is_self(request, member))


async def deactivate(request: PageRequest, backend: Backend) -> PageResponse:
    """Close the account and sign it out everywhere."""
    return await _do(request, backend, actions.deactivate, {}, notice="deactivated")


async def reopen(request: PageRequest, backend: Backend) -> PageResponse:
    """Open a closed account again, with the name and the roles it has now."""

    def act(session: WriteSession, *, member_id: int, actor: Actor, now: datetime) -> None:
        hold(session, subject=f"member:{member_id}")
        member = _member(session, request)
        actions.update_member(
            session,
            member_id=member_id,
            name=member.name,
            roles=member.roles,
            is_active=True,
            actor=actor,
            now=now,
        )

    return await _do(request, backend, act, {}, notice="saved")


async def reset_password(request: PageRequest, backend: Backend) -> PageResponse:
    """Give the account a new password, shown once, to be changed at the next sign-in.

    One's own is changed where the old one is asked for: a session left open must not be enough.
    """
    member = await backend.read(_member, request)
    if _is_self(request, member):
        return Redirect(to="/account/password")
    password = new_password()
    said = {"password": password, "hashed": await backend.passwords.hashed(password)}
    response = await _do(request, backend, actions.set_password, said, notice="saved")
    if isinstance(response, Redirect):
        values = {"name": member.name, "username": member.username, "password": password}
        return Render(template="staff/password.html", values=values, leads_to=response.to)
    return response


def new_password() -> str:
    """A password of three groups that can be read aloud and is changed at the first sign-in."""
    return "-".join("".join(secrets.choice(LETTERS) for _sign in range(4)) for _group in range(4))


async def _do(
    request: PageRequest,
    backend: Backend,
    action: Callable[..., Any],
    said: Mapping[str, Any],
    *,
    notice: str,
    form: Form | None = None,
    rows: Sequence[RoleForm] | None = None,
) -> PageResponse:
    """Run one action on an account within the scope; a refusal is shown on its page."""
    member = await backend.read(_member, request)
    try:
        await backend.write(action, member_id=member.id, actor=request.actor, now=request.now, **said)
    except OutOfReach:
        raise
    except Refusal as refusal:
        if rows is None:
            rows = empty_rows(member.roles, await backend.read(offer_to, request.scope, held=member.roles))
        form = form or _form_of(member)
        is_self = _is_self(request, member)
        return _form_page(form=form, rows=rows, member=member, problem=refused(refusal), status=422, is_self=is_self)
    return Redirect(to=f"/staff/{member.id}", notice=notice)


def _member(session: ReadSession | WriteSession, request: PageRequest) -> MemberRow:
    """The account of the address; raises OutOfReach outside of the scope."""
    member = queries.member(session, member_id=request.path["member"], scope=request.scope)
    if member is None:
        raise OutOfReach
    return member


def _is_self(request: PageRequest, member: MemberRow) -> bool:
    return member.id == request.staff.staff_id


def _form_of(member: MemberRow, names: Mapping[str, Param] = MappingProxyType({})) -> MemberForm:
    """The form with the present values of an account; its roles stand beside, in words where the names are known."""
    form = MemberForm(data={"name": member.name})
    _declare(form, roles=member.roles, names=names, is_active=member.is_active)
    return form


def _declare(form: MemberForm, *, roles: Sequence[RoleInput], names: Mapping[str, Param], is_active: bool) -> None:
    shown = series(*(in_words(role, names) for role in roles))
    form.declare("roles", _("Roles"), value=",".join(sorted(role.said for role in roles)), shown=shown)
    state = _("Open") if is_active else _("Closed")
    form.declare("is_active", _("The account"), value=str(is_active), shown=state)


def _form_page(
    *,
    form: Form,
    rows: Sequence[RoleForm],
    member: MemberRow | None,
    problem: Text | None = None,
    status: int,
    is_self: bool = False,
) -> PageResponse:
    values = {"form": form, "rows": rows, "member": member, "problem": problem, "is_self": is_self}
    return Render(template="staff/member.html", values=values, status=status)
