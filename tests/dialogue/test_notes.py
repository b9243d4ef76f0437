"""Several steps may refuse in one exchange; the person reads the last reason only, and none for what is not shown."""

from __future__ import annotations

import pytest

from tests.dialogue.toy import Chat

SHELF = "All on this shelf are broken. These are left:"


@pytest.fixture
def chat() -> Chat:
    """At the last question of a flow whose end refuses, and leads back to a step that may refuse too."""
    chat = Chat()
    chat.start()
    chat.start("table")
    chat.press("Red")
    chat.press("High")
    return chat


def test_one_refusal_is_told(chat: Chat) -> None:
    assert chat.press("Me") == "This cup is broken. These are left: / Which shelf?"


def test_of_several_only_the_last(chat: Chat) -> None:
    chat.desk.guests_sleep = True
    assert chat.press("Me") == f"{SHELF} / Which cup?"


def test_none_above_a_screen_that_says_why_itself(chat: Chat) -> None:
    chat.desk.guests_sleep = chat.desk.cups_are_broken = True
    assert chat.press("Me") == "There is no cup. Ask us."


def test_other_notes_are_kept(chat: Chat) -> None:
    """Not each note above a screen is a refusal's."""
    chat.desk.cups_are_broken = True
    chat.start("table")
    assert chat.say("xyzzy").startswith("I did not understand that.")


def test_going_back_says_nothing_of_the_steps_it_passes_over(chat: Chat) -> None:
    chat.desk.guests_sleep = True
    assert chat.press("Back") == "Which cup?"
