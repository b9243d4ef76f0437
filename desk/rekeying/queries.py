"""Counts what is still under an older key, by the name that each value carries."""

from __future__ import annotations

from sqlalchemy import ColumnElement, LargeBinary, String, case, func, select
from sqlalchemy.orm import Session

from desk.rekeying.columns import ENCRYPTED, MARKS, Moves
from desk.rekeying.rows import LeftUnder
from desk.schema import metadata
from desk.storage.base import keys_of
from desk.storage.encryption import NAME

UNNAMED = ""
"""In place of the name of a key: marks from before they bore one."""
DIGITS = 2 * NAME


def left(session: Session) -> dict[str, LeftUnder]:
    """What is not under the present key, by the name of the key; it looks through all of these tables."""
    found: dict[str, LeftUnder] = {}
    present, tables = keys_of(session).name, metadata().tables
    for each in ENCRYPTED:
        for column in each.columns:
            name = func.substr(tables[each.table].c[column], 1, NAME, type_=LargeBinary)
            for begins, number in session.execute(select(name, func.count()).where(name.is_not(None)).group_by(name)):
                if (key := bytes(begins).hex()) != present:
                    found.setdefault(key, LeftUnder()).encrypted[f"{each.table}.{column}"] = number
    for path, marked in MARKS.items():
        table, _, column = path.partition(".")
        mark = tables[table].c[column]
        if not marked.name_at and not marked.named_by:
            continue
        named: ColumnElement[str] = _name_in(mark, marked.name_at)
        if marked.named_by:
            named = tables[table].c[marked.named_by]
        for key, number in session.execute(select(named, func.count()).where(mark.is_not(None)).group_by(named)):
            if key != present:
                under = found.setdefault(key, LeftUnder())
                kept = under.encrypted if marked.moves is Moves.WITH_ITS_ROW else under.marks
                kept[path] = kept.get(path, 0) + number
    return found


def _name_in(mark: ColumnElement[str], place: int) -> ColumnElement[str]:
    """The name of a key that stands in a mark, and ends with a dot."""
    ends = func.substr(mark, place + DIGITS, 1, type_=String)
    return case((ends == ".", func.substr(mark, place, DIGITS, type_=String)), else_=UNNAMED)
