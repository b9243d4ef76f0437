"""Composes what is asked and told of two appointments, or two waits, of one person whose papers a clerk linked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.dialogue.questions import Go
from bot.dialogue.says import Button, EarlierMessage, Says
from bot.flows.linked_papers.saying import (
    GIVE_BACK,
    KEEP_FIRST,
    KEEP_SECOND,
    MY_APPOINTMENTS,
    TWO_PEOPLE,
    to_give_back,
    to_keep,
    when_where,
)
from bot.flows.tables import Notices, Params
from bot.flows.waiting import request as requests
from desk.language.text import lines, paragraphs, words
from desk.linked_papers import chat as linked_papers
from desk.linked_papers.rules import ChoiceState, LinkNotice
from desk.values import LocalMoment
from desk.waiting import chat as waiting

if TYPE_CHECKING:
    from desk.conversations.chat import Chat
    from desk.linked_papers.rows import WhichStays

_ = words("linked papers")
_TWO_PEOPLE: Final = (Button(TWO_PEOPLE[0], TWO_PEOPLE[1].data),)


def which_stays(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """Which of two stays; None where one of them is over by now, or belongs to another chat."""
    question = _open(chat, params)
    if question is None or not question.is_of_this_chat or question.until is None:
        return None
    first, second = question.mine
    return (
        Says(
            paragraphs(
                _("Two papers, one person, one turn: which of these two shall stay?"),
                first.service.title,
                lines(_("🎫 The first:"), when_where(first)),
                lines(_("🎫 The second:"), when_where(second)),
                lines(
                    _("The other is given back, and that does not count against you."),
                    _("Without an answer until {when}, the first stays.", when=LocalMoment(question.until, first.zone)),
                ),
            ),
            rows=(
                (Button(KEEP_FIRST, to_keep(question, keep=first.id).data),),
                (Button(KEEP_SECOND, to_keep(question, keep=second.id).data),),
                _TWO_PEOPLE,
            ),
            stays=True,
            asks=True,
        ),
    )


def another_too(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """There is another one elsewhere, of which nothing is told; nothing has to be done."""
    question = _open(chat, params)
    if question is None or question.is_of_this_chat:
        return None
    [mine] = question.mine
    return (
        Says(
            paragraphs(
                lines(_("**{service}**", service=mine.service.title), when_where(mine)),
                lines(
                    _("On another paper of this person there is another turn for the same."),
                    _("If that one is yours too, give one back; it does not count against you."),
                    _("If both stay, the original paper decides on the day."),
                ),
            ),
            rows=((Button(GIVE_BACK, to_give_back(question).data),),),
            stays=True,
        ),
    )


def earlier_stays(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """No answer came; None where the one that stayed is over by now."""
    question = linked_papers.which_stays(chat, int(params["choice"]))
    if question is None or question.state is not ChoiceState.LAPSED or not question.is_of_this_chat:
        return None
    live = [each for each in question.mine if each.is_ahead(now=chat.now)]
    if not live:
        return None
    [stays, *_rest] = live
    other = next(each for each in question.mine if each.id != stays.id)
    return (
        Says(
            paragraphs(
                _("No answer came, so this turn stays:"),
                lines(stays.service.title, when_where(stays)),
                lines(
                    _("The other one is given back: {when}.", when=LocalMoment(other.starts_at, other.zone)),
                    _("It does not count against you."),
                ),
            ),
            rows=((Button(MY_APPOINTMENTS[0], MY_APPOINTMENTS[1].data),), _TWO_PEOPLE),
            stays=True,
        ),
    )


def both_stay(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """The question that stands is changed, and who had to choose is told too."""
    question = linked_papers.which_stays(chat, int(params["choice"]))
    if question is None or question.state is not ChoiceState.OVER:
        return None
    live = [each for each in question.mine if each.is_ahead(now=chat.now)]
    if not live:
        return None
    to_mine = ((Button(MY_APPOINTMENTS[0], MY_APPOINTMENTS[1].data),),)
    put_right = _("At the office they put it right: these are papers of two people.")
    stay = _("Both turns stay.") if len(live) > 1 else _("Your turn stays.")
    message_id = linked_papers.standing_question(chat, question, appointment_id=int(params["appointment"]))
    says = []
    if message_id is not None:
        head = paragraphs(_("✅ **Nothing has to be chosen any more.**"), lines(put_right, stay))
        text = paragraphs(head, live[0].service.title, *map(when_where, live))
        says.append(Says(text, rows=to_mine, stays=True, alters=EarlierMessage(message_id, has_picture=False)))
    if question.is_of_this_chat:
        says.append(Says(lines(put_right, stay, _("You need do nothing.")), rows=to_mine, stays=True))
    return tuple(says) or None


def one_waits(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """The chat waited twice for one person, or one person was named twice in a household."""
    request = waiting.own(chat, int(params["request"]))
    if request is None:
        return None
    return (
        Says(
            paragraphs(
                requests.what_for(chat, request),
                lines(
                    _("At the office they saw: two papers are of one person."),
                    _("So this person waits once for this; the one that waits longer stays."),
                ),
            ),
            rows=((Button(requests.SEE_IT, Go("request").data),), _TWO_PEOPLE),
            stays=True,
        ),
    )


def _open(chat: Chat, params: Params) -> WhichStays | None:
    """The question, while it can be answered."""
    question = linked_papers.which_stays(chat, int(params["choice"]))
    return question if question is not None and question.is_open else None


NOTICES: Final[Notices] = {
    LinkNotice.WHICH_STAYS: which_stays,
    LinkNotice.ANOTHER_TOO: another_too,
    LinkNotice.EARLIER_STAYS: earlier_stays,
    LinkNotice.BOTH_STAY: both_stay,
    LinkNotice.ONE_WAITS: one_waits,
}
