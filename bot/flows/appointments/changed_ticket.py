"""Edits what stands of an appointment in the chat, once it is changed, answered, cancelled or elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.dialogue.questions import Go
from bot.dialogue.says import Button, EarlierMessage, Says
from bot.dialogue.screens import TO_THE_MENU
from bot.flows import wording
from bot.flows.appointments import fallen, joint_ticket, notices, ticket
from bot.flows.tables import Notices, Params
from desk.appointments import chat as appointments
from desk.appointments.rules import CANCELLED, LIVE, AppointmentNotice, AppointmentState
from desk.conversations.chat import Chat
from desk.language.text import Param, lines, paragraphs, words
from desk.values import LocalMoment

if TYPE_CHECKING:
    from desk.appointments.rows import AppointmentRow, StandingMessage

_ = words("ticket")

SHOW = _("🎫 This turn")
OTHER_THAN_PICTURED = _("⛔ **Another time.** The picture still shows the turn of before.")
NEITHER_THE_PICTURE = _("The picture no longer holds either.")
RENAMED = _("✏️ **The name is corrected.**")
RENAMED_BELOW_A_PICTURE = _("✏️ **The name is corrected.** The picture may still show the first letters of before.")
OTHERS_STAND = _("The turns of the others stand; their new ticket is further down.")
AT_THE_DESK = _("⛔ **This turn is not in this chat any more.** The office took it out.")
CANCELLED_BY_YOU = _("⛔ **Cancelled.** You gave this turn back.")

Rows = tuple[tuple[Button, ...], ...]


def changed(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """Every ticket, reminder and proposed time here that is no longer true; None where all are."""
    appointment = appointments.own(chat, int(params["appointment"]))
    if appointment is None:
        # Only what the chat itself was shown: where it is now may be told there alone.
        said = AT_THE_DESK if params.get("to_desk") else gone()
        return tuple(_edit(said, (TO_THE_MENU,), at=EarlierMessage(*each)) for each in params.get("left", ())) or None
    if "left" in params:
        return None  # it came back before this was told
    if appointment.fell_at is not None and not appointment.fall_is_told(now=chat.now):
        return None
    stand = appointments.standing(chat, appointment)
    beside = tuple(_edit(*_of_the_rest(appointment), at=EarlierMessage(*each)) for each in params.get("beside", ()))
    if appointment.state in CANCELLED and params.get("all"):
        group = [row for each in params["all"] if (row := appointments.own(chat, int(each))) is not None]
        said, ways = _all_cancelled(group), _ways(appointment)
        return tuple(_edit(_over(said, at=at), ways, at=at) for at in map(_message, stand)) or None
    if appointment.state in CANCELLED:
        rest = appointments.coming_together(chat, appointment)
        over, ways = paragraphs(_cancelled(appointment), OTHERS_STAND if rest else None), _ways(appointment)
        return (*(_edit(_over(over, at=at), ways, at=at) for at in map(_message, stand)), *beside) or None
    if appointment.state not in LIVE:
        return None
    now_named = _now_named(chat, appointment, stand) if params.get("name") else ()
    # Also what tells of an earlier time names the person.
    earlier = map(_message, (each for each in stand if each.moves < appointment.moves))
    rows: Rows = ((Button(SHOW, ticket.link(appointment, "show").data),), TO_THE_MENU)
    other_time = tuple(_edit(_other_time(chat, appointment, at=at), rows, at=at) for at in earlier)
    return (*other_time, *_answered(chat, appointment, stand), *beside, *now_named) or None


def _answered(chat: Chat, appointment: AppointmentRow, stand: Sequence[StandingMessage]) -> Iterator[Says]:
    """The proposed time that asked for an answer, once it is given."""
    if appointment.answer_until is None:
        rows: Rows = ((Button(SHOW, ticket.link(appointment, "show").data),), TO_THE_MENU)
        said = paragraphs(_("✅ **This time is yours.** The ticket is in this chat."), _now(chat, appointment))
        for each in stand:
            if each.is_proposal and each.moves == appointment.moves:
                yield _edit(said, rows, at=_message(each))


def _now_named(chat: Chat, appointment: AppointmentRow, stand: Sequence[StandingMessage]) -> Iterator[Says]:
    """What stands of the present time, under the name as it was corrected; the rest of it stays.

    Of those who come together it may stand in the ticket of another.
    """
    group = [each for each in appointments.coming_together(chat, appointment) if each.id != appointment.id]
    of_others = [(other, each) for other in group for each in appointments.standing(chat, other)]
    for whose, each in [*((appointment, each) for each in stand), *of_others]:
        if each.moves == whose.moves and not each.is_proposal:
            says = joint_ticket.ticket_of(chat, appointment) if each.is_ticket else notices.reminding(chat, appointment)
            head = RENAMED_BELOW_A_PICTURE if each.is_ticket else RENAMED
            yield replace(says, text=paragraphs(head, says.text), picture=None, alters=_message(each))


def _of_the_rest(appointment: AppointmentRow) -> tuple[Param, Rows]:
    """What a message of others says that named the appointment too: who left, and that the others stand."""
    if appointment.state in CANCELLED:
        left: Param = _("⛔ **The turn of {person} is given back.**", person=appointment.person_name or "")
    else:
        left = _("⛔ **The turn of {person} has another time.**", person=appointment.person_name or "")
    return lines(left, OTHERS_STAND), ((Button(joint_ticket.MINE, Go("turns").data),), TO_THE_MENU)


def before_erasing(chat: Chat) -> tuple[Says, ...]:
    """Every ticket and reminder of what erasing is about to cancel, without name and code."""
    ahead = (each for each in appointments.mine(chat) if each.is_ahead(now=chat.now))
    return tuple(
        _edit(_over(CANCELLED_BY_YOU, at=at), (TO_THE_MENU,), at=at)
        for appointment in ahead
        for at in map(_message, appointments.standing(chat, appointment))
    )


def _ways(appointment: AppointmentRow) -> Rows:
    is_fallen = appointment.fell_at is not None
    again = fallen.another(appointment) if is_fallen else Go("book", f"service.{appointment.service.id}")
    return ((Button(fallen.ANOTHER_ONE, again.data),), TO_THE_MENU)


def _cancelled(appointment: AppointmentRow) -> Param:
    if appointment.state is AppointmentState.CANCELLED_BY_PERSON:
        who = CANCELLED_BY_YOU
    elif appointment.fell_at is not None:
        who = _("⛔ **This turn no longer stands.**")
    else:
        who = _("⛔ **Cancelled.** The office cancelled this turn.")
    return paragraphs(
        who,
        lines(
            appointment.service.title,
            _("👤 {person}", person=appointment.person_name or ""),
            _("🕘 It was: {when}", when=LocalMoment(appointment.starts_at, appointment.zone)),
            wording.where(appointment.office),
        ),
        lines(_("Code:"), appointment.code),
    )


def _all_cancelled(group: Sequence[AppointmentRow]) -> Param:
    """That all who came together gave back, and whose codes no longer hold."""
    first = group[0]
    return paragraphs(
        _("⛔ **Cancelled.** You gave these turns back."),
        lines(first.service.title, wording.where(first.office)),
        *(
            lines(
                _("👤 {person}", person=each.person_name or ""),
                _("🕘 It was: {when}", when=LocalMoment(each.starts_at, each.zone)),
                _("Code:"),
                each.code,
            )
            for each in group
        ),
    )


def _other_time(chat: Chat, appointment: AppointmentRow, *, at: EarlierMessage) -> Param:
    return paragraphs(
        OTHER_THAN_PICTURED if at.has_picture else _("⛔ **Another time.** What stood here no longer holds."),
        _now(chat, appointment),
        lines(_("Code:"), appointment.code),
    )


def _now(chat: Chat, appointment: AppointmentRow) -> Param:
    """When and where it is now."""
    return lines(
        appointment.service.title,
        _("👤 {person}", person=appointment.person_name or ""),
        _("New time:") if appointment.answer_until is None else _("We keep this time for you:"),
        wording.when_where(appointment, today=chat.today),
    )


def _over(said: Param, *, at: EarlierMessage) -> Param:
    """What is said of an appointment that is over; its picture still shows the time, and messengers leave it there."""
    return paragraphs(said, NEITHER_THE_PICTURE) if at.has_picture else said


def gone() -> Param:
    """What is left of a ticket whose appointment went over to another chat."""
    return _("⛔ **This turn went over to another chat.** The ticket is there now.")


def _message(standing: StandingMessage) -> EarlierMessage:
    return EarlierMessage(standing.message_id, has_picture=standing.is_ticket)


def _edit(text: Param, rows: Rows, *, at: EarlierMessage) -> Says:
    return Says(text, rows=rows, stays=True, alters=at)


NOTICES: Final[Notices] = {AppointmentNotice.TICKET_CHANGED: changed}
