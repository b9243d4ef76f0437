"""What standing requests hold of people, and erasing it: live ones end, and all stay as rows that name nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import String, bindparam, cast, delete, func, literal, select, update
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.parts import Again, ErasedKind, Fate, Kept, Leaving, Privacy
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.tombstones import actions as tombstones
from desk.waiting.changing import finish, request_to_change
from desk.waiting.models import StandingRequest, StandingRequestPerson, StandingRequestPlace
from desk.waiting.rules import LIVE_REQUESTS, RequestState

_requests, _places = table_of(StandingRequest), table_of(StandingRequestPlace)
_people = table_of(StandingRequestPerson)
_OLD = (
    select(_requests.c.id)
    .where(_requests.c.conversation_id.is_not(None), _requests.c.over_at < bindparam("before"))
    .order_by(_requests.c.over_at)
    .limit(bindparam("most"))
)


def _count(session: Session, conversation_id: int) -> Mapping[str, int]:
    of = (_requests.c.conversation_id == conversation_id, _requests.c.state.in_(LIVE_REQUESTS))
    return {"standing_requests": session.scalar(select(func.count()).where(*of)) or 0}


def _erase(session: WriteSession, leaving: Leaving) -> None:
    mine = _requests.c.conversation_id == leaving.conversation_id
    theirs = select(_people.c.person_id).where(_people.c.conversation_id == leaving.conversation_id)
    leaving.person_ids.update(session.scalars(theirs))
    ids = session.scalars(select(_requests.c.id).where(mine).order_by(_requests.c.id)).all()
    _end(session, ids, now=leaving.now)
    # Each by itself too: in a back-up it may be another chat's still, from which it was taken over.
    tombstones.note(session, kind=ErasedKind.REQUEST, ids=ids)


def _end(session: WriteSession, ids: Sequence[int], *, now: datetime) -> None:
    """End those that still wait, each in the name of its chat; then nothing of them leads to it any more."""
    for request_id in ids:
        found = request_to_change(session, request_id=request_id)
        if found is not None and found.state in LIVE_REQUESTS:
            finish(session, found, state=RequestState.ENDED, actor=Actor.chat(found.conversation_id), now=now)
    _blank(session, ids)


def _held(session: Session) -> Iterable[int]:
    return session.scalars(select(_requests.c.id).where(_requests.c.conversation_id.is_not(None)))


def _erase_again(session: WriteSession, ids: Sequence[int], *, now: datetime) -> None:
    _end(session, ids, now=now)


def over_with_chats(session: Session, *, before: datetime, limit: int) -> Sequence[int]:
    """The ids of requests that were over before that moment and still say whose they were."""
    return session.scalars(_OLD, {"before": before, "most": limit}).all()


def forget_chats(session: WriteSession, *, before: datetime, limit: int) -> int:
    """Erase whose the requests were that were over before that moment; they stay as counts."""
    old = over_with_chats(session, before=before, limit=limit)
    _blank(session, old)
    return len(old)


def _blank(session: WriteSession, ids: Sequence[int]) -> None:
    if not ids:
        return
    connection = session.connection()
    connection.execute(delete(_places).where(_places.c.request_id.in_(ids)))
    connection.execute(
        update(_requests)
        .where(_requests.c.id.in_(ids))
        # The key holds the chat's id, and SQLite reuses ids: another chat must never match it.
        .values(
            conversation_id=None,
            idem_key=literal("erased:") + cast(_requests.c.id, String),
            class_id=None,
            class_reason=None,
            rank_at=_requests.c.since,  # it would tell of the class
        )
    )


PRIVACY = Privacy(
    columns={
        "priority_classes.code": Kept("a class of the directorate, which is published"),
        "standing_requests.public_id": Kept("random, and leads to a row that names nobody any more"),
        "standing_requests.idem_key": Fate.REPLACED,
        "standing_requests.conversation_id": Fate.EMPTIED,
        "standing_requests.class_id": Fate.EMPTIED,
        "standing_requests.class_reason": Fate.EMPTIED,
        "standing_request_places.office_id": Fate.DELETED,
        "standing_request_places.province_code": Fate.DELETED,
        "standing_request_people.person_id": Fate.DELETED,
        "standing_request_people.link_id": Fate.DELETED,
        "standing_request_people.conversation_id": Fate.DELETED,
        "offers.deliver_by": Kept("a moment"),
        "offer_rounds.taken_by": Kept("the id of the offer that was accepted"),
        "freed_places.others": Kept("how many were not offered a place, by the reason"),
    },
    count=_count,
    erase=_erase,
    again=Again(ErasedKind.REQUEST, held=_held, erase=_erase_again),
)
