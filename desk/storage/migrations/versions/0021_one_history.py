"""One history of what happened, in place of the log of staff and the history of appointments; both are carried over."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

from desk.storage.base import BigInt
from desk.storage.types import Json, UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

AT_ONCE = 500
STAFF, CHAT, SYSTEM = "staff", "chat", "system"
TOLD_TWICE = {
    "appointment:cancel": "cancelled",
    "appointment:move": "moved",
    "visit:arrival": "arrived",
    "visit:undo_arrival": "arrival_undone",
    "visit:undo_outcome": "outcome_undone",
    "visit:served": "outcome",
    "visit:absent": "outcome",
    "visit:come_back": "outcome",
}
"""What the log said of an appointment, and the line of the appointment's own history that says the same."""
RENAMED = {"turn.found": "appointment.found", "turn.not_found": "appointment.not_found"}

EVENT_COLUMNS: tuple[tuple[str, Any], ...] = (
    ("at", UtcDateTime()),
    ("kind", sa.String(length=60)),
    ("actor_kind", sa.String(length=24)),
    ("actor_id", sa.BigInteger()),
    ("subject", sa.String(length=60)),
    ("others", Json),
    ("office_id", sa.BigInteger()),
    ("province_code", sa.String(length=8)),
    ("data", Json),
    ("idem_key", sa.String(length=80)),
)
EVENTS = sa.table("events", sa.column("id", BigInt), *(sa.column(name, kind) for name, kind in EVENT_COLUMNS))
LOG = sa.table(
    "audit_entries",
    sa.column("id", BigInt),
    sa.column("at", UtcDateTime()),
    sa.column("staff_id", sa.BigInteger()),
    sa.column("action", sa.String()),
    sa.column("subject", sa.String()),
    sa.column("detail", Json),
)
TURNS_LOG = sa.table(
    "appointment_events",
    sa.column("id", BigInt),
    sa.column("appointment_id", BigInt),
    sa.column("at", UtcDateTime()),
    sa.column("kind", sa.String()),
    sa.column("state", sa.String()),
    sa.column("slot_id", BigInt),
    sa.column("staff_id", BigInt),
    sa.column("reason", sa.String()),
    sa.column("idem_key", sa.String()),
)
APPOINTMENTS = sa.table(
    "appointments",
    sa.column("id", BigInt),
    sa.column("office_id", BigInt),
    sa.column("conversation_id", BigInt),
    sa.column("idem_key", sa.String()),
    sa.column("office_reason", sa.String()),
)
SLOTS = sa.table("slots", sa.column("id", BigInt), sa.column("queue_id", BigInt))
QUEUES = sa.table("queues", sa.column("id", BigInt), sa.column("office_id", BigInt))


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column(
            "actor_kind",
            sa.Enum(CHAT, STAFF, SYSTEM, name="actor_kind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("others", Json, nullable=False),
        sa.Column("office_id", sa.BigInteger(), nullable=True),
        sa.Column("province_code", sa.String(length=8), nullable=True),
        sa.Column("data", Json, nullable=False),
        sa.Column("idem_key", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("idem_key", name=op.f("uq_events_idem_key")),
    )
    op.add_column("appointments", sa.Column("office_reason", sa.String(length=200), nullable=True))
    _carry_over(op.get_bind())
    op.create_index("ix_events_subject", "events", ["subject", "id"])
    op.create_index("ix_events_at", "events", ["at"])
    op.create_index("ix_events_office_id", "events", ["office_id", "id"])
    op.drop_table("appointment_events")
    op.drop_table("audit_entries")


def _carry_over(connection: sa.Connection) -> None:
    """Both histories as one in the order of time, each in its own order."""
    queues = {row.id: row.office_id for row in connection.execute(sa.select(QUEUES.c.id, QUEUES.c.office_id))}
    told = heapq.merge(
        _of_turns(connection, queues), _of_the_log(connection, queues), key=lambda event: event["at"].timestamp()
    )
    batch: list[dict[str, Any]] = []
    for event in told:
        batch.append(event)
        if len(batch) == AT_ONCE:
            connection.execute(sa.insert(EVENTS), batch)
            batch = []
    if batch:
        connection.execute(sa.insert(EVENTS), batch)
    reason = (
        sa.select(TURNS_LOG.c.reason)
        .where(TURNS_LOG.c.appointment_id == APPOINTMENTS.c.id, TURNS_LOG.c.kind.in_(("cancelled", "moved")))
        .order_by(TURNS_LOG.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    with_reason = sa.select(TURNS_LOG.c.appointment_id).where(TURNS_LOG.c.reason.is_not(None))
    connection.execute(sa.update(APPOINTMENTS).where(APPOINTMENTS.c.id.in_(with_reason)).values(office_reason=reason))


def _rows(connection: sa.Connection, query: sa.Select[Any], id: sa.ColumnElement[int]) -> Iterator[Any]:
    """A whole table in order of id, a few rows at a time: other statements run in between."""
    last = 0
    while rows := connection.execute(query.where(id > last).order_by(id).limit(AT_ONCE)).all():
        yield from rows
        last = rows[-1].id


def _of_turns(connection: sa.Connection, queues: dict[int, int]) -> Iterator[dict[str, Any]]:
    e = TURNS_LOG.c
    query = (
        sa.select(*e, APPOINTMENTS.c.conversation_id, APPOINTMENTS.c.idem_key.label("booked_by"), SLOTS.c.queue_id)
        .join(APPOINTMENTS, APPOINTMENTS.c.id == e.appointment_id)
        .join(SLOTS, SLOTS.c.id == e.slot_id)
    )
    stood: dict[int, tuple[str, int]] = {}
    """State and time of each appointment, as its history has told it so far."""
    for row in _rows(connection, query, e.id):
        new = {"state": row.state, "slot": row.slot_id}
        data: dict[str, Any] = {"new": new}
        if row.appointment_id in stood:
            state, slot = stood[row.appointment_id]
            data["old"] = {"state": state, "slot": slot}
        stood[row.appointment_id] = (row.state, row.slot_id)
        yield _event(
            at=row.at,
            kind=f"appointment.{row.kind}",
            actor_kind=STAFF if row.staff_id is not None else CHAT if _is_of_chat(row) else SYSTEM,
            actor_id=row.staff_id,
            subject=f"appointment:{row.appointment_id}",
            others=[f"slot:{row.slot_id}"],
            office_id=queues.get(row.queue_id),
            data=data,
            idem_key=row.idem_key,
        )


def _is_of_chat(row: Any) -> bool:
    """Whether nobody but the chat itself can have done it; an erased chat is no longer known."""
    if row.kind == "cancelled":
        return bool(row.state == "cancelled_by_person")
    is_given = row.kind == "booked" and row.booked_by.startswith("back:")
    return row.conversation_id is not None and row.kind in {"booked", "moved"} and row.reason is None and not is_given


def _of_the_log(connection: sa.Connection, queues: dict[int, int]) -> Iterator[dict[str, Any]]:
    for row in _rows(connection, sa.select(*LOG.c), LOG.c.id):
        subject, data, others, office_id, province = row.subject, dict(row.detail or {}), [], None, None
        kind, _, rest = subject.partition(":")
        if row.action in TOLD_TWICE and _is_told(connection, row, int(rest)):
            continue
        if kind == "office" and ":" in rest:  # the list of an office and a day
            number, _, day = rest.partition(":")
            subject, data["day"] = f"office:{number}", date.fromisoformat(day).isoformat()
            rest = number
        elif kind == "change" and ":" in rest:  # of a change, the people of one office
            number, _, others_text = rest.partition(":")
            subject, others = f"change:{number}", [others_text]
            office_id = int(others_text.partition(":")[2])
        if kind == "office":
            office_id = int(rest)
        elif kind == "queue":
            office_id = queues.get(int(rest))
        elif kind == "appointment":
            office_id = connection.scalar(sa.select(APPOINTMENTS.c.office_id).where(APPOINTMENTS.c.id == int(rest)))
        elif kind == "holiday":
            province = data.get("province")
        action = row.action.replace(":", ".")
        yield _event(
            at=row.at,
            kind=RENAMED.get(action, action),
            actor_kind=SYSTEM if row.staff_id is None else STAFF,
            actor_id=row.staff_id,
            subject=subject,
            others=others,
            office_id=office_id,
            province_code=province,
            data=data,
        )


def _is_told(connection: sa.Connection, row: Any, appointment_id: int) -> bool:
    e = TURNS_LOG.c
    query = sa.select(e.id).where(
        e.appointment_id == appointment_id,
        e.kind == TOLD_TWICE[row.action],
        e.at == row.at,
        e.staff_id.is_(None) if row.staff_id is None else e.staff_id == row.staff_id,
    )
    return connection.execute(query.limit(1)).first() is not None


def _event(**values: Any) -> dict[str, Any]:
    return dict.fromkeys(name for name, _ in EVENT_COLUMNS) | values


def downgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("detail", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_table(
        "appointment_events",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("appointment_id", BigInt, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("slot_id", BigInt, nullable=False),
        sa.Column("staff_id", BigInt, nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("idem_key", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "kind IN ('booked', 'moved', 'cancelled', 'arrived', 'arrival_undone', 'outcome', 'outcome_undone')",
            name=op.f("ck_appointment_events_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('booked', 'arrived', 'served', 'come_back', 'absent', 'cancelled_by_person',"
            " 'cancelled_by_office')",
            name=op.f("ck_appointment_events_state"),
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_appointment_events_appointment_id")
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_appointment_events_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_events")),
        sa.UniqueConstraint("idem_key", name=op.f("uq_appointment_events_idem_key")),
    )
    _carry_back(op.get_bind())
    op.create_index("ix_audit_entries_at", "audit_entries", ["at"])
    op.create_index("ix_audit_entries_subject", "audit_entries", ["subject"])
    op.create_index("ix_appointment_events_appointment_id", "appointment_events", ["appointment_id"])
    for index in ("ix_events_office_id", "ix_events_at", "ix_events_subject"):
        op.drop_index(index, table_name="events")
    op.drop_table("events")
    op.drop_column("appointments", "office_reason")


def _carry_back(connection: sa.Connection) -> None:
    for row in _rows(connection, sa.select(*EVENTS.c), EVENTS.c.id):
        new = row.data.get("new", {})
        if row.subject.startswith("appointment:") and {"state", "slot"} <= new.keys():
            values = {
                "appointment_id": int(row.subject.partition(":")[2]),
                "at": row.at,
                "kind": row.kind.partition(".")[2],
                "state": new["state"],
                "slot_id": new["slot"],
                "staff_id": row.actor_id,
                "idem_key": row.idem_key,
            }
            connection.execute(sa.insert(TURNS_LOG), values)
        else:
            values = {
                "at": row.at,
                "staff_id": row.actor_id,
                "action": row.kind,
                "subject": row.subject,
                "detail": row.data,
            }
            connection.execute(sa.insert(LOG), values)
    is_last = (
        sa.select(sa.func.max(TURNS_LOG.c.id))
        .where(TURNS_LOG.c.appointment_id == APPOINTMENTS.c.id)
        .correlate(APPOINTMENTS)
    )
    reason = sa.select(APPOINTMENTS.c.office_reason, is_last.scalar_subquery().label("last")).where(
        APPOINTMENTS.c.office_reason.is_not(None)
    )
    for row in connection.execute(reason).all():
        connection.execute(sa.update(TURNS_LOG).where(TURNS_LOG.c.id == row.last).values(reason=row.office_reason))
