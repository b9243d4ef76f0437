"""What the form of one office and a workbook of many have in common: the last checks of the form, and saving it."""

from __future__ import annotations

from datetime import datetime

from backoffice.forms.fields import TwoLanguages
from backoffice.offices.forms import OfficeForm
from desk.acting import Actor
from desk.language.text import words
from desk.offices import actions
from desk.offices.rows import OfficeRow
from desk.offices.rules import OfficeKind
from desk.reading.folding import ascii_digits, clean, persian_letters
from desk.reading.phones import read_phone
from desk.storage.base import WriteSession
from desk.values import GeoPoint, Phone

_ = words("offices")


def is_whole(form: OfficeForm) -> bool:
    """Whether the form can be saved, as far as it can tell by itself; else its fields have the reasons."""
    form.validate()
    if form.phone.data and _phone_of(form) is None:
        form.phone.add_error(_("Please write the number with its area code, such as 026-34567890."))
    is_readable = not (form.latitude.errors or form.longitude.errors)
    if is_readable and (form.latitude.data is None) != (form.longitude.data is None):
        (form.latitude if form.latitude.data is None else form.longitude).add_error(_("Please give both, or neither."))
    return not form.errors


def save_form(session: WriteSession, form: OfficeForm, *, office: OfficeRow | None, actor: Actor, now: datetime) -> int:
    """Save a form that `is_whole`, for `office` or as a new one, and return the id; raises as `save_office` does."""
    return actions.save_office(
        session,
        office_id=office.id if office else None,
        code=code_in(form, office),
        kind=OfficeKind(form.kind.data),
        province_code=form.province.data,
        city=TwoLanguages.read(form, "city"),
        name=TwoLanguages.read(form, "name"),
        address=TwoLanguages.read(form, "address") or None,
        point=point_in(form),
        phone=_phone_of(form),
        zone=office.zone if office else "Asia/Tehran",
        is_active=form.is_active.data,
        actor=actor,
        now=now,
    )


def is_elsewhere(office: OfficeRow, form: OfficeForm) -> bool:
    """Whether the office has moved, so that people would go to the wrong place."""
    address = TwoLanguages.read(form, "address") or None
    return (office.city, office.address, office.point) != (TwoLanguages.read(form, "city"), address, point_in(form))


def code_of(typed: str) -> str:
    """A typed code as it is stored and looked up, on whichever keyboard it was written."""
    return ascii_digits(persian_letters(clean(typed)))


def code_in(form: OfficeForm, office: OfficeRow | None) -> str:
    """The code of the form, as it is stored; the office keeps its own where only letters of a keyboard differ."""
    code = code_of(form.code.data)
    return office.code if office is not None and code_of(office.code) == code else code


def point_in(form: OfficeForm) -> GeoPoint | None:
    """The place on the map, where both numbers are given."""
    if form.latitude.data is None or form.longitude.data is None:
        return None
    return GeoPoint(form.latitude.data, form.longitude.data)


def _phone_of(form: OfficeForm) -> Phone | None:
    return read_phone(form.phone.data) if form.phone.data else None
