"""What a chat may read in the catalogue."""

from __future__ import annotations

from desk.catalogue import queries
from desk.catalogue.rows import FeeRow, ServiceCard, ServiceRow
from desk.conversations.chat import Chat
from desk.values import LocalDay


def services(chat: Chat, *, bookable_only: bool = False) -> list[ServiceRow]:
    """The services in use."""
    return queries.services(chat.session, bookable_only=bookable_only)


def search(chat: Chat, words: str) -> list[ServiceRow]:
    """Services found by typed words, the best matches first."""
    return queries.search(chat.session, words=words)


def named(chat: Chat, words: str) -> list[ServiceRow]:
    """The services that typed words name best: several only where they fit all of them equally."""
    return queries.named(chat.session, words=words)


def card(
    chat: Chat, service_id: int, *, province_code: str | None = None, on: LocalDay | None = None
) -> ServiceCard | None:
    """The card of a service, with the fee of the day `on` (None = today)."""
    day = on.date if on is not None else chat.today.date
    try:
        return queries.card(chat.session, service_id=service_id, province_code=province_code, today=day)
    except LookupError:
        return None


def service(chat: Chat, service_id: int) -> ServiceRow | None:
    """A service as lists have it; None for an unknown id."""
    return queries.service(chat.session, service_id=service_id)


def card_by_code(chat: Chat, code: str) -> ServiceCard | None:
    """The card of the service with this code, with today's fee."""
    return queries.card_by_code(chat.session, code=code, today=chat.today.date)


def fee_on(chat: Chat, service_id: int, *, day: LocalDay, province_code: str | None = None) -> FeeRow | None:
    """The confirmed fee of that day; None = no fee was announced."""
    return queries.fee_in_force(chat.session, service_id=service_id, province_code=province_code, today=day.date)
