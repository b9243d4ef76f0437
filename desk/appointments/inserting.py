"""The one statement that checks a slot and inserts the appointment's row: every booking runs it.

It inserts nothing where the slot cannot be booked or an earlier row conflicts; `desk.appointments.booking` then finds
the reason.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Executable,
    and_,
    bindparam,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.appointments.room import CLAUSES, room
from desk.appointments.rules import AppointmentState
from desk.calendar import local_day_of
from desk.capacity.bookable import HAS_QUOTA, clauses, links, may_be_booked, offices, queues, services, slots, window
from desk.conversations.models import Conversation
from desk.conversations.rules import ChatLimits
from desk.outbox.rules import Recipient
from desk.people.links import link_of
from desk.places.models import Claim
from desk.places.rules import ClaimKind
from desk.storage.upsert import insert_into, table_of

appointments, chats, claims = (table_of(model) for model in (Appointment, Conversation, Claim))

GIVEN = (
    *("code", "idem_key", "person_id", "conversation_id", "name_sealed", "document_kind"),
    *("household_id", "has_place"),
)
"""The columns whose values the caller gives, under the columns' own names."""
_PERSON = bindparam("person_id", type_=appointments.c.person_id.type)


class Written(NamedTuple):
    """The inserted row, and what completing the booking needs."""

    appointment_id: int
    office_id: int
    starts_at: datetime
    day: date
    zone: str
    claim_id: int | None
    """The id of the chat's hold: the one on this slot if there is one, else any."""
    address: Recipient | None
    is_counted: bool
    """Whether its place counts for the quota that its service has there."""


def write_appointment(
    session: Session,
    given: dict[str, Any],
    *,
    limits: ChatLimits | None,
    is_brought: bool = False,
    by_draw: bool = False,
) -> Written | None:
    """Insert an appointment's row; None = nothing was inserted.

    `given` holds the columns of GIVEN and `slot`, `service`, `beside`, `now`. With `limits` nothing is inserted where
    the chat has used them up; `is_brought` = somebody with a paper comes along, so that having none is not counted.
    """
    asked = given | window(given["now"], by_office=limits is None, by_draw=by_draw)
    asked |= {"local_today": local_day_of(given["now"]).date}
    if limits is not None:
        asked |= room(limits, document_kind=None if is_brought else given["document_kind"], now=given["now"])
    statement = _statement(session.get_bind().dialect.name, is_limited=limits is not None)
    found = session.connection().execute(statement, asked).one_or_none()
    if found is None:
        return None
    address = Recipient(found.channel, found.bot, given["conversation_id"]) if found.channel else None
    return Written(
        found.id,
        found.office_id,
        found.starts_at,
        found.day,
        found.zone,
        found.claim_id,
        address,
        found.is_counted,
    )


def _is_contested(conversation: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether another chat has the live appointment of this person and service, on any of their papers: asked of every
    booking, so that it takes no longer where there is one. What is booked for no chat contests nothing, unless staff
    book it `beside` that of a chat.
    """
    first, beside = appointments.alias("first"), bindparam("beside", type_=Boolean)
    of_the_same = (first.c.person_id == _PERSON, first.c.link_id == link_of(_PERSON))  # an index each
    return or_(conversation.is_not(None), beside) & or_(
        *(
            exists().where(
                or_(conversation.is_not(None), first.c.conversation_id.is_not(None)),
                is_same,
                first.c.service_id == bindparam("service"),
                literal_column("first.is_live"),  # as the partial index has it
                literal_column("NOT first.is_contested"),
                first.c.day >= bindparam("local_today", type_=first.c.day.type),
                func.coalesce(first.c.conversation_id != conversation, true()),
            )
            for is_same in of_the_same
        )
    )


@lru_cache(maxsize=4)
def _statement(dialect: str, *, is_limited: bool) -> Executable:
    now = bindparam("now", type_=appointments.c.created_at.type)
    conversation = bindparam("conversation_id", type_=appointments.c.conversation_id.type)
    values = {name: bindparam(name, type_=appointments.c[name].type) for name in GIVEN} | {
        "link_id": link_of(_PERSON),
        "slot_id": slots.c.id,
        "office_id": queues.c.office_id,
        "service_id": services.c.id,
        "state": literal(AppointmentState.BOOKED, type_=appointments.c.state.type),
        "is_live": literal(True, type_=appointments.c.is_live.type),
        "is_contested": _is_contested(conversation),
        "starts_at": slots.c.starts_at,
        "day": slots.c.day,
        "is_counted": and_(HAS_QUOTA, bindparam("has_place", type_=appointments.c.has_place.type)),
        "moves": literal(0, type_=appointments.c.moves.type),
        "created_at": now,
        "changed_at": now,
    }
    bookable = (
        select(*(value.label(name) for name, value in values.items()))
        .select_from(slots)
        .join(queues, queues.c.id == slots.c.queue_id)
        .join(offices, offices.c.id == queues.c.office_id)
        .join(services, services.c.id == bindparam("service"))
        .join(links, (links.c.queue_id == queues.c.id) & (links.c.service_id == services.c.id))
        .where(slots.c.id == bindparam("slot"), *clauses(may_be_booked(slots)), *(CLAUSES if is_limited else ()))
    )
    # One table per subquery: SQLAlchemy leaves out the table names in what SQLite returns.
    its_queue = select(slots.c.queue_id).where(slots.c.id == bindparam("slot")).scalar_subquery()
    its_office = select(queues.c.office_id).where(queues.c.id == its_queue).scalar_subquery()
    in_chat = chats.c.id == conversation
    is_hold = (claims.c.conversation_id == conversation) & (
        claims.c.kind == literal(ClaimKind.HOLD, claims.c.kind.type)
    )
    here_first = ((claims.c.slot_id == bindparam("slot")).desc(), claims.c.nth)
    return (
        insert_into(dialect, Appointment)
        .from_select(list(values), bookable)
        .on_conflict_do_nothing()
        .returning(
            appointments.c.id,
            appointments.c.office_id,
            appointments.c.starts_at,
            appointments.c.day,
            appointments.c.is_counted,
            select(offices.c.zone).where(offices.c.id == its_office).scalar_subquery().label("zone"),
            select(claims.c.id).where(is_hold).order_by(*here_first).limit(1).scalar_subquery().label("claim_id"),
            *(
                select(column).where(in_chat).scalar_subquery().label(column.name)
                for column in chats.c["channel", "bot"]
            ),
        )
    )
