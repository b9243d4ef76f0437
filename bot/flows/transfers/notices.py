"""Composes the messages about a transfer, to the earlier and to the later chat."""

from __future__ import annotations

from typing import Final

from bot.dialogue.questions import Go
from bot.dialogue.says import Button, Says
from bot.flows.tables import Notices, Params
from desk.conversations.chat import Chat
from desk.language.text import lines, words
from desk.transfers import chat as transfers
from desk.transfers.rules import TransferNotice, TransferState, TransferWay
from desk.values import LocalMoment

_ = words("transfer")


def away(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """To the earlier chat. After the time to object it still says what happened, without the way to stop it."""
    told = transfers.told(chat, params["transfer"])
    if told is None or told.state is TransferState.UNDONE:
        return None
    ask = (Button(_("💬 Ask the desk"), Go("ask").data),)
    if told.way is TransferWay.COUNTER:
        text = lines(
            _("📱 With the original paper at the counter, your turn went over to another chat."),
            _("If that was you, all is well. If not, tell the desk."),
        )
        return (Says(text, rows=(ask, (Button(_("📣 Complain"), Go("complain").data),)), stays=True),)
    if told.state is TransferState.SETTLED:
        text = lines(
            _("📱 Your turns went over to another chat, with your secret word."),
            _("If that was not you, tell the desk."),
        )
        return (Says(text, rows=(ask,), stays=True),)
    text = lines(
        _("📱 Your turns went over to another chat, with your secret word."),
        _("If that was you, all is well."),
        _("If not, press the button by {when}: they come back.", when=LocalMoment(told.until)),
    )
    not_me = Button(_("That was not me"), Go("stop_transfer", str(told.id)).data)
    return (Says(text, rows=((not_me,),), stays=True),)


def back(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    if transfers.told(chat, params["transfer"]) is None:
        return None
    return (
        Says(
            lines(
                _("📱 The earlier chat said that it was somebody else. The turns went back there."),
                _("If they are yours, go to the counter with the original paper."),
            ),
            rows=((Button(_("💬 Ask the desk"), Go("ask").data),),),
            stays=True,
        ),
    )


def cases(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    told = transfers.told(chat, params["transfer"])
    if told is None or not told.cases:
        return None
    return (
        Says(
            lines(
                _("🔎 {n} complaints and questions of your old chat are here now.", n=told.cases),
                _("Answers come here."),
            ),
            rows=((Button(_("🔎 See them"), Go("follow").data),),),
            stays=True,
        ),
    )


NOTICES: Final[Notices] = {
    TransferNotice.AWAY: away,
    TransferNotice.BACK: back,
    TransferNotice.CASES: cases,
}
