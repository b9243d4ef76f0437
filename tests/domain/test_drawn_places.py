"""What becomes of drawn places: confirmed, given back, too late, handed on, and open once the draw is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from bot.flows.draws import saying
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.capacity.free import first_free
from desk.draws import queries
from desk.draws.chat import DrawSeen
from desk.draws.rules import DrawState
from desk.draws.running import open_days_without_draws
from desk.language.language import Language
from desk.language.text import Locale
from desk.organisation import EVERYWHERE
from desk.places.rules import ClaimKind
from desk.reading.folding import strip_bidi
from desk.storage.base import WriteSession
from desk.verify import verify
from desk.waiting.actions import end
from desk.waiting.refusals import OfferOver
from tests.domain.draw_scene import DAY, DRAWN, Asker, Lottery, look_and_book, where_is
from tests.makers import at, make_office

HOUR = timedelta(hours=1)


@pytest.fixture
def lottery(session: WriteSession) -> Lottery:
    return Lottery(session)


# confirmed, given back, too late --------------------------------------------------------------------------------------


def drawn(lottery: Lottery, *, askers: int = 5) -> tuple[list[Asker], list[Asker]]:
    """Winners and losers of a draw that was held and whose messages arrived."""
    lottery.begin()
    for _ in range(askers):
        lottery.ask()
    lottery.held()
    lottery.deliver()
    return lottery.winners(), lottery.losers()


def test_who_confirms_has_the_place_by_the_one_booking_action(lottery: Lottery) -> None:
    winners, _ = drawn(lottery)
    made = lottery.accept(winners[0])
    booked = lottery.session.get_one(Appointment, made.appointment_ids[0])
    assert booked.slot_id in [each.id for each in lottery.slots]
    assert verify(lottery.session) == []


def test_what_is_given_back_goes_to_the_next_in_the_order(lottery: Lottery) -> None:
    winners, losers = drawn(lottery)
    lottery.decline(winners[0])
    following = min(losers, key=lambda each: where_is(lottery, each).position or 0)
    lottery.run()
    assert [each for each in losers if lottery.offer(each)] == [following]
    assert verify(lottery.session) == []


def test_the_time_to_confirm_counts_from_delivery_and_not_at_night(lottery: Lottery) -> None:
    lottery.begin()
    for _ in range(5):
        lottery.ask()
    lottery.held()
    winner = lottery.winners()[0]
    lottery.now = DRAWN + 2 * HOUR
    lottery.deliver()
    offer = lottery.offer(winner)
    assert offer is not None
    assert offer.ends_at is not None
    assert offer.ends_at - lottery.now > timedelta(hours=24)
    lottery.now = offer.ends_at
    with pytest.raises(OfferOver):
        lottery.accept(winner)
    lottery.watch()
    lottery.run()
    assert lottery.offer(winner) is None
    assert "offer_lapsed" in lottery.told(winner)
    assert len(lottery.winners()) == 2
    assert verify(lottery.session) == []


def test_who_was_not_drawn_is_told_after_the_winners(lottery: Lottery) -> None:
    _, losers = drawn(lottery)
    assert {tuple(lottery.told(each)) for each in losers} == {("not_drawn",)}
    first = lottery.session.execute(
        text("SELECT notice FROM outbox_messages WHERE notice IN ('offer', 'not_drawn') ORDER BY id")
    ).scalars()
    assert list(first) == ["offer"] * 3 + ["not_drawn"] * 2


def test_an_unreached_winner_stands_on_the_list_of_the_office(lottery: Lottery) -> None:
    lottery.begin()
    asker = lottery.ask()
    lottery.held()
    lottery.block(asker)
    lottery.watch()
    listed = queries.unreached_winners(lottery.session, scope=EVERYWHERE)
    assert [each.public_id for each in listed] == [asker.public_id]
    lottery.now = listed[0].deliver_by
    lottery.watch()
    lottery.run()
    assert queries.unreached_winners(lottery.session, scope=EVERYWHERE) == []
    assert verify(lottery.session) == []


def test_when_everything_is_answered_it_is_over_and_what_is_left_is_open(lottery: Lottery) -> None:
    winners, _ = drawn(lottery, askers=2)
    for each in winners:
        lottery.accept(each)
    lottery.run()
    assert lottery.draw().state is DrawState.OVER
    assert lottery.claims(ClaimKind.DRAWN) == 0
    assert sum(lottery.remaining()) == 1
    found = first_free(
        lottery.session, service_id=lottery.service.id, office_ids=[lottery.office.id], after=lottery.now
    )
    assert len(found) == 1
    assert verify(lottery.session) == []


def test_switching_back_calls_off_what_is_announced_and_everybody_is_told(lottery: Lottery) -> None:
    lottery.begin()
    askers = [lottery.ask(), lottery.ask(days=10)]
    make_office(lottery.session, province_code="IR-23")
    elsewhere = lottery.ask(provinces=("IR-23",))
    lottery.switch(is_drawn=False)
    assert lottery.draw().state is DrawState.NOT_HELD
    lottery.run()
    assert [lottery.told(each) for each in askers] == [["draw_not_held"], ["draw_not_held"]]
    assert lottery.told(elsewhere) == []
    look_and_book(lottery)
    assert verify(lottery.session) == []


def test_switching_back_lets_a_closed_list_be_drawn_to_its_end(lottery: Lottery) -> None:
    lottery.begin()
    for _ in range(4):
        lottery.ask()
    lottery.close()
    after = lottery.slot(DAY + timedelta(days=1))
    lottery.switch(is_drawn=False)
    assert lottery.draw().state is DrawState.FROZEN
    assert verify(lottery.session) == []
    lottery.figures()
    lottery.reveal()
    lottery.now = DRAWN
    lottery.run()
    assert len(lottery.winners()) == 3
    lottery.deliver()
    for each in lottery.winners():
        lottery.accept(each)
    lottery.run()
    assert lottery.draw().state is DrawState.OVER
    lottery.slots[0] = after
    look_and_book(lottery)
    assert verify(lottery.session) == []


def test_switching_to_draw_leaves_what_is_booked(lottery: Lottery) -> None:
    look_and_book(lottery)
    lottery.begin()
    lottery.ask()
    lottery.held()
    booked = lottery.session.scalars(select(Appointment.state)).all()
    assert list(booked) == [AppointmentState.BOOKED]
    assert lottery.draw().places == 2
    assert verify(lottery.session) == []


def test_a_day_for_which_no_draw_was_announced_does_not_stay_shut(lottery: Lottery) -> None:
    lottery.begin()
    after = lottery.slot(DAY + timedelta(days=1))
    lottery.held()
    lottery.now = DRAWN + timedelta(days=1)
    open_days_without_draws(lottery.session, now=lottery.now, limit=10)
    lottery.slots[0] = after
    look_and_book(lottery)
    assert verify(lottery.session) == []


def test_who_waits_no_longer_leaves_the_place_to_the_next(lottery: Lottery) -> None:
    lottery.begin()
    askers = [lottery.ask() for _ in range(4)]
    lottery.close()
    lottery.figures()
    lottery.reveal()
    end(lottery.session, request_id=askers[0].request, actor=askers[0].actor, now=lottery.now)
    lottery.now = DRAWN
    lottery.run()
    assert len(lottery.winners()) == 3
    assert askers[0] not in lottery.winners()
    assert verify(lottery.session) == []


def test_verify_sees_an_order_that_the_seed_does_not_give(lottery: Lottery) -> None:
    drawn(lottery)
    lottery.session.execute(text("UPDATE draw_entries SET position = 7 - position"))
    assert "draw_is_recomputed" in {each.rule for each in verify(lottery.session)}


def test_that_a_place_goes_to_the_next_is_said_only_while_the_draw_goes_on(lottery: Lottery) -> None:
    lottery.begin()
    for _ in range(4):
        lottery.ask()
    lottery.held()
    [last] = [each for each in lottery.askers if not where_is(lottery, each).is_drawn]
    language = Language.load()

    def said() -> str:
        seen = DrawSeen(lottery.draw(), where_is(lottery, last))
        return language.plain(saying.result(seen), Locale.FA)

    goes_on = "جایی که پس داده شود به نفر بعد می‌رسد"
    assert lottery.draw().state is DrawState.DRAWN
    assert goes_on in strip_bidi(said())

    lottery.now = at(DAY, hour=23)
    lottery.run()

    assert lottery.draw().state is DrawState.OVER
    assert goes_on not in strip_bidi(said())
    assert "این قرعه‌کشی تمام شده است" in strip_bidi(said())
