"""The published file of a draw: all that decided it, from which anybody recomputes who got which place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from desk.draws.allotment import Allotted, DrawnPlace, PlaceGroup, allot
from desk.draws.order import DrawnRequest, in_order
from desk.draws.seeds import SeedParts, bytes_of_figure, bytes_of_word, commitment, seed_of

FORM = "mizban-draw-1"


class NotADraw(ValueError):
    """The file is no published draw; the message says where it differs."""


class DrawFault(StrEnum):
    """What does not fit in a published draw."""

    SYSTEM_PART = "the system's part is not the one whose hash was announced"
    WORD = "the word is not the one whose hash was announced"
    FIGURE = "the figure has not as many digits as were announced"
    FROZEN = (
        "the announcement, requests, places or share are not those whose hash was published before the seed was known"
    )
    TWICE = "a request stands in the list twice"
    RESULTS = "the places are not those that the seed gives"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What everybody can read before the first request."""

    system_hash: str
    word_hash: str
    figure_name: str
    """What the public figure is, and of which day."""
    figure_digits: int
    """How many digits of it count, so that nobody chooses where to round."""

    @property
    def lines(self) -> list[str]:
        """As lines of what is frozen."""
        return [self.system_hash, self.word_hash, f"{self.figure_digits} {self.figure_name}"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedDraw:
    """All that decided a draw, and who got which place."""

    name: str
    """Service, province and days, as a person reads them."""
    announced: Announced
    parts: SeedParts
    frozen_hash: str
    """Published before anybody knew the seed: see `frozen_hash`."""
    requests: tuple[DrawnRequest, ...]
    groups: tuple[PlaceGroup, ...]
    priority_share: int
    results: Allotted

    def faults(self, *, seen: Callable[[], None] = lambda: None) -> list[DrawFault]:
        """Recompute everything from the file alone; [] = it was drawn as announced."""
        found: list[DrawFault] = []
        if commitment(self.parts.system) != self.announced.system_hash:
            found.append(DrawFault.SYSTEM_PART)
        if self.parts.word is not None and commitment(bytes_of_word(self.parts.word)) != self.announced.word_hash:
            found.append(DrawFault.WORD)
        if len(bytes_of_figure(self.parts.figure)) != self.announced.figure_digits:
            found.append(DrawFault.FIGURE)
        if self.frozen_again() != self.frozen_hash:
            found.append(DrawFault.FROZEN)
        if len({request.id for request in self.requests}) != len(self.requests):
            found.append(DrawFault.TWICE)
        order = in_order(self.requests, seed=seed_of(self.parts))
        if allot(order, self.groups, priority_share=self.priority_share, seen=seen) != self.results:
            found.append(DrawFault.RESULTS)
        return found

    def frozen_again(self) -> str:
        """The hash of what was frozen, made anew from the file."""
        return frozen_hash(
            self.requests,
            self.groups,
            name=self.name,
            announced=self.announced,
            priority_share=self.priority_share,
        )

    def position(self, request_id: str) -> int | None:
        """The place of a request in the drawn order, from 1; None = it is not in the list."""
        order = in_order(self.requests, seed=seed_of(self.parts))
        return next((place for place, each in enumerate(order, start=1) if each.id == request_id), None)


def frozen_hash(
    requests: Iterable[DrawnRequest],
    groups: Iterable[PlaceGroup],
    *,
    name: str,
    announced: Announced,
    priority_share: int,
) -> str:
    """The hash of what is frozen before the seed is known: name, announcement, share, places, and requests by ids.

    Each is a line with a line feed, so that it can be made by hand as well. It covers the places too: nobody can add
    one or take one away to choose who comes next.
    """
    lines = [name, *announced.lines, f"share {priority_share}", *(line for group in groups for line in group.lines)]
    lines += sorted(request.line for request in requests)
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def draw(
    *,
    name: str,
    announced: Announced,
    parts: SeedParts,
    requests: Sequence[DrawnRequest],
    groups: Sequence[PlaceGroup],
    priority_share: int,
    seen: Callable[[], None] = lambda: None,
) -> PublishedDraw:
    """Draw, and say all that decided it."""
    order = in_order(requests, seed=seed_of(parts))
    return PublishedDraw(
        name=name,
        announced=announced,
        parts=parts,
        frozen_hash=frozen_hash(requests, groups, name=name, announced=announced, priority_share=priority_share),
        requests=tuple(requests),
        groups=tuple(groups),
        priority_share=priority_share,
        results=allot(order, groups, priority_share=priority_share, seen=seen),
    )


def written(draw: PublishedDraw) -> str:
    """The draw as the text of its file (JSON, UTF-8)."""
    return json.dumps(
        {
            "form": FORM,
            "name": draw.name,
            "announced": {
                "system": draw.announced.system_hash,
                "word": draw.announced.word_hash,
                "figure": draw.announced.figure_name,
                "digits": draw.announced.figure_digits,
            },
            "revealed": {"system": draw.parts.system.hex(), "word": draw.parts.word, "figure": draw.parts.figure},
            "frozen": draw.frozen_hash,
            "requests": [
                {
                    "id": each.id,
                    "lots": each.lots,
                    "people": each.people,
                    "first": each.has_priority,
                    "groups": each.groups,
                }
                for each in draw.requests
            ],
            "priority_share": draw.priority_share,
            "places": [
                {
                    "office": group.office,
                    "day": group.day.isoformat(),
                    "times": [[_instant(at), places] for at, places in zip(group.times, group.places, strict=True)],
                }
                for group in draw.groups
            ],
            "results": {id: [[place.group, place.time] for place in places] for id, places in draw.results.items()},
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def read(text: str) -> PublishedDraw:
    """The draw of a file. Raises NotADraw."""
    try:
        told = json.loads(text)
        if told["form"] != FORM:
            raise NotADraw(f"its form is not {FORM}")
        return _read(told)
    except NotADraw:
        raise
    except KeyError as missing:
        raise NotADraw(f"{missing} is missing in it") from None
    except (ValueError, TypeError, IndexError, AttributeError, OverflowError, RecursionError) as fault:
        raise NotADraw(str(fault) or type(fault).__name__) from None


def _read(told: Mapping[str, Any]) -> PublishedDraw:
    groups = tuple(
        PlaceGroup(
            office=str(group["office"]),
            day=date.fromisoformat(group["day"]),
            times=tuple(datetime.fromisoformat(at).astimezone(UTC) for at, _places in group["times"]),
            places=tuple(_number(places) for _at, places in group["times"]),
        )
        for group in told["places"]
    )
    requests = tuple(map(_request, told["requests"]))
    if any(group >= len(groups) for request in requests for group in request.groups):
        raise NotADraw("a request names a group of times that is not there")
    word, figure = told["revealed"]["word"], str(told["revealed"]["figure"])
    bytes_of_figure(figure)
    return PublishedDraw(
        name=str(told["name"]),
        announced=Announced(
            system_hash=str(told["announced"]["system"]),
            word_hash=str(told["announced"]["word"]),
            figure_name=str(told["announced"]["figure"]),
            figure_digits=_number(told["announced"]["digits"], least=1),
        ),
        parts=SeedParts(
            bytes.fromhex(told["revealed"]["system"]),
            None if word is None else str(word),
            figure,
        ),
        frozen_hash=str(told["frozen"]),
        requests=requests,
        groups=groups,
        priority_share=_number(told["priority_share"]),
        results={
            str(id): tuple(DrawnPlace(_number(group), _number(time)) for group, time in places)
            for id, places in told["results"].items()
        },
    )


def _request(told: Mapping[str, Any]) -> DrawnRequest:
    return DrawnRequest(
        str(told["id"]),
        _number(told["lots"], least=1),
        _number(told["people"], least=1),
        bool(told["first"]),
        tuple(map(_number, told["groups"])),
    )


def _number(value: Any, *, least: int = 0) -> int:
    if type(value) is not int or value < least:
        raise NotADraw(f"{value!r} is no whole number from {least} on")
    return value


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
