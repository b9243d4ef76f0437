"""What one chat has goes over to another of the same person; nobody else brings it over, and nothing is there twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from desk.acting import Actor
from desk.appointments.actions import cancel
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.cases.models import Case
from desk.cases.rules import Contact
from desk.conversations import allowing
from desk.conversations.limits import note
from desk.conversations.models import ChatCounter
from desk.conversations.rules import USUAL, AllowReason, CounterKind, LimitKind
from desk.erasure.actions import erase
from desk.events.models import Event
from desk.people.models import KnownPerson
from desk.people.queries import known
from desk.people.rules import DocumentKind
from desk.schema import metadata
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.transfers import actions
from desk.transfers.jobs import forget_transfers
from desk.transfers.models import ChatWord, CounterCode, Transfer
from desk.transfers.moving import MOVED
from desk.transfers.queries import what_comes
from desk.transfers.refusals import DoesNotFit, HasTheSame, TooLateToStop, TooManyTogether
from desk.transfers.rows import Proof
from desk.transfers.rules import KEPT, TransferNotice, TransferState
from desk.verify import verify
from tests import weak_hashes
from tests.domain.transfer_scene import (
    KEY,
    LATER,
    NUMBER,
    WORD,
    Scene,
    cases_in,
    known_too,
    people_of,
    told,
    whole,
)
from tests.makers import (
    NOW,
    appointment_code,
    make_conversation,
    make_person,
)
from tests.makers_cases import file_complaint


@pytest.fixture
def scene(session: WriteSession) -> Scene:
    return Scene(session)


def test_turns_and_people_go_over_and_the_earlier_chat_is_told(scene: Scene) -> None:
    session = scene.session
    past = scene.appointment(day=-3, state=AppointmentState.SERVED)
    scene.bring()
    whole(session)
    assert scene.has(scene.new) == {scene.turn.id, past.id}
    assert not scene.has(scene.old)
    chats = set(session.scalars(select(KnownPerson.conversation_id)))
    assert chats == {scene.new.id}
    # Of what is still to come the ticket is sent again; the messages about it are the new chat's too.
    assert told(session, scene.new) == ["ticket", "ticket"]
    assert told(session, scene.old) == [TransferNotice.AWAY]
    kinds = session.scalars(select(Event.kind).where(Event.subject == f"appointment:{scene.turn.id}"))
    assert list(kinds)[-1] == "transfer.made"
    assert session.scalar(select(func.count()).select_from(ChatWord)) == 0, "the word has served"


def test_complaints_follow_a_day_later_and_a_nameless_one_never(scene: Scene) -> None:
    session = scene.session
    named = file_complaint(session, conversation=scene.old)
    by_code = file_complaint(session, conversation=scene.old, contact=Contact.CODE)
    nobodys = file_complaint(session, conversation=scene.old, contact=Contact.NOBODY)
    transfer_id = scene.bring()
    later = file_complaint(session, conversation=scene.old)  # by who has the old chat now
    actions.bring_cases(session, now=NOW + timedelta(hours=24), limit=9)
    assert not cases_in(session, scene.new), "the time to object is not over"
    assert actions.bring_cases(session, now=LATER, limit=9) == 1
    whole(session)
    assert cases_in(session, scene.new) == {named.case_id, by_code.case_id}
    assert cases_in(session, scene.old) == {later.case_id}
    assert session.get_one(Case, nobodys.case_id).conversation_id is None
    assert session.get_one(Transfer, transfer_id).state is TransferState.SETTLED
    assert TransferNotice.CASES in told(session, scene.new)
    assert actions.bring_cases(session, now=LATER, limit=9) == 0


def test_no_event_says_that_a_complaint_and_a_turn_are_of_one_chat(scene: Scene) -> None:
    """Staff read the history: a line of a case beside lines of turns would tell them who filed it."""
    session = scene.session
    file_complaint(session, conversation=scene.old)
    before = session.scalar(select(func.count()).select_from(Event).where(Event.subject.like("case:%")))
    scene.bring()
    actions.bring_cases(session, now=LATER, limit=9)
    events = session.scalars(select(Event).where(Event.kind.like("transfer.%"))).all()
    assert events
    assert all(event.subject.startswith("appointment:") and not event.others for event in events)
    assert before == session.scalar(select(func.count()).select_from(Event).where(Event.subject.like("case:%")))


def test_the_earlier_chat_says_that_it_was_not_them(scene: Scene) -> None:
    session = scene.session
    file_complaint(session, conversation=scene.old)
    transfer_id = scene.bring()
    stranger = make_conversation(session)
    for chat in (scene.new, stranger):
        with pytest.raises(TooLateToStop):
            actions.stop(session, actor=Actor.chat(chat.id), transfer_id=transfer_id, now=NOW)
    actions.stop(session, actor=Actor.chat(scene.old.id), transfer_id=transfer_id, now=NOW + timedelta(hours=24))
    whole(session)
    assert scene.has(scene.old) == {scene.turn.id}
    assert not scene.has(scene.new)
    assert set(session.scalars(select(KnownPerson.conversation_id))) == {scene.old.id}
    assert actions.bring_cases(session, now=LATER, limit=9) == 0, "complaints never follow then"
    assert cases_in(session, scene.old)
    assert TransferNotice.BACK in told(session, scene.new)
    assert scene.prove() is None, "the word that somebody else knew counts no more"
    with pytest.raises(TooLateToStop):
        actions.stop(session, actor=Actor.chat(scene.old.id), transfer_id=transfer_id, now=NOW)


def test_who_was_known_in_both_chats_is_in_both_after_it_was_stopped(scene: Scene) -> None:
    session = scene.session
    make_known = partial(people_of, session)
    assert make_known(scene.new) == []
    again = weak_hashes.digest(NUMBER, kind=DocumentKind.AMAYESH, key=KEY)
    assert again.hash == scene.person.identity_hash
    session.add(known_too(session, scene.new, scene.person))
    session.flush()
    transfer_id = scene.bring()
    assert (make_known(scene.old), make_known(scene.new)) == ([], [scene.person.id])
    actions.stop(session, actor=Actor.chat(scene.old.id), transfer_id=transfer_id, now=NOW)
    whole(session)
    assert (make_known(scene.old), make_known(scene.new)) == ([scene.person.id], [scene.person.id])
    (as_before,) = known(session, conversation_id=scene.old.id)
    assert (as_before.name, as_before.document_kind) == ("گل‌آقا رحیمی", DocumentKind.AMAYESH), "as they had said it"
    row = session.scalars(select(Transfer)).one()
    kept = session.keys.open_sealed(row.moved_sealed, column=MOVED, row=row.id)
    assert "said" not in kept


def test_after_a_day_it_cannot_be_stopped(scene: Scene) -> None:
    transfer_id = scene.bring()
    with pytest.raises(TooLateToStop):
        actions.stop(scene.session, actor=Actor.chat(scene.old.id), transfer_id=transfer_id, now=LATER)
    assert scene.has(scene.new)


def test_what_can_still_be_stopped_is_not_given_on(scene: Scene) -> None:
    """Otherwise a thief moves it on to a third chat, out of the reach of «that was not me»."""
    session = scene.session
    scene.bring()
    scene.choose(scene.new, WORD)
    third = make_conversation(session)
    assert scene.prove(third) is None
    assert scene.prove(third, now=LATER) is not None


def test_limits_hold_in_both_chats(scene: Scene) -> None:
    session = scene.session
    for chat, times in ((scene.old, 3), (scene.new, 1)):
        for _ in range(times):
            note(session, conversation_id=chat.id, kind=CounterKind.CANCELLATIONS, now=NOW)
    note(session, conversation_id=scene.new.id, kind=CounterKind.PEOPLE, now=NOW)
    scene.bring()
    counts = session.execute(select(ChatCounter.kind, ChatCounter.count).order_by(ChatCounter.count, ChatCounter.kind))
    assert [tuple(row) for row in counts] == [
        (CounterKind.PEOPLE, 1),
        (CounterKind.CANCELLATIONS, 3),
        (CounterKind.CANCELLATIONS, 3),
    ]


@pytest.mark.parametrize("reason", [AllowReason.HOUSEHOLD, AllowReason.SIGNS])
def test_what_staff_allowed_goes_over_and_what_they_allowed_less_holds_in_both(
    scene: Scene, reason: AllowReason
) -> None:
    session = scene.session
    given: dict[str, Any] = {"kind": LimitKind.APPOINTMENTS, "most": 2, "reason": reason, "now": NOW}
    allowing.allow(session, conversation_id=scene.old.id, **given)
    scene.bring()
    held = [allowing.raised(session, conversation_id=chat.id, now=NOW) for chat in (scene.old, scene.new)]
    assert [bool(each) for each in held] == [reason is AllowReason.SIGNS, True]


def test_nobody_gathers_more_turns_in_one_chat(scene: Scene) -> None:
    session = scene.session
    for chat, number in ((scene.old, 3), (scene.new, 3)):
        for _ in range(number):
            scene.appointment(chat=chat, person=make_person(session))
    proof = scene.prove()
    assert proof is not None
    with pytest.raises(TooManyTogether) as refused:
        actions.bring(session, actor=Actor.chat(scene.new.id), proof=proof, now=NOW)
    assert refused.value.most == USUAL.live_appointments
    session.expire_all()
    assert len(scene.has(scene.old)) == 4
    assert session.scalar(select(func.count()).select_from(ChatWord)) == 1


def test_a_contested_turn_of_the_new_chat_is_cancelled_first(scene: Scene) -> None:
    """The person who lost the phone may have booked anew, before they knew that the old turn can come over."""
    session = scene.session
    again = scene.appointment(chat=scene.new, code=appointment_code(), person=make_person(session))
    again.is_contested, again.person_id = True, scene.person.id
    session.flush()
    proof = scene.prove()
    assert proof is not None
    with pytest.raises(HasTheSame):
        actions.bring(session, actor=Actor.chat(scene.new.id), proof=proof, now=NOW)
    cancel(session, appointment_id=again.id, actor=Actor.chat(scene.new.id), now=NOW)
    actions.bring(session, actor=Actor.chat(scene.new.id), proof=proof, now=NOW)
    whole(session)
    assert scene.turn.id in scene.has(scene.new)


def test_turns_without_a_paper_are_not_gathered_either(scene: Scene) -> None:
    session = scene.session
    for chat in (scene.old, scene.new):
        person = make_person(session, conversation=chat, document_kind=DocumentKind.NONE, last4=None)
        scene.appointment(chat=chat, person=person, document_kind=DocumentKind.NONE)
    proof = scene.prove()
    assert proof is not None
    with pytest.raises(TooManyTogether):
        actions.bring(session, actor=Actor.chat(scene.new.id), proof=proof, now=NOW)


def test_erasing_in_either_chat_leaves_nothing_of_the_transfer(scene: Scene) -> None:
    session = scene.session
    scene.bring()
    scene.choose(scene.new, WORD)
    erase(session, actor=Actor.chat(scene.new.id), now=NOW)
    whole(session)
    assert not scene.has(scene.old)
    for table in (Transfer, ChatWord, KnownPerson, CounterCode):
        assert session.scalar(select(func.count()).select_from(table)) == 0, table
    erase(session, actor=Actor.chat(scene.old.id), now=NOW)
    whole(session)


def test_which_chat_went_over_to_which_is_forgotten(scene: Scene) -> None:
    session = scene.session
    scene.bring()
    forget_transfers(session, now=LATER + KEPT, limit=99)
    assert session.scalar(select(func.count()).select_from(Transfer)) == 1, "complaints are still to follow"
    actions.bring_cases(session, now=LATER + KEPT, limit=9)
    forget_transfers(session, now=LATER + KEPT, limit=99)
    assert session.scalar(select(func.count()).select_from(Transfer)) == 0


def test_everything_that_names_a_chat_goes_over_or_says_why_not() -> None:
    naming = {
        f"{table.name}.{column.name}"
        for table in metadata().sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == "conversations"
    }
    goes = {
        "appointments.conversation_id",
        "announcement_wishes.conversation_id",
        "known_persons.conversation_id",
        "standing_requests.conversation_id",
        "standing_request_people.conversation_id",
        "cases.conversation_id",
        "outbox_messages.conversation_id",
        "outbox_messages.instead_of",
    }
    stays = {
        "after_questions.conversation_id": "that chat was asked how a visit was, and is not asked again within a week",
        "claims.conversation_id": "held for some minutes only",
        "chats_with_signs.conversation_id": "what that chat has done",
        "chat_words.conversation_id": "each chat has its own",
        "other_chats.conversation_id": "the connection stays with its chats",
        "other_chats.other_id": "the connection stays with its chats",
        "other_chat_codes.conversation_id": "shown in that chat",
        "transfers.source_id": "who went",
        "transfers.target_id": "who came",
    }
    assert naming == goes | set(stays)


# at once --------------------------------------------------------------------------------------------------------------


async def at_once(storage: Storage, act: Callable[[WriteSession, int, Proof], Any]) -> tuple[list[Any], list[int]]:
    """Two chats have shown that they are theirs and press «yes» at the same moment; what each has afterwards."""

    def prepare(session: WriteSession) -> tuple[Proof, list[int]]:
        scene = Scene(session)
        scene.appointment(person=make_person(session, conversation=scene.old))
        chats = [make_conversation(session) for _ in range(2)]
        proofs = [scene.prove(chat) for chat in chats]
        assert proofs[0] is not None
        assert proofs[0] == proofs[1]
        return proofs[0], [chat.id for chat in chats]

    proof, chats = await storage.write(prepare)
    answers = await asyncio.gather(*(storage.write(act, chat, proof) for chat in chats), return_exceptions=True)

    def count(session: WriteSession) -> list[int]:
        owned = select(func.count()).select_from(Appointment)
        return [session.scalar(owned.where(Appointment.conversation_id == chat)) or 0 for chat in chats]

    held = await storage.write(count)
    assert await storage.write(verify) == []
    return list(answers), held


async def test_two_who_bring_the_same_at_once_do_not_both_get_it(storage: Storage) -> None:
    def bring(session: WriteSession, chat: int, proof: Proof) -> None:
        actions.bring(session, actor=Actor.chat(chat), proof=proof, now=NOW)

    answers, held = await at_once(storage, bring)
    assert sorted(held) == [0, 2]
    assert [type(each) for each in answers if each is not None] == [DoesNotFit]


def test_what_comes_counts_no_turn_whose_day_is_over(scene: Scene) -> None:
    """Nobody recorded it, and the job that lets it lapse has not run."""
    session = scene.session
    scene.appointment(day=-1, person=make_person(session, conversation=scene.old))
    assert what_comes(session, conversation_id=scene.old.id, now=NOW).appointments == 1


def test_one_of_yesterday_in_the_new_chat_holds_nothing_up(scene: Scene) -> None:
    yesterday = scene.appointment(day=-1, chat=scene.new, person=scene.person, is_contested=True)
    scene.bring()
    whole(scene.session)
    assert not yesterday.is_live
    assert scene.turn.id in scene.has(scene.new)
