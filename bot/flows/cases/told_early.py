"""Keeps what somebody tells where something else is asked, and asks that again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.dialogue import phrases
from bot.dialogue.heard import Voice
from bot.dialogue.own_words import LONGEST, NoRoom, OwnWords, joined, may_go_on
from bot.dialogue.questions import Reading, Taken, Unclear
from bot.dialogue.steps import Step
from desk.language.text import words

_ = words("telling")

IS_KEPT = _("💬 I keep what you told.")
SHORTEST_STORY = 4
"""So many words typed under a question with buttons are not an answer but the story itself."""


def is_story(typed: str) -> bool:
    """Whether so much was written that it tells something and answers no question with buttons."""
    return len(typed.split()) >= SHORTEST_STORY


def of_text(typed: str) -> dict[str, Any]:
    return {"pieces": [[0, typed.strip()]]}


def of_voice(voice: Voice) -> dict[str, Any]:
    return {"voice": voice.file_id, "seconds": voice.seconds}


def keep(before: OwnWords, told: Mapping[str, Any], *, field: str = "told_first", then: Step[Any]) -> Reading:
    """Add it to what was told before, in this field of the draft, and ask `then` with a note."""
    now = with_before(before, told)
    if isinstance(now, NoRoom):
        return no_room(now)
    return Taken({field: now}, then=then, words_field=field if may_go_on(told) else "", note=IS_KEPT)


def with_before(before: OwnWords, told: Mapping[str, Any]) -> dict[str, Any] | NoRoom:
    """What was told now, behind what was told before."""
    return joined(before, told) if before else dict(told)


def no_room(why: NoRoom) -> Unclear:
    return Unclear(phrases.ONE_VOICE if why is NoRoom.ONE_VOICE else phrases.too_long(LONGEST))
