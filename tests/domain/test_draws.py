"""A draw as it is held: committed, announced, frozen, drawn, confirmed, handed on, and over."""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from desk.acting import SYSTEM, OutOfReach
from desk.appointments.refusals import PlaceIsDrawn
from desk.capacity.drawing import last_open_day
from desk.capacity.free import first_free, free_days
from desk.draws import actions, queries, running
from desk.draws.drawing import listed
from desk.draws.order import in_order
from desk.draws.published import read
from desk.draws.refusals import (
    DrawUnusable,
    HashMissing,
    NoDrawAnnounced,
    NotInThatState,
    SamePerson,
)
from desk.draws.rows import DrawRules
from desk.draws.rules import DrawFieldFault, DrawNotice, DrawState
from desk.draws.seeds import seed_of
from desk.events.models import Event
from desk.linked_papers.waiting_once import wait_once
from desk.organisation import Scope, province
from desk.outbox.models import OutboxMessage
from desk.people import links
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession
from desk.verify import verify
from desk.waiting.looking import offer_places
from desk.waiting.models import StandingRequest
from tests.domain.draw_scene import DAY, DRAWN, PROVINCE, Lottery, look_and_book, where_is
from tests.makers import NOW, acting, make_conversation, make_person

HOUR = timedelta(hours=1)


@pytest.fixture
def lottery(session: WriteSession) -> Lottery:
    return Lottery(session)


# before the first request ---------------------------------------------------------------------------------------------


def test_it_is_not_announced_before_both_hidden_parts_are_committed(lottery: Lottery) -> None:
    with pytest.raises(HashMissing):
        lottery.announce()
    lottery.commit()
    lottery.announce()
    draw = lottery.draw()
    assert draw.state is DrawState.OPEN
    assert (len(draw.system_hash), len(draw.word_hash or "")) == (64, 64)


def test_who_prepared_it_does_not_hold_the_word_too(lottery: Lottery) -> None:
    with pytest.raises(SamePerson):
        lottery.commit(actor=lottery.first)


def test_nothing_of_it_is_committed_anew_once_it_is_announced(lottery: Lottery) -> None:
    lottery.begin()
    with pytest.raises(NotInThatState):
        lottery.commit(word="another word of theirs")


def test_the_system_part_lies_encrypted_and_reading_it_before_the_hour_is_an_event(lottery: Lottery) -> None:
    lottery.begin()
    part = actions.read_seed_part(lottery.session, draw_id=lottery.draw_id, actor=lottery.first, now=NOW)
    stored = lottery.session.execute(text("SELECT system_sealed FROM draws")).scalar_one()
    assert part.hex().encode() not in bytes(stored)
    assert part not in bytes(stored)
    seen = select(Event.actor_id).where(Event.kind == "draw.seed_read")
    assert list(lottery.session.scalars(seen)) == [lottery.first.staff_id]


def test_a_service_is_drawn_only_where_a_draw_is_announced(lottery: Lottery) -> None:
    before = lottery.session.begin_nested()
    with pytest.raises(NoDrawAnnounced):
        lottery.switch()
    before.rollback()
    lottery.commit()
    lottery.announce()
    lottery.switch()
    found = queries.setting(lottery.session, service_id=lottery.service.id, province_code=PROVINCE)
    assert found is not None
    assert (found.is_drawn, found.evidence) == (True, {"days_to_free": 20})


@pytest.mark.parametrize(
    ("over", "why"),
    [
        ({"last_day": DAY - timedelta(days=1)}, DrawFieldFault.DAYS),
        ({"closes_at": DRAWN}, DrawFieldFault.CLOSES),
        ({"closes_at": NOW + HOUR}, DrawFieldFault.CLOSES),
        ({"figure_name": " "}, DrawFieldFault.FIGURE),
        ({"figure_digits": 1}, DrawFieldFault.DIGITS),
    ],
)
def test_what_a_draw_cannot_be(lottery: Lottery, over: dict[str, Any], why: DrawFieldFault) -> None:
    with pytest.raises(DrawUnusable) as refused:
        lottery.prepare(**over)
    assert refused.value.why is why


def test_no_two_draws_cover_one_day(lottery: Lottery) -> None:
    lottery.begin()
    with pytest.raises(DrawUnusable) as refused:
        lottery.prepare()
    assert refused.value.why is DrawFieldFault.OVERLAP


@pytest.mark.parametrize(
    ("over", "why"),
    [
        ({"publish_at": 3 * 60}, DrawFieldFault.HOUR),
        ({"days_ahead": 1}, DrawFieldFault.AHEAD),
        ({"confirm_minutes": 30}, DrawFieldFault.CONFIRM),
        ({"priority_share": 101}, DrawFieldFault.SHARE),
    ],
)
def test_what_its_rules_cannot_be(lottery: Lottery, over: dict[str, Any], why: DrawFieldFault) -> None:
    with pytest.raises(DrawUnusable) as refused:
        lottery.switch(rules=DrawRules(**over))
    assert refused.value.why is why


# while it is open -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by_office", [False, True])
def test_nobody_books_a_drawn_place_by_looking(lottery: Lottery, by_office: bool) -> None:
    lottery.begin()
    with pytest.raises(PlaceIsDrawn):
        look_and_book(lottery, by_office=by_office)
    of: dict[str, Any] = {"service_id": lottery.service.id, "after": NOW}
    assert first_free(lottery.session, office_ids=[lottery.office.id], **of) == []
    assert free_days(lottery.session, office_id=lottery.office.id, **of) == []


def test_days_before_the_draw_stay_open(lottery: Lottery) -> None:
    lottery.slots[0] = lottery.slot(DAY - timedelta(days=1))
    lottery.begin()
    look_and_book(lottery)
    found = first_free(lottery.session, service_id=lottery.service.id, office_ids=[lottery.office.id], after=NOW)
    assert found == []


def test_who_waits_is_offered_no_drawn_place_by_the_line(lottery: Lottery) -> None:
    lottery.begin()
    asker = lottery.ask()
    offer_places(lottery.session, now=lottery.now)
    assert lottery.offer(asker) is None
    assert lottery.claims(ClaimKind.KEPT) == 0
    assert lottery.remaining() == [1, 1, 1]


# frozen ---------------------------------------------------------------------------------------------------------------


def test_at_closing_places_and_list_are_frozen_under_one_hash(lottery: Lottery) -> None:
    lottery.begin()
    for days in (0, 20):
        lottery.ask(days=days)
    lottery.ask(weekdays=frozenset({(0 if DAY.weekday() != 5 else 1)}))
    lottery.close()
    draw = lottery.draw()
    assert (draw.state, draw.places, lottery.claims(ClaimKind.DRAWN)) == (DrawState.FROZEN, 3, 3)
    assert draw.frozen_hash is not None
    lots = {each.id: each.lots for each in _listed(lottery)}
    assert [lots[each.public_id] for each in lottery.askers[:2]] == [1, 4]
    assert lottery.remaining() == [0, 0, 0]
    assert verify(lottery.session) == []


def test_a_number_that_asks_in_two_chats_is_one_request(lottery: Lottery) -> None:
    lottery.begin()
    first, stranger = lottery.ask(days=5), lottery.ask(days=2)
    beside = lottery.ask_for(first.people, days=3)
    lottery.ask_for((make_person(lottery.session, conversation=make_conversation(lottery.session)), *stranger.people))
    lottery.close()

    assert {each.id for each in _listed(lottery)} == {first.public_id, stranger.public_id}
    assert lottery.draw().listed == 2
    assert [lottery.told(each) for each in (first, beside, stranger)] == [[], ["not_listed"], []]
    assert verify(lottery.session) == []


def test_linked_papers_that_wait_in_three_chats_are_one_request(lottery: Lottery) -> None:
    """The third stands outside of the link, which has room for two."""
    lottery.begin()
    askers = [lottery.ask(days=days) for days in (2, 5, 3)]
    other = lottery.ask(days=1)
    persons = [asker.people[0].id for asker in askers]
    link_id = links.new_link(lottery.session, now=lottery.now)
    links.put(lottery.session, persons, link_id=link_id)
    wait_once(lottery.session, link_id=link_id, actor=SYSTEM, now=lottery.now)
    lottery.close()
    assert {each.id for each in _listed(lottery)} == {askers[1].public_id, other.public_id}
    assert verify(lottery.session) == []


def test_where_the_earlier_one_does_not_take_part_the_other_is_listed(lottery: Lottery) -> None:
    lottery.begin()
    first = lottery.ask(days=5, weekdays=frozenset({(0 if DAY.weekday() != 5 else 1)}))
    beside = lottery.ask_for(first.people, days=3)
    lottery.close()
    assert {each.id for each in _listed(lottery)} == {beside.public_id}


def test_one_draw_is_called_off_alone_and_its_people_are_told_and_wait_on(lottery: Lottery) -> None:
    lottery.begin()
    other_day = DAY + timedelta(days=1)
    other = lottery.prepare(first_day=other_day, last_day=other_day)
    lottery.commit(draw_id=other)
    lottery.announce(draw_id=other)
    asker = lottery.ask()
    with pytest.raises(OutOfReach):
        actions.call_off_one(
            lottery.session, draw_id=lottery.draw_id, actor=acting(9, may=Scope.of(province(PROVINCE))), now=lottery.now
        )

    actions.call_off_one(lottery.session, draw_id=lottery.draw_id, actor=lottery.first, now=lottery.now)

    states = [queries.draw_of(lottery.session, draw_id=id) for id in (lottery.draw_id, other)]
    assert [each and each.state for each in states] == [DrawState.NOT_HELD, DrawState.OPEN]
    lottery.run()
    told = lottery.session.scalars(select(OutboxMessage.notice)).all()
    assert told == [DrawNotice.NOT_HELD]
    assert lottery.session.get_one(StandingRequest, asker.request).is_waiting
    # The day is open, and the day of the other draw is not.
    offer_places(lottery.session, now=lottery.now)
    assert lottery.offer(asker) is not None
    assert last_open_day(lottery.session, service_id=lottery.service.id, province_code=PROVINCE) == DAY
    with pytest.raises(NotInThatState):
        actions.call_off_one(lottery.session, draw_id=lottery.draw_id, actor=lottery.first, now=lottery.now)
    assert verify(lottery.session) == []


def test_who_asks_after_closing_waits_for_the_next(lottery: Lottery) -> None:
    lottery.begin()
    lottery.ask()
    lottery.close()
    late = lottery.ask()
    assert queries.where_was(lottery.session, draw_id=lottery.draw_id, public_id=late.public_id) is None


def test_the_figure_holds_when_two_people_typed_the_same(lottery: Lottery) -> None:
    lottery.begin()
    with pytest.raises(NotInThatState):
        lottery.figures()
    lottery.close()
    lottery.figures(first="1,345,678.91")
    assert lottery.draw().figure is None
    actions.type_figure(
        lottery.session, draw_id=lottery.draw_id, figure="۲٬۳۴۵٬۶۷۸٫۹۱", actor=lottery.first, now=lottery.now
    )
    assert lottery.draw().figure == "234567891"
    with pytest.raises(NotInThatState):
        lottery.figures()


def test_one_person_typing_twice_is_one_person(lottery: Lottery) -> None:
    lottery.begin()
    lottery.close()
    for _ in range(2):
        actions.type_figure(
            lottery.session, draw_id=lottery.draw_id, figure="234567891", actor=lottery.first, now=lottery.now
        )
    assert lottery.draw().figure is None


def test_the_word_is_revealed_after_closing_and_no_other_word(lottery: Lottery) -> None:
    lottery.begin()
    with pytest.raises(NotInThatState):
        lottery.reveal()
    lottery.close()
    with pytest.raises(DrawUnusable):
        lottery.reveal(word="eighteen blue herons")
    lottery.reveal()
    assert lottery.draw().word == "seventeen blue herons"


# drawn ----------------------------------------------------------------------------------------------------------------


def test_it_is_drawn_at_its_hour_and_as_the_seed_says(lottery: Lottery) -> None:
    lottery.begin()
    for _ in range(5):
        lottery.ask()
    lottery.close()
    lottery.figures()
    lottery.reveal()
    lottery.now = DRAWN - timedelta(minutes=1)
    lottery.run()
    assert lottery.draw().state is DrawState.FROZEN
    lottery.now = DRAWN
    lottery.run()
    file = _file(lottery)
    assert file.faults() == []
    order = [each.id for each in in_order(file.requests, seed=seed_of(file.parts))]
    won = [each.public_id for each in lottery.winners()]
    assert sorted(won) == sorted(order[:3])
    assert {each.public_id: where_is(lottery, each).position for each in lottery.askers} == {
        id: at for at, id in enumerate(order, start=1)
    }
    assert verify(lottery.session) == []


def test_without_the_word_it_waits_an_hour_and_leaves_it_out(lottery: Lottery) -> None:
    lottery.begin()
    lottery.ask()
    lottery.close()
    lottery.figures()
    lottery.now = DRAWN + HOUR - timedelta(minutes=1)
    lottery.run()
    assert lottery.draw().state is DrawState.FROZEN
    lottery.now = DRAWN + HOUR
    with pytest.raises(NotInThatState):
        lottery.reveal()
    lottery.run()
    assert lottery.draw().state is DrawState.DRAWN
    assert _file(lottery).parts.word is None
    assert lottery.draw().is_word_left_out(now=lottery.now)


def test_without_a_figure_it_is_not_held_and_the_places_go_to_the_line(lottery: Lottery) -> None:
    lottery.begin()
    asker = lottery.ask()
    lottery.close()
    lottery.now = DRAWN + timedelta(days=1)
    lottery.run()
    assert lottery.draw().state is DrawState.NOT_HELD
    assert lottery.told(asker) == ["draw_not_held"]
    assert lottery.session.scalars(running._DUE).all() == [], "nobody is left to be told, so it is looked at no more"
    offer_places(lottery.session, now=lottery.now)
    assert lottery.offer(asker) is not None
    assert verify(lottery.session) == []


def test_households_are_drawn_whole(session: WriteSession) -> None:
    lottery = Lottery(session, places=(1, 1))
    lottery.begin()
    family = lottery.ask(people=2)
    lottery.held()
    assert lottery.winners() == [family]
    lottery.deliver()
    assert len(lottery.accept(family).appointment_ids) == 2
    assert verify(session) == []


def _file(lottery: Lottery) -> Any:
    body = queries.file_of(lottery.session, draw_id=lottery.draw_id)
    assert body is not None
    return read(gzip.decompress(body).decode())


def _listed(lottery: Lottery) -> Any:
    return listed(lottery.session, lottery.draw_id)
