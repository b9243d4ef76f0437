"""People of a chat's list go over to another chat of the same person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, delete, insert, select, update

from desk.parts import ErasedKind
from desk.people.models import KnownPerson
from desk.people.stored import NAME, NICKNAME, stored_names
from desk.storage.base import WriteSession
from desk.storage.encryption import random_id
from desk.storage.upsert import table_of
from desk.tombstones import actions as tombstones

_known = table_of(KnownPerson)
_LISTED = select(_known.c.person_id).where(_known.c.conversation_id == bindparam("chat"))
_THESE = _known.c.person_id.in_(bindparam("persons", expanding=True))
_OF_SOURCE = _known.c.conversation_id == bindparam("source")
_CHANGE = update(_known).where(_OF_SOURCE, _THESE).values(conversation_id=bindparam("target"))
_TAKE_OFF = delete(_known).where(_OF_SOURCE, _THESE).returning(_known.c.id)
_NAMES = select(*_known.c["person_id", "name_sealed", "nickname_sealed", "created_at", "used_at", "id"]).where(
    _OF_SOURCE, _THESE
)


class MovedPeople(NamedTuple):
    """The ids of persons who went over: those new to the later chat, and those it knew already."""

    new: list[int]
    known_there: list[int]


def change_chat(
    session: WriteSession, *, source: int, target: int, person_ids: Sequence[int] | None = None
) -> MovedPeople:
    """Give the list of the chat `source`, or these people of it, to another; who is in both stays in the later one."""
    connection = session.connection()
    here = set(connection.execute(_LISTED, {"chat": source}).scalars())
    if person_ids is not None:
        here &= set(person_ids)
    there = set(connection.execute(_LISTED, {"chat": target}).scalars())
    twice, once = sorted(here & there), sorted(here - there)
    if twice:
        gone = connection.execute(_TAKE_OFF, {"source": source, "persons": twice}).scalars().all()
        tombstones.note(session, kind=ErasedKind.LISTED, ids=gone)
    if once:
        connection.execute(_CHANGE, {"source": source, "persons": once, "target": target})
    return MovedPeople(once, twice)


def copy_to(session: WriteSession, *, source: int, target: int, person_ids: Sequence[int]) -> None:
    """Put these people of the chat `source` into the list of another too, under the same names."""
    connection, keys = session.connection(), session.keys
    there = set(connection.execute(_LISTED, {"chat": target}).scalars())
    asked = {"source": source, "persons": sorted(set(person_ids) - there)}
    for row in connection.execute(_NAMES, asked).all() if asked["persons"] else ():
        id = random_id()
        name = keys.decrypt(row.name_sealed, column=NAME, row=row.id)
        nickname = keys.decrypt(row.nickname_sealed, column=NICKNAME, row=row.id)
        given = {"id": id, "conversation_id": target, "person_id": row.person_id}
        moments = {"created_at": row.created_at, "used_at": row.used_at}
        connection.execute(insert(_known), given | moments | stored_names(keys, id=id, name=name, nickname=nickname))
