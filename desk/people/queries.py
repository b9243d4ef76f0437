"""Reading the people in a chat's list."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from desk.people.models import KnownPerson, Person
from desk.people.rows import KnownPersonRow
from desk.storage.rows import columns_for
from desk.storage.upsert import table_of

_known = table_of(KnownPerson)
_persons = table_of(Person)


# Built once: building a statement takes several times as long as running it.
_PEOPLE = (
    select(
        *columns_for(
            KnownPersonRow,
            *_known.c["id", "person_id", "name", "nickname", "used_at"],
            *_persons.c["document_kind", "identity_last4"],
        )
    )
    .join_from(_known, _persons, _persons.c.id == _known.c.person_id)
    .where(_known.c.conversation_id == bindparam("conversation"))
)
_NEWEST_FIRST = _PEOPLE.order_by(_known.c.used_at.desc(), _known.c.id.desc())


def known(session: Session, *, conversation_id: int) -> list[KnownPersonRow]:
    """The people of this chat, the one used last first."""
    return [KnownPersonRow(*row) for row in session.execute(_NEWEST_FIRST, {"conversation": conversation_id})]
