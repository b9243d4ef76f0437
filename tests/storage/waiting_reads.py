"""What is asked of the database after each step of people who wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, TextClause, or_, select
from sqlalchemy.orm import Session

from desk.acting import SYSTEM
from desk.appointments import checks as appointments
from desk.appointments.models import Appointment
from desk.appointments.rules import HOLDS_A_PLACE
from desk.capacity import checks as capacity
from desk.capacity.models import QueueService, QuotaDay, Slot
from desk.catalogue.actions import save_service
from desk.catalogue.models import Service
from desk.catalogue.queries import card
from desk.catalogue.rows import ServiceFields
from desk.closings import checks as closings
from desk.consequences import checks as consequences
from desk.draws import checks as draws
from desk.outbox.actions import mark_sent
from desk.outbox.models import OutboxMessage
from desk.places import checks as places
from desk.places.models import Claim
from desk.storage.base import WriteSession
from desk.verify import Broken
from desk.waiting import checks
from desk.waiting.models import Offer, OfferPlace, StandingRequest
from desk.waiting.rules import RequestState

AFTER_EACH_STEP: Mapping[str, TextClause] = {
    rule: breaks
    for subject in (appointments, capacity, checks, closings, consequences, draws, places)
    for rule, breaks in subject.CHECKS.items()
}
"""What the steps may break. At the end of each history every promise of the desk is asked about."""


def live_appointments(session: Session) -> list[Row[Any]]:
    found = select(Appointment.id, Appointment.conversation_id, Appointment.day).where(Appointment.is_live)
    return list(session.execute(found.order_by(Appointment.id)))


def last_appointment(session: Session, *, person: int) -> Any:
    found = select(Appointment.state, Appointment.created_at).where(Appointment.person_id == person)
    return session.execute(found.order_by(Appointment.id.desc()).limit(1)).one_or_none()


def used(session: Session) -> dict[int, int]:
    """How many claims and appointments have a place of each slot."""
    found = Counter(session.scalars(select(Claim.slot_id)))
    have_one = select(Appointment.slot_id).where(Appointment.state.in_(HOLDS_A_PLACE), Appointment.has_place)
    found.update(session.scalars(have_one))
    return dict(found)


def requests(session: Session) -> list[Row[Any]]:
    found = select(StandingRequest.id, StandingRequest.conversation_id, StandingRequest.rank_at)
    return list(session.execute(found.order_by(StandingRequest.id)))


def who_waits_without_offer(session: Session) -> list[Row[Any]]:
    """The requests for which one place is enough."""
    has_offer = select(Offer.request_id).where(Offer.is_live)
    return list(
        session.execute(
            select(StandingRequest.id, StandingRequest.conversation_id)
            .join(Service, Service.id == StandingRequest.service_id)
            .where(
                StandingRequest.state == RequestState.WAITING,
                or_(StandingRequest.people == 1, Service.is_per_household),
                StandingRequest.id.not_in(has_offer),
            )
        )
    )


def quota(session: Session) -> tuple[int | None, dict[date, int]]:
    """How many people a day are taken for the service (None = all), and how many are, by day."""
    taken = session.execute(select(QuotaDay.day, QuotaDay.taken))
    return session.scalars(select(QueueService.most_a_day)).one(), {row.day: row.taken for row in taken}


def used_up_days(session: Session) -> set[date]:
    """The days on which nobody more is taken for the service."""
    bound, taken = quota(session)
    return {day for day, number in taken.items() if bound is not None and number >= bound}


def live_offers(session: Session) -> list[Row[Any]]:
    found = select(Offer.id, StandingRequest.conversation_id).join(
        StandingRequest, StandingRequest.id == Offer.request_id
    )
    return list(session.execute(found.where(Offer.is_live).order_by(Offer.id)))


def offered(session: Session) -> dict[int, frozenset[int]]:
    """Which slots each request was offered, ever."""
    found: dict[int, set[int]] = {}
    for request_id, slot_id in session.execute(
        select(Offer.request_id, OfferPlace.slot_id).join(OfferPlace, OfferPlace.round_id == Offer.round_id)
    ):
        found.setdefault(request_id, set()).add(slot_id)
    return {id: frozenset(slots) for id, slots in found.items()}


def held(session: Session) -> set[tuple[int, int | None]]:
    found = select(Appointment.slot_id, Appointment.conversation_id).where(Appointment.is_live)
    return {(row.slot_id, row.conversation_id) for row in session.execute(found)}


def slots(session: Session) -> list[Row[Any]]:
    return list(
        session.execute(
            select(
                Slot.id,
                Slot.starts_at,
                Slot.day,
                Slot.capacity,
                Slot.remaining,
                Slot.is_open,
                Slot.status,
                Slot.planned,
            ).order_by(Slot.id)
        )
    )


def broken(session: Session) -> list[Broken]:
    return [
        Broken(rule, " ".join(f"{name}={value}" for name, value in row.items()))
        for rule, breaks in AFTER_EACH_STEP.items()
        for row in session.execute(breaks).mappings()
    ]


def serve(session: WriteSession, *, service_id: int, is_per_household: bool, now: datetime) -> None:
    """Set whether one visit serves a household, as the page of the catalogue does."""
    shown = card(session, service_id=service_id, today=now.date())
    kept = {field.name: getattr(shown, field.name) for field in fields(ServiceFields)}
    changed = ServiceFields(**kept | {"is_per_household": is_per_household})
    save_service(session, service_id=service_id, fields=changed, actor=SYSTEM, now=now)


def deliver(session: WriteSession, *, now: datetime) -> None:
    waits = select(OutboxMessage.id).where(OutboxMessage.notice == "offer", OutboxMessage.is_open)
    for id in session.scalars(waits.where(OutboxMessage.due_at <= now)).all():
        mark_sent(session, id=id, message_id=str(id), now=now)
