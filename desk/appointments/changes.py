"""Cancelling a turn and moving it to another time; the place goes back or over in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import literal_column, select, update

from desk.appointments.booking import appointments, write_event
from desk.appointments.booking import events as event_rows
from desk.appointments.looking import Place, look_at, refusal_of
from desk.appointments.models import EventKind
from desk.appointments.notices import announce, tell_cancelled_by_office, tell_moved_by_office, withdraw
from desk.appointments.refusals import NotCancellable, NotYours, ServiceNotOffered, SlotTaken
from desk.appointments.rules import LIVE, State
from desk.capacity.holds import exchange_places, let_go, release
from desk.capacity.places import give_back
from desk.codes import TrackingCode
from desk.conversations.models import Conversation
from desk.events import actions as events
from desk.outbox.rules import Address3
from desk.refusals import whole
from desk.storage.base import WriteSession


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A cancelled turn; `is_repeat` = the same chat had cancelled it before."""

    appointment_id: int
    code: TrackingCode
    is_repeat: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """A turn at its new time; `is_repeat` = an earlier message with the same key had moved it."""

    appointment_id: int
    code: TrackingCode
    starts_at: datetime
    is_repeat: bool


class Turn(NamedTuple):
    """What has to be known of a turn to change it."""

    id: int
    code: str
    slot_id: int
    service_id: int
    state: State
    is_live: bool
    moves: int
    conversation_id: int | None
    address: Address3 | None


def cancel(session: WriteSession, *, appointment_id: int, conversation_id: int, now: datetime) -> Cancelled:
    """The person cancels; the place is free again at once. Cancelling twice is the same as once.

    Raises NotYours where the turn is not of this chat, NotCancellable(state) once it is anything but booked.
    """
    session.flush()
    turn = _turn(session, appointment_id)
    if turn is None or turn.conversation_id != conversation_id:
        raise NotYours(appointment_id=appointment_id)
    done = Cancelled(appointment_id=turn.id, code=TrackingCode(turn.code), is_repeat=False)
    if turn.state is State.CANCELLED_BY_PERSON:
        return Cancelled(appointment_id=turn.id, code=done.code, is_repeat=True)
    if turn.state is not State.BOOKED or not turn.is_live:
        raise NotCancellable(appointment_id=turn.id, state=turn.state)
    _end(session, turn, state=State.CANCELLED_BY_PERSON, staff_id=None, reason=None, now=now)
    return done


def cancel_by_office(
    session: WriteSession,
    *,
    appointment_id: int,
    staff_id: int | None,
    reason: str,
    tells: bool = True,
    now: datetime,
) -> Cancelled:
    """The office cancels a live turn; the person is told, with the reason, unless the caller `tells` it otherwise.

    Audited.

    Raises LookupError for an unknown turn, NotCancellable(state) for one that is not live.
    """
    session.flush()
    turn = _turn(session, appointment_id)
    if turn is None:
        raise LookupError(f"no turn {appointment_id}")
    if turn.state not in LIVE or not turn.is_live:
        raise NotCancellable(appointment_id=turn.id, state=turn.state)
    _end(
        session,
        turn,
        state=State.CANCELLED_BY_OFFICE,
        staff_id=staff_id,
        reason=whole(reason, most=200) or None,
        now=now,
    )
    if tells and turn.address is not None:
        tell_cancelled_by_office(session, appointment_id=turn.id, moves=turn.moves, to=turn.address, now=now)
    subject = f"appointment:{turn.id}"
    events.note(session, staff_id=staff_id, kind="appointment:cancel", subject=subject, now=now)
    return Cancelled(appointment_id=turn.id, code=TrackingCode(turn.code), is_repeat=False)


def move(
    session: WriteSession, *, idem_key: str, appointment_id: int, conversation_id: int, slot_id: int, now: datetime
) -> Moved:
    """Give the turn another time for the same service: old place back and new one taken, or nothing at all.

    The chat's hold on the new time becomes the turn; any other hold is given up. The same `idem_key` moves once. To the
    time it has already is no move (`is_repeat`), and a place held meanwhile goes back.
    Raises NotYours, NotCancellable(state), SlotTaken, SlotPassed, TooFarAhead, NotBookable, ServiceNotOffered.
    """
    session.flush()
    turn = _turn(session, appointment_id)
    if turn is None or turn.conversation_id != conversation_id:
        raise NotYours(appointment_id=appointment_id)
    repeat = session.scalar(select(event_rows.c.id).where(event_rows.c.idem_key == idem_key))
    if repeat is not None:
        return _moved(session, turn, is_repeat=True)
    if turn.state is not State.BOOKED or not turn.is_live:
        raise NotCancellable(appointment_id=turn.id, state=turn.state)
    place = look_at(session, slot_id=slot_id, service_id=turn.service_id, conversation_id=conversation_id)
    refusal = refusal_of(place, slot_id=slot_id, service_id=turn.service_id, now=now)
    if refusal is not None or place is None:
        raise refusal or ServiceNotOffered(service_id=turn.service_id, slot_id=slot_id)
    if slot_id == turn.slot_id:
        release(session, conversation_id=conversation_id)  # the turn has its place: a second one would stand empty
        return _moved(session, turn, is_repeat=True)
    with session.begin_nested():
        _move(session, turn, idem_key=idem_key, slot_id=slot_id, place=place, now=now)
        if place.address is not None:
            announce(
                session,
                appointment_id=turn.id,
                moves=turn.moves + 1,
                starts_at=place.starts_at,
                zone=place.zone,
                to=place.address,
                now=now,
            )
        held = let_go(session, conversation_id=conversation_id) if place.held_slot_id is not None else None
        if held is not None and held != slot_id:
            give_back(session, slot_id=held)
            held = None
        if held == slot_id:
            exchange_places(session, given_back=slot_id, taken=slot_id)
            give_back(session, slot_id=turn.slot_id)
        else:
            exchange_places(session, given_back=turn.slot_id, taken=slot_id)
    return _moved(session, turn, is_repeat=False)


def move_by_office(
    session: WriteSession,
    *,
    idem_key: str,
    appointment_id: int,
    slot_id: int,
    staff_id: int | None,
    reason: str,
    told: Mapping[str, Any],
    now: datetime,
) -> Moved:
    """The office gives a turn another time; the person is told why, with `told` for the notice, and gets a new ticket.

    What the chat holds for another turn stays held. The same `idem_key` moves once. Audited.
    Raises NotCancellable(state), SlotTaken, SlotPassed, NotBookable, ServiceNotOffered, LookupError.
    """
    session.flush()
    turn = _turn(session, appointment_id)
    if turn is None:
        raise LookupError(f"no turn {appointment_id}")
    if session.scalar(select(event_rows.c.id).where(event_rows.c.idem_key == idem_key)) is not None:
        return _moved(session, turn, is_repeat=True)
    if turn.state is not State.BOOKED or not turn.is_live:
        raise NotCancellable(appointment_id=turn.id, state=turn.state)
    place = look_at(session, slot_id=slot_id, service_id=turn.service_id, conversation_id=turn.conversation_id)
    refusal = refusal_of(place, slot_id=slot_id, service_id=turn.service_id, now=now)
    if refusal is not None or place is None or slot_id == turn.slot_id:
        raise refusal or SlotTaken(slot_id=slot_id)
    with session.begin_nested():
        _move(
            session,
            turn,
            idem_key=idem_key,
            slot_id=slot_id,
            place=place,
            staff_id=staff_id,
            reason=whole(reason, most=200),
            now=now,
        )
        if turn.address is not None:
            tell_moved_by_office(
                session, appointment_id=turn.id, moves=turn.moves + 1, told=told, to=turn.address, now=now
            )
            announce(
                session,
                appointment_id=turn.id,
                moves=turn.moves + 1,
                starts_at=place.starts_at,
                zone=place.zone,
                to=turn.address,
                now=now,
            )
        exchange_places(session, given_back=turn.slot_id, taken=slot_id)
    events.note(session, staff_id=staff_id, kind="appointment:move", subject=f"appointment:{turn.id}", now=now)
    return _moved(session, turn, is_repeat=False)


def _move(
    session: WriteSession,
    turn: Turn,
    *,
    idem_key: str,
    slot_id: int,
    place: Place,
    staff_id: int | None = None,
    reason: str | None = None,
    now: datetime,
) -> None:
    """Set the new time and write it into the history; raises NotCancellable where a rival changed the turn first."""
    changed = session.connection().execute(
        update(appointments)
        .where(
            appointments.c.id == turn.id,
            appointments.c.state == State.BOOKED,
            appointments.c.slot_id == turn.slot_id,
            appointments.c.moves == turn.moves,
        )
        .values(
            slot_id=slot_id,
            starts_at=place.starts_at,
            day=place.day,
            office_id=place.office_id,
            moves=turn.moves + 1,
            changed_at=now,
        )
    )
    if changed.rowcount != 1:
        raise NotCancellable(appointment_id=turn.id, state=turn.state)
    withdraw(session, appointment_id=turn.id, now=now)
    write_event(
        session,
        appointment_id=turn.id,
        kind=EventKind.MOVED,
        state=State.BOOKED,
        slot_id=slot_id,
        staff_id=staff_id,
        reason=reason,
        idem_key=idem_key,
        now=now,
    )


def lapse(session: WriteSession, *, before: date, limit: int = 500, now: datetime) -> int:
    """Let turns of days before `before` that nobody recorded no longer stand in the way of a new one; how many.

    Their state stays as it is: nobody is called absent but by a named clerk, and an outcome can still be recorded.
    A reminder that never went out is taken back.
    """
    over = (
        select(appointments.c.id)
        .where(literal_column("appointments.is_live"), appointments.c.day < before)
        .order_by(appointments.c.id)
        .limit(limit)
    )
    ended = (
        update(appointments)
        .where(appointments.c.id.in_(over.scalar_subquery()), appointments.c.day < before)
        .values(is_live=False)
        .returning(appointments.c.id)
    )
    ids = session.connection().execute(ended).scalars().all()
    for appointment_id in ids:
        withdraw(session, appointment_id=appointment_id, now=now)
    return len(ids)


def _end(
    session: WriteSession, turn: Turn, *, state: State, staff_id: int | None, reason: str | None, now: datetime
) -> None:
    """Cancel: the state changes only from the one that was read, and only then the place goes back."""
    changed = session.connection().execute(
        update(appointments)
        .where(appointments.c.id == turn.id, appointments.c.state == turn.state, appointments.c.slot_id == turn.slot_id)
        .values(state=state, is_live=False, changed_at=now)
    )
    if changed.rowcount != 1:
        raise NotCancellable(appointment_id=turn.id, state=turn.state)
    write_event(
        session,
        appointment_id=turn.id,
        kind=EventKind.CANCELLED,
        state=state,
        slot_id=turn.slot_id,
        staff_id=staff_id,
        reason=reason,
        now=now,
    )
    withdraw(session, appointment_id=turn.id, now=now)
    give_back(session, slot_id=turn.slot_id)


def _moved(session: WriteSession, turn: Turn, *, is_repeat: bool) -> Moved:
    starts_at = session.execute(select(appointments.c.starts_at).where(appointments.c.id == turn.id)).scalar_one()
    return Moved(appointment_id=turn.id, code=TrackingCode(turn.code), starts_at=starts_at, is_repeat=is_repeat)


def _turn(session: WriteSession, appointment_id: int) -> Turn | None:
    found = session.execute(
        select(
            appointments.c.id,
            appointments.c.code,
            appointments.c.slot_id,
            appointments.c.service_id,
            appointments.c.state,
            appointments.c.is_live,
            appointments.c.moves,
            appointments.c.conversation_id,
            Conversation.channel,
            Conversation.bot,
            Conversation.chat,
        )
        .outerjoin(Conversation, Conversation.id == appointments.c.conversation_id)
        .where(appointments.c.id == appointment_id)
    ).one_or_none()
    if found is None:
        return None
    id, code, slot_id, service_id, state, is_live, moves, conversation_id, channel, bot, chat = found
    address = Address3(channel, bot, chat) if channel else None
    return Turn(id, code, slot_id, service_id, state, is_live, moves, conversation_id, address)
