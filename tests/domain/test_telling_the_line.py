"""People in the line read their number, that their place is near, and which counter calls them; each once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from desk.appointments.models import Appointment
from desk.line import actions
from desk.line.models import LineEntry
from desk.line.rules import LineNotice, LineRules, is_near
from desk.outbox.actions import mark_sent
from desk.outbox.models import OutboxMessage
from desk.storage.base import WriteSession
from desk.visits.actions import record_arrival, record_outcome, undo_arrival
from desk.visits.rules import Outcome
from tests.domain.line_scene import CLERK, OneDay, after
from tests.makers import make_conversation


class Told(OneDay):
    """A line whose people all have a chat."""

    def booked(self, minutes: float) -> int:
        id = super().booked(minutes)
        chat = make_conversation(self.session)
        self.session.execute(update(Appointment).where(Appointment.id == id).values(conversation_id=chat.id))
        self.session.expire_all()
        return id

    def told(self, id: int) -> list[str]:
        """The notices written about somebody, in their order."""
        found = self.session.execute(
            select(OutboxMessage.notice).where(
                OutboxMessage.about == f"appointment:{id}", OutboxMessage.notice.in_(list(LineNotice))
            )
        )
        return [notice for (notice,) in found]


@pytest.fixture
def day(session: WriteSession) -> Told:
    return Told(session)


@pytest.mark.requirement("000-05", "A")
def test_who_arrives_reads_it_and_who_is_called_reads_the_counter(day: Told) -> None:
    id = day.came(1, booked=0)
    assert day.told(id) == [LineNotice.HERE]
    day.next(2)
    assert day.told(id) == [LineNotice.HERE, LineNotice.CALLED]
    day.do(actions.call_again, id, 4)
    assert day.told(id) == [LineNotice.HERE, LineNotice.CALLED, LineNotice.CALLED]


def test_a_place_that_came_near_is_told_once_and_not_to_who_has_just_come(day: Told) -> None:
    first, second, third, fourth, fifth = (day.came(minute, booked=0) for minute in range(5))
    just_came = day.came(9.5, booked=0)
    assert [day.told(each) for each in (first, fourth)] == [[LineNotice.HERE]] * 2
    day.next(10)
    soon = [LineNotice.HERE, LineNotice.SOON]
    assert [day.told(each) for each in (second, third, fourth)] == [soon] * 3
    assert day.told(fifth) == [LineNotice.HERE]
    day.next(11, counter=2)
    assert day.told(fifth) == soon
    assert day.told(fourth) == soon
    day.next(12, counter=3)
    assert day.told(just_came) == [LineNotice.HERE]
    day.next(15, counter=4)
    assert day.told(just_came) == soon


def test_who_left_without_a_counter_brings_the_others_near_too(day: Told) -> None:
    waiting = [day.came(minute, booked=0) for minute in range(4)]
    assert LineNotice.SOON not in day.told(waiting[3])
    record_outcome(day.session, appointment_id=waiting[0], outcome=Outcome.SERVED, actor=CLERK, now=after(20))
    assert LineNotice.SOON in day.told(waiting[3])


def test_an_arrival_that_was_taken_back_is_corrected_only_where_it_was_told(day: Told) -> None:
    told, untold = day.came(1, booked=0), day.came(2, booked=0)
    message = select(OutboxMessage.id).where(
        OutboxMessage.about == f"appointment:{told}", OutboxMessage.notice == LineNotice.HERE
    )
    mark_sent(day.session, id=day.session.scalars(message).one(), message_id="1", now=after(3))
    for id in (told, untold):
        undo_arrival(day.session, appointment_id=id, actor=CLERK, now=after(4))
    assert day.told(told) == [LineNotice.HERE, LineNotice.GONE]
    assert LineNotice.GONE not in day.told(untold)
    record_arrival(day.session, appointment_id=told, actor=CLERK, now=after(5))
    assert day.told(told)[-1] == LineNotice.HERE


def test_what_is_recorded_the_next_day_moves_nobody(day: Told) -> None:
    waiting = [day.came(minute, booked=0) for minute in range(4)]
    late = after(24 * 60 + 60)
    record_outcome(day.session, appointment_id=waiting[0], outcome=Outcome.SERVED, actor=CLERK, now=late)
    assert LineNotice.SOON not in day.told(waiting[3])


def test_who_came_long_before_their_quarter_is_not_called_near(day: Told) -> None:
    early = day.came(1, booked=120)
    entry = day.session.get_one(LineEntry, early)
    usual = LineRules()
    assert not is_near(entry, place=1, now=after(2), rules=usual)
    assert is_near(entry, place=1, now=after(105), rules=usual)
    assert not is_near(entry, place=usual.come_now_at + 1, now=after(105) + timedelta(minutes=1), rules=usual)
