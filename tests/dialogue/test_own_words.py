"""What somebody tells in several messages is one text, in the order it was written, with nothing cut off."""

from __future__ import annotations

import pytest

from bot.dialogue import own_words
from bot.dialogue.heard import Address, Heard, HeardKind, Voice
from bot.dialogue.own_words import NoRoom, OwnWords
from bot.dialogue.slashes import behind_slash, start_of
from emulator.cutting import cut

AT = Address("telegram", "1", "7")


def text(words: str, number: int) -> Heard:
    return Heard(AT, str(number), HeardKind.TEXT, text=words, message_id=str(number))


def voice(number: int) -> Heard:
    return Heard(AT, str(number), HeardKind.VOICE, voice=Voice(f"file-{number}", 3), message_id=str(number))


def telling(*pieces: Heard) -> OwnWords:
    now: OwnWords = None
    for piece in pieces:
        found = own_words.added(now, piece)
        assert not isinstance(found, NoRoom)
        now = found
    return now


def test_pieces_are_joined_by_the_number_of_their_message() -> None:
    assert (
        own_words.text_of(telling(text("second", 12), text("first", 9), text("third", 100))) == "first\nsecond\nthird"
    )


@pytest.mark.parametrize("word", ["شکایت ", "a", "خیلی خیلی\n"])
def test_what_a_messenger_cut_is_whole_again(word: str) -> None:
    whole = (word * 5000)[:7900].strip()
    pieces = cut(whole)
    assert len(pieces) > 1
    assert all(len(piece) <= 4096 for piece in pieces)
    joined = own_words.text_of(telling(*(text(piece, 5 + place) for place, piece in enumerate(pieces))))
    assert joined is not None
    assert joined.split() == whole.split()


def test_what_does_not_fit_is_refused_and_the_rest_stands() -> None:
    before = telling(text("a" * 4096, 1), text("b" * 3900, 2))
    assert own_words.added(before, text("c" * 200, 3)) is NoRoom.TOO_LONG
    assert own_words.added(telling(voice(1), text("and words", 2)), voice(3)) is NoRoom.ONE_VOICE


def test_words_and_one_voice_go_together() -> None:
    both = telling(text("words", 1), voice(2))
    assert (own_words.text_of(both), own_words.voice_of(both)) == ("words", Voice("file-2", 3))


def test_a_draft_of_an_earlier_version_is_still_read() -> None:
    assert own_words.text_of({"text": "kept"}) == "kept"
    more = own_words.added({"text": "kept"}, text("more", 5))
    assert not isinstance(more, NoRoom)
    assert own_words.text_of(more) == "kept\nmore"


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("/menu", "menu"), ("/MENU@Bot now", "menu"), ("／ｍｅｎｕ", "menu"), ("/me\u200bnu\u3164", "menu"),
        ("\u2066/Menu\u2069", "menu"), ("/منو،", "منو"), ("/", ""), ("/ 5 Azar", None), ("1/2", None), ("menu", None),
    ],
)  # fmt: skip
def test_the_word_behind_a_slash(typed: str, word: str | None) -> None:
    found = behind_slash(typed)
    assert (found.word if found is not None else None) == word


def test_other_words_behind_start_are_no_payload() -> None:
    assert start_of("/start please help me") == ""
    assert start_of("/start " + "a" * 65) == ""
    assert start_of("/started") is None
