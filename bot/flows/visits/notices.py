"""Composes the messages about a recorded visit, with what to do where it is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.dialogue.questions import Go
from bot.dialogue.says import Button, Says
from bot.flows import wording
from bot.flows.absences import saying
from bot.flows.appointments import ticket
from bot.flows.tables import Notices, Params
from desk.absences import chat as absences
from desk.absences.rules import AbsenceState
from desk.appointments import chat as appointments
from desk.appointments.rules import CANCELLED, AppointmentState
from desk.capacity import chat as capacity
from desk.conversations.chat import Chat
from desk.language.text import Param, lines, paragraphs, words
from desk.values import LocalMoment
from desk.visits.rules import VisitNotice

if TYPE_CHECKING:
    from desk.appointments.rows import AppointmentRow

_ = words("visit notice")

ASK = Button(_("💬 Ask the desk"), Go("ask").data)


def served(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    appointment = _in_state(chat, params, AppointmentState.SERVED)
    if appointment is None:
        return None
    return (
        Says(
            paragraphs(
                _("✅ The office has recorded: the visit of {person} is done.", person=_person(appointment)),
                _visit(appointment),
                _("If it was otherwise, or they took extra money, please tell us."),
            ),
            rows=((Button(ticket.OVERCHARGED, Go("complain", f"OVERCHARGE.{appointment.id}").data),), (ASK,)),
            stays=True,
        ),
    )


def absent(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """Asks whether it is so, as long as the person may still say."""
    appointment = _in_state(chat, params, AppointmentState.ABSENT)
    if appointment is None:
        return None
    may_object = absences.can_object(chat, appointment)
    last = absences.last(chat, appointment)
    has_said = last is not None and last.state is AbsenceState.OBJECTED  # it was recorded before, too
    return (
        Says(
            paragraphs(
                _("The office has recorded: {person} did not come.", person=_person(appointment)),
                _visit(appointment),
                _("If you were there, press it: somebody else than the clerk then decides.") if may_object else None,
                saying.SAID if has_said else None,
            ),
            rows=(
                *(
                    (
                        (Button(saying.THERE, saying.there(appointment).data),),
                        (Button(saying.AWAY, saying.away(appointment).data),),
                    )
                    if may_object
                    else ()
                ),
                (Button(_("🗓 Another turn"), saying.another(appointment).data),),
                (ASK,),
            ),
            stays=True,
        ),
    )


def come_back(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """Says why there is a new appointment; its ticket follows by itself."""
    appointment = _in_state(chat, params, AppointmentState.COME_BACK)
    slot = (
        capacity.slot(chat, int(params["slot"]), service_id=appointment.service.id) if appointment is not None else None
    )
    if appointment is None or slot is None:
        return None
    return (
        Says(
            paragraphs(
                _("**The office asks {person} to come once more.**", person=_person(appointment)),
                lines(
                    appointment.service.title,
                    _("🕘 **{when}**", when=wording.moment(slot.starts_at, slot.zone, today=chat.today)),
                    wording.where(appointment.office),
                ),
                _("The turn for it is booked and free. The ticket comes in the next message."),
            ),
            rows=((ASK,),),
            stays=True,
        ),
    )


def undone(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    appointment = appointments.own(chat, int(params["appointment"]))
    if appointment is None or appointment.state not in (AppointmentState.BOOKED, AppointmentState.ARRIVED):
        return None  # it was recorded again meanwhile, which has a message of its own
    given = appointments.own(chat, int(params["given"])) if "given" in params else None
    gone = None
    if given is not None and given.state is AppointmentState.CANCELLED_BY_OFFICE:
        gone = _("The turn of {when} no longer holds.", when=LocalMoment(given.starts_at, given.zone))
    return (
        Says(
            paragraphs(
                lines(_("**The office made a mistake and has corrected it.** We are sorry."), gone),
                lines(
                    _stands(chat, appointment),
                    appointment.service.title,
                    _when(appointment),
                    wording.where(appointment.office),
                ),
            ),
            rows=((Button(_("🎫 This turn"), ticket.link(appointment, "show").data),), (ASK,)),
            stays=True,
        ),
    )


def name_corrected(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """A clerk corrected the name; who books for others is not at the counter, and reads it here."""
    appointment = appointments.own(chat, int(params["appointment"]))
    if appointment is None or appointment.state in CANCELLED or appointment.person_name is None:
        return None
    return (
        Says(
            paragraphs(
                lines(
                    _("✏️ **The office corrected the name on the turn.**"),
                    _("👤 {person}", person=appointment.person_name),
                ),
                _visit(appointment),
                _("If the name is wrong, please tell us."),
            ),
            rows=((Button(_("🎫 This turn"), ticket.link(appointment, "show").data),), (ASK,)),
            stays=True,
        ),
    )


def _stands(chat: Chat, appointment: AppointmentRow) -> Param:
    """The state of the appointment after the correction."""
    if appointment.state is AppointmentState.ARRIVED:
        return _("It is recorded that {person} is at the office:", person=_person(appointment))
    if appointment.is_ahead(now=chat.now):
        return _("The turn of {person} is as before:", person=_person(appointment))
    return _("Nothing is recorded any more about the turn of {person}:", person=_person(appointment))


def _in_state(chat: Chat, params: Params, state: AppointmentState) -> AppointmentRow | None:
    appointment = appointments.own(chat, int(params["appointment"]))
    return appointment if appointment is not None and appointment.state is state else None


def _visit(appointment: AppointmentRow) -> Param:
    return lines(appointment.service.title, _when(appointment), wording.where(appointment.office))


def _when(appointment: AppointmentRow) -> Param:
    return _("🕘 {when}", when=LocalMoment(appointment.starts_at, appointment.zone))


def _person(appointment: AppointmentRow) -> str:
    return appointment.person_name or ""


NOTICES: Final[Notices] = {
    VisitNotice.SERVED: served,
    VisitNotice.ABSENT: absent,
    VisitNotice.COME_BACK: come_back,
    VisitNotice.UNDONE: undone,
    VisitNotice.NAME_CORRECTED: name_corrected,
}
