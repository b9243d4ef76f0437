"""What people wish for at the counter: kept with the appointment until its day is over, and answered by the office.

A wish promises nothing: the office sees it, and may answer it once for the time that the appointment has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, or_, select, update

from desk.appointments.booking import appointments
from desk.appointments.models import AppointmentAssistance
from desk.appointments.rows import WishedAssistance
from desk.appointments.rules import CANCELLED, AssistanceState
from desk.calendar import local_day_of
from desk.offices.rules import Assistance
from desk.storage.base import WriteSession
from desk.storage.deleting import delete_some
from desk.storage.upsert import insert_many_if_new, table_of

wishes = table_of(AppointmentAssistance)
KINDS = tuple(kind.value for kind in Assistance)
COLUMNS: tuple[ColumnElement[Any], ...] = (*wishes.c[KINDS], wishes.c.answered_at_moves)
"""The state of each kind, and for which time of the appointment they are."""
_OF_ONE = (
    select(*COLUMNS, appointments.c.moves)
    .join_from(wishes, appointments, appointments.c.id == wishes.c.appointment_id)
    .where(wishes.c.appointment_id == bindparam("appointment"))
)


def wish(session: WriteSession, *, appointment_ids: Collection[int], kinds: Collection[Assistance]) -> None:
    """Keep what is wished for with appointments that were booked now; what is kept of them already stays."""
    if not kinds or not appointment_ids:
        return
    asked = {kind.value: AssistanceState.ASKED if kind in kinds else None for kind in Assistance}
    session.execute(
        insert_many_if_new(session, AppointmentAssistance, unique=("appointment_id",)),
        [{"appointment_id": id, **asked} for id in appointment_ids],
    )


def wished_of(
    states: Iterable[AssistanceState | None], *, answered_at: int | None, moves: int
) -> tuple[WishedAssistance, ...]:
    """What is wished for, by the states of `COLUMNS`; an answer for a time that the appointment has no more is none."""
    return tuple(
        WishedAssistance(kind, state if answered_at == moves else AssistanceState.ASKED)
        for kind, state in zip(Assistance, states, strict=True)
        if state is not None
    )


def wished_for(session: WriteSession, *, appointment_id: int) -> tuple[WishedAssistance, ...]:
    """What is wished for with an appointment."""
    found = session.execute(_OF_ONE, {"appointment": appointment_id}).one_or_none()
    if found is None:
        return ()
    *states, answered_at, moves = found
    return wished_of(states, answered_at=answered_at, moves=moves)


def keep_answers(
    session: WriteSession, *, appointment_id: int, moves: int, answers: Mapping[Assistance, AssistanceState]
) -> None:
    """Keep what the office says to each thing that is wished for, for the present time of the appointment."""
    session.connection().execute(
        update(wishes)
        .where(wishes.c.appointment_id == appointment_id)
        .values(answered_at_moves=moves, **{kind.value: state for kind, state in answers.items()})
    )


def forget_wishes_of(session: WriteSession, *, appointment_ids: Collection[int]) -> None:
    """Delete what is wished for with these appointments."""
    session.connection().execute(delete(wishes).where(wishes.c.appointment_id.in_(appointment_ids)))


def forget_wishes(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete what was wished for with appointments whose day is over, or that were cancelled."""
    is_over = or_(appointments.c.day < local_day_of(now).date, appointments.c.state.in_(sorted(CANCELLED)))
    those = wishes.c.appointment_id.in_(select(appointments.c.id).where(is_over))
    return delete_some(session, wishes, those, limit=limit)
