"""Every notice of the desk has a composer, and every composer has a notice."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from bot.dialogue.flow import Flow
from bot.flows import registry
from bot.flows.registry import NOTICES
from bot.sending.outgoing import OfTheChat
from desk.outbox.rules import NoticeKind

DESK = Path(__file__).parents[2] / "desk"


def kinds() -> list[NoticeKind]:
    """Every kind that a subject of the desk has declared."""
    for path in DESK.glob("*/rules.py"):
        import_module(f"desk.{path.parent.name}.rules")
    return [kind for subject in NoticeKind.__subclasses__() if subject is not OfTheChat for kind in subject]


def test_every_kind_of_notice_has_a_composer() -> None:
    assert sorted(kinds()) == sorted(NOTICES)


def test_two_folders_that_word_the_same_thing_stop_the_start() -> None:
    first, second = ModuleType("first"), ModuleType("second")
    first.NOTICES = {"ticket": 1}  # type: ignore[attr-defined]  # a folder made up for this test
    second.NOTICES = {"ticket": 2, "reminder": 3}  # type: ignore[attr-defined]  # the same
    with pytest.raises(ValueError, match=r"second.*ticket"):
        registry.gathered("NOTICES", files=(first, second))


def test_no_flow_takes_the_place_of_another_of_its_name() -> None:
    own = [vars(file).get("flow") for file in registry.FILES]
    assert len({id(flow) for flow in own if isinstance(flow, Flow)}) == len(registry.FLOWS)
