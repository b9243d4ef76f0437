"""No long number of free text gets into the stored state, whatever way the words come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import pytest

from bot.dialogue import own_words
from bot.dialogue.engine import Engine, Flows
from bot.dialogue.flow import Flow, Talk
from bot.dialogue.heard import Address, Heard, HeardKind
from bot.dialogue.questions import Done, Go, Option, Question, TakesWords
from desk.codes import TrackingCode
from desk.conversations.chat import Chat
from desk.language.catalogues import Catalogues
from desk.language.language import Language
from desk.language.text import Locale
from desk.reading.long_numbers import NumberSort
from tests.dialogue.toy import TeaHouse

AT = Address("telegram", "1", "7")
CARD, PAPER, OWN = "6037991122334455", "98765432107", "482173051"


@dataclass(slots=True)
class Story:
    told: dict[str, Any] | None = None


@dataclass(slots=True)
class Empty:
    nothing: str = ""


letter = Flow("letter", draft=Story, is_private=True, tells_desk=True)


@letter.step(asks="told")
def tell(talk: Talk[Story]) -> Question:
    return Question("What happened?", takes=TakesWords("told"))


@letter.step
def look(talk: Talk[Story]) -> Question:
    text = own_words.text_of(talk.draft.told) or "nothing"
    return Question(text, (Option("send", "Send"),), takes=TakesWords("told", adds=True))


@letter.finish
def send(talk: Talk[Story]) -> Done:
    return Done(own_words.text_of(talk.draft.told) or "nothing")


menu = Flow("menu", draft=Empty)


@menu.step
def entries(talk: Talk[Empty]) -> Question:
    return Question("What now?", (Option("letter", "Write", then=Go("letter")),), has_menu=False)


FLOWS = Flows(
    flows={"letter": cast("Flow[Any]", letter), "menu": cast("Flow[Any]", menu)},
    apology=lambda _refusal: None,
    payload={"letter": Go("letter")}.get,
    language=Go("menu"),
    desk=Go("letter"),
    words_to_desk=Go("letter"),
    copy_wanted=Go("letter"),
    codes=lambda _chat: (TrackingCode(OWN),),
)


class Talking:
    """One person who tells, and what is stored of it."""

    def __init__(self) -> None:
        self.engine = Engine(FLOWS, Language(Catalogues(None)))
        self.state: dict[str, Any] = {}
        self.revision = 0
        self.desk = TeaHouse()
        self.desk.me.locale, self.desk.me.consented = Locale.FA, True

    def hear(self, **what: Any) -> str:
        heard = Heard(address=AT, update_id="1", **what)
        result = self.engine.hear(heard, state=self.state, revision=self.revision, desk=cast(Chat, self.desk))
        self.state, self.revision = result.state.dump(), result.revision
        self.buttons = [button for row in result.says[-1].rows for button in row]
        return " | ".join(map(_plain, result.says))

    def say(self, text: str, number: int = 5) -> str:
        return self.hear(kind=HeardKind.TEXT, text=text, message_id=str(number))

    def press(self, key: str) -> str:
        return self.hear(kind=HeardKind.CHOICE, choice=f"r{self.revision}.{key}", message_id="9")

    def holds(self, digits: str) -> bool:
        return digits in str(self.state)


def _plain(says: Any) -> str:
    def id_of(param: Any) -> str:
        parts = getattr(param, "parts", None)
        return " / ".join(map(id_of, parts)) if parts is not None else str(getattr(param, "id", param))

    return id_of(says.text)


@pytest.fixture
def talking() -> Talking:
    talking = Talking()
    talking.hear(kind=HeardKind.TEXT, text="/start", start="letter")
    return talking


def test_the_number_of_a_paper_is_never_stored_and_the_person_is_told(talking: Talking) -> None:
    seen = talking.say(f"my card is {PAPER}, my turn {OWN}")
    assert "I took the long number out" in seen
    assert f"my card is ••••, my turn {OWN}" in seen
    assert not talking.holds(PAPER)
    assert "I took the long number out" in talking.say(f"it is {PAPER}")
    assert not talking.holds(PAPER)


def test_a_number_in_two_messages_is_one_number(talking: Talking) -> None:
    talking.say("it is 9876543", 5)
    talking.say("2107", 6)
    assert own_words.text_of(talking.state["draft"]["told"]) == "it is ••••"
    assert not talking.holds("9876543")
    assert not talking.holds("2107")


def test_a_card_is_asked_about_and_theirs_is_written_once_more(talking: Talking) -> None:
    assert "Was it yours, or theirs?" in talking.say(f"he wanted it on {CARD}")
    assert not talking.holds(CARD)
    assert "Please write their number" in talking.press("theirs")
    assert "sixteen" in talking.say("6037 9911"), "what is no card is asked again"
    seen = talking.say(f"the card {CARD}")
    assert f"he wanted it on ••••\n{CARD}" in seen
    assert f"he wanted it on ••••\nand more\n{CARD}" in talking.say("and more", 8), "more does not take it out again"
    assert CARD in talking.press("send")


def test_my_own_and_no_answer_leave_it_out(talking: Talking) -> None:
    talking.say(f"call me: {CARD}")
    assert "call me: ••••" in talking.press("mine")
    talking.say(f"or {CARD}")
    assert "then this" in talking.say("then this", 7), "what is written instead of an answer is more of the story"
    assert not talking.holds(CARD)
    assert "•" in talking.press("send")


def test_who_leaves_is_not_asked_later(talking: Talking) -> None:
    talking.say(f"on {CARD}")
    talking.press("theirs")
    talking.press("~menu")
    assert not talking.holds("whose")
    assert "What happened?" in talking.press("go:letter:")


def test_start_while_it_is_asked_is_answered_by_one_press(talking: Talking) -> None:
    talking.say(f"on {CARD}")
    assert "begun" in talking.hear(kind=HeardKind.TEXT, text="/start", start="")
    assert "Was it yours, or theirs?" in talking.press("~here"), "it is still to be answered"
    talking.hear(kind=HeardKind.TEXT, text="/start", start="")
    assert "What now?" in talking.press("go:menu:")


def test_a_number_typed_at_the_offer_is_no_answer_to_what_stands_behind_it(talking: Talking) -> None:
    talking.say(f"on {CARD}")
    talking.hear(kind=HeardKind.TEXT, text="/start", start="")
    assert "What now?" in talking.say("2", 6)


def test_words_of_an_older_program_lose_their_numbers_too(talking: Talking) -> None:
    talking.state["draft"] = {"was": {"pieces": [[3, f"with {PAPER}"]]}}
    talking.say("and on")
    assert not talking.holds(PAPER)
    assert talking.holds("with ••••")


def test_masking_keeps_the_pieces_and_what_belongs_to_others() -> None:
    told = {"pieces": [[1, "a 1234567"], [2, "8901 b"], [3, "c"]], "voice": "file", "theirs": [CARD]}
    words, found = own_words.masked(told, knows=lambda code: False)
    assert words == {"pieces": [[1, "a ••••"], [2, "b"], [3, "c"]], "voice": "file", "theirs": [CARD]}
    assert found == {NumberSort.OTHER}
    assert own_words.masked(words, knows=lambda code: False) == (words, set())
