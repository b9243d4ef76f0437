"""The cities by which a place is meant where no office is in them."""

from __future__ import annotations

import pytest

from desk.offices.cities import _cities, city_meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("بوشهر", "بوشهر"),
        ("من در بوشهر هستم", "بوشهر"),
        ("خرم آباد", "خرم‌آباد"),
        ("خرم‌آباد", "خرم‌آباد"),
        ("تربت جام", "تربت جام"),
        ("bushehr", "بوشهر"),
        ("Isfahan", "اصفهان"),
        ("جایی که نیست", None),
        ("از قم تا یزد", None),
        ("", None),
        ("72-1102", None),
    ],
)
def test_a_city_is_read_between_words_and_in_latin_letters(typed: str, meant: str | None) -> None:
    found = city_meant(typed)
    assert (found.name if found else None) == meant


def test_every_city_lies_in_the_country_and_stands_apart() -> None:
    points = [city.point for city in _cities().values()]
    assert all(25 <= point.latitude <= 40 and 44 <= point.longitude <= 64 for point in points)
    assert len(set(points)) == len(points)
