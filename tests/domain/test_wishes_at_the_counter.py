"""What people wish for at the counter: kept until the day is over, answered for one time, and told once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from desk.acting import SYSTEM, Actor
from desk.appointments.actions import cancel, cancel_by_office, move
from desk.appointments.assistance import forget_wishes, wish, wished_for
from desk.appointments.history import EventKind
from desk.appointments.models import AppointmentAssistance
from desk.appointments.privacy import forget_names
from desk.appointments.queries import appointment_by_id
from desk.appointments.rows import WishedAssistance
from desk.appointments.rules import AssistanceState
from desk.events.models import Event
from desk.offices.assistance import state_assistance, stated
from desk.offices.rules import Assistance
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import DeliveryState
from desk.storage.base import WriteSession
from desk.verify import verify
from desk.visits.assistance import answer_wishes
from desk.visits.queries import day_list
from desk.visits.refusals import NotRecordable
from tests.domain.booking_scene import WEEK, Scene
from tests.domain.test_households import Family
from tests.makers import AT_ONCE, NOW, TODAY, at

WOMAN, PASHTO, ARABIC = Assistance.WOMAN_CLERK, Assistance.PASHTO, Assistance.ARABIC
ASKED, ARRANGED, CANNOT = AssistanceState.ASKED, AssistanceState.ARRANGED, AssistanceState.CANNOT
SATURDAY, SUNDAY = 0, 1


@pytest.fixture
def scene(session: WriteSession) -> Scene:
    return Scene(session)


def booked(scene: Scene, *kinds: Assistance) -> int:
    id = scene.book(scene.slot()).appointment_id
    wish(scene.session, appointment_ids=[id], kinds=kinds)
    return id


def wished(scene: Scene, id: int) -> dict[Assistance, AssistanceState]:
    found = appointment_by_id(scene.session, appointment_id=id)
    assert found is not None
    assert found.wished == wished_for(scene.session, appointment_id=id)
    [row] = day_list(scene.session, office_id=found.office.id, day=found.day)
    assert row.wished == found.wished
    return dict(found.wished)


def answer(scene: Scene, id: int, **answers: AssistanceState) -> None:
    said = {Assistance(kind): state for kind, state in answers.items()}
    answer_wishes(scene.session, appointment_id=id, answers=said, actor=SYSTEM, now=NOW)


def told(scene: Scene) -> list[str]:
    """The keys of the answers that are to be sent."""
    return [key for key, _due in scene.messages() if key.startswith("assistance:")]


def sent(scene: Scene) -> None:
    for each in scene.session.scalars(select(OutboxMessage).where(OutboxMessage.is_open)):
        each.state, each.is_open = DeliveryState.SENT, False
    scene.session.flush()


def test_who_wishes_nothing_has_no_row(scene: Scene) -> None:
    id = booked(scene)

    assert wished(scene, id) == {}
    assert scene.session.scalar(select(func.count()).select_from(AppointmentAssistance)) == 0


def test_the_office_answers_once_and_the_chat_is_told_once(scene: Scene) -> None:
    id = booked(scene, WOMAN, ARABIC)
    assert wished(scene, id) == {WOMAN: ASKED, ARABIC: ASKED}

    answer(scene, id, woman_clerk=ARRANGED)
    answer(scene, id, woman_clerk=ARRANGED, pashto=CANNOT)

    assert wished(scene, id) == {WOMAN: ARRANGED, ARABIC: ASKED}, "nobody wished for Pashto"
    assert told(scene) == [f"assistance:{id}:1"]
    assert verify(scene.session) == []


def test_an_answer_changed_before_it_was_sent_is_told_in_its_place(scene: Scene) -> None:
    id = booked(scene, WOMAN)
    answer(scene, id, woman_clerk=ARRANGED)
    answer(scene, id, woman_clerk=CANNOT)
    assert told(scene) == [f"assistance:{id}:2"]

    sent(scene)
    answer(scene, id, woman_clerk=ARRANGED)
    assert told(scene) == [f"assistance:{id}:3"]


def test_an_answer_is_not_taken_back(scene: Scene) -> None:
    id = booked(scene, WOMAN)
    answer(scene, id, woman_clerk=CANNOT)
    answer(scene, id, woman_clerk=ASKED)

    assert wished(scene, id) == {WOMAN: CANNOT}
    assert told(scene) == [f"assistance:{id}:1"]


def test_an_answer_is_for_the_time_it_was_given_for(scene: Scene) -> None:
    id = booked(scene, WOMAN)
    answer(scene, id, woman_clerk=ARRANGED)
    later = scene.slot(at(WEEK, hour=11))
    move(
        scene.session,
        idem_key="m",
        appointment_id=id,
        actor=Actor.chat(scene.chat.id),
        slot_id=later.id,
        rest=AT_ONCE,
        now=NOW,
    )

    assert wished(scene, id) == {WOMAN: ASKED}
    answer(scene, id, woman_clerk=ARRANGED)
    assert wished(scene, id) == {WOMAN: ARRANGED}


def test_what_is_over_is_not_answered(scene: Scene) -> None:
    id = booked(scene, WOMAN)
    cancel(scene.session, appointment_id=id, actor=Actor.chat(scene.chat.id), now=NOW)

    with pytest.raises(NotRecordable):
        answer(scene, id, woman_clerk=ARRANGED)
    with pytest.raises(LookupError):
        answer(scene, 999, woman_clerk=ARRANGED)


def test_neither_wish_nor_answer_stands_in_the_history(scene: Scene) -> None:
    id = booked(scene, WOMAN)
    answer(scene, id, woman_clerk=CANNOT)

    [event] = scene.session.scalars(select(Event).where(Event.kind == EventKind.ASSISTANCE))
    assert "woman" not in str(event.data)
    assert "cannot" not in str(event.data)


def test_a_wish_is_deleted_when_its_day_is_over(scene: Scene) -> None:
    id = booked(scene, WOMAN)
    on_its_day = at(WEEK, hour=23)

    assert forget_wishes(scene.session, now=on_its_day, limit=50) == 0
    assert wished(scene, id) == {WOMAN: ASKED}
    assert forget_wishes(scene.session, now=on_its_day + timedelta(hours=2), limit=50) == 1
    assert wished(scene, id) == {}


@pytest.mark.parametrize("who", ["person", "office"])
def test_a_wish_goes_with_a_turn_that_is_cancelled_before_its_day(scene: Scene, who: str) -> None:
    id = booked(scene, WOMAN)
    assert forget_wishes(scene.session, now=NOW, limit=50) == 0
    if who == "person":
        cancel(scene.session, appointment_id=id, actor=Actor.chat(scene.chat.id), now=NOW)
    else:
        cancel_by_office(scene.session, appointment_id=id, actor=SYSTEM, reason="closed", now=NOW)

    assert forget_wishes(scene.session, now=NOW, limit=50) == 1
    assert wished_for(scene.session, appointment_id=id) == ()


def test_a_wish_goes_with_the_name(scene: Scene) -> None:
    booked(scene, WOMAN)
    forget_names(scene.session, before=at(WEEK + timedelta(days=1), hour=1), limit=50)

    assert scene.session.scalar(select(func.count()).select_from(AppointmentAssistance)) == 0


def test_who_comes_together_is_answered_together_and_told_once(session: WriteSession) -> None:
    family = Family(session)
    slots = family.times(1, 1, 1)
    ids = [each.appointment_id for each in family.together(slots)]
    wish(session, appointment_ids=ids, kinds=[WOMAN])

    answer_wishes(session, appointment_id=ids[1], answers={WOMAN: CANNOT}, actor=SYSTEM, now=NOW)

    assert [wished_for(session, appointment_id=id) for id in ids] == [(WishedAssistance(WOMAN, CANNOT),)] * 3
    assert told(family) == [f"assistance:{ids[1]}:1"]


def test_what_an_office_says_it_has(scene: Scene) -> None:
    office = scene.queue.office_id
    assert stated(scene.session, office_id=office).has(WOMAN, on=TODAY) is None

    said = {WOMAN: frozenset({SATURDAY}), ARABIC: frozenset[int]()}
    for _ in range(2):
        state_assistance(scene.session, office_id=office, weekdays=said, actor=SYSTEM, now=NOW)
    found = stated(scene.session, office_id=office)

    assert [found.has(WOMAN, on=TODAY + timedelta(days=n)) for n in range(2)] == [True, False]
    assert found.has(ARABIC, on=TODAY) is False
    assert found.has(PASHTO, on=TODAY) is None
    [event] = scene.session.scalars(select(Event).where(Event.kind == "office.assistance"))
    assert event.data["new"] == {"woman_clerk": ["0"], "arabic": ["none"]}

    state_assistance(scene.session, office_id=office, weekdays={}, actor=SYSTEM, now=NOW)
    assert stated(scene.session, office_id=office).weekdays == {}
