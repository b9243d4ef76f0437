"""Composes the messages about decisions on absences, and about visits that the office did not give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.dialogue.questions import Go
from bot.dialogue.says import Button, Says
from bot.flows import wording
from bot.flows.absences.saying import ANOTHER, ASK, COMPLAIN, UPHELD, another, button, complain, person, visit
from bot.flows.appointments import ticket
from bot.flows.tables import Notices, Params
from desk.absences import chat as absences
from desk.absences.rules import AbsenceNotice, AbsenceState
from desk.appointments import chat as appointments
from desk.appointments.rules import LIVE, AppointmentState
from desk.language.text import Param, Text, lines, paragraphs, words
from desk.values import LocalMoment

if TYPE_CHECKING:
    from desk.appointments.rows import AppointmentRow
    from desk.conversations.chat import Chat

_ = words("absence")

SEE_IT = _("🎫 The new turn")
THIS = _("🎫 This turn")
_STANDS = _("The turn of today stands: please tell the clerk that you are there.")


def upheld(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """The absence stands: why, and how to go on. None where it was taken back after all."""
    appointment = appointments.own(chat, int(params["appointment"]))
    last = absences.last(chat, appointment) if appointment is not None else None
    if appointment is None or last is None or last.state is not AbsenceState.UPHELD or last.why is None:
        return None
    return (
        Says(
            paragraphs(
                _("**We have looked into it, and the record stays.**"),
                visit(appointment),
                lines(
                    _("Reason: {why}", why=UPHELD[last.why]),
                    _("You can get another turn whenever you like; it is free."),
                    _("If you see it otherwise, complain; the office does not see who did."),
                ),
            ),
            rows=(
                button(ANOTHER, another(appointment)),
                button(COMPLAIN, complain(appointment)),
                button(ASK, Go("ask")),
            ),
            stays=True,
        ),
    )


def overturned(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """The absence does not count: the appointment of today is as before, or there is another one."""
    appointment = appointments.own(chat, int(params["appointment"]))
    if appointment is None or appointment.state not in (*LIVE, AppointmentState.CANCELLED_BY_OFFICE):
        return None
    said = _("**It does not count as an absence: {person} was there.** We are sorry.", person=person(appointment))
    return _instead(chat, appointment, said)


def unserved(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """The office did not serve the person: why, and the other appointment."""
    appointment = appointments.own(chat, int(params["appointment"]))
    if appointment is None or appointment.state is not AppointmentState.CANCELLED_BY_OFFICE:
        return None
    said = _("**The office did not serve {person} that day.** We are sorry.", person=person(appointment))
    return _instead(chat, appointment, said)


def _instead(chat: Chat, appointment: AppointmentRow, said: Text) -> tuple[Says, ...]:
    given = appointment if appointment.is_live else absences.given_instead(chat, appointment)
    other = appointments.of_person(chat, person_id=appointment.person_id, service_id=appointment.service.id)
    reason = appointment.cancel_reason
    return (
        Says(
            paragraphs(
                said,
                lines(visit(appointment), _("Reason: {why}", why=reason) if reason else None),
                *([_STANDS] if given is appointment else _what_now(chat, given, other)),
            ),
            rows=(
                _way_on(appointment, given),
                button(ASK, Go("ask")),
            ),
            stays=True,
        ),
    )


def _way_on(appointment: AppointmentRow, given: AppointmentRow | None) -> tuple[Button, ...]:
    if given is None:
        return button(ANOTHER, another(appointment))
    return button(THIS if given is appointment else SEE_IT, ticket.link(given, "show"))


def _what_now(chat: Chat, given: AppointmentRow | None, other: AppointmentRow | None) -> tuple[Param, ...]:
    """The new appointment, the one that the person has, or that the place among those who wait is kept."""
    if given is not None:
        return (
            lines(_("The nearest free time is booked for you:"), wording.when_where(given, today=chat.today)),
            _("The ticket comes in the next message."),
        )
    if other is not None:
        return (_("Your turn of {when} stays as it is.", when=LocalMoment(other.starts_at, other.zone)),)
    return (_("Please choose another time; where none is free, you wait at the place of the old turn."),)


NOTICES: Final[Notices] = {
    AbsenceNotice.UPHELD: upheld,
    AbsenceNotice.OVERTURNED: overturned,
    AbsenceNotice.UNSERVED: unserved,
}
