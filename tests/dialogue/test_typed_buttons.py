"""A reply keyboard sends the words of its buttons, so that every word on the screen has to be understood."""

from __future__ import annotations

import pytest

from bot.dialogue import phrases
from bot.dialogue.heard import HeardKind
from tests.dialogue.toy import Chat

DISTRICTS = {f"District {chr(65 + n)}" for n in range(9)}
ASK_DESK = "💬 Ask the desk"
SEND_TO_DESK = "💬 Send to the desk"
COPY_WANTED = "📣 They wanted a copy"


@pytest.fixture
def chat() -> Chat:
    chat = Chat()
    chat.start()
    return chat


@pytest.fixture
def town(chat: Chat) -> Chat:
    """At a question with a reply keyboard of three pages, which reads whatever is written."""
    chat.start("town")
    return chat


def shown(chat: Chat) -> set[str]:
    return DISTRICTS & set(chat.labels)


class TestMore:
    def test_its_words_turn_the_page_until_all_was_shown(self, town: Chat) -> None:
        seen = shown(town)
        assert len(seen) < len(DISTRICTS)
        while phrases.MORE.id in town.labels:
            assert town.tap(phrases.MORE) == "Which district? / {first} to {last} of {total}"
            seen |= shown(town)
        assert seen == DISTRICTS

    @pytest.mark.parametrize("typed", ["بیشتر", " بیشتر "])
    def test_they_work_where_the_buttons_are_in_the_message_too(self, chat: Chat, typed: str) -> None:
        chat.press("Long list")
        before = set(chat.labels)
        chat.say(typed)
        assert "Choice A" in before
        assert "Choice A" not in chat.labels

    def test_on_the_last_page_they_stay_there(self, town: Chat) -> None:
        while phrases.MORE.id in town.labels:
            town.tap(phrases.MORE)
        last = shown(town)
        town.say(phrases.MORE.id)
        assert shown(town) == last

    def test_back_turns_the_page_back(self, town: Chat) -> None:
        first = shown(town)
        town.tap(phrases.MORE)
        town.say("Back")
        assert shown(town) == first

    def test_where_there_is_no_more_they_are_an_answer_like_any_other(self, chat: Chat) -> None:
        chat.start("home")
        assert chat.tap(phrases.MORE).endswith("Which floor?")

    def test_the_turned_page_outlives_a_miss(self, town: Chat) -> None:
        town.tap(phrases.MORE)
        second = shown(town)
        assert town.say("Atlantis").startswith("No Atlantis here.")
        assert shown(town) == second


class TestOptions:
    @pytest.mark.parametrize(("label", "chosen"), [("District A", "District 0."), ("District I", "District 8.")])
    def test_those_of_every_page_are_known(self, town: Chat, label: str, chosen: str) -> None:
        assert chosen in town.say(label)


class TestLinks:
    def test_the_desk_after_two_misses(self, town: Chat) -> None:
        town.say("Atlantis")
        assert town.tap(phrases.ASK_DESK).startswith("No ")  # not shown yet, so it is but words
        assert ASK_DESK in town.labels
        assert town.tap(phrases.ASK_DESK).endswith("Ask us.")

    def test_the_wanted_copy_after_a_picture(self, town: Chat) -> None:
        town.send(HeardKind.PICTURE)
        assert COPY_WANTED in town.labels
        seen = town.tap(phrases.COPY_WANTED)
        assert "here. /" not in seen
        assert town.state["flow"] != "town"

    def test_it_stays_while_pages_are_turned_so_that_none_is_passed_over(self, town: Chat) -> None:
        town.send(HeardKind.PICTURE)
        seen = shown(town)
        for _ in range(5):
            town.tap(phrases.MORE)
            assert COPY_WANTED in town.labels
            seen |= shown(town)
        assert seen == DISTRICTS

    def test_it_is_no_longer_known_when_it_is_no_longer_shown(self, town: Chat) -> None:
        town.send(HeardKind.PICTURE)
        town.say("Atlantis")
        assert COPY_WANTED not in town.labels
        assert "here. / Which district?" in town.tap(phrases.COPY_WANTED)

    def test_the_words_of_the_place_button_are_no_name(self, town: Chat) -> None:
        assert town.say("Send my place").startswith("I did not understand")


class TestTheDeskIsOfferedOnce:
    def _without_a_cup(self, chat: Chat) -> None:
        chat.desk.cups_are_broken = True
        chat.start("table")

    def test_not_beside_an_option_that_leads_there(self, chat: Chat) -> None:
        self._without_a_cup(chat)
        for _ in range(3):
            chat.say("xyzzy")
        assert chat.labels.count(ASK_DESK) == 1
        assert "More" not in chat.labels

    def test_a_twin_without_that_option_has_it(self, chat: Chat) -> None:
        chat.start("table")
        for _ in range(3):
            chat.say("xyzzy")
        assert chat.labels.count(SEND_TO_DESK) == 1


class TestMissesAreOfOneScreen:
    def _missed_twice(self, chat: Chat) -> None:
        chat.press("Order tea")
        chat.press("Black tea")
        chat.say("xyzzy")
        chat.say("xyzzy")
        assert SEND_TO_DESK in chat.labels

    def test_going_back_forgets_them(self, chat: Chat) -> None:
        self._missed_twice(chat)
        chat.press("Back")
        assert SEND_TO_DESK not in chat.labels
        chat.say("xyzzy")
        assert "I did not understand" in chat.seen

    def test_another_screen_by_a_refusal_forgets_them(self, chat: Chat) -> None:
        chat.start("table")
        chat.press("Red")
        chat.say("xyzzy")
        chat.say("xyzzy")
        assert SEND_TO_DESK in chat.labels
        chat.desk.guests_sleep = True
        chat.say("xyzzy")
        assert "Which cup?" in chat.seen
        assert SEND_TO_DESK not in chat.labels

    def test_turning_a_page_does_not(self, town: Chat) -> None:
        town.say("Atlantis")
        town.say("Atlantis")
        town.tap(phrases.MORE)
        assert ASK_DESK in town.labels
