"""Answers «yes» and «no» where the screen asks nothing of the kind: with a guess that the person may leave."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue import phrases, screens, showing
from bot.dialogue.at_hand import MENU
from bot.dialogue.heard import Heard, HeardKind
from bot.dialogue.matching import by_label, by_meaning, by_number, by_words
from bot.dialogue.questions import Go, Meaning, Option, Question
from bot.dialogue.result import ExchangeResult
from bot.dialogue.says import ButtonStyle
from bot.dialogue.slashes import behind_slash
from bot.dialogue.taking_words import TakingWords
from bot.dialogue.wishing import SAID_NO, SAID_YES
from desk.reading.wishes import COURTESIES


class YesOrNo(TakingWords):
    """«Yes» is asked about the first answer of the screen, «no» about the way back; at the main page both are
    answered. Neither ever sends, books, cancels or erases anything, except where the message that stands last asks for
    it."""

    def _asked_again(self, heard: Heard) -> ExchangeResult | None:
        """The screen once more, where a yes or no may answer what was asked below it: «I come», said to a reminder,
        must not cancel the appointment of which the screen asks. Where the last message says what yes and no mean, they
        mean that. None = nothing was asked, or the words are clear.
        """
        is_below, answers = self._state.asked_last, self._state.answers_last
        self._state.was_heard()
        if not is_below or heard.kind is not HeardKind.TEXT:
            return None
        meaning = self._commands.meaning(heard.text)
        if meaning is not None and (go := _meant(answers, meaning)) is not None and go.flow in self._flows.flows:
            return self._leave_for(go)
        if self._state.flow == MENU.flow:
            return None
        asked = self._question()
        if meaning is None or not isinstance(asked, Question):
            return None
        if by_label(heard.text, asked.options, lambda option: option.label, self._plain) is not None:
            return None
        if meaning is Meaning.YES:
            self._notes.add(phrases.YES_WHICH)
        return self._next_screen(asked)

    def _of_the_offer(self, asked: Question, heard: Heard) -> Option | None:
        """The option of the offer that was written; None = something else was."""
        if heard.kind is not HeardKind.TEXT:
            return None
        return (
            by_words(heard.text, asked.options, lambda option: option.label, self._plain)
            or by_number(heard.text, asked.options)
            or by_meaning(self._commands.meaning(heard.text), asked.options)
        )

    def _said(self, heard: Heard) -> Meaning | None:
        """The yes or no of words that want nothing beside it: to a reminder «yes» says that they come."""
        if heard.kind is not HeardKind.TEXT or behind_slash(heard.text) is not None:
            return None
        if self._flow.name == self._flows.welcome.flow:
            return None
        meaning = self._commands.meaning(heard.text)
        best = self._guess(heard).best if meaning is not None else None
        return meaning if best is None or best in COURTESIES else None

    def _said_so(self, question: Question, meaning: Meaning) -> ExchangeResult:
        """Answer a yes or no that answers no question."""
        if self._state.misses and self._state.keeps_words and meaning is Meaning.YES:
            # The screen offers to send what was not understood; there it is shown before it is sent.
            return self._leave_for(self._flows.words_to_desk)
        self._forget_offered_words()
        self._state.forget_trouble()
        if self._state.flow == MENU.flow:
            self._notes.add(phrases.YES_WHICH if meaning is Meaning.YES else phrases.NO_LATER)
            return self._next_screen(question)
        if meaning is Meaning.NO:
            self._state.offered = [SAID_NO]
        elif (answer := self._first_answer(question)) is not None:
            self._state.offered = [SAID_YES, answer.key]
        else:
            is_written = question.is_sensitive or not question.options
            self._notes.add((question.hint or phrases.YES_WRITE) if is_written else phrases.YES_WHICH)
            return self._next_screen(question)
        asked = self._question()
        return self._next_screen(asked) if isinstance(asked, Question) else self._advance(asked)

    def _first_answer(self, question: Question) -> Option | None:
        """What «yes» most likely means on this screen; None = nothing may be guessed, or an answer is to be written."""
        if not self._flow.looks_last or question.is_sensitive:
            return None
        options = showing.page_at(self._state, question, flows=self._flows).options
        if any(each.style is not ButtonStyle.PLAIN for each in options):
            return None
        return next((each for each in options if each.means is not Meaning.NO and not self._leads_out(each)), None)

    def _leads_out(self, option: Option) -> bool:
        """Whether it leads to a flow that may write something at once."""
        if not isinstance(option.then, Go) or option.then.flow == MENU.flow:
            return False
        flow = self._flows.flows.get(option.then.flow)
        return flow is None or not flow.looks_last


def _meant(answers: Sequence[str], meaning: Meaning) -> Go | None:
    """The link of these two that yes or no means; None = there are none."""
    if len(answers) < 2:
        return None
    return screens.read_link(answers[0] if meaning is Meaning.YES else answers[1])
