"""The days of the week and the parts of the day that people name for a time that they wait for."""

from __future__ import annotations

import pytest

from desk.reading.weekly_wishes import ALL_DAYS, ALL_PARTS, WeeklyWish, read_weekly_wish

MORNING, NOON, AFTERNOON = {"morning"}, {"noon"}, {"afternoon"}


@pytest.mark.parametrize(
    ("typed", "weekdays", "parts"),
    [
        ("شنبه", {0}, None),
        ("شنبه‌ها", {0}, None),
        ("شنبه‌ها صبح", {0}, MORNING),
        ("صبح شنبه ها", {0}, MORNING),
        ("یکشنبه و سه‌شنبه", {1, 3}, None),
        ("یک شنبه یا سه شنبه", {1, 3}, None),
        ("شنبه تا چهارشنبه", {0, 1, 2, 3, 4}, None),
        ("از پنجشنبه تا شنبه", {5, 6, 0}, None),
        ("غیر از پنجشنبه", {0, 1, 2, 3, 4, 6}, None),
        ("هر روز به جز جمعه", {0, 1, 2, 3, 4, 5}, None),
        ("روزهای زوج", {0, 2, 4}, None),
        ("روزهای فرد بعد از ظهر", {1, 3, 5}, AFTERNOON),
        ("هر روز", ALL_DAYS, None),
        ("هر روزی صبح", ALL_DAYS, MORNING),
        ("فقط صبح‌ها", None, MORNING),
        ("عصرها", None, AFTERNOON),
        ("چاشت", None, NOON),
        ("پیش از چاشت", None, MORNING),
        ("صبح یا بعدازظهر", None, ALL_PARTS),
        ("صبح تا ظهر", None, {"morning", "noon"}),
        ("هر ساعتی", None, ALL_PARTS),
        ("هر وقت", ALL_DAYS, ALL_PARTS),
        ("هر وقت باشد", ALL_DAYS, ALL_PARTS),
        ("فرقی نمی‌کند", ALL_DAYS, ALL_PARTS),
        ("شنبه هر ساعتی", {0}, ALL_PARTS),
        ("۳شنبه", {3}, None),
        ("doshanbe", {2}, None),
    ],
)
def test_days_and_parts_are_read_whole(typed: str, weekdays: set[int] | None, parts: set[str] | None) -> None:
    wanted = WeeklyWish(
        None if weekdays is None else frozenset(weekdays), None if parts is None else frozenset(parts), ""
    )
    assert read_weekly_wish(typed) == wanted


@pytest.mark.parametrize("typed", ["", "کرج", "۱۲۳۴۵۶۷۸", "نه", "نیمه شب", "سلام", "تا آخر ماه", "شنبه " * 30])
def test_what_names_neither_is_no_wish(typed: str) -> None:
    assert read_weekly_wish(typed) is None


@pytest.mark.parametrize(
    ("typed", "beside"),
    [("شنبه در کرج", "کرج"), ("شنبه ۷ آذر", "7 اذر"), ("شنبه ساعت ده", "ده"), ("صبح پول ندارم", "پول ندارم")],
)
def test_what_stands_beside_is_told(typed: str, beside: str) -> None:
    found = read_weekly_wish(typed)
    assert found is not None
    assert found.beside == beside
