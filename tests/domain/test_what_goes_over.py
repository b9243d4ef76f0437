"""Row by row, what goes over to another chat of the same person, and what comes back with «that was not me»."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from desk.acting import Actor
from desk.appointments.actions import move
from desk.conversations import allowing
from desk.conversations.limits import counted, note
from desk.conversations.rules import AllowReason, CounterKind, LimitKind
from desk.erasure.actions import erase
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import DeliveryState
from desk.parts import ErasedKind
from desk.people.models import KnownPerson
from desk.people.rules import DocumentKind
from desk.staff.models import StaffMember
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.tombstones.actions import PURPOSE, what
from desk.tombstones.models import Tombstone
from desk.transfers import actions
from desk.transfers.models import CounterCode
from desk.transfers.rules import MOST_TRIES, TransferNotice
from tests import weak_hashes
from tests.domain.test_transfers_at_the_counter import at_counter, redeem
from tests.domain.transfer_scene import KEY, LATER, Scene, known_too, told, whole
from tests.makers import NOW, TODAY, at, make_appointment, make_conversation, make_person, make_queue, make_service
from tests.makers import make_slot as slot_of

ALLOWED: dict[str, Any] = {"most": 9, "reason": AllowReason.HOUSEHOLD, "now": NOW}
LESS: dict[str, Any] = {"most": 1, "reason": AllowReason.SIGNS, "now": NOW}


@pytest.fixture
def scene(session: WriteSession) -> Scene:
    return Scene(session)


def test_only_a_second_one_for_the_same_service_stays_behind(scene: Scene) -> None:
    session, other = scene.session, make_service(scene.session)
    slot = slot_of(session, queue=make_queue(session, office=scene.office, services=[other]))
    there = make_appointment(session, slot=slot, service=other, person=scene.person, conversation=scene.new)
    scene.bring()
    whole(session)
    assert scene.has(scene.new) == {scene.turn.id, there.id}


def test_one_whose_time_is_over_is_no_more_than_a_row(scene: Scene) -> None:
    """Nobody recorded them: they take nothing of what a chat may have."""
    for day in range(1, 7):
        scene.appointment(day=-day, person=make_person(scene.session, conversation=scene.old))
    scene.bring()
    assert len(scene.has(scene.new)) == 7


def addresses(scene: Scene) -> set[tuple[int, str, str, str | None]]:
    """Where the messages about the appointment belong, and the messenger's numbers of them."""
    m = OutboxMessage
    asked = select(m.conversation_id, m.channel, m.bot, m.message_id).where(m.about == f"appointment:{scene.turn.id}")
    return {(row[0], row[1], row[2], row[3]) for row in scene.session.execute(asked)}


def test_the_messages_of_a_turn_go_with_it_and_come_back_with_it(scene: Scene) -> None:
    """Its reminders reach the person who has it: one that is left behind tells somebody else of it, or nobody."""
    session = scene.session
    session.execute(update(OutboxMessage).values(message_id="7"))
    transfer_id = scene.bring()
    assert addresses(scene) == {(scene.new.id, scene.new.channel, scene.new.bot, None)}
    waiting = select(func.count()).where(
        OutboxMessage.about == f"appointment:{scene.turn.id}", OutboxMessage.state == DeliveryState.OPEN
    )
    assert session.scalar(waiting) == 1, "one ticket, not the earlier one too"
    actions.stop(session, actor=Actor.chat(scene.old.id), transfer_id=transfer_id, now=NOW)
    assert addresses(scene) == {(scene.old.id, scene.old.channel, scene.old.bot, None)}
    whole(session)


def limits_of(scene: Scene) -> list[dict[LimitKind, int]]:
    """What the desk set for the earlier and the later chat."""
    held = [allowing.raised(scene.session, conversation_id=each.id, now=NOW) for each in (scene.old, scene.new)]
    return [{kind: most for kind, (most, _until) in each.items()} for each in held]


async def test_what_was_allowed_comes_back_and_nothing_of_the_stranger(storage: Storage) -> None:
    """Who was allowed less because of signs gives that to nobody by bringing over what is theirs."""

    def act(session: WriteSession) -> None:
        scene = Scene(session)
        allowing.allow(session, conversation_id=scene.old.id, kind=LimitKind.NEW_PEOPLE, **ALLOWED)
        allowing.allow(session, conversation_id=scene.new.id, kind=LimitKind.APPOINTMENTS, **LESS)
        allowing.allow(session, conversation_id=scene.new.id, kind=LimitKind.HOLDS, **ALLOWED)
        before = limits_of(scene)
        transfer_id = scene.bring()
        own = {LimitKind.APPOINTMENTS: 1, LimitKind.HOLDS: 9}
        assert limits_of(scene) == [{}, own | {LimitKind.NEW_PEOPLE: 9}]
        actions.stop(session, actor=Actor.chat(scene.old.id), transfer_id=transfer_id, now=NOW)
        assert limits_of(scene) == before == [{LimitKind.NEW_PEOPLE: 9}, own]

    await storage.write(act)


async def test_a_count_whose_series_is_over_bounds_nobody_in_the_later_chat(storage: Storage) -> None:
    def act(session: WriteSession) -> None:
        scene = Scene(session)
        for _ in range(3):
            long_ago = NOW - timedelta(days=8)
            note(session, conversation_id=scene.old.id, kind=CounterKind.CANCELLATIONS, now=long_ago)
        note(session, conversation_id=scene.new.id, kind=CounterKind.CANCELLATIONS, now=NOW)
        scene.bring()
        found = counted(session, conversation_id=scene.new.id, kind=CounterKind.CANCELLATIONS, now=NOW)
        assert found is not None
        assert found.times == 1

    await storage.write(act)


def test_no_restored_back_up_puts_somebody_on_the_earlier_list_again(scene: Scene) -> None:
    session = scene.session
    listed = session.scalars(select(KnownPerson.id).where(KnownPerson.conversation_id == scene.old.id)).one()
    session.add(known_too(session, scene.new, scene.person))
    session.flush()
    scene.bring()
    marks = set(session.scalars(select(Tombstone.mark)))
    assert session.keys.mark(PURPOSE, what(ErasedKind.LISTED, listed)) in marks


def test_nobody_is_told_of_complaints_where_none_came(scene: Scene) -> None:
    scene.bring()
    assert actions.bring_cases(scene.session, now=LATER, limit=9) == 1
    assert TransferNotice.CASES not in told(scene.session, scene.new)


def test_erasing_takes_the_code_of_the_counter_along(scene: Scene) -> None:
    assert at_counter(scene) is not None
    erase(scene.session, actor=Actor.chat(scene.old.id), now=NOW)
    assert scene.session.scalar(select(func.count()).select_from(CounterCode)) == 0


def test_a_wrong_number_at_the_counter_counts_for_the_clerk(scene: Scene) -> None:
    other = weak_hashes.digest("11223344", kind=DocumentKind.AMAYESH, key=KEY)
    assert at_counter(scene, identity=other) is None
    assert max(scene.session.scalars(select(StaffMember.number_misses))) == 1


def test_neither_a_new_word_nor_a_new_code_brings_tries_back(scene: Scene) -> None:
    """Otherwise the bound holds for one word only, and somebody who has another chosen guesses on."""
    for nth in range(MOST_TRIES):
        assert scene.prove(make_conversation(scene.session), word=f"guess {nth}") is None
    scene.choose(scene.old, "سیب و انار")
    assert scene.prove(word="سیب و انار") is None


def test_strangers_who_guess_do_not_shut_the_owner_out_at_the_counter(scene: Scene) -> None:
    """Wrong words of others close the way by the word for a week; the original paper still opens the other."""
    for nth in range(MOST_TRIES + 3):
        assert scene.prove(make_conversation(scene.session), word=f"guess {nth}") is None
    digits = at_counter(scene)
    assert digits is not None
    redeem(scene, digits)
    assert scene.has(scene.new) == {scene.turn.id}


def test_who_has_as_many_turns_as_a_chat_may_have_still_changes_one(scene: Scene) -> None:
    """A change is no further turn, also in the chat to which they went over."""
    for _ in range(5):
        scene.appointment(person=make_person(scene.session, conversation=scene.old))
    scene.bring()
    assert len(scene.has(scene.new)) == 6
    slot = slot_of(scene.session, queue=scene.queue, starts_at=at(TODAY + timedelta(days=7), hour=12))
    asked: dict[str, Any] = {"appointment_id": scene.turn.id, "slot_id": slot.id, "idem_key": "change"}
    move(scene.session, actor=Actor.chat(scene.new.id), now=NOW, **asked)
    whole(scene.session)
