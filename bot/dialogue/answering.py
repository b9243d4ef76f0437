"""Answers one message: an answer to the question, a command, or a link into another flow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.dialogue import going_on, own_words, phrases, screens, showing
from bot.dialogue.at_hand import MENU
from bot.dialogue.chat_state import ChatState
from bot.dialogue.commands import Command
from bot.dialogue.heard import Heard, HeardKind
from bot.dialogue.questions import UNKNOWN_LINK, Go, Option, Question, Skip, Taken
from bot.dialogue.result import ExchangeResult
from bot.dialogue.slashes import behind_slash
from bot.dialogue.understanding import InOwnWords, Missed, MorePlease, Understood, understand
from bot.dialogue.wishing import BACKWARD, COURTEOUS, HERE, SAID, SAID_YES, START
from bot.dialogue.yes_or_no import YesOrNo
from desk.language.text import Param
from desk.reading.long_numbers import SHORTEST

IMPATIENCE = timedelta(seconds=15)
"""The longest time between two taps on one message that are answered once: on a slow line a screen comes late."""
LONGEST_LOOKED_AT = 200
"""In a text of more letters nothing is looked for beside its wish."""


class Answering(YesOrNo):
    """One exchange: handles one update, or shows the present question again."""

    def hear(self, heard: Heard) -> ExchangeResult:
        state = self._state
        follows = (heard.kind is HeardKind.PICTURE or bool(state.pictured)) and going_on.follows_a_picture(
            state, heard, now=self._desk.now
        )
        wish = self._wish_of(heard)
        is_press = heard.kind is HeardKind.CHOICE
        tap = [heard.choice, heard.message_id or "", self._desk.now.isoformat()] if is_press else []
        if not (self._desk.me.locale and self._desk.me.consented) and state.flow != self._flows.welcome.flow:
            anew = ChatState(run=state.run, wish=wish.data if wish else "", taps=tap)
            self._state = self._result.state = anew
            return self._open(self._flows.welcome)
        if not self._resume():
            state.taps = tap  # also where answers were forgotten, a second tap adds no screen
            return self._open(wish or self._where_again())
        if is_press:
            state.spoken_last = False
            state.was_heard()
            return self._press(heard, wish, tap)
        state.taps = []
        if wish is not None:
            state.was_heard()
            return self._started(wish)
        if follows:
            self._result.deletes = True
            return self._finished()
        return self._written(heard)

    def repeat(self, notes: Sequence[Param] = ()) -> ExchangeResult:
        """Show the current step again, with the same revision."""
        if not self._state.flow or not self._resume():
            return self._open(self._where_again())
        self._notes.add(*notes)
        question = self._question()
        return self._say(question) if isinstance(question, Question) else self._advance(question)

    def _where_again(self) -> Go:
        """The flow that begins where the stored state does not fit: the one of the person's unsent words, if any."""
        unsent = self._state.unsent
        is_here = unsent is not None and unsent.flow == self._state.flow and unsent.flow in self._flows.flows
        return Go(self._state.flow) if is_here else MENU

    def _wish_of(self, heard: Heard) -> Go | None:
        """The flow that a link, an old lasting button or /start asks for."""
        if heard.start is not None:
            return self._link(heard.start) if heard.start else MENU
        return screens.read_link(heard.choice) if heard.kind is HeardKind.CHOICE else None

    def _link(self, payload: str) -> Go:
        """Where a deep link leads; `UNKNOWN_LINK` where it, or the flow behind it, knows no such thing."""
        go = self._flows.payload(payload)
        flow = self._flows.flows.get(go.flow) if go is not None else None
        if go is None or flow is None:
            return UNKNOWN_LINK
        if not go.arg or flow.entering is None:
            return go
        entry = flow.entering(self._talk_of(flow.shape.new()), go.arg)  # before anything is left for it
        return entry if isinstance(entry, Go) else go

    def _started(self, go: Go) -> ExchangeResult:
        """Follow `/start`; where the main page would take the place of a flow with answers, ask first."""
        if go.flow != MENU.flow or not self._has_answers():
            return self._leave_for(go)
        if go == UNKNOWN_LINK:
            self._notes.add(phrases.UNKNOWN_LINK)
        self._state.offered = [START]
        return self._next_screen(self._offer())

    def _has_answers(self) -> bool:
        """Whether the person has answered questions here, or written words, that the main page would lose."""
        state = self._state
        if state.words_field:
            return True
        has_gone_on = bool(state.trail) and isinstance(state.trail[-1], str)
        return has_gone_on and self._flow.asks_much and self._flow.has_answers(self._draft)

    # presses --------------------------------------------------------------------------------------------------------

    def _press(self, heard: Heard, link: Go | None, tap: list[str]) -> ExchangeResult:
        """Act on a press; `link` = the flow that a lasting button leads to; `tap` = what `ChatState.taps` keeps."""
        state, result = self._state, self._result
        last = state.taps
        is_soon = bool(last) and last[1] == tap[1] and self._desk.now - datetime.fromisoformat(last[2]) <= IMPATIENCE
        if is_soon and last[0] == tap[0]:
            state.taps = tap  # who goes on tapping is answered once, however long it takes
            return self._only(phrases.ONCE_IS_ENOUGH)
        if link is not None and link.flow in self._flows.flows:
            state.taps = tap
            return self._leave_for(link)
        pressed = screens.read_data(heard.choice)
        key = pressed[1] if pressed is not None else ""
        is_present = pressed is not None and pressed[0] == result.revision
        stands_there = bool(state.stands_on) and heard.message_id == state.stands_on
        # Before the question is built again: if it is refused by now, the buttons that lead out still work.
        way = self._way_out(key) if key == screens.MENU_KEY or not is_present else None
        if way is not None:
            state.taps = tap
            result.edits = is_present or stands_there
            return self._leave_for(way)
        if not is_present and is_soon and tap[1]:
            return self._only(phrases.JUST_CHANGED)
        question = self._question()
        if not isinstance(question, Question):
            way = self._way_out(key)
            return self._passed_over(question) if way is None else self._leave_for(way)
        if not is_present:
            self._notes.add(phrases.OLD_BUTTON)
            result.edits = stands_there
            return self._say(question)
        state.taps = tap
        result.edits = True
        return self._pressed(question, key)

    def _only(self, toast: Param) -> ExchangeResult:
        """Answer a press with a few words that pass, and no screen."""
        self._result.toast = toast
        return self._finished()

    def _way_out(self, key: str) -> Go | None:
        """Where a button of a screen leads out of it, whatever is asked there: it stays valid on old messages."""
        link = MENU if key == screens.MENU_KEY else screens.read_link(key)
        return link if link is not None and link.flow in self._flows.flows else None

    def _pressed(self, question: Question, key: str) -> ExchangeResult:
        if key == screens.BACK_KEY:
            self._state.offered = []
            return self._back()
        if key == screens.MORE_KEY:
            return self._turn_page(question)
        option = next((option for option in question.options if screens.key_of(option) == key), None)
        if option is None:
            way = self._way_out(key)
            if way is not None:
                return self._leave_for(way)
            self._notes.add(question.gone or phrases.GONE)
            return self._next_screen(question)
        return self._choose(option)

    def _passed_over(self, answer: Skip | Go) -> ExchangeResult:
        """The answered question is not asked any more: the person is told so before the next one."""
        if not self._notes.mark():
            self._notes.add((answer.gone if isinstance(answer, Skip) else None) or phrases.GONE)
        return self._advance(answer)

    def _turn_page(self, question: Question) -> ExchangeResult:
        page = showing.page_at(self._state, question, flows=self._flows)
        self._state.page = page.number + page.has_more
        return self._next_screen(question)

    def _choose(self, option: Option) -> ExchangeResult:
        if self._state.offered:
            is_answer = self._state.offered[0] == SAID_YES and option.key != HERE
            self._state.offered = []
            if is_answer:
                return self._choose(option)
            if option.key == BACKWARD:
                return self._back()
            if isinstance(option.then, Go):
                return self._leave_for(option.then)
            self._forget_offered_words()
            return self._advance(self._question())
        if self._state.whose:
            return self._choose_whose(option.key)
        if option.key == own_words.UNSENT:
            self._state.unsent = None
        if option.note is not None:
            self._notes.add(option.note)
        return self._answered(Taken(option.sets, option.then, of_flow=option.of_flow))

    # words, places, voices ------------------------------------------------------------------------------------------

    def _written(self, heard: Heard) -> ExchangeResult:
        command = self._commands.find(heard.text) if heard.kind is HeardKind.TEXT else None
        if command is Command.MENU:
            self._state.was_heard()
            return self._leave_for(MENU)
        if (replied := self._replied(heard)) is not None:
            return replied
        if (again := self._asked_again(heard)) is not None:
            return again
        if self._state.offered:
            asked = self._question()
            if not isinstance(asked, Question):
                return self._passed_over(asked)
            if (chosen := self._of_the_offer(asked, heard)) is not None:
                return self._choose(chosen)
        self._state.offered = []
        if (answer := self._about_whose(heard)) is not None:
            return answer
        said = self._notes.mark()
        question = self._question()
        if not isinstance(question, Question):
            if command is not Command.CANCEL:
                return self._passed_over(question)
            self._notes.rewind(said)
            return self._leave_for(MENU)
        if going_on.is_rest(self._state, heard, told=self._told_before(), commands=self._commands):
            return self._adds(question, self._state.words_field, heard)
        understood = understand(
            question,
            heard,
            page=showing.page_at(self._state, question, flows=self._flows),
            links=showing.links_at(self._state, question, flows=self._flows),
            commands=self._commands,
            plain=self._plain,
        )
        to_desk = self._follows_desk(question, heard, understood)
        return self._taken_in(question, heard, understood) if to_desk is None else to_desk

    def _taken_in(self, question: Question, heard: Heard, understood: Understood) -> ExchangeResult:
        match understood:
            case Command.CANCEL if self._state.flow == MENU.flow and behind_slash(heard.text) is None:
                return self._wished(question, heard, Missed((phrases.NOT_UNDERSTOOD,)))
            case Command():
                return self._command(question, understood)
            case MorePlease():
                return self._turn_page(question)
            case Go():
                return self._leave_for(understood)
            case InOwnWords(into) if into.adds:
                return self._adds(question, self._path(into.field), heard)
            case InOwnWords(into):
                return self._tells(question, into, heard)
            case Missed() if self._told_before() is not None and going_on.may_be_more(self._state, heard):
                return self._adds(question, self._state.words_field, heard)
            case Missed() if heard.voice is not None and not self._asks_secrets(question):
                return self._spoken(question, heard, understood)
            case Missed() if (said := self._said(heard)) is not None:
                return self._said_so(question, said)
            case Missed() if self._may_wish(question, heard, understood):
                return self._wished(question, heard, understood)
            case Missed():
                self._result.deletes = understood.is_picture or (question.is_sensitive and heard.kind is HeardKind.TEXT)
                return self._missed(question, understood)
        self._result.deletes = question.is_sensitive and heard.kind is HeardKind.TEXT
        if isinstance(understood, Option):
            return self._choose(understood)
        self._state.page = 0  # also where the same step asks again, with another list
        return self._taken(understood)

    def _may_wish(self, question: Question, heard: Heard, missed: Missed) -> bool:
        """Whether the words may be looked at for a wish; what may be a number of a paper or a secret may not."""
        is_words = heard.kind is HeardKind.TEXT and behind_slash(heard.text) is None
        return is_words and missed.counts and not missed.is_half_read and not self._asks_secrets(question)

    def _asks_secrets(self, question: Question) -> bool:
        """Whether an answer may be a secret, or the person has not consented yet."""
        flow = self._flow
        is_private = flow.is_private and not flow.tells_desk
        return question.is_sensitive or is_private or flow.name == self._flows.welcome.flow

    def _wished(self, question: Question, heard: Heard, missed: Missed) -> ExchangeResult:
        """Lead to what the words want: at once where that is sure and nothing is left by it, else by an offer."""
        destinations, at_menu = self._flows.destinations, self._state.flow == MENU.flow
        guesses = self._guess(heard)
        courtesy = COURTEOUS.get(guesses.best) if guesses.best is not None else None
        if courtesy is not None:
            self._notes.add(courtesy)
            return self._next_screen(question)
        typed = self._may_be_kept(heard)
        meant = () if guesses.is_weak and not at_menu else guesses.wishes
        led = {to.go: wish for wish in meant if (to := destinations.of_wish(self._desk, wish, typed)) is not None}
        if guesses.is_sure and (at_menu or MENU in led):
            for go in led:
                return self._leave_for(go)
        found = destinations.of_words(self._desk, heard.text) if self._flow.only_leads_on and not led else None
        if found is not None and not found.asks:
            return self._leave_for(found.destinations[0].go)
        self._keep_for_the_desk(heard)
        if led or (found is not None and typed):
            self._state.offered = [SAID, typed, *(wish.value for wish in led.values())]
            return self._next_screen(self._offer())
        return self._missed(question, missed)

    def _may_be_kept(self, heard: Heard) -> str:
        """The words as they are stored while an offer stands, to be looked at again: "" with a long number in them."""
        digits = sum(sign.isdecimal() for sign in heard.text)
        return heard.text if len(heard.text) <= LONGEST_LOOKED_AT and digits < SHORTEST else ""

    def _command(self, question: Question, command: Command) -> ExchangeResult:
        match command:
            case Command.BACK:
                return self._back()
            case Command.HELP:
                self._notes.add(phrases.HELP)
                return self._next_screen(question)
            case Command.LANGUAGE if self._state.flow != self._flows.welcome.flow:
                return self._leave_for(self._flows.language)
            case _:
                return self._leave_for(MENU)
