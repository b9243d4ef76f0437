"""Writing the catalogue: services, dated fees, papers and steps; every change is audited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields as fields_of
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select

from desk.audit.actions import record
from desk.catalogue.models import Service, ServiceFee, ServicePaper, ServiceStep
from desk.catalogue.refusals import (
    CopyDemanded,
    FeeOverlaps,
    IrreversibleNotBookable,
    ServiceCodeTaken,
    ShortTitleTooLong,
)
from desk.catalogue.rows import PaperInput, ServiceFields, StepInput
from desk.catalogue.rules import SHORT_TITLE_LETTERS, demands_a_copy
from desk.language.folding import fold
from desk.language.text import Localised
from desk.storage.base import WriteSession
from desk.values import Money

ONE_DAY = timedelta(days=1)


def save_service(
    session: WriteSession, *, service_id: int | None = None, fields: ServiceFields, staff_id: int | None, now: datetime
) -> int:
    """Make a service, or change the one of `service_id`; its id is returned.

    Raises ServiceCodeTaken, ShortTitleTooLong, IrreversibleNotBookable, CopyDemanded; LookupError for an unknown id.
    """
    rival = session.scalar(select(Service.id).where(Service.code == fields.code, Service.id != (service_id or 0)))
    if rival is not None:
        raise ServiceCodeTaken(service_id=rival)
    longest = max((len(wording) for wording in fields.short_title.to_mapping().values()), default=0)
    if longest > SHORT_TITLE_LETTERS:
        raise ShortTitleTooLong(letters=longest, most=SHORT_TITLE_LETTERS)
    if fields.is_irreversible and fields.is_bookable:
        raise IrreversibleNotBookable
    _refuse_copies(fields.description, fields.taken_at_counter)
    service = Service() if service_id is None else session.get(Service, service_id)
    if service is None:
        raise LookupError(f"no service {service_id}")
    for field in fields_of(fields):
        setattr(service, field.name, getattr(fields, field.name))
    service.official_form = dict(fields.official_form)
    service.keywords = fold(fields.keywords)[:400]
    service.changed_at = now
    session.add(service)
    session.flush()
    action = "service:create" if service_id is None else "service:update"
    _record(session, action=action, service_id=service.id, staff_id=staff_id, now=now)
    return service.id


def set_fee(
    session: WriteSession,
    *,
    service_id: int,
    province_code: str | None,
    amount: Money,
    valid_from: date,
    valid_to: date | None,
    source: Localised,
    source_date: date | None,
    confirmed_on: date | None,
    per_person: bool | None = None,
    staff_id: int | None,
    now: datetime,
) -> int:
    """Enter the fee that holds from `valid_from` on; the one before it ends the day before. The new fee's id.

    `province_code` None = the whole country, `valid_to` None = until further notice, `confirmed_on` None = entered but
    not yet shown to anybody. Raises FeeOverlaps where a fee that begins on or after `valid_from` is in the way.
    """
    session.execute(select(Service.id).where(Service.id == service_id).with_for_update())
    rivals = session.scalars(
        select(ServiceFee).where(
            ServiceFee.service_id == service_id,
            ServiceFee.province_code.is_(None) if province_code is None else ServiceFee.province_code == province_code,
            or_(ServiceFee.valid_to.is_(None), ServiceFee.valid_to >= valid_from),
        )
    ).all()
    for rival in rivals:
        if rival.valid_from >= valid_from and (valid_to is None or rival.valid_from <= valid_to):
            raise FeeOverlaps(fee_id=rival.id)
    for rival in rivals:
        if rival.valid_from < valid_from:
            rival.valid_to = valid_from - ONE_DAY
    fee = ServiceFee(
        service_id=service_id,
        province_code=province_code,
        amount_rial=amount.rial,
        per_person=per_person,
        valid_from=valid_from,
        valid_to=valid_to,
        source=source,
        source_date=source_date,
        confirmed_on=confirmed_on,
        entered_by=staff_id,
        entered_at=now,
    )
    session.add(fee)
    session.flush()
    detail = {"fee": fee.id, "rial": amount.rial, "from": valid_from.isoformat(), "province": province_code}
    _record(session, action="fee:set", service_id=service_id, staff_id=staff_id, now=now, detail=detail)
    return fee.id


def confirm_fee(session: WriteSession, *, fee_id: int, confirmed_on: date, staff_id: int | None, now: datetime) -> None:
    """Write down that somebody in charge confirmed the fee; from then on it is shown. Raises LookupError."""
    fee = _fee(session, fee_id)
    fee.confirmed_on = confirmed_on
    detail = {"fee": fee_id, "confirmed_on": confirmed_on.isoformat()}
    _record(session, action="fee:confirm", service_id=fee.service_id, staff_id=staff_id, now=now, detail=detail)


def end_fee(session: WriteSession, *, fee_id: int, last_day: date, staff_id: int | None, now: datetime) -> None:
    """Let a fee end after `last_day`; one that would end before it began is taken out. Raises LookupError."""
    fee = _fee(session, fee_id)
    detail = {"fee": fee_id, "rial": fee.amount_rial, "from": fee.valid_from.isoformat(), "to": last_day.isoformat()}
    if last_day < fee.valid_from:
        session.delete(fee)
    else:
        fee.valid_to = last_day
    session.flush()
    _record(session, action="fee:end", service_id=fee.service_id, staff_id=staff_id, now=now, detail=detail)


def save_papers(
    session: WriteSession, *, service_id: int, papers: Sequence[PaperInput], staff_id: int | None, now: datetime
) -> None:
    """Replace the papers of a service, in this order. Raises CopyDemanded: the original is shown, nothing is copied."""
    for paper in papers:
        _refuse_copies(paper.title, paper.note)
    session.execute(delete(ServicePaper).where(ServicePaper.service_id == service_id))
    session.add_all(
        ServicePaper(
            service_id=service_id,
            position=position,
            title=paper.title,
            note=paper.note,
            document_kind=paper.document_kind,
            is_optional=paper.is_optional,
        )
        for position, paper in enumerate(papers, start=1)
    )
    session.flush()
    detail = {"papers": len(papers)}
    _record(session, action="papers:save", service_id=service_id, staff_id=staff_id, now=now, detail=detail)


def save_steps(
    session: WriteSession, *, service_id: int, steps: Sequence[StepInput], staff_id: int | None, now: datetime
) -> None:
    """Replace the steps of a service, in this order."""
    session.execute(delete(ServiceStep).where(ServiceStep.service_id == service_id))
    session.add_all(
        ServiceStep(
            service_id=service_id, position=position, title=step.title, agency=step.agency, is_inquiry=step.is_inquiry
        )
        for position, step in enumerate(steps, start=1)
    )
    session.flush()
    detail = {"steps": len(steps)}
    _record(session, action="steps:save", service_id=service_id, staff_id=staff_id, now=now, detail=detail)


def _refuse_copies(*texts: Localised | None) -> None:
    for text in texts:
        for wording in (text.to_mapping() if text else {}).values():
            if demands_a_copy(wording):
                raise CopyDemanded(text=wording)


def _fee(session: WriteSession, fee_id: int) -> ServiceFee:
    fee = session.get(ServiceFee, fee_id)
    if fee is None:
        raise LookupError(f"no fee {fee_id}")
    return fee


def _record(
    session: WriteSession,
    *,
    action: str,
    service_id: int,
    staff_id: int | None,
    now: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    record(session, staff_id=staff_id, action=action, subject=f"service:{service_id}", detail=detail, now=now)
