"""What staff read of the messages about two connected chats, where one did not arrive."""

from __future__ import annotations

from typing import Final

from backoffice.tables import Messages
from desk.language.text import words
from desk.other_chats.rules import OtherChatNotice

_message = words("undelivered")

MESSAGES: Final[Messages] = {
    OtherChatNotice.MADE: _message("Another chat was connected"),
    OtherChatNotice.WORKS: _message("The connection of two chats begins"),
    OtherChatNotice.CUT: _message("The connection of two chats was cut"),
}
