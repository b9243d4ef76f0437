"""The question after a visit is composed when it is sent: not at night, not when it is over, not where nothing is
recorded any more."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from desk.acting import Actor
from desk.afterwards.answering import answer
from desk.afterwards.asking import ask_after_visits
from desk.afterwards.rules import Answers
from desk.appointments.rules import AppointmentState
from desk.calendar import TEHRAN, instant_of
from desk.storage.base import WriteSession
from desk.values import LocalDay
from tests.makers import TODAY, make_appointment, make_conversation, make_person, make_slot
from tests.transcripts.test_overtaken_notices import told

EVENING, NIGHT, MORNING, LATE = 18 * 60, 21 * 60, 7 * 60, 20 * 60 + 59


def clock(minutes: int, *, day: date = TODAY) -> datetime:
    return instant_of(LocalDay(day), minutes=minutes, zone=TEHRAN)


@pytest.fixture
def visit(session: WriteSession) -> tuple[int, int]:
    """The ids of a visit that its chat was asked about this evening, and of the chat."""
    chat = make_conversation(session)
    person = make_person(session, conversation=chat)
    made = make_appointment(
        session,
        slot=make_slot(session, starts_at=clock(9 * 60)),
        person=person,
        conversation=chat,
        state=AppointmentState.SERVED,
    )
    ask_after_visits(session, now=clock(EVENING), limit=10)
    return made.id, chat.id


@pytest.mark.parametrize(("minutes", "arrives"), [(EVENING, True), (LATE, True), (NIGHT, False), (MORNING - 1, False)])
def test_it_never_arrives_at_night(session: WriteSession, visit: tuple[int, int], minutes: int, arrives: bool) -> None:
    message = ("after_visit", {"appointment": visit[0]})
    assert (told(session, visit[1], message, now=clock(minutes)) is not None) is arrives


def test_nothing_is_asked_that_is_over(session: WriteSession, visit: tuple[int, int]) -> None:
    message = ("after_visit", {"appointment": visit[0]})
    week = clock(EVENING, day=TODAY + timedelta(days=7))
    assert told(session, visit[1], message, now=week) is None
    answer(session, appointment_id=visit[0], answers=Answers(), actor=Actor.chat(visit[1]), now=clock(EVENING))
    assert told(session, visit[1], message, now=clock(EVENING)) is None
