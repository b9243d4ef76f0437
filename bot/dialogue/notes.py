"""The notes above a question: why it is asked, what was not understood, what was refused."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.dialogue.questions import Question
from desk.language.text import Param


@dataclass(slots=True)
class Notes:
    """The notes of one exchange, in the order in which they came up.

    Of several refusals in a row only the last is told: each explains the screen it led to, and a screen that refused
    too is not shown.
    """

    _said: list[tuple[Param, bool]] = field(default_factory=list)
    """Each note, and whether it tells of a refusal."""

    def add(self, *notes: Param) -> None:
        self._said.extend((note, False) for note in notes)

    def apologise(self, note: Param) -> None:
        """Add the note of a refusal in place of any earlier one."""
        self._said = [each for each in self._said if not each[1]]
        self._said.append((note, True))

    def mark(self) -> tuple[tuple[Param, bool], ...]:
        """The present notes, for `rewind`."""
        return tuple(self._said)

    def rewind(self, mark: tuple[tuple[Param, bool], ...]) -> None:
        """Remove the notes added since the mark: their steps are not shown."""
        self._said = list(mark)

    def above(self, ask: Question) -> list[Param]:
        """What the person reads before this question."""
        return [note for note, is_refusal in self._said if not (is_refusal and ask.says_why)]
