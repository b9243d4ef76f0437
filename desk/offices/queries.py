"""Reading provinces and offices: lists, a search by words, and the nearest ones."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from desk.language.folding import alphabet_key
from desk.language.text import Locale, Localised
from desk.offices.models import Office, Province
from desk.offices.offering import offers
from desk.offices.rows import OfficeRow, ProvinceRow
from desk.offices.rules import Reach, search_tokens
from desk.values import GeoPoint, Phone

__all__ = [
    "OfficeRow",
    "ProvinceRow",
    "active_offices",
    "all_offices",
    "in_province",
    "nearest",
    "office",
    "office_by_code",
    "offices_by_id",
    "provinces",
    "row_of",
    "search",
]


def provinces(session: Session, *, with_offices: bool = False, service_id: int | None = None) -> list[ProvinceRow]:
    """All provinces, those with most active offices first, then in Persian order; or only those that have any.

    With `service_id` only offices that offer the service count.
    """
    offices = select(Office.province_code, func.count().label("offices")).where(Office.is_active.is_(True))
    if service_id is not None:
        offices = offices.where(offers(service_id))
    counted = offices.group_by(Office.province_code).subquery()
    found = session.execute(
        select(Province.code, Province.name, func.coalesce(counted.c.offices, 0)).outerjoin(
            counted, counted.c.province_code == Province.code
        )
    )
    rows = [ProvinceRow(code=code, name=name, offices=offices) for code, name, offices in found]
    if with_offices:
        rows = [row for row in rows if row.offices]
    return sorted(rows, key=lambda row: (-row.offices, alphabet_key(row.name.for_locale(Locale.FA))))


def office(session: Session, *, office_id: int) -> OfficeRow | None:
    """The office of this id, active or not."""
    found = session.execute(_offices().where(Office.id == office_id)).one_or_none()
    return None if found is None else row_of(*found)


def office_by_code(session: Session, *, code: str) -> OfficeRow | None:
    """The office whose sign carries this code, active or not."""
    found = session.execute(_offices().where(Office.code == code)).one_or_none()
    return None if found is None else row_of(*found)


def offices_by_id(session: Session, *, office_ids: list[int]) -> dict[int, OfficeRow]:
    """The offices of these ids, by id."""
    found = session.execute(_offices().where(Office.id.in_(office_ids))) if office_ids else ()
    return {row.id: row for row in (row_of(*each) for each in found)}


def search(session: Session, *, words: str, service_id: int | None = None, limit: int = 7) -> list[OfficeRow]:
    """Active offices whose code, city, name or address hold every word typed; an exact code stands first."""
    tokens = search_tokens(words)
    if not tokens:
        return []
    query = _active(service_id).where(*(Office.search_words.contains(token, autoescape=True) for token in tokens))
    found = session.execute(query.order_by(Office.code).limit(limit * 4))
    rows = [row_of(*each) for each in found]
    typed = "".join(tokens).replace("-", "")
    rows.sort(key=lambda row: row.code.replace("-", "") != typed)
    return rows[:limit]


def nearest(
    session: Session, *, point: GeoPoint, service_id: int | None = None, limit: int = 5
) -> list[tuple[OfficeRow, float]]:
    """The active offices nearest to `point`, with the distance in km; those without a place on the map are left out."""
    places = select(Office.id, Office.latitude, Office.longitude).where(
        Office.is_active.is_(True), Office.latitude.is_not(None), Office.longitude.is_not(None)
    )
    if service_id is not None:
        places = places.where(offers(service_id))
    distances = sorted(
        (point.distance_km(GeoPoint(latitude, longitude)), office_id)
        for office_id, latitude, longitude in session.execute(places)
        if latitude is not None and longitude is not None
    )[:limit]
    rows = offices_by_id(session, office_ids=[office_id for _, office_id in distances])
    return [(rows[office_id], km) for km, office_id in distances]


def in_province(session: Session, *, province_code: str, service_id: int | None = None) -> list[OfficeRow]:
    """The active offices of a province by city and name."""
    where = [Office.province_code == province_code]
    if service_id is not None:
        where.append(offers(service_id))
    return active_offices(session, *where)


def active_offices(session: Session, *where: ColumnElement[bool]) -> list[OfficeRow]:
    """The active offices that all these conditions hold for, by city and name."""
    found = session.execute(_active(None).where(*where))
    return sorted((row_of(*each) for each in found), key=_place)


def all_offices(session: Session, *, scope: Reach, active_only: bool = False) -> list[OfficeRow]:
    """Every office within `scope` by province, city and name, for staff."""
    query = _offices()
    if active_only:
        query = query.where(Office.is_active.is_(True))
    if not scope.nation:
        query = query.where(or_(Office.province_code.in_(scope.provinces), Office.id.in_(scope.offices)))
    found = session.execute(query)
    return sorted((row_of(*each) for each in found), key=lambda row: (row.province_code, *_place(row)))


def _place(row: OfficeRow) -> tuple[str, str, str]:
    city, name = row.city.for_locale(Locale.FA), row.name.for_locale(Locale.FA)
    return alphabet_key(city), alphabet_key(name), row.code


def _offices() -> Select[Office, Localised]:
    return select(Office, Province.name).join(Province, Province.code == Office.province_code)


def _active(service_id: int | None) -> Select[Office, Localised]:
    query = _offices().where(Office.is_active.is_(True))
    return query if service_id is None else query.where(offers(service_id))


def row_of(found: Office, province_name: Localised) -> OfficeRow:
    """The row of a loaded office."""
    point = None
    if found.latitude is not None and found.longitude is not None:
        point = GeoPoint(found.latitude, found.longitude)
    return OfficeRow(
        id=found.id,
        code=found.code,
        kind=found.kind,
        province_code=found.province_code,
        province_name=province_name,
        city=found.city,
        name=found.name,
        address=found.address,
        point=point,
        phone=Phone(found.phone) if found.phone else None,
        zone=found.zone,
        is_active=found.is_active,
    )
