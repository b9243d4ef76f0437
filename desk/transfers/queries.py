"""Reading a transfer as one of its two chats may see it, and what would come over."""

from __future__ import annotations

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.cases import transferring as cases
from desk.people.models import KnownPerson
from desk.storage.base import keys_of
from desk.storage.upsert import table_of
from desk.transfers.models import Transfer
from desk.transfers.moving import MOVED
from desk.transfers.rows import TransferRow, WhatComes

_transfers, _appointments, _known = table_of(Transfer), table_of(Appointment), table_of(KnownPerson)
_ONE = select(*_transfers.c["id", "way", "state", "until", "moved_sealed"]).where(
    _transfers.c.id == bindparam("transfer"),
    or_(_transfers.c.source_id == bindparam("chat"), _transfers.c.target_id == bindparam("chat")),
)
_LIVE = select(func.count()).where(_appointments.c.conversation_id == bindparam("chat"), _appointments.c.is_live)
_PEOPLE = select(func.count()).where(_known.c.conversation_id == bindparam("chat"))


def transfer(session: Session, *, transfer_id: int, conversation_id: int) -> TransferRow | None:
    """The transfer, for its earlier and its later chat; None for anybody else."""
    row = session.execute(_ONE, {"transfer": transfer_id, "chat": conversation_id}).one_or_none()
    if row is None:
        return None
    moved = keys_of(session).open_sealed(row.moved_sealed, column=MOVED, row=row.id)
    return TransferRow(row.id, row.way, row.state, row.until, len(moved["appointments"]), len(moved["cases"]))


def what_comes(session: Session, *, conversation_id: int) -> WhatComes:
    """What this chat has that would go over."""
    asked = {"chat": conversation_id}
    return WhatComes(
        appointments=session.execute(_LIVE, asked).scalar_one(),
        people=session.execute(_PEOPLE, asked).scalar_one(),
        cases=len(cases.ids_of(session, conversation_id=conversation_id)),
    )
