"""Freed places go to those who wait, in the order of the line; nobody who merely looks sees them meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk.acting import Actor
from desk.appointments.actions import book, cancel
from desk.appointments.models import Appointment
from desk.appointments.refusals import SlotTaken
from desk.capacity.actions import roll_window, set_exception
from desk.capacity.models import ExceptionKind, Slot
from desk.conversations.models import Conversation
from desk.organisation import EVERYWHERE
from desk.people.rules import DocumentKind
from desk.places.actions import release_expired
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from desk.waiting import actions, offer_queries
from desk.waiting.models import FreedPlace, OfferRound
from desk.waiting.offer_rules import FreedOutcome
from desk.waiting.rules import ClassReason, DayPart, OfferState
from desk.waiting.watching import ask_whether_they_wait_on
from tests.domain.offer_scene import TOMORROW, Desk
from tests.makers import NOW, TODAY, acting, appointment_code, make_conversation, make_person
from tests.makers_hours import make_rule
from tests.makers_waiting import make_class

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(session: WriteSession) -> Desk:
    return Desk(session)


def look_and_book(desk: Desk, slot: Slot | None = None) -> None:
    """Somebody who waits for nothing books what they see."""
    chat = make_conversation(desk.session)
    person = make_person(desk.session, conversation=chat)
    book(
        desk.session,
        idem_key=f"look:{chat.id}",
        actor=Actor.chat(chat.id),
        slot_id=(slot or desk.slot).id,
        service_id=desk.service.id,
        person_id=person.id,
        person_name="نام",
        document_kind=DocumentKind.AMAYESH,
        code=appointment_code(),
        now=desk.now,
    )


# kept at once ---------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("000-14", "A")
def test_what_becomes_free_is_kept_for_who_waits_in_the_same_transaction(desk: Desk) -> None:
    desk.wait()
    desk.free()
    assert (desk.remaining(), desk.claims(ClaimKind.KEPT)) == (0, 1)
    with pytest.raises(SlotTaken):
        look_and_book(desk)
    assert verify(desk.session) == []


def test_where_nobody_waits_it_is_everybodys(desk: Desk) -> None:
    desk.wait(from_day=TODAY + 5 * DAY)
    desk.free()
    assert (desk.remaining(), desk.claims(ClaimKind.KEPT)) == (1, 0)
    look_and_book(desk)


def test_without_keeping_whoever_looks_would_have_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the guard: the place is seen and booked by somebody who does not wait."""
    monkeypatch.setattr("desk.capacity.freed.keepers", lambda: ())
    desk.wait()
    desk.free()
    look_and_book(desk)


def test_every_way_of_freeing_a_place_ends_with_who_waits(desk: Desk) -> None:
    session = desk.session
    holder = make_conversation(session)
    own = make_appointment_of(desk, holder)
    waiter = desk.wait()
    cancel(session, appointment_id=own.id, actor=Actor.chat(holder.id), now=desk.now)
    assert desk.claims(ClaimKind.REST) == 1
    assert release_expired(session, now=desk.now + DAY / 2) == 1, "after its rest"
    assert desk.claims(ClaimKind.KEPT) == 1
    desk.offer()
    assert desk.states(waiter) == [OfferState.SENT]


def make_appointment_of(desk: Desk, chat: Conversation) -> Appointment:
    row = desk.booked.pop()
    row.conversation_id = chat.id
    desk.session.flush()
    return row


def test_a_day_whose_counters_grow_is_kept_up_to_what_is_waited_for(desk: Desk) -> None:
    session = desk.session
    make_rule(session, queue=desk.queue, weekday=3, opens=480, closes=540, minutes_per_person=30, counters=1)
    waiter = desk.wait()
    roll_window(session, queue_id=desk.queue.id, today=TODAY, now=desk.now)
    tuesday = TODAY + 3 * DAY
    seen = select(Slot.remaining).where(Slot.day == tuesday).order_by(Slot.starts_at)
    assert session.scalars(seen).all() == [0, 1]
    desk.offer()
    (offer,) = desk.offered(waiter)
    assert session.get_one(OfferRound, offer.round_id).day == tuesday
    more: dict[str, Any] = {"kind": ExceptionKind.HOURS, "counters": 2, "actor": acting(1), "now": desk.now}
    other = desk.wait()
    set_exception(session, queue_id=desk.queue.id, day=tuesday, **more)
    desk.offer()
    assert desk.states(other) == [OfferState.SENT]


# the order of the line ------------------------------------------------------------------------------------------------


def test_who_waits_longest_is_offered_it(desk: Desk) -> None:
    later, first = desk.wait(days=1), desk.wait(days=3)
    desk.free()
    assert desk.offer() >= 1
    assert (desk.states(first), desk.states(later)) == ([OfferState.SENT], [])
    assert desk.told(first) == ["offer"]
    assert (desk.claims(ClaimKind.OFFER), desk.claims(ClaimKind.KEPT), desk.remaining()) == (1, 0, 0)
    assert verify(desk.session) == []


def test_a_priority_class_goes_before_by_its_days(desk: Desk) -> None:
    first, in_need = desk.wait(days=3), desk.wait(days=1)
    given: dict[str, Any] = {"office_id": desk.office.id, "reason": ClassReason.SEEN, "actor": acting(1), "now": NOW}
    actions.give_class(desk.session, request_id=in_need.request, class_id=make_class(desk.session).id, **given)
    desk.free()
    desk.offer()
    assert (desk.states(in_need), desk.states(first)) == ([OfferState.SENT], [])


def test_only_who_wished_this_day_this_hour_and_this_place_is_asked(desk: Desk) -> None:
    others = [
        desk.wait(days=9, weekdays=frozenset({TOMORROW.weekday() % 7})),
        desk.wait(days=9, parts=frozenset({DayPart.AFTERNOON})),
        desk.wait(days=9, from_day=TODAY + 2 * DAY),
    ]
    fits = desk.wait()
    desk.free()
    desk.offer()
    assert [desk.states(each) for each in others] == [[], [], []]
    assert desk.states(fits) == [OfferState.SENT]
    (freed,) = offer_queries.freed_places(
        desk.session, office_id=desk.office.id, scope=EVERYWHERE, from_day=TODAY, to_day=TOMORROW
    )
    assert (freed.outcome, freed.offers) == (FreedOutcome.OFFERED, ((fits.request, OfferState.SENT),))
    assert freed.others == {"weekday": 1, "part": 1, "days": 1}


def test_who_is_offered_a_place_is_no_other_of_it_and_has_an_offer_beside_the_next(desk: Desk) -> None:
    later = [desk.wait(days=days) for days in (3, 2, 1)][2]
    desk.free(places=2)
    desk.offer()
    rows = desk.session.scalars(select(FreedPlace)).all()
    assert [row.others for row in rows] == [{"has_offer": 1, "later": 1}] * 2
    assert desk.states(later) == []


def test_what_fits_nobody_after_all_is_everybodys_and_the_reason_is_kept(desk: Desk) -> None:
    desk.wait(parts=frozenset({DayPart.AFTERNOON}))
    desk.free()
    assert desk.remaining() == 0
    desk.offer()
    assert (desk.remaining(), desk.claims(ClaimKind.KEPT)) == (1, 0)
    row = desk.session.scalars(select(FreedPlace)).one()
    assert (row.outcome, row.others) == (FreedOutcome.NOBODY, {"part": 1})


def test_a_chat_that_blocked_us_is_passed_over(desk: Desk) -> None:
    gone, next_one = desk.wait(days=2), desk.wait()
    gone.chat.reachable = False
    desk.free()
    desk.offer()
    assert (desk.states(gone), desk.states(next_one)) == ([], [OfferState.SENT])


def test_a_request_has_one_live_offer(desk: Desk) -> None:
    first, second = desk.wait(days=2), desk.wait()
    desk.free(places=2)
    desk.offer()
    assert (desk.states(first), desk.states(second)) == ([OfferState.SENT], [OfferState.SENT])
    third = desk.full(TOMORROW, hour=10)
    desk.free(third)
    desk.offer()
    assert desk.states(first) == [OfferState.SENT]
    assert desk.remaining(third) == 1, "both are asked already"


def test_a_household_is_offered_places_together_or_none(desk: Desk) -> None:
    family, alone = desk.wait(days=5, people=2), desk.wait()
    desk.free()
    desk.offer()
    assert (desk.states(family), desk.states(alone)) == ([], [OfferState.SENT])
    both = desk.full(TOMORROW, hour=11)
    desk.free(both, places=2)
    desk.offer()
    assert desk.states(family) == [OfferState.SENT]
    done = desk.accept(family)
    assert len(done.appointment_ids) == 2
    assert verify(desk.session) == []


def test_places_that_follow_each_other_are_together(desk: Desk) -> None:
    one, next_one = desk.full(TOMORROW, hour=12, places=1), desk.full(TOMORROW, hour=12, minute=15, places=1)
    family = desk.wait(people=2)
    desk.free(one)
    desk.free(next_one)
    desk.offer()
    assert desk.states(family) == [OfferState.SENT]


# both databases -------------------------------------------------------------------------------------------------------


async def test_on_both_databases_a_freed_place_is_offered_and_booked(storage: Storage) -> None:
    def work(session: WriteSession) -> None:
        desk = Desk(session)
        first, family, second = desk.wait(days=3), desk.wait(days=2, people=2), desk.wait(days=1)
        soon = desk.full(TODAY, hour=11, minute=30, places=1)
        desk.free(places=2)
        desk.free(soon)
        desk.offer()
        desk.deliver()
        assert sum(desk.states(each) == [OfferState.SENT] for each in (first, family, second)) >= 2
        desk.accept(first)
        desk.later(hours=3)
        desk.watch()
        desk.offer()
        ask_whether_they_wait_on(session, now=desk.now, limit=9)
        assert offer_queries.freed_places(
            session, office_id=desk.office.id, scope=EVERYWHERE, from_day=TODAY, to_day=TOMORROW
        )

    await storage.write(work)
    assert await storage.read(verify) == []


def test_places_that_become_free_one_by_one_are_enough_for_a_household_at_last(desk: Desk) -> None:
    """Each was too little alone and is everybody's; both together are theirs who wait for two."""
    pair = desk.wait(days=5, people=2)
    desk.offer()
    for left in (1, 0):
        desk.free()
        while desk.offer():
            pass
        assert desk.remaining() == left
    assert desk.states(pair) == [OfferState.SENT]
    assert len(desk.accept(pair).appointment_ids) == 2
    assert verify(desk.session) == []
