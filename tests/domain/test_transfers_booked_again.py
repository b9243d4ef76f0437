"""«That was not me» of a chat that has booked again since: one of two appointments is given up, and all comes back."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from desk.acting import Actor
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.conversations.models import ChatCounter
from desk.conversations.rules import CounterKind
from desk.storage.base import WriteSession
from desk.transfers import actions
from desk.transfers.queries import twice
from desk.transfers.refusals import HasTheSame
from desk.transfers.rules import KeptOfTwo
from desk.visits.actions import record_arrival
from tests.domain.transfer_scene import Scene, whole
from tests.makers import NOW, acting, make_conversation, make_person, make_staff


@pytest.fixture
def scene(session: WriteSession) -> Scene:
    return Scene(session)


def booked_again(scene: Scene, *, day: int = 9) -> tuple[int, Appointment, Appointment]:
    """Two turns went over; the owner has one again for the first of the two people."""
    other = scene.appointment(person=make_person(scene.session, conversation=scene.old))
    transfer_id = scene.bring()
    again = scene.appointment(day=day, person=scene.person, is_contested=True)
    return transfer_id, again, other


@pytest.mark.parametrize("keep", KeptOfTwo)
def test_the_owner_who_booked_again_says_which_stays_and_all_comes_back(scene: Scene, keep: KeptOfTwo) -> None:
    session, (transfer_id, again, other) = scene.session, booked_again(scene)
    actor = Actor.chat(scene.old.id)
    [two] = twice(session, transfer_id=transfer_id, conversation_id=scene.old.id, now=NOW)
    assert (two.before.id, two.since.id) == (scene.turn.id, again.id)
    with pytest.raises(HasTheSame):
        actions.stop(session, actor=actor, transfer_id=transfer_id, now=NOW)
    assert scene.has(scene.new) == {scene.turn.id, other.id}, "nothing went back unasked"
    actions.stop(session, actor=actor, transfer_id=transfer_id, keep=keep, now=NOW)
    session.expire_all()
    assert scene.has(scene.old) == {scene.turn.id, again.id, other.id}
    stays, ends = (scene.turn, again) if keep is KeptOfTwo.BEFORE else (again, scene.turn)
    assert (stays.is_live, other.is_live) == (True, True)
    assert ends.state is AppointmentState.CANCELLED_BY_PERSON
    counts = session.scalar(select(func.count()).where(ChatCounter.kind == CounterKind.CANCELLATIONS))
    assert counts == 0, "who was robbed has cancelled nothing"
    assert not twice(session, transfer_id=transfer_id, conversation_id=scene.old.id, now=NOW)


def test_only_the_earlier_chat_reads_which_are_two(scene: Scene) -> None:
    transfer_id, _again, _other = booked_again(scene)
    for chat in (scene.new, make_conversation(scene.session)):
        assert not twice(scene.session, transfer_id=transfer_id, conversation_id=chat.id, now=NOW)


def test_one_whose_person_stands_at_the_counter_stays_there_and_holds_nothing_up(scene: Scene) -> None:
    transfer_id, _again, other = booked_again(scene)
    scene.turn.state = AppointmentState.ARRIVED
    scene.session.flush()
    actions.stop(scene.session, actor=Actor.chat(scene.old.id), transfer_id=transfer_id, now=NOW)
    assert scene.has(scene.new) == {scene.turn.id}
    assert other.id in scene.has(scene.old)


@pytest.mark.parametrize("keep", [None, *KeptOfTwo])
def test_the_newer_with_which_the_owner_has_arrived_stays_unasked(scene: Scene, keep: KeptOfTwo | None) -> None:
    session, (transfer_id, again, other) = scene.session, booked_again(scene, day=0)
    record_arrival(session, appointment_id=again.id, actor=acting(make_staff(session).id), now=NOW)
    [two] = twice(session, transfer_id=transfer_id, conversation_id=scene.old.id, now=NOW)
    assert (two.before.id, two.since.id, two.is_asked) == (scene.turn.id, again.id, False)
    actions.stop(session, actor=Actor.chat(scene.old.id), transfer_id=transfer_id, keep=keep, now=NOW)
    session.expire_all()
    assert scene.has(scene.old) == {scene.turn.id, again.id, other.id}, "nothing stays in the chat of who took it"
    assert (again.state, again.is_live) == (AppointmentState.ARRIVED, True)
    assert scene.turn.state is AppointmentState.CANCELLED_BY_PERSON
    counts = session.scalar(select(func.count()).where(ChatCounter.kind == CounterKind.CANCELLATIONS))
    assert counts == 0, "who was robbed has cancelled nothing"
    whole(session)


def test_where_both_are_at_the_counter_each_stays_where_it_is(scene: Scene) -> None:
    transfer_id, again, other = booked_again(scene)
    scene.turn.state = again.state = AppointmentState.ARRIVED
    scene.session.flush()
    actions.stop(scene.session, actor=Actor.chat(scene.old.id), transfer_id=transfer_id, now=NOW)
    assert scene.has(scene.new) == {scene.turn.id}
    assert scene.has(scene.old) == {again.id, other.id}
