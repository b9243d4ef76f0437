"""The words for refusals about the other chat, and the step to go on from."""

from __future__ import annotations

from typing import Final

from bot.dialogue.questions import Go, Sorry
from bot.flows.other_chats import other_code
from bot.flows.tables import Apologies
from desk.language.text import lines, words
from desk.other_chats.refusals import HasOtherChat, NobodyAsks

_ = words("refusal")


def _nobody_asks(_refusal: NobodyAsks) -> Sorry:
    return Sorry(
        lines(
            _("The time of this code is over."),
            _("Show a new one in your other chat, and write it here."),
        ),
        then=other_code.code,
    )


def _has_other_chat(_refusal: HasOtherChat) -> Sorry:
    return Sorry(
        lines(
            _("One of these two chats is connected with another one."),
            _("Cut that connection first."),
        ),
        then=Go("menu"),
    )


APOLOGIES: Final[Apologies] = {NobodyAsks: _nobody_asks, HasOtherChat: _has_other_chat}
