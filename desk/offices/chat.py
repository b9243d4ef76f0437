"""What a chat may read about provinces and offices; which of them offer a service is known to `desk.capacity`."""

from __future__ import annotations

from desk.conversations.chat import Chat
from desk.offices import assistance, queries
from desk.offices.cities import City, city_meant
from desk.offices.rows import OfficeRow, ProvinceRow, StatedAssistance


def provinces(chat: Chat) -> list[ProvinceRow]:
    """Provinces that have an office."""
    return queries.provinces(chat.session, with_offices=True)


def office(chat: Chat, office_id: int) -> OfficeRow | None:
    """An office, in use or not."""
    return queries.office(chat.session, office_id=office_id)


def several(chat: Chat, office_ids: list[int]) -> dict[int, OfficeRow]:
    """These offices by id, in use or not."""
    return queries.offices_by_id(chat.session, office_ids=office_ids)


def by_code(chat: Chat, code: str) -> OfficeRow | None:
    """The office of a code, in use or not."""
    return queries.office_by_code(chat.session, code=code)


def city(_chat: Chat, words: str) -> City | None:
    """The city that is named by these words, whether or not an office is there."""
    return city_meant(words)


def stated_assistance(chat: Chat, office_id: int) -> StatedAssistance:
    """On which weekdays the office says that it has a woman clerk or an interpreter."""
    return assistance.stated(chat.session, office_id=office_id)
