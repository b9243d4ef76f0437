"""The rules of the walk can fail: screens that break one each, and two bots that are broken on purpose."""

from __future__ import annotations

import asyncio
import gc
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.channels.port import Channel, WebhookResponse
from bot.dialogue import answering
from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Option, Question
from bot.dialogue.says import Answer
from bot.flows import registry
from desk.appointments.rules import AppointmentNotice
from desk.language.text import words
from desk.outbox.actions import enqueue
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import DeliveryState, Lane
from desk.storage.base import ReadSession, WriteSession
from emulator.screens import Screen, ShownButton, ShownMessage
from tests.makers_chats import recipient
from tests.walker import rules, speech, walk
from tests.walker import town as town_module
from tests.walker.person import Walker
from tests.walker.rules import Known, faults_of
from tests.walker.town import TOKENS, hurry, running_town
from tests.walker.walk import Walk

_ = words("menu")
HOME = ShownButton("🏠 صفحهٔ اول", "r3.~menu")
KNOWN = Known(typed=["Navid"], staff=["تمدید کارت آمایش و تعویض آن"])


def screen(text: str, *rows: ShownButton) -> Screen:
    shown = ShownMessage(
        message_id=1,
        mine=False,
        kind="text",
        text=text,
        entities=(),
        media={},
        rows=tuple((button,) for button in rows),
        date=0,
        edited=False,
        deleted=False,
        touched=1,
        reply_to=None,
    )
    return Screen((shown,), shown, (shown,), (), (), typing=False)


def test_a_good_screen_breaks_no_rule() -> None:
    good = screen("«Navid» خدمت را انتخاب کنید.", ShownButton("تمدید کارت آمایش و تعو…", "r3.s1"), HOME)
    assert list(faults_of(good, known=KNOWN)) == []


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (screen("روز را انتخاب کنید.", *[ShownButton("شنبه", f"r3.d{n}") for n in range(8)], HOME), "8 buttons"),
        (screen("سلام", ShownButton("برچسبی که بسیار بسیار دراز است", "r3.x"), HOME), "a label of"),
        (screen("Which day suits you?", HOME), "a Latin word reached a person: Which"),
        (screen("سلام", ShownButton("Back", "r3.b"), HOME), "a Latin word reached a person: Back"),
        (screen("خطا در شماره", HOME), "a word we never say: خطا"),
        (screen("نام {person} را بنویسید.", HOME), "an unfilled placeholder"),
        (screen("شماره را بنویسید.", ShownButton("نمی‌دانم", "r3.x")), "the main page is not one act away"),
        (screen("تمام شد."), "a dead end"),
    ],
)
def test_each_rule_can_be_broken(broken: Screen, said: str) -> None:
    assert any(said in fault for fault in faults_of(broken, known=KNOWN))


def test_an_extra_tap_that_adds_a_screen_breaks_its_rule() -> None:
    one = screen("وقت را انتخاب کنید.", HOME)
    two = replace(one, messages=(*one.messages, *screen("صفحه", HOME).messages))
    own = replace(one, messages=(*one.messages, replace(one.messages[0], mine=True)))
    assert list(rules.faults_of_an_extra_tap(one, one)) == []
    assert list(rules.faults_of_an_extra_tap(one, own)) == []
    assert list(rules.faults_of_an_extra_tap(one, two)) == ["an extra tap adds 1 screens"]


def test_a_way_home_that_leads_elsewhere_breaks_its_rule() -> None:
    doors = [ShownButton(f"در {name}", f"r3.go:{name}:") for name in ("appointments", "services", "complain")]
    assert list(rules.faults_of_the_way_home(screen("چه کاری دارید؟", *doors))) == []
    assert list(rules.faults_of_the_way_home(screen("روز را انتخاب کنید.", HOME))) == [
        "one act did not lead to the main page"
    ]


def test_walkers_say_what_people_wrote_in_both_languages() -> None:
    said = speech.real_phrases()
    assert len(said) >= 400
    assert {"سلام میخوام نوبت بگیرم", "نوبت"} <= set(said)


WAYS_IN = ("welcome", "menu")
"""The conversations before the first choice."""


@dataclass(slots=True)
class Nothing:
    """The draft of a flow that asks nothing."""


def _blind_alley(name: str) -> Flow[Nothing]:
    flow = Flow(name, draft=Nothing)

    @flow.step
    def end(talk: Talk[Nothing]) -> Question:
        return Question(_("What would you like to do?"), options=(Option("x", _("🔎 Follow up")),) * 2, has_menu=False)

    return flow


@pytest.mark.sqlite
async def test_a_walk_finds_a_blind_alley(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Whichever way they take from the main page: what they do depends on every sentence of ours.
    flows = {name: flow if name in WAYS_IN else _blind_alley(name) for name, flow in registry.FLOWS.items()}
    broken = replace(registry.conversation(), flows=flows)
    monkeypatch.setattr(registry, "conversation", lambda: broken)
    async with running_town(database_url, tmp_path / "home") as town:
        faults = await Walk(town, seed=1, walkers_each=1, steps=16).go()
    assert "the main page is not one act away" in {fault.what for fault in faults}


@pytest.mark.sqlite
async def test_a_walk_hears_silence(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*hurry())
    monkeypatch.setattr(walk, "PATIENCE", 0.5)
    async with running_town(database_url, tmp_path / "home") as town:
        for bot in town.parts.bots:
            monkeypatch.setattr(bot.channel, "answer", _says_nothing)
        faults = await Walk(town, seed=1, walkers_each=1, steps=2).go()
    assert any(fault.what.startswith("silence") for fault in faults)


@pytest.mark.sqlite
async def test_a_walk_finds_the_screen_that_an_extra_tap_adds(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "IMPATIENCE", timedelta(seconds=-1))
    monkeypatch.setattr(Walker, "act", Walker.press_twice)
    async with running_town(database_url, tmp_path / "home") as town:
        for bot in town.parts.bots:
            monkeypatch.setattr(bot.channel, "answer", partial(_says_it_below, bot.channel))
        faults = await Walk(town, seed=1, walkers_each=1, steps=3).go()
    assert any(fault.what.startswith("an extra tap adds") for fault in faults)


@pytest.mark.sqlite
async def test_what_waits_for_another_time_is_not_waited_for(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(town_module, "POST_TIMEOUT", 5.0)

    def write(session: WriteSession, *, now: datetime) -> None:
        """A reminder at night, and a reply behind one that is tried again later."""
        for key, chat, lane in (("bulk", "5", Lane.BULK), ("first", "6", Lane.REPLY), ("second", "6", Lane.REPLY)):
            to = recipient(session, "telegram", TOKENS["telegram"].partition(":")[0], chat)
            notice = AppointmentNotice.REMINDER
            enqueue(session, idem_key=key, to=to, notice=notice, params={}, lane=lane, due_at=now, now=now)
        first = update(OutboxMessage).where(OutboxMessage.idem_key == "first")
        session.execute(first.values(tries=1, due_at=now + timedelta(minutes=1)))

    def waiting(session: ReadSession) -> set[str]:
        return set(session.scalars(select(OutboxMessage.idem_key).where(OutboxMessage.state == DeliveryState.OPEN)))

    keys = {"bulk", "first", "second"}
    async with running_town(database_url, tmp_path / "home") as town:
        town.clock.moment = town.clock.moment.replace(hour=19)
        await town.parts.storage.write(write, now=town.clock.now())
        await town.post()
        assert await town.parts.storage.read(waiting) >= keys
        await town.pass_time(timedelta(hours=10))
        await town.post()
        assert not await town.parts.storage.read(waiting) & keys


@pytest.mark.sqlite
async def test_a_walk_that_breaks_off_leaves_nothing_running(database_url: str, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        async with running_town(database_url, tmp_path / "home"):
            raise ZeroDivisionError
    gc.collect()  # what was not closed would say so now, and fail the next test
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def _says_nothing(answer: Answer, *, response: WebhookResponse | None) -> None:
    """A bot that hears and never answers."""


async def _says_it_below(channel: Channel, answer: Answer, *, response: WebhookResponse | None) -> None:
    """A bot that edits nothing: each answer comes as a new message."""
    await type(channel).answer(channel, replace(answer, edits=None), response=response)
