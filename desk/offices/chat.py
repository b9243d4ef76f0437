"""What a chat may read about provinces and offices."""

from __future__ import annotations

from desk.conversations.chat import Chat
from desk.offices import queries
from desk.offices.rows import OfficeRow, ProvinceRow
from desk.values import GeoPoint


def provinces(chat: Chat, *, service_id: int | None = None) -> list[ProvinceRow]:
    """Provinces that have an office (for the service)."""
    return queries.provinces(chat.session, with_offices=True, service_id=service_id)


def office(chat: Chat, office_id: int) -> OfficeRow | None:
    """An office, in use or not."""
    return queries.office(chat.session, office_id=office_id)


def by_code(chat: Chat, code: str) -> OfficeRow | None:
    """The office of a code, in use or not."""
    return queries.office_by_code(chat.session, code=code)


def search(chat: Chat, words: str, *, service_id: int | None = None, limit: int) -> list[OfficeRow]:
    """Offices found by words (that do the service)."""
    return queries.search(chat.session, words=words, service_id=service_id, limit=limit)


def nearest(chat: Chat, point: GeoPoint, *, service_id: int | None = None) -> list[tuple[OfficeRow, float]]:
    """Offices (that do the service) with their distance in kilometres, the nearest first."""
    return queries.nearest(chat.session, point=point, service_id=service_id)


def in_province(chat: Chat, code: str, *, service_id: int | None = None) -> list[OfficeRow]:
    """The offices of a province in use (that do the service)."""
    return queries.active_offices(chat.session, province_code=code, service_id=service_id)
