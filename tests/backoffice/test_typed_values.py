"""What staff type into a field: read as it is meant, or asked back; never a part of it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from wtforms import Form

from backoffice.forms.days import set_today, shown_date
from backoffice.forms.numbers import Day, Number, TimeOfDay, Toman
from desk.catalogue.models import ServiceFee
from desk.language.text import words
from desk.reading.days import Prefer
from desk.storage.base import ReadSession
from tests.backoffice.conftest import Site
from tests.backoffice.test_catalogue import FEE
from tests.makers import TODAY

_ = words("forms")


class Everything(Form):
    """One field of each kind."""

    amount = Toman(_("Please fill this in."))
    day = Day(_("Please fill this in."))
    past = Day(_("Please fill this in."), prefer=Prefer.PAST)
    time = TimeOfDay(_("Please fill this in."))
    number = Number(_("Please fill this in."))


def read(name: str, typed: str) -> Any:
    """What the field makes of it; None where it asks back."""
    set_today(datetime(2026, 11, 21, 6, 0, tzinfo=UTC))
    field = Everything()[name]
    field.process(type("Sent", (dict,), {"getlist": lambda self, name: [typed]})({name: typed}))
    return field.data if not field.process_errors else None


@pytest.mark.parametrize(
    ("typed", "rial"),
    [
        ("27000", 270_000),
        ("۲۷ هزار تومان", 270_000),
        ("۲۷هزارتومان", 270_000),
        ("270000 ریال", 270_000),
        ("270,000﷼", 270_000),
        ("یک و نیم میلیون", 15_000_000),
        ("270000", 2_700_000),
        ("0", 0),
        ("27", None),
        ("۲۷ تومان", None),
        ("دو میلیون و پانصد", None),
        ("270005 ریال", None),
        ("-5000", None),
        ("100$", None),
        ("27000 برای هر نفر", None),
    ],
)
def test_an_amount(typed: str, rial: int | None) -> None:
    found = read("amount", typed)
    assert (None if found is None else found.rial) == rial


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("فردا", date(2026, 11, 22)),
        ("۷ آذر", date(2026, 11, 28)),
        ("۷ قوس", date(2026, 11, 28)),
        ("14050907", date(2026, 11, 28)),
        ("۱۴۰۵۰۹۰۷", date(2026, 11, 28)),
        ("1405‑09‑07", date(2026, 11, 28)),
        ("۵ شنبه", date(2026, 11, 26)),
        ("سی‌ام آذر", date(2026, 12, 21)),
        ("۲۹ آبان", date(2027, 11, 20)),
        ("۷ آذر عصر", None),
        ("۱۴۰۵/۰۹/۰۷۱", None),
    ],
)
def test_a_day(typed: str, day: date | None) -> None:
    assert read("day", typed) == day


def test_a_day_that_has_been() -> None:
    assert read("past", "۲۹ آبان") == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("1:30 ب.ظ", 810), ("4pm", 960), ("۸ و نیم", 510), ("24:00", 1440), ("۱۲ شب", None), ("۸ تا ۱۲", None)],
)
def test_a_time(typed: str, minutes: int | None) -> None:
    assert read("time", typed) == minutes


@pytest.mark.parametrize(("typed", "number"), [("۵ نفر", 5), ("دوازده", 12), ("5-", None), ("۵ دقیقه", None)])
def test_a_number(typed: str, number: int | None) -> None:
    assert read("number", typed) == number


@pytest.mark.sqlite
async def test_a_fee_in_rial_is_kept_in_rial_and_a_doubtful_one_is_asked_back(site: Site) -> None:
    browser = await site.signed_in("admin")
    address = f"/catalogue/{site.world.service}/fees"

    doubtful = await browser.post(address, {**FEE, "amount": "۲۷"})
    saved = await browser.post(address, {**FEE, "amount": "310000 ریال"})

    def fees(session: ReadSession) -> list[int]:
        return list(session.scalars(select(ServiceFee.amount_rial).order_by(ServiceFee.id)))

    assert doubtful.status_code == 422
    assert "آیا ۲۷ هزار تومان" in doubtful.text
    assert saved.status_code == 303
    assert await site.storage.read(fees) == [270_000, 310_000]


@pytest.mark.sqlite
async def test_a_page_is_asked_for_tomorrow(site: Site) -> None:
    browser = await site.signed_in("clerk")
    today = (await browser.get("/today?day=1405/08/30")).text
    answer = await browser.get("/today?day=فردا")
    assert answer.status_code == 200
    assert 'value="۱۴۰۵/۰۸/۳۰"' in today
    assert 'value="۱۴۰۵/۰۹/۰۱"' in answer.text


async def test_the_example_in_a_field_for_a_day_is_a_day_of_its_kind(site: Site) -> None:
    admin = await site.signed_in("admin")
    hours = (await admin.get(f"/capacity/{site.world.office}/queues/{site.world.queue}/days")).text
    texts = (await admin.get(f"/catalogue/{site.world.service}/edit")).text
    ahead, ago = [shown_date(TODAY + timedelta(days=days)) for days in (7, -7)]

    assert re.search(rf'name="day"[^>]* placeholder="{ahead}"', hours)
    assert re.search(rf'name="source_date"[^>]* placeholder="{ago}"', texts)
