"""A limit on search results never hides what was searched for."""

from __future__ import annotations

from datetime import timedelta

from desk.capacity.models import Slot
from desk.capacity.queries import first_free
from desk.catalogue.queries import search
from desk.consequences.carrying import nearest_free
from desk.storage.base import WriteSession
from tests.makers import NOW, TODAY, at, make_office, make_queue, make_service, make_slot

TOMORROW = TODAY + timedelta(days=1)


def test_queues_that_begin_together_hide_no_start_of_another(session: WriteSession) -> None:
    service, office = make_service(session), make_office(session)
    for _ in range(3):
        queue = make_queue(session, office=office, services=[service])
        for hour in (9, 12, 13):
            make_slot(session, queue=queue, starts_at=at(TOMORROW, hour=hour))
    behind = make_queue(session, office=office, services=[service])
    make_slot(session, queue=behind, starts_at=at(TOMORROW, hour=9, minute=15))
    found = first_free(session, service_id=service.id, office_ids=[office.id], after=NOW, limit=3)
    assert [each.starts_at for each in found] == [
        at(TOMORROW, hour=9),
        at(TOMORROW, hour=9, minute=15),
        at(TOMORROW, hour=12),
    ]


def test_where_none_near_has_a_time_an_appointment_moves_within_its_province_before_it_crosses_the_country(
    session: WriteSession,
) -> None:
    service = make_service(session)
    home = make_office(session, province_code="IR-30", point=(35.83, 50.99))
    for place in range(11):  # the nearest ones, all without a time
        near = make_office(session, province_code="IR-30", point=(35.83 + place / 1000, 50.99))
        make_queue(session, office=near, services=[service])
    slots: dict[str, Slot] = {}
    for province, point, hour in (("IR-30", (36.1, 50.6), 12), ("IR-23", (35.6, 59.5), 8)):
        office = make_office(session, province_code=province, point=point)
        queue = make_queue(session, office=office, services=[service])
        slots[province] = make_slot(session, queue=queue, starts_at=at(TOMORROW, hour=hour))
    assert nearest_free(session, service_id=service.id, office_id=home.id, after=NOW) == slots["IR-30"].id


def test_a_word_that_many_services_have_finds_all_of_them(session: WriteSession) -> None:
    made = [make_service(session, title=f"کارت {number}").id for number in range(12)]
    assert {row.id for row in search(session, words="کارت")} == set(made)
