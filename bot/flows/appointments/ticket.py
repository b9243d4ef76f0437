"""The ticket of an appointment: what the counter asks for, its code as a picture, and lasting buttons."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.dialogue.questions import Go
from bot.dialogue.says import Button, CalendarEvent, CodePicture, PictureLine, Pin, Says
from bot.flows import wording
from bot.flows.appointments import assistance
from desk.catalogue import chat as catalogue
from desk.conversations.chat import Chat
from desk.language.text import Param, Reference, SpokenCode, lines, paragraphs, words
from desk.people.rules import DocumentKind, initials
from desk.reading.folding import fold
from desk.values import LocalDay, LocalMoment

if TYPE_CHECKING:
    from desk.appointments.rows import AppointmentRow
    from desk.catalogue.rows import FeeRow
    from desk.offices.rows import OfficeRow

_ = words("ticket")

MAP = _("📍 Map")
PAPERS = _("📄 Papers")
CALENDAR = _("📅 To my calendar")
CHANGE_TIME = _("🗓 Change the time")
CANCEL = _("Cancel the turn")
COPY_CODE = _("Copy the code")
PAPER_DECIDES = _("If somebody else named the same number, the turn is of the holder of the original.")
OVERCHARGED = _("📣 They took extra money")


def link(appointment: AppointmentRow, wish: str) -> Go:
    """A lasting button of an appointment; everything is read again when it is pressed."""
    return Go("turns", f"{wish}.{appointment.id}")


def fee_of(chat: Chat, appointment: AppointmentRow) -> FeeRow | None:
    """The fee on the day of the appointment at its office, which may differ from today's."""
    province = appointment.office.province_code
    return catalogue.fee_on(chat, appointment.service.id, day=LocalDay(appointment.day), province_code=province)


def ticket(chat: Chat, appointment: AppointmentRow) -> Says:
    """The ticket as a message that stays, and is edited only where it is no longer true (`changed_ticket`)."""
    how_to_pay = wording.fee_rule(fee_of(chat, appointment), channel=appointment.service.channel)
    return Says(
        paragraphs(
            lines(
                _("🎫 **The turn of {person}**", person=appointment.person_name or wording.NOT_ANNOUNCED),
                appointment.service.title,
                wording.paper(appointment.document_kind, appointment.identity_last4)
                if appointment.document_kind is not None
                else None,
            ),
            lines(_("Code:"), appointment.code, SpokenCode(appointment.code)),
            wording.when_where(appointment, today=chat.today),
            assistance.of(appointment),
            lines(
                how_to_pay,
                wording.bring(appointment.document_kind),
                # On the ticket of every number, so that it says nothing of this one.
                PAPER_DECIDES if appointment.document_kind is not DocumentKind.NONE else None,
                wording.APPOINTMENTS_ARE_FREE,
            ),
        ),
        rows=(
            (Button(MAP, link(appointment, "map").data), Button(PAPERS, link(appointment, "papers").data)),
            *(() if appointment.is_walk_in else ((Button(CALENDAR, link(appointment, "calendar").data),),)),
            (Button(CHANGE_TIME, link(appointment, "move").data),),
            (Button(CANCEL, link(appointment, "cancel").data),),
            (Button(OVERCHARGED, Go("complain", f"OVERCHARGE.{appointment.id}").data),),
            (Button(COPY_CODE, copies=appointment.code.digits),),
        ),
        stays=True,
        picture=picture(appointment),
        protects=True,
    )


def for_who_is_there(chat: Chat, appointment: AppointmentRow) -> Says:
    """The ticket of somebody who has come and is in the line: nothing of it is changed here any more."""
    copy = Button(COPY_CODE, copies=appointment.code.digits)
    rows = ((Button(PAPERS, link(appointment, "papers").data),), (copy,))
    return replace(ticket(chat, appointment), rows=rows)


def calendar(appointment: AppointmentRow) -> Says:
    """The appointment as a file for the person's own calendar. It names nobody: others may see that calendar."""
    return Says(
        _("Open the file. Your phone then reminds you two hours before."),
        stays=True,
        event=CalendarEvent(
            uid=f"{appointment.code.digits}@mizban",
            version=appointment.moves,
            starts_at=appointment.starts_at,
            title=_("Turn: {service}", service=appointment.service.title),
            place=wording.where(appointment.office),
            notes=lines(_("Code:"), appointment.code, wording.bring(appointment.document_kind)),
        ),
    )


def pin(appointment: AppointmentRow) -> Says | None:
    """The office's location; None where it is not known."""
    office = appointment.office
    if office.point is None:
        return None
    address: Param = wording.announced(office.address)
    return Says("", stays=True, pin=Pin(office.point, office.name, address))


def picture(appointment: AppointmentRow) -> CodePicture:
    """The code, and in words what somebody has to know who holds the picture alone; of the name the initials only."""
    office, when = appointment.office, LocalMoment(appointment.starts_at, appointment.zone)
    name = initials(appointment.person_name or "")
    place = _("{city}, {address}", city=office.city, address=office.address) if office.address else office.city
    return CodePicture(
        appointment.code.digits,
        (
            PictureLine(_("Code: {code}", code=Reference(appointment.code.grouped)), is_large=True, is_of_one=True),
            *((PictureLine(_("The turn of {initials}", initials=name), is_of_one=True),) if name else ()),
            PictureLine(appointment.service.title),
            # Apart, so that neither is broken in two.
            PictureLine(when.day, is_large=True),
            *(() if appointment.is_walk_in else (PictureLine(_("At {time}", time=when.clock), is_large=True),)),
            PictureLine(_named(office)),
            PictureLine(place),
        ),
    )


def _named(office: OfficeRow) -> Param:
    """The office with its number, which stands on its sign; once, where its name holds it."""
    if all(fold(office.code) in fold(text) for _locale, text in office.name.texts):
        return office.name
    return _("{office}, number {number}", office=office.name, number=Reference(office.code))
