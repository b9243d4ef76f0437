"""The confirmation page: a change that affects appointments is saved only after staff decided about them."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from backoffice.consequences.forms import RemedyForm, remedy_form
from backoffice.web import csrf, keys
from backoffice.web.http import Backend, PageRequest, Reading, Redirect, Render
from desk.appointments import queries as appointments
from desk.appointments.rows import AppointmentRow
from desk.consequences import actions
from desk.consequences.actions import IntendedChange, StaffDecision
from desk.consequences.hit import HitAppointment, sign_of
from desk.consequences.refusals import PeopleAreHit
from desk.consequences.rules import ChangeKind, Remedy, remedies
from desk.language.text import Localised, Param, words
from desk.offices import queries as offices
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession

_ = words("changes")

T = TypeVar("T")

SHOWN = 200
"""The most people listed by name; a queue has fewer on one day."""
OURS = "sheet_"
"""The prefix of the page's own fields; all others belong to the form that led here."""
NOBODY_HIT = {"saved": "saved_nobody_hit", "deleted": "deleted_nobody_hit"}


@dataclass(frozen=True, slots=True)
class MadeChange(Generic[T]):
    """The change was made; `result` is what its action returned, None where an earlier press had made it."""

    result: T | None
    change_id: int | None

    def redirect(self, to: str, *, notice: str = "saved") -> Redirect:
        """Redirect to the page of the change, or, where nobody was affected, to `to` with a notice."""
        if self.change_id is not None:
            return Redirect(to=f"/changes/{self.change_id}", notice=notice)
        return Redirect(to=to, notice=NOBODY_HIT.get(notice, notice))


@dataclass(frozen=True, slots=True)
class There:
    """The number of affected appointments of one office."""

    name: Localised
    code: str
    number: int


async def ask_first(
    request: PageRequest, backend: Backend, intended: IntendedChange[T], *, title: Param, back: str
) -> MadeChange[T] | Render:
    """Make a change whose form is valid; where it affects appointments, only after the page was confirmed.

    The page is shown at the form's address and repeats its fields, so the change is built from the same form both
    times. `title` says what is changed; `back` is the address of «leave it». Refusals of the action are passed to the
    caller.
    """
    is_sure = bool(request.form.get(f"{OURS}sure"))
    form = remedy_form(request.form if is_sure else None, kind=intended.kind, prefix=OURS)
    answer = _answer(request, form, kind=intended.kind) if is_sure else None
    try:
        done = await backend.write(
            actions.carry_out, intended=intended, answer=answer, actor=request.actor, now=request.now
        )
    except PeopleAreHit as seen:
        return await backend.read(_sheet, request, seen=seen, form=form, title=title, back=back, kind=intended.kind)
    return MadeChange(done.result, done.change_id)


def _answer(request: PageRequest, form: RemedyForm, *, kind: ChangeKind) -> StaffDecision | None:
    """The decision of the form; None = something is missing, and the form has the errors."""
    if not form.validate():
        return None
    remedy = Remedy(form.remedy.data)
    others: dict[int, Remedy] = {}
    for name, value in request.form.items():
        number = name.removeprefix(f"{OURS}turn_")
        if name != number and number.isdecimal() and value in remedies(kind):
            others[int(number)] = Remedy(value)
    if not form.words.data and {remedy, *others.values()} & {Remedy.MOVE, Remedy.CANCEL}:
        form.words.add_error(_("Please tell the people why."))
        return None
    return StaffDecision(
        key=str(request.form.get(f"{OURS}key") or "")[:80],
        expected=str(request.form.get(f"{OURS}hit") or ""),
        remedy=remedy,
        reason=form.words.data or "",
        others=others,
    )


def _sheet(
    session: ReadSession,
    request: PageRequest,
    *,
    seen: PeopleAreHit,
    form: RemedyForm,
    title: Param,
    back: str,
    kind: ChangeKind,
) -> Render:
    hit = seen.hit
    there = Counter(appointment.office_id for appointment in hit)
    rows = offices.offices_by_id(session, office_ids=list(there))
    people: list[AppointmentRow] | None = None
    reading = None
    if len(rows) == 1:
        (office,) = rows.values()
        may_read = request.staff.scope(Permission.APPOINTMENTS_PLAN)
        if may_read.covers(office.node):
            people = _named(session, hit[:SHOWN])
            reading = Reading("change.preview", f"office:{office.id}", office_id=office.id)
    values: dict[str, Any] = {
        "title": title,
        "number": len(hit),
        "people": people,
        "left_out": len(hit) - len(people) if people is not None else 0,
        "offices": [
            There(rows[office_id].name, rows[office_id].code, number) for office_id, number in there.most_common()
        ],
        "is_other": seen.is_other,
        "is_address": kind is ChangeKind.ADDRESS,
        "form": form,
        "choices": form.remedy.options,
        "offered": {value for value, _label in form.remedy.options},
        "chosen": {name: value for name, value in request.form.items() if name.startswith(f"{OURS}turn_")},
        "again": _form_again(request),
        "address": request.address,
        "back": back,
        "sign": sign_of(hit),
        # If other appointments are affected by now, nothing was saved: the same page is shown again.
        "key": str(request.form.get(f"{OURS}key") or secrets.token_urlsafe(24)),
    }
    status = 409 if seen.is_other else 422 if form.errors else 200
    return Render(template="consequences/sheet.html", values=values, status=status, reading=reading)


def _named(session: ReadSession, hit: Sequence[HitAppointment]) -> list[AppointmentRow]:
    found = appointments.appointments_by_id(session, appointment_ids=[appointment.id for appointment in hit])
    return [found[appointment.id] for appointment in hit if appointment.id in found]


def _form_again(request: PageRequest) -> list[tuple[str, str]]:
    """The fields of the form that led here, with its version, as hidden fields; the page has a key of its own."""
    not_again = {csrf.FIELD, keys.FIELD}
    fields = [(name, str(value)) for name, value in request.form.multi_items()]
    return [(name, value) for name, value in fields if name not in not_again and not name.startswith(OURS)]
