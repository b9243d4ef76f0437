"""Every refusal that a conversation can meet has its words; what only staff can meet is named here."""

from __future__ import annotations

import dataclasses
import importlib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.dialogue.questions import Go
from bot.flows.registry import APOLOGIES, FLOWS, apologise
from desk.appointments.rules import State
from desk.language.language import Language
from desk.language.text import Locale
from desk.refusals import Refusal

STAFF_ONLY = {
    "accounts": {
        "CannotTakeCase",
        "LastAdministrator",
        "NotYourStaff",
        "NotYourself",
        "NotYoursToGive",
        "TooManyNumbers",
        "TooManyTries",
        "UsernameTaken",
        "UsernameUnfit",
        "WeakPassword",
        "WrongCredentials",
    },
    "the catalogue": {
        "CopyDemanded",
        "FeeInForce",
        "FeeNotLonger",
        "FeeOverlaps",
        "ServiceCodeTaken",
        "ShortTitleTooLong",
        "IrreversibleNotBookable",
    },
    "offices and hours": {"HoursOutOfOrder", "HoursOverlap", "NotPlausible", "OfficeCodeTaken", "PeopleAreHit"},
    "the day": {"DateMissing", "NotRecordable", "NotYetTheDay", "NotYetTheHour"},
    "told at the last look instead of refused": {"KeptLongEnough"},
    "handling a case": {"AskedBack", "NoSuchChange", "OnlyThePersonSays", "PersonErased", "WrittenSince"},
}
"""Nothing that a chat may do raises these."""

DESK = Path(__file__).parents[2] / "desk"
SAMPLES: dict[str, Any] = {
    "int": 1,
    "bool": True,
    "str": "x",
    "date": date(2026, 11, 28),
    "datetime": datetime(2026, 11, 28, 6, 0, tzinfo=UTC),
    "State": State.SERVED,
}


def refusals() -> list[type[Refusal]]:
    """All refusals of all subjects, each once."""
    found: dict[str, type[Refusal]] = {}
    for path in DESK.glob("*/refusals.py"):
        module = importlib.import_module(f"desk.{path.parent.name}.refusals")
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Refusal) and value is not Refusal:
                found[value.__name__] = value
    return list(found.values())


def sample(refusal: type[Refusal]) -> Refusal:
    """One with plausible data."""
    given = {field.name: SAMPLES[str(field.type)] for field in dataclasses.fields(refusal)}  # type: ignore[arg-type]  # refusals are dataclasses
    return refusal(**given)


@pytest.mark.parametrize("refusal", refusals(), ids=lambda refusal: refusal.__name__)
def test_a_refusal_has_words_or_is_for_staff_only(refusal: type[Refusal]) -> None:
    is_for_staff = any(refusal.__name__ in names for names in STAFF_ONLY.values())
    assert is_for_staff is not (refusal in APOLOGIES)


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
