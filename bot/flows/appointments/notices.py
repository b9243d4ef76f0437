"""The ticket of a turn and its reminders, composed when they are sent, so that each is true when it arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.dialogue.questions import Go
from bot.dialogue.says import Button, Says
from bot.flows import wording
from bot.flows.appointments import ticket
from bot.flows.tables import Notices, Params
from desk.appointments import chat as appointments
from desk.appointments.rules import EVENING_BEFORE as EVENING
from desk.appointments.rules import Notice, is_said_on_the_day
from desk.conversations.chat import Chat
from desk.language.text import Near, lines, paragraphs, words
from desk.values import LocalMoment

if TYPE_CHECKING:
    from desk.appointments.rows import TurnRow

_ = words("notice")


def ticket_of_turn(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    turn = _ahead(chat, params)
    return (ticket.ticket(chat, turn),) if turn is not None else None


def reminder(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """The evening before and two hours before; not for a time that the person has given up meanwhile."""
    turn = _ahead(chat, params)
    if turn is None or turn.moves != params.get("moves", turn.moves):
        return None
    is_today = LocalMoment(turn.starts_at, turn.zone).day == chat.today
    if params.get("which") == EVENING and is_today and is_said_on_the_day(turn.starts_at, zone=turn.zone):
        return None  # it was held up past midnight, and the second one says the same today
    return (
        Says(
            paragraphs(
                _("⏳ The turn of {person} is {near}.", person=turn.person_name or "", near=_near(turn)),
                lines(
                    turn.service.title,
                    _("🕘 **{when}**", when=LocalMoment(turn.starts_at, turn.zone)),
                    wording.where(turn.office),
                    wording.fee(ticket.fee_of(chat, turn)),
                    wording.BRING_ORIGINALS,
                ),
                lines(_("Code:"), turn.code),
            ),
            rows=(
                (Button(ticket.MAP, ticket.link(turn, "map").data), Button(ticket.PAPERS, _papers(turn).data)),
                (Button(ticket.CHANGE_TIME, ticket.link(turn, "move").data),),
                (Button(ticket.CANCEL, ticket.link(turn, "cancel").data),),
            ),
            stays=True,
        ),
    )


def _ahead(chat: Chat, params: Params) -> TurnRow | None:
    """The turn, if it is still to come."""
    turn = appointments.turn(chat, int(params["appointment"]))
    return turn if turn is not None and turn.is_ahead(now=chat.now) else None


def _near(turn: TurnRow) -> Near:
    return Near(LocalMoment(turn.starts_at, turn.zone))


def _papers(turn: TurnRow) -> Go:
    return ticket.link(turn, "papers")


NOTICES: Final[Notices] = {
    Notice.TICKET: ticket_of_turn,
    Notice.REMINDER: reminder,
}
