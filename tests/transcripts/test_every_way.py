"""A step that is added to a flow is met on every way through it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.dialogue.engine import Engine
from bot.dialogue.flow import AnyFlow, Flow, RoundAbout, Stop
from bot.dialogue.questions import Done, Question, Skip
from bot.dialogue.steps import Step, StepAnswer
from bot.flows.appointments import book
from bot.flows.appointments.book import BookDraft, BookTalk
from bot.flows.cases import ask, complain, follow
from bot.flows.registry import FLOWS, conversation
from bot.receiving.exchange import Exchanges
from desk.storage.engine import Storage
from tests.transcripts import script
from tests.transcripts.answering import Answering
from tests.transcripts.bare import BareStage
from tests.transcripts.stage import IDENTITY_KEY, Bot, Clock, language_of
from tests.transcripts.test_transcripts import CHATS, played_on
from tests.transcripts.ways import bypassed

BOOKED = ("The ticket comes in the next message", "برگهٔ نوبت در پیام بعدی")
"""Said where an appointment was booked, and nowhere else."""
BOOKINGS = {path.stem: path.read_text(encoding="utf-8") for path in sorted((CHATS / "book").glob("*.chat"))}


def with_step(flow: AnyFlow, added: Step[BookTalk], *, behind: str) -> AnyFlow:
    """A copy of the flow with one more step, behind the step of this name."""
    copy: AnyFlow = Flow(
        flow.name,
        draft=flow.shape.draft,
        is_private=flow.is_private,
        tells_desk=flow.tells_desk,
        asks_for_words=flow.asks_for_words,
        takes_words_in=flow.takes_words_in,
        asks_much=flow.asks_much,
        looks_last=flow.looks_last,
    )
    for stop in flow.stops:
        copy._stop_at(stop.step, stop.placement)
        if stop.name == behind:
            copy._stop_at(added)
    copy.finishing, copy.leaving, copy.entering = flow.finishing, flow.leaving, flow.entering
    return copy


class Met:
    """A step that asks nothing, behind the person block or another, and notes who passed it and who booked or filed."""

    def __init__(self, flow: AnyFlow = book.flow, *, behind: str = "sure") -> None:
        self.passed: set[str] = set()
        self.booked: set[str] = set()
        self.flow = with_step(flow, Step(self.step), behind=behind)
        finishing = flow.finishing
        assert finishing is not None

        def booked(talk: Any) -> Done:
            done = finishing(talk)
            self.booked.add(talk.key)
            return done

        self.flow.finishing = booked

    def step(self, talk: BookTalk) -> Skip:
        self.passed.add(talk.key)
        return Skip()

    step.__name__ = "planted"


async def play(
    wanted: str,
    storage: Storage,
    flow: AnyFlow,
    monkeypatch: pytest.MonkeyPatch,
    *,
    answers: Mapping[str, str] | None = None,
) -> str:
    """A transcript on the bare stage, with this flow in place of the one of its name."""
    flows = conversation()
    changed = replace(flows, flows={**FLOWS, flow.name: flow})
    told = script.read(wanted)
    bot = Bot(storage, language_of(told.lang), Clock())
    monkeypatch.setattr(
        Bot,
        "exchanges",
        lambda self: Exchanges(
            storage=self.storage,
            engine=Engine(changed, self.language),
            clock=self.clock,
            identity_key=IDENTITY_KEY,
            emergency_number=self.emergency_number,
            pages=self.pages,
        ),
    )
    stage = BareStage(bot)
    return await played_on(stage, bot, told, between=Answering(stage, answers) if answers else None)


@pytest.mark.sqlite
@pytest.mark.parametrize("wanted", BOOKINGS.values(), ids=BOOKINGS)
async def test_a_step_behind_the_person_block_is_met_in_every_booking_chat(
    wanted: str, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    met = Met()
    played = await play(wanted, storage, met.flow, monkeypatch)
    assert played == wanted
    assert met.booked <= met.passed
    assert bool(met.booked) is any(words in played for words in BOOKED)


TELLINGS: dict[str, tuple[AnyFlow, str, tuple[str, ...]]] = {
    "ask": (ask.flow, "question", ("The question is sent",)),
    "follow": (follow.flow, "more", ("It is added", "It is open again")),
    "complain": (
        complain.flow,
        "story",
        ("It has reached the desk", "We are sorry for what happened", "Thank you for telling us"),
    ),
}
"""The flows in which people use their own words, the step that asks for them, and what is said at the end."""
TOLD = {
    f"{name}/{path.stem}": (name, path.read_text(encoding="utf-8"))
    for name in TELLINGS
    for path in sorted((CHATS / name).glob("*.chat"))
}


@pytest.mark.sqlite
@pytest.mark.parametrize(("name", "wanted"), TOLD.values(), ids=TOLD)
async def test_a_step_behind_what_people_tell_is_met_by_all_who_send_it(
    name: str, wanted: str, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow, behind, said = TELLINGS[name]
    met = Met(flow, behind=behind)
    assert await play(wanted, storage, met.flow, monkeypatch) == wanted
    assert met.booked <= met.passed
    assert met.booked or not any(words in wanted for words in said)


def jumping(stop: Stop, to: Step[BookTalk]) -> Step[BookTalk]:
    """The step, but each of its answers names a step far ahead, as `then="confirm"` did."""

    def whom(talk: BookTalk) -> StepAnswer:
        answer = stop.ask(talk)
        return Skip(then=to) if isinstance(answer, Question) else answer

    whom.__name__ = stop.name
    return Step(whom)


def test_a_jump_round_the_planted_step_is_named() -> None:
    flow: AnyFlow = Flow("book", draft=BookDraft)
    planted = Met().flow.by_name["planted"].step
    for stop in book.flow.stops:
        if stop.name == "whom":
            flow._stop_at(jumping(stop, book.confirm))
        else:
            flow._stop_at(stop.step, stop.placement)
        if stop.name == "sure":
            flow._stop_at(planted)
    assert "book: from whom to confirm one goes round planted" in bypassed(flow)
    with pytest.raises(RoundAbout, match="planted"):
        flow.named(flow.by_name["whom"], book.confirm)
