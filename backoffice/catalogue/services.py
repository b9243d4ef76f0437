"""The pages of the catalogue: every service, those due for review, and the card of one."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import fields as names_of
from datetime import date, timedelta
from typing import Any

from backoffice.access import require_within
from backoffice.catalogue.forms import NO, YES, ConfirmForm, ServiceForm
from backoffice.catalogue.official_form import fields_of
from backoffice.catalogue.wording import AUDIENCES, CHANNELS, PAPER_PROVINCES, RECORD_STATES
from backoffice.consequences.asking_first import MadeChange, ask_first
from backoffice.consequences.wording import CHANGES
from backoffice.forms.days import today_at
from backoffice.forms.fields import TwoLanguages, field_named
from backoffice.forms.versions import ChangedMeanwhile
from backoffice.layout.badge import Badge
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.announcements import queries as announcements
from desk.calendar import TEHRAN
from desk.catalogue import actions
from desk.catalogue import queries as catalogue
from desk.catalogue.refusals import (
    CopyDemanded,
    NoSuchOpening,
    NoSuchQuestion,
    ServiceCodeTaken,
    ShortTitleTooLong,
)
from desk.catalogue.rows import ServiceCard, ServiceFields, ServiceRow
from desk.catalogue.rules import (
    Audience,
    PaperProvince,
    RecordState,
    ServiceChannel,
    demands_a_copy,
    kinds_read,
    kinds_written,
)
from desk.consequences.actions import IntendedChange
from desk.consequences.hit import Reach
from desk.consequences.rules import ChangeKind
from desk.language.labels import DOCUMENT_KINDS
from desk.language.text import Localised, Param, inline, series, words
from desk.refusals import Refusal
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession, WriteSession
from desk.values import ClockTime

_ = words("catalogue")

YEAR = timedelta(days=365)
"""The longest time between two reviews of a record."""
TEXTS = (
    "title",
    "short_title",
    "description",
    "agency",
    "duration",
    "taken_at_counter",
    "objection",
    "slip_from",
    "source",
)


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A service in the list."""

    row: ServiceRow
    is_overdue: bool


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The services; those overdue for review say so."""
    today = _today(request)
    overdue = {each.service.id for each in catalogue.overdue(session, today=today)}
    rows = catalogue.services(session, published_only=False)
    values = {
        "lines": [ServiceLine(row, row.id in overdue) for row in rows],
        "overdue": len(overdue),
        "may_write": may_write(request),
    }
    return Render(template="catalogue/page.html", values=values)


def show(session: ReadSession, request: PageRequest) -> PageResponse:
    """The card of a service with everything that is announced, and what is not."""
    card = card_of(session, request)
    values = {
        "card": card,
        "state": state_of(card, today=_today(request)),
        "channel": CHANNELS[card.channel] if card.channel else None,
        "who_must_come": AUDIENCES[card.who_must_come] if card.who_must_come else None,
        "paper_province": PAPER_PROVINCES[card.paper_province] if card.paper_province else None,
        "travel_kinds": series(*(DOCUMENT_KINDS[kind] for kind in kinds))
        if (kinds := kinds_read(card.travel_kinds))
        else None,
        "opens_at": ClockTime(*divmod(card.opens_at or 0, 60)),
        "official": fields_of(card.official_form),
        "waiting": announcements.waiting(session, service_id=card.id) if _counts_who_waits(request) else 0,
        "may_write": may_write(request),
        "confirm": _confirm_form(card, today=_today(request)),
        "tab": "card",
    }
    return Render(template="catalogue/card.html", values=values)


def edit(session: ReadSession, request: PageRequest) -> PageResponse:
    """The form with the texts of a service."""
    card = card_of(session, request)
    return _form_page(_form_of(card), card=card, status=200)


def new(session: ReadSession, request: PageRequest) -> PageResponse:
    """The form for a new service."""
    return _form_page(ServiceForm(data={"is_published": False}), card=None, status=200)


async def create(request: PageRequest, backend: Backend) -> PageResponse:
    """Make a service; it is a draft until somebody confirms it."""
    return await _save(request, backend, card=None)


async def save(request: PageRequest, backend: Backend) -> PageResponse:
    """Change a service; what was confirmed before has to be confirmed again."""
    return await _save(request, backend, card=await backend.read(card_of, request))


async def confirm(request: PageRequest, backend: Backend) -> PageResponse:
    """Record that somebody in charge has reviewed the whole record."""
    require_within(request.scope)
    card = await backend.read(card_of, request)
    form = ConfirmForm(request.form)
    today = _today(request)
    if form.validate() and not today < form.review_due.data <= today + YEAR + timedelta(days=1):
        form.review_due.add_error(_("A record is reviewed within a year at the latest."))
    if form.errors:
        values = {"card": card, "form": form}
        return Render(template="catalogue/confirm.html", values=values, status=422)

    def act(session: WriteSession) -> None:
        form.declare("record", _("The record"), value=_form_of(card).version, shown=None)
        form.require_unchanged(
            session, subject=_subject(request), present=lambda: _confirm_form(card_of(session, request), today=today)
        )
        fields = _fields_of(
            card_of(session, request),
            state=RecordState.CONFIRMED,
            confirmed_on=today,
            review_due=form.review_due.data,
        )
        actions.save_service(session, service_id=card.id, fields=fields, actor=request.actor, now=request.now)

    try:
        await backend.write(act)
    except ChangedMeanwhile:
        form.review_due.add_error(
            _("Somebody changed the record meanwhile. Please look at it again before confirming.")
        )
        return Render(template="catalogue/confirm.html", values={"card": card, "form": form}, status=409)
    return Redirect(to=f"/catalogue/{card.id}", notice="saved")


async def _save(request: PageRequest, backend: Backend, *, card: ServiceCard | None) -> PageResponse:
    require_within(request.scope)
    form = ServiceForm(request.form)
    if not form.validate():
        return _form_page(form, card=card, status=422)
    sent: dict[str, Any] = {name: TwoLanguages.read(form, name) or None for name in TEXTS}
    sent |= {
        "code": form.code.data,
        "keywords": form.keywords.data or "",
        "channel": ServiceChannel(form.channel.data) if form.channel.data else None,
        "who_must_come": Audience(form.who_must_come.data) if form.who_must_come.data else None,
        "source_date": form.source_date.data,
        "is_bookable": form.is_bookable.data,
        "days_ahead": form.days_ahead.data,
        "opens_at": form.opens_at.data,
        "asks_days_before": form.asks_days_before.data,
        "is_per_household": form.is_per_household.data,
        "is_published": form.is_published.data,
        "paper_province": PaperProvince(form.paper_province.data) if form.paper_province.data else None,
        "needs_slip": form.needs_slip.data == YES if form.needs_slip.data else None,
        "travel_kinds": kinds_written(form.travel_kinds.data),
        "state": RecordState.DRAFT,
    }

    def act(session: WriteSession) -> int:
        fields = ServiceFields(**sent) if card is None else None
        if fields is None:
            form.require_unchanged(
                session, subject=_subject(request), present=lambda: _form_of(card_of(session, request))
            )
            fields = _fields_of(card_of(session, request), **sent)
        return actions.save_service(
            session, service_id=card.id if card else None, fields=fields, actor=request.actor, now=request.now
        )

    try:
        if card is None:
            return Redirect(to=f"/catalogue/{await backend.write(act)}", notice="saved")
        # No longer bookable, or no longer published: its appointments are affected.
        intended = IntendedChange(
            kind=ChangeKind.SERVICE, subject=f"service:{card.id}", reach=Reach(service_id=card.id), act=act
        )
        back = f"/catalogue/{card.id}"
        done = await ask_first(
            request, backend, intended, title=inline(card.title, CHANGES[ChangeKind.SERVICE]), back=back
        )
        return done.redirect(back) if isinstance(done, MadeChange) else done
    except ChangedMeanwhile:
        return _form_page(form, card=card, status=409)
    except OutOfReach:
        raise
    except Refusal as refusal:
        _complain(form, refusal)
        return _form_page(form, card=card, status=422)


def _complain(form: ServiceForm, refusal: Refusal) -> None:
    """Put the desk's reason at the field it is about."""
    match refusal:
        case ServiceCodeTaken():
            form.code.add_error(refused(refusal))
        case ShortTitleTooLong():
            form.short_title_fa.add_error(refused(refusal))
        case CopyDemanded():
            names = [f"{name}_{locale}" for name in TEXTS for locale in ("fa", "fa_AF")]
            name = next((name for name in names if demands_a_copy(form[name].data or "")), "description_fa")
            field_named(form, name).add_error(refused(refusal))
        case NoSuchOpening():
            field_named(form, refusal.field).add_error(refused(refusal))
        case NoSuchQuestion():
            form.asks_days_before.add_error(refused(refusal))
        case _:
            form.is_bookable.add_error(refused(refusal))


def card_of(session: ReadSession | WriteSession, request: PageRequest) -> ServiceCard:
    """The card of the address; raises OutOfReach where there is none."""
    try:
        return catalogue.card(session, service_id=request.path["service"], today=_today(request))
    except LookupError:
        raise OutOfReach from None


def state_of(card: ServiceCard, *, today: date) -> Badge:
    """Whether the record is confirmed, a draft, or due for review."""
    if card.state is RecordState.CONFIRMED and card.review_due is not None and card.review_due <= today:
        return RECORD_STATES[RecordState.EXPIRED]
    return RECORD_STATES[card.state]


def may_write(request: PageRequest) -> bool:
    """Whether the person may change the catalogue, which is the country's."""
    return request.staff.scope(Permission.CATALOGUE_WRITE).is_national


def _counts_who_waits(request: PageRequest) -> bool:
    """Whether the person announces or plans, and so may know how many chats wait; at a counter nobody needs it."""
    return may_write(request) or bool(request.staff.scope(Permission.CAPACITY_WRITE))


def _form_of(card: ServiceCard) -> ServiceForm:
    """The form with the present values of a service."""
    data: dict[str, Any] = {
        name: getattr(card, name)
        for name in (
            *("code", "keywords", "channel", "who_must_come", "source_date", "is_published"),
            *("is_bookable", "days_ahead", "opens_at", "asks_days_before", "is_per_household", "paper_province"),
        )
    }
    data["needs_slip"] = None if card.needs_slip is None else YES if card.needs_slip else NO
    data["travel_kinds"] = list(kinds_read(card.travel_kinds))
    for name in TEXTS:
        data |= TwoLanguages.values(name, getattr(card, name))
    return ServiceForm(data=data)


def _confirm_form(card: ServiceCard, *, today: date) -> ConfirmForm:
    """The form to confirm exactly this record."""
    form = ConfirmForm(data={"review_due": today + YEAR})
    form.declare("record", _("The record"), value=_form_of(card).version, shown=None)
    return form


def _subject(request: PageRequest) -> str:
    return f"service:{request.path['service']}"


def _fields_of(card: ServiceCard, **changes: Any) -> ServiceFields:
    kept = {field.name: getattr(card, field.name) for field in names_of(ServiceFields)}
    return ServiceFields(**{**kept, **changes})


def _form_page(form: ServiceForm, *, card: ServiceCard | None, status: int) -> PageResponse:
    title: Param = card.title if card else Localised({})
    values = {"form": form, "card": card, "title": title}
    return Render(template="catalogue/form.html", values=values, status=status)


def _today(request: PageRequest) -> date:
    return today_at(request.now, zone=TEHRAN).date
