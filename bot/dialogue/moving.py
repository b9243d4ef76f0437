"""Moves through a conversation: to the next question, back, into another flow, and to the end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.dialogue import not_sent, own_words, phrases, screens
from bot.dialogue.at_hand import MENU, AtHand
from bot.dialogue.drafts import BrokenDraft
from bot.dialogue.flow import Stop
from bot.dialogue.questions import (
    BACK,
    PAST_OPTIONAL,
    UNKNOWN_LINK,
    Done,
    Go,
    Json,
    Onward,
    Question,
    Sorry,
    Taken,
    TakesWords,
    Target,
)
from bot.dialogue.result import ExchangeResult
from bot.dialogue.steps import Step, StepAnswer
from desk.refusals import Refusal

LONGEST_CHAIN = 32
"""The most steps skipped in one exchange; more is a loop in a flow."""


class Moving(AtHand):
    """Every way from one screen to the next."""

    # on -------------------------------------------------------------------------------------------------------------

    def _answered(self, taken: Taken) -> ExchangeResult:
        state, flow, stop = self._state, self._flow, self._stop
        state.words_field = self._path(taken.words_field) if taken.words_field else ""
        flow.forget_after(self._draft, stop)
        flow.fill(stop, self._draft, taken.sets, of_flow=taken.of_flow)
        try:
            stop.answered(self._talk)
        except Refusal as refusal:
            return self._refused(refusal)
        if taken.then is not stop.step:  # an answer on the same screen adds nothing to the way back
            state.remember(leaving_flow=False)
        state.forget_trouble()
        return self._to(taken.then)

    def _to(self, target: Target | None) -> ExchangeResult:
        """Go to the target of an answer, or to the next question."""
        if isinstance(target, Go):
            trail = self._state.trail
            if trail and trail[-1] == self._state.step:
                trail.pop()
            return self._leave_for(target)
        if target is BACK:
            trail = self._state.trail
            if trail and trail[-1] == self._state.step:
                trail.pop()
            return self._back()
        stop = self._next(target)
        if stop is not self._stop:
            self._state.page = 0
        if stop is None:
            return self._finish()
        self._stand_at(stop)
        return self._advance(self._question())

    def _next(self, target: Step[Any] | Onward | None) -> Stop | None:
        if isinstance(target, Step):
            self._is_asked_anew = not target.is_aside
            return self._flow.named(self._stop, target)
        if target is PAST_OPTIONAL:
            self._is_asked_anew = False
            return self._flow.next_stop(self._stop, self._draft, past_optional=True)
        return self._flow.next_stop(self._stop, self._draft, past_answered=not self._is_asked_anew)

    def _advance(self, answer: StepAnswer) -> ExchangeResult:
        """Skip steps without a question until one has a question."""
        for _ in range(LONGEST_CHAIN):
            if isinstance(answer, Question):
                takes = answer.takes
                words = self._unsent_words() if self._state.keeps_words and self._flow.takes_words_in else None
                if words is None or takes is None or takes.adds:
                    return self._next_screen(answer)
                return self._take_in(takes, words)
            if isinstance(answer, Go):
                return self._leave_for(answer)
            self._flow.fill(self._stop, self._draft, answer.sets)
            if isinstance(answer.then, Go):
                return self._leave_for(answer.then)
            stop = self._next(answer.then)
            if stop is None:
                return self._finish()
            self._stand_at(stop)
            answer = self._question()
        raise RuntimeError(f"The flow {self._state.flow} goes round in circles at {self._state.step}.")

    def _take_in(self, takes: TakesWords, words: Json) -> ExchangeResult:
        """Take in the words that were written elsewhere; the way back leads to where that was, not to this question."""
        self._flow.fill(self._stop, self._draft, {takes.field: words})
        self._state.unsent = None
        self._state.words_field = self._path(takes.field)
        return self._to(takes.then)

    # the end --------------------------------------------------------------------------------------------------------

    def _finish(self) -> ExchangeResult:
        flow = self._flow
        if flow.finishing is None:
            return self._leave_for(MENU)
        try:
            done = flow.finishing(self._talk)
        except Refusal as refusal:
            return self._refused(refusal)
        return self._close(done)

    def _close(self, done: Done) -> ExchangeResult:
        state = self._state
        if done.goes_back or (done.resumes and self._left_in_the_middle()):
            while state.trail and isinstance(state.trail[-1], str):
                state.trail.pop()
            state.page = 0
            self._notes.add(done.text)
            self._shows.extend(done.shows)
            return self._back()
        state.trail.clear()
        if done.then is not None:
            self._notes.add(done.text)
            self._shows.extend(done.shows)
            wish = screens.read_link(state.wish) if state.wish else None
            state.wish = ""
            return self._open(wish or done.then)
        self._result.revision += 1
        if state.keyboard or state.cleared:
            self._clear_keyboard()
        self._result.says.append(screens.closing(done))
        self._result.says.extend(done.shows)
        self._begin(self._flows.flows[MENU.flow])
        return self._finished()

    def _left_in_the_middle(self) -> bool:
        """Whether another flow was left for this one before its end; the main page has none."""
        behind = next((screen[0] for screen in reversed(self._state.trail) if not isinstance(screen, str)), None)
        return behind not in (None, MENU.flow, self._flow.name)

    def _refused(self, refusal: Refusal) -> ExchangeResult:
        sorry = self._flows.apology(refusal)
        if sorry is None:
            raise refusal
        self._notes.apologise(sorry.text)
        return self._after_refusal(sorry)

    def _after_refusal(self, sorry: Sorry) -> ExchangeResult:
        if isinstance(sorry.then, Go):
            return self._leave_for(sorry.then)
        named = self._flow.find(sorry.then) if sorry.then is not None else None
        if named is not None:
            stop = self._flow.falls_back_to(named, self._draft)
            self._is_asked_anew = True
            self._stand_at(stop)
            self._state.page = 0
            self._flow.forget_after(self._draft, stop)
            return self._advance(self._question())
        answer = self._question()
        return self._next_screen(answer) if isinstance(answer, Question) else self._leave_for(MENU)

    # back -----------------------------------------------------------------------------------------------------------

    def _back(self) -> ExchangeResult:
        state = self._state
        if state.page:
            state.page -= 1
            return self._advance(self._question())
        state.forget_trouble()
        said = self._notes.mark()
        while state.trail:
            self._notes.rewind(said)  # drop the notes of screens that are skipped
            if not self._stand_behind(state.trail.pop()):
                continue
            answer = self._question()
            if isinstance(answer, Question):
                return self._next_screen(answer)
        self._notes.rewind(said)
        return self._leave_for(MENU)

    def _stand_behind(self, screen: Any) -> bool:
        """Go to a screen of the trail, as `ChatState.remember` stored it; False = it does not exist any more."""
        state = self._state
        if isinstance(screen, str):
            stop = self._flow.by_name.get(screen)
            if stop is None:
                return False
            self._stand_at(stop)
            return True
        if screen[0] not in self._flows.flows:
            return False
        self._leaving()
        state.flow, state.step, state.draft = screen
        return self._resume()

    # elsewhere ------------------------------------------------------------------------------------------------------

    def _leave_for(self, go: Go) -> ExchangeResult:
        state = self._state
        if state.keeps_words:
            self._carry(go)
        if state.flow == self._flows.welcome.flow and not (self._desk.me.locale and self._desk.me.consented):
            state.wish = go.data if go != MENU else state.wish
            return self._advance(self._question())
        if go.flow == MENU.flow and go.arg.startswith(not_sent.LEAVE):
            is_kept = not_sent.is_kept(state, go.arg)
            state.unsent = None if is_kept else state.unsent
            self._notes.add(not_sent.NOTHING_SENT if is_kept else phrases.GONE)
        if go.flow == MENU.flow:
            self._leave_words()
            state.trail.clear()
            return self._open(go)
        self._leaving()
        if state.flow:
            state.draft = self._flow.shape.dump(self._draft)
            state.remember(leaving_flow=True)
        return self._open(go)

    def _carry(self, go: Go) -> None:
        """Words that were kept for the desk go along to a flow that asks for words, and are forgotten elsewhere."""
        unsent, flow = self._state.unsent, self._flows.flows.get(go.flow)
        if unsent is not None and go.flow != unsent.flow:
            asks = flow is not None and flow.asks_for_words
            self._state.unsent = replace(unsent, flow=go.flow) if asks else None

    def _leave_words(self) -> None:
        """Leave the flow for the main page; what was told in it and not sent is shown, and kept as far as it may be."""
        state, flow = self._state, self._flow
        told = own_words.found_in(flow.shape.dump(self._draft)) if flow.tells_desk else {}
        if state.flow != flow.name or not told:
            self._leaving()
            return
        said = self._notes.mark()
        is_whole = not_sent.sending(self._question()) is not None
        self._notes.rewind(said)
        self._leaving()
        draft = flow.shape.dump(self._draft)
        if own_words.found_in(draft):
            not_sent.keep(state, draft, told=told)
            self._shows.append(not_sent.message(state, told, is_whole=is_whole))
        else:
            self._notes.add(not_sent.NOTHING_SENT)

    def _take_up(self, go: Go) -> ExchangeResult:
        """Go on with a flow that was left before its words were sent; where nothing is left to ask, send them."""
        state, flow = self._state, self._flows.flows[go.flow]
        unsent = state.unsent
        if unsent is None or unsent.left is None or unsent.flow != flow.name or not not_sent.is_kept(state, go.arg):
            self._notes.add(phrases.GONE)
            return self._open(MENU)
        state.unsent = None
        stop = flow.by_name.get(unsent.left.step)
        try:
            draft = flow.shape.load(unsent.left.draft) if stop is not None else None
        except BrokenDraft:
            draft = None
        if stop is None or draft is None:
            self._notes.add(phrases.GONE)
            return self._open(MENU)
        self._begin(flow)
        self._draft = draft
        self._stand_at(stop)
        answer = self._question()
        send = not_sent.sending(answer)
        return self._advance(answer) if send is None else self._answered(Taken(send.sets, send.then))

    def _leaving(self) -> None:
        if self._state.flow and self._flow.leaving is not None:
            self._flow.leaving(self._talk)

    def _open(self, go: Go) -> ExchangeResult:
        """Begin a flow, with a new run and so a new idempotency key."""
        flow = self._flows.flows.get(go.flow) or self._flows.flows[MENU.flow]
        if go.arg.startswith(not_sent.AGAIN) and flow.tells_desk:
            return self._take_up(go)
        if go == UNKNOWN_LINK:
            self._notes.add(phrases.UNKNOWN_LINK)
        self._begin(flow)
        self._is_asked_anew = False
        start: Stop | None = None
        if go.arg and flow.entering is not None and flow.name == go.flow:
            entry = flow.entering(self._talk, go.arg)
            if isinstance(entry, Go):
                return self._open(entry)
            if entry is not None:
                start = flow.begins_at(entry, self._draft)
        stop = start or flow.next_stop(None, self._draft)
        if stop is None:
            return self._finish()
        self._stand_at(stop)
        return self._advance(self._question())

    def _path(self, field: str) -> str:
        """The field of the present step, with its part: as the flow's draft names it."""
        return f"{self._stop.part}.{field}" if self._stop.part else field
