"""Proposed times: one is written when the office takes a time away, and settled by the first answer or without one.

The appointment itself moves onto the proposed place, so nobody else can book it and a person still has one
appointment. Its ticket and its reminders are written once the person has said that they will come.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.appointments.changing import AppointmentToChange, appointment_to_change, as_read
from desk.appointments.history import EventKind, write_event
from desk.appointments.models import Appointment
from desk.appointments.notices import announce
from desk.appointments.proposals import OF_ITS_TIME, proposals
from desk.appointments.refusals import NotCancellable
from desk.appointments.rules import UNANSWERED, AppointmentState, ProposalState
from desk.appointments.tickets import correct
from desk.people.links import links_of
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_appointments = table_of(Appointment)
PLACE_KEPT = timedelta(days=60)
"""How long a time that the office took away gives its place in the line of those who wait."""

_UNANSWERED = proposals.c.state.in_(UNANSWERED)
_DUE = (
    select(proposals.c.appointment_id)
    .where(
        proposals.c.state == ProposalState.OPEN,
        proposals.c.until <= bindparam("now", type_=proposals.c.until.type),
    )
    .order_by(proposals.c.until, proposals.c.id)
    .limit(bindparam("most"))
)
_IS_PROPOSED = select(proposals.c.id).where(OF_ITS_TIME, _appointments.c.id == bindparam("appointment"), _UNANSWERED)
_LET_STAND = (
    update(proposals)
    .where(proposals.c.appointment_id == bindparam("appointment"), proposals.c.state == ProposalState.OPEN)
    .values(state=ProposalState.STANDS, until=None)
)
_LAST = (
    select(
        *_appointments.c[
            "person_id", "link_id", "state", "is_live", "starts_at", "fell_at", "created_at", "changed_at"
        ],
        proposals.c.state.label("proposal"),
    )
    .outerjoin(proposals, OF_ITS_TIME)
    .where(
        _appointments.c.conversation_id == bindparam("chat"),
        _appointments.c.service_id == bindparam("service"),
        or_(
            _appointments.c.person_id.in_(bindparam("people", expanding=True)),
            _appointments.c.link_id.in_(bindparam("links", expanding=True)),
        ),
    )
    .order_by(_appointments.c.id)
)


def propose(session: WriteSession, appointment: AppointmentToChange, *, until: datetime | None, now: datetime) -> None:
    """Write that the next time of the appointment is proposed; `until` None = it stands without an answer.

    `appointment` as it was before it is moved onto the proposed place.
    """
    session.connection().execute(
        insert(proposals),
        {
            "appointment_id": appointment.id,
            "moves": appointment.moves + 1,
            "nth": appointment.times_proposed + 1,
            "state": ProposalState.STANDS if until is None else ProposalState.OPEN,
            "made_at": now,
            "until": until,
        },
    )


def settle(session: WriteSession, appointment: AppointmentToChange, *, outcome: ProposalState, now: datetime) -> None:
    """Write what became of the proposal of the present time; nothing where there is none.

    The caller has changed the row of the appointment in this transaction, by which answers wait for one another.
    Raises NotCancellable where the person has accepted it after it was read.
    """
    if not appointment.is_proposed:
        return
    if not _end(session, appointment, outcome=outcome, now=now) and outcome is ProposalState.LAPSED:
        raise NotCancellable(appointment_id=appointment.id, state=appointment.state)


def _end(session: WriteSession, appointment: AppointmentToChange, *, outcome: ProposalState, now: datetime) -> bool:
    """End the proposal of the present time in this state; False = it was answered already."""
    done = session.connection().execute(
        update(proposals)
        .where(proposals.c.appointment_id == appointment.id, proposals.c.moves == appointment.moves, _UNANSWERED)
        .values(state=outcome, over_at=now)
    )
    return done.rowcount == 1


def accept(session: WriteSession, *, appointment_id: int, actor: Actor, now: datetime) -> bool:
    """The person takes the proposed time, and gets its ticket; False = there is no proposal to answer.

    The caller has asked whose the appointment is. Raises NotCancellable where it is over.
    """
    session.flush()
    appointment = appointment_to_change(session, appointment_id=appointment_id)
    if appointment is None or not appointment.is_proposed:
        return False
    locked = session.connection().execute(
        update(_appointments).where(as_read(appointment), _appointments.c.is_live).values(changed_at=now)
    )
    if locked.rowcount != 1 or not _end(session, appointment, outcome=ProposalState.ACCEPTED, now=now):
        raise NotCancellable(appointment_id=appointment.id, state=appointment.state)
    write_event(
        session,
        appointment_id=appointment.id,
        office_id=appointment.office_id,
        day=appointment.day,
        kind=EventKind.ACCEPTED,
        state=AppointmentState.BOOKED,
        slot_id=appointment.slot_id,
        was=(appointment.state, appointment.slot_id),
        actor=actor,
        now=now,
    )
    if appointment.proposal is ProposalState.OPEN and appointment.address is not None:
        what = f"{appointment.moves}:accepted"
        correct(session, appointment_id=appointment.id, what=what, to=appointment.address, due_at=now, now=now)
        announce(
            session,
            appointment_id=appointment.id,
            moves=appointment.moves,
            starts_at=appointment.starts_at,
            zone=appointment.zone,
            is_joint=appointment.household_id is not None,
            has_own_ticket=True,
            to=appointment.address,
            now=now,
        )
    return True


def let_stand(session: WriteSession, *, appointment_id: int) -> None:
    """Nobody is there any more to be asked: the proposed time stands without an answer."""
    session.connection().execute(_LET_STAND, {"appointment": appointment_id})


def is_proposed(session: Session, *, appointment_id: int) -> bool:
    """Whether the office proposed the present time of the appointment and the person has not answered."""
    return session.execute(_IS_PROPOSED, {"appointment": appointment_id}).one_or_none() is not None


def unanswered(session: Session, *, now: datetime, limit: int) -> Sequence[int]:
    """The appointments whose proposed time is kept no longer."""
    return session.scalars(_DUE, {"now": now, "most": limit}).all()


def kept_since(
    session: Session, *, conversation_id: int, person_ids: Collection[int], service_id: int, now: datetime
) -> datetime | None:
    """Since when these people count as waiting, because the office took away the last time of each, on any paper.

    None = it did not, or that is long ago.
    """
    links = links_of(session, person_ids)
    asked = {"chat": conversation_id, "service": service_id, "people": list(person_ids), "links": list(links.values())}
    by_link = {link: person_id for person_id, link in links.items()}
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(_LAST, asked):
        rows[by_link.get(row.link_id, row.person_id)].append(row)
    since = [own[-1].created_at for own in rows.values() if _was_taken(own[-1], own[:-1], now=now)]
    return max(since) if since and len(since) == len(set(person_ids)) else None


def _was_taken(last: Any, before: Sequence[Any], *, now: datetime) -> bool:
    """Whether the office took away this one, not long ago, and the person had no other then.

    Of two on linked papers the one that is given back without an answer leaves the other.
    """
    is_taken = last.state is AppointmentState.CANCELLED_BY_OFFICE or last.proposal in UNANSWERED
    has_another = any(
        each.starts_at > last.changed_at and (each.is_live or each.changed_at > last.changed_at) for each in before
    )
    return is_taken and last.fell_at is None and last.changed_at > now - PLACE_KEPT and not has_another
