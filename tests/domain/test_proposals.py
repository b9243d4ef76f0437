"""The time that an office proposes for one it took away: accepted, changed, given back, let go, and closed again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk.appointments.actions import cancel, move
from desk.appointments.models import Proposal
from desk.appointments.proposing import PLACE_KEPT, accept, kept_since
from desk.appointments.refusals import NotCancellable
from desk.appointments.rules import AppointmentState, ProposalState, answer_until
from desk.calendar import TEHRAN
from desk.capacity.models import Slot
from desk.consequences.actions import mark_told
from desk.consequences.letting_go import let_unanswered_go
from desk.consequences.models import ChangedAppointment
from desk.consequences.queries import not_reached
from desk.consequences.rules import Progress, Remedy, Way
from desk.conversations.limits import counted
from desk.conversations.rules import CounterKind
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import DeliveryState
from desk.people.models import Person
from desk.people.rules import IdentityDigest
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from desk.visits.at_desk import move_at_desk
from tests.makers import NOW, TODAY, acting, at, make_staff
from tests.makers_changes import STAFF, SUNDAY, Town, appointment_of, its_chat, made, open_reminders, steps
from tests.stories import Story, stories_of, tell

SATURDAY = SUNDAY + timedelta(days=6)
EVE = at(SATURDAY - timedelta(days=1), hour=18)


def _states(session: WriteSession, id: int) -> list[tuple[ProposalState, int]]:
    rows = session.scalars(
        select(Proposal)
        .where(Proposal.appointment_id == id)
        .order_by(Proposal.id)
        .execution_options(populate_existing=True)
    )
    return [(row.state, row.nth) for row in rows]


def _keys(session: WriteSession) -> set[str]:
    return set(session.scalars(select(OutboxMessage.idem_key)))


def _remaining(session: WriteSession, slot_id: int) -> int:
    return session.get_one(Slot, slot_id, populate_existing=True).remaining


def _proposed(session: WriteSession, town: Town) -> int:
    """Somebody whose day the office closed; their id."""
    (id,) = town.people(1)
    made(session, town.close())
    return id


def test_the_proposed_place_is_kept_and_asked_about(session: WriteSession) -> None:
    town = Town(session)
    id = _proposed(session, town)
    appointment = appointment_of(session, id)
    assert (appointment.state, appointment.starts_at) == (AppointmentState.BOOKED, at(SATURDAY, hour=8))
    assert _states(session, id) == [(ProposalState.OPEN, 1)]
    assert session.scalars(select(Proposal.until)).all() == [EVE]
    assert _remaining(session, appointment.slot_id) == 1
    assert f"moved:{id}:1" in _keys(session)
    assert f"ticket:{id}:1" not in _keys(session)
    assert verify(session) == []


def test_who_accepts_gets_the_ticket_and_the_reminders(session: WriteSession) -> None:
    town = Town(session)
    id = _proposed(session, town)
    assert accept(session, appointment_id=id, actor=its_chat(session, id), now=NOW)
    assert _states(session, id) == [(ProposalState.ACCEPTED, 1)]
    assert f"ticket:{id}:1" in _keys(session)
    assert len(open_reminders(session, id)) >= 1
    assert not accept(session, appointment_id=id, actor=its_chat(session, id), now=NOW)
    let_unanswered_go(session, now=EVE, limit=50)
    assert appointment_of(session, id).state is AppointmentState.BOOKED
    assert verify(session) == []


@pytest.mark.requirement("000-14", "S")
def test_a_time_nobody_answered_goes_on_and_its_person_is_told(session: WriteSession) -> None:
    town = Town(session)
    id = _proposed(session, town)
    slot = appointment_of(session, id).slot_id
    assert let_unanswered_go(session, now=EVE - timedelta(minutes=1), limit=50) == 0
    assert let_unanswered_go(session, now=EVE, limit=50) == 1
    assert _states(session, id) == [(ProposalState.LAPSED, 1)]
    assert appointment_of(session, id).state is AppointmentState.CANCELLED_BY_OFFICE
    assert _remaining(session, slot) == 2
    assert f"let_go:{id}:1" in _keys(session)
    assert steps(session) == {id: Progress.CANCELLED}
    with pytest.raises(NotCancellable):
        move(session, idem_key="m", appointment_id=id, actor=its_chat(session, id), slot_id=slot, now=EVE)
    assert verify(session) == []


def test_whom_neither_message_reached_stays_on_the_list_of_the_office(session: WriteSession) -> None:
    town = Town(session)
    id = _proposed(session, town)
    let_unanswered_go(session, now=EVE, limit=50)
    for message in session.scalars(select(OutboxMessage)):
        message.state, message.is_open = DeliveryState.DEAD, False
    session.flush()
    assert [row.appointment_id for row in not_reached(session, office_id=town.office.id, since=TODAY)] == [id]


def test_giving_a_proposed_time_back_counts_for_no_limit(session: WriteSession) -> None:
    town = Town(session)
    id = _proposed(session, town)
    chat = its_chat(session, id)
    assert chat.conversation_id is not None
    cancel(session, appointment_id=id, actor=chat, now=NOW)
    assert _states(session, id) == [(ProposalState.GIVEN_BACK, 1)]
    kind = CounterKind.CANCELLATIONS
    assert counted(session, conversation_id=chat.conversation_id, kind=kind, now=NOW) is None
    assert verify(session) == []


def test_who_accepted_and_cancels_then_counts_as_everybody(session: WriteSession) -> None:
    town = Town(session)
    id = _proposed(session, town)
    chat = its_chat(session, id)
    assert chat.conversation_id is not None
    accept(session, appointment_id=id, actor=chat, now=NOW)
    cancel(session, appointment_id=id, actor=chat, now=NOW)
    found = counted(session, conversation_id=chat.conversation_id, kind=CounterKind.CANCELLATIONS, now=NOW)
    assert found is not None
    assert found[0] == 1


def test_another_time_settles_the_proposal(session: WriteSession) -> None:
    town = Town(session)
    id = _proposed(session, town)
    later = session.scalars(
        select(Slot.id).where(Slot.queue_id == town.queue.id, Slot.starts_at == at(SATURDAY, hour=9))
    ).one()
    move(session, idem_key="m", appointment_id=id, actor=its_chat(session, id), slot_id=later, now=NOW)
    assert _states(session, id) == [(ProposalState.CHANGED, 1)]
    assert f"ticket:{id}:2" in _keys(session)
    assert let_unanswered_go(session, now=EVE, limit=50) == 0
    assert verify(session) == []


def test_a_proposed_day_that_closes_too_is_proposed_anew_once(session: WriteSession) -> None:
    town = Town(session)
    id = _proposed(session, town)
    made(session, town.close(SATURDAY), key="second")
    assert _states(session, id) == [(ProposalState.WITHDRAWN, 1), (ProposalState.OPEN, 2)]
    assert appointment_of(session, id).starts_at == at(SATURDAY + timedelta(days=1), hour=8)
    assert verify(session) == []
    made(session, town.close(SATURDAY + timedelta(days=1)), key="third")
    assert _states(session, id) == [(ProposalState.WITHDRAWN, 1), (ProposalState.WITHDRAWN, 2)]
    assert appointment_of(session, id).state is AppointmentState.CANCELLED_BY_OFFICE
    assert f"cancelled:{id}:2" in _keys(session)
    assert verify(session) == []


def test_the_last_change_is_the_one_whose_proposal_nobody_answered(session: WriteSession) -> None:
    town = Town(session)
    _proposed(session, town)
    made(session, town.close(SATURDAY), key="second")
    assert let_unanswered_go(session, now=EVE + timedelta(days=1), limit=50) == 1
    found = session.scalars(select(ChangedAppointment.step).order_by(ChangedAppointment.id)).all()
    assert found == [Progress.MOVED, Progress.CANCELLED]


def test_an_accepted_day_that_closes_is_the_first_again(session: WriteSession) -> None:
    town = Town(session)
    id = _proposed(session, town)
    accept(session, appointment_id=id, actor=its_chat(session, id), now=NOW)
    made(session, town.close(SATURDAY), key="second")
    assert _states(session, id) == [(ProposalState.ACCEPTED, 1), (ProposalState.OPEN, 1)]


def test_without_a_chat_the_place_is_theirs_without_an_answer(session: WriteSession) -> None:
    town = Town(session)
    (id,) = town.people(1, has_chat=False)
    made(session, town.close())
    assert _states(session, id) == [(ProposalState.STANDS, 1)]
    assert let_unanswered_go(session, now=EVE, limit=50) == 0
    assert appointment_of(session, id).state is AppointmentState.BOOKED
    assert verify(session) == []


def test_a_time_chosen_at_the_desk_is_no_proposal_and_a_closed_day_is_the_first(session: WriteSession) -> None:
    town = Town(session)
    (id,) = town.people(1, has_chat=False)
    person = session.get_one(Person, appointment_of(session, id).person_id)
    paper, clerk = IdentityDigest(person.identity_hash, None), acting(make_staff(session).id)
    for nth in range(2):
        starts_at = at(SUNDAY, hour=10 + nth)
        slot = session.scalars(select(Slot).where(Slot.queue_id == town.queue.id, Slot.starts_at == starts_at)).one()
        given: dict[str, Any] = {
            "appointment_id": id,
            "slot_id": slot.id,
            "identity": paper,
            "actor": clerk,
            "now": NOW,
        }
        assert move_at_desk(session, idem_key=f"desk:{nth}", **given)
    assert _states(session, id) == [(ProposalState.ACCEPTED, 1)] * 2
    made(session, town.close())
    assert steps(session) == {id: Progress.MOVED}, "moved with the others, and not cancelled as if asked twice"
    assert verify(session) == []


def test_a_time_that_is_too_near_for_an_answer_stands() -> None:
    eve = at(SATURDAY - timedelta(days=1), hour=18)
    nine = at(SATURDAY, hour=9)
    assert answer_until(nine, zone=TEHRAN, now=eve - timedelta(hours=2)) == eve
    assert answer_until(nine, zone=TEHRAN, now=eve - timedelta(hours=2) + timedelta(seconds=1)) is None
    # The night does not count: a message of the late evening is answered in the morning.
    assert answer_until(nine, zone=TEHRAN, now=at(SATURDAY - timedelta(days=2), hour=23)) == eve


def test_who_is_told_by_phone_has_answered(session: WriteSession) -> None:
    town = Town(session)
    id = _proposed(session, town)
    row = session.scalars(select(ChangedAppointment.id)).one()
    mark_told(session, id=row, way=Way.PHONE, **STAFF)
    assert _states(session, id) == [(ProposalState.ACCEPTED, 1)]
    assert let_unanswered_go(session, now=EVE, limit=50) == 0


def test_who_lost_their_time_waits_since_they_got_it(session: WriteSession) -> None:
    town = Town(session)
    first, second = town.people(2)
    for id in (first, second):
        assert _since(session, town, id) is None
    made(session, town.close(), others={second: Remedy.CANCEL})
    assert [_since(session, town, id) for id in (first, second)] == [
        appointment_of(session, id).created_at for id in (first, second)
    ]
    cancel(session, appointment_id=first, actor=its_chat(session, first), now=NOW)
    assert _since(session, town, first) is None


def test_who_lost_it_long_ago_begins_at_the_end_of_the_line(session: WriteSession) -> None:
    town = Town(session)
    (id,) = town.people(1)
    made(session, town.close(), remedy=Remedy.CANCEL)
    assert _since(session, town, id, now=NOW + PLACE_KEPT - timedelta(seconds=1)) is not None
    assert _since(session, town, id, now=NOW + PLACE_KEPT) is None


def test_people_who_lost_their_times_together_wait_since_the_last_of_them_got_one(session: WriteSession) -> None:
    town = Town(session)
    ids = town.people(2)
    first, second = (appointment_of(session, id) for id in ids)
    first.created_at -= timedelta(days=20)
    second.conversation_id = first.conversation_id
    session.flush()
    made(session, town.close(), remedy=Remedy.CANCEL)
    assert _since(session, town, *ids) == second.created_at
    assert _since(session, town, ids[0]) == first.created_at


def _since(session: WriteSession, town: Town, *ids: int, now: datetime = NOW) -> datetime | None:
    lost = [appointment_of(session, id) for id in ids]
    chat = lost[0].conversation_id
    assert chat is not None
    return kept_since(
        session,
        conversation_id=chat,
        person_ids=[each.person_id for each in lost if each.person_id is not None],
        service_id=town.service.id,
        now=now,
    )


STORIES = stories_of(globals())


@pytest.mark.postgres
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_the_same_on_postgresql(storage: Storage, story: Story) -> None:
    await tell(story, storage)
