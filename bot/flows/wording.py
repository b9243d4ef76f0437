"""Sentences that several conversations share: when and where an appointment is, its fee, what to bring."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from bot.dialogue.questions import Unclear
from desk.language import labels
from desk.language.text import Localised, Near, Param, Reference, Text, lines, series, words
from desk.people.rules import DocumentKind
from desk.values import LocalDay, LocalMoment

if TYPE_CHECKING:
    from desk.appointments.rows import AppointmentRow
    from desk.catalogue.rows import FeeRow, ServiceCard
    from desk.catalogue.rules import ServiceChannel
    from desk.offices.rows import OfficeRow
    from desk.values import Money

_ = words("wording")

FAR = 30
"""Beyond so many days «in so many days» is left out."""

LONGEST_LABEL = 20

NOT_ANNOUNCED = _("not announced")
APPOINTMENTS_ARE_FREE = _("**The turn itself is free.** Pay nobody for it.")
BRING_ORIGINALS = _("📄 Bring the original papers. No copy is needed.")
COME_WITHOUT = _("📄 Come without a paper, too. If you have any original, bring it; no copy is needed.")
BRING_ALL = _("📄 In doubt, bring: all your original papers")
COUNTER_OFFICE = "pishkhan"
"""The channel in which receipts come from the orange device."""


def moment(starts_at: datetime, zone: str, *, today: LocalDay) -> Text:
    """Weekday, day, month and clock, with the nearness in brackets."""
    when = LocalMoment(starts_at, zone)
    if not 0 <= today.until(when.day) <= FAR:
        return _("{when}", when=when)
    return _("{when} ({near})", when=when, near=Near(when.day))


def where(office: OfficeRow) -> Param:
    """The office with its city and address."""
    if office.address is None:
        return _("📍 {office}, {city}", office=office.name, city=office.city)
    return _("📍 {office}, {city}, {address}", office=office.name, city=office.city, address=office.address)


def when_where(appointment: AppointmentRow, *, today: LocalDay) -> Param:
    """When and where; of a number from the door the day, since its place has no time for the person."""
    if appointment.is_walk_in:
        return lines(
            _("🕘 **{day}**, without a time: you are called by your number.", day=LocalDay(appointment.day)),
            where(appointment.office),
        )
    return lines(
        _("🕘 **{when}**", when=moment(appointment.starts_at, appointment.zone, today=today)),
        where(appointment.office),
    )


def paper(kind: str, last4: str | None) -> Text:
    """The kind of a paper and the last signs of its number; None = there is no number."""
    if last4 is None:
        return _("📄 {paper}", paper=labels.DOCUMENT_KINDS[kind])
    return _("📄 {paper} {last4}", paper=labels.DOCUMENT_KINDS[kind], last4=Reference(f"…{last4}"))


def bring(kind: str | None) -> Text:
    """What to bring to the office, for somebody with this kind of paper."""
    return COME_WITHOUT if kind == DocumentKind.NONE else BRING_ORIGINALS


def fee(current: FeeRow | None) -> Param:
    """The fee with its unit, or that none is announced: only confirmed fees are shown."""
    if current is None:
        return _("💰 Fee: {nothing}", nothing=NOT_ANNOUNCED)
    return _("💰 Fee: **{amount}**", amount=_amount(current))


def another_fee(current: FeeRow | None, *, before: FeeRow | None) -> Param | None:
    """A note that the fee differs at the appointment's new time or province; None where it does not."""
    if _figures(current) == _figures(before):
        return None
    return _(
        "💰 The fee at the new time is **{amount}**. Until now: {before}.", amount=_said(current), before=_said(before)
    )


def fee_source(card: ServiceCard) -> Param | None:
    """Where the fee is from, and when it was announced."""
    current = card.fee
    if current is None:
        return None
    if current.source_date is None:
        return _("Source: {source}", source=current.source)
    return _("Source: {source}, {day}", source=current.source, day=LocalDay(current.source_date))


def fee_rule(current: FeeRow | None, *, channel: ServiceChannel | None) -> Param:
    """How to pay, so that nobody is overcharged; `channel` = where the service is done."""
    if current is None:
        return lines(_("💰 Fee: {nothing}", nothing=NOT_ANNOUNCED), _("If you pay, take the receipt."))
    if channel == COUNTER_OFFICE:
        return _(
            "💰 {amount}, only with the orange card reader. Take the receipt. Pay nothing more.",
            amount=_amount(current),
        )
    return _("💰 {amount}. Take the receipt. Pay nothing more.", amount=_amount(current))


def who_comes(card: ServiceCard) -> Param | None:
    return _("👤 Who comes: {who}", who=labels.audience(card.who_must_come)) if card.who_must_come else None


def duration(card: ServiceCard) -> Param | None:
    return _("⏳ Duration: {duration}", duration=card.duration) if card.duration else None


def announced(text: Localised | None) -> Param:
    """A text of the catalogue, or that it is not announced."""
    return text if text else NOT_ANNOUNCED


def not_yet(*missing: Param | None) -> Param | None:
    """What of this is not announced, once and in one line; None where everything is."""
    return _("⏳ Not announced yet: {what}", what=series(*missing)) if any(missing) else None


def _figures(current: FeeRow | None) -> tuple[Money, bool] | None:
    return None if current is None else (current.amount, bool(current.per_person))


def _said(current: FeeRow | None) -> Param:
    return NOT_ANNOUNCED if current is None else _amount(current)


def _amount(current: FeeRow) -> Param:
    return _("{amount} for each person", amount=current.amount) if current.per_person else current.amount


def too_long(typed: str, *, most: int) -> Unclear | None:
    """The reply to a name that is too long, with the allowed length; None where it fits."""
    if len(typed) <= most:
        return None
    return Unclear(_("At most {most} letters fit here. Please write it shorter.", most=most))


def cut(text: str, *, letters: int = LONGEST_LABEL) -> str:
    """A text cut to so many letters, between words where possible."""
    if len(text) <= letters:
        return text
    head = text[: letters - 1]
    whole = head.rsplit(" ", 1)[0] if " " in head else head
    return f"{whole.rstrip('،,: ')}…"


def on_a_button(name: Localised) -> Localised:
    """The name of an office as it fits on a button; the number at its end stays, by which offices are told apart."""
    return Localised({locale.value: _cut_before_number(text) for locale, text in name.texts})


def _cut_before_number(text: str) -> str:
    head, _space, number = text.rpartition(" ")
    room = LONGEST_LABEL - len(number) - 1
    if len(text) <= LONGEST_LABEL or room < LONGEST_LABEL // 4 or not any(map(str.isdigit, number)):
        return cut(text)
    return f"{cut(head, letters=room)} {number}"
