"""The evidence beside the setting of a draw: what is recorded, and «not known» where nothing is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from desk.appointments.models import Appointment
from desk.capacity.models import Slot
from desk.catalogue.models import Service
from desk.draws.evidence import Scarcity, scarcity
from desk.storage.base import WriteSession
from tests.makers import (
    NOW,
    TODAY,
    at,
    make_appointment,
    make_conversation,
    make_office,
    make_queue,
    make_service,
    make_slot,
)
from tests.makers_waiting import make_request, wish_for


@pytest.fixture
def service(session: WriteSession) -> Service:
    return make_service(session)


def seen(session: WriteSession, service: Service) -> Scarcity:
    return scarcity(session, service_id=service.id, province_code="IR-30", now=NOW)


def test_of_a_service_without_an_office_nothing_is_known(session: WriteSession, service: Service) -> None:
    make_office(session)
    assert seen(session, service) == Scarcity(0, None, None, 0, 0)


def test_days_to_the_next_free_place_and_who_waits(session: WriteSession, service: Service) -> None:
    office = make_office(session)
    queue = make_queue(session, office=office, services=[service])
    make_slot(session, queue=queue, starts_at=at(TODAY + timedelta(days=5), hour=9))
    make_request(session, service=service, wish=wish_for(office), chat=make_conversation(session))
    make_request(session, service=service, wish=wish_for(provinces=("IR-30",)), chat=make_conversation(session))
    found = seen(session, service)
    assert (found.offices, found.days_to_free, found.waiting) == (1, 5, 2)
    assert found.minutes_to_sold_out is None


def sold_out(
    session: WriteSession, service: Service, *, day: int, booked: list[datetime], places: int | None = None
) -> None:
    """A day whose places were booked at these moments."""
    queue = make_queue(session, office=make_office(session), services=[service])
    number = places or len(booked)
    slot = make_slot(session, queue=queue, starts_at=at(TODAY + timedelta(days=day), hour=9), capacity=number)
    for moment in booked:
        made = make_appointment(session, slot=slot, service=service, conversation=make_conversation(session))
        session.execute(update(Appointment).where(Appointment.id == made.id).values(created_at=moment))
    session.execute(update(Slot).where(Slot.id == slot.id).values(remaining=number - len(booked)))


def test_minutes_in_which_a_day_sold_out_are_those_from_its_opening(session: WriteSession, service: Service) -> None:
    session.execute(update(Service).where(Service.id == service.id).values(days_ahead=7, opens_at=8 * 60))
    opened = at(TODAY - timedelta(days=4), hour=8)
    sold_out(session, service, day=3, booked=[opened + timedelta(minutes=1), opened + timedelta(minutes=4)])
    assert (seen(session, service).minutes_to_sold_out, seen(session, service).sold_out_days) == (4, 1)


def test_a_day_that_is_not_booked_up_says_nothing(session: WriteSession, service: Service) -> None:
    session.execute(update(Service).where(Service.id == service.id).values(days_ahead=7, opens_at=8 * 60))
    sold_out(session, service, day=3, booked=[at(TODAY - timedelta(days=4), hour=9)], places=2)
    assert seen(session, service).minutes_to_sold_out is None


def test_where_no_hour_of_opening_is_known_nothing_is_claimed(session: WriteSession, service: Service) -> None:
    sold_out(session, service, day=3, booked=[at(TODAY - timedelta(days=4), hour=9)])
    assert seen(session, service).minutes_to_sold_out is None


def test_a_day_that_was_booked_before_it_would_open_was_opened_by_other_rules(
    session: WriteSession, service: Service
) -> None:
    session.execute(update(Service).where(Service.id == service.id).values(days_ahead=7, opens_at=8 * 60))
    sold_out(session, service, day=3, booked=[at(TODAY - timedelta(days=9), hour=9)])
    assert seen(session, service).minutes_to_sold_out is None
