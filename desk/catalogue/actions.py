"""The actions on the catalogue: services, dated fees, papers and steps; each checks authority and writes the
history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields as fields_of
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import or_, select

from desk.acting import Actor, Permission
from desk.calendar import TEHRAN, local_day_of
from desk.catalogue.models import Service, ServiceFee, ServicePaper, ServiceStep
from desk.catalogue.refusals import (
    CopyDemanded,
    FeeInForce,
    FeeNotLonger,
    FeeOverlaps,
    IrreversibleNotBookable,
    NoSuchOpening,
    ServiceCodeTaken,
    ShortTitleTooLong,
)
from desk.catalogue.rows import PaperInput, ServiceFields, StepInput
from desk.catalogue.rules import MINUTES_OF_A_DAY, MOST_DAYS_AHEAD, SHORT_TITLE_LETTERS, demands_a_copy
from desk.events import actions as events
from desk.events.rules import plain, values_of
from desk.language.text import Localised
from desk.organisation import NATION
from desk.reading.folding import fold
from desk.refusals import whole
from desk.storage.base import WriteSession
from desk.values import Money

ONE_DAY = timedelta(days=1)

Part = TypeVar("Part", ServicePaper, ServiceStep)
FEE = ("amount_rial", "per_person", "province_code", "valid_from", "valid_to", "confirmed_on")
"""The values of a fee that the history keeps."""

Entered = TypeVar("Entered", PaperInput, StepInput)


def save_service(
    session: WriteSession, *, service_id: int | None = None, fields: ServiceFields, actor: Actor, now: datetime
) -> int:
    """Make a service, or change the one of `service_id`; returns its id.

    Raises ServiceCodeTaken, ShortTitleTooLong, IrreversibleNotBookable, NoSuchOpening, CopyDemanded; LookupError for
    an unknown id.
    """
    actor.require(Permission.CATALOGUE_WRITE, at=NATION)
    rival = session.scalar(select(Service.id).where(Service.code == fields.code, Service.id != (service_id or 0)))
    if rival is not None:
        raise ServiceCodeTaken(service_id=rival)
    longest = max((len(wording) for wording in fields.short_title.to_mapping().values()), default=0)
    if longest > SHORT_TITLE_LETTERS:
        raise ShortTitleTooLong(letters=longest, most=SHORT_TITLE_LETTERS)
    if fields.is_irreversible and fields.is_bookable:
        raise IrreversibleNotBookable
    if fields.days_ahead is not None and not 1 <= fields.days_ahead <= MOST_DAYS_AHEAD:
        raise NoSuchOpening("days_ahead")
    if fields.opens_at is not None and (fields.days_ahead is None or not 0 <= fields.opens_at < MINUTES_OF_A_DAY):
        raise NoSuchOpening("opens_at")
    # Keywords are for the search and are not shown, so a copy may be named in them.
    _refuse_copies(*(getattr(fields, field.name) for field in fields_of(fields) if field.name != "keywords"))
    service = Service() if service_id is None else session.get(Service, service_id)
    if service is None:
        raise LookupError(f"no service {service_id}")
    told = [field.name for field in fields_of(fields) if field.name != "official_form"]
    before = values_of(service, *told) if service_id is not None else None
    form_before = dict(service.official_form or {})
    for field in fields_of(fields):
        setattr(service, field.name, getattr(fields, field.name))
    service.official_form = dict(fields.official_form)
    service.keywords = whole(fold(fields.keywords), most=400)
    service.changed_at = now
    session.add(service)
    session.flush()
    events.note(
        session,
        actor=actor,
        kind="service.create" if service_id is None else "service.update",
        subject=f"service:{service.id}",
        old=before,
        new=values_of(service, *told),
        data={"official_form": "changed"} if dict(service.official_form) != form_before else None,
        now=now,
    )
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
    actor: Actor,
    now: datetime,
) -> int:
    """Enter a fee that holds from `valid_from` on; returns its id. A confirmed fee ends the one before it the day
    before.

    `province_code` None = the whole country; `valid_to` None = until further notice; `confirmed_on` None = entered, not
    yet shown to anybody. Raises FeeOverlaps where a fee that begins on or after `valid_from` overlaps.
    """
    actor.require(Permission.CATALOGUE_WRITE, at=NATION)
    _refuse_copies(source)
    keep_parts(session, service_id=service_id)
    rivals = _rivals(
        session, service_id=service_id, province_code=province_code, valid_from=valid_from, valid_to=valid_to
    )
    for rival in rivals:
        if rival.valid_from >= valid_from:
            raise FeeOverlaps(fee_id=rival.id)
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
        entered_by=actor.staff_id,
        entered_at=now,
    )
    session.add(fee)
    session.flush()
    if confirmed_on is not None:
        _cut(rivals, by=fee)
    events.note(
        session,
        actor=actor,
        kind="fee.set",
        subject=f"service:{service_id}",
        others=[f"fee:{fee.id}"],
        province_code=province_code,
        new=values_of(fee, *FEE),
        now=now,
    )
    return fee.id


def confirm_fee(session: WriteSession, *, fee_id: int, confirmed_on: date, actor: Actor, now: datetime) -> None:
    """Record that somebody in charge confirmed the fee: it is shown from then on, and the fee before it ends.

    Raises FeeOverlaps where a confirmed fee that begins later overlaps, and LookupError.
    """
    actor.require(Permission.CATALOGUE_WRITE, at=NATION)
    fee = _fee(session, fee_id)
    rivals = _rivals(
        session,
        service_id=fee.service_id,
        province_code=fee.province_code,
        valid_from=fee.valid_from,
        valid_to=fee.valid_to,
        besides=fee.id,
    )
    for rival in rivals:
        if rival.valid_from >= fee.valid_from and rival.confirmed_on is not None:
            raise FeeOverlaps(fee_id=rival.id)
    _cut(rivals, by=fee)
    old = values_of(fee, "confirmed_on")
    fee.confirmed_on = confirmed_on
    events.note(
        session,
        actor=actor,
        kind="fee.confirm",
        subject=f"service:{fee.service_id}",
        others=[f"fee:{fee_id}"],
        province_code=fee.province_code,
        old=old,
        new=values_of(fee, "confirmed_on"),
        data=values_of(fee, "amount_rial"),
        now=now,
    )


def end_fee(session: WriteSession, *, fee_id: int, last_day: date, actor: Actor, now: datetime) -> None:
    """End a fee after `last_day`, which may only make it shorter; a fee that would end before it began is withdrawn.

    A fee is only withdrawn if nobody could have read it: it is not confirmed, or its first day is still to come. The
    fee before it, which it had ended, then gets its former last day back. Raises FeeNotLonger, FeeInForce, LookupError.
    """
    actor.require(Permission.CATALOGUE_WRITE, at=NATION)
    fee = _fee(session, fee_id)
    if fee.valid_to is not None and last_day > fee.valid_to:
        raise FeeNotLonger(fee_id=fee_id)
    old, detail = values_of(fee, "valid_to"), values_of(fee, "amount_rial", "valid_from")
    if last_day < fee.valid_from:
        if fee.confirmed_on is not None and fee.valid_from <= local_day_of(now, zone=TEHRAN).date:
            raise FeeInForce(fee_id=fee_id)
        _give_back_the_one_before(session, fee)
        session.delete(fee)
    else:
        fee.valid_to, fee.cut_by, fee.uncut_to = last_day, None, None
    session.flush()
    events.note(
        session,
        actor=actor,
        kind="fee.end",
        subject=f"service:{fee.service_id}",
        others=[f"fee:{fee_id}"],
        province_code=fee.province_code,
        old=old,
        new={"valid_to": plain(last_day)},
        data=detail,
        now=now,
    )


PAPER = ("title", "note", "document_kind", "is_optional")
STEP = ("title", "agency", "is_inquiry")


def keep_parts(session: WriteSession, *, service_id: int) -> None:
    """Lock the fees, papers and steps of this service until the transaction ends.

    Call it before reading a list that is saved after a change; otherwise one of two concurrent changes is lost.
    """
    session.execute(select(Service.id).where(Service.id == service_id).with_for_update())


def save_papers(
    session: WriteSession, *, service_id: int, papers: Sequence[PaperInput], actor: Actor, now: datetime
) -> None:
    """Make these the papers of a service, in this order; entries with an id keep it, rows that are left out are
    deleted.

    Raises CopyDemanded where a text demands a copy, and LookupError for an unknown id.
    """
    actor.require(Permission.CATALOGUE_WRITE, at=NATION)
    for paper in papers:
        _refuse_copies(paper.title, paper.note)
    keep_parts(session, service_id=service_id)
    there = session.scalars(
        select(ServicePaper).where(ServicePaper.service_id == service_id).order_by(ServicePaper.position)
    ).all()
    before = [values_of(row, *PAPER) for row in there]
    rows = _matched(session, there, papers)
    for position, (paper, found) in enumerate(rows, start=1):
        row = found or ServicePaper(service_id=service_id)
        row.position, row.title, row.note = position, paper.title, paper.note
        row.document_kind, row.is_optional = paper.document_kind, paper.is_optional
        session.add(row)
    session.flush()
    after = [values_of(paper, *PAPER) for paper in papers]
    _note_parts(session, "papers.save", service_id=service_id, before=before, after=after, actor=actor, now=now)


def save_steps(
    session: WriteSession, *, service_id: int, steps: Sequence[StepInput], actor: Actor, now: datetime
) -> None:
    """Make these the steps of a service, in this order, as `save_papers` does; raises CopyDemanded, LookupError."""
    actor.require(Permission.CATALOGUE_WRITE, at=NATION)
    for step in steps:
        _refuse_copies(step.title, step.agency)
    keep_parts(session, service_id=service_id)
    there = session.scalars(
        select(ServiceStep).where(ServiceStep.service_id == service_id).order_by(ServiceStep.position)
    ).all()
    before = [values_of(row, *STEP) for row in there]
    rows = _matched(session, there, steps)
    for position, (step, found) in enumerate(rows, start=1):
        row = found or ServiceStep(service_id=service_id)
        row.position, row.title = position, step.title
        row.agency, row.is_inquiry = step.agency, step.is_inquiry
        session.add(row)
    session.flush()
    after = [values_of(step, *STEP) for step in steps]
    _note_parts(session, "steps.save", service_id=service_id, before=before, after=after, actor=actor, now=now)


def _note_parts(
    session: WriteSession,
    kind: str,
    *,
    service_id: int,
    before: list[dict[str, Any]],
    after: list[dict[str, Any]],
    actor: Actor,
    now: datetime,
) -> None:
    """Note the titles before and after; of the values below the same titles only that they were changed."""
    name, _dot, _verb = kind.partition(".")
    old, new = ([each["title"] for each in parts] for parts in (before, after))
    events.note(
        session,
        actor=actor,
        kind=kind,
        subject=f"service:{service_id}",
        old={name: old},
        new={name: new},
        data={name: "changed"} if old == new and before != after else None,
        now=now,
    )


def _matched(
    session: WriteSession, there: Iterable[Part], entered: Sequence[Entered]
) -> list[tuple[Entered, Part | None]]:
    """Pair each entered part with the row it changes (None = a new one), and delete the other rows."""
    rest = {row.id: row for row in there}
    found: dict[int, Part] = {}
    for place, each in enumerate(entered):
        if each.id is not None:
            row = rest.pop(each.id, None)
            if row is None:
                raise LookupError(f"no part {each.id}")
            found[place] = row
    for place, each in enumerate(entered):
        same = next((row for row in rest.values() if each.id is None and row.title == each.title), None)
        if same is not None:
            found[place] = rest.pop(same.id)
    for row in rest.values():
        session.delete(row)
    return [(each, found.get(place)) for place, each in enumerate(entered)]


def _rivals(
    session: WriteSession,
    *,
    service_id: int,
    province_code: str | None,
    valid_from: date,
    valid_to: date | None,
    besides: int = 0,
) -> Sequence[ServiceFee]:
    """The fees of the same service and place that overlap these dates."""
    query = select(ServiceFee).where(
        ServiceFee.service_id == service_id,
        ServiceFee.id != besides,
        ServiceFee.province_code.is_(None) if province_code is None else ServiceFee.province_code == province_code,
        or_(ServiceFee.valid_to.is_(None), ServiceFee.valid_to >= valid_from),
    )
    if valid_to is not None:
        query = query.where(ServiceFee.valid_from <= valid_to)
    return session.scalars(query.order_by(ServiceFee.id)).all()


def _cut(rivals: Iterable[ServiceFee], *, by: ServiceFee) -> None:
    for rival in rivals:
        if rival.valid_from < by.valid_from:
            if rival.cut_by is None:
                rival.uncut_to = rival.valid_to
            rival.valid_to, rival.cut_by = by.valid_from - ONE_DAY, by.id


def _give_back_the_one_before(session: WriteSession, fee: ServiceFee) -> None:
    """Give the fees that `fee` had ended their time back, at most until the next confirmed one begins."""
    cut = session.scalars(select(ServiceFee).where(ServiceFee.cut_by == fee.id)).all()
    for before in cut:
        following = session.scalars(
            select(ServiceFee)
            .where(
                ServiceFee.service_id == before.service_id,
                ServiceFee.province_code.is_(None)
                if before.province_code is None
                else ServiceFee.province_code == before.province_code,
                ServiceFee.id != fee.id,
                ServiceFee.confirmed_on.is_not(None),
                ServiceFee.valid_from > before.valid_from,
            )
            .order_by(ServiceFee.valid_from)
            .limit(1)
        ).one_or_none()
        if following is None or (before.uncut_to is not None and before.uncut_to < following.valid_from):
            before.valid_to, before.cut_by, before.uncut_to = before.uncut_to, None, None
        else:
            before.valid_to, before.cut_by = following.valid_from - ONE_DAY, following.id


def _refuse_copies(*values: object) -> None:
    """Raise CopyDemanded for a demand for a copy in any of these texts, also within lists and mappings."""
    for value in values:
        match value:
            case str() if demands_a_copy(value):
                raise CopyDemanded(text=value)
            case Localised():
                _refuse_copies(*value.to_mapping().values())
            case Mapping():
                _refuse_copies(*value.values())
            case list() | tuple():
                _refuse_copies(*value)


def _fee(session: WriteSession, fee_id: int) -> ServiceFee:
    """The present fee, with its service locked."""
    fee = session.get(ServiceFee, fee_id)
    if fee is None:
        raise LookupError(f"no fee {fee_id}")
    keep_parts(session, service_id=fee.service_id)
    session.refresh(fee)
    return fee
