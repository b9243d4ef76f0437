"""The actions on the dated fees of a service; each checks authority and writes the history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select

from desk.acting import Actor, Permission
from desk.calendar import TEHRAN, local_day_of
from desk.catalogue.actions import keep_parts, refuse_copies
from desk.catalogue.models import ServiceFee
from desk.catalogue.refusals import (
    FeeInForce,
    FeeNotLonger,
    FeeOverlaps,
)
from desk.events import actions as events
from desk.events.rules import plain, values_of
from desk.language.text import Localised
from desk.organisation import NATION
from desk.storage.base import WriteSession
from desk.values import Money

ONE_DAY = timedelta(days=1)

FEE = ("amount_rial", "per_person", "province_code", "valid_from", "valid_to", "confirmed_on")
"""The values of a fee that the history keeps."""


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
    refuse_copies(source)
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


def _fee(session: WriteSession, fee_id: int) -> ServiceFee:
    """The present fee, with its service locked."""
    fee = session.get(ServiceFee, fee_id)
    if fee is None:
        raise LookupError(f"no fee {fee_id}")
    keep_parts(session, service_id=fee.service_id)
    session.refresh(fee)
    return fee
