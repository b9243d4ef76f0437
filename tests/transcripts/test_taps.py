"""How many taps and typed answers a task costs, counted in the transcripts that show it."""

from __future__ import annotations

import re
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
    "book/from_a_card": Cost(7, 0),
    "book/first_contact": Cost(12, 2),
    "services/fee_and_papers": Cost(3, 0),
    "complain/overcharge_from_a_ticket": Cost(4, 1),
    "complain/broker_in_a_minute": Cost(5, 0),
    "follow/two_taps": Cost(2, 0),
    "waiting/as_last_time": Cost(4, 0),
    "household/three_known_people": Cost(6, 0),
    "afterwards/all_is_well": Cost(4, 0),
    "afterwards/all_is_well_typed": Cost(4, 1),
}
"""The most taps and typed answers of each task; each line names the chat that shows it."""

WAITS = {
    "waiting/from_nothing_free": Cost(4, 0),
    "waiting/for_which_person": Cost(4, 0),
    "waiting/from_a_booked_turn": Cost(4, 0),
    "waiting/from_the_menu": Cost(4, 0),
}
"""The most that it costs to wait, from the press on «🔔 Tell me of a time» to the «yes» that binds."""
TELL_ME, YES = "[🔔 Tell me of a time]", "✅ Yes, tell me"

FROM_AN_OLD_MESSAGE = {
    "common/main_page_from_last_week": Cost(1, 0),
    "services/fee_and_papers_from_last_week": Cost(3, 0),
    "book/like_last_time_from_last_week": Cost(3, 0),
    "turns/time_from_the_ticket_of_last_week": Cost(4, 0),
    "turns/cancelled_from_the_ticket_of_last_week": Cost(2, 0),
    "complain/overcharge_from_a_ticket": Cost(4, 1),
}
"""What a task costs that begins at a message of days ago, counted from there."""

OF_THE_RAREST_SERVICE = {
    "services/rarest_by_pressing": Cost(6, 0),
    "services/rarest_by_a_word": Cost(2, 1),
    "services/rarest_at_the_main_page": Cost(1, 1),
    "book/rarest_by_pressing": Cost(8, 0),
    "book/rarest_by_a_word": Cost(4, 1),
    "book/rarest_at_the_main_page": Cost(3, 1),
}
"""What the service on the last page of twenty costs: by pressing, a tap more for each page; by a word, none."""

WITHIN = {
    "services/rarest_by_a_word": 4,
    "services/rarest_at_the_main_page": 4,
    "book/rarest_by_a_word": 8,
    "book/rarest_at_the_main_page": 8,
}
"""The most acts, taps and words together, that the table allows for such a service."""

DAYS_PASS = re.compile(r"when +[5-9] days pass")

ENTERING = "/start"
"""Opening the chat is no part of a task, but for the first contact, where it is the first tap."""


def cost_of(told: script.Script, *, with_start: bool) -> Cost:
    """Presses and shared places are taps; words and voices are answers given."""
    return _cost([act for act in told.acts if with_start or not act.startswith(ENTERING)])


def cost_of_waiting(told: script.Script) -> Cost:
    """From the button that leads there to the «yes». Raises ValueError where either is missing."""
    first = told.acts.index(TELL_ME)
    last = next((place for place, act in enumerate(told.acts) if YES in act), first - 1)
    if last < first:
        raise ValueError("nobody waits in the end")
    return _cost(told.acts[first : last + 1])


def cost_from_an_old_message(told: script.Script) -> Cost:
    """What is done after days have passed. Raises ValueError where that does not begin with a button from before."""
    passed = next((place for place, line in enumerate(told.lines) if DAYS_PASS.fullmatch(line)), len(told.lines))
    acts = script.Script(told.lang, told.lines[passed:]).acts
    if not acts or not acts[0].startswith("["):
        raise ValueError("nothing from before is pressed after days have passed")
    return _cost(acts)


def _cost(acts: list[str]) -> Cost:
    taps = sum(act.startswith(("[", "(location", ENTERING)) for act in acts)
    return Cost(taps, len(acts) - taps)


def test_every_press_and_answer_is_counted() -> None:
    told = script.read("> /start\n> [A]\n> [[B]]\n> 12\n> (location 1 2)\n> (voice)\n< no\n  [C]\n")
    assert cost_of(told, with_start=False) == Cost(3, 2)
    assert cost_of(told, with_start=True) == Cost(4, 2)


@pytest.mark.parametrize("chat", MEASURE)
def test_a_task_costs_no_more_than_the_measure(chat: str) -> None:
    told = script.read(_chat(chat))
    most, cost = MEASURE[chat], cost_of(told, with_start=chat == "book/first_contact")
    assert cost.taps <= most.taps
    assert cost.typed <= most.typed


@pytest.mark.parametrize("chat", WAITS)
def test_to_wait_costs_four_taps_and_no_word(chat: str) -> None:
    most, cost = WAITS[chat], cost_of_waiting(script.read(_chat(chat)))
    assert cost.taps <= most.taps
    assert cost.typed <= most.typed


@pytest.mark.parametrize("chat", FROM_AN_OLD_MESSAGE)
def test_a_message_of_days_ago_costs_no_more_than_a_new_one(chat: str) -> None:
    cost = cost_from_an_old_message(script.read(_chat(chat)))
    assert cost == FROM_AN_OLD_MESSAGE[chat]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("services/fee_and_papers_from_last_week", "services/fee_and_papers"),
        ("book/like_last_time_from_last_week", "book/like_last_time"),
        ("complain/overcharge_from_a_ticket", "complain/overcharge_from_a_ticket"),
    ],
)
def test_age_adds_no_tap_to_a_task_of_the_measure(old: str, new: str) -> None:
    assert FROM_AN_OLD_MESSAGE[old] <= cost_of(script.read(_chat(new)), with_start=False)
    assert FROM_AN_OLD_MESSAGE[old].taps <= MEASURE[new].taps


def test_only_what_follows_the_days_is_counted_and_it_begins_at_a_button() -> None:
    before = "> /start\n> [A]\nwhen   6 days pass\n"
    assert cost_from_an_old_message(script.read(f"{before}> [old: B]\n> 12\n")) == Cost(1, 1)
    for none in (before, f"{before}> menu\n> [B]\n", "> /start\n> [old: B]\n"):
        with pytest.raises(ValueError, match="nothing from before"):
            cost_from_an_old_message(script.read(none))


@pytest.mark.parametrize("chat", OF_THE_RAREST_SERVICE)
def test_the_rarest_service_costs_what_is_written_here(chat: str) -> None:
    told = _chat(chat)
    assert cost_of(script.read(told), with_start=False) == OF_THE_RAREST_SERVICE[chat]
    assert "Driving licence" in told, "another service was reached"


@pytest.mark.parametrize("chat", WITHIN)
def test_by_a_word_the_rarest_service_is_within_the_table(chat: str) -> None:
    assert sum(cost_of(script.read(_chat(chat)), with_start=False)) <= WITHIN[chat]


def _chat(name: str) -> str:
    return (CHATS / f"{name}.chat").read_text(encoding="utf-8")


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
