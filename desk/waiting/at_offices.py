"""How many people wait for a time at each of many offices: by the office itself, or by its whole province."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import String, cast, exists, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from desk.capacity.models import Queue, QueueService
from desk.offices.models import Office
from desk.offices.rows import OfficeRow
from desk.storage.upsert import table_of
from desk.waiting.keeping import IS_WAITING, places, requests

_queues, _links, _offices = table_of(Queue), table_of(QueueService), table_of(Office)
_too = places.alias("too")
_NO_PROVINCE, _NO_OFFICE = cast(null(), String), cast(null(), _offices.c.id.type)
_ITS_PROVINCE_TOO = exists().where(
    _too.c.request_id == places.c.request_id, _too.c.province_code == _offices.c.province_code
)
_BY_OFFICE = (
    select(requests.c.service_id, places.c.office_id, _NO_PROVINCE, func.sum(requests.c.people))
    .join_from(requests, places, places.c.request_id == requests.c.id)
    .join(_offices, _offices.c.id == places.c.office_id)
    .where(IS_WAITING, ~_ITS_PROVINCE_TOO)  # who wishes both is one person and not two
    .group_by(requests.c.service_id, places.c.office_id)
)
_BY_PROVINCE = (
    select(requests.c.service_id, _NO_OFFICE, places.c.province_code, func.sum(requests.c.people))
    .join_from(requests, places, places.c.request_id == requests.c.id)
    .where(IS_WAITING, places.c.province_code.is_not(None))
    .group_by(requests.c.service_id, places.c.province_code)
)
_GIVEN = (
    select(_links.c.service_id, _queues.c.office_id, _NO_PROVINCE, literal(0))
    .join_from(_links, _queues, _queues.c.id == _links.c.queue_id)
    .where(_links.c.is_active.is_(True), _queues.c.is_active.is_(True))
    .distinct()
)
_ALL = union_all(_BY_OFFICE, _BY_PROVINCE, _GIVEN)


def people_waiting(session: Session, *, offices: Iterable[OfficeRow], service_id: int | None = None) -> dict[int, int]:
    """The people of live requests who would take a time at each of these offices, by office; paused ones do not count.

    A request counts at an office that gives its service. Somebody who wishes a province counts at each office of it, so
    the numbers of several offices must not be added up. One statement, however many offices and requests.
    """
    by_office: dict[tuple[int, int], int] = defaultdict(int)
    by_province: dict[tuple[int, str], int] = defaultdict(int)
    given: dict[int, set[int]] = defaultdict(set)
    row: Any
    for row in session.execute(_ALL):
        service, office_id, province_code, people = row
        if service_id is not None and service != service_id:
            continue
        if province_code is not None:
            by_province[service, province_code] += int(people)
        elif people:
            by_office[service, office_id] += int(people)
        else:
            given[office_id].add(service)
    return {
        office.id: sum(
            by_office[each, office.id] + by_province[each, office.province_code] for each in given[office.id]
        )
        for office in offices
    }
