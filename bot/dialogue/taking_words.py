"""Takes the person's own words: into the field that asks for them, or for the desk where nothing asked."""

from __future__ import annotations

from bot.dialogue import own_words, phrases
from bot.dialogue.answering_desk import AnsweringDesk
from bot.dialogue.at_hand import MENU
from bot.dialogue.heard import Heard, HeardKind
from bot.dialogue.questions import Question, Taken, TakesWords
from bot.dialogue.result import ExchangeResult
from bot.dialogue.understanding import Missed
from bot.dialogue.unsent import UnsentKind
from bot.dialogue.wishing import COURTEOUS
from desk.language.text import Param


class TakingWords(AnsweringDesk):
    """What is told is stored whole, or the person is told what did not fit; what was not understood is kept."""

    def _told_before(self) -> own_words.OwnWords:
        """The person's own words of the message before this one; None = none in this flow."""
        field = self._state.words_field
        found: own_words.OwnWords = self._flow.shape.get(self._draft, field) if field else None
        return found

    def _tells(self, question: Question, into: TakesWords, heard: Heard) -> ExchangeResult:
        """Store the person's words; nothing is cut, and the person is told what did not fit.

        A greeting alone is answered and stored nowhere: what is to be told comes after it.
        """
        greeting = self._wishes.greeting(heard.text) if heard.kind is HeardKind.TEXT else None
        if greeting is not None:
            self._notes.add(COURTEOUS[greeting])
            return self._next_screen(question)
        now = own_words.added(None, heard)
        if isinstance(now, own_words.NoRoom):
            return self._no_room(question, now)
        if self._unsent_words() is not None:
            self._state.unsent = None
        return self._taken(Taken({into.field: now}, into.then, words_field=into.field))

    def _adds(self, question: Question, field: str, heard: Heard) -> ExchangeResult:
        """Add the words to those stored in this field (named as by `_path`), and show the same screen."""
        before = self._flow.shape.get(self._draft, field)
        now = own_words.added(before, heard)
        if isinstance(now, own_words.NoRoom):
            return self._no_room(question, now)
        self._flow.shape.set(self._draft, field, self._without_numbers(field, now))
        self._state.forget_trouble()
        if before:
            self._notes.add(phrases.ADDED)
        return self._advance(self._question())

    def _no_room(self, question: Question, why: own_words.NoRoom) -> ExchangeResult:
        note = phrases.ONE_VOICE if why is own_words.NoRoom.ONE_VOICE else phrases.too_long(own_words.LONGEST)
        return self._missed(question, Missed((note,), counts=False))

    # where nothing asked for words ------------------------------------------------------------------------------------

    def _spoken(self, question: Question, heard: Heard, missed: Missed) -> ExchangeResult:
        """A voice note where none was asked for: it is for the desk, if the person says so."""
        self._keep_for_the_desk(heard)
        if not self._state.keeps_words:
            return self._missed(question, missed)
        if self._state.flow == MENU.flow:
            return self._leave_for(self._flows.words_to_desk)
        return self._missed(question, Missed((phrases.VOICE_FOR_THE_DESK,)))

    def _keep_for_the_desk(self, heard: Heard) -> None:
        """Keep the words for the desk, unless others are kept that an update of the program left behind.

        What the person was told is not sent stands in the chat, and gives way to what they say now.
        """
        unsent = self._state.unsent
        if unsent is not None and unsent.kind is UnsentKind.LEFT_BEHIND:
            return
        if heard.voice is None and not any(sign.isalpha() for sign in heard.text):
            self._state.unsent = None
        else:
            self._keep_words(heard, to=self._flows.words_to_desk)

    def _forget_offered_words(self) -> None:
        if self._state.keeps_words:
            self._state.unsent = None

    def _missed(self, question: Question, missed: Missed) -> ExchangeResult:
        self._state.misses += missed.counts
        self._state.refused_picture = missed.is_picture
        self._notes.add(*self._not_twice(question, missed))
        return self._next_screen(question)

    def _not_twice(self, question: Question, missed: Missed) -> tuple[Param, ...]:
        """The notes; every second time in a row other words than «not understood»."""
        general = (phrases.NOT_UNDERSTOOD, phrases.NOT_UNDERSTOOD_WRITE)
        usual = (*general, question.hint) if self._state.keeps_words else general
        is_usual = not missed.is_half_read and any(note in usual for note in missed.notes)
        if not is_usual or not missed.counts or self._state.misses % 2:
            return missed.notes
        return (phrases.STILL_NOT if self._state.keeps_words else phrases.STILL_NOT_HERE,)
