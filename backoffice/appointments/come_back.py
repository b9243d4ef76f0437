"""Offers slots for «come back»: the next free ones at this office, or those of a typed day; one tap books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from backoffice.appointments.forms import BackForm
from backoffice.forms.days import today_at
from desk.appointments.rows import AppointmentRow
from desk.capacity import queries as capacity
from desk.capacity.rows import FreeSlot
from desk.capacity.rules import WINDOW_DAYS
from desk.language.text import Text, words
from desk.places import queries as places
from desk.storage.base import ReadSession
from desk.values import LocalDay

_ = words("today")

NEXT = 3
"""The number of days offered, each with its first free slot."""


@dataclass(frozen=True, slots=True)
class OfferedTimes:
    """The offered slots; `day` is the typed day, None = each slot is on a day of its own."""

    times: Sequence[FreeSlot]
    day: date | None


def offer_for(session: ReadSession, appointment: AppointmentRow, *, form: BackForm, now: datetime) -> OfferedTimes:
    """The next free times of the service at this office after the day of the visit, or those of the day in the form.

    A day that cannot be offered gets a field error, and the next free slots are offered instead.
    """
    first = max(appointment.day, today_at(now, zone=appointment.zone).date) + timedelta(days=1)
    day: date | None = form.come_back_on.data
    asked: dict[str, Any] = {"service_id": appointment.service.id, "office_id": appointment.office.id, "after": now}
    if day is not None and not form.errors:
        if day < first:
            form.come_back_on.add_error(_("Please write a day after today and after the visit."))
        else:
            times = capacity.free_times(session, **asked, day=day)
            if times:
                return OfferedTimes(times, day)
            form.come_back_on.add_error(_why_not(session, appointment, day=day, today=first))
    days = capacity.free_days(session, **asked, from_day=first, limit=NEXT)
    return OfferedTimes([each.first for each in days], None)


def _why_not(session: ReadSession, appointment: AppointmentRow, *, day: date, today: date) -> Text:
    """The reason why a day has no free slot."""
    shown = LocalDay(day)
    if day > today + timedelta(days=WINDOW_DAYS):
        return _("{day} is too far ahead: no times are open yet.", day=shown)
    cells = [
        cell
        for cell in places.grid(session, office_id=appointment.office.id, from_day=day, days=1)
        if not cell.is_closed and cell.capacity
    ]
    if not cells:
        return _("The office is shut on {day}.", day=shown)
    return _("On {day} no time is free for this service.", day=shown)


def back_values(
    session: ReadSession, appointment: AppointmentRow, *, form: BackForm, now: datetime, address: str
) -> dict[str, Any]:
    """The values for the form in the row, and for its page."""
    return {
        "appointment": appointment,
        "offer": offer_for(session, appointment, form=form, now=now),
        "form": form,
        "back": address,
    }
