"""Composes the messages about changes by the office: another time, cancelled, the same time, or a new address."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from bot.dialogue.questions import Go
from bot.dialogue.says import Button, Says
from bot.flows import wording
from bot.flows.appointments import ticket
from bot.flows.tables import Notices, Params
from desk.appointments import chat as appointments
from desk.appointments.rules import AppointmentNotice, AppointmentState
from desk.capacity import chat as capacity
from desk.catalogue import chat as catalogue
from desk.consequences import chat as consequences
from desk.consequences.rules import ChangeNotice
from desk.conversations.chat import Chat
from desk.language.text import Param, Reference, Text, lines, paragraphs, words
from desk.offices import chat as offices
from desk.values import LocalDay, LocalMoment

if TYPE_CHECKING:
    from desk.appointments.rows import AppointmentRow
    from desk.catalogue.rows import FeeRow

_ = words("notice")

OTHER_TIME = _("🗓 Another time")
AGREE = _("✅ I will come")
KEPT_FOR_YOU = _("We keep this time for you:")


def cancelled_by_office(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    appointment = appointments.own(chat, int(params["appointment"]))
    if appointment is None or appointment.state is not AppointmentState.CANCELLED_BY_OFFICE:
        return None
    return (
        Says(
            paragraphs(
                _(
                    "**The office has cancelled the turn of {person}.** We are sorry.",
                    person=appointment.person_name or "",
                ),
                lines(
                    appointment.service.title,
                    _("🕘 It was: {when}", when=LocalMoment(appointment.starts_at, appointment.zone)),
                    wording.where(appointment.office),
                    _reason(appointment.cancel_reason),
                ),
                _not_given(chat, appointment) or _("Please choose another time. It costs nothing."),
            ),
            rows=_ways_on(appointment),
            stays=True,
        ),
    )


def moved_by_office(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """The proposed time, the reason, and until when it is kept. None where the person has chosen another meanwhile.

    Where no answer is awaited, its ticket follows.
    """
    appointment = _standing(chat, params)
    if appointment is None:
        return None
    until = appointment.answer_until
    was = LocalMoment(datetime.fromisoformat(str(params["was"])), appointment.zone)
    is_elsewhere = params.get("was_office") not in (None, appointment.office.id)
    return _with_ways(
        appointment,
        _("**The time of {person} had to change.** We are sorry.", person=appointment.person_name or ""),
        lines(
            appointment.service.title,
            _("It was: {when}", when=was),
            _reason(_why(chat, params)),
        ),
        lines(
            _("The new time:") if until is None else KEPT_FOR_YOU,
            wording.when_where(appointment, today=chat.today),
            _another_office(chat, appointment, params) if is_elsewhere else None,
            wording.another_fee(
                ticket.fee_of(chat, appointment), before=_fee_before(chat, appointment, params, was=was.day)
            ),
        ),
        _("The code stays the same. The new ticket comes now.")
        if until is None
        else answer_by(chat, until, appointment),
    )


def let_go(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """No answer came, and the proposed time goes to somebody else; None where the appointment stands after all."""
    appointment = appointments.own(chat, int(params["appointment"]))
    if appointment is None or appointment.state is not AppointmentState.CANCELLED_BY_OFFICE:
        return None
    return (
        Says(
            paragraphs(
                lines(
                    _("**The time for {person} is kept no longer.**", person=appointment.person_name or ""),
                    _("No answer reached us until the evening before."),
                ),
                lines(
                    appointment.service.title,
                    _("🕘 It was: {when}", when=LocalMoment(appointment.starts_at, appointment.zone)),
                    wording.where(appointment.office),
                ),
                _("Another time costs nothing, and nothing is held against you."),
            ),
            rows=_ways_on(appointment),
            stays=True,
        ),
    )


def answer_by(chat: Chat, until: datetime, appointment: AppointmentRow) -> Text:
    """Until when a proposed time is kept, and the question that the buttons answer."""
    when = LocalMoment(until, appointment.zone)
    if not appointments.places_given_back(chat, [appointment]):  # others of the household keep the place
        return _("Please answer until {when}; without an answer the turn is over. Will you come?", when=when)
    return _("We keep it until {when}, then somebody else gets it; will you come?", when=when)


def kept_by_office(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """The hours have changed, and this appointment stays."""
    appointment = _standing(chat, params)
    if appointment is None:
        return None
    why = _why(chat, params)
    return _with_ways(
        appointment,
        _("**The turn of {person} stands.** The office serves you at your time.", person=appointment.person_name or ""),
        _("Something has changed at the office: {reason}", reason=why) if why else None,
        lines(appointment.service.title, wording.when_where(appointment, today=chat.today)),
    )


def office_moved(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """The office has a new address, which is read now; the appointment stays."""
    appointment = _standing(chat, params)
    if appointment is None:
        return None
    return _with_ways(
        appointment,
        _("**The office has another address.** The turn of {person} stands.", person=appointment.person_name or ""),
        _reason(_why(chat, params)),
        lines(appointment.service.title, wording.when_where(appointment, today=chat.today)),
        first=((Button(ticket.MAP, ticket.link(appointment, "map").data),),),
    )


def _standing(chat: Chat, params: Params) -> AppointmentRow | None:
    """The appointment, if it is still to come at the time that the message speaks of."""
    appointment = appointments.own(chat, int(params["appointment"]))
    if appointment is None or not appointment.is_ahead(now=chat.now) or appointment.moves != params["moves"]:
        return None
    return appointment


def _fee_before(chat: Chat, appointment: AppointmentRow, params: Params, *, was: LocalDay) -> FeeRow | None:
    """The fee of the day, and of the office, that the appointment had before."""
    office = offices.office(chat, int(params.get("was_office") or appointment.office.id)) or appointment.office
    return catalogue.fee_on(chat, appointment.service.id, day=was, province_code=office.province_code)


def _reason(reason: str | None) -> Text | None:
    return _("Reason: {reason}", reason=reason) if reason else None


def _ways_on(appointment: AppointmentRow) -> tuple[tuple[Button, ...], ...]:
    """The buttons below a message that the appointment is over: another one, or the desk."""
    again = Go("book", f"service.{appointment.service.id}")
    return (Button(_("🗓 Another turn"), again.data),), (Button(_("💬 Ask the desk"), Go("ask").data),)


def _not_given(chat: Chat, appointment: AppointmentRow) -> Text | None:
    """That the office does not do this now, where the service was taken from it; read when the message is sent."""
    office = appointment.office
    if not capacity.is_withheld(chat, service_id=appointment.service.id, office_id=office.id):
        return None
    return _("Office {code} does not do this for now. Please choose another office.", code=Reference(office.code))


def _another_office(chat: Chat, appointment: AppointmentRow, params: Params) -> Text:
    """That it is another office, and whether the one of before does not do this now."""
    before = offices.office(chat, int(params["was_office"]))
    if before is None or not capacity.is_withheld(chat, service_id=appointment.service.id, office_id=before.id):
        return _("**It is another office.** Please look at the address.")
    return _(
        "**It is another office**, since {code} does not do this for now. Please look at the address.",
        code=Reference(before.code),
    )


def _why(chat: Chat, params: Params) -> str:
    return consequences.reason_of_change(chat, int(params["change"]))


def _with_ways(
    appointment: AppointmentRow, *said: Param | None, first: tuple[tuple[Button, ...], ...] = ()
) -> tuple[Says, ...]:
    """A lasting message with the options for an appointment that stays: agree, another time, cancel.

    Where an answer is awaited, a written «yes» agrees, and «no» leads to cancelling, which asks first.
    """
    agree, cancel = ticket.link(appointment, "agree").data, ticket.link(appointment, "cancel").data
    rows = (
        *first,
        (Button(AGREE, agree),),
        (Button(OTHER_TIME, ticket.link(appointment, "move").data),),
        (Button(ticket.CANCEL, cancel),),
    )
    is_asked = appointment.answer_until is not None
    answers = (agree, cancel) if is_asked else None
    return (Says(paragraphs(*said), rows=rows, stays=True, asks=is_asked, answers=answers),)


NOTICES: Final[Notices] = {
    AppointmentNotice.CANCELLED: cancelled_by_office,
    AppointmentNotice.MOVED: moved_by_office,
    AppointmentNotice.LET_GO: let_go,
    ChangeNotice.KEPT: kept_by_office,
    ChangeNotice.OFFICE_MOVED: office_moved,
}
