"""What the office recorded of a visit, told to the person: with what to do where it is not so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.dialogue.questions import Go
from bot.dialogue.says import Button, Says
from bot.flows import wording
from bot.flows.appointments import ticket
from bot.flows.tables import Notices, Params
from desk.appointments import chat as appointments
from desk.appointments.rules import State
from desk.capacity import chat as capacity
from desk.conversations.chat import Chat
from desk.language.text import Param, lines, paragraphs, words
from desk.values import LocalMoment
from desk.visits.rules import Notice

if TYPE_CHECKING:
    from desk.appointments.rows import TurnRow

_ = words("visit notice")

ASK = Button(_("💬 Ask the desk"), Go("ask").data)


def served(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    turn = _in_state(chat, params, State.SERVED)
    if turn is None:
        return None
    return (
        Says(
            paragraphs(
                _("✅ The office has recorded: the visit of {person} is done.", person=_person(turn)),
                _visit(turn),
                _("If it was otherwise, or they took extra money, please tell us."),
            ),
            rows=((Button(ticket.OVERCHARGED, Go("complain", f"OVERCHARGE.{turn.id}").data),), (ASK,)),
            stays=True,
        ),
    )


def absent(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    turn = _in_state(chat, params, State.ABSENT)
    if turn is None:
        return None
    return (
        Says(
            paragraphs(
                _("The office has recorded: {person} did not come.", person=_person(turn)),
                _visit(turn),
                _("If you were there, please tell us. You can also get another turn; it is free."),
            ),
            rows=(
                (Button(_("🗓 Another turn"), Go("book", f"service.{turn.service.id}").data),),
                (Button(_("📣 I was there"), Go("complain", f"TURN_REFUSED.{turn.id}").data),),
                (ASK,),
            ),
            stays=True,
        ),
    )


def come_back(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """The ticket of the new turn follows by itself; this says why there is one."""
    turn = _in_state(chat, params, State.COME_BACK)
    slot = capacity.slot(chat, int(params["slot"]), service_id=turn.service.id) if turn is not None else None
    if turn is None or slot is None:
        return None
    return (
        Says(
            paragraphs(
                _("**The office asks {person} to come once more.**", person=_person(turn)),
                lines(
                    turn.service.title,
                    _("🕘 **{when}**", when=wording.moment(slot.starts_at, slot.zone, today=chat.today)),
                    wording.where(turn.office),
                ),
                _("The turn for it is booked and free. The ticket comes in the next message."),
            ),
            rows=((ASK,),),
            stays=True,
        ),
    )


def undone(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    turn = appointments.turn(chat, int(params["appointment"]))
    if turn is None or turn.state not in (State.BOOKED, State.ARRIVED):
        return None  # meanwhile it was recorded anew, which is told by itself
    given = appointments.turn(chat, int(params["given"])) if "given" in params else None
    gone = None
    if given is not None and given.state is State.CANCELLED_BY_OFFICE:
        gone = _("The turn of {when} no longer holds.", when=LocalMoment(given.starts_at, given.zone))
    return (
        Says(
            paragraphs(
                lines(_("**The office made a mistake and has corrected it.** We are sorry."), gone),
                lines(_stands(chat, turn), turn.service.title, _when(turn), wording.where(turn.office)),
            ),
            rows=((Button(_("🎫 This turn"), ticket.link(turn, "show").data),), (ASK,)),
            stays=True,
        ),
    )


def _stands(chat: Chat, turn: TurnRow) -> Param:
    """How the turn stands after the correction."""
    if turn.state is State.ARRIVED:
        return _("It is recorded that {person} is at the office:", person=_person(turn))
    if turn.is_ahead(now=chat.now):
        return _("The turn of {person} is as before:", person=_person(turn))
    return _("Nothing is recorded any more about the turn of {person}:", person=_person(turn))


def _in_state(chat: Chat, params: Params, state: State) -> TurnRow | None:
    turn = appointments.turn(chat, int(params["appointment"]))
    return turn if turn is not None and turn.state is state else None


def _visit(turn: TurnRow) -> Param:
    return lines(turn.service.title, _when(turn), wording.where(turn.office))


def _when(turn: TurnRow) -> Param:
    return _("🕘 {when}", when=LocalMoment(turn.starts_at, turn.zone))


def _person(turn: TurnRow) -> str:
    return turn.person_name or ""


NOTICES: Final[Notices] = {
    Notice.SERVED: served,
    Notice.ABSENT: absent,
    Notice.COME_BACK: come_back,
    Notice.UNDONE: undone,
}
