"""Rounds near the start, what is free already, and people who wait no longer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, insert, select

from desk.acting import Actor
from desk.appointments.refusals import SlotTaken
from desk.capacity.models import Slot, SlotStatus
from desk.erasure.actions import erase
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import Recipient
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession
from desk.verify import verify
from desk.waiting import actions, offer_queries, transferring
from desk.waiting.models import FreedPlace
from desk.waiting.offer_rules import FreedOutcome
from desk.waiting.refusals import OfferOver
from desk.waiting.rules import DayPart, OfferState, RequestState
from desk.waiting.watching import ask_whether_they_wait_on, watch_offers
from tests.domain.offer_scene import TOMORROW, Desk, Waiter
from tests.makers import TODAY, at, make_conversation, make_slot

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(session: WriteSession) -> Desk:
    return Desk(session)


# rounds ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def soon(desk: Desk) -> Slot:
    """A slot in two hours, which is full."""
    return desk.full(TODAY, hour=11, minute=30, places=1)


def test_within_three_hours_several_are_asked_and_the_first_has_it(desk: Desk, soon: Slot) -> None:
    waiters = [desk.wait(days=9 - number) for number in range(7)]
    place = desk.request(waiters[0]).rank_at
    desk.free(soon)
    desk.offer()
    assert [len(desk.states(each)) for each in waiters] == [1, 1, 1, 1, 1, 0, 0]
    assert desk.claims(ClaimKind.OFFER) == 1, "one claim, however many are asked"
    desk.deliver()
    row = offer_queries.owned(desk.session, offer_id=desk.offered(waiters[1])[0].id, conversation_id=waiters[1].chat.id)
    assert row is not None
    assert row.is_round
    assert row.ends_at == desk.now + 20 * MINUTE
    desk.accept(waiters[1])
    assert desk.states(waiters[0]) == [OfferState.TOO_LATE]
    assert desk.told(waiters[0]) == ["offer", "offer_taken"]
    assert (desk.request(waiters[0]).lapses, desk.request(waiters[0]).rank_at) == (0, place)
    with pytest.raises(OfferOver) as over:
        desk.accept(waiters[0])
    assert over.value.state is OfferState.TOO_LATE
    assert verify(desk.session) == []


def test_who_saw_that_an_offer_is_over_is_not_told_it_once_more(desk: Desk, soon: Slot) -> None:
    """The answer came too late: the screen said why, so the message that says it is dropped; others have theirs."""
    faster, slow, other = desk.wait(days=3), desk.wait(days=2), desk.wait()
    desk.free(soon)
    desk.offer()
    desk.deliver()
    desk.accept(faster)
    unsent = select(OutboxMessage.conversation_id).where(OutboxMessage.is_open, OutboxMessage.notice == "offer_taken")
    assert set(desk.session.scalars(unsent)) == {slow.chat.id, other.chat.id}
    seen = desk.offered(slow)[0].id
    actions.note_seen_over(desk.session, offer_id=seen, actor=Actor.chat(slow.chat.id), now=desk.now)
    assert set(desk.session.scalars(unsent)) == {other.chat.id}


def test_a_lapse_that_was_seen_before_the_job_is_recorded_and_not_told(desk: Desk, soon: Slot) -> None:
    waiter = desk.wait()
    desk.free(soon)
    desk.offer()
    desk.deliver()
    desk.now += 3 * MINUTE * 60
    offered = desk.offered(waiter)[0].id
    actions.note_seen_over(desk.session, offer_id=offered, actor=Actor.chat(waiter.chat.id), now=desk.now)
    watch_offers(desk.session, now=desk.now, limit=9)
    assert desk.states(waiter) == [OfferState.LAPSED]
    assert desk.request(waiter).lapses == 1
    lapsed = select(OutboxMessage.id).where(OutboxMessage.is_open, OutboxMessage.notice == "offer_lapsed")
    assert desk.session.scalars(lapsed).all() == []


def test_without_the_guarded_statement_two_would_have_the_one_place(
    desk: Desk, soon: Slot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the guard: both accept, and the second finds no place where it was told that it had one."""
    first, second = desk.wait(days=2), desk.wait()
    desk.free(soon)
    desk.offer()
    monkeypatch.setattr("desk.waiting.answering.settle", lambda *_args, **_more: True)
    monkeypatch.setattr("desk.waiting.answering._tell_the_others", lambda *_args, **_more: None)
    desk.accept(first)
    with pytest.raises(SlotTaken):
        desk.accept(second)
    assert "round_has_its_claims" in {broken.rule for broken in verify(desk.session)}


def test_a_round_goes_on_when_the_last_has_declined(desk: Desk, soon: Slot) -> None:
    first, second = desk.wait(days=2), desk.wait()
    desk.free(soon)
    desk.offer()
    desk.decline(first)
    assert desk.claims(ClaimKind.OFFER) == 1
    desk.decline(second)
    assert (desk.claims(ClaimKind.OFFER), desk.claims(ClaimKind.KEPT)) == (0, 1)
    desk.offer()
    assert desk.remaining(soon) == 1


def test_what_is_too_near_to_be_answered_is_everybodys_at_once(desk: Desk) -> None:
    desk.wait()
    near = desk.full(TODAY, hour=10, places=1)
    desk.free(near)
    desk.offer()
    assert desk.remaining(near) == 1
    row = desk.session.scalars(select(FreedPlace)).one()
    assert row.outcome is FreedOutcome.NOT_BOOKABLE


# looking through what is free -----------------------------------------------------------------------------------------


def test_who_begins_to_wait_while_a_place_is_free_is_offered_it(desk: Desk) -> None:
    free = make_slot(desk.session, queue=desk.queue, starts_at=at(TOMORROW, hour=15), capacity=1)
    waiter = desk.wait()
    desk.offer()
    assert (desk.states(waiter), desk.remaining(free)) == ([OfferState.SENT], 0)
    assert desk.offer() == 0, "looked through once"


@pytest.mark.parametrize(("hour", "part"), [(11, DayPart.MORNING), (13, DayPart.NOON), (14, DayPart.AFTERNOON)])
def test_what_fits_is_found_behind_more_that_does_not_than_is_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, hour: int, part: DayPart
) -> None:
    monkeypatch.setattr("desk.waiting.looking._MOST_SLOTS", 1)
    free = {
        each: make_slot(desk.session, queue=desk.queue, starts_at=at(TOMORROW, hour=each), capacity=1)
        for each in (8, 11, 12, 13, 14, 23)
    }
    if part is DayPart.MORNING:
        free[8].remaining, free[8].is_open = 0, False
    if part is DayPart.NOON:
        free[12].remaining, free[12].is_open = 0, False
    waiter = desk.wait(parts={part})
    desk.offer()
    assert (desk.states(waiter), desk.remaining(free[hour])) == ([OfferState.SENT], 0)


def small_starts(desk: Desk, number: int) -> None:
    """So many starts of one place each, of which no two follow each other, from tomorrow on."""
    a_day = 72
    rows = [
        {
            "queue_id": desk.queue.id,
            "starts_at": at(TOMORROW + nth // a_day * DAY, hour=0, minute=5) + nth % a_day * 20 * MINUTE,
            "day": TOMORROW + nth // a_day * DAY,
            **{"minutes": 10, "capacity": 1, "planned": 1, "remaining": 1, "is_open": True, "rule_version": 0},
            "status": SlotStatus.LIVE,
        }
        for nth in range(number)
    ]
    desk.session.execute(insert(Slot), rows)


def test_a_household_is_offered_the_start_that_fits_behind_a_thousand_small_ones(desk: Desk) -> None:
    small_starts(desk, 1010)
    last = TOMORROW + 15 * DAY
    fits = make_slot(desk.session, queue=desk.queue, starts_at=at(last, hour=9), capacity=2)
    household = desk.wait(people=2)
    desk.offer()
    assert (desk.states(household), desk.remaining(fits)) == ([OfferState.SENT], 0)


@pytest.mark.parametrize("at_once", [1, 2, 3, 1000])
def test_starts_that_follow_each_other_are_read_together(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr("desk.waiting.looking._MOST_SLOTS", at_once)
    small_starts(desk, 3)
    pair = [
        make_slot(desk.session, queue=desk.queue, starts_at=at(TOMORROW + DAY, hour=9, minute=minute), capacity=1)
        for minute in (0, 15)
    ]
    household = desk.wait(people=2)
    desk.offer()
    assert desk.states(household) == [OfferState.SENT]
    assert [desk.remaining(each) for each in pair] == [0, 0]


def test_who_let_starts_go_is_offered_the_one_behind_them(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.waiting.looking._MOST_SLOTS", 2)
    for hour in (9, 11, 13, 15):
        make_slot(desk.session, queue=desk.queue, starts_at=at(TOMORROW + DAY, hour=hour), capacity=1)
    waiter = desk.wait()
    for _ in range(3):
        desk.offer()
        desk.decline(waiter)
    desk.offer()
    assert desk.states(waiter) == [OfferState.DECLINED] * 3 + [OfferState.SENT]


def test_who_declines_is_offered_what_else_is_free(desk: Desk) -> None:
    make_slot(desk.session, queue=desk.queue, starts_at=at(TOMORROW, hour=15), capacity=1)
    make_slot(desk.session, queue=desk.queue, starts_at=at(TOMORROW, hour=16), capacity=1)
    waiter = desk.wait()
    for _ in range(3):
        desk.offer()
        if desk.offered(waiter)[-1].is_live:
            desk.decline(waiter)
    assert desk.states(waiter) == [OfferState.DECLINED] * 2
    assert desk.claims(ClaimKind.KEPT) == 0
    assert verify(desk.session) == []


def test_a_day_is_offered_when_it_opens(desk: Desk) -> None:
    desk.service.days_ahead, desk.service.opens_at = 3, 9 * 60
    far = make_slot(desk.session, queue=desk.queue, starts_at=at(TODAY + 4 * DAY, hour=9), capacity=1)
    waiter = desk.wait()
    desk.offer()
    assert (desk.states(waiter), desk.remaining(far)) == ([], 1)
    desk.now = at(TOMORROW, hour=8, minute=57)
    desk.offer()
    assert (desk.states(waiter), desk.remaining(far)) == ([], 1)
    desk.now = at(TOMORROW, hour=8, minute=59)
    desk.offer()
    assert (desk.states(waiter), desk.remaining(far)) == ([], 0), "it opens to nobody who looks in its first second"
    assert verify(desk.session) == []
    desk.now = at(TOMORROW, hour=9)
    desk.offer()
    assert desk.states(waiter) == [OfferState.SENT]


def test_what_nobody_wants_of_a_day_is_everybodys_when_it_opens(desk: Desk) -> None:
    desk.service.days_ahead, desk.service.opens_at = 3, 9 * 60
    far = make_slot(desk.session, queue=desk.queue, starts_at=at(TODAY + 4 * DAY, hour=9), capacity=3)
    waiter = desk.wait()
    desk.now = at(TOMORROW, hour=8, minute=59)
    desk.offer()
    assert (desk.remaining(far), desk.claims(ClaimKind.KEPT)) == (2, 1)
    actions.end(desk.session, request_id=waiter.request, actor=waiter.actor, now=desk.now)
    desk.now = at(TOMORROW, hour=9)
    desk.offer()
    assert (desk.remaining(far), desk.claims(ClaimKind.KEPT)) == (3, 0)


def test_where_nothing_is_free_all_who_wait_are_looked_for_in_few_statements(desk: Desk) -> None:
    waiters = [desk.wait() for _ in range(12)]
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    connection = desk.session.connection()
    event.listen(connection, "before_cursor_execute", note)
    assert desk.offer() == len(waiters)
    event.remove(connection, "before_cursor_execute", note)
    # The services that are waited for, the requests, what was looked for, and what is kept.
    assert len(statements) == 5, statements
    assert desk.offer() == 0, "looked through once"


# the person leaves ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["pause", "end", "erase"])
def test_who_waits_no_longer_lets_the_offer_go_on(desk: Desk, way: str) -> None:
    first, second = desk.wait(days=2), desk.wait()
    desk.free()
    desk.offer()
    if way == "erase":
        erase(desk.session, actor=first.actor, now=desk.now)
    else:
        act = actions.pause if way == "pause" else actions.end
        act(desk.session, request_id=first.request, actor=first.actor, now=desk.now)
    desk.offer()
    assert (desk.states(first), desk.states(second)) == ([OfferState.DECLINED], [OfferState.SENT])
    assert verify(desk.session) == []


def test_an_offer_goes_over_with_its_chat_and_is_said_there_once_more(desk: Desk) -> None:
    waiter = desk.wait()
    desk.free()
    desk.offer()
    desk.deliver()
    target = make_conversation(desk.session, channel="bale")
    to = Recipient(target.channel, target.bot, target.id)
    transferring.change_chat(desk.session, source=waiter.chat.id, to=to, now=desk.now)
    moved = Waiter(target, waiter.person, waiter.request)
    assert desk.told(moved) == ["offer", "offer"]
    (row,) = offer_queries.of_conversation(desk.session, conversation_id=target.id)
    assert row.id == desk.offered(moved)[0].id


def test_the_last_day_is_asked_about_before_it_is_over_and_then_told(desk: Desk) -> None:
    waiter = desk.wait(until_day=TODAY + 5 * DAY)
    ask_whether_they_wait_on(desk.session, now=desk.now, limit=9)
    assert desk.told(waiter) == []
    desk.later(days=2)
    for _ in range(2):
        ask_whether_they_wait_on(desk.session, now=desk.now, limit=9)
    assert desk.told(waiter) == ["go_on_waiting"]
    actions.go_on(desk.session, request_id=waiter.request, actor=waiter.actor, now=desk.now)
    desk.later(days=28)
    ask_whether_they_wait_on(desk.session, now=desk.now, limit=9)
    assert desk.told(waiter) == ["go_on_waiting"] * 2
    desk.later(days=4)
    ask_whether_they_wait_on(desk.session, now=desk.now, limit=9)
    assert desk.request(waiter).state is RequestState.LAPSED
    assert desk.told(waiter)[-1] == "request_lapsed"
    assert verify(desk.session) == []
