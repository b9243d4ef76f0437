"""The sentences about a number that was taken out of the person's words, and the question whose it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.dialogue.questions import Option, Question
from desk.language.text import lines, words

_ = words("numbers")

MINE: Final = "mine"
THEIRS: Final = "theirs"
WRITE: Final = "write"
"""The stage at which somebody else's number is to be written once more."""

REMOVED = _("I took the long number out of what you wrote; it does not stay with us.")
KEPT = _("✅ Their number goes with it.")
UNREAD = _("A phone number has eleven digits, a card sixteen.")


def ask(whose: Sequence[str]) -> Question:
    """The question at its present stage; `whose` is `ChatState.whose`."""
    if list(whose[1:]) == [WRITE]:
        return Question(
            lines(_("Please write their number once more."), _("Only those see it who look into this.")),
            options=(Option("leave", _("Without the number")),),
            has_back=False,
        )
    return Question(
        lines(_("I took the number out of what you wrote."), _("Was it yours, or theirs?")),
        options=(Option(MINE, _("My number")), Option(THEIRS, _("Their number"))),
        has_back=False,
    )
