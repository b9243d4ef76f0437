"""One turn of a conversation: rebuild the step, read the answer, advance, say what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.dialogue import going_on, own_words, phrases, screens, showing
from bot.dialogue.commands import Command, Commands
from bot.dialogue.flow import AnyFlow, BrokenDraft, Step, Talk
from bot.dialogue.flows import Flows
from bot.dialogue.heard import Heard, Kind
from bot.dialogue.notes import Notes
from bot.dialogue.place import Place
from bot.dialogue.questions import Done, Go, Option, Question, Skip, Sorry, Taken, TakesWords, Target
from bot.dialogue.says import Says
from bot.dialogue.turn import Turn
from bot.dialogue.understanding import InOwnWords, Missed, MorePlease, understand
from desk.conversations.chat import Chat
from desk.language.language import Language
from desk.language.text import Locale, Param
from desk.refusals import Refusal

LONGEST_CHAIN = 24
"""Steps passed over in one turn; more is a loop in a flow."""

MENU = Go("menu")


class Visit:
    """The working state of one turn."""

    def __init__(
        self, flows: Flows, language: Language, commands: Commands, desk: Chat, place: Place, revision: int
    ) -> None:
        self._flows = flows
        self._language = language
        self._commands = commands
        self._desk = desk
        self._place = place
        self._turn = Turn(place, revision)
        self._notes = Notes()
        self._shows: list[Says] = []
        self._draft: Any = None
        self._came_from = (place.flow, place.step)

    # what arrived ---------------------------------------------------------------------------------------------------

    def hear(self, heard: Heard) -> Turn:
        place = self._place
        follows = going_on.follows_a_picture(place, heard, now=self._desk.now)
        wish = self._wish_of(heard)
        if not (self._desk.me.locale and self._desk.me.consented) and place.flow != self._flows.welcome.flow:
            self._place = self._turn.place = Place(run=place.run, wish=wish.data if wish else "")
            return self._open(self._flows.welcome)
        if not self._resume():
            return self._open(wish or MENU)
        if heard.kind is Kind.CHOICE:
            return self._press(heard.choice)
        if wish is not None:
            return self._leave_for(wish)
        if follows:
            self._turn.deletes = True
            return self._finished()
        return self._written(heard)

    def repeat(self, notes: Sequence[Param] = ()) -> Turn:
        """Show the current step again under its present revision."""
        if not self._place.flow or not self._resume():
            return self._open(MENU)
        self._notes.add(*notes)
        ask = self._question()
        return self._say(ask) if isinstance(ask, Question) else self._advance(ask)

    def _wish_of(self, heard: Heard) -> Go | None:
        """The flow that a link, an old lasting button or /start asks for."""
        if heard.start is not None:
            return self._flows.payload(heard.start) or MENU
        return screens.read_link(heard.choice) if heard.kind is Kind.CHOICE else None

    # presses --------------------------------------------------------------------------------------------------------

    def _press(self, data: str) -> Turn:
        link = screens.read_link(data)
        if link is not None and link.flow in self._flows.flows:
            self._place.tapped = data
            return self._leave_for(link)
        pressed = screens.read_data(data)
        is_double_tap = data == self._place.tapped
        if pressed is not None and pressed[1] == screens.MENU_KEY and not (is_double_tap and self._is_in(MENU)):
            # Before the question is asked anew: should that be refused by now, the way out still leads out.
            self._place.tapped = data
            self._turn.edits = pressed[0] == self._turn.revision
            return self._leave_for(MENU)
        ask = self._question()
        if not isinstance(ask, Question):
            return self._passed_over(ask)
        if pressed is None or pressed[0] != self._turn.revision:
            way = screens.read_link(pressed[1]) if pressed is not None else None
            if way is not None and way.flow in self._flows.flows and not (is_double_tap and self._is_in(way)):
                self._place.tapped = data
                return self._leave_for(way)
            if not is_double_tap:
                self._notes.add(phrases.OLD_BUTTON)
            # After the end of a flow the menu comes below, so that a second tap does not wipe out what was said.
            self._turn.edits = is_double_tap and self._place.flow != MENU.flow
            return self._say(ask)
        self._place.tapped = data
        self._turn.edits = True
        return self._pressed(ask, pressed[1])

    def _is_in(self, go: Go) -> bool:
        return self._place.flow == go.flow

    def _pressed(self, ask: Question, key: str) -> Turn:
        if key == screens.BACK_KEY:
            return self._back()
        if key == screens.MORE_KEY:
            return self._turn_page(ask)
        option = next((option for option in ask.options if screens.key_of(option) == key), None)
        if option is None:
            self._notes.add(ask.gone or phrases.GONE)
            return self._next_screen(ask)
        return self._choose(option)

    def _passed_over(self, answer: Skip | Go) -> Turn:
        """The question that was answered is not asked any more: never go on without a word of it."""
        if not self._notes.mark():
            self._notes.add((answer.gone if isinstance(answer, Skip) else None) or phrases.GONE)
        return self._advance(answer)

    def _turn_page(self, ask: Question) -> Turn:
        self._place.page += 1
        return self._next_screen(ask)

    def _choose(self, option: Option) -> Turn:
        sets = {self._place.step: option.key} if option.sets is None else option.sets
        return self._answered(Taken(sets, option.then))

    # words, places, voices ------------------------------------------------------------------------------------------

    def _written(self, heard: Heard) -> Turn:
        command = self._commands.find(heard.text) if heard.kind is Kind.TEXT else None
        if command is Command.MENU:
            return self._leave_for(MENU)
        said = self._notes.mark()
        ask = self._question()
        if not isinstance(ask, Question):
            if command is not Command.CANCEL:
                return self._passed_over(ask)
            self._notes.rewind(said)
            return self._leave_for(MENU)
        fields = self._flow.fields
        if going_on.is_rest(self._place, heard, draft=self._draft, fields=fields, commands=self._commands):
            return self._tells(ask, TakesWords(self._place.words_field, adds=True), heard)
        understood = understand(
            ask,
            heard,
            page=showing.page_at(self._place, ask, flows=self._flows),
            links=showing.links_at(self._place, ask, flows=self._flows),
            commands=self._commands,
            plain=self._plain,
        )
        match understood:
            case Command():
                return self._command(ask, understood)
            case MorePlease():
                return self._turn_page(ask)
            case Go():
                return self._leave_for(understood)
            case InOwnWords(tells):
                return self._tells(ask, tells, heard)
            case Missed() if going_on.may_be_more(self._place, heard, fields=fields):
                return self._tells(ask, TakesWords(self._place.words_field, adds=True), heard)
            case Missed():
                self._turn.deletes = understood.is_picture or (ask.is_sensitive and heard.kind is Kind.TEXT)
                return self._missed(ask, understood)
        self._turn.deletes = ask.is_sensitive and heard.kind is Kind.TEXT
        if isinstance(understood, Option):
            return self._choose(understood)
        self._place.page = 0  # also where the same step asks again: it has another list for what was written
        return self._answered(understood)

    def _tells(self, ask: Question, tells: TakesWords, heard: Heard) -> Turn:
        """Keep what was told; nothing of it is cut, and what does not fit is said to be left out."""
        before = getattr(self._draft, tells.field) if tells.adds else None
        now = own_words.added(before, heard)
        if isinstance(now, own_words.NoRoom):
            note = phrases.ONE_VOICE if now is own_words.NoRoom.ONE_VOICE else phrases.too_long(own_words.LONGEST)
            return self._missed(ask, Missed((note,), counts=False))
        if not tells.adds:
            return self._answered(Taken({tells.field: now}, tells.then, tells.field))
        setattr(self._draft, tells.field, now)
        self._place.forget_trouble()
        if before:
            self._notes.add(phrases.ADDED)
        again = self._question()
        return self._next_screen(again) if isinstance(again, Question) else self._advance(again)

    def _missed(self, ask: Question, missed: Missed) -> Turn:
        self._place.misses += missed.counts
        self._place.refused_picture = missed.is_picture
        self._notes.add(*missed.notes)
        return self._next_screen(ask)

    def _command(self, ask: Question, command: Command) -> Turn:
        match command:
            case Command.BACK:
                return self._back()
            case Command.HELP:
                self._notes.add(phrases.HELP)
                return self._next_screen(ask)
            case Command.LANGUAGE if self._place.flow != self._flows.welcome.flow:
                return self._leave_for(self._flows.language)
            case _:
                return self._leave_for(MENU)

    # moving ---------------------------------------------------------------------------------------------------------

    def _answered(self, taken: Taken) -> Turn:
        self._place.words_field = taken.words_field
        flow, step = self._flow, self._step
        flow.forget_after(self._draft, step.name)
        self._fill(taken.sets)
        if step.after is not None:
            try:
                step.after(self._talk)
            except Refusal as refusal:
                return self._refused(refusal)
        if taken.then != step.name:  # ticking on the same screen is not a way to go back through
            self._place.remember(leaving_flow=False)
        self._place.forget_trouble()
        return self._to(taken.then)

    def _fill(self, sets: Mapping[str, Any]) -> None:
        for name, value in sets.items():
            if name in self._flow.fields:
                setattr(self._draft, name, value)

    def _to(self, target: Target | None) -> Turn:
        """Go to a named target, or on to the next step in source order."""
        if isinstance(target, Go):
            if self._place.trail and self._place.trail[-1] == self._place.step:
                self._place.trail.pop()
            return self._leave_for(target)
        name = target if target is not None else self._flow.step_after(self._place.step)
        if name != self._place.step:
            self._place.page = 0
        if name is None:
            return self._finish()
        self._place.step = name
        return self._advance(self._question())

    def _advance(self, answer: Question | Skip | Go) -> Turn:
        """Pass over what needs no question until one does."""
        for _ in range(LONGEST_CHAIN):
            if isinstance(answer, Question):
                return self._next_screen(answer)
            if isinstance(answer, Go):
                return self._leave_for(answer)
            self._fill(answer.sets)
            if isinstance(answer.then, Go):
                return self._leave_for(answer.then)
            name = answer.then if answer.then is not None else self._flow.step_after(self._place.step)
            if name is None:
                return self._finish()
            self._place.step = name
            answer = self._question()
        raise RuntimeError(f"The flow {self._place.flow} goes round in circles at {self._place.step}.")

    def _finish(self) -> Turn:
        flow = self._flow
        if flow.finishing is None:
            return self._leave_for(MENU)
        try:
            done = flow.finishing(self._talk)
        except Refusal as refusal:
            return self._refused(refusal)
        return self._close(done)

    def _close(self, done: Done) -> Turn:
        place = self._place
        if done.goes_back:
            while place.trail and isinstance(place.trail[-1], str):
                place.trail.pop()
            place.page = 0
            self._notes.add(done.text)
            self._shows.extend(done.shows)
            return self._back()
        place.trail.clear()
        if done.then is not None:
            self._notes.add(done.text)
            self._shows.extend(done.shows)
            wish = screens.read_link(place.wish) if place.wish else None
            place.wish = ""
            return self._open(wish or done.then)
        self._turn.revision += 1
        showing.clear_keyboard(self._turn)
        self._turn.says.append(screens.closing(done))
        self._turn.says.extend(done.shows)
        self._settle(MENU)
        return self._finished()

    def _refused(self, refusal: Refusal) -> Turn:
        sorry = self._flows.apology(refusal)
        if sorry is None:
            raise refusal
        self._notes.apologise(sorry.text)
        return self._after_refusal(sorry)

    def _after_refusal(self, sorry: Sorry) -> Turn:
        if isinstance(sorry.then, Go):
            return self._leave_for(sorry.then)
        if sorry.then is not None and sorry.then in self._flow.steps:
            self._place.step = sorry.then
            self._place.page = 0
            self._flow.forget_after(self._draft, sorry.then)
            return self._advance(self._question())
        ask = self._question()
        return self._next_screen(ask) if isinstance(ask, Question) else self._leave_for(MENU)

    def _back(self) -> Turn:
        place = self._place
        if place.page:
            place.page -= 1
            ask = self._question()
            return self._next_screen(ask) if isinstance(ask, Question) else self._advance(ask)
        place.forget_trouble()
        said = self._notes.mark()
        while place.trail:
            self._notes.rewind(said)  # whatever a screen that is passed over had to say
            behind = place.trail.pop()
            if isinstance(behind, str):
                if behind not in self._flow.steps:
                    continue
                place.step = behind
            else:
                flow, step, draft = behind
                if flow not in self._flows.flows or step not in self._flows.flows[flow].steps:
                    continue
                self._leaving()
                place.flow, place.step, place.draft = flow, step, draft
                if not self._resume():
                    continue
            answer = self._question()
            if isinstance(answer, Question):
                return self._next_screen(answer)
        self._notes.rewind(said)
        return self._leave_for(MENU)

    def _leave_for(self, go: Go) -> Turn:
        place = self._place
        if place.flow == self._flows.welcome.flow and not (self._desk.me.locale and self._desk.me.consented):
            place.wish = go.data if go.flow != MENU.flow else place.wish
            ask = self._question()
            return self._next_screen(ask) if isinstance(ask, Question) else self._advance(ask)
        self._leaving()
        if go.flow == MENU.flow:
            place.trail.clear()
        elif place.flow:
            place.draft = self._flow.dump(self._draft)
            place.remember(leaving_flow=True)
        return self._open(go)

    def _leaving(self) -> None:
        if self._place.flow and self._flow.leaving is not None:
            self._flow.leaving(self._talk)

    def _open(self, go: Go) -> Turn:
        """Begin a flow, with a new run of its business key."""
        go = go if go.flow in self._flows.flows else MENU
        self._settle(go)
        flow = self._flow
        if go.arg and flow.entering is not None:
            start = flow.entering(self._talk, go.arg)
            if isinstance(start, Go):
                return self._open(start)
            if start is not None:
                self._place.step = start
        return self._advance(self._question())

    def _settle(self, go: Go) -> None:
        place = self._place
        place.flow = go.flow
        place.step = self._flow.first
        place.run += 1
        place.page = 0
        place.words_field = ""
        place.forget_trouble()
        self._draft = self._flow.new_draft()

    def _resume(self) -> bool:
        """Load the draft of the stored place; False = it no longer fits and the menu is next."""
        place = self._place
        flow = self._flows.flows.get(place.flow)
        if flow is None:
            return False
        if place.step not in flow.steps:
            self._notes.add(phrases.STARTED_AGAIN)
            return False
        try:
            self._draft = flow.load(place.draft)
        except BrokenDraft:
            self._notes.add(phrases.STARTED_AGAIN)
            return False
        return True

    # saying ---------------------------------------------------------------------------------------------------------

    def _next_screen(self, ask: Question) -> Turn:
        self._turn.revision += 1
        return self._say(ask)

    def _say(self, ask: Question) -> Turn:
        if (self._place.flow, self._place.step) != self._came_from:
            self._place.forget_trouble()
        showing.show(self._turn, ask, flows=self._flows, notes=self._notes, shows=self._shows)
        return self._finished()

    def _finished(self) -> Turn:
        self._place.draft = self._flow.dump(self._draft)
        return self._turn

    # the step at hand -----------------------------------------------------------------------------------------------

    @property
    def _flow(self) -> AnyFlow:
        return self._flows.flows[self._place.flow]

    @property
    def _step(self) -> Step[Any]:
        return self._flow.steps[self._place.step]

    @property
    def _talk(self) -> Talk[Any]:
        place, me = self._place, self._desk.me
        return Talk(
            draft=self._draft,
            desk=self._desk,
            locale=me.locale or Locale.FA,
            now=self._desk.now,
            key=f"{me.conversation_id}.{place.run}.{place.flow}",
        )

    def _question(self) -> Question | Skip | Go:
        try:
            answer = self._step.body(self._talk)
        except Refusal as refusal:
            sorry = self._flows.apology(refusal)
            if sorry is None:
                raise
            self._notes.apologise(sorry.text)
            return sorry.then if isinstance(sorry.then, Go) else Skip(then=sorry.then) if sorry.then else MENU
        return answer

    def _plain(self, param: Param) -> str:
        return self._language.plain(param, self._desk.me.locale or Locale.FA)
