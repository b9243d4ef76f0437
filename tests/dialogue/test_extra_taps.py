"""Who taps once more than needed is answered with a few passing words, and with no second screen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.dialogue import phrases
from bot.dialogue.answering import IMPATIENCE
from bot.dialogue.chat_state import ChatState
from tests.dialogue.toy import Chat, Me, TeaHouse

OLD = phrases.OLD_BUTTON.id
A_MOMENT = timedelta(seconds=1)
LATER = IMPATIENCE + timedelta(seconds=1)


@pytest.fixture
def chat() -> Chat:
    chat = Chat()
    chat.start()
    return chat


def _passing(chat: Chat) -> object:
    """The passing words of the last answer, which had no screen."""
    assert chat.exchange is not None
    assert not chat.exchange.says
    return chat.exchange.toast


def _ordered(chat: Chat) -> str:
    """A flow at its end; returns the data of its last button."""
    chat.press("Order tea")
    chat.press("Green tea")
    chat.say("Nawid")
    return chat.data("Again")


def _opens_once_and_later_anew(chat: Chat, data: str, shown: str) -> None:
    assert chat.press_data(data) == shown
    chat.press_data(data)
    assert _passing(chat) is phrases.ONCE_IS_ENOUGH
    chat.desk.now += LATER
    assert chat.press_data(data) == shown


class TestTheSameButton:
    @pytest.mark.parametrize("label", ["Order tea", "Long list"])
    def test_further_taps_add_no_screen(self, chat: Chat, label: str) -> None:
        data = chat.data(label)
        chat.press_data(data)
        for _ in range(4):
            chat.desk.now += IMPATIENCE - A_MOMENT  # who goes on tapping on a slow line is answered once
            chat.press_data(data)
            assert _passing(chat) is phrases.ONCE_IS_ENOUGH

    def test_what_was_chosen_is_done_once(self, chat: Chat) -> None:
        chat.press("Order tea")
        chat.press("Black tea")
        data = chat.data("No sugar")
        for _ in range(3):
            chat.press_data(data)
        assert chat.desk.log == ["kept"]

    def test_a_lasting_button_opens_its_flow_once_and_later_anew(self, chat: Chat) -> None:
        _opens_once_and_later_anew(chat, _ordered(chat), "Your name?")

    def test_the_way_home_is_shown_once_and_later_anew(self, chat: Chat) -> None:
        chat.press("Order tea")
        _opens_once_and_later_anew(chat, chat.data("🏠 Main page"), "What would you like?")

    def test_what_was_written_in_between_makes_it_a_press_of_its_own(self, chat: Chat) -> None:
        data = chat.data("Order tea")
        chat.press_data(data)
        chat.say("xyzzy")
        assert chat.press_data(data) == "Which tea?"


class TestWhereTheConversationBeginsAnew:
    def test_a_second_tap_adds_nothing_where_the_answers_were_forgotten(self, chat: Chat) -> None:
        chat.press("Order tea")
        home = chat.data("🏠 Main page")
        chat.state = ChatState.load(chat.state).without_answers().dump()
        _opens_once_and_later_anew(chat, home, "What would you like?")

    def test_nor_where_the_language_is_asked_first(self) -> None:
        chat = Chat(TeaHouse(me=Me(locale=None, consented=False)))
        assert chat.press_data("go:tea:green") == "Language?"
        chat.press_data("go:tea:green")
        assert _passing(chat) is phrases.ONCE_IS_ENOUGH


class TestAnotherButtonOfAScreenThatHasJustChanged:
    def test_it_is_said_in_passing(self, chat: Chat) -> None:
        chat.press("Order tea")
        late = chat.data("Green tea")
        chat.press("Black tea")
        chat.press_data(late)
        assert _passing(chat) is phrases.JUST_CHANGED

    def test_the_way_home_works_at_once_and_in_the_same_message(self, chat: Chat) -> None:
        chat.press("Order tea")
        home = chat.data("🏠 Main page")
        chat.press("Black tea")
        assert chat.press_data(home) == "What would you like?"
        assert chat.exchange is not None
        assert chat.exchange.edits

    def test_later_the_present_screen_is_shown_in_the_message_where_it_stands(self, chat: Chat) -> None:
        chat.press("Order tea")
        late = chat.data("Green tea")
        chat.press("Black tea")
        chat.desk.now += LATER
        assert chat.press_data(late) == f"{OLD} / How much sugar?"
        assert chat.exchange is not None
        assert chat.exchange.edits

    def test_a_result_is_never_replaced_by_it(self, chat: Chat) -> None:
        chat.press("Order tea")
        chat.press("Green tea")
        late = f"r{chat.revision}.~back"
        chat.say("Nawid")
        assert chat.press_data(late) == f"{OLD} / What would you like?"
        assert chat.exchange is not None
        assert not chat.exchange.edits


def test_a_way_out_that_is_not_on_the_present_screen_any_more_is_taken_all_the_same(chat: Chat) -> None:
    assert chat.press_data(f"r{chat.revision}.go:tea:green") == "Your name?"
