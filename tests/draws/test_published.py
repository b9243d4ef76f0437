"""The published file of a draw: it says everything, and whatever is changed in it is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desk.draws.allotment import DrawnPlace
from desk.draws.order import DrawnRequest
from desk.draws.published import DrawFault, NotADraw, PublishedDraw, read, written
from desk.draws.seeds import SeedParts, commitment
from mizban.__main__ import run
from tests.draws.makers import PARTS, group, small_draw

Change = Callable[[PublishedDraw], PublishedDraw]


def test_a_draw_is_read_as_it_was_written_and_fits() -> None:
    made = small_draw()
    assert read(written(made)) == made
    assert made.faults() == []
    assert sum(len(places) for places in made.results.values()) == 5


def test_a_word_that_was_not_revealed_is_left_out_and_the_rest_fits() -> None:
    made = small_draw(word=None)
    assert read(written(made)).faults() == []
    assert made.results != small_draw().results


FRIEND = DrawnRequest("friend", 1)


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        (lambda d: replace(d, parts=SeedParts(bytes(32), d.parts.word, d.parts.figure)), {DrawFault.SYSTEM_PART}),
        (lambda d: replace(d, parts=SeedParts(d.parts.system, "another word", d.parts.figure)), {DrawFault.WORD}),
        (lambda d: replace(d, requests=(*d.requests, FRIEND)), {DrawFault.FROZEN}),
        (lambda d: replace(d, requests=(*d.requests, d.requests[0])), {DrawFault.FROZEN, DrawFault.TWICE}),
        (lambda d: replace(d, requests=(replace(d.requests[0], lots=8), *d.requests[1:])), {DrawFault.FROZEN}),
        (lambda d: replace(d, groups=(group(1, 2), group(3))), {DrawFault.FROZEN}),
        (lambda d: replace(d, groups=(group(1), group(2), d.groups[1])), {DrawFault.FROZEN}),
        (lambda d: replace(d, groups=(group(), *d.groups)), {DrawFault.FROZEN}),
        (lambda d: replace(d, priority_share=0), {DrawFault.FROZEN}),
        (lambda d: replace(d, name="another draw"), {DrawFault.FROZEN}),
        (lambda d: replace(d, announced=replace(d.announced, figure_name="another index")), {DrawFault.FROZEN}),
        (
            lambda d: replace(
                d,
                parts=SeedParts(bytes(32), d.parts.word, d.parts.figure),
                announced=replace(d.announced, system_hash=commitment(bytes(32))),
            ),
            {DrawFault.FROZEN},
        ),
        (lambda d: replace(d, parts=SeedParts(d.parts.system, d.parts.word, "2345678.9")), {DrawFault.FIGURE}),
        (lambda d: replace(d, results={**d.results, "friend": (DrawnPlace(0, 0),)}), {DrawFault.RESULTS}),
        (lambda d: replace(d, results=dict(list(d.results.items())[1:])), {DrawFault.RESULTS}),
    ],
    ids=[
        "system",
        "word",
        "one more",
        "twice",
        "more lots",
        "more places",
        "groups cut",
        "an empty group",
        "share",
        "name",
        "figure",
        "new part",
        "rounded",
        "a friend",
        "one less",
    ],
)
def test_whatever_is_changed_afterwards_is_found(change: Change, faults: set[DrawFault]) -> None:
    changed = read(written(change(small_draw())))
    assert faults <= set(changed.faults())


def test_the_figure_decides_the_places() -> None:
    made = small_draw()
    others = [replace(made, parts=SeedParts(PARTS.system, PARTS.word, f"{234567800 + n}")).faults() for n in range(20)]
    assert others.count([DrawFault.RESULTS]) > 10


@pytest.mark.parametrize(
    "spoil",
    [
        lambda told: "no file",
        lambda told: "[]",
        lambda told: json.dumps({**told, "form": "mizban-draw-2"}),
        lambda told: json.dumps({key: value for key, value in told.items() if key != "revealed"}),
        lambda told: json.dumps({**told, "requests": [{**told["requests"][0], "lots": 0}]}),
        lambda told: json.dumps({**told, "requests": [{**told["requests"][0], "groups": [7]}]}),
        lambda told: json.dumps({**told, "requests": [["a", 1, 1]]}),
        lambda told: json.dumps({**told, "places": [{"office": "1", "day": "soon", "times": []}]}),
        lambda told: json.dumps({**told, "revealed": {**told["revealed"], "system": "xyz"}}),
        lambda told: json.dumps({**told, "revealed": {**told["revealed"], "figure": "none"}}),
    ],
)
def test_what_is_no_draw_is_refused_with_a_sentence(
    spoil: Callable[[dict[str, Any]], str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = spoil(json.loads(written(small_draw())))
    with pytest.raises(NotADraw):
        read(text)
    file = tmp_path / "draw.json"
    file.write_text(text, encoding="utf-8")

    assert run(["draw", "verify", str(file)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_command_recomputes_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = small_draw()
    winner = next(iter(made.results))
    file = tmp_path / "draw.json"
    file.write_text(written(made), encoding="utf-8")

    assert run(["draw", "verify", str(file), "--request", winner]) == 0
    told = capsys.readouterr().out
    assert "It was drawn as announced: identity, Alborz, 14 Azar." in told
    assert "6 requests, 5 places, 5 given." in told
    assert f"{winner} was number {made.position(winner)} in the order, and got 72-1102 at 2026-12-0" in told
    assert run(["draw", "verify", str(file), "--request", "nobody"]) == 2
    assert run(["draw", "verify", str(file), "--frozen", made.frozen_hash]) == 0
    assert run(["draw", "verify", str(file), "--frozen", "0" * 64]) == 1


def test_the_command_says_what_does_not_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "draw.json"
    file.write_text(written(replace(small_draw(), priority_share=0)), encoding="utf-8")

    assert run(["draw", "verify", str(file)]) == 1
    assert "Does not fit: the announcement, requests, places or share are not those" in capsys.readouterr().err


def test_the_command_names_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["draw", "verify", "nowhere.json"]) == 2
    assert capsys.readouterr().err == "There is no file nowhere.json.\n"
