"""Reads how it stands with the services of an office, and how it stood before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from desk.capacity.models import Queue, QueueService, ServiceStatus
from desk.capacity.status_rules import WITHHELD, GivingState, LegalBasis
from desk.catalogue.models import Service
from desk.language.text import Localised
from desk.offices.models import Office
from desk.offices.reach import offices_within
from desk.organisation import Scope
from desk.storage.rows import columns_for
from desk.storage.upsert import table_of

_statuses, _queues, _links = table_of(ServiceStatus), table_of(Queue), table_of(QueueService)
_services, _offices = table_of(Service), table_of(Office)


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One state of a service of an office; `to_at` None = it is the present one."""

    id: int
    office_id: int
    service_id: int
    state: GivingState
    from_at: datetime
    to_at: datetime | None
    until_day: date | None
    basis: LegalBasis
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class OfficeServiceRow:
    """A service that queues of an office serve or served, with its states, the present one first."""

    service_id: int
    title: Localised
    is_tied: bool
    """A queue of the office serves it, or would if it were not withheld."""
    statuses: tuple[StatusRow, ...]

    @property
    def present(self) -> StatusRow | None:
        """The present state as it was entered; None = the office simply gives it."""
        return next((each for each in self.statuses if each.to_at is None), None)

    @property
    def state(self) -> GivingState:
        """The present state."""
        return self.present.state if self.present else GivingState.ACTIVE


@dataclass(frozen=True, slots=True)
class TermOver:
    """A state whose day has come, so that somebody looks at it again."""

    office_id: int
    office_name: Localised
    office_code: str
    service_id: int
    title: Localised
    state: GivingState
    until_day: date


_STATUSES: Select[Any] = select(
    *columns_for(StatusRow, *(_statuses.c[name] for name in StatusRow.__dataclass_fields__))
)
_OF_OFFICE = _STATUSES.where(_statuses.c.office_id == bindparam("office")).order_by(_statuses.c.id.desc())
_TIES = (
    select(_links.c.service_id, _links.c.is_tied)
    .join(_queues, _queues.c.id == _links.c.queue_id)
    .where(_queues.c.office_id == bindparam("office"))
)
_TITLES = select(_services.c.id, _services.c.title).order_by(_services.c.position, _services.c.id)
_TERMS = (
    select(
        _statuses.c.office_id,
        _offices.c.name,
        _offices.c.code,
        _statuses.c.service_id,
        _services.c.short_title,
        _statuses.c.state,
        _statuses.c.until_day,
    )
    .join(_offices, _offices.c.id == _statuses.c.office_id)
    .join(_services, _services.c.id == _statuses.c.service_id)
    .where(_statuses.c.to_at.is_(None), _statuses.c.until_day < bindparam("today", type_=_statuses.c.until_day.type))
    .order_by(_statuses.c.until_day, _statuses.c.id)
)


def services_of(session: Session, *, office_id: int) -> list[OfficeServiceRow]:
    """The services of an office in the order of the catalogue. Three statements, however many there are."""
    statuses: dict[int, list[StatusRow]] = defaultdict(list)
    for row in session.execute(_OF_OFFICE, {"office": office_id}):
        statuses[row.service_id].append(StatusRow(*row))
    tied: dict[int, bool] = {}
    for service_id, is_tied in session.execute(_TIES, {"office": office_id}):
        tied[service_id] = tied.get(service_id, False) or is_tied
    wanted = {each for each, is_tied in tied.items() if is_tied} | statuses.keys()
    return [
        OfficeServiceRow(id, title, tied.get(id, False), tuple(statuses[id]))
        for id, title in session.execute(_TITLES.where(_services.c.id.in_(wanted)))
    ]


def withheld(session: Session, *, office_id: int) -> frozenset[int]:
    """The ids of the services that nobody can book at this office until somebody gives them back."""
    return frozenset(
        session.scalars(
            select(_statuses.c.service_id).where(
                _statuses.c.office_id == office_id,
                _statuses.c.to_at.is_(None),
                _statuses.c.state.in_(sorted(WITHHELD)),
            )
        )
    )


def terms_over(session: Session, *, scope: Scope, today: date) -> Sequence[TermOver]:
    """The states within `scope` whose day is over: nothing has happened by itself, and somebody has to decide."""
    return [TermOver(*row) for row in session.execute(_TERMS.where(offices_within(scope)), {"today": today})]
