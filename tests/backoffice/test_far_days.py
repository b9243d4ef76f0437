"""A mistyped year is asked back at its field, in every form with a day, and no day of a plan lies too far ahead."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from wtforms import Form

import backoffice
from backoffice.forms.days import OF_LAW, PLANNED, read_date, set_today
from backoffice.forms.numbers import Day
from desk.reading.folding import strip_bidi
from tests.backoffice.conftest import Site
from tests.backoffice.forms import form_at
from tests.makers import NOW


def _below(cls: type[Form]) -> Iterator[type[Form]]:
    for each in cls.__subclasses__():
        yield each
        yield from _below(each)


def day_fields() -> dict[tuple[str, str], type[Form]]:
    """Every field for a day of every form of the back office, by the names of the form and of the field."""
    for found in pkgutil.walk_packages(backoffice.__path__, "backoffice."):
        import_module(found.name)
    forms = {each for each in _below(Form) if each.__module__.startswith("backoffice.")}
    return {(cls.__name__, field.name): cls for cls in forms for field in cls(None) if isinstance(field, Day)}


DAYS = day_fields()


def read(which: tuple[str, str], typed: str) -> date | None:
    """What the field of a sent form makes of it; None where it asks back."""
    set_today(datetime(2026, 11, 21, 6, 0, tzinfo=UTC))
    field = DAYS[which](None)[which[1]]
    field.process(type("Sent", (dict,), {"getlist": lambda self, name: [typed]})({field.name: typed}))
    assert isinstance(field, Day)
    assert (field.data is None) is bool(field.process_errors)
    assert field.typed == typed, "it comes back as it was typed"
    found: date | None = field.data
    return found


def test_every_form_with_a_day_is_looked_at() -> None:
    assert len(DAYS) >= 20
    assert {("ClosingForm", "from_day"), ("LeaveForm", "first"), ("StatementForm", "valid_from")} < DAYS.keys()
    laws = {(form, name) for (form, name), cls in DAYS.items() if getattr(cls(None)[name], "bounds", None) is OF_LAW}
    assert laws == {each for each in DAYS if each[1] == "source_date"}


@pytest.mark.parametrize("typed", ["1420/01/05", "1499/01/05", "1408/01/05", "9378/01/05", "2060-05-05", "۱۴۲۰/۱/۵"])
@pytest.mark.parametrize("which", sorted(DAYS), ids="-".join)
def test_no_day_is_taken_that_lies_years_ahead(which: tuple[str, str], typed: str) -> None:
    assert read(which, typed) is None


@pytest.mark.parametrize("which", sorted(DAYS), ids="-".join)
def test_a_day_of_the_coming_two_years_is_taken_and_an_old_one_only_as_the_date_of_a_law(
    which: tuple[str, str],
) -> None:
    assert read(which, "1407/08/30") is not None
    assert read(which, "1404/01/05") is not None
    assert (read(which, "1304/01/05") is not None) is (which[1] == "source_date")


def test_the_days_of_lists_are_bounded_too() -> None:
    set_today(NOW)
    assert read_date("1420/01/05") is None
    assert read_date("1405/09/05") == date(2026, 11, 26)
    assert read_date("1340/01/05", bounds=OF_LAW) is not None
    first, last = PLANNED.around(date(2026, 11, 21))
    assert (first.year, last.year) == (2006, 2028)


@pytest.mark.sqlite
async def test_the_form_comes_back_filled_with_the_reason_at_the_field(site: Site) -> None:
    manager = await site.signed_in("manager")
    address = "/capacity/close"
    form = form_at((await manager.get(f"{address}?office={site.world.office}")).text, address).values
    sent = form | {"when": "other", "from_day": "1420/09/10", "reason": "power"}

    back = await manager.post(address, sent)

    assert back.status_code == 422
    assert form_at(back.text, address).values["from_day"] == "1420/09/10"
    place = back.text.split('id="from_day-reasons"')[1].split("</p>")[0]
    assert "سال را ببینید" in strip_bidi(place)
