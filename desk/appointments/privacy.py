"""What appointments hold of people, and erasing it: what lies ahead is cancelled, the rest stays as counts without a
name."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Integer, String, cast, func, literal, select, update
from sqlalchemy.orm import Session

from desk.appointments.actions import cancel
from desk.appointments.history import subject_of
from desk.appointments.models import Appointment
from desk.appointments.rules import State
from desk.events import actions as events
from desk.parts import Fate, Kept, Leaving, Privacy
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_appointments = table_of(Appointment)


def _count(session: Session, conversation_id: int) -> Mapping[str, int]:
    """`turns_live` are those that nobody recorded yet; of them erasing cancels what lies ahead."""
    live = func.coalesce(func.sum(cast(_appointments.c.is_live, Integer)), 0)
    appointments, appointments_live = session.execute(
        select(func.count(), live).where(_appointments.c.conversation_id == conversation_id)
    ).one()
    return {"turns_live": appointments_live, "turns_past": appointments - appointments_live}


def _erase(session: WriteSession, leaving: Leaving) -> None:
    """Cancel what lies ahead, so that its places are free, and blank the rest."""
    now, conversation_id = leaving.now, leaving.conversation_id
    mine = _appointments.c.conversation_id == conversation_id
    ahead = session.scalars(
        select(_appointments.c.id).where(
            mine, _appointments.c.state == State.BOOKED, _appointments.c.is_live, _appointments.c.starts_at > now
        )
    ).all()
    for appointment_id in ahead:
        cancel(session, appointment_id=appointment_id, conversation_id=conversation_id, now=now)
    session.flush()
    rows = session.execute(select(_appointments.c.id, _appointments.c.person_id).where(mine)).all()
    if not rows:
        return
    leaving.person_ids.update(row.person_id for row in rows if row.person_id is not None)
    events.blank_keys(session, subjects=[subject_of(row.id) for row in rows])
    session.execute(
        update(_appointments)
        .where(mine)
        # The key names the chat by its id, and SQLite gives ids out again: another chat must never meet it.
        .values(
            person_id=None,
            person_name=None,
            document_kind=None,
            office_reason=None,
            conversation_id=None,
            idem_key=literal("erased:") + cast(_appointments.c.id, String),
        )
    )


PRIVACY = Privacy(
    columns={
        "appointments.code": Kept("leads to the turn, which names nobody any more"),
        "appointments.idem_key": Fate.REPLACED,
        "appointments.person_id": Fate.EMPTIED,
        "appointments.conversation_id": Fate.EMPTIED,
        "appointments.person_name": Fate.EMPTIED,
        "appointments.office_reason": Fate.EMPTIED,
    },
    count=_count,
    erase=_erase,
)
