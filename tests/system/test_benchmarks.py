"""The benchmarks' report: a busy machine is allowed for, and a figure that could not be taken stops no other."""

from __future__ import annotations

import io
import json
import shutil
import sys
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from aiohttp import ClientSession
from rich.console import Console

import benchmarks.__main__ as report
from benchmarks.accompanied import Accompanied
from benchmarks.booking_person import LONGEST, book_appointment
from benchmarks.exchanges import Costs, judged
from benchmarks.figures import Figure, NotTaken, Rounds
from benchmarks.hoarding import NO_BOUND, attack
from desk.conversations.rules import USUAL, ChatLimits
from emulator import BotAccount, EmulatedPerson, Emulator
from emulator.screens import Screen
from tests.walker.town import TOKENS, running_town


def module_of(name: str, measure: Any) -> ModuleType:
    module = ModuleType(name)
    module.measure = measure  # type: ignore[attr-defined]  # what the report calls
    return module


def test_a_duration_is_judged_as_on_the_quiet_machine() -> None:
    slow = Figure("start", Rounds.of([9.0]), "s", must=5.0, slowness=2.0)
    assert slow.scaled == 4.5
    assert slow.is_met
    assert not Figure("start", Rounds.of([9.0]), "s", must=5.0).is_met


def test_a_ratio_is_judged_as_it_is() -> None:
    figure = Figure("exchange", Rounds.of([400.0]), "us CPU", "echo", Rounds.of([100.0]), must=3.0, slowness=2.0)
    assert figure.judged == 4.0
    assert not figure.is_met


def test_what_cannot_be_taken_is_said_and_the_others_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*, rounds: int) -> list[Figure]:
        raise NotTaken("the server did not come up")

    def half(*, rounds: int) -> list[Figure | NotTaken]:
        return [NotTaken("no ticket"), Figure("second", Rounds.of([1.0] * rounds), "1/s")]

    for name, measure in (("breaks", breaks), ("half", half)):
        monkeypatch.setitem(sys.modules, f"toy_{name}", module_of(f"toy_{name}", measure))
    monkeypatch.setattr(report, "BENCHMARKS", {"breaks": "toy_breaks", "half": "toy_half"})
    monkeypatch.setattr("benchmarks.calibration.TIMES", 1)

    figures, missing = report.measured(["breaks", "half"], Console(file=io.StringIO()))

    assert [figure.name for figure in figures] == ["second"]
    assert missing == ["breaks: the server did not come up", "half: no ticket"]


@pytest.mark.parametrize("slow", [1.0, 2.0])
def test_a_slow_minute_changes_nothing_of_an_exchange(slow: float) -> None:
    """The echo was measured once and a minute earlier, so the machine's swings stood in the ratio."""
    costs = [Costs(echo, 3 * echo, 1.0) for echo in (100.0, 100.0 * slow, 110.0, 200.0 * slow, 90.0, 100.0, 100.0)]
    figure, beside = judged("Telegram", costs, echo="aiogram", must=3.2, note="")
    assert isinstance(figure, Figure)
    assert figure.judged == pytest.approx(3.0)
    assert figure.is_met
    assert isinstance(beside, Figure)


def test_rounds_that_differ_too_much_lead_to_no_verdict() -> None:
    def told(*ratios: float) -> Figure | NotTaken:
        return judged("x", [Costs(100.0, 100.0 * each, 1.0) for each in ratios], echo="", must=3.2, note="")[0]

    assert isinstance(told(2.9, 3.0, 3.0, 3.1, 3.0, 3.1, 9.0), Figure)  # one round far off
    differ = told(1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5)
    assert isinstance(differ, NotTaken)
    assert "differ too much" in str(differ)


class Noting:
    """Somebody who notes what they did."""

    def __init__(self) -> None:
        self.did: list[str] = []

    async def start(self) -> None:
        self.did.append("start")

    async def say(self, text: str) -> None:
        self.did.append("say")

    async def press(self, label: str | None = None, *, data: str | None = None) -> None:
        self.did.append("press")

    async def settled(self, timeout: float) -> None:
        self.did.append("settled")


async def test_each_step_is_accompanied_by_an_echo() -> None:
    person, beside = Noting(), Noting()
    both = Accompanied(person, beside)  # type: ignore[arg-type]  # they speak as remote persons do
    await both.start()
    await both.settled(1)
    await both.say("نوید")
    await both.settled(1)
    await both.press(data="x")
    await both.settled(1)
    assert person.did == ["start", "settled", "say", "settled", "press", "settled"]
    assert beside.did == ["start", "settled", "say", "settled", "say", "settled"]


class Booked:
    """Somebody in whose chat stands what the bot says once an appointment is booked; the ticket never comes."""

    def __init__(self, person: EmulatedPerson) -> None:
        self._person = person
        self.pressed: list[str] = []

    async def start(self) -> None:
        await self._person.say("/start")

    async def settled(self, patience: float) -> Screen:
        return self._person.screen

    async def say(self, text: str) -> None:
        await self._person.say(text)

    async def press(self, label: str | None = None, *, data: str | None = None) -> None:
        self.pressed.append(data or label or "")


async def test_somebody_who_has_booked_waits_for_the_ticket_and_books_no_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a busy machine they went back to the main page and booked on, until it was said that no ticket came."""
    monkeypatch.setattr("benchmarks.booking_person.TICKET_WITHIN", 0.5)
    token = "111111:toy"
    async with Emulator(bots=[BotAccount("telegram", token)]) as emulator, ClientSession() as bot:
        person = emulator.person("telegram")
        await person.say("/start")
        said = {
            "chat_id": str(person.id),
            "text": "نوبت گرفته شد.",
            "reply_markup": json.dumps({"inline_keyboard": [[{"text": "صفحهٔ اول", "callback_data": "go:menu:"}]]}),
        }
        async with bot.post(f"{emulator.url}/bot{token}/sendMessage", data=said) as answer:
            assert answer.status == 200
        booked = Booked(person)
        with pytest.raises(NotTaken, match="booked, but no ticket"):
            await book_appointment(booked, number=1)
        assert booked.pressed == []


@pytest.mark.sqlite
@pytest.mark.parametrize("kind", list(TOKENS))
async def test_the_likeliest_buttons_of_the_real_chat_lead_to_a_ticket(
    kind: str, database_url: str, tmp_path: Path
) -> None:
    """A button that came to stand beside the question for a number was pressed for ever, and nothing was measured."""
    async with running_town(database_url, tmp_path / "home") as town:
        assert await book_appointment(town.emulator.person(kind), number=1) < LONGEST


async def test_a_hostile_chat_wins_as_many_turns_as_its_limits_allow(sqlite_template: Path, tmp_path: Path) -> None:
    """With no bound the same presses win on, so it is the limits that stop them."""

    async def pressed(limits: ChatLimits) -> int:
        path = shutil.copyfile(sqlite_template, tmp_path / f"{limits.live_appointments}.sqlite3")
        lasts = timedelta(seconds=8)
        return (await attack(f"sqlite:///{path}", chats=1, counters=1, limits=limits, lasts=lasts)).most

    assert await pressed(USUAL) == USUAL.live_appointments
    assert await pressed(NO_BOUND) > USUAL.live_appointments
