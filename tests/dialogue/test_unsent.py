"""Words that were not sent are read from the states of earlier versions too, and lose nothing on the way."""

from __future__ import annotations

from typing import Any

import pytest

from bot.dialogue import phrases
from bot.dialogue.chat_state import ChatState
from bot.dialogue.unsent import LeftAt, Unsent, UnsentKind
from tests.dialogue.letters import Desk

WORDS = {"pieces": [[3, "the soup was cold"]]}
DRAFT = {"to": "cook", "text": WORDS}
BEFORE: tuple[tuple[dict[str, Any], Unsent], ...] = (
    ({"flow": "note", "words": WORDS, "is_offered": True}, Unsent(UnsentKind.FOR_DESK, "note", WORDS)),
    ({"flow": "letter", "words": WORDS}, Unsent(UnsentKind.LEFT_BEHIND, "letter", WORDS)),
    (
        {"flow": "letter", "step": "look", "draft": DRAFT, "words": WORDS, "run": 3},
        Unsent(UnsentKind.TOLD, "letter", WORDS, LeftAt("look", DRAFT, 3)),
    ),
)
"""What earlier versions stored, and what it is."""
BENT: tuple[dict[str, Any], ...] = (
    {"words": WORDS},
    {"flow": "letter"},
    {"flow": ["letter"], "words": WORDS},
    {"flow": "letter", "words": "the soup"},
)


def _chat(unsent: dict[str, Any], **more: Any) -> Desk:
    """A chat whose stored state holds this."""
    desk = Desk(tells_desk=True, asks_for_words=True)
    desk.state = {**desk.state, "unsent": unsent, **more}
    return desk


@pytest.mark.parametrize(("stored", "unsent"), BEFORE, ids=[unsent.kind for _stored, unsent in BEFORE])
def test_what_an_earlier_version_stored_is_read_and_stored_anew(stored: dict[str, Any], unsent: Unsent) -> None:
    state = ChatState.load({"flow": "menu", "unsent": stored})
    assert state.unsent == unsent
    assert ChatState.load(state.dump()) == state
    kept = {name: value for name, value in stored.items() if name != "is_offered"}
    assert state.dump()["unsent"] == {**kept, "kind": unsent.kind.value}


@pytest.mark.parametrize("stored", BENT)
def test_what_holds_no_words_is_left_out_and_the_rest_stands(stored: dict[str, Any]) -> None:
    assert ChatState.load({"flow": "menu", "run": 4, "unsent": stored}) == ChatState(flow="menu", run=4)


def test_words_for_the_desk_of_an_earlier_version_go_to_it() -> None:
    desk = _chat({"flow": "note", "words": WORDS, "is_offered": True})
    desk.press_data("go:note:")
    assert desk.press("The cook") == "Send the soup was cold?"


def test_words_that_an_earlier_version_left_behind_are_offered() -> None:
    desk = _chat({"flow": "letter", "words": WORDS})
    desk.press_data("go:letter:")
    assert phrases.YOU_HAD_TOLD.id in desk.press("The cook")
    assert desk.press("✅ Use this") == "Send the soup was cold?"
    assert "unsent" not in desk.state


def test_words_that_an_earlier_version_told_are_sent_by_its_button() -> None:
    desk = _chat({"flow": "letter", "step": "look", "draft": DRAFT, "words": WORDS, "run": 3})
    assert desk.press_data("go:letter:unsent.2").startswith(str(phrases.GONE.id)), "a button of other words"
    assert desk.press_data("go:letter:unsent.3") == "Sent."
    assert "unsent" not in desk.state
