"""What the conversations and the messages about the other chat both say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.dialogue.questions import Go
from desk.language import labels
from desk.language.text import Param, Text, words
from desk.other_chats.rules import works_from
from desk.values import LocalMoment

if TYPE_CHECKING:
    from datetime import datetime

    from desk.other_chats.rows import OtherChatRow

_ = words("other chat")

CUT: Final = _("Cut the connection")
WHAT_FOR: Final = _("What we cannot tell you in one, we tell you in the other.")
MY_OTHER_CHAT: Final = (_("🔗 My other chat"), Go("other_chat"))


def together(other: OtherChatRow) -> Text:
    """Which chat it is; no more of it is told."""
    return _("🔗 This chat and one in {messenger} are connected.", messenger=labels.messenger(other.channel))


def never_begins(other: OtherChatRow) -> Text:
    """That the connection will not begin, of which the chat that showed the code could not be told."""
    return _("🔗 The connection with a chat in {messenger} never began.", messenger=labels.messenger(other.channel))


def from_when(other: OtherChatRow, *, now: datetime, is_told: bool = False) -> Param | None:
    """From when it works, where that is to come; `is_told` = this is the message without which it does not begin."""
    begins = works_from(now) if other.works_from is None and is_told else other.works_from
    if begins is None:
        return _("It works a day after the chat that showed the code was told of it.")
    return None if begins <= now else _("It works from {when} on.", when=LocalMoment(begins))
