"""What goes over in a transfer, and what goes back when it is stopped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from desk.acting import Actor
from desk.announcements import transferring as announcements
from desk.appointments import transferring as appointments
from desk.appointments.history import subject_of
from desk.appointments.transferring import MovedAppointment
from desk.conversations import allowing, limits
from desk.conversations.rules import LimitKind
from desk.events import actions as events
from desk.outbox.rules import Recipient
from desk.people import transferring as people
from desk.storage.base import WriteSession
from desk.transfers.rules import TransferWay
from desk.waiting import transferring as waiting

MOVED = "transfers.moved_sealed"


def move(
    session: WriteSession,
    *,
    source: Recipient,
    to: Recipient,
    person_id: int | None = None,
    way: TransferWay,
    actor: Actor,
    transfer_id: int,
    now: datetime,
) -> dict[str, Any]:
    """Move appointments and people, or those of one person, to another chat; returns the ids of what went over, and
    where it can be stopped what the earlier chat had said of those whom both know.

    Counts of limits hold in both chats from now on. Complaints do not go over here. For a complaint no event is written
    at all: it would stand beside those of the appointments, and tell staff whose it is.
    """
    chat = source.conversation_id
    moved = appointments.change_chat(session, source=source, to=to, person_id=person_id, now=now)
    listed = people.change_chat(
        session, source=chat, target=to.conversation_id, person_ids=None if person_id is None else [person_id]
    )
    limits.carry(session, source=chat, target=to.conversation_id, now=now)
    allowed = allowing.carry(session, source=chat, target=to.conversation_id) if person_id is None else []
    waits = waiting.change_chat(session, source=chat, to=to, person_id=person_id, now=now)
    wishes = announcements.change_chat(session, source=chat, target=to.conversation_id) if person_id is None else []
    appointments.send_tickets(session, moved, to=to, nth=f"t{transfer_id}", now=now)
    note(session, moved, kind="transfer.made", way=way, actor=actor, now=now)
    return {
        "appointments": [each.id for each in moved],
        "people": listed.new,
        "known_there": listed.known_there,
        "said": listed.said if way is TransferWay.WORD else [],
        "allowed": allowed,
        "wishes": wishes,
        "waits": waits,
        "cases": [],
    }


def move_back(
    session: WriteSession,
    moved: dict[str, Any],
    *,
    source: Recipient,
    target: Recipient,
    actor: Actor,
    transfer_id: int,
    now: datetime,
) -> None:
    """Move back what is still there, from the chat `target` to `source`, which gets its tickets anew."""
    there = target.conversation_id
    back = appointments.change_chat_of(session, ids=moved["appointments"], source=target, to=source, now=now)
    appointments.send_tickets(session, back, to=source, nth=f"b{transfer_id}", now=now)
    people.change_chat(session, source=there, target=source.conversation_id, person_ids=moved["people"])
    # As the chat itself had called them, not as the other does; of a transfer of before that was not kept.
    people.put_back(session, chat=source.conversation_id, said=moved.get("said", ()))
    people.copy_to(session, source=there, target=source.conversation_id, person_ids=moved["known_there"])
    # A transfer of before chats could want to be told of announcements, or wait, has none.
    announcements.change_chat(session, source=there, target=source.conversation_id, service_ids=moved.get("wishes", ()))
    waiting.change_chat(session, source=there, to=source, request_ids=moved.get("waits", ()), now=now)
    kinds = [LimitKind(each) for each in moved["allowed"]]
    allowing.give_back(session, source=there, target=source.conversation_id, kinds=kinds)
    note(session, back, kind="transfer.undone", way=TransferWay.WORD, actor=actor, now=now)


def note(
    session: WriteSession,
    moved: Sequence[MovedAppointment],
    *,
    kind: str,
    way: TransferWay,
    actor: Actor,
    now: datetime,
) -> None:
    """Write into the history of each appointment that it went over."""
    for each in moved:
        events.note(
            session,
            kind=kind,
            subject=subject_of(each.id),
            actor=actor,
            office_id=each.office_id,
            data={"shown_by": way},
            is_told=False,
            now=now,
        )
