"""A small draw, and random ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from desk.draws.allotment import PlaceGroup
from desk.draws.order import MOST_LOTS, DrawnRequest
from desk.draws.published import Announced, PublishedDraw, draw
from desk.draws.seeds import SeedParts, bytes_of_word, commitment

DAY = date(2026, 12, 5)
WORD = "seventeen blue herons"
PARTS = SeedParts(bytes(range(32)), WORD, "2,345,678.91")

ANNOUNCED = Announced(
    system_hash=commitment(PARTS.system),
    word_hash=commitment(bytes_of_word(WORD)),
    figure_name="the closing index of 13 Azar, with two decimals",
    figure_digits=9,
)


def group(*places: int, day: date = DAY, office: str = "72-1102") -> PlaceGroup:
    """Times a quarter of an hour apart, with these places."""
    first = datetime(day.year, day.month, day.day, 6, 0, tzinfo=UTC)
    return PlaceGroup(office, day, tuple(first + timedelta(minutes=15 * n) for n in range(len(places))), places)


def requests_of(*ids: str) -> list[DrawnRequest]:
    """One for each id, alike."""
    return [DrawnRequest(id, lots=1) for id in ids]


def small_draw(requests: Sequence[DrawnRequest] = (), *, word: str | None = WORD) -> PublishedDraw:
    """A draw of three places among six requests, two of them households."""
    return draw(
        name="identity, Alborz, 14 Azar",
        announced=ANNOUNCED,
        parts=SeedParts(PARTS.system, word, PARTS.figure),
        requests=requests
        or (*requests_of("aaaa", "bbbb", "cccc", "dddd"), DrawnRequest("eeee", 3, 2), DrawnRequest("ffff", 2, 2, True)),
        groups=(group(1, 2), group(2, day=DAY + timedelta(days=1))),
        priority_share=40,
    )


groups = st.lists(
    st.lists(st.integers(0, 3), min_size=1, max_size=5).map(lambda places: group(*places)), min_size=1, max_size=4
)


@st.composite
def lists(draw: st.DrawFn) -> tuple[list[DrawnRequest], list[PlaceGroup]]:
    """Requests and groups of times; some requests are households, some have priority, some are choosy."""
    found = draw(groups)
    some = st.lists(st.integers(0, len(found) - 1), max_size=3, unique=True).map(lambda each: tuple(sorted(each)))
    count = draw(st.integers(0, 12))
    return [
        DrawnRequest(
            f"{n:016}", draw(st.integers(1, MOST_LOTS)), draw(st.integers(1, 4)), draw(st.booleans()), draw(some)
        )
        for n in range(count)
    ], found
