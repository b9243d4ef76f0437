"""Reading which chats wait for which announcements, and what is unknown of a service."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from desk.announcements.models import AnnouncementWish
from desk.announcements.rules import Announceable, read, unknown_of
from desk.capacity.offering import offered
from desk.catalogue import queries as catalogue
from desk.catalogue.models import Service
from desk.catalogue.queries import LISTED
from desk.catalogue.rows import ServiceCard, ServiceRow
from desk.storage.upsert import table_of

_wishes, _services = table_of(AnnouncementWish), table_of(Service)
_OF_CHAT = _wishes.c.conversation_id == bindparam("chat")
_ONE = select(_wishes.c.unknown).where(_OF_CHAT, _wishes.c.service_id == bindparam("service"))
_COUNT = select(func.count()).select_from(_wishes).where(_OF_CHAT)
_SERVICES = (
    select(*LISTED)
    .join(_wishes, _wishes.c.service_id == _services.c.id)
    .where(_OF_CHAT)
    .order_by(_services.c.position, _services.c.id)
)
_WAITING = select(func.count()).select_from(_wishes).where(_wishes.c.service_id == bindparam("service"))


def card_of(session: Session, *, service_id: int, today: date) -> ServiceCard | None:
    """The card of a service that applicants may read; None = there is none, or it is not published."""
    try:
        shown = catalogue.card(session, service_id=service_id, today=today)
    except LookupError:
        return None
    return shown if shown.is_published else None


def unknown_now(session: Session, shown: ServiceCard) -> tuple[Announceable, ...]:
    """What is not announced of this service."""
    return unknown_of(shown, is_offered=shown.id in offered(session))


def wanted(session: Session, *, conversation_id: int, service_id: int) -> tuple[Announceable, ...]:
    """What of this service the chat wants to be told; empty = it did not ask."""
    found = session.execute(_ONE, {"chat": conversation_id, "service": service_id}).scalar_one_or_none()
    return () if found is None else read(found)


def count(session: Session, *, conversation_id: int) -> int:
    """The number of services of which the chat wants to be told."""
    return session.scalar(_COUNT, {"chat": conversation_id}) or 0


def services(session: Session, *, conversation_id: int) -> list[ServiceRow]:
    """The services of which the chat wants to be told, in their order."""
    return [ServiceRow(*values) for values in session.execute(_SERVICES, {"chat": conversation_id})]


def waiting(session: Session, *, service_id: int) -> int:
    """The number of chats that wait for an announcement about this service, for staff."""
    return session.scalar(_WAITING, {"service": service_id}) or 0
