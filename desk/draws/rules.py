"""The states of a draw, its notices, and the moments that follow from its rules."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from desk.calendar import instant_of
from desk.outbox.rules import NoticeKind
from desk.values import LocalDay

WORD_WITHIN: Final = timedelta(hours=1)
"""How long after the published hour the word can be revealed; then it is left out."""
FIGURE_WITHIN: Final = timedelta(days=1)
"""How long after the published hour the draw waits for the figure; then it is not held."""
ENDS_BEFORE: Final = timedelta(hours=12)
"""So long before its first day a draw is over: what nobody confirmed by then is everybody's."""
LEAST_TO_ASK: Final = timedelta(hours=6)
"""Between the announcement of a draw and the end of its list lies so much at least."""
MOST_DAYS_OF_A_DRAW: Final = 14
MOST_DIGITS: Final = 12


class DrawState(StrEnum):
    """How far a draw is."""

    DRAFT = "draft"
    """Prepared; nobody has asked for it, and the word's hash may still be missing."""
    OPEN = "open"
    """Announced: who waits for the service there when its list closes takes part."""
    FROZEN = "frozen"
    """Its list and its places are closed, and their hash is published; the figure is awaited, or it is being drawn."""
    DRAWN = "drawn"
    """The result is visible; places are confirmed, and go to the next where they are not."""
    OVER = "over"
    NOT_HELD = "not_held"
    """The figure was not typed in time: the places went to those who wait, in the order of the line."""


LIVE_DRAWS: Final = frozenset({DrawState.OPEN, DrawState.FROZEN, DrawState.DRAWN})
PUBLISHED: Final = frozenset({DrawState.DRAWN, DrawState.OVER})
"""The states in which the result is visible to everybody."""


class DrawNotice(NoticeKind):
    """The notices of a draw; who won is told by an offer."""

    NOT_LISTED = "not_listed"
    """Another request with the number, or with a linked paper, is in the list."""
    NOT_DRAWN = "not_drawn"
    TAKEN_AWAY = "drawn_taken_away"
    """The request was drawn a place that the office took away before it could be offered."""
    NOT_HELD = "draw_not_held"


class DrawFieldFault(StrEnum):
    """Why a draw, or the rules of draws, cannot be as typed."""

    DAYS = "days"
    """The last day lies before the first, or the days are too many."""
    OVERLAP = "overlap"
    """Another draw covers one of these days, or they are not under a draw any more."""
    CLOSES = "closes"
    """The list closes before people could ask, or not before the published hour."""
    HOUR = "hour"
    AHEAD = "ahead"
    """The published hour leaves no time to confirm before the first day."""
    CONFIRM = "confirm"
    SHARE = "share"
    FIGURE = "figure"
    DIGITS = "digits"
    REASON = "reason"
    WORD = "word"
    """It is too short, or not the one whose hash was announced."""
    HASH = "hash"


def published_at(first_day: date, *, days_ahead: int, publish_at: int) -> datetime:
    """The hour at which a draw of places from this day on is held; `publish_at` in minutes after midnight."""
    return instant_of(LocalDay(first_day - timedelta(days=days_ahead)), minutes=publish_at)


def ends_at(first_day: date) -> datetime:
    """When a draw of places from this day on is over at the latest."""
    return instant_of(LocalDay(first_day)) - ENDS_BEFORE
