"""What several of the flows about another phone say: that it was tried often, and where people go from there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.dialogue.questions import Go
from desk.language.text import lines, words
from desk.values import LocalMoment

if TYPE_CHECKING:
    from datetime import datetime

    from desk.language.text import Param

_ = words("transfer")

MY_APPOINTMENTS: Final = (_("🎫 My turns"), Go("turns"))
MY_WORD: Final = (_("🔑 My secret word"), Go("own_word"))


def tried_often(until: datetime) -> Param:
    """That this chat has no tries left before that moment."""
    return lines(_("This was tried several times here."), _("From {when} you can try again.", when=LocalMoment(until)))
