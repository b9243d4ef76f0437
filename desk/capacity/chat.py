"""What a chat may read about opening hours, free slots, and the offices that offer a service, from now on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from desk.capacity import opening_hours, queries, status_queries, together
from desk.capacity.offering import offered, offering
from desk.capacity.rows import WEEK, Elsewhere, FreeDay, FreeSlot, OpenDay, Opening, TogetherAt
from desk.capacity.rules import TIME_TO_COME
from desk.catalogue import queries as catalogue
from desk.catalogue.rows import ServiceCard, ServiceRow
from desk.conversations.chat import Chat
from desk.offices import queries as offices
from desk.offices.rows import OfficeRow, ProvinceRow
from desk.values import GeoPoint, LocalDay


def open_days(
    chat: Chat, office_id: int, *, service_id: int | None, first: LocalDay, days: int = WEEK
) -> list[OpenDay]:
    """The hours of `days` days, of any queue or of those that serve the service; empty = nothing is known."""
    return opening_hours.open_days(chat.session, office_id=office_id, service_id=service_id, first=first, days=days)


def first_free(chat: Chat, *, service_id: int, office_id: int) -> FreeSlot | None:
    """The soonest free slot of an office, however near."""
    found = queries.first_free(chat.session, service_id=service_id, office_ids=[office_id], after=chat.now, limit=1)
    return found[0] if found else None


def suggested(chat: Chat, soonest: FreeSlot | None, *, service_id: int) -> FreeSlot | None:
    """The soonest free slot of an office, or where that leaves no time to come, the next one that does.

    A nearer one may be chosen all the same.
    """
    if soonest is None or soonest.starts_at >= chat.now + TIME_TO_COME:
        return soonest
    later = queries.first_free(
        chat.session,
        service_id=service_id,
        office_ids=[soonest.office_id],
        after=chat.now + TIME_TO_COME,
        now=chat.now,
        limit=1,
    )
    return later[0] if later else None


def free_days(
    chat: Chat, *, service_id: int, office_id: int, from_day: date | None = None, limit: int = 6
) -> list[FreeDay]:
    """The next days of an office that have free slots."""
    return queries.free_days(
        chat.session, service_id=service_id, office_id=office_id, after=chat.now, limit=limit, from_day=from_day
    )


def free_times(chat: Chat, *, service_id: int, office_id: int, day: date) -> list[FreeSlot]:
    """The free slots of a day."""
    return queries.free_times(chat.session, service_id=service_id, office_id=office_id, day=day, after=chat.now)


def times_together(
    chat: Chat, *, service_id: int, office_id: int, day: date, people: int, held: Sequence[int] = ()
) -> list[TogetherAt]:
    """For each start of a day with which so many people can begin together, their places (`together`)."""
    return together.times_together(
        chat.session,
        service_id=service_id,
        office_id=office_id,
        day=day,
        people=people,
        after=chat.now,
        held=held,
    )


def next_opening(chat: Chat, *, service_id: int, office_id: int, from_day: date | None = None) -> Opening | None:
    """The first day, from `from_day` on, that has free slots and opens later."""
    return queries.next_opening(
        chat.session, service_id=service_id, office_id=office_id, from_day=from_day, now=chat.now
    )


def elsewhere(
    chat: Chat, *, service_id: int, except_office: int, near: GeoPoint | None = None, limit: int = 3
) -> list[Elsewhere]:
    """Other offices, each with its soonest free slot that leaves time to come."""
    return queries.soonest_elsewhere(
        chat.session,
        service_id=service_id,
        near=near,
        province_code=None,
        except_office=except_office,
        after=chat.now + TIME_TO_COME,
        now=chat.now,
        limit=limit,
    )


def slot(chat: Chat, slot_id: int, *, service_id: int) -> FreeSlot | None:
    """The slot of this id if it may be booked for this service; also one whose place this chat holds."""
    return queries.slot(chat.session, slot_id=slot_id, service_id=service_id, after=chat.now)


def services(chat: Chat) -> list[ServiceRow]:
    """The services that can be booked: some office in use offers them."""
    everywhere = offered(chat.session)
    return [row for row in catalogue.services(chat.session, bookable_only=True) if row.id in everywhere]


def takes_appointments(chat: Chat, shown: ServiceCard) -> bool:
    """Whether it is one of `services`, known from its card."""
    return shown.is_bookable and shown.is_published and shown.id in offered(chat.session)


def is_withheld(chat: Chat, *, service_id: int, office_id: int) -> bool:
    """Whether the service was taken from this office, so that nobody is served there for now."""
    return service_id in status_queries.withheld(chat.session, office_id=office_id)


def provinces(chat: Chat, *, service_id: int | None) -> list[ProvinceRow]:
    """Provinces that have an office (for the service)."""
    return offices.provinces(chat.session, with_offices=True, only=offering(service_id))


def search_offices(chat: Chat, words: str, *, service_id: int | None, limit: int) -> list[OfficeRow]:
    """Offices found by words (that do the service)."""
    return offices.search(chat.session, words=words, only=offering(service_id), limit=limit)


def nearest_offices(
    chat: Chat, point: GeoPoint, *, service_id: int | None, limit: int = 5
) -> list[tuple[OfficeRow, float]]:
    """Offices (that do the service) with their distance in kilometres, the nearest first."""
    return offices.nearest(chat.session, point=point, only=offering(service_id), limit=limit)


def offices_in(chat: Chat, province_code: str, *, service_id: int | None) -> list[OfficeRow]:
    """The offices of a province in use (that do the service)."""
    return offices.active_offices(chat.session, province_code=province_code, only=offering(service_id))
