"""Composes the messages about the connection, and what is told here because the other chat could not be told."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.dialogue.questions import Go
from bot.dialogue.says import Button, Says
from bot.flows.other_chats.wording import CUT, MY_OTHER_CHAT, WHAT_FOR, from_when, together
from bot.flows.tables import Notices, Params
from desk.conversations.chat import Chat
from desk.language import labels
from desk.language.text import lines, paragraphs, words
from desk.other_chats import chat as other_chats
from desk.other_chats.rules import OtherChatNotice

_ = words("other chat")

CUT_IT: Final = Button(CUT, Go("other_chat", "cut").data)
ITS_OWN: Final = Button(MY_OTHER_CHAT[0], MY_OTHER_CHAT[1].data)
BRING: Final = Button(_("📱 Bring my turns"), Go("transfer").data)


def made(chat: Chat, _params: Params) -> tuple[Says, ...] | None:
    """To the chat that showed the code."""
    other = other_chats.other(chat)
    if other is None:
        return None
    text = lines(
        together(other),
        WHAT_FOR,
        from_when(other, now=chat.now, is_told=True),
        _("If that was not you, cut the connection."),
    )
    return (Says(text, rows=((CUT_IT,),), stays=True),)


def works(chat: Chat, _params: Params) -> tuple[Says, ...] | None:
    """To both, once more, when it begins to work: one of them may have been in other hands when it was made."""
    other = other_chats.other(chat)
    if other is None or other.works_from is None or other.works_from > chat.now:
        return None
    text = lines(
        together(other),
        _("From now on we tell you there what we cannot tell you here."),
        _("And here what we cannot tell you there."),
        _("If you do not want that, cut the connection."),
    )
    return (Says(text, rows=((CUT_IT,),), stays=True),)


def cut(chat: Chat, _params: Params) -> tuple[Says, ...] | None:
    if other_chats.other(chat) is not None:
        return None  # it was connected anew meanwhile
    text = lines(
        _("🔗 Your other chat with us is no longer connected with this one."),
        _("What we cannot tell you here, we tell you nowhere else."),
    )
    return (Says(text, rows=((ITS_OWN,),), stays=True),)


def instead(says: tuple[Says, ...], *, channel: str) -> tuple[Says, ...]:
    """What could not be told in a chat of this messenger, as the other chat of the person is told it.

    Its buttons are left out: each does something with what the first chat has, and here it would do it with what this
    one has. Bringing it over asks for the proofs that it always asks for.
    """
    head = lines(
        _("🔗 This is for your chat in {messenger}.", messenger=labels.messenger(channel)),
        _("We could not tell you there."),
    )
    told = [replace(each, rows=(), about="", asks=False, answers=None) for each in says]
    told[0] = replace(told[0], text=paragraphs(head, told[0].text))
    told[-1] = replace(told[-1], rows=((BRING,), (ITS_OWN,)))
    return tuple(told)


NOTICES: Final[Notices] = {
    OtherChatNotice.MADE: made,
    OtherChatNotice.WORKS: works,
    OtherChatNotice.CUT: cut,
}
