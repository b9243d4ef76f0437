"""To bring over what a chat has takes code, number and word; guessing has few tries, however many chats guess."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from desk.acting import Actor
from desk.conversations.models import Conversation
from desk.erasure.actions import erase
from desk.people.rules import DocumentKind
from desk.storage.base import WriteSession
from desk.transfers import chat as transfers
from desk.transfers import words
from desk.transfers.jobs import forget_transfers
from desk.transfers.models import TransferTry
from desk.transfers.rules import MOST_TRIES, is_a_word
from tests import weak_hashes
from tests.domain.transfer_scene import (
    KEY,
    WORD,
    Scene,
    chat_row,
)
from tests.makers import (
    NOW,
    appointment_code,
    make_conversation,
    make_person,
)


@pytest.fixture
def scene(session: WriteSession) -> Scene:
    return Scene(session)


OTHER_NUMBER = weak_hashes.digest("11223344", kind=DocumentKind.AMAYESH, key=KEY).hash
WRONG: dict[str, dict[str, Any]] = {
    "a code that is none": {"code": appointment_code()},
    "another number": {"identity": OTHER_NUMBER},
    "no paper": {"identity": None},
    "another word": {"word": "کبوتر سیاه"},
    "no word": {"word": "؟"},
}


@pytest.mark.parametrize("said", WRONG.values(), ids=WRONG.keys())
def test_a_broker_with_the_code_and_the_number_brings_nothing_over(scene: Scene, said: dict[str, Any]) -> None:
    assert scene.prove(**said) is None
    assert scene.prove(chat=scene.old) is None, "it is there already"
    words.remove_word(scene.session, actor=Actor.chat(scene.old.id))
    assert scene.prove() is None, "nobody chose a word there"


def test_a_word_is_of_one_chat(scene: Scene) -> None:
    scene.choose(scene.new, "سیب و انار")
    assert scene.prove(word="سیب و انار") is None
    assert scene.prove(word="كبوتر  سفيد") is not None, "however its letters are written"


def test_somebody_without_a_paper_has_code_and_word(scene: Scene) -> None:
    person = make_person(scene.session, conversation=scene.old, document_kind=DocumentKind.NONE, last4=None)
    code = appointment_code()
    scene.appointment(person=person, code=code, document_kind=DocumentKind.NONE)
    assert scene.prove(code=code, identity=OTHER_NUMBER) is None
    assert scene.prove(code=code, identity=None) is not None


@pytest.mark.parametrize(
    "word",
    [
        *("", "علی", "1370", "ااااا", "گل آقا", "رحیمی", "x" * 60),
        *("زعفران", "علیرضا ۱۳۶۸", "زهرا کابل", "123456789", "qwerty12", "ضصثقفغ", "password1"),
        *("۰۹۱۲۱۲۳۴۵۶۷", "0093701234567", "82736455", "گل‌آقا۷۴۱", "ｐａｓｓｗｏｒｄ１"),
    ],
)
def test_a_word_that_others_guess_is_not_taken(word: str) -> None:
    assert not is_a_word(word, names=["گل‌آقا رحیمی", "رحیمی"], endings=["6455"])


@pytest.mark.parametrize("word", [WORD, "سیب انار", "بادام تلخ", "کوچهٔ سبز", "58204917"])
def test_two_words_that_nobody_puts_together_are_taken(word: str) -> None:
    assert is_a_word(word, names=["گل‌آقا رحیمی"], endings=["6455"])


def test_many_chats_together_have_no_more_tries_at_a_turn_than_one(scene: Scene) -> None:
    session = scene.session
    for nth in range(MOST_TRIES):
        assert scene.prove(make_conversation(session), word=f"guess {nth}") is None
    assert scene.prove() is None, "not even with the right word"
    assert scene.prove(now=NOW + timedelta(days=6)) is None
    assert scene.prove(now=NOW + timedelta(days=7, minutes=1)) is not None


def test_another_turn_of_the_same_chat_brings_no_more_tries(scene: Scene) -> None:
    session = scene.session
    for nth in range(MOST_TRIES):
        code = appointment_code()
        scene.appointment(code=code, person=make_person(session, conversation=scene.old))
        assert scene.prove(make_conversation(session), code=code, word=f"guess {nth}") is None
    assert scene.prove() is None


def test_a_chat_has_few_tries_and_erasing_brings_no_more(scene: Scene) -> None:
    session = scene.session
    scene.new.limits_mark = "ab" * 32  # which the same address has again
    for _ in range(MOST_TRIES):
        assert scene.prove(code=appointment_code()) is None
    assert rests(scene, scene.new)
    assert scene.prove() is None
    erase(session, actor=Actor.chat(scene.new.id), now=NOW)
    again = make_conversation(session, channel="bale")
    again.limits_mark = "ab" * 32
    session.flush()
    assert rests(scene, again)
    assert scene.prove(again) is None
    assert forget_transfers(session, now=NOW + timedelta(days=8), limit=99)
    assert session.scalar(select(func.count()).select_from(TransferTry)) == 0


def rests(scene: Scene, chat: Conversation) -> bool:
    return transfers.rests_until(chat_row(scene.session, chat)) is not None


def test_the_tries_at_a_code_that_is_none_are_counted_alike(scene: Scene) -> None:
    """As many rows are written for a code that exists as for one that does not."""
    counts = []
    for code in (scene.code, appointment_code()):
        before = scene.session.scalar(select(func.count()).select_from(TransferTry)) or 0
        assert scene.prove(make_conversation(scene.session), code=code, word="guess") is None
        counts.append((scene.session.scalar(select(func.count()).select_from(TransferTry)) or 0) - before)
    assert counts == [3, 3]
