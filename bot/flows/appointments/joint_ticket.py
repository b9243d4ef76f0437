"""The one ticket, and the one reminder, of people who were booked together and come to one office on one day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from bot.dialogue.questions import Go
from bot.dialogue.says import Button, CodePicture, PictureLine, Says
from bot.flows import wording
from bot.flows.appointments import assistance, ticket
from desk.appointments import chat as appointments
from desk.language.text import Param, Reference, SpokenCode, lines, paragraphs, series, words
from desk.people.rules import DocumentKind, initials
from desk.values import LocalMoment

if TYPE_CHECKING:
    from desk.appointments.rows import AppointmentRow
    from desk.conversations.chat import Chat

_ = words("ticket")

MINE: Final = _("🎫 My turns")
CANCEL_ALL: Final = _("Cancel all the turns")


def ticket_of(chat: Chat, appointment: AppointmentRow) -> Says:
    """The ticket of the appointment: of all who come together, or of its person alone."""
    group = appointments.coming_together(chat, appointment)
    return joint(chat, group) if len(group) > 1 else ticket.ticket(chat, appointment)


def joint(chat: Chat, group: Sequence[AppointmentRow]) -> Says:
    """The ticket of several, with name, paper, hour and code of each."""
    first = group[0]
    how_to_pay = wording.fee_rule(ticket.fee_of(chat, first), channel=first.service.channel)
    has_paper = any(each.document_kind is not DocumentKind.NONE for each in group)
    without_paper = any(each.document_kind is DocumentKind.NONE for each in group)
    return Says(
        paragraphs(
            lines(
                _("🎫 **The turns of {people}**", people=names_of(group)),
                first.service.title,
                wording.when_where(first, today=chat.today),
            ),
            *(_of_one(each) for each in group),
            assistance.of(first),
            lines(
                how_to_pay,
                wording.BRING_ORIGINALS if has_paper else None,
                wording.COME_WITHOUT if without_paper else None,
                ticket.PAPER_DECIDES if has_paper else None,
                wording.APPOINTMENTS_ARE_FREE,
            ),
        ),
        rows=(
            (
                Button(ticket.MAP, ticket.link(first, "map").data),
                Button(ticket.PAPERS, ticket.link(first, "papers").data),
            ),
            (Button(ticket.CALENDAR, ticket.link(first, "calendar").data),),
            (Button(MINE, Go("turns").data),),
            (Button(CANCEL_ALL, ticket.link(first, "cancel_all").data),),
            (Button(ticket.OVERCHARGED, Go("complain", f"OVERCHARGE.{first.id}").data),),
        ),
        stays=True,
        picture=_picture(group),
        protects=True,
    )


def names_of(group: Sequence[AppointmentRow]) -> Param:
    """Their names, in the order of the request."""
    return series(*(each.person_name or wording.NOT_ANNOUNCED for each in group))


def _of_one(appointment: AppointmentRow) -> Param:
    return lines(
        _("👤 **{person}**", person=appointment.person_name or wording.NOT_ANNOUNCED),
        wording.paper(appointment.document_kind, appointment.identity_last4)
        if appointment.document_kind is not None
        else None,
        _("🕘 At {time}", time=LocalMoment(appointment.starts_at, appointment.zone).clock),
        _("Code:"),
        appointment.code,
        SpokenCode(appointment.code),
    )


def _picture(group: Sequence[AppointmentRow]) -> CodePicture:
    """The code of the first, and in words the codes of all: at the counter each is read or typed."""
    shown = ticket.picture(group[0])
    return CodePicture(
        shown.code,
        (
            *shown.lines,
            *(
                PictureLine(
                    _(
                        "{initials}: {code}",
                        initials=initials(each.person_name or ""),
                        code=Reference(each.code.grouped),
                    ),
                    is_of_one=True,
                )
                for each in group[1:]
            ),
        ),
    )
