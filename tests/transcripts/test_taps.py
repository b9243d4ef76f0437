"""How many taps and typed answers a task costs, counted in the transcripts that show it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from bot.flows.conversations import menu
from tests.transcripts import script

CHATS = Path(__file__).with_name("chats")


class Cost(NamedTuple):
    taps: int
    typed: int


MEASURE = {
    "book/like_last_time": Cost(4, 0),
    "book/another_day_at_another_office": Cost(8, 0),
    "book/first_contact": Cost(12, 2),
    "services/fee_and_papers": Cost(3, 0),
    "complain/overcharge_from_a_ticket": Cost(4, 1),
    "complain/broker_in_a_minute": Cost(5, 0),
    "follow/two_taps": Cost(2, 0),
}
"""The most taps and typed answers of each task; each line names the chat that shows it."""

ENTERING = "/start"
"""Opening the chat is no part of a task, but for the first contact, where it is the first tap."""


def cost_of(told: script.Script, *, with_start: bool) -> Cost:
    """Presses and shared places are taps; words and voices are answers given."""
    acts = [act for act in told.acts if with_start or not act.startswith(ENTERING)]
    taps = sum(act.startswith(("[", "(location", ENTERING)) for act in acts)
    return Cost(taps, len(acts) - taps)


def test_every_press_and_answer_is_counted() -> None:
    told = script.read("> /start\n> [A]\n> [[B]]\n> 12\n> (location 1 2)\n> (voice)\n< no\n  [C]\n")
    assert cost_of(told, with_start=False) == Cost(3, 2)
    assert cost_of(told, with_start=True) == Cost(4, 2)


@pytest.mark.parametrize("chat", MEASURE)
def test_a_task_costs_no_more_than_the_measure(chat: str) -> None:
    told = script.read((CHATS / f"{chat}.chat").read_text(encoding="utf-8"))
    most, cost = MEASURE[chat], cost_of(told, with_start=chat == "book/first_contact")
    assert cost.taps <= most.taps
    assert cost.typed <= most.typed


def test_the_main_page_has_room_for_no_seventh_entry() -> None:
    """What comes next stands behind one of them, one level below."""
    assert len(menu.ENTRIES) <= 6
    assert menu.ENTRIES[0].key == "appointments"


def test_the_main_page_is_one_press_away_from_every_screen() -> None:
    for path in CHATS.rglob("*.chat"):
        screens = path.read_text(encoding="utf-8").split("\n<")[1:]
        for screen in screens:
            buttons = [line for line in screen.split("\n")[1:] if line.startswith("  [")]
            if any("[Back]" in row for row in buttons) and "I understand" not in screen:
                assert "[🏠 Main page]" in buttons[-1], f"{path.name}: {screen}"
