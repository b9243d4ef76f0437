"""Reads what is stored of one chat, as far as signs are counted from it; nothing of cases is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, literal, select, union, union_all
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.appointments.stored import read_name
from desk.conversations import allowing
from desk.conversations.limits import MARK, counters
from desk.conversations.models import Conversation
from desk.conversations.rules import CounterKind
from desk.people.models import KnownPerson
from desk.reading.folding import folded_words
from desk.signs.rules import (
    FEWEST_APPOINTMENTS,
    STEPS,
    WITHIN,
    BookedThere,
    Seen,
    SignKind,
    chats_in_step,
    places_retaken,
)
from desk.storage.base import keys_of
from desk.storage.hours import hour
from desk.storage.upsert import table_of

COUNTERS = {CounterKind.FALLEN: SignKind.FALLEN, CounterKind.HOLDS: SignKind.HOLDS}
"""The counts of a chat that may be a sign."""

_chats, _known = table_of(Conversation), table_of(KnownPerson)
_appointments = table_of(Appointment)
_mine, _theirs = _appointments.alias("mine"), _appointments.alias("theirs")
_OF = bindparam("of", type_=_appointments.c.conversation_id.type)
_SINCE = bindparam("since", type_=_appointments.c.created_at.type)
_NOW = bindparam("now", type_=counters.c.ends_at.type)

_MANY_APPOINTMENTS = (
    select(func.count())
    .where(_appointments.c.conversation_id == _chats.c.id, _appointments.c.created_at >= _SINCE)
    .scalar_subquery()
)
_HEARD = _chats.c.heard_at >= bindparam("heard", type_=_chats.c.heard_at.type)
_DUE = union(
    select(_chats.c.id).where(_HEARD, _MANY_APPOINTMENTS >= FEWEST_APPOINTMENTS),
    *(
        select(_chats.c.id)
        .join(counters, counters.c.mark == MARK)
        .where(
            _HEARD,
            counters.c.kind == literal(kind, counters.c.kind.type),
            counters.c.count >= STEPS[sign][0],
            counters.c.ends_at > _NOW,
        )
        for kind, sign in COUNTERS.items()
    ),
)
_TAKEN = select(
    _appointments.c.office_id,
    _appointments.c.person_id,
    _appointments.c.created_at,
    _appointments.c.code,
    _appointments.c.name_sealed,
).where(
    _appointments.c.conversation_id == _OF, _appointments.c.person_id.is_not(None), _appointments.c.created_at >= _SINCE
)

_PEOPLE = union(
    select(_known.c.person_id).where(_known.c.conversation_id == _OF),
    select(_appointments.c.person_id).where(
        _appointments.c.conversation_id == _OF, _appointments.c.person_id.is_not(None)
    ),
).subquery("people")
_ELSEWHERE = union(
    select(_known.c.conversation_id)
    .join(_PEOPLE, _PEOPLE.c.person_id == _known.c.person_id)
    .where(_known.c.conversation_id != _OF),
    select(_appointments.c.conversation_id)
    .join(_PEOPLE, _PEOPLE.c.person_id == _appointments.c.person_id)
    .where(_appointments.c.conversation_id != _OF),
).subquery("elsewhere")
_OTHER_CHATS = select(func.count()).select_from(_ELSEWHERE)

_given, _taken = _appointments.alias("given"), _appointments.alias("taken")
_SAME_PLACE = (
    _taken.c.slot_id == _given.c.slot_id,
    _taken.c.person_id != _given.c.person_id,
    _taken.c.created_at >= _given.c.changed_at,
    _given.c.state == AppointmentState.CANCELLED_BY_PERSON,
    _given.c.changed_at >= _SINCE,
)
_RETAKEN = union_all(
    select(_taken.c.conversation_id, _given.c.changed_at, _taken.c.created_at).where(
        _given.c.conversation_id == _OF, _taken.c.conversation_id.is_not(None), *_SAME_PLACE
    ),
    select(_given.c.conversation_id, _given.c.changed_at, _taken.c.created_at).where(
        _taken.c.conversation_id == _OF, _given.c.conversation_id != _OF, *_SAME_PLACE
    ),
)
# By office and day, for which there is an index; within the hour, so that few rows are left to compare.
_BESIDE = select(_theirs.c.conversation_id, _mine.c.created_at, _theirs.c.created_at).where(
    _mine.c.conversation_id == _OF,
    _mine.c.created_at >= _SINCE,
    _theirs.c.office_id == _mine.c.office_id,
    _theirs.c.day == _mine.c.day,
    _theirs.c.conversation_id != _OF,
    hour(_theirs.c.created_at) == hour(_mine.c.created_at),
)
_COUNTS = (
    select(counters.c.kind, counters.c.count)
    .join_from(_chats, counters, counters.c.mark == MARK)
    .where(_chats.c.id == _OF, counters.c.ends_at > _NOW)
)


def due(session: Session, *, heard_since: datetime, now: datetime) -> Sequence[int]:
    """The chats that wrote since then and have so many appointments, or such counts, that they are looked through."""
    asked = {"heard": heard_since, "since": now - WITHIN, "now": now}
    return session.execute(_DUE, asked).scalars().all()


def seen_of(session: Session, *, conversation_id: int, now: datetime) -> Seen:
    """What is stored of this chat. The names of its people are compared here and not kept."""
    asked: dict[str, Any] = {"of": conversation_id, "since": now - WITHIN, "now": now}
    return Seen(
        appointments=[_booked_there(session, row) for row in session.execute(_TAKEN, asked)],
        other_chats=session.execute(_OTHER_CHATS, asked).scalar_one(),
        retaken=places_retaken([(o, g, t) for o, g, t in session.execute(_RETAKEN, asked)], chat=conversation_id),
        in_step=chats_in_step([(o, m, t) for o, m, t in session.execute(_BESIDE, asked)]),
        counts={COUNTERS[kind]: count for kind, count in session.execute(_COUNTS, asked) if kind in COUNTERS},
        is_explained=allowing.is_explained(session, conversation_id=conversation_id, now=now),
    )


def _booked_there(session: Session, row: Any) -> BookedThere:
    name = folded_words(read_name(keys_of(session), row.name_sealed, digits=row.code) or "")
    return BookedThere(row.office_id, row.person_id, row.created_at, name[-1] if len(name) > 1 else None)
