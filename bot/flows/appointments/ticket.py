"""The ticket of an appointment: what the counter asks for, its code as a picture, and lasting buttons."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import segno

from bot.dialogue.questions import Go
from bot.dialogue.says import Button, CalendarEvent, Pin, Says
from bot.flows import wording
from desk.catalogue import chat as catalogue
from desk.conversations.chat import Chat
from desk.language.text import Param, SpokenCode, lines, paragraphs, words
from desk.people.rules import DocumentKind
from desk.values import LocalDay

if TYPE_CHECKING:
    from desk.appointments.rows import AppointmentRow
    from desk.catalogue.rows import FeeRow

_ = words("ticket")

MAP = _("📍 Map")
PAPERS = _("📄 Papers")
CALENDAR = _("📅 To my calendar")
CHANGE_TIME = _("🗓 Change the time")
CANCEL = _("Cancel the turn")
COPY_CODE = _("Copy the code")
PAPER_DECIDES = _("If somebody else named the same number, the turn is of the holder of the original.")
OVERCHARGED = _("📣 They took extra money")

PIXELS_A_MODULE = 10
QUIET_MODULES = 4
"""The white edge that readers ask for."""
MASK = 3
"""The pattern laid over the modules. Readers read each of the eight; the library would draw and judge all of them."""


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
            lines(
                how_to_pay,
                wording.BRING_ORIGINALS,
                # On the ticket of every number, so that it says nothing of this one.
                PAPER_DECIDES if appointment.document_kind is not DocumentKind.NONE else None,
                wording.APPOINTMENTS_ARE_FREE,
            ),
        ),
        rows=(
            (Button(MAP, link(appointment, "map").data), Button(PAPERS, link(appointment, "papers").data)),
            (Button(CALENDAR, link(appointment, "calendar").data),),
            (Button(CHANGE_TIME, link(appointment, "move").data),),
            (Button(CANCEL, link(appointment, "cancel").data),),
            (Button(OVERCHARGED, Go("complain", f"OVERCHARGE.{appointment.id}").data),),
            (Button(COPY_CODE, copies=appointment.code.digits),),
        ),
        stays=True,
        picture=qr(appointment.code.digits),
        protects=True,
    )


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
            notes=lines(_("Code:"), appointment.code, wording.BRING_ORIGINALS),
        ),
    )


def pin(appointment: AppointmentRow) -> Says | None:
    """The office's location; None where it is not known."""
    office = appointment.office
    if office.point is None:
        return None
    address: Param = wording.announced(office.address)
    return Says("", stays=True, pin=Pin(office.point, office.name, address))


def qr(text: str) -> bytes:
    """A QR code as PNG, for the counter's reader.

    Its rows are written here: the library computes every row of pixels from the same module again.
    """
    modules = segno.make(text, error="m", micro=False, mask=MASK).matrix
    edge = QUIET_MODULES * PIXELS_A_MODULE
    side = len(modules) * PIXELS_A_MODULE + 2 * edge
    length = -(-side // 8)
    last = edge + length * 8 - side  # the right edge, and what fills the last byte
    light = (1 << PIXELS_A_MODULE) - 1
    empty = [b"\0" + b"\xff" * length] * edge  # the first byte: no filter
    rows = []
    for line in modules:
        bits = (1 << edge) - 1
        for dark in line:
            bits = bits << PIXELS_A_MODULE | (0 if dark else light)
        bits = bits << last | ((1 << last) - 1)
        rows += [b"\0" + bits.to_bytes(length, "big")] * PIXELS_A_MODULE
    pixels = zlib.compress(b"".join(empty + rows + empty), 9)
    shape = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)  # a bit for each pixel, 1 = white
    parts = ((b"IHDR", shape), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part)) + name + part + struct.pack(">I", zlib.crc32(name + part)) for name, part in parts
    )
