"""Some days before, where the service says so, people are asked whether they come; who says nothing loses nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from desk.acting import SYSTEM, Actor
from desk.appointments.actions import cancel, move
from desk.appointments.confirming import ask_whether_they_come, confirm
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.catalogue.actions import save_service
from desk.catalogue.refusals import NoSuchQuestion
from desk.catalogue.rows import ServiceFields
from desk.events.models import Event
from desk.language.text import Localised
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import DeliveryState
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from desk.visits.queries import day_list
from tests.domain.booking_scene import WEEK, Scene
from tests.makers import NOW, at
from tests.makers_changes import Town, appointment_of, made
from tests.stories import Story, stories_of, tell

THREE_BEFORE = at(WEEK - timedelta(days=3), hour=11)


def booked(session: WriteSession) -> Scene:
    """Somebody has an appointment in a week, of a service that asks three days before."""
    scene = Scene(session)
    scene.service.asks_days_before = 3
    scene.book(scene.slot())
    return scene


def asked(session: WriteSession, *, now: datetime = THREE_BEFORE) -> list[str]:
    """The keys of the open questions, after the job has run."""
    ask_whether_they_come(session, now=now, limit=100)
    return open_questions(session)


def open_questions(session: WriteSession) -> list[str]:
    is_question = OutboxMessage.idem_key.endswith(":asking")
    found = select(OutboxMessage.idem_key).where(is_question, OutboxMessage.state == DeliveryState.OPEN)
    return list(session.scalars(found.order_by(OutboxMessage.id)))


def only(session: WriteSession) -> Appointment:
    return session.scalars(select(Appointment).execution_options(populate_existing=True)).one()


def test_who_has_booked_long_before_is_asked_once_three_days_before(session: WriteSession) -> None:
    booked(session)
    assert asked(session, now=at(WEEK - timedelta(days=4), hour=11)) == []
    assert asked(session) == ["reminder:1:0:asking"]
    assert asked(session, now=THREE_BEFORE + timedelta(days=1)) == ["reminder:1:0:asking"]
    assert only(session).asked_at == THREE_BEFORE


def test_nobody_is_asked_early_or_late_in_the_day(session: WriteSession) -> None:
    booked(session)
    day = WEEK - timedelta(days=3)
    for hour, minute, number in ((9, 59, 0), (20, 0, 0), (10, 0, 1)):
        assert len(asked(session, now=at(day, hour=hour, minute=minute))) == number


def test_people_are_asked_until_eight_in_the_evening(session: WriteSession) -> None:
    booked(session)
    assert len(asked(session, now=at(WEEK - timedelta(days=3), hour=19, minute=59))) == 1


def test_a_service_that_does_not_ask_asks_nobody(session: WriteSession) -> None:
    scene = booked(session)
    scene.service.asks_days_before = None
    assert asked(session) == []


def test_the_eve_has_its_reminder_and_no_question(session: WriteSession) -> None:
    booked(session)
    assert asked(session, now=at(WEEK - timedelta(days=1), hour=11)) == []


def test_who_booked_today_is_not_asked_today(session: WriteSession) -> None:
    scene = Scene(session)
    scene.service.asks_days_before = 14
    scene.book(scene.slot())
    assert asked(session, now=NOW + timedelta(hours=6)) == []
    assert len(asked(session, now=NOW + timedelta(days=1, hours=6))) == 1


def test_the_answer_is_kept_and_shown_and_asks_no_more(session: WriteSession) -> None:
    scene = booked(session)
    appointment = only(session)
    assert confirm(session, appointment_id=appointment.id, actor=Actor.chat(scene.chat.id), now=NOW)
    assert not confirm(session, appointment_id=appointment.id, actor=Actor.chat(scene.chat.id), now=NOW)
    assert only(session).confirmed_at == NOW
    assert asked(session) == []
    assert [row.has_confirmed for row in day_list(session, office_id=appointment.office_id, day=WEEK)] == [True]
    assert [kind for kind in session.scalars(select(Event.kind)) if kind == "appointment.confirmed"] != []
    assert verify(session) == []


def test_another_time_is_asked_about_anew(session: WriteSession) -> None:
    scene = booked(session)
    appointment, actor = only(session), Actor.chat(scene.chat.id)
    assert asked(session) != []
    confirm(session, appointment_id=appointment.id, actor=actor, now=THREE_BEFORE)
    later = scene.slot(at(WEEK + timedelta(days=2), hour=9))
    move(session, idem_key="m", appointment_id=appointment.id, actor=actor, slot_id=later.id, now=THREE_BEFORE)
    moved = only(session)
    assert (moved.asked_at, moved.confirmed_at, open_questions(session)) == (None, None, [])
    assert asked(session, now=THREE_BEFORE + timedelta(days=2)) == ["reminder:1:1:asking"]


def test_who_cannot_come_is_no_longer_asked(session: WriteSession) -> None:
    scene = booked(session)
    assert asked(session) != []
    cancel(session, appointment_id=only(session).id, actor=Actor.chat(scene.chat.id), now=THREE_BEFORE)
    assert open_questions(session) == []
    assert not confirm(session, appointment_id=1, actor=Actor.chat(scene.chat.id), now=THREE_BEFORE)


def test_who_says_nothing_keeps_the_turn(session: WriteSession) -> None:
    booked(session)
    assert asked(session) != []
    ask_whether_they_come(session, now=at(WEEK, hour=8), limit=100)
    assert (only(session).state, only(session).is_live) == (AppointmentState.BOOKED, True)


def test_a_proposed_time_asks_for_itself(session: WriteSession) -> None:
    town = Town(session)
    (id,) = town.people(1)
    made(session, town.close())
    town.service.asks_days_before = 14
    session.flush()
    day = appointment_of(session, id).day
    assert asked(session, now=at(day - timedelta(days=3), hour=11)) == []


def _question_of(session: WriteSession, *, days: int | None, is_bookable: bool = True) -> int:
    text = Localised({"fa": "متن"})
    fields = ServiceFields(code="asks", title=text, short_title=text, is_bookable=is_bookable, asks_days_before=days)
    return save_service(session, fields=fields, actor=SYSTEM, now=NOW)


@pytest.mark.parametrize("days", [1, 15])
def test_days_out_of_bounds_are_refused(session: WriteSession, days: int) -> None:
    with pytest.raises(NoSuchQuestion):
        _question_of(session, days=days)


def test_a_card_of_information_asks_nobody(session: WriteSession) -> None:
    with pytest.raises(NoSuchQuestion):
        _question_of(session, days=3, is_bookable=False)
    assert _question_of(session, days=None, is_bookable=False) > 0


STORIES = stories_of(globals())


@pytest.mark.postgres
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_the_same_on_postgresql(storage: Storage, story: Story) -> None:
    await tell(story, storage)
