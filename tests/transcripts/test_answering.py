"""Chats that were written before a question go on when it is answered for them, and nothing else in them changes."""

from __future__ import annotations

import re

import pytest

from bot.dialogue.questions import Option, Question
from bot.dialogue.steps import Step
from bot.flows.appointments import book
from bot.flows.appointments.book import BookTalk
from desk.storage.engine import Storage
from tests.transcripts.answering import read_answers
from tests.transcripts.test_every_way import BOOKINGS, play, with_step

ASKED = re.compile(r"< How many come along\?\n  \[Nobody\]\n  \[Somebody\]\n  \[Back\] \[🏠 Main page\]\n")


def how_many(talk: BookTalk) -> Question:
    """A question behind the person block, which no chat knows."""
    return Question("How many come along?", (Option("c0", "Nobody"), Option("c1", "Somebody")))


FLOW = with_step(book.flow, Step(how_many), behind="sure")


@pytest.mark.sqlite
@pytest.mark.parametrize("name", ["for_somebody_else", "like_last_time", "double_tap"])
async def test_an_older_chat_goes_on_as_it_was_meant(
    name: str, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = BOOKINGS[name]
    played = await play(wanted, storage, FLOW, monkeypatch, answers={"how_many": "c0"})
    assert ASKED.search(played)
    assert ASKED.sub("", played).replace("> [Nobody]\n", "") == wanted


@pytest.mark.sqlite
async def test_a_chat_that_answers_by_itself_is_left_alone(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    answered = BOOKINGS["for_somebody_else"].replace("> P1234567\n", "> P1234567\n> [Somebody]\n")
    played = await play(answered, storage, FLOW, monkeypatch, answers={"how_many": "c0"})
    assert played.count("> [Somebody]") == 1
    assert played.count("> [Nobody]") == 1  # where the chat comes there once more, and says nothing
    assert played.index("> [Somebody]") < played.index("> [Nobody]")


@pytest.mark.sqlite
async def test_without_an_answer_the_chat_stops_there(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AssertionError, match="no button «✅ Book the turn»"):
        await play(BOOKINGS["like_last_time"], storage, FLOW, monkeypatch, answers={})


@pytest.mark.parametrize("given", ["how_many", "=c0", "how_many="])
def test_an_answer_names_a_step_and_an_option(given: str) -> None:
    with pytest.raises(ValueError, match="the name of a step"):
        read_answers([given])
