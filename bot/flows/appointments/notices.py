"""Composes the ticket of an appointment, its reminders, and what is told where two chats named a number.

All are composed when they are sent, so that they are true then.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from bot.dialogue.questions import Go
from bot.dialogue.says import Button, Says
from bot.flows import wording
from bot.flows.appointments import assistance, joint_ticket, ticket
from bot.flows.appointments.fallen import ANOTHER_ONE, ASK, another, why
from bot.flows.tables import Notices, Params
from desk.appointments import chat as appointments
from desk.appointments.rules import ASKING, AppointmentNotice, AppointmentState, is_said_on_the_day
from desk.appointments.rules import EVENING_BEFORE as EVENING
from desk.conversations.chat import Chat
from desk.language.text import Near, Param, Text, lines, paragraphs, words
from desk.values import LocalMoment

if TYPE_CHECKING:
    from desk.appointments.rows import AppointmentRow

_ = words("notice")

WILL_COME = _("✅ I will come")
CANNOT_COME = _("I can't come")
THIS_ONE = _("🎫 This turn")


def ticket_of_appointment(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """Compose the ticket; None for a time that is no longer the appointment's: the ticket of the new one comes too."""
    is_there = appointments.own(chat, int(params["appointment"]))
    if is_there is not None and is_there.is_walk_in and is_there.state is AppointmentState.ARRIVED:
        return (ticket.for_who_is_there(chat, is_there),)
    appointment = _ahead(chat, params)
    if appointment is None or appointment.moves != params.get("moves", appointment.moves):
        return None
    if params.get("joint") and not _tells_for_all(chat, appointment):
        return None
    return (joint_ticket.ticket_of(chat, appointment),)


def reminder(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """Compose a reminder, of the evening before or two hours before; None for a time that is no longer the
    appointment's."""
    appointment = _ahead(chat, params)
    if appointment is None or appointment.moves != params.get("moves", appointment.moves):
        return None
    is_today = LocalMoment(appointment.starts_at, appointment.zone).day == chat.today
    if params.get("which") == EVENING and is_today and is_said_on_the_day(appointment.starts_at, zone=appointment.zone):
        return None  # it was delayed past midnight, and the second reminder says the same today
    if params.get("joint") and not _tells_for_all(chat, appointment):
        return None
    is_asking = params.get("which") == ASKING
    if is_asking and (appointment.has_confirmed or is_today):
        return None
    return (asking(chat, appointment) if is_asking else reminding(chat, appointment),)


def asking(chat: Chat, appointment: AppointmentRow) -> Says:
    """The question of some days before whether they come, as a message that stays; it needs no answer."""
    group = appointments.coming_together(chat, appointment)
    appointment = group[0]
    return Says(
        paragraphs(
            _soon(group),
            _what_when_where(appointment),
            _("Will you come? If you say nothing, the turn stays yours."),
        ),
        rows=_answers(appointment),
        stays=True,
        asks=True,
    )


def _what_when_where(appointment: AppointmentRow) -> Param:
    return lines(
        appointment.service.title,
        _("🕘 **{when}**", when=LocalMoment(appointment.starts_at, appointment.zone)),
        wording.where(appointment.office),
    )


def _soon(group: Sequence[AppointmentRow]) -> Text:
    """Whose appointment it is and how near, of all who come together."""
    near = _near(group[0])
    if len(group) > 1:
        return _("⏳ The turns of {people} are {near}.", people=joint_ticket.names_of(group), near=near)
    return _("⏳ The turn of {person} is {near}.", person=group[0].person_name or "", near=near)


def _answers(appointment: AppointmentRow) -> tuple[tuple[Button, ...], ...]:
    return (
        (Button(WILL_COME, ticket.link(appointment, "agree").data),),
        # It asks first, and offers another time beside cancelling.
        (Button(CANNOT_COME, ticket.link(appointment, "cancel").data),),
    )


def reminding(chat: Chat, appointment: AppointmentRow) -> Says:
    """A reminder as a message that stays; of a household one for all who come together."""
    group = appointments.coming_together(chat, appointment)
    whose: tuple[Param, ...] = (lines(_("Code:"), appointment.code),)
    if len(group) > 1:
        appointment = group[0]
        whose = tuple(_of_one(each) for each in group)
    return Says(
        paragraphs(
            _soon(group or [appointment]),
            lines(
                _what_when_where(appointment),
                wording.fee(ticket.fee_of(chat, appointment)),
                wording.bring(appointment.document_kind),
            ),
            *whose,
        ),
        rows=(
            *_answers(appointment),
            (
                Button(ticket.MAP, ticket.link(appointment, "map").data),
                Button(ticket.PAPERS, _papers(appointment).data),
            ),
        ),
        stays=True,
        asks=True,
    )


def named_again(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """Another chat named the number; nothing is told of that chat. None where its appointment is over by now."""
    appointment = _ahead(chat, params)
    if appointment is None or not appointments.is_named_twice(chat, appointment):
        return None
    return (
        Says(
            paragraphs(
                lines(
                    _("**The turn of {person} stands.**", person=appointment.person_name or ""),
                    _("You need not do anything."),
                ),
                _what_when_where(appointment),
                lines(
                    _("In another chat somebody named the same number for this service."),
                    _("Bring the original paper. The turn is of its holder."),
                ),
            ),
            rows=((Button(ticket.PAPERS, _papers(appointment).data),), (Button(ASK, Go("ask").data),)),
            stays=True,
        ),
    )


def of_assistance(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """What the office answered to what was wished for; None for a time that the appointment no longer has."""
    appointment = _ahead(chat, params)
    said = assistance.answers(appointment) if appointment is not None else None
    if appointment is None or said is None:
        return None
    is_refused = assistance.is_refused(appointment)
    group = appointments.coming_together(chat, appointment)
    return (
        Says(
            paragraphs(
                lines(said, _("Your turn stays as it is.") if is_refused else None),
                lines(_("👤 {people}", people=joint_ticket.names_of(group)), _what_when_where(appointment)),
            ),
            rows=(
                *(((Button(ticket.CHANGE_TIME, ticket.link(appointment, "move").data),),) if is_refused else ()),
                (Button(THIS_ONE, ticket.link(appointment, "show").data),),
            ),
            stays=True,
        ),
    )


def fallen(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """The appointment fell, because somebody showed the original paper with its number."""
    appointment = appointments.own(chat, int(params["appointment"]))
    if appointment is None or appointment.fell_at is None:
        return None
    return (
        Says(
            paragraphs(
                _("**The turn of {person} no longer stands.**", person=appointment.person_name or ""),
                lines(
                    appointment.service.title,
                    _("🕘 It was: {when}", when=LocalMoment(appointment.starts_at, appointment.zone)),
                    wording.where(appointment.office),
                ),
                why(),
            ),
            rows=(
                (Button(ANOTHER_ONE, another(appointment).data),),
                (Button(ASK, Go("ask").data),),
            ),
            stays=True,
        ),
    )


def _of_one(appointment: AppointmentRow) -> Param:
    clock = LocalMoment(appointment.starts_at, appointment.zone).clock
    return lines(_("👤 {person}, at {time}", person=appointment.person_name or "", time=clock), appointment.code)


def _tells_for_all(chat: Chat, appointment: AppointmentRow) -> bool:
    """Whether it is the first of those who come together now, so that the others are told nothing beside it."""
    return appointments.coming_together(chat, appointment)[0].id == appointment.id


def _ahead(chat: Chat, params: Params) -> AppointmentRow | None:
    """The appointment, if it is still to come."""
    appointment = appointments.own(chat, int(params["appointment"]))
    return appointment if appointment is not None and appointment.is_ahead(now=chat.now) else None


def _near(appointment: AppointmentRow) -> Near:
    return Near(LocalMoment(appointment.starts_at, appointment.zone))


def _papers(appointment: AppointmentRow) -> Go:
    return ticket.link(appointment, "papers")


NOTICES: Final[Notices] = {
    AppointmentNotice.TICKET: ticket_of_appointment,
    AppointmentNotice.REMINDER: reminder,
    AppointmentNotice.NAMED_AGAIN: named_again,
    AppointmentNotice.FALLEN: fallen,
    AppointmentNotice.ASSISTANCE: of_assistance,
}
