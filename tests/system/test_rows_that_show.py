"""Every row of a query that holds something of a person registers whom it shows, so that no page can leave no line."""

from __future__ import annotations

import dataclasses
import pkgutil
from collections.abc import Iterator
from importlib import import_module

import desk
from desk.events.shown import ShowsSomebody

PERSONAL = frozenset(
    {"person_name", "identity_last4", "nickname", "name", "text", "beginning", "voice", "facts", "note", "reason"}
)
"""Names of fields that may hold something of a person, or their words."""

NOT_OF_AN_APPLICANT = {
    "desk.appointments.refusals": "refusals go back to who asked",
    "desk.capacity.rows": "queues, holidays and the notes of staff about a day",
    "desk.places.rows": "the notes of staff about a day",
    "desk.catalogue.rows": "published texts of services",
    "desk.draws.rows": "what is announced of a draw, and numbers of requests that name nobody",
    "desk.worksheets.rows": "what an office says of its queues, and names of staff",
    "desk.offices.rows": "published names of offices",
    "desk.staff.listing": "names of staff",
    "desk.outbox.rows": "why a messenger refused; of the message nothing",
    "desk.conversations.rows": "why an update was set aside; of what was written nothing",
    "desk.people.rows": "what a chat knows of its own people: no page reads it",
}
"""Modules whose rows hold nothing of an applicant that a page shows, with the reason."""
BELONGS_TO = {
    "desk.cases.rows.EntryRow": "is made only inside of a thread, with the row of its case",
    "desk.cases.rows.LastLine": "stands only beside the row of its case in a list",
    "desk.cases.rows.Draft": "what the reader has begun to write",
    "desk.cases.rows.Assignee": "a colleague",
    "desk.records.rows.ReceiptsOfOffice": "the published name of an office, with counts",
    "desk.waiting.rows.PriorityClassRow": "the published name of a class of the directorate",
    "desk.consequences.rows.ChangeRow": "the words of staff that everybody hit by the change is told",
}


def rows() -> Iterator[type]:
    """Every dataclass that queries hand over."""
    for found in pkgutil.walk_packages(desk.__path__, "desk."):
        if found.name.endswith(".rows"):
            module = import_module(found.name)
            for each in vars(module).values():
                if isinstance(each, type) and each.__module__ == found.name and dataclasses.is_dataclass(each):
                    yield each


def silent(of: Iterator[type]) -> list[str]:
    """The rows that hold something of a person and register nobody."""
    return [
        f"{each.__module__}.{each.__name__}"
        for each in of
        if not issubclass(each, ShowsSomebody)
        and each.__module__ not in NOT_OF_AN_APPLICANT
        and f"{each.__module__}.{each.__name__}" not in BELONGS_TO
        and PERSONAL & set(getattr(each, "__dataclass_fields__", ()))
    ]


def test_every_row_of_a_person_registers_whom_it_shows() -> None:
    assert silent(rows()) == []


def test_a_row_that_registers_nobody_is_found() -> None:
    @dataclasses.dataclass
    class Caller:
        person_name: str

    assert silent(iter([Caller])) == [f"{__name__}.Caller"]


def test_no_reason_is_older_than_the_code() -> None:
    known = {each.__module__ for each in rows()} | {f"{each.__module__}.{each.__name__}" for each in rows()}
    assert {name for name in BELONGS_TO if name not in known} == set()
