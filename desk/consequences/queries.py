"""Reading changes: who was reached, by the state of the outbox, and whom staff still have to tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, func, not_, or_, select, type_coerce
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.appointments.models import Appointment
from desk.appointments.proposals import OF_ITS_TIME, proposals
from desk.appointments.stored import read_name
from desk.calendar import local_day_of
from desk.capacity.models import Queue
from desk.catalogue.models import Service
from desk.codes import TrackingCode
from desk.consequences.models import Change, ChangedAppointment
from desk.consequences.rows import ChangeRow, OfficeTally, StillToTell, ToldRow
from desk.consequences.rules import Progress, Reached, reached
from desk.language.text import Localised
from desk.offices.models import Office, Province
from desk.offices.reach import offices_within
from desk.offices.rows import OfficeRow
from desk.organisation import Scope
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import DeliveryState
from desk.storage.base import keys_of
from desk.storage.encryption import Keys
from desk.storage.upsert import table_of
from desk.visits.windows import in_own_window

__all__ = [
    "ChangeRow",
    "OfficeTally",
    "StillToTell",
    "ToldRow",
    "change",
    "changes_of",
    "not_reached",
    "office_of",
    "reason_of",
    "still_to_tell",
    "tallies",
]

_changes, _changed, _appointments = table_of(Change), table_of(ChangedAppointment), table_of(Appointment)
_offices, _services, _messages = table_of(Office), table_of(Service), table_of(OutboxMessage)
_provinces = table_of(Province)
_now_at, _later = _offices.alias("now_at"), _changed.alias("later")

SHOWN = 200
"""The number of people listed on one page; the list continues on the next."""
CHANGES_SHOWN = 20


def change(session: Session, *, change_id: int) -> ChangeRow | None:
    """The change of this id."""
    found = session.execute(_CHANGES.where(_changes.c.id == change_id)).one_or_none()
    return None if found is None else _change(found)


def reason_of(session: Session, *, change_id: int) -> str:
    """The reason of a change, in the words people are told; empty where staff wrote none."""
    return session.scalar(select(_changes.c.reason).where(_changes.c.id == change_id)) or ""


def changes_of(
    session: Session, *, office_id: int, before: int | None = None, limit: int = CHANGES_SHOWN
) -> tuple[list[ChangeRow], bool]:
    """The newest changes that affected an office, older than the change `before`, and whether there are older ones."""
    of_office = select(_changed.c.change_id).where(_changed.c.office_id == office_id)
    query = _CHANGES.where(_changes.c.id.in_(of_office)).order_by(_changes.c.id.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(_changes.c.id < before)
    rows = [_change(row) for row in session.execute(query)]
    return rows[:limit], len(rows) > limit


def tallies(session: Session, *, change_id: int) -> list[OfficeTally]:
    """The affected offices, each with the number of people who were reached. One statement, however many people."""
    counts: dict[int, dict[str, Any]] = {}
    for each in _groups(session, _EACH.where(_changed.c.change_id == change_id)):
        of_office = counts.setdefault(
            each.office_id,
            {"office_id": each.office_id, "office_name": each.office_name, "area": each.area}
            | {"undecided": 0}
            | {fate.value: 0 for fate in Reached},
        )
        of_office[each.reached.value] += each.number
        if each.step is Progress.OPEN:
            of_office["undecided"] += each.number
    return [OfficeTally(**values) for values in counts.values()]


def people(session: Session, *, change_id: int, office_id: int, limit: int = SHOWN, skip: int = 0) -> list[ToldRow]:
    """The people of one office whom a change affected, in order of the time they had.

    A page logs the reading, and shows of them what `as_seen` leaves.
    """
    query = _PEOPLE.where(_changed.c.change_id == change_id, _changed.c.office_id == office_id)
    query = query.order_by(_changed.c.starts_at, _changed.c.id).limit(limit).offset(skip)
    keys = keys_of(session)
    return [_told(keys, row) for row in session.execute(query)]


def as_seen(
    session: Session, rows: Iterable[ToldRow], *, office: OfficeRow, actor: Actor, now: datetime
) -> list[ToldRow]:
    """These people of one office, each with the name where the actor sees those of the day."""
    days: dict[date, bool] = {}
    seen = []
    for row in rows:
        day = local_day_of(row.now_at, zone=row.zone).date
        if day not in days:
            days[day] = in_own_window(session, actor=actor, office=office, day=day, now=now)
        seen.append(row if days[day] else replace(row, person_name=None, is_named=False))
    return seen


def not_reached(session: Session, *, office_id: int, since: date) -> list[ToldRow]:
    """The people of an office, over all changes, whom no message reached and nobody told, soonest first.

    `since` = the first day that still matters: people of a past day have seen the closed door. A page shows of them
    what `as_seen` leaves.
    """
    query = _PEOPLE.where(_changed.c.office_id == office_id, *_not_told(since)).order_by(
        _changed.c.starts_at, _changed.c.id
    )
    keys = keys_of(session)
    rows = (_told(keys, row) for row in session.execute(query))  # no limit: the filter below comes after it
    return [row for row in rows if row.reached is Reached.NOT_REACHED]


def still_to_tell(session: Session, *, scope: Scope, since: date) -> list[StillToTell]:
    """The offices within `scope` where `not_reached` has people, most of them first. One statement."""
    counts: dict[int, StillToTell] = {}
    for each in _groups(session, _EACH.where(offices_within(scope), *_not_told(since))):
        if each.reached is Reached.NOT_REACHED:
            before = counts[each.office_id].number if each.office_id in counts else 0
            counts[each.office_id] = StillToTell(each.office_id, each.office_name, before + each.number)
    return sorted(counts.values(), key=lambda each: (-each.number, each.office_id))


class _Group(NamedTuple):
    """The number of people of one office with the same progress."""

    office_id: int
    office_name: Localised
    area: str
    step: Progress
    reached: Reached
    number: int


def _groups(session: Session, query: Select[Any]) -> Iterator[_Group]:
    # Grouped by the columns of the rows: PostgreSQL does not see that two equal parameters are the same.
    each = query.subquery()
    for row in session.execute(select(each, func.count().label("number")).group_by(*each.c).order_by(each.c.office_id)):
        fate = reached(
            step=row.step,
            why=row.why,
            has_chat=bool(row.has_chat),
            has_message=bool(row.has_message),
            delivery=row.delivery,
            is_told=bool(row.is_told),
            is_overtaken=bool(row.is_overtaken),
        )
        yield _Group(row.office_id, row.office_name, row.area, row.step, fate, row.number)


def _not_told(since: date) -> tuple[ColumnElement[bool], ...]:
    """Nobody told them, no message is under way or arrived, and their day is not over."""
    return (
        _changed.c.told_at.is_(None),
        _changed.c.agreed_at.is_(None),
        _changed.c.step != Progress.LEFT,
        not_(_overtaken()),
        _appointments.c.day >= since,
        or_(_changed.c.message_key.is_(None), _messages.c.state == DeliveryState.DEAD),
    )


def _overtaken() -> ColumnElement[bool]:
    """Whether the message is outdated: a later change affected the appointment too, or it is over or cancelled."""
    later = select(_later.c.id).where(
        _later.c.appointment_id == _changed.c.appointment_id,
        _later.c.id > _changed.c.id,
        _later.c.step != Progress.LEFT,
    )
    is_over = and_(
        _appointments.c.is_live.is_(False), _changed.c.step.in_((Progress.KEPT, Progress.MOVED, Progress.TOLD))
    )
    return or_(is_over, later.correlate(_changed).exists())


def office_of(session: Session, *, id: int) -> tuple[int, int] | None:
    """The change and the office of one affected appointment."""
    found = session.execute(select(_changed.c.change_id, _changed.c.office_id).where(_changed.c.id == id))
    row = found.one_or_none()
    return None if row is None else (row[0], row[1])


def _name_of(sort: str, name: ColumnElement[Any]) -> tuple[ColumnElement[bool], Any]:
    """The name of the object whose id a subject such as `queue:7` holds."""
    table = name.table
    id_ = cast(func.substr(_changes.c.subject, len(sort) + 2), Integer)
    return _changes.c.subject.like(f"{sort}:%"), select(name).where(table.c.id == id_).scalar_subquery()


_NAME = case(
    _name_of("queue", table_of(Queue).c.name),
    _name_of("office", table_of(Office).alias("changed_office").c.name),
    _name_of("service", table_of(Service).alias("changed_service").c.title),
    (
        _changes.c.subject.like("province:%"),
        select(_provinces.c.name)
        .where(_provinces.c.code == func.substr(_changes.c.subject, len("province:") + 1))
        .scalar_subquery(),
    ),
)
_CHANGES = select(
    _changes.c.id,
    _changes.c.kind,
    _changes.c.subject,
    _changes.c.detail,
    _changes.c.reason,
    _changes.c.at,
    type_coerce(_NAME, Office.__table__.c.name.type).label("of"),
)

_ALIKE: tuple[ColumnElement[Any], ...] = (
    _offices.c.id.label("office_id"),
    _offices.c.name.label("office_name"),
    _offices.c.area,
    _changed.c.step,
    _changed.c.why,
    _appointments.c.conversation_id.is_not(None).label("has_chat"),
    _changed.c.message_key.is_not(None).label("has_message"),
    _messages.c.state.label("delivery"),
    func.coalesce(_changed.c.told_at, _changed.c.agreed_at).is_not(None).label("is_told"),
    _overtaken().label("is_overtaken"),
)
"""The columns that determine whether a person was reached, besides their office."""
_EACH: Select[Any] = (
    select(*_ALIKE)
    .select_from(_changed)
    .join(_offices, _offices.c.id == _changed.c.office_id)
    .join(_appointments, _appointments.c.id == _changed.c.appointment_id)
    .outerjoin(_messages, _messages.c.idem_key == _changed.c.message_key)
)

_PEOPLE: Select[Any] = (
    select(
        _changed.c.id,
        _changed.c.change_id,
        _changes.c.kind,
        _changed.c.appointment_id,
        _changed.c.office_id,
        _appointments.c.name_sealed,
        _appointments.c.code,
        _services.c.short_title,
        _changed.c.starts_at,
        _offices.c.zone,
        _appointments.c.starts_at.label("now_at"),
        _now_at.c.name.label("now_office"),
        _appointments.c.office_id.label("now_office_id"),
        _changed.c.why,
        _changed.c.remedy,
        _changed.c.step,
        _messages.c.state,
        _messages.c.reason,
        _changed.c.message_key,
        _appointments.c.conversation_id,
        _changed.c.told_way,
        _changed.c.told_at,
        _changed.c.agreed_at,
        proposals.c.state.label("proposal"),
        _overtaken().label("is_overtaken"),
    )
    .select_from(_changed)
    .join(_changes, _changes.c.id == _changed.c.change_id)
    .join(_appointments, _appointments.c.id == _changed.c.appointment_id)
    .join(_services, _services.c.id == _appointments.c.service_id)
    .join(_offices, _offices.c.id == _changed.c.office_id)
    .join(_now_at, _now_at.c.id == _appointments.c.office_id)
    .outerjoin(_messages, _messages.c.idem_key == _changed.c.message_key)
    .outerjoin(proposals, OF_ITS_TIME)
)


def _change(row: Any) -> ChangeRow:
    return ChangeRow(
        id=row.id, kind=row.kind, subject=row.subject, detail=row.detail, reason=row.reason, at=row.at, of=row.of
    )


def _told(keys: Keys, row: Any) -> ToldRow:
    told_at: datetime | None = row.told_at or row.agreed_at
    has_chat = row.conversation_id is not None
    return ToldRow(
        id=row.id,
        change_id=row.change_id,
        kind=row.kind,
        appointment_id=row.appointment_id,
        office_id=row.office_id,
        person_name=read_name(keys, row.name_sealed, digits=row.code),
        code=TrackingCode(row.code),
        service=row.short_title,
        was=row.starts_at,
        zone=row.zone,
        now_at=row.now_at,
        now_office=row.now_office,
        is_elsewhere=row.now_office_id != row.office_id,
        remedy=row.remedy,
        step=row.step,
        reached=reached(
            step=row.step,
            why=row.why,
            has_chat=has_chat,
            has_message=row.message_key is not None,
            delivery=row.state,
            is_told=told_at is not None,
            is_overtaken=bool(row.is_overtaken),
        ),
        reason=row.reason if row.state is DeliveryState.DEAD else None,
        has_chat=has_chat,
        told_way=row.told_way,
        agreed_at=row.agreed_at,
        proposal=row.proposal,
    )
