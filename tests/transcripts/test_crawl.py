"""Every screen that can be reached, in both languages, is within the measure, says no word of the closed lists, and
leads home."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from bot.flows.registry import FLOWS, NOTICES
from desk.language.text import Locale
from tests.transcripts.crawl import Crawl, KeptStorage, Shown
from tests.transcripts.never_asked import NEVER_ASKED
from tests.transcripts.reachable import ANSWERS, NAVIGATION, RUBBISH, SCENES
from tests.transcripts.screen_rules import Looking, explained_late
from tests.transcripts.stage import Bot, Clock, language_of
from tests.transcripts.test_transcripts import perform
from tests.transcripts.world import World


def noting(told: set[str], kind: str, compose: Any) -> Any:
    """The composer, which also notes that its message was told."""

    def composed(*args: Any) -> Any:
        says = compose(*args)
        if says is not None:
            told.add(kind)
        return says

    return composed


async def crawled(file: Path, looking: Looking) -> set[tuple[str, ...]]:
    """Walk through all scenes; the steps that were met."""
    seen: set[object] = set()
    steps: set[tuple[str, ...]] = set()
    for number, scene in enumerate(SCENES):
        storage = KeptStorage(file)
        bot = Bot(storage, language_of("fa"), Clock())
        crawl = Crawl(bot, storage, ANSWERS, RUBBISH, NAVIGATION, looking.at, seen=seen, steps=steps)
        crawl.scene, crawl.through = number, scene.through
        world = World(bot, crawl.stage, "fa")
        for line in scene.given:
            for_the_scene = line.removeprefix("> ")
            await perform(world, crawl.stage, ">" if for_the_scene != line else "given", for_the_scene)
        looking.at(Shown(tuple(crawl.stage.said), (), scene.given))
        await crawl.go(scene.firsts)
        storage.close()
    return steps


@pytest.mark.parametrize(
    ("text", "is_right"),
    [
        ("ولایت (استان) را فشار دهید. در بعضی ولایت‌ها تنها یک دفتر است.", True),
        ("کدام ولایت؟", True),
        ("ولایت (استان) را فشار دهید. در بعضی ولایت‌ها (استان‌ها) تنها یک دفتر است.", False),
        ("کدام ولایت؟ ولایت (استان) را فشار دهید.", False),
    ],
)
def test_a_word_is_explained_once_and_where_it_is_said_first(text: str, is_right: bool) -> None:
    assert (not list(explained_late(text))) is is_right


async def test_every_reachable_screen_is_within_the_measure(
    sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking = Looking()
    told: set[str] = set()
    for kind, compose in list(NOTICES.items()):
        monkeypatch.setitem(cast("dict[str, Any]", NOTICES), kind, noting(told, kind, compose))
    steps = await crawled(sqlite_template, looking)
    every: set[tuple[str, ...]] = {(flow.name, stop.name) for flow in FLOWS.values() for stop in flow.stops}
    met = every & steps
    print(  # noqa: T201 - the coverage is the result
        f"\n{len(met)} of {len(every)} steps, {looking.screens} screens in {len(Locale)} languages"
    )
    wrong = [
        *looking.faults(),
        *(f"nobody is asked {'.'.join(step)}" for step in sorted(every - met - NEVER_ASKED.keys())),
        *(f"the reason for {'.'.join(step)} is gone" for step in sorted(met & NEVER_ASKED.keys())),
        *(f"{kind} is never told" for kind in sorted(set(NOTICES) - told)),
    ]
    assert not wrong, "\n".join(wrong)
