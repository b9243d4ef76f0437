"""Reading a transfer as one of its two chats may see it, and what would come over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from desk.appointments import queries as appointments
from desk.appointments.rows import AppointmentRow
from desk.appointments.rules import LIVE, AppointmentState
from desk.cases import transferring as cases
from desk.people.models import KnownPerson
from desk.storage.base import keys_of
from desk.storage.upsert import table_of
from desk.transfers.models import Transfer
from desk.transfers.moving import MOVED
from desk.transfers.rows import TransferRow, Twice, WhatComes
from desk.transfers.rules import TransferState

_transfers, _known = table_of(Transfer), table_of(KnownPerson)
_ONE = select(*_transfers.c["id", "way", "state", "until", "moved_sealed"]).where(
    _transfers.c.id == bindparam("transfer"),
    or_(_transfers.c.source_id == bindparam("chat"), _transfers.c.target_id == bindparam("chat")),
)
_OPEN = select(*_transfers.c["target_id", "moved_sealed"]).where(
    _transfers.c.id == bindparam("transfer"),
    _transfers.c.source_id == bindparam("chat"),
    _transfers.c.state == TransferState.OPEN,
)
_PEOPLE = select(func.count()).where(_known.c.conversation_id == bindparam("chat"))


def transfer(session: Session, *, transfer_id: int, conversation_id: int) -> TransferRow | None:
    """The transfer, for its earlier and its later chat; None for anybody else."""
    row = session.execute(_ONE, {"transfer": transfer_id, "chat": conversation_id}).one_or_none()
    if row is None:
        return None
    moved = keys_of(session).open_sealed(row.moved_sealed, column=MOVED, row=row.id)
    return TransferRow(row.id, row.way, row.state, row.until, len(moved["appointments"]), len(moved["cases"]))


def what_comes(session: Session, *, conversation_id: int, now: datetime) -> WhatComes:
    """What this chat has that would go over: of its appointments those that it still lists."""
    return WhatComes(
        appointments=len(appointments.of_conversation(session, conversation_id=conversation_id, now=now)),
        people=session.execute(_PEOPLE, {"chat": conversation_id}).scalar_one(),
        cases=len(cases.ids_of(session, conversation_id=conversation_id)),
    )


def twice(session: Session, *, transfer_id: int, conversation_id: int, now: datetime) -> list[Twice]:
    """Appointments that went over from this chat where it has booked again since, for the same person and service.

    Only where one can be given back: one that went over and whose person is at the counter stays where it is.
    """
    row = session.execute(_OPEN, {"transfer": transfer_id, "chat": conversation_id}).one_or_none()
    if row is None:
        return []
    moved = set(keys_of(session).open_sealed(row.moved_sealed, column=MOVED, row=transfer_id)["appointments"])
    there = appointments.of_conversation(session, conversation_id=row.target_id, now=now)
    here: dict[tuple[int | None, int], AppointmentRow] = {
        (each.person_id, each.service.id): each
        for each in appointments.of_conversation(session, conversation_id=conversation_id, now=now)
        if each.person_id is not None and each.state in LIVE
    }
    return [
        Twice(before=each, since=here[each.person_id, each.service.id])
        for each in there
        if each.id in moved and each.state is AppointmentState.BOOKED and (each.person_id, each.service.id) in here
    ]
