"""Offers words to the desk that were written after one of its messages, or as a reply to one."""

from __future__ import annotations

from bot.dialogue.at_hand import MENU
from bot.dialogue.heard import Heard, HeardKind
from bot.dialogue.masking import Masking
from bot.dialogue.matching import by_label
from bot.dialogue.questions import Go, Option, Question, Taken
from bot.dialogue.result import ExchangeResult
from bot.dialogue.slashes import behind_slash
from bot.dialogue.understanding import Missed, Understood
from desk.reading.long_numbers import SHORTEST
from desk.reading.wishes import Guesses

WORDS = frozenset({HeardKind.TEXT, HeardKind.VOICE})


class AnsweringDesk(Masking):
    """What is said to the desk without being asked: it is shown, and sent once the person says so."""

    def _replied(self, heard: Heard) -> ExchangeResult | None:
        """Words that reply to a message of the desk, however old; None = it is no such reply."""
        if heard.replies_to is None or heard.kind not in WORDS or self._is_command(heard):
            return None
        go = self._flows.destinations.of_reply(self._desk, heard.replies_to)
        return None if go is None else self._say_to_desk(heard, go)

    def _follows_desk(self, question: Question, heard: Heard, understood: Understood) -> ExchangeResult | None:
        """Words after a message of the desk; None = they mean something else, or no message was before them."""
        state = self._state
        about, is_last = state.spoken_of, state.spoken_last
        if heard.kind not in WORDS:
            return None
        if heard.kind is HeardKind.TEXT and self._wishes.greeting(heard.text) is not None:
            return None  # what is to be told comes after it
        if self._is_command(heard):
            state.spoken_last = False
            return None
        state.spoken_of, state.spoken_last = "", False
        if question.about is None and not is_last:
            return None
        about = question.about or about
        if not about or question.takes is not None:
            return None
        if not self._may_be_for_desk(question, heard, understood, is_last=is_last):
            return None
        go = self._flows.destinations.of_message(self._desk, about)
        return None if go is None else self._say_to_desk(heard, go)

    def _is_command(self, heard: Heard) -> bool:
        if heard.kind is not HeardKind.TEXT:
            return False
        return behind_slash(heard.text) is not None or self._commands.find(heard.text) is not None

    def _may_be_for_desk(self, question: Question, heard: Heard, understood: Understood, *, is_last: bool) -> bool:
        """Whether the words are no clear answer to the question and no clear wish.

        `is_last` = the message of the desk stands below the question: then a number or a «yes» may answer it.
        """
        if self._flow.name == self._flows.welcome.flow or question.is_sensitive:
            return False
        match understood:
            case Missed():
                if understood.is_half_read or self._is_a_number(heard):
                    return False
            case Option() if is_last:
                if by_label(heard.text, (*question.options, *question.unshown), lambda each: each.label, self._plain):
                    return False
            case Taken() if is_last and not self._flow.is_private:
                pass
            case _:
                return False
        return heard.voice is not None or not self._is_sure_wish(heard)

    def _is_a_number(self, heard: Heard) -> bool:
        """Whether it is digits and signs alone, and so many that they may be a code or the number of a paper."""
        digits = sum(sign.isdecimal() for sign in heard.text)
        return digits >= SHORTEST and not any(sign.isalpha() for sign in heard.text)

    def _is_sure_wish(self, heard: Heard) -> bool:
        guesses = self._guess(heard)
        best = guesses.best
        return (
            guesses.is_sure and best is not None and self._flows.destinations.of_wish(self._desk, best, "") is not None
        )

    def _guess(self, heard: Heard) -> Guesses:
        """What the words may want; at the main page they may also answer a reminder."""
        at_menu = self._state.flow == MENU.flow
        of_reminder = at_menu and self._flows.destinations.is_reminded(self._desk)
        return self._wishes.guess(heard.text, of_reminder=of_reminder)

    def _say_to_desk(self, heard: Heard, go: Go) -> ExchangeResult:
        """Show what was understood, with the way to send it and the way back; what is a number alone is asked for."""
        state = self._state
        state.spoken_of, state.spoken_last, state.offered = "", False, []
        self._keep_words(heard, to=go)
        return self._leave_for(go)
