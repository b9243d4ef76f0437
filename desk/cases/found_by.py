"""The index of folded words by which the inbox finds cases; a search never reads the texts themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, literal, or_

from desk.cases.models import Case, CaseWord
from desk.offices.models import Office
from desk.reading.folding import folded_words, joined
from desk.staff.models import StaffMember
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_many_if_new, table_of

_cases = table_of(Case)
_words = table_of(CaseWord)
_offices = table_of(Office)
_staff = table_of(StaffMember)

LONGEST_WORD = 40
MOST_WORDS = 8
"""The number of words of a search that are used."""
SHORTEST_CODE = 4
"""The fewest digits that are searched for as a part of a tracking code."""


def words_of(*texts: str | None) -> set[str]:
    """The folded words of these texts, and each two neighbours as one word: «گل آغا» is also written «گلآغا»."""
    found: set[str] = set()
    for text in texts:
        words = folded_words(text or "")
        found.update(words)
        found.update(first + second for first, second in pairwise(words))
    return {word for word in found if len(word) <= LONGEST_WORD}


def keep_words(session: WriteSession, case_id: int, *texts: str | None) -> None:
    """Add the words of these texts to the index of the case."""
    rows = [{"word": word, "case_id": case_id} for word in sorted(words_of(*texts))]
    if rows:
        session.connection().execute(insert_many_if_new(session, CaseWord, unique=("word", "case_id")), rows)


def forget_words(session: WriteSession, case_ids: Iterable[int]) -> None:
    """Delete all words of these cases, whose texts were erased."""
    session.execute(delete(_words).where(_words.c.case_id.in_(list(case_ids))))


@dataclass(frozen=True, slots=True)
class Label:
    """The folded words that a list shows for a value of a column of `cases`."""

    column: str
    value: Any
    words: frozenset[str]


def label(column: str, value: Any, *texts: str) -> Label:
    """The label of a value, in the words of each language."""
    return Label(column, value, frozenset(words_of(*texts)))


@lru_cache(maxsize=256)
def mentions(labelled: tuple[tuple[str, ...], ...], *, may_be_code: bool) -> ColumnElement[bool]:
    """The condition that a case has as many words as `labelled` has members.

    Its parameters are `word0` … and `whole`, all words together. A word is matched whole in the texts, and as a part of
    the person's name, the office and the colleague. Where a word is part of labels, `labelled` names their columns, and
    the values are parameters such as word0_state. With `may_be_code` the parameter `digits` may be a part of the
    tracking code.
    """
    c = _cases.c

    def is_word(name: str) -> ColumnElement[bool]:
        return exists().where(_words.c.word == bindparam(name, type_=_words.c.word.type), _words.c.case_id == c.id)

    def within_row(name: str) -> ColumnElement[bool]:
        part: ColumnElement[Any] = literal("%").concat(bindparam(name, type_=_words.c.word.type)).concat("%")
        return or_(
            c.name_words.like(part),
            exists().where(_offices.c.id == c.office_id, _offices.c.search_words.like(part)),
            exists().where(_staff.c.id == c.assigned_to, _staff.c.search_words.like(part)),
        )

    def is_shown(name: str, column: str) -> ColumnElement[bool]:
        return c[column].in_(bindparam(f"{name}_{column}", type_=c[column].type, expanding=True))

    each = [
        or_(is_word(name), within_row(name), *(is_shown(name, column) for column in columns))
        for name, columns in ((f"word{number}", columns) for number, columns in enumerate(labelled))
    ]
    found = or_(and_(*each), is_word("whole"))
    if may_be_code:
        found = or_(found, c.code.like(literal("%").concat(bindparam("digits", type_=c.code.type)).concat("%")))
    return found


def asked(typed: str, *, labels: Sequence[Label] = ()) -> tuple[ColumnElement[bool] | None, dict[str, Any]]:
    """The condition of a search and its parameters; the condition is None where the text has nothing to search for.

    `labels` are the words that lists show for values of a case; a case is found by these words too.
    """
    words = [word[:LONGEST_WORD] for word in folded_words(typed)][:MOST_WORDS]
    if not words:
        return None, {}
    whole = joined(typed)
    values: dict[str, Any] = {f"word{number}": word for number, word in enumerate(words)}
    values["whole"] = whole[:LONGEST_WORD]
    labelled = []
    for number, word in enumerate(words):
        held: dict[str, list[Any]] = {}
        for each in labels:
            if word in each.words:
                held.setdefault(each.column, []).append(each.value)
        labelled.append(tuple(held))
        values |= {f"word{number}_{column}": shown for column, shown in held.items()}
    may_be_code = whole.isdecimal() and len(whole) >= SHORTEST_CODE
    if may_be_code:
        values["digits"] = whole
    return mentions(tuple(labelled), may_be_code=may_be_code), values
