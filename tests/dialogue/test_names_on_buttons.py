"""The name of an office on a button: cut to its width, and still told apart from its neighbours."""

from __future__ import annotations

import pytest

from bot.flows.wording import LONGEST_LABEL, on_a_button
from desk.language.text import Localised


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("دفتر ۷۲-۱۱۰۲", "دفتر ۷۲-۱۱۰۲"),
        ("دفتر پیشخوان خدمات دولت ۷۲-۱۱۰۲", "دفتر… ۷۲-۱۱۰۲"),
        ("دفتر پیشخوان خدمات دولت مهرشهر", "دفتر پیشخوان خدمات…"),
        ("پیشخوان ۱۲۳۴۵۶۷۸۹۰۱۲۳۴۵۶۷۸۹۰", "پیشخوان…"),
    ],
)
def test_it_fits_and_keeps_its_number(name: str, shown: str) -> None:
    both = on_a_button(Localised({"fa": name, "fa_AF": name}))
    assert {text for _locale, text in both.texts} == {shown}
    assert len(shown) <= LONGEST_LABEL
