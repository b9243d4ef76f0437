"""Every refusal that a conversation can meet has its words; which those are is read from the source."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.dialogue.questions import Go
from bot.flows.registry import APOLOGIES, FLOWS, apologise
from desk.appointments.refusals import NotBookable, NotCancellable, NotInThisChat, NotYours
from desk.appointments.rules import AppointmentState
from desk.language.language import Language
from desk.language.text import Locale
from desk.refusals import Refusal
from desk.waiting.rules import OfferState, RequestState, WishFault
from tests.system.reach import Reach, caught

NEVER_COMES_TO_IT = {
    "OutOfReach": "desk/*/chat.py hands on the actor of its own chat, and nobody else's",
    "NoSuchChange": "a chat closes what is open and opens again what is closed, and either may follow",
}
"""What the source could raise and the order of its steps does not, with the reason."""

SAMPLES: dict[str, Any] = {
    "int": 1,
    "bool": True,
    "str": "Asia/Tehran",  # some are the zone of an office
    "date": date(2026, 11, 28),
    "datetime": datetime(2026, 11, 28, 6, 0, tzinfo=UTC),
    "AppointmentState": AppointmentState.SERVED,
    "RequestState": RequestState.ENDED,
    "OfferState": OfferState.LAPSED,
    "WishFault": WishFault.PAST,
    "Refusal": NotInThisChat(service_id=1),
}


def starts(reach: Reach) -> set[tuple[str, str]]:
    """Whatever a chat may look up or do, and what erasing it leads to through the subjects."""
    files = [name for name in reach.modules if name.endswith((".chat", ".privacy"))]
    return {(file, function) for file in files for function in reach.modules[file].functions}


def met() -> set[type[Refusal]]:
    """What conversations can meet: refusals of what they may do, and their own; without those that a flow catches."""
    reach = Reach("desk")
    own = {refusal for refusal in Refusal.__subclasses__() if refusal.__module__.startswith("bot.flows.")}
    handled = caught("bot/flows") | set(NEVER_COMES_TO_IT)
    return own | {refusal for refusal in reach.refusals(starts(reach)) if refusal.__name__ not in handled}


def sample(refusal: type[Refusal]) -> Refusal:
    """One with plausible data."""
    given = {field.name: SAMPLES[str(field.type)] for field in dataclasses.fields(refusal)}  # type: ignore[arg-type]  # refusals are dataclasses
    return refusal(**given)


def test_whatever_a_chat_can_meet_has_words_and_nothing_else_has() -> None:
    assert {refusal.__name__ for refusal in met()} == {refusal.__name__ for refusal in APOLOGIES}


def test_a_refusal_is_found_however_deep_it_is_raised() -> None:
    reach = Reach("desk")
    assert reach.refusals([("desk.appointments.chat", "cancel")]) >= {NotYours, NotCancellable}
    assert NotBookable in reach.refusals([("desk.places.chat", "hold")])  # made by a condition in a table
    assert not reach.refusals([("desk.offices.chat", "office")])


@pytest.mark.parametrize("refusal", APOLOGIES, ids=lambda refusal: refusal.__name__)
@pytest.mark.parametrize("is_own_chat", [True, False])
def test_the_words_exist_and_lead_somewhere(refusal: type[Refusal], is_own_chat: bool) -> None:
    met = sample(refusal)
    if "is_own_chat" in met.data():
        met = dataclasses.replace(met, is_own_chat=is_own_chat)  # type: ignore[type-var]  # refusals are dataclasses
    sorry = apologise(met)
    assert sorry is not None
    language = Language.load()
    for locale in Locale:
        assert language.plain(sorry.text, locale)
    assert not language.missing
    if isinstance(sorry.then, Go):
        assert sorry.then.flow in FLOWS
    elif sorry.then is not None:
        assert any(flow.find(sorry.then) for flow in FLOWS.values())


def test_what_nobody_thought_of_is_a_fault_of_ours() -> None:
    class Unheard(Refusal):
        """Nobody thought of it."""

    assert apologise(Unheard()) is None
    assert apologise(ValueError("no refusal")) is None
