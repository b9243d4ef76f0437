"""Finds the live standing requests of the person at a counter: by the number they read out, or by that of their paper.

Nothing here names anybody. The number of the paper is compared by its hash, and who tries numbers is stopped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.catalogue.models import Service
from desk.codes import PublicId
from desk.language.text import Localised
from desk.offices.models import Office
from desk.offices.reach import offices_within
from desk.organisation import Scope
from desk.people.models import Person
from desk.people.rules import IdentityDigest
from desk.staff import number_search
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.waiting.models import PriorityClass, StandingRequest, StandingRequestPerson, StandingRequestPlace
from desk.waiting.rules import LIVE_REQUESTS, ClassReason, RequestState

_requests, _places = table_of(StandingRequest), table_of(StandingRequestPlace)
_people, _persons = table_of(StandingRequestPerson), table_of(Person)
_services, _offices, _classes = table_of(Service), table_of(Office), table_of(PriorityClass)
_HERE = and_(
    _places.c.request_id == _requests.c.id,
    or_(_places.c.office_id == _offices.c.id, _places.c.province_code == _offices.c.province_code),
)
_IS_LIVE = _requests.c.state.in_(LIVE_REQUESTS)


@dataclass(frozen=True, slots=True)
class WaitingAtOffice:
    """A live request as staff of an office see it that it wishes: no name, and nobody's number."""

    id: int
    public_id: str
    service: Localised
    people: int
    state: RequestState
    since: datetime
    class_id: int | None
    class_reason: ClassReason | None
    class_name: Localised | None
    office_id: int
    """One of the offices within reach at which it waits."""
    office: Localised
    zone: str


def waiting_here(session: Session, *, request_id: int, scope: Scope) -> WaitingAtOffice | None:
    """The live request, if it waits at an office within `scope`."""
    return next(iter(_found(session, _requests.c.id == request_id, scope=scope)), None)


def waited_here(session: Session, *, request_id: int, scope: Scope) -> WaitingAtOffice | None:
    """The request that is over, if it waited at an office within `scope`; who waited is not known any more."""
    over = _requests.c.state.not_in(LIVE_REQUESTS)
    return next(iter(_found(session, _requests.c.id == request_id, scope=scope, state=over)), None)


def of_public_id(session: Session, *, public_id: PublicId, scope: Scope) -> list[WaitingAtOffice]:
    """The live request of this public id, if it waits within `scope`."""
    return _found(session, _requests.c.public_id == public_id.signs, scope=scope)


def of_paper(
    session: WriteSession, *, identity: IdentityDigest, scope: Scope, actor: Actor, now: datetime
) -> list[WaitingAtOffice]:
    """The live requests within `scope` for the person with this number, or with papers linked with it; one that is
    nobody's is counted.

    Raises TooManyNumbers.
    """
    number_search.require_tries_left(session, actor=actor, now=now)
    waits = exists().where(
        _people.c.request_id == _requests.c.id,
        or_(_persons.c.id == _people.c.person_id, _persons.c.link_id == _people.c.link_id),
        _persons.c.identity_hash.in_(bindparam("hashes", list(identity.hashes), expanding=True)),
    )
    found = _found(session, waits, scope=scope)
    if not found:
        number_search.note_miss(session, actor=actor, counts=True, now=now)
    return found


def _found(session: Session, those: Any, *, scope: Scope, state: Any = _IS_LIVE) -> list[WaitingAtOffice]:
    """One row of each request, at the first of the offices."""
    rows: Sequence[Any] = session.execute(
        select(
            *_requests.c["id", "public_id"],
            _services.c.short_title,
            *_requests.c["people", "state", "since", "class_id", "class_reason"],
            _classes.c.name,
            _offices.c.id,
            _offices.c.name,
            _offices.c.zone,
        )
        .join_from(_requests, _services, _services.c.id == _requests.c.service_id)
        .join(_places, _places.c.request_id == _requests.c.id)
        .join(_offices, _HERE)
        .outerjoin(_classes, _classes.c.id == _requests.c.class_id)
        .where(those, state, offices_within(scope))
        .order_by(_requests.c.id, _offices.c.id)
    ).all()
    return list({row[0]: WaitingAtOffice(*row) for row in reversed(rows)}.values())[::-1]
