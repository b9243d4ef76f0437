"""The working state of one exchange: the flow, the step and the draft at hand, and what is to be said."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from bot.dialogue import own_words, phrases, showing, whose
from bot.dialogue.chat_state import ChatState
from bot.dialogue.commands import Commands
from bot.dialogue.drafts import BrokenDraft
from bot.dialogue.flow import AnyFlow, Stop
from bot.dialogue.flows import Flows
from bot.dialogue.notes import Notes
from bot.dialogue.questions import Go, Question, Skip
from bot.dialogue.result import ExchangeResult
from bot.dialogue.says import Says
from bot.dialogue.steps import StepAnswer
from bot.dialogue.talk import Talk
from bot.dialogue.unsent import Unsent, UnsentKind
from bot.dialogue.wishing import (
    SAID,
    SAID_NO,
    SAID_YES,
    START,
    FoundByWords,
    go_on_or_begin_anew,
    is_it_this,
    offer,
    shall_we_go_back,
)
from desk.codes import TrackingCode
from desk.conversations.chat import Chat
from desk.language.language import Language
from desk.language.text import Locale, Param
from desk.reading.long_numbers import NumberSort
from desk.reading.wishes import Wish, Wishes
from desk.refusals import Refusal

MENU = Go("menu")
_WISHES = frozenset(wish.value for wish in Wish)


class AtHand:
    """The state of one exchange; flow and step are looked up once by their stored names."""

    def __init__(
        self,
        flows: Flows,
        language: Language,
        commands: Commands,
        wishes: Wishes,
        desk: Chat,
        state: ChatState,
        revision: int,
    ) -> None:
        self._flows = flows
        self._language = language
        self._commands = commands
        self._wishes = wishes
        self._desk = desk
        self._state = state
        self._result = ExchangeResult(state, revision)
        self._notes = Notes()
        self._shows: list[Says] = []
        self._flow: AnyFlow = flows.flows[MENU.flow]
        self._stop: Stop = self._flow.stops[0]
        self._draft: Any = None
        self._talk_now: Talk[Any] | None = None
        self._is_asked_anew = False
        """True where an answer or a refusal named the present step. If that step asks nothing itself, the next one
        asks, even if it is answered: a person who wants another office does not mean another province, if there
        is only one."""
        self._own_codes: Collection[TrackingCode] | None = None
        self._came_from = (state.flow, state.step)

    def _resume(self) -> bool:
        """Restore flow, step and draft from the stored state; False = they no longer fit."""
        state = self._state
        flow = self._flows.flows.get(state.flow)
        if flow is None:
            return False
        stop = flow.by_name.get(state.step)
        if stop is None:
            return self._does_not_fit()
        try:
            draft = flow.shape.load(state.draft)
        except BrokenDraft:
            return self._does_not_fit()
        self._flow, self._stop, self._draft, self._talk_now = flow, stop, draft, None
        return True

    def _does_not_fit(self) -> bool:
        """The stored draft does not fit the flow any more: the flow begins again, and the person's words are kept."""
        self._notes.add(phrases.STARTED_AGAIN)
        words, _found = self._masked(own_words.found_in(self._state.draft))
        if words:
            self._state.unsent = Unsent(UnsentKind.LEFT_BEHIND, self._state.flow, words)
            self._notes.add(phrases.WORDS_ARE_KEPT)
        return False

    def _begin(self, flow: AnyFlow) -> None:
        """A new run of a flow, with an empty draft."""
        state = self._state
        self._flow, self._draft, self._talk_now = flow, flow.shape.new(), None
        self._stop = flow.stops[0]
        state.flow, state.step = flow.name, self._stop.name
        state.run += 1
        state.page = 0
        state.words_field = ""
        state.offered, state.whose = [], []
        state.forget_trouble()

    def _stand_at(self, stop: Stop) -> None:
        self._stop = stop
        self._state.step = stop.name

    def _question(self, *, below: bool = False) -> StepAnswer:
        """The question of the present step, or the offer that stands in its place; a refusal leads to the step of its
        apology. `below` = the question of the step itself, whatever is offered."""
        if self._state.offered and not below:
            return self._offered_in_its_place()
        if self._state.whose:
            return whose.ask(self._state.whose)
        try:
            answer = self._stop.ask(self._talk)
        except Refusal as refusal:
            sorry = self._flows.apology(refusal)
            if sorry is None:
                raise
            self._notes.apologise(sorry.text)
            if isinstance(sorry.then, Go):
                return sorry.then
            stop = self._flow.find(sorry.then) if sorry.then is not None else None
            if stop is None:
                return MENU
            self._stand_at(self._flow.falls_back_to(stop, self._draft))
            return Skip(then=self._stop.step)
        if not isinstance(answer, Go):
            self._flow.check(self._stop, answer)
        if isinstance(answer, Question) and answer.takes is not None:
            words = self._unsent_words()
            if words is not None:
                told = getattr(self._stop.filled(self._draft), answer.takes.field)
                return own_words.with_unsent(answer, words, told=told, here=self._stop.step)
        return answer

    def _offered_in_its_place(self) -> StepAnswer:
        offered = self._state.offered
        if offered[0] != SAID_YES:
            return self._offer()
        asked = self._question(below=True)
        answers = asked.options if isinstance(asked, Question) else ()
        meant = next((option for option in answers if option.key == offered[1]), None)
        if meant is not None:
            return is_it_this(meant)
        self._state.offered = []  # «yes» means no other answer than the one that is gone, nor one of the next question
        return Skip(then=self._stop.step, gone=asked.gone) if isinstance(asked, Question) else asked

    def _offer(self) -> Question:
        """The offer of the destinations between which the person was asked, of going on after `/start`, or of the way
        back."""
        offered = self._state.offered
        if offered[0] == START:
            return go_on_or_begin_anew()
        if offered[0] == SAID_NO:
            asked = self._question(below=True)
            has_back = isinstance(asked, Question) and showing.has_back(self._state, asked)
            return shall_we_go_back(has_back=has_back)
        typed, names = (offered[1], offered[2:]) if offered[0] == SAID else ("", offered)
        in_the_middle = self._state.flow != MENU.flow
        desk = self._flows.words_to_desk if self._state.keeps_words else None
        if typed and not names:
            found = self._flows.destinations.of_words(self._desk, typed) or FoundByWords(())
            return offer(found.destinations, asks=found.asks, in_the_middle=in_the_middle, desk=desk)
        led = (self._flows.destinations.of_wish(self._desk, Wish(each), typed) for each in names if each in _WISHES)
        destinations = list({each.go: each for each in led if each is not None}.values())
        return offer(destinations, in_the_middle=in_the_middle, desk=desk)

    def _masked(self, told: Mapping[str, Any]) -> tuple[dict[str, Any], set[NumberSort]]:
        """The words without long numbers, and what those looked like."""
        return own_words.masked(told, knows=self._knows)

    def _knows(self, code: TrackingCode) -> bool:
        """Whether it is the code of an appointment or a case of this chat; looked up once, and only for such codes."""
        if self._own_codes is None:
            self._own_codes = self._flows.codes(self._desk)
        return code in self._own_codes

    def _unsent_words(self) -> dict[str, Any] | None:
        """The unsent words that are for this flow, or for one that the program no longer has."""
        unsent = self._state.unsent
        if unsent is None or (unsent.flow != self._flow.name and unsent.flow in self._flows.flows):
            return None
        return unsent.words

    @property
    def _talk(self) -> Talk[Any]:
        locale = self._desk.me.locale or Locale.FA
        talk = self._talk_now
        if talk is None or talk.locale is not locale:
            talk = self._talk_now = self._talk_of(self._draft)
        return talk

    def _talk_of(self, draft: Any) -> Talk[Any]:
        me = self._desk.me
        key = f"{me.conversation_id}.{self._state.run}.{self._flow.name}"
        return Talk(draft, self._desk, me.locale or Locale.FA, self._desk.now, key)

    def _plain(self, param: Param) -> str:
        return self._language.plain(param, self._desk.me.locale or Locale.FA)

    # saying ---------------------------------------------------------------------------------------------------------

    def _next_screen(self, question: Question) -> ExchangeResult:
        self._result.revision += 1
        return self._say(question)

    def _say(self, question: Question) -> ExchangeResult:
        if (self._state.flow, self._state.step) != self._came_from:
            self._state.forget_trouble()
        if question.asks_location is None:
            self._clear_keyboard()
        showing.show(self._result, question, flows=self._flows, notes=self._notes, shows=self._shows)
        return self._finished()

    def _clear_keyboard(self) -> None:
        """Remove a reply keyboard, which needs a message of its own."""
        state, result = self._state, self._result
        if state.keyboard:
            state.cleared = result.revision
        if state.cleared and state.cleared == result.revision:
            result.says.append(Says(phrases.KEYBOARD_GONE, clears_keyboard=True, stays=True))
            result.edits = False
        state.keyboard = False

    def _finished(self) -> ExchangeResult:
        self._state.draft = self._flow.shape.dump(self._draft)
        return self._result
