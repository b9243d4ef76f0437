"""Reading appointments: of a chat, by code, by person, and the last one as a suggestion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Row, Select, and_, bindparam, func, literal, select, union
from sqlalchemy.orm import Session

from desk.appointments.assistance import wished_of, wishes
from desk.appointments.models import Appointment, Household
from desk.appointments.proposals import OF_ITS_TIME, proposals
from desk.appointments.rows import AppointmentRow, LastAppointment
from desk.appointments.rules import CANCELLED, AppointmentState, AssistanceState, ProposalState
from desk.appointments.stored import read_name
from desk.calendar import local_day_of
from desk.capacity.shares import Share
from desk.catalogue import queries as catalogue
from desk.catalogue.models import Service
from desk.catalogue.rows import ServiceRow
from desk.codes import TrackingCode
from desk.offices import queries as offices
from desk.offices.models import Office, Province
from desk.offices.queries import row_of
from desk.offices.reach import offices_within
from desk.organisation import Scope
from desk.people.models import Person
from desk.people.rules import DocumentKind
from desk.people.stored import read_last4
from desk.storage.base import keys_of
from desk.storage.rows import columns_for
from desk.storage.upsert import table_of

__all__ = [
    "AppointmentRow",
    "LastAppointment",
    "appointment_by_id",
    "appointments_by_id",
    "by_code",
    "by_identity",
    "coming_together",
    "last_of_conversation",
    "last_together",
    "of_conversation",
    "sharing_elsewhere",
]


_appointment, _person = table_of(Appointment), table_of(Person)
_household = table_of(Household)
_office, _province, _service = table_of(Office), table_of(Province), table_of(Service)


class _Own(NamedTuple):
    """The values of an appointment without its office and its service."""

    id: int
    code: str
    state: AppointmentState
    is_live: bool
    starts_at: datetime
    day: date
    slot_id: int
    name_sealed: bytes | None
    person_id: int | None
    document_kind: DocumentKind | None
    last4_sealed: bytes | None
    moves: int
    conversation_id: int | None
    office_reason: str | None
    fell_at: datetime | None
    household_id: int | None
    share: Share | None
    has_confirmed: bool
    answer_until: datetime | None
    wishes_of: int | None
    woman_clerk: AssistanceState | None
    pashto: AssistanceState | None
    arabic: AssistanceState | None
    answered_at_moves: int | None


_OWN = columns_for(
    _Own,
    *_appointment.c["id", "code", "state", "is_live", "starts_at", "day", "slot_id"],
    *_appointment.c[
        "name_sealed",
        "person_id",
        "document_kind",
        "moves",
        "conversation_id",
        "office_reason",
        "fell_at",
        "household_id",
        "share",
    ],
    last4_sealed=_person.c.last4_sealed,
    has_confirmed=_appointment.c.confirmed_at.is_not(None),
    answer_until=proposals.c.until,
    wishes_of=wishes.c.appointment_id,
    **{column.name: column for column in wishes.c if not column.primary_key},
)
_TO_OFFICE = len(_OWN)
_TO_SERVICE = _TO_OFFICE + len(offices.COLUMNS)
"""Where the columns of the office and of the service begin: their names are the appointment's too."""

# Built once: the main menu runs them for everybody who has an appointment.
_APPOINTMENTS = (
    select(*_OWN, *offices.COLUMNS, *catalogue.LISTED)
    .select_from(_appointment)
    .join(_office, _office.c.id == _appointment.c.office_id)
    .join(_province, _province.c.code == _office.c.province_code)
    .join(_service, _service.c.id == _appointment.c.service_id)
    .outerjoin(_person, _person.c.id == _appointment.c.person_id)
    .outerjoin(wishes, wishes.c.appointment_id == _appointment.c.id)
    .outerjoin(proposals, and_(OF_ITS_TIME, proposals.c.state == literal(ProposalState.OPEN, proposals.c.state.type)))
)
_BY_ID = _APPOINTMENTS.where(_appointment.c.id == bindparam("appointment"))
_BY_CODE = _APPOINTMENTS.where(_appointment.c.code == bindparam("code"))
_IDENTITY: BindParameter[Any] = bindparam("identity", expanding=True)
_named = _person.alias("named")
_WITH_NUMBER = _named.c.identity_hash.in_(_IDENTITY)
_linked = _person.alias("linked")
_OF_NUMBER = union(
    select(_named.c.id).where(_WITH_NUMBER),
    select(_linked.c.id).join(_named, _named.c.link_id == _linked.c.link_id).where(_WITH_NUMBER),
)
_BY_IDENTITY = (
    _APPOINTMENTS.where(_appointment.c.person_id.in_(_OF_NUMBER))
    .order_by(_appointment.c.starts_at.desc(), _appointment.c.id.desc())
    .limit(bindparam("most"))
)
_BY_IDS = _APPOINTMENTS.where(_appointment.c.id.in_(bindparam("appointments", expanding=True)))
_TOGETHER = _APPOINTMENTS.where(
    _appointment.c.household_id == bindparam("household"),
    _appointment.c.conversation_id == bindparam("chat"),
    _appointment.c.is_live.is_(True),
    _appointment.c.office_id == bindparam("office"),
    _appointment.c.day == bindparam("its_day", type_=_appointment.c.day.type),
).order_by(_appointment.c.id)
_SHARING = (
    _APPOINTMENTS.join(_household, _household.c.id == _appointment.c.household_id)
    .where(
        _household.c.id == bindparam("household"),
        _household.c.shares_place,
        _appointment.c.conversation_id == bindparam("chat"),
        _appointment.c.state == AppointmentState.BOOKED,
        _appointment.c.is_live.is_(True),
        _appointment.c.slot_id != bindparam("slot"),
        _appointment.c.starts_at > bindparam("now", type_=_appointment.c.starts_at.type),
    )
    .order_by(_appointment.c.starts_at, _appointment.c.id)
)
_IN_CHAT = _APPOINTMENTS.where(_appointment.c.conversation_id == bindparam("conversation"))
_ALL_IN_CHAT = _IN_CHAT.order_by(_appointment.c.id.desc())
_LIVE_IN_CHAT = _IN_CHAT.where(_appointment.c.is_live.is_(True)).order_by(_appointment.c.starts_at, _appointment.c.id)
_LAST_TOGETHER = select(_appointment.c.person_id).where(
    _appointment.c.household_id
    == select(func.max(_appointment.c.household_id))
    .where(_appointment.c.conversation_id == bindparam("conversation"))
    .scalar_subquery(),
    _appointment.c.conversation_id == bindparam("conversation"),
    _appointment.c.person_id.is_not(None),
)
_LAST_IN_CHAT = (
    select(_appointment.c.service_id, _appointment.c.office_id, _appointment.c.person_id)
    .where(_appointment.c.conversation_id == bindparam("conversation"))
    .order_by(_appointment.c.id.desc())
    .limit(1)
)


def of_conversation(
    session: Session, *, conversation_id: int, now: datetime, live_only: bool = True
) -> list[AppointmentRow]:
    """The appointments booked in a chat: live ones by time, or all of them, newest first.

    One that began before `now` is still live until its day is over: the person may be waiting at the office.
    """
    asked = {"conversation": conversation_id}
    if not live_only:
        return _rows(session, session.execute(_ALL_IN_CHAT, asked))
    rows = _rows(session, session.execute(_LIVE_IN_CHAT, asked))
    return [row for row in rows if row.day >= local_day_of(now, zone=row.zone).date]


def appointment_by_id(session: Session, *, appointment_id: int) -> AppointmentRow | None:
    """The appointment of this id; None where there is none."""
    return next(iter(_rows(session, session.execute(_BY_ID, {"appointment": appointment_id}))), None)


def appointments_by_id(session: Session, *, appointment_ids: Sequence[int]) -> dict[int, AppointmentRow]:
    """The appointments of these ids, by id. One statement."""
    return {row.id: row for row in _rows(session, session.execute(_BY_IDS, {"appointments": list(appointment_ids)}))}


def coming_together(session: Session, appointment: AppointmentRow) -> list[AppointmentRow]:
    """The live appointments of its household in its chat, at its office and on its day, in the order of the request.

    One whose time is only proposed comes with nobody before it is accepted.

    The appointment itself is one of them while it is live; one that was booked alone is alone.
    """
    if appointment.household_id is None or appointment.conversation_id is None:
        return [appointment] if appointment.is_live else []
    asked = {
        "household": appointment.household_id,
        "chat": appointment.conversation_id,
        "office": appointment.office.id,
        "its_day": appointment.day,
    }
    rows = _rows(session, session.execute(_TOGETHER, asked))
    return [row for row in rows if row.answer_until is None or row.id == appointment.id]


def sharing_elsewhere(session: Session, appointment: AppointmentRow, *, now: datetime) -> list[AppointmentRow]:
    """Those of its household in its chat that come at another slot, whose place would serve this one too; soonest
    first. One whose time is only proposed is none of them."""
    if appointment.household_id is None or appointment.conversation_id is None:
        return []
    asked = {"household": appointment.household_id, "chat": appointment.conversation_id}
    found = session.execute(_SHARING, {**asked, "slot": appointment.slot_id, "now": now})
    return [row for row in _rows(session, found) if row.answer_until is None]


def by_code(session: Session, *, code: TrackingCode) -> AppointmentRow | None:
    """The appointment of this tracking code."""
    return next(iter(_rows(session, session.execute(_BY_CODE, {"code": code.digits}))), None)


def by_identity(session: Session, *, hashes: Sequence[str], scope: Scope, limit: int) -> list[AppointmentRow]:
    """The latest appointments, in any state, of the person with one of these hashes at the offices within `scope`.

    On any of their papers, where staff linked them.
    """
    asked: dict[str, object] = {"identity": list(hashes), "most": limit}
    return _rows(session, session.execute(_by_identity(scope), asked))


@lru_cache(maxsize=256)
def _by_identity(scope: Scope) -> Select[Any]:
    return _BY_IDENTITY.where(offices_within(scope))


def last_of_conversation(session: Session, *, conversation_id: int) -> LastAppointment | None:
    """The last booking of this chat, in any state."""
    found = session.execute(_LAST_IN_CHAT, {"conversation": conversation_id}).one_or_none()
    return None if found is None else LastAppointment(*found)


def last_together(session: Session, *, conversation_id: int) -> frozenset[int]:
    """The people of the last household that this chat booked; empty = it booked none."""
    return frozenset(session.scalars(_LAST_TOGETHER, {"conversation": conversation_id}))


def _rows(session: Session, found: Iterable[Row[Any]]) -> list[AppointmentRow]:
    keys = keys_of(session)
    rows = []
    for row in found:
        own, office = _Own._make(row[:_TO_OFFICE]), row_of(row[_TO_OFFICE:_TO_SERVICE])
        rows.append(
            AppointmentRow(
                id=own.id,
                code=TrackingCode(own.code),
                state=own.state,
                is_live=own.is_live,
                starts_at=own.starts_at,
                day=own.day,
                zone=office.zone,
                slot_id=own.slot_id,
                office=office,
                service=ServiceRow(*row[_TO_SERVICE:]),
                person_name=read_name(keys, own.name_sealed, digits=own.code),
                person_id=own.person_id,
                document_kind=own.document_kind,
                identity_last4=read_last4(keys, own.last4_sealed, id=own.person_id),
                moves=own.moves,
                conversation_id=own.conversation_id,
                cancel_reason=own.office_reason if own.state in CANCELLED else None,
                fell_at=own.fell_at,
                household_id=own.household_id,
                answer_until=own.answer_until,
                has_confirmed=bool(own.has_confirmed),
                is_walk_in=own.share is Share.WALK_IN,
                wished=wished_of(
                    (own.woman_clerk, own.pashto, own.arabic), answered_at=own.answered_at_moves, moves=own.moves
                )
                if own.wishes_of
                else (),
            )
        )
    return rows
