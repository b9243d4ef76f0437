"""Who gets which place: in the drawn order, the earliest that suits; households whole; nothing idle, nothing twice."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from desk.draws.allotment import Allotted, DrawnPlace, PlaceGroup, allot
from desk.draws.order import DrawnRequest
from tests.draws.makers import group, lists, requests_of

P = DrawnPlace


def drawn(order: list[DrawnRequest], *groups: PlaceGroup, priority_share: int = 0) -> Allotted:
    return allot(order, groups, priority_share=priority_share, seen=lambda: None)


def test_the_earliest_places_go_in_the_drawn_order() -> None:
    found = drawn(requests_of("a", "b", "c", "d"), group(1, 0, 1), group(1))
    assert found == {"a": (P(0, 0),), "b": (P(0, 2),), "c": (P(1, 0),)}


def test_a_household_sits_together_or_not_at_all() -> None:
    household = DrawnRequest("h", 1, people=3)
    # Two and two are apart; then two after each other.
    assert drawn([household], group(2, 0, 2)) == {}
    assert drawn([household], group(1, 0, 2, 1)) == {"h": (P(0, 2), P(0, 2), P(0, 3))}


def test_what_a_household_cannot_use_goes_to_the_next() -> None:
    found = drawn([DrawnRequest("h", 1, people=2), *requests_of("a")], group(1, 0, 1))
    assert found == {"a": (P(0, 0),)}


def test_a_request_gets_only_what_suits_it() -> None:
    choosy = DrawnRequest("c", 1, groups=(1,))
    assert drawn([choosy, *requests_of("a")], group(1), group(1)) == {"c": (P(1, 0),), "a": (P(0, 0),)}


def test_the_share_of_those_with_priority_comes_first_and_no_more_of_it() -> None:
    first = [DrawnRequest(f"p{n}", 1, has_priority=True) for n in range(3)]
    found = drawn([*requests_of("a", "b", "c", "d"), *first], group(4), priority_share=50)
    assert found.keys() == {"p0", "p1", "a", "b"}


def test_a_share_that_nobody_asks_for_goes_to_everybody() -> None:
    assert drawn(requests_of("a", "b"), group(2), priority_share=50).keys() == {"a", "b"}


@given(lists(), st.integers(0, 100))
def test_every_draw_keeps_its_promises(made: tuple[list[DrawnRequest], list[PlaceGroup]], priority_share: int) -> None:
    order, groups = made
    seen: list[None] = []
    found = allot(order, groups, priority_share=priority_share, seen=lambda: seen.append(None))
    taken = Counter(place for places in found.values() for place in places)

    assert len(seen) == len(order)
    assert all(count <= groups[at.group].places[at.time] for at, count in taken.items())
    for request in order:
        places = found.get(request.id, ())
        assert len(places) in (0, request.people)
        assert not request.groups or all(place.group in request.groups for place in places)
        assert len({place.group for place in places}) <= 1
        times = sorted({place.time for place in places})
        assert times == list(range(times[0], times[-1] + 1)) if times else True
    # Nobody who comes alone is left out while a place that suits them is free.
    free = {n: sum(each.places) - sum(c for at, c in taken.items() if at.group == n) for n, each in enumerate(groups)}
    for request in order:
        if request.id not in found and request.people == 1:
            assert not any(free[n] for n in request.groups or range(len(groups)))
