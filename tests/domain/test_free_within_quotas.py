"""What staff see as free is what somebody can book: not a place that the quotas of the day leave to nobody."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from desk.acting import SYSTEM
from desk.capacity.models import Queue
from desk.capacity.saving_quotas import set_quotas
from desk.catalogue.models import Service
from desk.closings.foreseeing import QueueDay, foresee_closing
from desk.figures.counting import count_days
from desk.figures.queries import cells, strain
from desk.organisation import EVERYWHERE
from desk.places.queries import grid
from desk.storage.base import WriteSession
from tests.makers import NOW, TODAY, at, make_appointment, make_office, make_queue, make_service, make_slot
from tests.makers_closings import WHOLE

TOMORROW, DAY_AFTER = TODAY + timedelta(days=1), TODAY + timedelta(days=2)


class Shared:
    """A queue that gives two services, with six places tomorrow and the day after; two are booked tomorrow for one."""

    def __init__(self, session: WriteSession) -> None:
        self.session = session
        self.one, self.other = make_service(session), make_service(session)
        self.office = make_office(session)
        self.queue: Queue = make_queue(session, office=self.office, services=[self.one, self.other])
        slots = [
            make_slot(session, queue=self.queue, starts_at=at(day, hour=9), capacity=6) for day in (TOMORROW, DAY_AFTER)
        ]
        for _ in range(2):
            make_appointment(session, slot=slots[0], service=self.one)

    def bound(self, **most: int | None) -> None:
        quotas = {getattr(self, name).id: number for name, number in most.items()}
        set_quotas(self.session, queue_id=self.queue.id, quotas=quotas, actor=SYSTEM, now=NOW)
        count_days(self.session, id=self.queue.id, now=NOW)

    def counted(self, day: date = TOMORROW, *, of: Service | None = None) -> int:
        """What is free as the page of many offices has it."""
        asked = None if of is None else of.id
        return cells(self.session, office_ids=[self.office.id], service_id=asked, today=TODAY)[self.office.id, day].free

    def shown(self, day: date = TOMORROW) -> int:
        """What is free as the page of the office has it."""
        [cell] = grid(self.session, office_id=self.office.id, from_day=day, days=1)
        return cell.free


@pytest.fixture
def shared(session: WriteSession) -> Shared:
    return Shared(session)


@pytest.mark.requirement("000-13", "M")
def test_a_service_without_a_quota_may_use_all_that_is_free(shared: Shared) -> None:
    shared.bound(one=2, other=None)
    assert (shared.counted(), shared.shown()) == (4, 4)
    assert (shared.counted(of=shared.one), shared.counted(of=shared.other)) == (0, 4)
    assert (shared.counted(DAY_AFTER), shared.counted(DAY_AFTER, of=shared.one)) == (6, 2)


def test_where_all_services_have_a_quota_no_more_is_free_than_they_leave_together(shared: Shared) -> None:
    shared.bound(one=3, other=1)
    assert (shared.counted(), shared.shown()) == (2, 2)
    assert (shared.counted(of=shared.one), shared.counted(of=shared.other)) == (1, 1)
    shared.bound(one=1, other=5)
    assert (shared.counted(), shared.shown()) == (4, 4), "one is above its quota, and takes nothing from the other"


@pytest.mark.parametrize(("most", "first_free"), [(2, DAY_AFTER), (3, TOMORROW)])
def test_the_first_free_day_is_one_on_which_somebody_can_book(shared: Shared, most: int, first_free: date) -> None:
    shared.bound(one=most, other=None)
    [row] = strain(shared.session, scope=EVERYWHERE, service_id=shared.one.id, today=TODAY)
    assert (row.first_free, row.free) == (first_free, most - 2 + most)


def test_a_closing_sends_nobody_to_a_place_that_a_quota_keeps(shared: Shared) -> None:
    """Of the two of tomorrow one finds room the day after, and one another office."""
    elsewhere = make_queue(shared.session, services=[shared.one, shared.other])
    make_slot(shared.session, queue=elsewhere, starts_at=at(DAY_AFTER, hour=9), capacity=6)
    set_quotas(shared.session, queue_id=elsewhere.id, quotas={shared.one.id: 1}, actor=SYSTEM, now=NOW)
    count_days(shared.session, id=elsewhere.id, now=NOW)
    days = [QueueDay(shared.queue.id, TOMORROW)]
    for most, expected in ((None, (2, 0, 0)), (1, (1, 1, 0))):
        shared.bound(one=most, other=None)
        seen = foresee_closing(shared.session, days=days, by=WHOLE, now=NOW)
        assert (seen.at_their_office, seen.elsewhere, seen.nowhere) == expected
