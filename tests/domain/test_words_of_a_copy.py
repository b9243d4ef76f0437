"""What the index of words tells somebody who has a copy of the database and not the key."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from sqlalchemy import select

from desk.cases.found_by import common_words, indexed_words, marks_of
from desk.cases.inbox import CaseFilter, inbox
from desk.cases.models import CaseWord
from desk.cases.rules import Contact
from desk.organisation import EVERYWHERE, Scope, province
from desk.storage.base import WriteSession
from tests.keys import KEYS
from tests.makers import NOW, make_office
from tests.makers_cases import file_complaint

CASES = 120
VOCABULARY = 600


def invented(chance: random.Random) -> list[str]:
    """Words that nobody says, and that are no common ones."""
    letters = "ابپتجچحخدرزسشصطعفقکگلمنوهی"
    words = {"".join(chance.choices(letters, k=chance.randint(4, 7))) for _ in range(VOCABULARY * 2)}
    return sorted(word for word in words if indexed_words(word) == {word})[:VOCABULARY]


def test_somebody_who_knows_how_often_each_word_is_said_learns_next_to_nothing(session: WriteSession) -> None:
    """The attacker knows how often each word is said, ranks the marks by their number, and matches the two."""
    chance = random.Random(8)  # noqa: S311  # the texts of a test
    words = invented(chance)
    weights = [1 / (rank + 10) for rank in range(len(words))]
    common = sorted(common_words())
    offices = [make_office(session, code=f"72-{n}", province_code=f"IR-{n:02}") for n in (9, 23, 30)]
    said: Counter[str] = Counter()
    readable: Counter[str] = Counter()
    for number in range(CASES):
        text = [*chance.choices(words, weights, k=25), *chance.choices(common, k=25)]
        chance.shuffle(text)
        said.update(set(text))
        readable.update(set(text))
        file_complaint(session, office=offices[number % 3], text=" ".join(text), name="x")
    truth = {marks_of(KEYS, f"IR-{n:02}", word)[0]: word for n in (9, 23, 30) for word in words}
    seen = Counter(session.scalars(select(CaseWord.mark)))
    ranked = [word for word, _ in said.most_common()]
    right = sum(truth.get(mark) == word for (mark, _), word in zip(seen.most_common(), ranked, strict=False))
    before = sum(a == b for (a, _), (b, _) in zip(readable.most_common(), said.most_common(), strict=True))
    assert before == len(said), "the same attack on readable words gives all of them"
    assert right <= len(words) * 0.02, f"{right} of {len(words)} words guessed"


def test_a_mark_of_one_place_tells_nothing_of_another(session: WriteSession) -> None:
    marks = {marks_of(KEYS, place, "دلال")[0] for place in ("IR-09", "IR-23", "nation")}
    assert len(marks) == 3
    assert all(0 <= mark < 2**20 for mark in marks)


def test_a_nameless_case_and_a_common_word_have_no_mark(session: WriteSession) -> None:
    office = make_office(session, code="72-1101")
    file_complaint(session, office=office, text="دلال برقکار", contact=Contact.NOBODY, name=None, category="VIOLENCE")
    file_complaint(session, office=office, text="این است که من", name=None, contact=Contact.CODE)
    assert session.scalars(select(CaseWord.mark)).all() == []


def test_a_hit_by_chance_is_not_shown(session: WriteSession) -> None:
    office = make_office(session, code="72-1101", province_code="IR-30")
    case = file_complaint(session, office=office, text="برقکار").case_id
    session.add(CaseWord(mark=marks_of(KEYS, "IR-30", "دلال")[0], case_id=case))
    session.flush()
    for scope in (EVERYWHERE, Scope.of(province("IR-30"))):
        assert inbox(session, scope=scope, wanted=CaseFilter(words="دلال"), now=NOW).rows == ()
        assert [row.id for row in inbox(session, scope=scope, wanted=CaseFilter(words="برقکار"), now=NOW).rows] == [
            case
        ]


def test_a_common_word_is_found_in_the_texts_themselves(session: WriteSession) -> None:
    office = make_office(session, code="72-1101", province_code="IR-30")
    case = file_complaint(session, office=office, text="پول گرفتند").case_id
    file_complaint(session, office=office, text="برقکار")
    found = inbox(session, scope=EVERYWHERE, wanted=CaseFilter(words="پول"), now=NOW)
    assert ([row.id for row in found.rows], found.total) == ([case], 1)


def test_a_search_that_may_miss_cases_says_so(session: WriteSession, monkeypatch: pytest.MonkeyPatch) -> None:
    office = make_office(session, code="72-1101", province_code="IR-30")
    for _ in range(3):
        file_complaint(session, office=office, text="پول گرفتند")
    asked = CaseFilter(words="پول")
    assert not inbox(session, scope=EVERYWHERE, wanted=asked, now=NOW).is_cut
    monkeypatch.setattr("desk.cases.inbox.MOST_COMPARED", 2)
    found = inbox(session, scope=EVERYWHERE, wanted=asked, now=NOW)
    assert (found.total, found.is_cut) == (2, True)
