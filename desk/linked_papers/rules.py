"""Why papers are linked, what became of the question which of two appointments stays, and until when it waits."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from desk.appointments.rules import EVENING
from desk.calendar import instant_of, local_day_of
from desk.outbox.rules import NoticeKind


class LinkReason(StrEnum):
    """Why a clerk links two papers, or takes that back."""

    RENEWED = "renewed"
    """The later paper was given instead of the earlier one."""
    TWO_KINDS = "two_kinds"
    """The person holds both, such as a card and a passport."""
    TWO_PEOPLE = "two_people"
    """They were linked by mistake: they are of two people."""


UNDOES = frozenset({LinkReason.TWO_PEOPLE})
"""The reasons for which a link is taken back."""


class ChoiceState(StrEnum):
    """What became of the question which of two appointments stays."""

    OPEN = "open"
    CHOSEN = "chosen"
    """The person said which, and the other was given back."""
    LAPSED = "lapsed"
    """No answer came: the earlier stayed, and the other was given back."""
    OVER = "over"
    """One of them ended in another way, or the papers are linked no more."""


class LinkNotice(NoticeKind):
    """The notices about appointments of linked papers."""

    WHICH_STAYS = "which_stays"
    """Both are of this chat, and one has to be given back."""
    ANOTHER_TOO = "another_turn_too"
    """The other belongs to another chat, or to none: this one stays unless the chat gives it back."""
    EARLIER_STAYS = "earlier_stays"
    """No answer came, and the later one was given back."""
    BOTH_STAY = "both_stay"
    """The papers are linked no more: the question that stood there is over, and both stay."""
    ONE_WAITS = "one_waits"
    """The chat waited twice for one person: the wish that waits longer stays."""


DAYS_TO_ANSWER = 2


def answer_until(earlier_starts_at: datetime, *, zone: str, now: datetime) -> datetime:
    """Until when the person is asked: the evening of the second day after, or until the earlier one begins."""
    evening = instant_of(local_day_of(now, zone=zone).plus(DAYS_TO_ANSWER), minutes=EVENING, zone=zone)
    return min(evening, earlier_starts_at)
