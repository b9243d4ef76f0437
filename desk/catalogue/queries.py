"""Reading the catalogue: lists, a search in everyday words, and the card of a service."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from desk.catalogue.models import Service, ServiceFee, ServicePaper, ServiceStep
from desk.catalogue.rows import FeeRow, OverdueRow, PaperRow, ServiceCard, ServiceRow, StepRow
from desk.catalogue.rules import Channel, RecordState, meaningful_words, words_of
from desk.language.text import Localised
from desk.values import Money

SMALLEST_PREFIX = 3
"""Letters from which on the beginning of a word is taken for the word."""


def services(session: Session, *, bookable_only: bool = False, published_only: bool = True) -> list[ServiceRow]:
    """The services in their order."""
    query = _list(published_only=published_only)
    if bookable_only:
        query = query.where(Service.is_bookable.is_(True))
    return [ServiceRow(*found) for found in session.execute(query.order_by(Service.position, Service.id))]


def service(session: Session, *, service_id: int) -> ServiceRow | None:
    """The service of this id, published or not."""
    found = session.execute(_list(published_only=False).where(Service.id == service_id)).one_or_none()
    return None if found is None else ServiceRow(*found)


def search(session: Session, *, words: str, limit: int = 7) -> list[ServiceRow]:
    """Published services that the typed words mean, best first.

    A service counts the words found among its title and keywords; words nobody knows («می‌خواهم») are passed over.
    """
    tokens = meaningful_words(words)
    if not tokens:
        return []
    scored: list[tuple[int, int, ServiceRow]] = []
    for found in session.scalars(select(Service).where(Service.is_published.is_(True))):
        titles = [*found.title.to_mapping().values(), *found.short_title.to_mapping().values()]
        in_title, in_keywords = set(words_of(" ".join(titles))), set(words_of(found.keywords))
        score = sum(_weight(token, in_title) * 2 or _weight(token, in_keywords) for token in tokens)
        if score:
            scored.append((-score, found.position, listed(found)))
    return [listed for _, _, listed in sorted(scored, key=lambda each: each[:2])[:limit]]


def _weight(token: str, known: set[str]) -> int:
    if token in known:
        return 2
    if len(token) >= SMALLEST_PREFIX and any(
        word.startswith(token) or (len(word) >= SMALLEST_PREFIX and token.startswith(word)) for word in known
    ):
        return 1
    return 0


def card(session: Session, *, service_id: int, province_code: str | None = None, today: date) -> ServiceCard:
    """All that is announced about a service, with the fee in force on `today`; raises LookupError for an unknown id."""
    found = session.get(Service, service_id)
    if found is None:
        raise LookupError(f"no service {service_id}")
    return _card_of(session, found, province_code=province_code, today=today)


def card_by_code(session: Session, *, code: str, province_code: str | None = None, today: date) -> ServiceCard | None:
    """The card of the service with this code, such as a deep link carries."""
    found = session.scalar(select(Service).where(Service.code == code))
    return None if found is None else _card_of(session, found, province_code=province_code, today=today)


def fee_in_force(session: Session, *, service_id: int, province_code: str | None = None, today: date) -> FeeRow | None:
    """The confirmed fee valid on `today`: the province's own, else the country's; None = not announced."""
    where: ColumnElement[bool] = ServiceFee.province_code.is_(None)
    if province_code is not None:
        where = or_(where, ServiceFee.province_code == province_code)
    found = session.scalars(
        select(ServiceFee).where(
            ServiceFee.service_id == service_id,
            where,
            ServiceFee.confirmed_on.is_not(None),
            ServiceFee.valid_from <= today,
            or_(ServiceFee.valid_to.is_(None), ServiceFee.valid_to >= today),
        )
    ).all()
    best = max(found, key=lambda fee: (fee.province_code is not None, fee.valid_from, fee.id), default=None)
    return None if best is None else _fee_of(best)


def fee_history(session: Session, *, service_id: int) -> list[FeeRow]:
    """Every fee ever entered for a service, the country's first, the newest first."""
    found = session.scalars(select(ServiceFee).where(ServiceFee.service_id == service_id))
    rows = sorted((_fee_of(fee) for fee in found), key=lambda row: (row.valid_from, row.id), reverse=True)
    return sorted(rows, key=lambda row: row.province_code or "")


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


_LIST = (
    Service.id,
    Service.code,
    Service.title,
    Service.short_title,
    Service.is_bookable,
    Service.is_irreversible,
    Service.channel,
)


def _list(*, published_only: bool) -> Select[int, str, Localised, Localised, bool, bool, Channel | None]:
    query = select(*_LIST)
    return query.where(Service.is_published.is_(True)) if published_only else query


def listed(found: Service) -> ServiceRow:
    """The row of a loaded service."""
    return ServiceRow(
        id=found.id,
        code=found.code,
        title=found.title,
        short_title=found.short_title,
        is_bookable=found.is_bookable,
        is_irreversible=found.is_irreversible,
        channel=found.channel,
    )


def _card_of(session: Session, found: Service, *, province_code: str | None, today: date) -> ServiceCard:
    papers = session.scalars(
        select(ServicePaper).where(ServicePaper.service_id == found.id).order_by(ServicePaper.position, ServicePaper.id)
    )
    steps = session.scalars(
        select(ServiceStep).where(ServiceStep.service_id == found.id).order_by(ServiceStep.position, ServiceStep.id)
    )
    return ServiceCard(
        id=found.id,
        code=found.code,
        title=found.title,
        short_title=found.short_title,
        description=found.description,
        channel=found.channel,
        agency=found.agency,
        who_must_come=found.who_must_come,
        duration=found.duration,
        taken_at_counter=found.taken_at_counter,
        objection=found.objection,
        is_bookable=found.is_bookable,
        is_irreversible=found.is_irreversible,
        is_published=found.is_published,
        official_form=dict(found.official_form or {}),
        state=found.state,
        source=found.source,
        source_date=found.source_date,
        confirmed_on=found.confirmed_on,
        review_due=found.review_due,
        keywords=found.keywords,
        position=found.position,
        fee=fee_in_force(session, service_id=found.id, province_code=province_code, today=today),
        papers=tuple(PaperRow(p.id, p.title, p.note, p.document_kind, p.is_optional) for p in papers),
        steps=tuple(StepRow(s.id, s.position, s.title, s.agency, s.is_inquiry) for s in steps),
    )


def _fee_of(fee: ServiceFee) -> FeeRow:
    return FeeRow(
        id=fee.id,
        service_id=fee.service_id,
        province_code=fee.province_code,
        amount=Money(fee.amount_rial),
        per_person=fee.per_person,
        valid_from=fee.valid_from,
        valid_to=fee.valid_to,
        source=fee.source,
        source_date=fee.source_date,
        confirmed_on=fee.confirmed_on,
        entered_by=fee.entered_by,
        entered_at=fee.entered_at,
    )
