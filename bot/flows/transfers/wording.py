"""What several of the flows about another phone say and read: that it was tried often, and a code of eight digits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.dialogue.questions import Go
from desk.language.text import lines, words
from desk.reading.folding import ascii_digits
from desk.transfers.rules import CODE_LENGTH
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


def eight_digits(typed: str) -> str | None:
    """The digits of a code that somebody typed in groups or at once; None = these are not eight."""
    digits = "".join(sign for sign in ascii_digits(typed) if not sign.isspace() and sign not in "-‐")
    return digits if len(digits) == CODE_LENGTH and digits.isascii() and digits.isdecimal() else None
