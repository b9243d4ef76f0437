"""Papers of one person that staff linked: which persons belong together, and whether a number is of one of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, insert, or_, select, update
from sqlalchemy.orm import Session

from desk.people.models import LinkedPapers, Person
from desk.people.rules import IdentityDigest
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_persons, _links = table_of(Person), table_of(LinkedPapers)
_one, _fellow = _persons.alias("one"), _persons.alias("fellow")


def link_of(person: ColumnElement[int] | ColumnElement[int | None]) -> ScalarSelect[int | None]:
    """The link of a person, as a value of a statement; NULL, which equals nothing, where there is none."""
    return select(_one.c.link_id).where(_one.c.id == person).scalar_subquery()


def papers_of(person: ColumnElement[int] | ColumnElement[int | None]) -> Select[tuple[int]]:
    """The persons whose papers staff linked with those of this one, itself among them; none where nobody did."""
    found = select(_fellow.c.id).join_from(_one, _fellow, _fellow.c.link_id == _one.c.link_id)
    return found.where(_one.c.id == person).correlate_except(_one, _fellow)


_PERSON = bindparam("person", type_=_persons.c.id.type)
# Built once: it runs at the counter, with each number that is compared.
_HASHES = select(_persons.c.identity_hash).where(or_(_persons.c.id == _PERSON, _persons.c.link_id == link_of(_PERSON)))
_MEMBERS = select(_persons.c.id).where(_persons.c.link_id == bindparam("link")).order_by(_persons.c.id)
_THESE = _persons.c.id.in_(bindparam("persons", expanding=True))
_SAME = select(_persons.c.id).where(
    or_(
        _THESE,
        _persons.c.link_id.in_(select(_one.c.link_id).where(_one.c.id.in_(bindparam("persons", expanding=True)))),
    )
)
_LINKS = select(_persons.c.id, _persons.c.link_id).where(_THESE)
_LOCK = _LINKS.order_by(_persons.c.id).with_for_update()
_PUT = update(_persons).where(_THESE).values(link_id=bindparam("link"))
_NEW = insert(_links).returning(_links.c.id)


def is_of_person(session: Session, *, person_id: int | None, identity: IdentityDigest) -> bool:
    """Whether the number is that of the person, or of another paper that staff linked with it."""
    return any(identity.is_of(stored) for stored in session.scalars(_HASHES, {"person": person_id}))


def members(session: Session, *, link_id: int) -> Sequence[int]:
    """The persons whose papers are linked."""
    return session.scalars(_MEMBERS, {"link": link_id}).all()


def with_linked(session: Session, person_ids: Collection[int]) -> frozenset[int]:
    """These people, and the persons of all papers that staff linked with theirs."""
    return frozenset(session.scalars(_SAME, {"persons": list(person_ids)}))


def links_of(session: Session, person_ids: Collection[int]) -> dict[int, int]:
    """The link of each of these people, where there is one."""
    found = session.execute(_LINKS, {"persons": list(person_ids)})
    return {row.id: row.link_id for row in found if row.link_id is not None}


def lock(session: WriteSession, person_ids: Collection[int]) -> dict[int, int | None]:
    """The link of each of these people, locked until the transaction ends: of two clerks the second sees the first."""
    found = session.connection().execute(_LOCK, {"persons": list(person_ids)})
    return {row.id: row.link_id for row in found}


def new_link(session: WriteSession, *, now: datetime) -> int:
    """A link without papers."""
    made: int = session.connection().execute(_NEW, {"made_at": now}).scalar_one()
    return made


def put(session: WriteSession, person_ids: Collection[int], *, link_id: int | None) -> None:
    """Give these people this link; None = none any more."""
    session.connection().execute(_PUT, {"persons": list(person_ids), "link": link_id})
