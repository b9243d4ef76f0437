"""Shows a question: its present page, and the engine's links beside it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue import phrases, screens
from bot.dialogue.chat_state import ChatState
from bot.dialogue.flows import Flows
from bot.dialogue.notes import Notes
from bot.dialogue.questions import Question
from bot.dialogue.result import ExchangeResult
from bot.dialogue.says import Says

MISSES_BEFORE_DESK = 2


def show(result: ExchangeResult, ask: Question, *, flows: Flows, notes: Notes, shows: Sequence[Says]) -> None:
    """Add the question to what the result says, `shows` before it and `notes` above it, under the result's revision."""
    state = result.state
    page = page_at(state, ask, flows=flows)
    message = screens.screen(
        ask,
        page,
        revision=result.revision,
        notes=notes.above(ask),
        extra=links_at(state, ask, flows=flows),
        has_back=has_back(state, ask),
        has_home=state.flow != flows.welcome.flow,
    )
    results = [*shows, *ask.shows]
    state.keyboard = ask.asks_location is not None
    if results or ask.asks_location is not None:
        result.edits = False
    result.says.extend(results)
    result.says.append(message)


def links_at(state: ChatState, ask: Question, *, flows: Flows) -> tuple[screens.Link, ...]:
    """The engine's links on this screen, computed again for the answer, which may be their words."""
    links: list[screens.Link] = []
    if state.refused_picture:
        links.append((phrases.COPY_WANTED, flows.copy_wanted))
    if state.misses and state.keeps_words and not state.offered:
        links.append((phrases.SEND_TO_DESK, flows.words_to_desk))
    elif state.misses >= MISSES_BEFORE_DESK and state.flow != flows.welcome.flow:
        links.append((phrases.ASK_DESK, flows.desk))
    return tuple((label, go) for label, go in links if not screens.leads_to(ask, go))


def page_at(state: ChatState, ask: Question, *, flows: Flows) -> screens.OptionsPage:
    """The options on the present page."""
    extra = len(links_at(state, ask, flows=flows))
    return screens.page_of(ask, state.page, extra=extra)


def has_back(state: ChatState, ask: Question) -> bool:
    """Whether «Back» stands below the question."""
    return ask.has_back and bool(state.trail or state.page)
