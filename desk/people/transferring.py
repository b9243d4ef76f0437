"""People of a chat's list go over to another chat of the same person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, delete, insert, select, update

from desk.parts import ErasedKind
from desk.people.models import KnownPerson, Person
from desk.people.rules import DocumentKind
from desk.people.stored import NAME, NICKNAME, stored_names
from desk.storage.base import WriteSession
from desk.storage.encryption import Keys, random_id
from desk.storage.upsert import table_of
from desk.tombstones import actions as tombstones

_known, _persons = table_of(KnownPerson), table_of(Person)
_LISTED = select(_known.c.person_id).where(_known.c.conversation_id == bindparam("chat"))
_THESE = _known.c.person_id.in_(bindparam("persons", expanding=True))
_OF_SOURCE = _known.c.conversation_id == bindparam("source")
_CHANGE = update(_known).where(_OF_SOURCE, _THESE).values(conversation_id=bindparam("target"))
_SAID = _known.c[
    "id", "person_id", "name_sealed", "nickname_sealed", "document_kind", "is_in_doubt", "created_at", "used_at"
]
_TAKE_OFF = delete(_known).where(_OF_SOURCE, _THESE).returning(*_SAID)
_OF_THESE = select(*_SAID).where(_OF_SOURCE, _THESE)
# Locked: a person whom nobody names at this moment may be being deleted.
_THERE = (
    select(_persons.c.id)
    .where(_persons.c.id.in_(bindparam("persons", expanding=True)))
    .order_by(_persons.c.id)
    .with_for_update()
)


class MovedPeople(NamedTuple):
    """The ids of persons who went over: those new to the later chat, and those it knew already."""

    new: list[int]
    known_there: list[int]
    said: list[dict[str, Any]]
    """What the earlier chat had said of those whom both knew, as plain values for `put_back`."""


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
    said: list[dict[str, Any]] = []
    if twice:
        gone = connection.execute(_TAKE_OFF, {"source": source, "persons": twice}).all()
        tombstones.note(session, kind=ErasedKind.LISTED, ids=[row.id for row in gone])
        said = [_said(session.keys, row) for row in gone]
    if once:
        connection.execute(_CHANGE, {"source": source, "persons": once, "target": target})
    return MovedPeople(once, twice, said)


def put_back(session: WriteSession, *, chat: int, said: Sequence[Mapping[str, Any]]) -> None:
    """Put people into the list of a chat again as it had called them, where they are not in it."""
    connection = session.connection()
    listed = set(connection.execute(_LISTED, {"chat": chat}).scalars())
    wanted = [each for each in said if each["person_id"] not in listed]
    persons = {"persons": [each["person_id"] for each in wanted]}
    there = set(connection.execute(_THERE, persons).scalars()) if wanted else set()
    for each in wanted:
        if each["person_id"] in there:
            _list(session, each, chat=chat)


def copy_to(session: WriteSession, *, source: int, target: int, person_ids: Sequence[int]) -> None:
    """Put these people of the chat `source` into the list of another too, under the same names."""
    connection = session.connection()
    there = set(connection.execute(_LISTED, {"chat": target}).scalars())
    asked = {"source": source, "persons": sorted(set(person_ids) - there)}
    for row in connection.execute(_OF_THESE, asked).all() if asked["persons"] else ():
        _list(session, _said(session.keys, row), chat=target)


def _said(keys: Keys, row: Row[Any]) -> dict[str, Any]:
    return {
        "person_id": row.person_id,
        "name": keys.decrypt(row.name_sealed, column=NAME, row=row.id),
        "nickname": keys.decrypt(row.nickname_sealed, column=NICKNAME, row=row.id),
        "document_kind": str(row.document_kind),
        "is_in_doubt": row.is_in_doubt,
        "created_at": row.created_at.isoformat(),
        "used_at": row.used_at.isoformat(),
    }


def _list(session: WriteSession, said: Mapping[str, Any], *, chat: int) -> None:
    id = random_id()
    moments = {name: datetime.fromisoformat(said[name]) for name in ("created_at", "used_at")}
    given = {"id": id, "conversation_id": chat, "person_id": said["person_id"]}
    given |= moments | {
        "document_kind": DocumentKind(said["document_kind"]),
        "is_in_doubt": bool(said.get("is_in_doubt")),
    }
    names = stored_names(session.keys, id=id, name=said["name"], nickname=said["nickname"])
    session.connection().execute(insert(_known), given | names)
