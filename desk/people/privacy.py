"""What is held of people, and erasing it: they are removed from the chat's list, and deleted where nothing else
refers to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, FromClause, and_, delete, exists, func, not_, select
from sqlalchemy.orm import Session

from desk.parts import Again, ErasedKind, Fate, Kept, Leaving, Privacy
from desk.people.actions import forget_all
from desk.people.models import KnownPerson, Person
from desk.storage.base import Base, WriteSession
from desk.storage.upsert import table_of

_persons, _known = table_of(Person), table_of(KnownPerson)
_fellow = _persons.alias("fellow")


def nobody_names_them(persons: FromClause = _persons) -> ColumnElement[bool]:
    """The condition that no row of any table refers to the person, whichever subject it belongs to."""
    naming = [
        key.parent
        for table in Base.metadata.sorted_tables
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
        if key.column is _persons.c.id
    ]
    return and_(*(~exists().where(column == persons.c.id) for column in naming))


def nobody_needs_them() -> ColumnElement[bool]:
    """The condition that nobody names the person, nor another paper that staff linked with theirs.

    A paper that was linked before anybody booked with it is kept for as long as the other one is.
    """
    fellow_is_named = exists().where(
        _fellow.c.link_id == _persons.c.link_id, _fellow.c.id != _persons.c.id, not_(nobody_names_them(_fellow))
    )
    return and_(nobody_names_them(), not_(fellow_is_named))


def delete_unnamed(session: WriteSession, person_ids: Collection[int]) -> None:
    """Delete those of these people to whom no chat and no other row refers, and papers linked with theirs that nobody
    needs then. What links them with papers of another chat goes with their row."""
    if not person_ids:
        return
    these = _persons.c.id.in_(sorted(person_ids))
    # Locked first: a chat that adds the person at this moment is then seen by the next statement.
    locked = select(_persons.c.link_id).where(these).order_by(_persons.c.id).with_for_update()
    links = {each for each in session.scalars(locked) if each is not None}
    session.execute(delete(_persons).where(these, nobody_names_them()))
    if links:
        left = select(_persons.c.id).where(_persons.c.link_id.in_(sorted(links)), nobody_needs_them())
        for fellow in session.scalars(left.order_by(_persons.c.id).with_for_update()).all():
            session.execute(delete(_persons).where(_persons.c.id == fellow, nobody_names_them()))


def _count(session: Session, conversation_id: int) -> Mapping[str, int]:
    people = session.scalar(select(func.count()).where(_known.c.conversation_id == conversation_id))
    return {"people": people or 0}


def _erase(session: WriteSession, leaving: Leaving) -> None:
    leaving.person_ids.update(forget_all(session, actor=leaving.actor))
    delete_unnamed(session, leaving.person_ids)


def _listed(session: Session) -> Iterable[int]:
    return session.scalars(select(_known.c.id))


def _forget_again(session: WriteSession, ids: Sequence[int], *, now: datetime) -> None:
    """Take them off the lists; those who are named nowhere else go too."""
    gone = session.execute(delete(_known).where(_known.c.id.in_(ids)).returning(_known.c.person_id))
    delete_unnamed(session, {row.person_id for row in gone})


PRIVACY = Privacy(
    columns={
        "persons.identity_hash": Fate.DELETED,
        "persons.last4_sealed": Fate.DELETED,
        "persons.link_id": Fate.DELETED,
        "linked_papers.made_at": Kept("says when some papers were linked, and of nobody whose"),
        "known_persons.conversation_id": Fate.DELETED,
        "known_persons.person_id": Fate.DELETED,
        "known_persons.name_sealed": Fate.DELETED,
        "known_persons.nickname_sealed": Fate.DELETED,
    },
    count=_count,
    erase=_erase,
    again=Again(ErasedKind.LISTED, held=_listed, erase=_forget_again),
)
