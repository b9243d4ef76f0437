"""Looking things up: services with their cards, and offices."""

from __future__ import annotations

from sqlalchemy.orm import Session

from desk.capacity import opening_hours
from desk.capacity.opening_hours import WEEK, OpenDay
from desk.catalogue import queries as catalogue
from desk.catalogue.rows import FeeRow, ServiceCard, ServiceRow
from desk.offices import queries as offices
from desk.offices.rows import OfficeRow, ProvinceRow
from desk.values import GeoPoint, LocalDay


class Catalogue:
    def __init__(self, session: Session, *, today: LocalDay) -> None:
        self._session = session
        self._today = today.date

    def services(self, *, bookable_only: bool = False) -> list[ServiceRow]:
        return catalogue.services(self._session, bookable_only=bookable_only)

    def search(self, words: str) -> list[ServiceRow]:
        return catalogue.search(self._session, words=words)

    def card(
        self, service_id: int, *, province_code: str | None = None, on: LocalDay | None = None
    ) -> ServiceCard | None:
        day = on.date if on is not None else self._today
        try:
            return catalogue.card(self._session, service_id=service_id, province_code=province_code, today=day)
        except LookupError:
            return None

    def fee_on(self, service_id: int, *, day: LocalDay, province_code: str | None = None) -> FeeRow | None:
        return catalogue.fee_in_force(self._session, service_id=service_id, province_code=province_code, today=day.date)

    def card_by_code(self, code: str) -> ServiceCard | None:
        return catalogue.card_by_code(self._session, code=code, today=self._today)


class Offices:
    def __init__(self, session: Session) -> None:
        self._session = session

    def provinces(self, *, service_id: int | None = None) -> list[ProvinceRow]:
        return offices.provinces(self._session, with_offices=True, service_id=service_id)

    def office(self, office_id: int) -> OfficeRow | None:
        return offices.office(self._session, office_id=office_id)

    def by_code(self, code: str) -> OfficeRow | None:
        return offices.office_by_code(self._session, code=code)

    def search(self, words: str, *, service_id: int | None = None, limit: int) -> list[OfficeRow]:
        return offices.search(self._session, words=words, service_id=service_id, limit=limit)

    def nearest(self, point: GeoPoint, *, service_id: int | None = None) -> list[tuple[OfficeRow, float]]:
        return offices.nearest(self._session, point=point, service_id=service_id)

    def in_province(self, code: str, *, service_id: int | None = None) -> list[OfficeRow]:
        return offices.active_offices(self._session, province_code=code, service_id=service_id)

    def open_days(self, office_id: int, *, service_id: int | None, first: LocalDay, days: int = WEEK) -> list[OpenDay]:
        return opening_hours.open_days(
            self._session, office_id=office_id, service_id=service_id, first=first, days=days
        )
