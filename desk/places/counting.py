"""The statements that take and give back places: only this file and `desk.capacity.planning` change the counts.

`remaining` and `is_open` always change together: the partial index depends on the flag.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, Integer, and_, bindparam, case, select, update

from desk.capacity.freed import places_freed
from desk.capacity.models import Queue, Slot, SlotStatus
from desk.capacity.refusals import SlotTaken
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

slots, _queues = table_of(Slot), table_of(Queue)
_PLACES = bindparam("places", type_=Integer)

_TAKE = (
    update(slots)
    .where(slots.c.id == bindparam("slot"), slots.c.remaining >= _PLACES, slots.c.status == SlotStatus.LIVE)
    .values(remaining=slots.c.remaining - _PLACES, is_open=slots.c.remaining > _PLACES)
)

_CONFIRM = (
    update(slots)
    .where(slots.c.id == bindparam("slot"), slots.c.status == SlotStatus.LIVE)
    .values(remaining=slots.c.remaining)
)

# A place above the plan is not sold again: the capacity shrinks instead.
_above_plan = slots.c.capacity - slots.c.planned
_shrinks = case((_above_plan < _PLACES, _above_plan), else_=_PLACES)
# One table per subquery: SQLAlchemy leaves out the table names in what SQLite returns.
_its_queue = select(slots.c.queue_id).where(slots.c.id == bindparam("slot")).scalar_subquery()
_its_office = select(_queues.c.office_id).where(_queues.c.id == _its_queue).scalar_subquery()
_GIVE_BACK = (
    update(slots)
    .where(slots.c.id == bindparam("slot"), slots.c.capacity - slots.c.remaining >= _PLACES)
    .values(
        capacity=slots.c.capacity - _shrinks,
        remaining=slots.c.remaining + _PLACES - _shrinks,
        is_open=and_(slots.c.status == SlotStatus.LIVE, slots.c.remaining + _PLACES - _shrinks > 0),
    )
    .returning(slots.c.queue_id, _its_office.label("office_id"), slots.c.day)
)
_GIVE_BACK_QUIETLY = (
    update(slots)
    .where(
        slots.c.id.in_(bindparam("slots", expanding=True)),
        slots.c.capacity - slots.c.remaining >= _PLACES,
    )
    .values(
        capacity=slots.c.capacity - _shrinks,
        remaining=slots.c.remaining + _PLACES - _shrinks,
        is_open=and_(slots.c.status == SlotStatus.LIVE, slots.c.remaining + _PLACES - _shrinks > 0),
    )
)
_SET_APART = (
    update(slots)
    .where(slots.c.id.in_(bindparam("slots", expanding=True)), slots.c.remaining >= _PLACES)
    .values(
        remaining=slots.c.remaining - _PLACES,
        is_open=and_(slots.c.status == SlotStatus.LIVE, slots.c.remaining > _PLACES),
        desk=bindparam("desk", type_=Integer),
        walk_in=bindparam("walk_in", type_=Integer),
    )
)


def swap_places(
    session: WriteSession, *, given_back: Iterable[int] = (), taken: Iterable[int] = (), to_everybody: bool = False
) -> None:
    """Take a place of each slot in `taken` and give one back of each in `given_back`; a slot given twice counts twice.

    Slots are updated in ascending id, so that concurrent calls cannot deadlock; a slot in both lists needs no update.
    What becomes free is passed to `places_freed`; with `to_everybody` nothing of it is kept for those who wait. The
    caller has made sure, in this transaction, that it owns what it gives back.

    Raises SlotTaken where a wanted slot is full or closed; with several slots some may have changed by then, so the
    caller rolls back its savepoint.
    """
    back, wanted = Counter(given_back), Counter(taken)
    for slot_id in sorted(back.keys() | wanted.keys()):
        more = wanted[slot_id] - back[slot_id]
        if more > 0:
            take_places(session, slot_id=slot_id, places=more)
        elif wanted[slot_id]:
            confirm_place(session, slot_id=slot_id)
        if more < 0:
            give_back(session, slot_id=slot_id, places=-more, to_everybody=to_everybody)


def take_places(session: WriteSession, *, slot_id: int, places: int = 1) -> None:
    """Take `places` places; the WHERE decides between concurrent calls. Raises SlotTaken where too few are left.

    Nothing has changed where it raises.
    """
    if not took(session.connection(), slot_id=slot_id, places=places):
        raise SlotTaken(slot_id=slot_id)


def took(connection: Connection, *, slot_id: int, places: int = 1) -> bool:
    """Take `places` places and return whether that was possible; nothing has changed where not."""
    return connection.execute(_TAKE, {"slot": slot_id, "places": places}).rowcount == 1


def confirm_place(session: WriteSession, *, slot_id: int) -> None:
    """Check that a held place may be used, and lock the slot against a closing; raises SlotTaken where it is closed."""
    if session.connection().execute(_CONFIRM, {"slot": slot_id}).rowcount != 1:
        raise SlotTaken(slot_id=slot_id)


def give_back_quietly(session: WriteSession, places: Mapping[int, int]) -> None:
    """Give back so many places of each slot, and tell nobody: the slots are planned anew in this transaction."""
    for number in sorted(set(places.values())):
        these = sorted(slot_id for slot_id, its_number in places.items() if its_number == number)
        changed = session.connection().execute(_GIVE_BACK_QUIETLY, {"slots": these, "places": number}).rowcount
        if changed != len(these):
            raise RuntimeError(f"some of {these} have no {number} places to give back")


def take_apart(session: WriteSession, slot_ids: Sequence[int], *, places: int, desk: int, walk_in: int) -> None:
    """Take so many places of each of these slots, which the caller has locked, and note their shares."""
    asked = {"slots": slot_ids, "places": places, "desk": desk, "walk_in": walk_in}
    if session.connection().execute(_SET_APART, asked).rowcount != len(slot_ids):
        raise RuntimeError(f"some of {slot_ids} have no {places} places to set apart")


def give_back(session: WriteSession, *, slot_id: int, places: int = 1, to_everybody: bool = False) -> None:
    """Give back `places` taken places; only `swap_places` calls this."""
    freed = session.connection().execute(_GIVE_BACK, {"slot": slot_id, "places": places}).one_or_none()
    if freed is None:
        raise RuntimeError(f"slot {slot_id} has no {places} places to give back")
    places_freed(
        session,
        queue_id=freed.queue_id,
        office_id=freed.office_id,
        day=freed.day,
        slot_id=slot_id,
        places=places,
        to_everybody=to_everybody,
    )
