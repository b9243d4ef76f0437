"""The actions of a transfer: bring over what another chat has, and stop it from the earlier chat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.appointments import transferring as appointments
from desk.appointments.ending import give_up
from desk.cases import transferring as cases
from desk.cases.models import Case
from desk.conversations.actions import require_chat
from desk.conversations.models import Conversation
from desk.conversations.rules import USUAL, ChatLimits, hour_of
from desk.outbox.actions import enqueue
from desk.outbox.rules import Lane, Recipient
from desk.periods import USUAL_REST, Rest
from desk.storage.base import WriteSession
from desk.storage.encryption import random_id
from desk.storage.upsert import table_of
from desk.transfers.models import Transfer
from desk.transfers.moving import MOVED, move, move_back
from desk.transfers.queries import twice
from desk.transfers.refusals import DoesNotFit, HasTheSame, TooLateToStop, TooManyTogether
from desk.transfers.rows import Brought, Proof
from desk.transfers.rules import KeptOfTwo, TransferNotice, TransferState, TransferWay, can_be_stopped_until
from desk.transfers.words import use_word

_transfers, _chats, _cases = table_of(Transfer), table_of(Conversation), table_of(Case)
_NOW = bindparam("now", type_=_transfers.c.until.type)
_ADDRESS = select(*_chats.c["channel", "bot", "id"]).where(_chats.c.id == bindparam("chat"))
_STOP = (
    update(_transfers)
    .where(
        _transfers.c.id == bindparam("transfer"),
        _transfers.c.source_id == bindparam("chat"),
        _transfers.c.way == TransferWay.WORD,
        _transfers.c.state == TransferState.OPEN,
        _transfers.c.until > _NOW,
    )
    .values(state=TransferState.UNDONE)
    .returning(*_transfers.c["target_id", "moved_sealed"])
)
_DUE = (
    select(*_transfers.c["id", "source_id", "target_id", "moved_sealed"])
    .where(_transfers.c.state == TransferState.OPEN, _transfers.c.until <= _NOW)
    .order_by(_transfers.c.until)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_EARLIER = (
    select(_transfers.c.source_id)
    .join(_cases, _cases.c.conversation_id == _transfers.c.source_id)
    .where(
        _cases.c.id == bindparam("case"),
        _transfers.c.target_id == bindparam("chat"),
        _transfers.c.state == TransferState.SETTLED,
    )
)
_RESEAL = update(_transfers).where(_transfers.c.id == bindparam("transfer")).values(moved_sealed=bindparam("moved"))
_SETTLE = _RESEAL.values(state=TransferState.SETTLED)


def bring(session: WriteSession, *, actor: Actor, proof: Proof, limits: ChatLimits = USUAL, now: datetime) -> Brought:
    """Bring what the chat of `proof` has into the actor's.

    Appointments and people come at once, and the earlier chat is told and can stop it for a day; cases come when that
    day is over (`bring_cases`). The word has served, and is deleted. Of two chats that bring the same at once
    the second gets nothing.

    Raises:
        DoesNotFit: the appointment is not that chat's any more, its word is another by now or gone, or something went
            over into it that can still be stopped: what was shown an hour ago is asked for again.
        TooManyTogether: the chats have too many appointments; nothing moved.
        HasTheSame: both have one for the same person and service; nothing moved.
    """
    return transfer(session, actor=actor, proof=proof, way=TransferWay.WORD, person_id=None, limits=limits, now=now)


def transfer(
    session: WriteSession,
    *,
    actor: Actor,
    proof: Proof,
    way: TransferWay,
    person_id: int | None,
    limits: ChatLimits,
    now: datetime,
) -> Brought:
    """Bring what was proven to be the person's, of one person or all, into the actor's chat. Raises as `bring`."""
    to, transfer_id = address(session, require_chat(actor)), random_id()
    if proof.source == to.conversation_id:
        raise DoesNotFit
    appointments.lapse_over(session, chats=(proof.source, to.conversation_id), now=now)
    if appointments.has_the_same(session, source=proof.source, target=to.conversation_id, person_id=person_id):
        raise HasTheSame
    is_open = way is TransferWay.WORD
    until = can_be_stopped_until(now) if is_open else hour_of(now)
    with session.begin_nested():
        moved = move(
            session,
            source=address(session, proof.source),
            to=to,
            person_id=person_id,
            way=way,
            actor=actor,
            transfer_id=transfer_id,
            now=now,
        )
        if proof.appointment not in moved["appointments"]:
            raise DoesNotFit
        if is_open:
            moved["cases"] = cases.ids_of(session, conversation_id=proof.source)  # those that follow later
        most = appointments.too_many(session, conversation_id=to.conversation_id, limits=limits, now=now)
        if most is not None:
            raise TooManyTogether(most=most)
        session.connection().execute(
            insert(_transfers),
            {
                "id": transfer_id,
                "source_id": proof.source,
                "target_id": to.conversation_id,
                "way": way,
                "state": TransferState.OPEN if is_open else TransferState.SETTLED,
                "at": hour_of(now),
                "until": until,
                "moved_sealed": session.keys.seal(moved, column=MOVED, row=transfer_id),
            },
        )
        if is_open and not use_word(session, proof=proof, now=now):
            raise DoesNotFit
    tell(session, notice=TransferNotice.AWAY, transfer_id=transfer_id, to=address(session, proof.source), now=now)
    return Brought(transfer_id, until)


def stop(
    session: WriteSession,
    *,
    actor: Actor,
    transfer_id: int,
    keep: KeptOfTwo | None = None,
    rest: Rest = USUAL_REST,
    now: datetime,
) -> None:
    """The earlier chat says that it was not them: what is still there goes back, and the later chat is told.

    Where this chat has booked again since, for the same person and service, `keep` says which of the two stays; the
    other is cancelled in its name, and counts for no limit. One with which the person has arrived stays unasked.

    Raises:
        TooLateToStop: it is not this chat's, was stopped before or made at the counter, or the time to object is over.
        HasTheSame: it has booked again since, and `keep` says nothing; nothing went back.
    """
    source = require_chat(actor)
    asked = {"transfer": transfer_id, "chat": source, "now": now}
    with session.begin_nested():
        two = twice(session, transfer_id=transfer_id, conversation_id=source, now=now)
        stopped = session.connection().execute(_STOP, asked).one_or_none()
        if stopped is None:
            raise TooLateToStop
        if keep is None and any(each.is_asked for each in two):
            raise HasTheSame
        appointments.lapse_over(session, chats=(source, stopped.target_id), now=now)
        for each in two:
            give_up(session, appointment_id=each.given_up(keep).id, actor=actor, rest=rest, now=now)
    moved: dict[str, Any] = session.keys.open_sealed(stopped.moved_sealed, column=MOVED, row=transfer_id)
    later = address(session, stopped.target_id)
    move_back(
        session,
        moved,
        source=address(session, source),
        target=later,
        actor=actor,
        transfer_id=transfer_id,
        now=now,
    )
    if moved.pop("said", None):
        sealed = session.keys.seal(moved, column=MOVED, row=transfer_id)
        session.connection().execute(_RESEAL, {"transfer": transfer_id, "moved": sealed})
    tell(session, notice=TransferNotice.BACK, transfer_id=transfer_id, to=later, now=now)


def bring_case(session: WriteSession, *, actor: Actor, case_id: int) -> bool:
    """Bring a case over whose code was typed in the actor's chat, where appointments of its chat went over to this one.

    So somebody who came over the counter has the answers of their complaint again. False = nothing was to be brought.
    """
    chat = require_chat(actor)
    earlier = session.connection().execute(_EARLIER, {"chat": chat, "case": case_id}).scalars().first()
    if earlier is None:
        return False
    return bool(cases.change_chat(session, source=earlier, to=address(session, chat), case_ids=[case_id]))


def bring_cases(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Let complaints and questions follow where nobody objected; returns the number of transfers."""
    rows: Sequence[Any] = session.connection().execute(_DUE, {"now": now, "most": limit}).all()
    for row in rows:
        to = address(session, row.target_id)
        moved = session.keys.open_sealed(row.moved_sealed, column=MOVED, row=row.id)
        moved.pop("said", None)  # nobody can stop it any more
        moved["cases"] = cases.change_chat(session, source=row.source_id, to=to, case_ids=moved["cases"])
        sealed = session.keys.seal(moved, column=MOVED, row=row.id)
        session.connection().execute(_SETTLE, {"transfer": row.id, "moved": sealed})
        if moved["cases"]:
            tell(session, notice=TransferNotice.CASES, transfer_id=row.id, to=to, now=now)
    return len(rows)


def tell(session: WriteSession, *, notice: TransferNotice, transfer_id: int, to: Recipient, now: datetime) -> None:
    """Write the message to one of the two chats."""
    enqueue(
        session,
        idem_key=f"{notice}:{transfer_id}",
        to=to,
        notice=notice,
        params={"transfer": transfer_id},
        about=None,
        lane=Lane.REPLY,
        due_at=now,
        now=now,
    )


def address(session: Session, conversation_id: int) -> Recipient:
    """Where messages to this chat go."""
    return Recipient(*session.connection().execute(_ADDRESS, {"chat": conversation_id}).one())
