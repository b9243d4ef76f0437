"""Reading provinces and offices: lists, a search by words, and the nearest ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, case, func, select
from sqlalchemy.orm import Session

from desk.language.text import Locale, Localised
from desk.offices.models import Area, Office, Province
from desk.offices.reach import offices_within
from desk.offices.rows import AreaRow, OfficeRow, ProvinceRow
from desk.offices.rules import OfficeKind, search_tokens
from desk.organisation import NATION, Level, Node, Scope
from desk.reading.folding import alphabet_key, joined
from desk.reading.latin import consonants, is_latin
from desk.storage.rows import columns_for
from desk.storage.upsert import table_of
from desk.values import GeoPoint, Phone

__all__ = [
    "COLUMNS",
    "OfficeRow",
    "Only",
    "ProvinceRow",
    "active_offices",
    "all_offices",
    "areas",
    "in_order",
    "nearest",
    "office",
    "office_by_code",
    "offices_by_code",
    "offices_by_id",
    "provinces",
    "row_of",
    "search",
]


AT_ONCE = 500
"""Codes in one statement."""

_office, _province = table_of(Office), table_of(Province)


class _Values(NamedTuple):
    """The values of `COLUMNS`."""

    id: int
    code: str
    kind: OfficeKind
    province_code: str
    province_name: Localised
    city: Localised
    name: Localised
    address: Localised | None
    latitude: float | None
    longitude: float | None
    phone: str | None
    zone: str
    is_active: bool
    area: str


COLUMNS = columns_for(
    _Values,
    *_office.c["id", "code", "kind", "province_code", "city", "name", "address"],
    *_office.c["latitude", "longitude", "phone", "zone", "is_active", "area"],
    province_name=_province.c.name,
)
"""The columns that `row_of` reads; the statement joins the table of provinces."""

# Statements are built once: building one anew takes several times as long as running it.
_ALL = select(*COLUMNS).join_from(_office, _province, _province.c.code == _office.c.province_code)
_BY_ID = _ALL.where(_office.c.id == bindparam("office"))
_BY_CODE = _ALL.where(_office.c.code == bindparam("code"))
_BY_IDS = _ALL.where(_office.c.id.in_(bindparam("offices", expanding=True)))
_BY_CODES = _ALL.where(_office.c.code.in_(bindparam("codes", expanding=True)))
_PLACES = select(_office.c.id, _office.c.latitude, _office.c.longitude).where(
    _office.c.is_active.is_(True), _office.c.latitude.is_not(None), _office.c.longitude.is_not(None)
)
_area = table_of(Area)


class Only(NamedTuple):
    """A condition on offices that a subject above knows of, made once, and the values of its parameters."""

    condition: ColumnElement[bool]
    given: Mapping[str, Any]


@cache
def _provinces(condition: ColumnElement[bool] | None, *, with_offices: bool) -> Select[Any]:
    counted = select(_office.c.province_code, func.count().label("offices"), func.min(_office.c.id).label("one")).where(
        _office.c.is_active.is_(True)
    )
    if condition is not None:
        counted = counted.where(condition)
    offices = counted.group_by(_office.c.province_code).subquery()
    return select(_province.c.code, _province.c.name, func.coalesce(offices.c.offices, 0), offices.c.one).join(
        offices, offices.c.province_code == _province.c.code, isouter=not with_offices
    )


@cache
def _areas() -> Select[Any]:
    counted = select(_office.c.province_code, func.count().label("offices")).where(_office.c.is_active.is_(True))
    offices = counted.group_by(_office.c.province_code).subquery()
    is_province = _area.c.path == "/" + _province.c.code + "/"
    return (
        select(_area.c.path, _area.c.name, _province.c.name, func.coalesce(offices.c.offices, 0))
        .join_from(_area, _province, is_province, isouter=True)
        .join(offices, offices.c.province_code == _province.c.code, isouter=True)
        .where(_area.c.path != NATION.path)
    )


@cache
def _active(condition: ColumnElement[bool] | None, *, in_province: bool) -> Select[Any]:
    query = _ALL.where(_office.c.is_active.is_(True))
    if condition is not None:
        query = query.where(condition)
    return query.where(_office.c.province_code == bindparam("province")) if in_province else query


@lru_cache(maxsize=256)
def _in_reach(scope: Scope, *, active_only: bool) -> Select[Any]:
    query = _ALL.where(_office.c.is_active.is_(True)) if active_only else _ALL
    return query.where(offices_within(scope))


@cache
def _places(condition: ColumnElement[bool] | None) -> Select[Any]:
    return _PLACES if condition is None else _PLACES.where(condition)


def provinces(session: Session, *, with_offices: bool = False, only: Only | None = None) -> list[ProvinceRow]:
    """All provinces, those with most active offices first, then in Persian order; or only those that have any.

    Offices count as far as `only` lets them.
    """
    condition, given = _narrowed(only)
    found = session.execute(_provinces(condition, with_offices=with_offices), given)
    rows = [
        ProvinceRow(code=code, name=name, offices=offices, only_office=one if offices == 1 else None)
        for code, name, offices, one in found
    ]
    return sorted(rows, key=_most_first)


def provinces_of(offices: Iterable[OfficeRow]) -> list[ProvinceRow]:
    """The provinces of these offices in the order of `provinces`, without asking again."""
    there: dict[str, list[OfficeRow]] = defaultdict(list)
    for each in offices:
        there[each.province_code].append(each)
    rows = [
        ProvinceRow(code, among[0].province_name, len(among), among[0].id if len(among) == 1 else None)
        for code, among in there.items()
    ]
    return sorted(rows, key=_most_first)


def _most_first(row: ProvinceRow) -> tuple[int, str]:
    return -row.offices, alphabet_key(row.name.for_locale(Locale.FA))


def areas(session: Session) -> list[AreaRow]:
    """All areas below the nation: the provinces in the order of `provinces`, then counties with their districts."""
    rows = [
        (AreaRow(Node(path), name or province_name), offices)
        for path, name, province_name, offices in session.execute(_areas())
    ]
    rows.sort(key=lambda row: (row[0].node.level is not Level.PROVINCE, *_by_offices(row[0].name, row[1], row[0].node)))
    return [row for row, _offices in rows]


def _by_offices(name: Localised, offices: int, node: Node) -> tuple[Any, ...]:
    return (-offices, alphabet_key(name.for_locale(Locale.FA))) if node.level is Level.PROVINCE else (node.path,)


def office(session: Session, *, office_id: int) -> OfficeRow | None:
    """The office of this id, active or not."""
    found = session.execute(_BY_ID, {"office": office_id}).one_or_none()
    return None if found is None else row_of(found)


def office_by_code(session: Session, *, code: str) -> OfficeRow | None:
    """The office whose sign carries this code, active or not."""
    found = session.execute(_BY_CODE, {"code": code}).one_or_none()
    return None if found is None else row_of(found)


def offices_by_code(session: Session, *, codes: Collection[str]) -> dict[str, OfficeRow]:
    """The offices whose signs carry these codes, active or not, by code."""
    wanted, found = sorted(set(codes)), {}
    for first in range(0, len(wanted), AT_ONCE):
        for each in session.execute(_BY_CODES, {"codes": wanted[first : first + AT_ONCE]}):
            row = row_of(each)
            found[row.code] = row
    return found


def offices_by_id(session: Session, *, office_ids: list[int]) -> dict[int, OfficeRow]:
    """The offices of these ids, active or not, by id."""
    found = session.execute(_BY_IDS, {"offices": office_ids}) if office_ids else ()
    return {row.id: row for row in (row_of(each) for each in found)}


def search(session: Session, *, words: str, only: Only | None = None, limit: int = 7) -> list[OfficeRow]:
    """Active offices whose code, city, name or address hold every word typed; an exact code stands first.

    In Latin letters («karaj») a city is found by its consonants.
    """
    tokens = search_tokens(words)
    if not tokens:
        return []
    condition, given = _narrowed(only)
    query = _active(condition, in_province=False)
    query = query.where(*(_office.c.search_words.contains(token, autoescape=True) for token in tokens))
    is_other = case((func.lower(func.replace(_office.c.code, "-", "")) == joined(words), 0), else_=1)
    found = [row_of(each) for each in session.execute(query.order_by(is_other, _office.c.code).limit(limit), given)]
    if found or not is_latin(words) or not (sounds := set(consonants(words))):
        return found
    everywhere = map(row_of, session.execute(_active(condition, in_province=False).order_by(_office.c.code), given))
    return [row for row in everywhere if sounds <= set(consonants(" ".join(row.city.to_mapping().values())))][:limit]


def nearest(
    session: Session, *, point: GeoPoint, only: Only | None = None, limit: int = 5
) -> list[tuple[OfficeRow, float]]:
    """The active offices nearest to `point`, with the distance in km; offices without coordinates are left out."""
    condition, given = _narrowed(only)
    places = session.execute(_places(condition), given)
    distances = sorted(
        (point.distance_km(GeoPoint(latitude, longitude)), office_id) for office_id, latitude, longitude in places
    )[:limit]
    rows = offices_by_id(session, office_ids=[office_id for _, office_id in distances])
    return [(rows[office_id], km) for km, office_id in distances]


def active_offices(session: Session, *, province_code: str | None = None, only: Only | None = None) -> list[OfficeRow]:
    """The active offices of the country or a province, by city and name."""
    condition, given = _narrowed(only)
    if province_code is not None:
        given = {**given, "province": province_code}
    found = session.execute(_active(condition, in_province=province_code is not None), given)
    return sorted((row_of(each) for each in found), key=_place)


def all_offices(session: Session, *, scope: Scope, active_only: bool = False) -> list[OfficeRow]:
    """Every office within `scope` by province, city and name, for staff."""
    found = session.execute(_in_reach(scope, active_only=active_only))
    return sorted((row_of(each) for each in found), key=in_order)


def _narrowed(only: Only | None) -> Only | tuple[None, Mapping[str, Any]]:
    return only or (None, {})


def in_order(row: OfficeRow) -> tuple[str, ...]:
    """The sort key of lists for staff: province, city, name."""
    return (row.province_code, *_place(row))


def _place(row: OfficeRow) -> tuple[str, str, str]:
    city, name = row.city.for_locale(Locale.FA), row.name.for_locale(Locale.FA)
    return alphabet_key(city), alphabet_key(name), row.code


def row_of(found: Iterable[Any]) -> OfficeRow:
    """The office of the values of `COLUMNS`."""
    values = _Values._make(found)
    latitude, longitude = values.latitude, values.longitude
    return OfficeRow(
        id=values.id,
        code=values.code,
        kind=values.kind,
        province_code=values.province_code,
        province_name=values.province_name,
        city=values.city,
        name=values.name,
        address=values.address,
        point=None if latitude is None or longitude is None else GeoPoint(latitude, longitude),
        phone=Phone(values.phone) if values.phone else None,
        zone=values.zone,
        is_active=values.is_active,
        area=values.area,
    )
