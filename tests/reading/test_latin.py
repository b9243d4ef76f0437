"""Names in Latin letters, found by their consonants."""

import pytest

from desk.reading.latin import consonants, is_latin


@pytest.mark.parametrize(
    ("latin", "persian"),
    [
        ("karaj", "کرج"),
        ("qom", "قم"),
        ("ghom", "قم"),
        ("tehran", "تهران"),
        ("mashhad", "مشهد"),
        ("Isfahan", "اصفهان"),
        ("esfahan", "اصفهان"),
        ("shiraz", "شیراز"),
        ("yazd", "یزد"),
        ("qazvin", "قزوین"),
        ("kerman", "کرمان"),
        ("amayesh", "آمایش"),
        ("pasport", "پاسپورت"),
    ],
)
def test_both_scripts_have_the_same_consonants(latin: str, persian: str) -> None:
    assert consonants(latin) == consonants(persian) != []


def test_other_names_have_others() -> None:
    assert consonants("karaj") != consonants("قم")
    assert consonants("kerman") != consonants("کرمانشاه")
    assert consonants("ای") == []


def test_only_letters_count_as_latin() -> None:
    assert is_latin("karaj")
    assert not is_latin("123")
    assert not is_latin("کرج karaj")
