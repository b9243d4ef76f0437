"""`mizban draw verify`: recomputes a draw from its published file alone, on any machine, without a database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="The draws of scarce places.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def of_draws() -> None:
    """The draws of scarce places."""


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="the published file")],
    frozen: Annotated[str, typer.Option(help="the hash that was published before the seed was known")] = "",
    request: Annotated[str, typer.Option(help="the 16 signs of a request: where it was in the order")] = "",
) -> None:
    """Recompute the seed, the list, the order and the places of a draw; exit 1 where something does not fit."""
    from desk.draws.published import NotADraw, read
    from mizban.console import fail, refuse, say

    try:
        draw = read(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        refuse(f"There is no file {file}.")
    except (OSError, UnicodeDecodeError) as fault:
        refuse(f"{file} cannot be read: {fault}.")
    except NotADraw as fault:
        refuse(f"{file} is no published draw: {fault}.")
    if frozen and frozen.strip().lower() != draw.frozen_hash:
        fail("Does not fit: the file has another hash than the one that was published before the seed was known.")
    faults = draw.faults()
    if faults:
        fail("\n".join(f"Does not fit: {fault}." for fault in faults))
    people = sum(len(places) for places in draw.results.values())
    say(f"It was drawn as announced: {draw.name}.")
    say(f"{len(draw.requests)} requests, {sum(sum(group.places) for group in draw.groups)} places, {people} given.")
    say(f"Compare with what was published beforehand: {draw.frozen_hash}.")
    if draw.parts.word is None:
        say("The word was not revealed within its hour, and is left out.")
    if request:
        place = draw.position(request)
        if place is None:
            refuse(f"{request} is not in its list.")
        got = draw.results.get(request, ())
        times = ", ".join(
            f"{draw.groups[each.group].office} at {draw.groups[each.group].times[each.time]:%Y-%m-%d %H:%M} UTC"
            for each in got
        )
        say(f"{request} was number {place} in the order" + (f", and got {times}." if got else ", and got no place."))
