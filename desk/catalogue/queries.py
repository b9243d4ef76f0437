"""Reading the catalogue: lists, a search by everyday words, and the card of a service."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from desk.catalogue.models import Service, ServiceFee, ServicePaper, ServiceStep
from desk.catalogue.rows import FeeRow, OverdueRow, PaperRow, ServiceCard, ServiceRow, StepRow
from desk.catalogue.rules import RecordState, meaningful_words, words_of
from desk.reading.latin import consonants, is_latin
from desk.storage.rows import columns_for
from desk.storage.upsert import table_of
from desk.values import Money

SMALLEST_PREFIX = 3
"""The fewest letters of which the beginning of a word matches the word."""


_service, _fee = table_of(Service), table_of(ServiceFee)
_paper, _step = table_of(ServicePaper), table_of(ServiceStep)

LISTED = columns_for(
    ServiceRow,
    *_service.c["id", "code", "title", "short_title", "is_bookable", "is_irreversible", "channel"],
    *_service.c["paper_province", "needs_slip", "travel_kinds", "is_per_household"],
)
"""The columns of a `ServiceRow`, in its order."""

TAKES_APPOINTMENTS = and_(
    _service.c.is_bookable.is_(True), _service.c.is_irreversible.is_(False), _service.c.is_published.is_(True)
)
"""The condition that a service takes appointments, used where one is offered, held and booked."""

# Statements are built once: building one anew takes several times as long as running it.
_ONE = select(*LISTED).where(_service.c.id == bindparam("service"))
_LISTS = ("fee", "papers", "steps")
_CARD = select(*(_service.c[field.name] for field in fields(ServiceCard) if field.name not in _LISTS))
_CARD_BY_ID = _CARD.where(_service.c.id == bindparam("service"))
_CARD_BY_CODE = _CARD.where(_service.c.code == bindparam("code"))
_PAPERS = (
    select(*columns_for(PaperRow, *_paper.c["id", "title", "note", "document_kind", "is_optional"]))
    .where(_paper.c.service_id == bindparam("service"))
    .order_by(_paper.c.position, _paper.c.id)
)
_STEPS = (
    select(*columns_for(StepRow, *_step.c["id", "position", "title", "agency", "is_inquiry"]))
    .where(_step.c.service_id == bindparam("service"))
    .order_by(_step.c.position, _step.c.id)
)
_FEES = select(*(_fee.c[{"amount": "amount_rial"}.get(field.name, field.name)] for field in fields(FeeRow))).where(
    _fee.c.service_id == bindparam("service")
)


_MOST_USED_FIRST = (
    func.sum(_service.c.used).over(partition_by=_service.c.channel).desc(),
    func.min(_service.c.position).over(partition_by=_service.c.channel),
    func.min(_service.c.id).over(partition_by=_service.c.channel),  # so that two kinds which are used alike stay apart
    _service.c.used.desc(),
    _service.c.position,
    _service.c.id,
)
"""The order for applicants: the services of one kind of place together, each time what is used most first."""


@cache
def _list(*, bookable_only: bool, published_only: bool) -> Select[Any]:
    query = select(*LISTED)
    if published_only:
        query = query.where(_service.c.is_published.is_(True)).order_by(*_MOST_USED_FIRST)
    else:
        query = query.order_by(_service.c.position, _service.c.id)
    return query.where(_service.c.is_bookable.is_(True)) if bookable_only else query


@cache
def _fees_in_force(*, of_province: bool) -> Select[Any]:
    where: ColumnElement[bool] = _fee.c.province_code.is_(None)
    if of_province:
        where = or_(where, _fee.c.province_code == bindparam("province"))
    day: BindParameter[date] = bindparam("day")
    return _FEES.where(
        where,
        _fee.c.confirmed_on.is_not(None),
        _fee.c.valid_from <= day,
        or_(_fee.c.valid_to.is_(None), _fee.c.valid_to >= day),
    )


def services(session: Session, *, bookable_only: bool = False, published_only: bool = True) -> list[ServiceRow]:
    """The services: for applicants (`published_only`) by kind and use, for staff in the order that staff gave them."""
    found = session.execute(_list(bookable_only=bookable_only, published_only=published_only))
    return [ServiceRow(*values) for values in found]


def service(session: Session, *, service_id: int) -> ServiceRow | None:
    """The service of this id, published or not."""
    found = session.execute(_ONE, {"service": service_id}).one_or_none()
    return None if found is None else ServiceRow(*found)


def search(session: Session, *, words: str) -> list[ServiceRow]:
    """The published services that match the typed words, best first.

    Words that match no service («می‌خواهم») are ignored. In Latin letters («amayesh») titles are found by consonants.
    """
    return [row for _score, row in _scored(session, words)]


def named(session: Session, *, words: str) -> list[ServiceRow]:
    """The published services that match the typed words best, and all equally well."""
    scored = _scored(session, words)
    return [row for score, row in scored if score == scored[0][0]]


def _scored(session: Session, words: str) -> list[tuple[int, ServiceRow]]:
    """The services that match, each with how well it does, best first."""
    tokens = meaningful_words(words)
    if not tokens:
        return []
    sounds = consonants(words) if is_latin(words) else []
    scored: list[tuple[int, int, ServiceRow]] = []
    for found in session.scalars(select(Service).where(Service.is_published.is_(True))):
        titles = [*found.title.to_mapping().values(), *found.short_title.to_mapping().values()]
        in_title, in_keywords = words_of(" ".join(titles)), words_of(found.keywords)
        score = sum(_weight(token, in_title) * 2 or _weight(token, in_keywords) for token in tokens)
        if sounds and not score:
            score = len(set(sounds) & set(consonants(" ".join(titles))))
        if score:
            scored.append((score, found.position, listed(found)))
    return [(score, row) for score, _, row in sorted(scored, key=lambda each: (-each[0], each[1]))]


def _weight(token: str, known: set[str]) -> int:
    if token in known:
        return 2
    if len(token) >= SMALLEST_PREFIX and any(
        word.startswith(token) or (len(word) >= SMALLEST_PREFIX and token.startswith(word)) for word in known
    ):
        return 1
    return 0


def card(session: Session, *, service_id: int, province_code: str | None = None, today: date) -> ServiceCard:
    """The card of a service, with the fee in force on `today`; raises LookupError for an unknown id."""
    found = session.execute(_CARD_BY_ID, {"service": service_id}).one_or_none()
    if found is None:
        raise LookupError(f"no service {service_id}")
    return _card_of(session, found, province_code=province_code, today=today)


def card_by_code(session: Session, *, code: str, province_code: str | None = None, today: date) -> ServiceCard | None:
    """The card of the service with this code, such as a deep link carries."""
    found = session.execute(_CARD_BY_CODE, {"code": code}).one_or_none()
    return None if found is None else _card_of(session, found, province_code=province_code, today=today)


def fee_in_force(session: Session, *, service_id: int, province_code: str | None = None, today: date) -> FeeRow | None:
    """The confirmed fee valid on `today`: the province's, else the country's; None = not announced."""
    asked: dict[str, Any] = {"service": service_id, "day": today}
    if province_code is not None:
        asked["province"] = province_code
    found = session.execute(_fees_in_force(of_province=province_code is not None), asked)
    fees = [_fee_of(values) for values in found]
    return max(fees, key=lambda fee: (fee.province_code is not None, fee.valid_from, fee.id), default=None)


_UNCONFIRMED = (
    select(func.count())
    .select_from(ServiceFee)
    .where(
        ServiceFee.confirmed_on.is_(None),
        or_(ServiceFee.valid_to.is_(None), ServiceFee.valid_to >= bindparam("today", type_=ServiceFee.valid_from.type)),
    )
)


def papers(session: Session, *, service_id: int) -> tuple[PaperRow, ...]:
    """The papers to bring for a service, those of every kind of identity paper."""
    return tuple(PaperRow(*paper) for paper in session.execute(_PAPERS, {"service": service_id}))


def fee_history(session: Session, *, service_id: int) -> list[FeeRow]:
    """Every fee ever entered for a service: those of the country first, then by first day, newest first."""
    found = session.execute(_FEES, {"service": service_id})
    rows = sorted((_fee_of(values) for values in found), key=lambda row: (row.valid_from, row.id), reverse=True)
    return sorted(rows, key=lambda row: row.province_code or "")


def unconfirmed_fees(session: Session, *, today: date) -> int:
    """The number of unconfirmed fees of today or a later day; applicants do not see them."""
    return session.scalar(_UNCONFIRMED, {"today": today}) or 0


def overdue(session: Session, *, today: date) -> list[OverdueRow]:
    """Services whose yearly review is due on `today` or before, longest overdue first."""
    found = session.scalars(
        select(Service)
        .where(Service.review_due.is_not(None), Service.review_due <= today, Service.state != RecordState.DRAFT)
        .order_by(Service.review_due, Service.id)
    )
    return [
        OverdueRow(service=listed(service), confirmed_on=service.confirmed_on, review_due=service.review_due)
        for service in found
        if service.review_due is not None
    ]


def listed(found: Service) -> ServiceRow:
    """The `ServiceRow` of a row of the query."""
    return ServiceRow(
        id=found.id,
        code=found.code,
        title=found.title,
        short_title=found.short_title,
        is_bookable=found.is_bookable,
        is_irreversible=found.is_irreversible,
        channel=found.channel,
        paper_province=found.paper_province,
        needs_slip=found.needs_slip,
        travel_kinds=found.travel_kinds,
        is_per_household=found.is_per_household,
    )


def _card_of(session: Session, found: Row[Any], *, province_code: str | None, today: date) -> ServiceCard:
    asked = {"service": found.id}
    card = dict(found._mapping)
    return ServiceCard(
        **card | {"official_form": dict(found.official_form or {})},
        fee=fee_in_force(session, service_id=found.id, province_code=province_code, today=today),
        papers=papers(session, service_id=asked["service"]),
        steps=tuple(StepRow(*step) for step in session.execute(_STEPS, asked)),
    )


def _fee_of(found: Row[Any]) -> FeeRow:
    fee = dict(found._mapping)
    return FeeRow(amount=Money(fee.pop("amount_rial")), **fee)
