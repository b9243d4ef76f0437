"""Showing a question in a chat: the page it stands at, the engine's own links, and a reply keyboard taken away."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue import phrases, screens
from bot.dialogue.flows import Flows
from bot.dialogue.notes import Notes
from bot.dialogue.place import Place
from bot.dialogue.questions import Question
from bot.dialogue.says import Says
from bot.dialogue.turn import Turn

MISSES_BEFORE_DESK = 2


def show(turn: Turn, ask: Question, *, flows: Flows, notes: Notes, shows: Sequence[Says]) -> None:
    """Add the question to what the turn says, `shows` before it and `notes` above it, under the turn's revision."""
    place = turn.place
    page = page_at(place, ask, flows=flows)
    above = notes.above(ask)
    if page.has_more and page.count > 1 and place.page % page.count:
        above.append(phrases.page_of(place.page % page.count + 1, page.count))
    message = screens.screen(
        ask,
        page,
        revision=turn.revision,
        notes=above,
        extra=links_at(place, ask, flows=flows),
        has_back=_has_back(place, ask),
    )
    results = [*shows, *ask.shows]
    if ask.asks_location is None:
        clear_keyboard(turn)
    place.keyboard = ask.asks_location is not None
    if results or ask.asks_location is not None:
        turn.edits = False
    turn.says.extend(results)
    turn.says.append(message)


def clear_keyboard(turn: Turn) -> None:
    """Take a standing reply keyboard away, which only a message of its own can do."""
    place = turn.place
    if place.keyboard:
        place.cleared = turn.revision
    if place.cleared and place.cleared == turn.revision:
        turn.says.append(Says(phrases.KEYBOARD_GONE, clears_keyboard=True, stays=True))
        turn.edits = False
    place.keyboard = False


def links_at(place: Place, ask: Question, *, flows: Flows) -> tuple[screens.Link, ...]:
    """The engine's own links on this screen, worked out anew when the answer comes: their words may be it."""
    links: list[screens.Link] = []
    if place.refused_picture:
        links.append((phrases.COPY_WANTED, flows.copy_wanted))
    if place.misses >= MISSES_BEFORE_DESK and place.flow != flows.welcome.flow:
        links.append((phrases.ASK_DESK, flows.desk))
    return tuple((label, go) for label, go in links if not screens.leads_to(ask, go))


def page_at(place: Place, ask: Question, *, flows: Flows) -> screens.Page:
    """The options that stand on the screen now."""
    extra = len(links_at(place, ask, flows=flows))
    return screens.page_of(ask, place.page, extra=extra, has_back=_has_back(place, ask))


def _has_back(place: Place, ask: Question) -> bool:
    return ask.has_back and bool(place.trail or place.page)
