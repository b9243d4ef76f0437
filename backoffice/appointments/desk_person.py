"""The person at a desk or a door: the hash of their number, and the appointment that they have already."""

from __future__ import annotations

from backoffice.appointments.forms import PersonForm
from backoffice.web.http import Backend, PageRequest
from desk.acting import Actor
from desk.appointments import queries as appointments
from desk.appointments.rows import AppointmentRow
from desk.events.shown import not_shown
from desk.people.rules import IdentityDigest, has_number
from desk.staff import number_search
from desk.storage.base import ReadSession


async def identity_of(form: PersonForm, backend: Backend, *, office_id: int, actor: Actor) -> IdentityDigest | None:
    """The hash of the number that was typed, of somebody without a paper that of their name at this office.

    None = this account asked for too many.
    """
    if has_number(form.paper):
        return await backend.identity_of(form.number.data, whose=actor)
    return await backend.identity_at_office(office_id, form.name.data, whose=actor)


async def stands_already(request: PageRequest, backend: Backend, *, appointment_id: int) -> AppointmentRow | None:
    """The appointment of a number that was refused because of it, where it lies within the reach of who asks.

    Another one counts as a search without a result: that it stands is told of the whole country, one number a press.
    """
    found = await backend.read(_within_reach, request, appointment_id=appointment_id)
    if found is None:
        await backend.write(number_search.note_miss, actor=request.actor, counts=True, now=request.now)
    return found


def _within_reach(session: ReadSession, request: PageRequest, *, appointment_id: int) -> AppointmentRow | None:
    found = appointments.appointment_by_id(session, appointment_id=appointment_id)
    if found is not None and not request.scope.covers(found.office.node):
        not_shown(found)
        return None
    return found
