"""Composes the message that something of a service is announced, for a chat that wanted to know."""

from __future__ import annotations

from typing import Final

from bot.dialogue.questions import Go
from bot.dialogue.says import Button, Says
from bot.flows import wording
from bot.flows.catalogue import announcing
from bot.flows.tables import Notices, Params
from desk.announcements.rules import Announceable, AnnouncementNotice, read, unknown_of
from desk.capacity import chat as capacity
from desk.catalogue import chat as catalogue
from desk.conversations.chat import Chat
from desk.language.text import lines, series, words

_ = words("notice")


def announced(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """What is announced at the moment of sending, of what was unknown when the chat asked."""
    shown = catalogue.card(chat, int(params["service"]))
    if shown is None or not shown.is_published:
        return None
    unknown = unknown_of(shown, is_offered=capacity.takes_appointments(chat, shown))
    known = [each for each in read(str(params["unknown"])) if each not in unknown]
    page = Button(announcing.SEE_IT, Go("services", str(shown.id)).data)
    if not known:
        # It was taken back while the messenger could not be reached; that the chat waited is forgotten by now.
        text = lines(
            _("🔔 **{service}**", service=shown.title),
            _("Something was announced and taken back again."),
            _("To be told again, press «💰 See its page», then «🔔 Tell me»."),
        )
        return (Says(text, rows=((page,),), stays=True),)
    text = lines(
        _("🔔 You wanted to know more of **{service}**.", service=shown.title),
        _("Now announced: {what}", what=series(*map(announcing.named, known))),
        wording.fee(shown.fee) if Announceable.FEE in known else None,
        _("For the rest, press «💰 See its page», then «🔔 Tell me».") if unknown else None,
    )
    return (Says(text, rows=((page,),), stays=True),)


NOTICES: Final[Notices] = {AnnouncementNotice.ANNOUNCED: announced}
