"""Composes what a chat is told when the office takes an appointment out of it that a slip had brought there."""

from __future__ import annotations

from typing import Final

from bot.dialogue.says import Button, Says
from bot.flows.tables import Notices, Params
from bot.flows.walk_ins.tie import ASK
from desk.conversations.chat import Chat
from desk.language.text import lines, words
from desk.walk_ins.rules import WalkInNotice

_ = words("slip")


def untied(_chat: Chat, _params: Params) -> tuple[Says, ...] | None:
    """It says nothing of the appointment, which is perhaps somebody else's."""
    text = lines(
        _("🎫 The office took a turn out of this chat that a slip had brought here."),
        _("If it was yours, go to the office with your original paper."),
    )
    return (Says(text, rows=((Button(ASK[0], ASK[1].data),),), stays=True),)


NOTICES: Final[Notices] = {WalkInNotice.UNTIED: untied}
