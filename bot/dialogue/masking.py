"""Takes long numbers out of the person's own words before these are stored, and asks whose a telephone or card is.

What is stored holds no digit of such a number. Who says that it is somebody else's writes it once more, and then it
is kept with the words, for those who read them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from bot.dialogue import own_words
from bot.dialogue.heard import Heard, HeardKind
from bot.dialogue.matching import by_number, by_words
from bot.dialogue.moving import Moving
from bot.dialogue.questions import Go, Json, Taken
from bot.dialogue.result import ExchangeResult
from bot.dialogue.unsent import Unsent, UnsentKind
from bot.dialogue.whose import KEPT, REMOVED, THEIRS, UNREAD, WRITE, ask
from desk.reading.folding import ascii_digits
from desk.reading.long_numbers import NumberSort, only_phone_or_card

LETTERS_BESIDE_A_NUMBER: Final = 3
"""A long number with fewer letters is the number of a paper and says nothing to the desk."""
DIGITS_OF_A_TRY: Final = 5
"""A text with so many digits was meant to be the number that was asked for."""


class Masking(Moving):
    """Moves through a conversation, and lets no long number of free text into it."""

    def _taken(self, taken: Taken) -> ExchangeResult:
        """Go on with what was written or said, without the long numbers of own words; what was pressed has none."""
        if any(own_words.is_telling(value) for value in taken.sets.values()):
            part = "" if taken.of_flow or not self._stop.part else f"{self._stop.part}."
            sets = {name: self._without_numbers(f"{part}{name}", value) for name, value in taken.sets.items()}
            taken = replace(taken, sets=sets)
        if taken.note is not None:
            self._notes.add(taken.note)
        return self._answered(taken)

    def _without_numbers(self, path: str, value: Json) -> Json:
        """The value for this draft field, where it is own words without their long numbers; the person is told."""
        if not own_words.is_telling(value):
            return value
        words, found = self._masked(value)
        if not found:
            return value
        if found & {NumberSort.PHONE, NumberSort.CARD}:
            self._state.whose = [path]
        else:
            self._notes.add(REMOVED)
        return words

    def _keep_words(self, heard: Heard, *, to: Go) -> None:
        """Keep the words for the desk, without long numbers; of what is a number alone nothing is kept."""
        self._state.unsent = None
        words = own_words.added(None, heard)
        if isinstance(words, own_words.NoRoom):
            return
        words, found = self._masked(words)
        letters = sum(sign.isalpha() for sign in own_words.text_of(words) or "")
        if found and letters < LETTERS_BESIDE_A_NUMBER:
            return
        self._state.unsent = Unsent(UnsentKind.FOR_DESK, to.flow, words)
        if found:
            self._notes.add(REMOVED)

    # whose it is ----------------------------------------------------------------------------------------------------

    def _about_whose(self, heard: Heard) -> ExchangeResult | None:
        """Take the answer to «whose number?»; None = it is not asked, or something else was said, and it is over."""
        whose = self._state.whose
        if not whose:
            return None
        if heard.kind is HeardKind.TEXT:
            options = ask(whose).options
            chosen = by_words(heard.text, options, lambda option: option.label, self._plain) or by_number(
                heard.text, options
            )
            if chosen is not None:
                return self._choose_whose(chosen.key)
            if whose[1:] == [WRITE] and _digits(heard.text) >= DIGITS_OF_A_TRY:
                return self._read_theirs(whose, heard.text)
        self._state.whose = []
        return None

    def _choose_whose(self, key: str) -> ExchangeResult:
        whose = self._state.whose
        self._state.whose = [whose[0], WRITE] if key == THEIRS else []
        return self._advance(self._question())

    def _read_theirs(self, whose: list[str], typed: str) -> ExchangeResult:
        """Keep the number that was written as somebody else's, or say what is missing."""
        number = only_phone_or_card(typed)
        if number is None:
            self._notes.add(UNREAD)
            return self._next_screen(ask(whose))
        self._state.whose = []
        told = self._flow.shape.get(self._draft, whose[0])
        if told:
            self._flow.shape.set(self._draft, whose[0], own_words.with_theirs(told, number))
            self._notes.add(KEPT)
        return self._advance(self._question())


def _digits(signs: Iterable[str]) -> int:
    return sum(sign.isdecimal() for sign in ascii_digits("".join(signs)))
