"""The behaviour of the engine, on a small toy conversation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from bot.dialogue.heard import HeardKind
from bot.dialogue.screens import read_data
from desk.language.text import Locale
from tests.dialogue.toy import Chat, Me, TeaHouse

OLD = "This is an old page. Here is where we are:"


BENT: tuple[Mapping[str, Any], ...] = (
    {"draft": [1]},
    {"draft": "x"},
    {"draft": None},
    {"draft": {"sugar": "two"}},
    {"draft": {"sugar": True}},
    {"flow": ["tea"]},
    {"step": {}},
    {"trail": "kind"},
    {"trail": [5]},
    {"trail": [["tea", "kind"]]},
    {"trail": [["tea", "kind", [1]]]},
    {"run": "x"},
    {"page": "x"},
    {"misses": None},
    {"words_field": ["name"]},
    {"unsent": "words"},
    {"pictured": "x"},
)
"""Stored states that no version of the engine reads: of each, one value is of another type."""


@pytest.fixture
def chat() -> Chat:
    chat = Chat()
    chat.start()
    return chat


class TestAdvancing:
    def test_a_flow_goes_through_its_steps_in_source_order(self, chat: Chat) -> None:
        assert chat.seen == "What would you like?"
        assert chat.press("Order tea") == "Which tea?"
        assert chat.press("Black tea") == "How much sugar?"
        assert chat.say("3") == "Your name?"
        assert chat.say("Nawid") == "Ordered."
        assert chat.desk.orders == ["7.2.tea:black:3:Nawid"]

    def test_a_question_with_one_answer_is_passed_over(self, chat: Chat) -> None:
        chat.press("Order tea")
        assert chat.press("Green tea") == "Your name?"

    @pytest.mark.parametrize("typed", [None, "No sugar", "2"])
    def test_a_question_that_is_gone_before_its_answer_is_never_passed_over_in_silence(
        self, chat: Chat, typed: str | None
    ) -> None:
        chat.press("Order tea")
        chat.press("Black tea")
        chat.desk.sugar_is_out = True
        seen = chat.press("No sugar") if typed is None else chat.say(typed)
        assert seen == "The sugar is out. / Your name?"

    def test_what_the_step_does_on_its_answer_happens_once(self, chat: Chat) -> None:
        chat.press("Order tea")
        chat.press("Black tea")
        chat.press("No sugar")
        assert chat.desk.log == ["kept"]

    def test_after_the_end_the_menu_waits(self, chat: Chat) -> None:
        chat.press("Order tea")
        chat.press("Green tea")
        chat.say("Nawid")
        assert chat.press("🏠 Main page") == "What would you like?"


class TestTypedAnswers:
    @pytest.mark.parametrize("typed", ["1", "۱", "١", "Black tea", "black", "🫖 Black tea"])
    def test_number_and_words_work_like_the_button(self, chat: Chat, typed: str) -> None:
        chat.press("Order tea")
        assert chat.say(typed) == "How much sugar?"

    def test_a_number_that_is_the_answer_is_no_option(self, chat: Chat) -> None:
        chat.press("Order tea")
        chat.press("Black tea")
        chat.say("1")
        chat.say("Nawid")
        assert chat.desk.orders == ["7.2.tea:black:1:Nawid"]

    def test_an_unclear_answer_gets_its_hint_and_the_question(self, chat: Chat) -> None:
        chat.press("Order tea")
        chat.press("Black tea")
        assert chat.say("50") == "So much sugar? / How much sugar?"

    def test_a_part_that_fits_two_labels_is_not_guessed(self, chat: Chat) -> None:
        chat.press("Order tea")
        assert "I did not understand" in chat.say("tea")

    def test_words_not_understood_are_offered_to_the_desk_and_not_answered_twice_alike(self, chat: Chat) -> None:
        chat.press("Order tea")
        first = chat.say("xyzzy")
        assert "💬 Send to the desk" in chat.labels
        assert chat.say("xyzzy") != first
        assert "💬 Send to the desk" in chat.labels

    def test_a_sensitive_answer_is_taken_out_of_the_chat(self, chat: Chat) -> None:
        chat.press("Order tea")
        chat.press("Green tea")
        assert chat.exchange is not None
        assert not chat.exchange.deletes
        chat.say("Nawid")
        assert chat.exchange.deletes


class TestGoingElsewhere:
    def test_back_returns_to_the_question_before(self, chat: Chat) -> None:
        chat.press("Order tea")
        chat.press("Black tea")
        assert chat.press("Back") == "Which tea?"
        assert chat.press("Back") == "What would you like?"

    def test_back_passes_over_what_was_skipped(self, chat: Chat) -> None:
        chat.press("Order tea")
        chat.press("Green tea")
        assert chat.press("Back") == "Which tea?"

    def test_a_new_answer_asks_the_later_questions_again(self, chat: Chat) -> None:
        chat.press("Order tea")
        chat.press("Black tea")
        chat.say("3")
        chat.press("Back")
        chat.press("Back")
        chat.press("Black tea")
        assert "sugar" not in chat.state["draft"]

    def test_leaving_frees_what_the_flow_kept(self, chat: Chat) -> None:
        chat.press("Order tea")
        chat.press("🏠 Main page")
        assert chat.desk.log == ["left"]

    def test_a_long_list_is_paged_by_five_and_its_last_page_leads_nowhere(self, chat: Chat) -> None:
        chat.press("Long list")
        pages = [chat.labels]
        while "More" in chat.labels:
            chat.press("More")
            pages.append(chat.labels)
        choices = [[label for label in page if label.startswith("Choice")] for page in pages]
        assert [len(page) for page in choices] == [5, 5, 2]
        assert {f"Choice {chr(65 + n)}" for n in range(12)} == {label for page in choices for label in page}

    def test_back_on_a_later_page_turns_the_page(self, chat: Chat) -> None:
        chat.press("Long list")
        chat.press("More")
        chat.press("Back")
        assert "Choice A" in chat.labels


class TestOldButtons:
    def test_an_old_button_is_explained_and_the_present_question_follows(self, chat: Chat) -> None:
        chat.press("Order tea")
        data = chat.data("Green tea")
        chat.press("Black tea")
        chat.say("xyzzy")
        assert chat.press_data(data) == f"{OLD} / How much sugar?"
        assert chat.exchange is not None
        assert not chat.exchange.edits

    def test_a_door_of_an_old_screen_still_leads_through_it(self, chat: Chat) -> None:
        data = chat.data("Long list")
        chat.press("Order tea")
        chat.press("Black tea")
        chat.say("xyzzy")
        assert chat.press_data(data).startswith("Which one?")
        assert chat.exchange is not None
        assert not chat.exchange.edits
        assert chat.press("Back") == "How much sugar?"

    def test_the_main_page_is_one_tap_away_from_every_screen(self, chat: Chat) -> None:
        chat.press("Order tea")
        data = chat.data("🏠 Main page")
        chat.press("Black tea")
        chat.say("xyzzy")
        assert chat.press_data(data) == "What would you like?"
        assert chat.exchange is not None
        assert not chat.exchange.edits

    def test_a_lasting_link_stays_true(self, chat: Chat) -> None:
        chat.press("Order tea")
        chat.press("Green tea")
        chat.say("Nawid")
        data = chat.data("Again")
        chat.press("🏠 Main page")
        assert chat.press_data(data) == "Your name?"

    @pytest.mark.parametrize("data", ["", "r", "r1", "rx.tea", "go:nowhere:1", "r99.tea", "📎", "r1.~menu.x"])
    def test_invented_data_gets_the_present_question(self, chat: Chat, data: str) -> None:
        assert "What would you like?" in chat.press_data(data)


class TestTheUnexpected:
    def test_a_picture_is_refused_with_the_right_explained_and_the_question_kept(self, chat: Chat) -> None:
        chat.press("Order tea")
        seen = chat.send(HeardKind.PICTURE)
        assert seen.startswith("Please don't send pictures")
        assert seen.endswith("Which tea?")
        assert chat.exchange is not None
        assert chat.exchange.deletes
        assert "📣 They wanted a copy" in chat.labels

    @pytest.mark.parametrize(
        "kind", [HeardKind.VOICE, HeardKind.LOCATION, HeardKind.CONTACT, HeardKind.OTHER, HeardKind.EDITED]
    )
    def test_never_silence(self, chat: Chat, kind: HeardKind) -> None:
        chat.press("Order tea")
        assert chat.send(kind).endswith("Which tea?")

    def test_a_refusal_is_told_and_the_named_step_follows(self, chat: Chat) -> None:
        chat.desk.pot_is_empty = True
        chat.press("Order tea")
        chat.press("Green tea")
        assert chat.say("Nawid") == "No tea left. / Which tea?"

    def test_a_draft_of_an_older_shape_begins_again_politely(self, chat: Chat) -> None:
        chat.press("Order tea")
        chat.state = {**chat.state, "draft": {"milk": True}}
        assert chat.say("Black tea").startswith("We have improved this part.")

    def test_a_step_that_is_gone_begins_again_politely(self, chat: Chat) -> None:
        chat.state = {"flow": "tea", "step": "milk"}
        assert chat.say("x").endswith("What would you like?")

    def test_a_state_nobody_knows_is_the_menu(self, chat: Chat) -> None:
        chat.state = {"what": 1}
        assert chat.say("x").endswith("What would you like?")

    @pytest.mark.parametrize("stored", BENT, ids=str)
    @pytest.mark.parametrize("way", ["menu", "back", "start", "text"])
    def test_a_state_whose_values_are_of_another_type_never_keeps_somebody_in(
        self, chat: Chat, stored: Mapping[str, Any], way: str
    ) -> None:
        """Before, each of their messages failed, «main menu» and /start too, until the state was old enough to go."""
        chat.state, chat.revision = {"flow": "tea", "step": "sugar", "draft": {}, **stored}, 3
        ways: dict[str, Callable[[], str]] = {
            "menu": lambda: chat.press_data("go:menu:"),
            "back": lambda: chat.press_data("r3.~back"),
            "start": chat.start,
            "text": lambda: chat.say("x"),
        }
        ways[way]()
        chat.desk.now += timedelta(minutes=1)  # sooner, it would be a second tap
        chat.press_data("go:menu:")
        assert chat.seen.endswith("What would you like?")


class TestFirstContact:
    def test_language_and_privacy_come_first_and_the_wish_is_kept(self) -> None:
        chat = Chat(TeaHouse(me=Me(locale=None, consented=False)))
        assert chat.start("green") == "Language?"
        assert chat.press("Farsi") == "Welcome. / Your name?"

    def test_nothing_else_opens_before(self) -> None:
        chat = Chat(TeaHouse(me=Me(locale=None, consented=False)))
        assert chat.say("menu") == "Language?"
        assert chat.press_data("go:tea:green") == "Language?"

    def test_the_language_is_whatever_was_chosen(self, chat: Chat) -> None:
        assert chat.desk.me.locale is Locale.FA


class TestRepeats:
    def test_showing_again_changes_nothing(self, chat: Chat) -> None:
        chat.press("Order tea")
        shown = chat.engine.show(state=chat.state, revision=chat.revision, desk=chat.desk)  # type: ignore[arg-type]  # the toy passes for a chat
        assert shown.revision == chat.revision
        assert shown.state.dump() == chat.state

    def test_showing_again_keeps_what_could_not_be_sent(self, chat: Chat) -> None:
        """Whether this screen arrives is not known either."""
        chat.press("Order tea")
        owed = [{"flow": "order", "what": "7"}, {"flow": "order", "what": "8"}]
        state = {**chat.state, "owed_results": owed}
        shown = chat.engine.show(state=state, revision=chat.revision, desk=chat.desk)  # type: ignore[arg-type]  # the toy passes for a chat
        assert shown.state.owed_results == owed


class TestTheWayOut:
    @pytest.mark.parametrize("way", ["press", "say"])
    def test_it_leads_out_although_the_question_is_refused_by_now(self, chat: Chat, way: str) -> None:
        chat.press("Order tea")
        chat.desk.kitchen_is_closed = True
        seen = chat.press("🏠 Main page") if way == "press" else chat.say("menu")
        assert seen == "What would you like?"

    def test_any_other_answer_is_told_of_the_refusal(self, chat: Chat) -> None:
        chat.press("Order tea")
        chat.desk.kitchen_is_closed = True
        assert chat.press("Black tea").startswith("The kitchen is closed.")


class TestReplyKeyboards:
    def _at_the_floor(self, chat: Chat) -> list[bool]:
        chat.start("home")
        chat.say("Karaj")
        assert chat.exchange is not None
        return [says.clears_keyboard for says in chat.exchange.says]

    def test_the_keyboard_goes_with_the_next_screen(self, chat: Chat) -> None:
        assert self._at_the_floor(chat) == [True, False]

    def test_a_screen_shown_again_takes_it_away_again(self, chat: Chat) -> None:
        """After a crash nobody knows whether the first one arrived."""
        self._at_the_floor(chat)
        shown = chat.engine.show(state=chat.state, revision=chat.revision, desk=chat.desk)  # type: ignore[arg-type]  # the toy passes for a chat
        assert [says.clears_keyboard for says in shown.says] == [True, False]

    def test_the_screen_after_it_does_not(self, chat: Chat) -> None:
        self._at_the_floor(chat)
        chat.say("xyzzy")
        assert chat.exchange is not None
        assert [says.clears_keyboard for says in chat.exchange.says] == [False]


def test_a_number_of_thousands_of_digits_in_a_button_is_no_button_of_ours() -> None:
    assert read_data("r" + "9" * 5000 + ".yes") is None
    assert read_data("r12.yes") == (12, "yes")
