"""What appointments hold of people, and erasing it: future ones are cancelled, all stay as rows without a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, String, bindparam, cast, func, literal, or_, select, update
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.appointments.actions import cancel
from desk.appointments.assistance import KINDS, forget_wishes_of
from desk.appointments.history import subject_of
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.appointments.tickets import forget_edits_of
from desk.calendar import local_day_of
from desk.events import actions as events
from desk.parts import Again, ErasedKind, Fate, Kept, Leaving, Privacy
from desk.periods import USUAL_REST, Rest
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.tombstones import actions as tombstones

_appointments = table_of(Appointment)
_NAMED = (
    select(_appointments.c.id)
    .where(_appointments.c.person_id.is_not(None), _appointments.c.day < bindparam("before"))
    .order_by(_appointments.c.day)
    .limit(bindparam("most"))
)


def _count(session: Session, conversation_id: int) -> Mapping[str, int]:
    """`appointments_live` counts those that nobody recorded yet; erasing cancels the future ones among them."""
    live = func.coalesce(func.sum(cast(_appointments.c.is_live, Integer)), 0)
    appointments, appointments_live = session.execute(
        select(func.count(), live).where(_appointments.c.conversation_id == conversation_id)
    ).one()
    return {"appointments_live": appointments_live, "appointments_past": appointments - appointments_live}


def _erase(session: WriteSession, leaving: Leaving) -> None:
    """Cancel future appointments, whose places then rest, and blank the personal columns of all."""
    now, conversation_id = leaving.now, leaving.conversation_id
    mine = _appointments.c.conversation_id == conversation_id
    _cancel_ahead(session, mine, rest=leaving.rest, now=now)
    rows = session.execute(select(_appointments.c.id, _appointments.c.person_id).where(mine)).all()
    leaving.person_ids.update(row.person_id for row in rows if row.person_id is not None)
    _blank(session, [row.id for row in rows])
    forget_edits_of(session, appointment_ids=[row.id for row in rows])
    # Each by itself too: in a back-up it may be another chat's still, from which it was taken over.
    tombstones.note(session, kind=ErasedKind.APPOINTMENT, ids=[row.id for row in rows])


def _cancel_ahead(session: WriteSession, which: ColumnElement[bool], *, rest: Rest, now: datetime) -> None:
    """Cancel those of these that lie ahead, each in the name of its chat."""
    ahead = session.execute(
        select(_appointments.c.id, _appointments.c.conversation_id).where(
            which,
            _appointments.c.conversation_id.is_not(None),
            _appointments.c.state == AppointmentState.BOOKED,
            _appointments.c.is_live,
            _appointments.c.starts_at > now,
        )
    ).all()
    for row in ahead:
        cancel(session, appointment_id=row.id, actor=Actor.chat(row.conversation_id), rest=rest, now=now)
    session.flush()


def _held(session: Session) -> Iterable[int]:
    return session.scalars(
        select(_appointments.c.id).where(
            or_(_appointments.c.conversation_id.is_not(None), _appointments.c.person_id.is_not(None))
        )
    )


def _erase_again(session: WriteSession, ids: Sequence[int], *, now: datetime) -> None:
    _cancel_ahead(session, _appointments.c.id.in_(ids), rest=USUAL_REST, now=now)
    _blank(session, ids)
    forget_edits_of(session, appointment_ids=ids)


def past_with_names(session: Session, *, before: datetime, limit: int) -> Sequence[int]:
    """The ids of appointments of days before that moment that still say whose they were."""
    return session.scalars(_NAMED, {"before": local_day_of(before).date, "most": limit}).all()


def forget_names(session: WriteSession, *, before: datetime, limit: int) -> int:
    """Erase whose the appointments of days before that moment were; they stay as counts."""
    old = past_with_names(session, before=before, limit=limit)
    _blank(session, old)
    return len(old)


def _blank(session: WriteSession, ids: Sequence[int]) -> None:
    if not ids:
        return
    forget_wishes_of(session, appointment_ids=ids)
    events.blank_keys(session, subjects=[subject_of(id) for id in ids])
    session.execute(
        update(_appointments)
        .where(_appointments.c.id.in_(ids))
        # The key holds the chat's id, and SQLite reuses ids: another chat must never match it.
        .values(
            person_id=None,
            link_id=None,
            name_sealed=None,
            document_kind=None,
            office_reason=None,
            conversation_id=None,
            asked_at=None,
            confirmed_at=None,
            idem_key=literal("erased:") + cast(_appointments.c.id, String),
        )
    )


PRIVACY = Privacy(
    columns={
        "appointments.code": Kept("leads to the appointment, which names nobody any more"),
        "appointments.idem_key": Fate.REPLACED,
        "appointments.person_id": Fate.EMPTIED,
        "appointments.link_id": Fate.EMPTIED,
        "appointments.conversation_id": Fate.EMPTIED,
        "appointments.name_sealed": Fate.EMPTIED,
        "appointments.office_reason": Fate.EMPTIED,
        "appointments.asked_at": Fate.EMPTIED,
        "appointments.confirmed_at": Fate.EMPTIED,
        "appointment_assistance.appointment_id": Fate.DELETED,
        **{f"appointment_assistance.{kind}": Fate.DELETED for kind in (*KINDS, "answered_at_moves")},
        "appointments.share": Kept("says whether its place was the desk's, and names nobody"),
        "appointments.has_place": Kept("says whether it has the place of its slot, and names nobody"),
        "appointments.is_counted": Kept("says whether its place was one of a quota, and names nobody"),
        "appointments.household_id": Kept("says which counts were booked together, and names nobody"),
    },
    count=_count,
    erase=_erase,
    again=Again(ErasedKind.APPOINTMENT, held=_held, erase=_erase_again),
)
