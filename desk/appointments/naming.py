"""Correcting the name on the appointments of a person; it stays the same person.

Where a number stands behind it the paper decides at the counter, so any name may be written. Without a number, or with
one of which a clerk sees next to nothing, the name is all there is: one slip is mended, and more is for the desk
(docs/decisions/0059-a-name-is-corrected.md). A chat may do it so many times in a week.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from desk.acting import Actor, Permission
from desk.appointments.booking import appointments
from desk.appointments.changing import AppointmentToChange, appointment_to_change, as_read
from desk.appointments.history import EventKind, times, write_event
from desk.appointments.refusals import NameIsFixed, NotCancellable, NotYours
from desk.appointments.rules import LIVE, AppointmentState, is_ahead, may_correct_name
from desk.appointments.stored import read_name, stored_name
from desk.appointments.tickets import correct
from desk.conversations.actions import lock_chat, require_chat
from desk.conversations.allowing import allowed
from desk.conversations.limits import counted, note
from desk.conversations.rules import USUAL, ChatLimits, CounterKind, LimitKind
from desk.offices.models import Office
from desk.organisation import Node, office
from desk.people import actions as people
from desk.people.models import Person
from desk.people.refusals import NotASlip, SlipMended, TooManyNames
from desk.people.rules import NAME_LENGTH, has_number, stands_behind
from desk.people.slips import is_slip, letters_apart
from desk.people.stored import read_last4
from desk.storage.among import among
from desk.storage.base import WriteSession, keys_of
from desk.storage.encryption import Keys

_NAMED = (
    select(
        *appointments.c["id", "code", "day", "name_sealed", "document_kind", "person_id", "conversation_id"],
        *(appointments.c.office_id, Office.zone, Office.area, Person.last4_sealed),
    )
    .join(Office, Office.id == appointments.c.office_id)
    .join(Person, Person.id == appointments.c.person_id)
)
_OF_PERSON = _NAMED.where(
    appointments.c.conversation_id == bindparam("chat"),
    appointments.c.person_id == bindparam("person"),
    appointments.c.state == AppointmentState.BOOKED,
    appointments.c.starts_at > bindparam("now"),
).order_by(appointments.c.id)
_ONE = _NAMED.where(appointments.c.id == bindparam("appointment"))
_BESIDE = _NAMED.where(
    appointments.c.conversation_id == bindparam("chat"),
    appointments.c.person_id == bindparam("person"),
    appointments.c.day == bindparam("day"),
    appointments.c.id != bindparam("appointment"),
    among(appointments.c.state, sorted(LIVE)),
).order_by(appointments.c.id)


class NamedAppointment(NamedTuple):
    """An appointment with its name, and whether any other name may be written on it."""

    id: int
    day: date
    at: Node
    """Its office."""
    name: str
    has_number: bool
    is_free: bool
    """The number stands behind it, so that any name may be written."""


def correct_name(
    session: WriteSession,
    *,
    appointment_id: int,
    actor: Actor,
    name: str,
    limits: ChatLimits = USUAL,
    now: datetime,
) -> int:
    """Put this name on the appointment and on all that its person has ahead in this chat; returns how many changed.

    What is today or over keeps its name. The list of the chat says the new name too. The tickets that stand in the
    chat are edited; the history says that a name was corrected, and not from what to what. The same name again changes
    nothing.

    Raises NotYours, NotCancellable(state), NameIsFixed on its day, TooManyNames, and without a number NotASlip,
    SlipMended.
    """
    conversation_id = require_chat(actor)
    session.flush()
    appointment = appointment_to_change(session, appointment_id=appointment_id)
    if appointment is None or appointment.conversation_id != conversation_id or appointment.person_id is None:
        raise NotYours(appointment_id=appointment_id)
    if not is_ahead(appointment.state, appointment.starts_at, now=now):
        raise NotCancellable(appointment_id=appointment.id, state=appointment.state)
    if not may_correct_name(appointment.day, zone=appointment.zone, now=now):
        raise NameIsFixed(appointment_id=appointment.id)
    return _correct(session, person_id=appointment.person_id, actor=actor, name=name, limits=limits, now=now)


def correct_name_of(
    session: WriteSession, *, known_id: int, actor: Actor, name: str, limits: ChatLimits = USUAL, now: datetime
) -> int:
    """Likewise for somebody in the list of the chat; with nothing ahead nothing binds, and only the list is corrected.

    Raises NotInYourList, TooManyNames, and without a number NotASlip, SlipMended.
    """
    session.flush()
    person_id = people.person_in_list(session, actor=actor, known_id=known_id)
    return _correct(session, person_id=person_id, actor=actor, name=name, limits=limits, now=now)


def _correct(
    session: WriteSession, *, person_id: int, actor: Actor, name: str, limits: ChatLimits, now: datetime
) -> int:
    conversation_id = require_chat(actor)
    lock_chat(session, conversation_id=conversation_id)
    name = name[:NAME_LENGTH]
    ahead = named_ahead(session, conversation_id=conversation_id, person_id=person_id, now=now)
    require_few(session, ahead, conversation_id=conversation_id, name=name, limits=limits, now=now)
    if _is_bound(ahead, name):
        require_slip(session, ahead, person_id=person_id, name=name)
        people.mend_slip(session, person_id=person_id)
    people.correct_name(session, actor=actor, person_id=person_id, name=name)
    changed = sum(_rename(session, each, name=name, actor=actor, now=now) for each in ahead)
    if changed:
        note(session, conversation_id=conversation_id, kind=CounterKind.NAMES, now=now)
    return changed


def correct_name_on_its_day(
    session: WriteSession, *, appointment_id: int, actor: Actor, name: str, now: datetime
) -> int:
    """Likewise at the counter, of an appointment of today; the caller has asked who may, and what the paper shows.

    What the person has ahead in the chat gets the name too where the clerk may record, what they have that day where it
    has the same wrong name, and the list of the chat: without a number a slip is mended once, so nothing could mend it
    there any more. Raises without a number NotASlip, SlipMended.
    """
    session.flush()
    row = session.execute(_ONE, {"appointment": appointment_id}).one()
    conversation_id: int | None = row.conversation_id
    own = _named(session.keys, row)
    named = [own]
    if conversation_id is not None:
        lock_chat(session, conversation_id=conversation_id)
        asked = {"chat": conversation_id, "person": row.person_id, "day": row.day, "appointment": own.id}
        that_day = [_named(session.keys, each) for each in session.execute(_BESIDE, asked)]
        others = [each for each in that_day if each.name == own.name]
        others += named_ahead(session, conversation_id=conversation_id, person_id=row.person_id, now=now)
        named += [each for each in others if actor.may(Permission.APPOINTMENTS_RECORD, at=each.at)]
    name = name[:NAME_LENGTH]
    if _is_bound(named, name):
        require_slip(session, named, person_id=row.person_id, name=name)
        people.mend_slip(session, person_id=row.person_id)
    if conversation_id is not None:
        people.put_name(session, conversation_id=conversation_id, person_id=row.person_id, name=name)
    return sum(_rename(session, each, name=name, actor=actor, now=now) for each in named)


def named_ahead(session: Session, *, conversation_id: int, person_id: int, now: datetime) -> list[NamedAppointment]:
    """What a person has ahead in this chat, without what is today."""
    asked = {"chat": conversation_id, "person": person_id, "now": now}
    keys = keys_of(session)
    rows = session.execute(_OF_PERSON, asked)
    return [_named(keys, row) for row in rows if may_correct_name(row.day, zone=row.zone, now=now)]


def _named(keys: Keys, row: Any) -> NamedAppointment:
    return NamedAppointment(
        row.id,
        row.day,
        office(row.office_id, area=row.area),
        read_name(keys, row.name_sealed, digits=row.code) or "",
        has_number(row.document_kind),
        stands_behind(row.document_kind, last4=read_last4(keys, row.last4_sealed, id=row.person_id)),
    )


def require_few(
    session: Session,
    ahead: Sequence[NamedAppointment],
    *,
    conversation_id: int,
    name: str,
    limits: ChatLimits,
    now: datetime,
) -> None:
    """Check that the chat may correct one more name, where that changes one of these. Raises TooManyNames."""
    if all(each.name == name for each in ahead):
        return
    done = counted(session, conversation_id=conversation_id, kind=CounterKind.NAMES, now=now)
    if done is None:
        return
    most = allowed(session, conversation_id=conversation_id, kind=LimitKind.NAMES, limits=limits, now=now)
    if done.times >= most:
        raise TooManyNames(most=most, until=done.ends_at)


def require_slip(session: Session, ahead: Sequence[NamedAppointment], *, person_id: int, name: str) -> None:
    """Check that these appointments may be given this name. Raises without a number NotASlip, SlipMended."""
    if not _is_bound(ahead, name):
        return
    is_short = all(each.has_number for each in ahead if not each.is_free)
    if not all(is_slip(each.name, name) for each in ahead):
        raise NotASlip(is_short)
    if people.is_slip_mended(session, person_id=person_id):
        raise SlipMended(is_short)


def _is_bound(ahead: Sequence[NamedAppointment], name: str) -> bool:
    """Whether there is nothing but the name behind one of them, and another letter is to be in it."""
    return any(not each.is_free and letters_apart(each.name, name) for each in ahead)


def _rename(session: WriteSession, named: NamedAppointment, *, name: str, actor: Actor, now: datetime) -> bool:
    """Rewrite the name of one; False = it has the name, or was changed at this moment."""
    appointment = appointment_to_change(session, appointment_id=named.id)
    if appointment is None or appointment.day != named.day or named.name == name:
        return False
    sealed = stored_name(session.keys, name, digits=appointment.code)
    changed = session.connection().execute(
        update(appointments).where(as_read(appointment)).values(name_sealed=sealed, changed_at=now)
    )
    if changed.rowcount != 1:
        return False
    _tell(session, appointment, actor=actor, now=now)
    return True


def _tell(session: WriteSession, appointment: AppointmentToChange, *, actor: Actor, now: datetime) -> None:
    """Write the history, by which the lists of the office are made anew, and have the tickets edited."""
    write_event(
        session,
        appointment_id=appointment.id,
        office_id=appointment.office_id,
        day=appointment.day,
        kind=EventKind.NAME_CORRECTED,
        state=appointment.state,
        slot_id=appointment.slot_id,
        actor=actor,
        now=now,
    )
    if appointment.address is not None:
        nth = times(session, appointment_id=appointment.id, kind=EventKind.NAME_CORRECTED)
        correct(
            session,
            appointment_id=appointment.id,
            what=f"name:{nth}",
            to=appointment.address,
            is_name=True,
            due_at=now,
            now=now,
        )
