"""Reading the people in a chat's list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from desk.people.models import KnownPerson, Person
from desk.people.rows import KnownPersonRow
from desk.people.stored import NAME, NICKNAME, read_last4
from desk.storage.base import keys_of
from desk.storage.upsert import table_of

_known = table_of(KnownPerson)
_persons = table_of(Person)


# Built once: building a statement takes several times as long as running it.
_PEOPLE = (
    select(
        *_known.c["id", "person_id", "name_sealed", "nickname_sealed", "document_kind", "is_in_doubt", "used_at"],
        _persons.c.last4_sealed,
    )
    .join_from(_known, _persons, _persons.c.id == _known.c.person_id)
    .where(_known.c.conversation_id == bindparam("conversation"))
)
_OF_NUMBER = _PEOPLE.where(_persons.c.identity_hash == bindparam("identity"))
_NEWEST_FIRST = _PEOPLE.order_by(_known.c.used_at.desc(), _known.c.id.desc())


def known(session: Session, *, conversation_id: int) -> list[KnownPersonRow]:
    """The people of this chat, the one used last first."""
    return _rows(session, session.execute(_NEWEST_FIRST, {"conversation": conversation_id}))


def of_number(session: Session, *, conversation_id: int, identity_hash: str) -> KnownPersonRow | None:
    """The person of this chat with the hash of a number; None where the chat knows nobody by it."""
    asked = {"conversation": conversation_id, "identity": identity_hash}
    return next(iter(_rows(session, session.execute(_OF_NUMBER, asked))), None)


def _rows(session: Session, found: Iterable[Row[Any]]) -> list[KnownPersonRow]:
    keys = keys_of(session)
    return [
        KnownPersonRow(
            id=row.id,
            person_id=row.person_id,
            name=keys.decrypt(row.name_sealed, column=NAME, row=row.id),
            nickname=keys.decrypt(row.nickname_sealed, column=NICKNAME, row=row.id),
            document_kind=row.document_kind,
            is_in_doubt=row.is_in_doubt,
            identity_last4=read_last4(keys, row.last4_sealed, id=row.person_id),
            used_at=row.used_at,
        )
        for row in found
    ]
