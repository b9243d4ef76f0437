"""Comments and docstrings are plain and true as far as a program can tell; each check also finds a planted offence."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.system import docstring_rules as rules
from tests.system.source_rules import Source, offences

Check = Callable[[Source], list[str]]


@pytest.mark.parametrize("check", rules.CHECKS, ids=lambda check: check.__name__)
def test_no_comment_offends(check: Check) -> None:
    found = offences(rules.CHECKS, *rules.EVERYWHERE)[check]
    assert not found, "\n".join(found)


PLANTED = [
    (rules.modules_not_in_one_sentence, '"""Booking. And moving."""'),
    (rules.modules_not_in_one_sentence, '"""Booking"""'),
    (rules.names_said_again, 'def save_office():\n    """Save the office."""'),
    (rules.names_said_again, 'class FreeDay:\n    """A free day."""'),
    (rules.names_of_nothing, "x = 1  # as `book_nobody` does"),
    (rules.names_of_nothing, 'def f():\n    """See `desk.capacity.rules.KEEP`."""'),
    (rules.names_of_nothing, 'def f():\n    """See `desk.nothing`."""'),
    (rules.documents_of_nothing, "x = 1  # as architecture.md says"),
    (rules.documents_of_nothing, 'x = 1\n"""See docs/decisions/0009-nothing.md."""'),
    (rules.words_with_a_plainer_one, "x = 1  # whoever comes first"),
    (rules.words_with_a_plainer_one, 'def f():\n    """Book a turn for the person."""'),
    (rules.words_with_a_plainer_one, 'x = 1\n"""Where the deed is done."""'),
]


@pytest.mark.parametrize(("check", "text"), PLANTED, ids=[f"{c.__name__}-{n}" for n, (c, _) in enumerate(PLANTED)])
def test_a_planted_offence_is_seen(check: Check, text: str) -> None:
    assert check(Source("desk/appointments/booking.py", text))


def test_every_check_has_a_planted_offence() -> None:
    assert {check for check, _ in PLANTED} == set(rules.CHECKS)


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (rules.modules_not_in_one_sentence, '"""Booking: take a place, e.g. one of a slot.\n\nMore. And more."""'),
        (rules.names_said_again, 'def save_office():\n    """Save the office and return its id."""'),
        (rules.names_of_nothing, "x = 1  # `desk.appointments.booking.book` and `slot_id` are there"),
        (rules.documents_of_nothing, "x = 1  # docs/decisions/0009-places-are-rows.md, README.md, glossary.md"),
        (rules.words_with_a_plainer_one, 'def f():\n    """Turns it into text; it returns."""'),
    ],
)
def test_what_is_plain_passes(check: Check, text: str) -> None:
    assert check(Source("desk/appointments/booking.py", text)) == []
