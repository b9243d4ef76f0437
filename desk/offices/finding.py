"""Finding offices among many: one page of a list, and a few to choose from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from desk.offices.models import Office, Province
from desk.offices.queries import COLUMNS, row_of
from desk.offices.reach import offices_within
from desk.offices.rows import OfficeRow, ProvinceRow
from desk.offices.rules import OfficeKind, search_tokens
from desk.organisation import Scope
from desk.reading.folding import holds, joined
from desk.storage.upsert import table_of

_office, _province = table_of(Office), table_of(Province)
_JOINED = func.replace(_office.c.search_words, " ", "")
"""The search words of an office without spaces, for comparison with `holds`."""
_TOTAL = func.count().over()
_EACH = select(*COLUMNS).join_from(_office, _province, _province.c.code == _office.c.province_code)
_ALL = _EACH.with_only_columns(_TOTAL, *COLUMNS)
_COUNT = select(func.count()).select_from(_office)


@dataclass(frozen=True, slots=True)
class FoundOffices:
    """Some of the matching offices, and the number of all."""

    rows: list[OfficeRow]
    total: int


def find(
    session: Session,
    *,
    scope: Scope,
    provinces: Sequence[ProvinceRow],
    words: str = "",
    province_code: str | None = None,
    kind: OfficeKind | None = None,
    is_active: bool | None = None,
    limit: int,
    skip: int = 0,
) -> FoundOffices:
    """Offices within `scope` whose code, names, address or province hold all `words`, by province and code.

    An office whose whole code was typed comes first. `provinces` are all provinces: the search compares their names. A
    page behind the end has no rows but the right total.
    """
    where = [offices_within(scope), *(_holding(word, provinces) for word in _pieces(words))]
    if province_code is not None:
        where.append(_office.c.province_code == province_code)
    if kind is not None:
        where.append(_office.c.kind == kind)
    if is_active is not None:
        where.append(_office.c.is_active.is_(is_active))
    whole = func.replace(_office.c.code, "-", "") == joined(words)
    order = (case((whole, 0), else_=1), _office.c.province_code, _office.c.code)
    found = session.execute(_ALL.where(*where).order_by(*order).limit(limit).offset(skip)).all()
    if not found and skip:
        return FoundOffices([], session.scalar(_COUNT.where(*where)) or 0)
    return FoundOffices([row_of(values) for _total, *values in found], found[0][0] if found else 0)


def some(session: Session, *, scope: Scope, first: Collection[int] = (), limit: int) -> list[OfficeRow]:
    """At most `limit` offices within `scope`: those of `first` before the others, then those in use."""
    wanted = {_first(place): office_id for place, office_id in enumerate(first)}
    return [row_of(values) for values in session.execute(_some(scope, len(wanted)), {"limit": limit, **wanted})]


@lru_cache(maxsize=256)
def _some(scope: Scope, first: int) -> Select[Any]:
    """Cached by scope: the page of the day begins with this statement."""
    wanted = [(_office.c.id == bindparam(_first(place), type_=_office.c.id.type), place) for place in range(first)]
    order = [case(*wanted, else_=first)] if wanted else []
    query = _EACH.where(offices_within(scope))
    query = query.order_by(*order, _office.c.is_active.desc(), _office.c.province_code, _office.c.code)
    return query.limit(bindparam("limit", type_=Integer))


def _first(place: int) -> str:
    return f"first_{place}"


def fits(row: OfficeRow, *, words: str) -> bool:
    """Whether `find` would find this office by these words."""
    parts = (row.city, row.name, row.address, row.province_name)
    texts = [text for part in parts if part for text in part.to_mapping().values()]
    there = joined(" ".join([row.code, *texts]))
    return all(piece in there for piece in _pieces(words))


def _pieces(words: str) -> list[str]:
    """The words without separators, so that the digits of a code stay together."""
    return [joined(token) for token in search_tokens(words)]


def _holding(word: str, provinces: Sequence[ProvinceRow]) -> ColumnElement[bool]:
    named = [row.code for row in provinces if any(holds(text, word) for text in row.name.to_mapping().values())]
    there = _JOINED.contains(word, autoescape=True)
    return or_(there, _office.c.province_code.in_(named)) if named else there
