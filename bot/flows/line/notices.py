"""Composes the messages to people in the line; what is no longer so is not sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.dialogue.says import Button, Says
from bot.flows.appointments import ticket
from bot.flows.line import place, wording
from bot.flows.tables import Notices, Params
from desk.appointments import chat as appointments
from desk.appointments.rules import AppointmentState
from desk.conversations.chat import Chat
from desk.language.text import Param, lines, paragraphs, words
from desk.line import chat as line
from desk.line.rules import EntryState, LineNotice

if TYPE_CHECKING:
    from desk.appointments.rows import AppointmentRow
    from desk.line.chat import InTheLine

_ = words("line notice")


def here(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """They are in the line."""
    found = _in_state(chat, params, EntryState.HERE)
    if found is None:
        return None
    appointment, standing = found
    return _says(
        appointment,
        paragraphs(
            lines(_("✅ **{person} is in the line.**", person=_person(appointment)), wording.number(standing)),
            wording.before(standing),
            wording.WAIT_HERE,
        ),
    )


def soon(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """The place has come near."""
    found = _in_state(chat, params, EntryState.HERE)
    if found is None or not found[1].is_soon:
        return None
    appointment, standing = found
    return _says(
        appointment,
        paragraphs(
            _("🔔 **Come to the counters now, {person}.**", person=_person(appointment)),
            lines(wording.number(standing), wording.before(standing)),
        ),
    )


def called(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """A counter calls them."""
    found = _in_state(chat, params, EntryState.CALLED)
    if found is None:
        return None
    appointment, standing = found
    return _says(
        appointment,
        lines(wording.go_to(standing), _("{person}, please go there now.", person=_person(appointment))),
    )


def gone(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """The office took back that they came."""
    appointment = appointments.own(chat, int(params["appointment"]))
    if appointment is None or appointment.state is not AppointmentState.BOOKED:
        return None
    return (
        Says(
            lines(
                _("✏️ **The office took {person} out of the line.**", person=_person(appointment)),
                _("The turn stands. If you are at the office, tell the marshal."),
            ),
            rows=((Button(_("🎫 This turn"), ticket.link(appointment, "show").data),),),
            stays=True,
        ),
    )


def _in_state(chat: Chat, params: Params, state: EntryState) -> tuple[AppointmentRow, InTheLine] | None:
    appointment = appointments.own(chat, int(params["appointment"]))
    standing = None if appointment is None else line.in_the_line(chat, appointment)
    if appointment is None or standing is None or standing.state is not state:
        return None
    return appointment, standing


def _says(appointment: AppointmentRow, text: Param) -> tuple[Says, ...]:
    return (Says(text, rows=((Button(wording.MY_PLACE, place.link(appointment).data),),), stays=True),)


def _person(appointment: AppointmentRow) -> str:
    return appointment.person_name or ""


NOTICES: Final[Notices] = {
    LineNotice.HERE: here,
    LineNotice.SOON: soon,
    LineNotice.CALLED: called,
    LineNotice.GONE: gone,
}
