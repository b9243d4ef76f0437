"""The index by which the inbox finds cases: marks of folded words, a hit of which is compared with the texts.

A mark is a keyed hash of the word in the index of the place that handles the case, cut to 20 bits. Rows carry neither
the place nor a count; cases under «nobody» have none (docs/decisions/0045-a-copy-without-the-key.md).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    String,
    and_,
    bindparam,
    delete,
    exists,
    false,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy import Label as LabelledColumn

from desk.cases.models import Case, CaseEntry, CaseWord
from desk.cases.rules import Contact
from desk.cases.stored import marks_of_code, read_name, read_text
from desk.codes import TrackingCode, is_well_formed
from desk.offices.models import Office
from desk.organisation import Scope
from desk.reading.folding import folded_words, joined
from desk.staff.models import StaffMember
from desk.storage.base import WriteSession
from desk.storage.encryption import Keys
from desk.storage.upsert import insert_many_if_new, table_of

_cases = table_of(Case)
_words, _entries = table_of(CaseWord), table_of(CaseEntry)
_offices = table_of(Office)
_staff = table_of(StaffMember)
_handler = _offices.alias("handler")
_PLACE = (
    select(_cases.c.contact, _cases.c.handler_province_code, _handler.c.province_code)
    .select_from(_cases)
    .join(_handler, _handler.c.id == _cases.c.handler_office_id, isouter=True)
    .where(_cases.c.id == bindparam("of"))
)

_OF_OFFICE = (
    select(_cases.c.id)
    .where(_cases.c.handler_office_id == bindparam("office"), _cases.c.contact != Contact.NOBODY)
    .order_by(_cases.c.id)
    .with_for_update()
)
"""Locked, so that a text that is added meanwhile is either read here or sees where the office is now."""

_OF_CASES: BindParameter[int] = bindparam("cases", expanding=True)
_FORGET_ALL = delete(_words).where(_words.c.case_id.in_(_OF_CASES))
_NAMES = select(_cases.c.id, _cases.c.name_sealed).where(_cases.c.id.in_(_OF_CASES))
_TEXTS = select(_entries.c.case_id, _entries.c.id, _entries.c.text_sealed).where(
    _entries.c.case_id.in_(_OF_CASES), _entries.c.text_sealed.is_not(None)
)

NATION = "nation"
EVERY_PLACE = (NATION, *(f"IR-{number:02}" for number in range(31)))
"""The places where cases are handled: each has an index of its own, with marks that tell nothing of another's."""
MARK_LETTERS = 5
"""Hexadecimal digits of a mark."""
AT_ONCE = 200
"""The number of cases whose texts are read at once."""
LONGEST_WORD = 40
MOST_WORDS = 8
"""The number of words of a search that are used."""


def words_of(*texts: str | None) -> set[str]:
    """The folded words of these texts, and each two neighbours as one word: «گل آغا» is also written «گلآغا»."""
    found: set[str] = set()
    for text in texts:
        words = folded_words(text or "")
        found.update(words)
        found.update(first + second for first, second in pairwise(words))
    return {word for word in found if len(word) <= LONGEST_WORD}


def indexed_words(*texts: str | None) -> set[str]:
    """The words of these texts that the index has: no common one, and no two neighbours that are both common."""
    common, found = common_words(), set[str]()
    for text in texts:
        words = folded_words(text or "")
        found.update(word for word in words if word not in common)
        found.update(a + b for a, b in pairwise(words) if not (a in common and b in common))
    return {word for word in found - common if len(word) <= LONGEST_WORD}


def marks_of(keys: Keys, place: str, word: str) -> tuple[int, ...]:
    """The marks of a word in the index of one place, by each key: 20 bits, so that many words share one."""
    return tuple(int(mark[:MARK_LETTERS], 16) for mark in keys.marks(f"case word:{place}", word))


def keep_words(session: WriteSession, case_id: int, *texts: str | None) -> None:
    """Add the words of these texts to the index; a case under «nobody» is not in it, nor is a common word."""
    words = indexed_words(*texts)
    if not words:
        return
    contact, province, of_office = session.execute(_PLACE, {"of": case_id}).one()
    if contact is Contact.NOBODY:
        return
    place = province or of_office or NATION
    marks = {marks_of(session.keys, place, word)[0] for word in words}
    rows = [{"mark": mark, "case_id": case_id} for mark in sorted(marks)]
    session.connection().execute(insert_many_if_new(session, CaseWord, unique=("mark", "case_id")), rows)


def forget_words(session: WriteSession, case_ids: Iterable[int]) -> None:
    """Delete all words of these cases, whose texts were erased."""
    session.execute(delete(_words).where(_words.c.case_id.in_(list(case_ids))))


def index_anew(session: WriteSession, case_ids: Collection[int]) -> None:
    """Make the marks of these cases anew, by the present key, from what is stored of them under any key."""
    ids = sorted(case_ids)
    for first in range(0, len(ids), AT_ONCE):
        _index_anew(session, ids[first : first + AT_ONCE])


def _index_anew(session: WriteSession, case_ids: Sequence[int]) -> None:
    of = {"cases": case_ids}
    # First, so that what is added to a case meanwhile loses none of its words: then it is read here as well.
    session.connection().execute(_FORGET_ALL, of)
    texts: dict[int, list[str | None]] = {id: [] for id in case_ids}
    for id, name in session.connection().execute(_NAMES, of):
        texts[id].append(read_name(session.keys, name, id=id))
    for id, entry_id, text in session.connection().execute(_TEXTS, of):
        texts[id].append(read_text(session.keys, text, id=entry_id))
    for id, told in texts.items():
        keep_words(session, id, *told)


def index_anew_at_office(session: WriteSession, *, office_id: int) -> None:
    """Put the cases that an office handles into the index of the place where it now stands."""
    index_anew(session, session.connection().execute(_OF_OFFICE, {"office": office_id}).scalars().all())


@dataclass(frozen=True, slots=True)
class Label:
    """The folded words that a list shows for a value of a column of `cases`."""

    column: str
    value: Any
    words: frozenset[str]


def label(column: str, value: Any, *texts: str) -> Label:
    """The label of a value, in the words of each language."""
    return Label(column, value, frozenset(words_of(*texts)))


@dataclass(frozen=True, slots=True)
class WordSearch:
    """A search: its condition and columns, the parameters, and what has to stand in the texts of a hit."""

    condition: ColumnElement[bool]
    columns: tuple[LabelledColumn[bool], ...]
    """In how far the row itself answers: for each word, and at the end for the code."""
    values: Mapping[str, Any]
    words: tuple[str, ...]
    whole: str

    def is_met(self, answered: Sequence[bool], texts: Iterable[str | None]) -> bool:
        """Whether a hit is none by chance. `answered` are the values of `columns`."""
        *shown, is_code = answered
        if is_code or all(shown):
            return True
        held = words_of(*texts)
        return self.whole in held or all(
            is_shown or word in held for word, is_shown in zip(self.words, shown, strict=True)
        )


@lru_cache(maxsize=256)
def _mentions(
    labelled: tuple[tuple[str, ...], ...], *, common: tuple[bool, ...], has_whole: bool, may_be_code: bool
) -> tuple[ColumnElement[bool], tuple[LabelledColumn[bool], ...]]:
    """The condition that a case may have as many words as `labelled` has members, and the columns of `WordSearch`.

    Its parameters are each word, such as word0, the marks of each word, such as word0_marks, and those of all words
    together, whole_marks.
    A word is looked for whole in the texts and the name, where it is not `common`, and as a part of the office and the
    colleague. Where a word is part of labels, `labelled` names their columns, and the values are parameters such as
    word0_state. With `may_be_code` the parameter `code_marks` are the marks of a tracking code.
    """
    c = _cases.c

    def is_word(name: str) -> ColumnElement[bool]:
        marks = bindparam(f"{name}_marks", type_=_words.c.mark.type, expanding=True)
        return exists().where(_words.c.mark.in_(marks), _words.c.case_id == c.id)

    def within_row(name: str) -> ColumnElement[bool]:
        part: ColumnElement[Any] = literal("%").concat(bindparam(name, type_=String)).concat("%")
        return or_(
            exists().where(_offices.c.id == c.office_id, _offices.c.search_words.like(part)),
            exists().where(_staff.c.id == c.assigned_to, _staff.c.search_words.like(part)),
        )

    def is_shown(name: str, column: str) -> ColumnElement[bool]:
        return c[column].in_(bindparam(f"{name}_{column}", type_=c[column].type, expanding=True))

    names = [f"word{number}" for number in range(len(labelled))]
    rows = [
        or_(within_row(name), *(is_shown(name, column) for column in columns))
        for name, columns in zip(names, labelled, strict=True)
    ]
    each = [
        true() if is_common else or_(is_word(name), row)
        for name, row, is_common in zip(names, rows, common, strict=True)
    ]
    found = and_(true(), *each)
    if has_whole:
        found = or_(found, is_word("whole"))
    code: ColumnElement[bool] = false()
    if may_be_code:
        code = c.code_mark.in_(bindparam("code_marks", type_=c.code_mark.type, expanding=True))
        found = or_(found, code)
    shown = (*(row.label(f"in_{name}") for row, name in zip(rows, names, strict=True)), code.label("in_code"))
    return found, shown


def asked(keys: Keys, typed: str, *, scope: Scope, labels: Sequence[Label] = ()) -> WordSearch | None:
    """The search for what was typed; None where it has nothing to search for.

    `labels` are the words that lists show for values of a case; a case is found by these words too.
    """
    words = [word[:LONGEST_WORD] for word in folded_words(typed)][:MOST_WORDS]
    if not words:
        return None
    whole = joined(typed)[:LONGEST_WORD]
    places = _places(scope)
    marks: dict[str, list[int]] = {}
    for name, word in (*((f"word{number}", word) for number, word in enumerate(words)), ("whole", whole)):
        if word not in common_words():
            marks[f"{name}_marks"] = [mark for place in places for mark in marks_of(keys, place, word)]
    values: dict[str, Any] = {f"word{number}": word for number, word in enumerate(words)}
    labelled = []
    for number, word in enumerate(words):
        held: dict[str, list[Any]] = {}
        for each in labels:
            if word in each.words:
                held.setdefault(each.column, []).append(each.value)
        labelled.append(tuple(held))
        values |= {f"word{number}_{column}": shown for column, shown in held.items()}
    may_be_code = is_well_formed(joined(typed))
    if may_be_code:
        values["code_marks"] = marks_of_code(keys, TrackingCode(joined(typed)))
    common = tuple(f"word{number}_marks" not in marks for number in range(len(words)))
    condition, columns = _mentions(
        tuple(labelled), common=common, has_whole="whole_marks" in marks, may_be_code=may_be_code
    )
    return WordSearch(condition, columns, values | marks, tuple(words), whole)


def _places(scope: Scope) -> Sequence[str]:
    """The places whose index a search within `scope` looks into."""
    if scope.is_national:
        return EVERY_PLACE
    return sorted({node.province_code or NATION for node in scope.nodes})


@cache
def common_words() -> frozenset[str]:
    """The folded words that are in so many texts that their marks would be known by their number."""
    lines = Path(__file__).with_name("common_words.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in folded_words(line))
