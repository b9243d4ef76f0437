"""The one rule of what may be booked: conditions for a statement, each with the refusal that it stands for.

A query that offers slots, or the statement that books one, puts the conditions into its WHERE. A query that has to
explain reads `why_not`, which is made of the same conditions, and raises the refusal. Whether a place is left is not
part of the rule: the statement that takes the place decides (`desk.places.counting`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    ColumnElement,
    DateTime,
    FromClause,
    Row,
    Select,
    String,
    and_,
    bindparam,
    case,
    func,
    literal,
    not_,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session

from desk.capacity.models import DrawnService, Queue, QueueService, Slot, SlotStatus
from desk.capacity.refusals import (
    NotBookable,
    NotOpenYet,
    PlaceIsDrawn,
    ServiceNotOffered,
    SlotPassed,
    SlotTaken,
    TooFarAhead,
)
from desk.capacity.rows import FreeSlot
from desk.capacity.rules import WINDOW, opens_on
from desk.catalogue.models import Service
from desk.catalogue.queries import TAKES_APPOINTMENTS
from desk.offices.models import Office
from desk.refusals import Refusal
from desk.storage.days_ahead import last_open_day
from desk.storage.upsert import table_of

slots, queues, offices = table_of(Slot), table_of(Queue), table_of(Office)
services, links = table_of(Service), table_of(QueueService)
drawn = table_of(DrawnService)

NOT_OPEN = "is_opened"
AFTER = bindparam("after", type_=slots.c.starts_at.type)
UNTIL = bindparam("until", type_=slots.c.starts_at.type)


# Only the function below reads it, so it needs no type of ours, whose conversion would be calls in every booking.
OPENED = bindparam("opened", type_=DateTime(timezone=True))
"""The moment by which a day has to be open; NULL = the office acts itself, and is not bound by that."""
DAYS_AHEAD = case(
    (links.c.days_ahead < services.c.days_ahead, links.c.days_ahead),
    else_=func.coalesce(services.c.days_ahead, links.c.days_ahead),
)
"""How many days ahead are open for the service at the office: what the office says, and never more than the service
says; NULL = neither says anything."""
OPENS_AT = func.coalesce(links.c.opens_at, services.c.opens_at)
"""At which minute after midnight a new day opens: what the office says, else what the service says."""
OPENING = (DAYS_AHEAD.label("days_ahead"), OPENS_AT.label("opens_at"))
"""Both as columns, as `opens_on` needs them."""
LAST_OPEN = case(
    (DAYS_AHEAD.is_not(None), last_open_day(offices.c.zone, OPENED, DAYS_AHEAD, func.coalesce(OPENS_AT, 0))),
    else_=null(),
)
"""The last day that applicants can book for the service at the office; NULL = no day is too far."""

HAS_QUOTA = links.c.most_a_day.is_not(None)
"""Whether the queue takes only so many people a day for the service: then who takes a place takes one of these too."""
LAST_UNDRAWN = (
    select(drawn.c.last_open_day)
    .where(drawn.c.service_id == services.c.id, drawn.c.province_code == offices.c.province_code)
    .correlate(services, offices)
    .scalar_subquery()
)
"""The last day of the office whose places are not drawn for the service; NULL = all are open."""
BY_DRAW = bindparam("by_draw", type_=Boolean)
"""Whether also a place under a draw is meant: one that was drawn, or one to which an office moves an appointment."""


class Condition(NamedTuple):
    """One condition of the rule, and the refusal (of slot id and service id) for a slot that does not meet it."""

    name: str
    is_met: ColumnElement[bool]
    refuse: Callable[[int, int], Refusal]


def _not_offered(slot_id: int, service_id: int) -> Refusal:
    return ServiceNotOffered(service_id=service_id, slot_id=slot_id)


TAKES_BOOKINGS = Condition(
    "takes_bookings", TAKES_APPOINTMENTS, lambda _, service_id: NotBookable(service_id=service_id)
)
IS_OFFERED = Condition("is_offered", links.c.is_active.is_(True), _not_offered)
IN_USE = Condition("in_use", and_(queues.c.is_active.is_(True), offices.c.is_active.is_(True)), _not_offered)

GIVEN_HERE = (TAKES_BOOKINGS, IS_OFFERED, IN_USE)
"""The queue gives the service; needs `services`, `queue_services`, `queues` and `offices` in the statement."""


def within_window(slot: FromClause) -> tuple[Condition, ...]:
    """The slot lies between now and the end of the booking window; needs the parameters of `window`."""
    return (
        Condition("is_ahead", slot.c.starts_at > AFTER, lambda slot_id, _: SlotPassed(slot_id=slot_id)),
        Condition("is_near", slot.c.starts_at <= UNTIL, lambda slot_id, _: TooFarAhead(slot_id=slot_id)),
    )


def is_opened(slot: FromClause) -> Condition:
    """The slot's day is open for this service; needs `services`, `queue_services`, `offices` and what `window` gives.

    `require_met` raises the refusal with the moment at which it opens.
    """
    return Condition(
        NOT_OPEN, slot.c.day <= func.coalesce(LAST_OPEN, slot.c.day), lambda slot_id, _: TooFarAhead(slot_id=slot_id)
    )


def is_not_drawn(slot: FromClause) -> ColumnElement[bool]:
    """Whether the places of the slot's day are not drawn for this service; needs `services` and `offices`."""
    return slot.c.day <= func.coalesce(LAST_UNDRAWN, slot.c.day)


def is_undrawn(slot: FromClause) -> Condition:
    """`is_not_drawn`, or a place that was drawn is meant; needs the parameters of `window` too."""
    return Condition(
        "is_undrawn",
        or_(BY_DRAW, is_not_drawn(slot)),
        lambda slot_id, service_id: PlaceIsDrawn(slot_id=slot_id, service_id=service_id),
    )


def is_live(slot: FromClause) -> Condition:
    """That the slot was not closed."""
    return Condition("is_live", slot.c.status == SlotStatus.LIVE, lambda slot_id, _: SlotTaken(slot_id=slot_id))


def may_be_booked(slot: FromClause) -> tuple[Condition, ...]:
    """The whole rule, in the order in which a refusal names what is wrong."""
    return (*GIVEN_HERE, *within_window(slot), is_undrawn(slot), is_opened(slot), is_live(slot))


def clauses(conditions: Iterable[Condition]) -> list[ColumnElement[bool]]:
    """The conditions as clauses of a WHERE."""
    return [condition.is_met for condition in conditions]


def why_not(conditions: Iterable[Condition]) -> ColumnElement[str | None]:
    """The name of the first condition that is not met, as a column; NULL where all are."""
    unmet = [(not_(condition.is_met), literal(condition.name, String)) for condition in conditions]
    return case(*unmet, else_=null()).label("why_not")


def window(now: datetime, *, by_office: bool = False, by_draw: bool = False) -> dict[str, datetime | bool | None]:
    """The parameters that the conditions of time need; an office is not bound by the days that are open.

    Only with `by_draw` places are meant too that are drawn.
    """
    return {"after": now, "until": now + WINDOW, "opened": None if by_office else now, "by_draw": by_draw}


def columns_of(slot: FromClause) -> tuple[ColumnElement[Any], ...]:
    """The columns of a `FreeSlot`, in the order of its fields; needs `slot`, `queues` and `offices`."""
    where = (queues.c.office_id, slot.c.queue_id)
    return (slot.c.id.label("slot_id"), *where, slot.c.starts_at, slot.c.day, offices.c.zone, slot.c.remaining)


_REFUSALS = {condition.name: condition.refuse for condition in may_be_booked(slots)}

# Built once: building a statement anew takes several times as long as running it.
_AT_THE_SLOT = (
    select(why_not((IN_USE, *within_window(slots), is_live(slots))))
    .select_from(slots)
    .join(queues, queues.c.id == slots.c.queue_id)
    .join(offices, offices.c.id == queues.c.office_id)
    .where(slots.c.id == bindparam("slot"))
)
FOR_A_SERVICE: Select[*tuple[Any, ...]] = (
    select(
        why_not(may_be_booked(slots)),
        slots.c.day.label("its_day"),
        offices.c.zone.label("its_zone"),
        *OPENING,
        HAS_QUOTA.label("has_quota"),
    )
    .select_from(slots)
    .join(queues, queues.c.id == slots.c.queue_id)
    .join(offices, offices.c.id == queues.c.office_id)
    .join(services, services.c.id == bindparam("service"))
    .outerjoin(links, and_(links.c.queue_id == queues.c.id, links.c.service_id == services.c.id))
    .where(slots.c.id == bindparam("slot"))
)
"""`why_not` of one `slot` for one `service`; callers add the columns they need. No row = no such slot or service."""

_ONE = FOR_A_SERVICE.with_only_columns(*columns_of(slots)).where(*clauses(may_be_booked(slots)))
_NOW = _AT_THE_SLOT.with_only_columns(
    *columns_of(slots)[:-1], case((slots.c.is_open, slots.c.remaining), else_=0).label("remaining")
)


def slot(session: Session, *, slot_id: int, service_id: int, after: datetime) -> FreeSlot | None:
    """The slot of this id if it may be booked for this service; a full one too, since the caller may hold a place on
    it."""
    found = session.execute(_ONE, {"slot": slot_id, "service": service_id, **window(after)}).one_or_none()
    return None if found is None else FreeSlot(**found._mapping)


def slot_now(session: Session, *, slot_id: int) -> FreeSlot | None:
    """The slot of this id, bookable or not; `remaining` is 0 where it is full or closed."""
    found = session.execute(_NOW, {"slot": slot_id}).one_or_none()
    return None if found is None else FreeSlot(**found._mapping)


def require_met(found: Row[Any] | None, *, slot_id: int, service_id: int | None) -> Row[Any]:
    """Return the row where `why_not` is NULL, else raise the refusal; no row = SlotTaken."""
    if found is None:
        raise SlotTaken(slot_id=slot_id)
    if found.why_not == NOT_OPEN:
        opens = opens_on(found.its_day, days_ahead=found.days_ahead, opens_at=found.opens_at, zone=found.its_zone)
        raise NotOpenYet(slot_id=slot_id, opens=opens, zone=found.its_zone)
    if found.why_not is not None:
        raise _REFUSALS[found.why_not](slot_id, service_id or 0)
    return found


def require_bookable(
    session: Session,
    *,
    slot_id: int,
    service_id: int | None,
    by_office: bool = False,
    by_draw: bool = False,
    now: datetime,
) -> bool:
    """Check that a slot may be booked for this service, or (None) for some service of its queue.

    Returns whether a place of it counts for a quota of the service (`desk.places.quotas`).
    Raises NotBookable, ServiceNotOffered, SlotPassed, TooFarAhead, PlaceIsDrawn, NotOpenYet, and SlotTaken for a closed
    or unknown one.
    """
    asked: dict[str, Any] = {"slot": slot_id, **window(now, by_office=by_office, by_draw=by_draw)}
    if service_id is None:
        found = session.execute(_AT_THE_SLOT, asked).one_or_none()
    else:
        found = session.execute(FOR_A_SERVICE, asked | {"service": service_id}).one_or_none()
    met = require_met(found, slot_id=slot_id, service_id=service_id)
    return service_id is not None and bool(met.has_quota)
