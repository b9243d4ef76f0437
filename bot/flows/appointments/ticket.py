"""The ticket of a turn: what is shown at the counter, with its code as a picture, and the buttons that stay true."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import segno

from bot.dialogue.questions import Go
from bot.dialogue.says import Button, Pin, Says
from bot.flows import wording
from desk.catalogue import chat as catalogue
from desk.conversations.chat import Chat
from desk.language.text import Param, SpokenCode, lines, paragraphs, words
from desk.values import LocalDay

if TYPE_CHECKING:
    from desk.appointments.rows import TurnRow
    from desk.catalogue.rows import FeeRow

_ = words("ticket")

MAP = _("📍 Map")
PAPERS = _("📄 Papers")
CHANGE_TIME = _("🗓 Change the time")
CANCEL = _("Cancel the turn")
COPY_CODE = _("Copy the code")
OVERCHARGED = _("📣 They took extra money")

PIXELS_A_MODULE = 10


def link(turn: TurnRow, wish: str) -> Go:
    """The lasting button of a turn; everything behind it is looked up anew when it is pressed."""
    return Go("turns", f"{wish}.{turn.id}")


def fee_of(chat: Chat, turn: TurnRow) -> FeeRow | None:
    """The fee of the turn's day at its office, which may be another one than that of today."""
    province = turn.office.province_code
    return catalogue.fee_on(chat, turn.service.id, day=LocalDay(turn.day), province_code=province)


def ticket(chat: Chat, turn: TurnRow) -> Says:
    """The ticket as one message that stays."""
    card = catalogue.card(chat, turn.service.id, province_code=turn.office.province_code, on=LocalDay(turn.day))
    return Says(
        paragraphs(
            lines(
                _("🎫 **The turn of {person}**", person=turn.person_name or wording.NOT_ANNOUNCED),
                turn.service.title,
            ),
            lines(_("Code:"), turn.code, SpokenCode(turn.code)),
            wording.when_where(turn, today=chat.today),
            lines(wording.fee_rule(card), wording.BRING_ORIGINALS, wording.TURNS_ARE_FREE),
        ),
        rows=(
            (Button(MAP, link(turn, "map").data), Button(PAPERS, link(turn, "papers").data)),
            (Button(CHANGE_TIME, link(turn, "move").data),),
            (Button(CANCEL, link(turn, "cancel").data),),
            (Button(OVERCHARGED, Go("complain", f"OVERCHARGE.{turn.id}").data),),
            (Button(COPY_CODE, copies=turn.code.digits),),
        ),
        stays=True,
        picture=qr(turn.code.digits),
        protects=True,
    )


def pin(turn: TurnRow) -> Says | None:
    """The office on the map; None where its place is not known."""
    office = turn.office
    if office.point is None:
        return None
    address: Param = wording.announced(office.address)
    return Says("", stays=True, pin=Pin(office.point, office.name, address))


def qr(text: str) -> bytes:
    """A PNG that the counter's reader understands."""
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(picture, kind="png", scale=PIXELS_A_MODULE, border=4)
    return picture.getvalue()
