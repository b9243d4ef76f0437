"""Two chats that named one number: what each may book, who is told, and the paper that decides at the counter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk.acting import Actor
from desk.appointments.actions import cancel
from desk.appointments.contested import is_named_twice, tell_first_chats
from desk.appointments.models import Appointment
from desk.appointments.queries import appointment_by_id
from desk.appointments.refusals import AlreadyHasAppointment, NotInThisChat
from desk.appointments.rules import AppointmentState
from desk.appointments.transferring import MovedAppointment, change_chat
from desk.capacity.freed import PLACES
from desk.conversations.limits import counted
from desk.conversations.rules import CounterKind
from desk.erasure.actions import erase
from desk.events.queries import of
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import Recipient
from desk.people import actions as people
from desk.people.queries import known
from desk.people.rules import DocumentKind, IdentityDigest
from desk.staff.models import StaffMember
from desk.storage.base import WriteSession
from desk.verify import verify
from desk.visits import proving
from desk.visits.actions import record_outcome, undo_outcome
from desk.visits.proving import ComparedPaper, prove
from desk.visits.refusals import NotRecordable, NotYetTheDay, TooManyWrongNumbers
from desk.visits.rules import Outcome
from tests.domain.booking_scene import WEEK, Scene
from tests.makers import NOW, TODAY, acting, at, make_conversation, make_person, make_staff
from tests.makers_signs import name_too
from tests.weak_hashes import digest

KEY = b"a key for tests of numbers, of 32"
NUMBER = digest("987654321", kind=DocumentKind.AMAYESH, key=KEY)
WRONG = digest("987654322", kind=DocumentKind.AMAYESH, key=KEY)
THE_DAY = at(WEEK, hour=8)


class Two(Scene):
    """A chat with an appointment, and a second chat that names the same number."""

    def __init__(self, session: WriteSession) -> None:
        super().__init__(session)
        self.person = make_person(session, conversation=self.chat, identity_hash=NUMBER.hash, last4="4321")
        self.second = make_conversation(session, channel="bale")
        self.clerk: StaffMember = make_staff(session)
        self.first_slot, self.second_slot = self.slot(), self.slot(at(WEEK, hour=11))

    def both(self) -> tuple[Appointment, Appointment]:
        first, second = self.book(self.first_slot), self.book(self.second_slot, actor=Actor.chat(self.second.id))
        return self.of(first.appointment_id), self.of(second.appointment_id)

    def of(self, appointment_id: int) -> Appointment:
        return self.session.get_one(Appointment, appointment_id, populate_existing=True)

    def proves(
        self, appointment: Appointment, identity: IdentityDigest = NUMBER, now: datetime = THE_DAY
    ) -> ComparedPaper:
        done = prove(
            self.session, appointment_id=appointment.id, identity=identity, actor=acting(self.clerk.id), now=now
        )
        self.session.expire_all()
        return done

    def told(self, notice: str) -> Sequence[tuple[int | None, datetime]]:
        asked = select(OutboxMessage.conversation_id, OutboxMessage.due_at).where(OutboxMessage.notice == notice)
        return [(row[0], row[1]) for row in self.session.execute(asked)]


def fallen(two: Two, conversation_id: int, now: datetime) -> int:
    found = counted(two.session, conversation_id=conversation_id, kind=CounterKind.FALLEN, now=now)
    return 0 if found is None else found.times


@pytest.fixture
def two(session: WriteSession) -> Two:
    return Two(session)


def test_a_second_chat_gets_a_contested_appointment_and_a_third_none(two: Two) -> None:
    first, second = two.both()
    assert (first.is_contested, second.is_contested) == (False, True)
    third = Actor.chat(make_conversation(two.session).id)
    free = two.slot(at(WEEK, hour=12))
    assert two.refused(NotInThisChat, lambda _s: two.book(free, actor=third)) == NotInThisChat(two.service.id)
    assert verify(two.session) == []


@pytest.mark.parametrize("is_first_over", [False, True])
def test_no_chat_has_two_of_one_number(two: Two, is_first_over: bool) -> None:
    first, second = two.both()
    if is_first_over:
        cancel(two.session, appointment_id=first.id, actor=Actor.chat(two.chat.id), now=NOW)
    free, actor = two.slot(at(WEEK, hour=12)), Actor.chat(two.second.id)
    refusal = two.refused(AlreadyHasAppointment, lambda _s: two.book(free, actor=actor))
    assert refusal == AlreadyHasAppointment(second.id, is_own_chat=True)


def test_who_gives_the_first_back_may_book_again_beside_the_contested_one(two: Two) -> None:
    first, second = two.both()
    cancel(two.session, appointment_id=first.id, actor=Actor.chat(two.chat.id), now=NOW)
    again = two.of(two.book(two.first_slot).appointment_id)
    assert (again.is_contested, second.is_contested) == (False, True)
    assert verify(two.session) == []


def test_one_whose_day_is_over_contests_nothing(two: Two) -> None:
    two.book(two.first_slot)
    later = two.slot(at(WEEK + timedelta(days=1), hour=9))
    booked = two.book(later, actor=Actor.chat(two.second.id), now=at(WEEK + timedelta(days=1), hour=7))
    assert not two.of(booked.appointment_id).is_contested


def test_what_the_desk_books_for_no_chat_contests_nothing(two: Two) -> None:
    first = two.book(two.first_slot)
    free = two.second_slot
    refusal = two.refused(AlreadyHasAppointment, lambda _s: two.book(free, actor=acting(two.clerk.id)))
    assert refusal == AlreadyHasAppointment(first.appointment_id, is_own_chat=False)


def test_the_first_chat_is_told_once_and_not_at_night(two: Two) -> None:
    two.both()
    night = at(TODAY, hour=23)
    assert tell_first_chats(two.session, now=night, limit=10) == 1
    assert tell_first_chats(two.session, now=night + timedelta(days=1), limit=10) == 0
    assert two.told("named_again") == [(two.chat.id, at(TODAY + timedelta(days=1), hour=7))]


def test_nobody_is_told_of_a_turn_whose_time_is_over(two: Two) -> None:
    two.both()
    assert tell_first_chats(two.session, now=at(WEEK, hour=20), limit=10) == 0


def test_one_of_a_day_that_is_over_does_not_fall(two: Two) -> None:
    """Nobody recorded it: its person was perhaps there, and is told nothing."""
    next_day = WEEK + timedelta(days=1)
    two.second_slot = two.slot(at(next_day, hour=11))
    first, second = two.both()
    assert two.proves(second, now=at(next_day, hour=9)) == ComparedPaper(fits=True)
    assert (first.state, first.is_live, second.is_contested) == (AppointmentState.BOOKED, True, True)
    assert two.told("fallen") == []
    assert verify(two.session) == []


def test_there_is_nothing_to_tell_once_the_other_is_given_back(two: Two) -> None:
    first, second = two.both()
    assert is_named_twice(two.session, appointment_id=first.id)
    cancel(two.session, appointment_id=second.id, actor=Actor.chat(two.second.id), now=NOW)
    assert not is_named_twice(two.session, appointment_id=first.id)
    assert tell_first_chats(two.session, now=NOW, limit=10) == 0


@pytest.mark.parametrize("holder", ["first", "second"])
def test_the_original_paper_decides(two: Two, holder: str) -> None:
    first, second = two.both()
    mine, other = (first, second) if holder == "first" else (second, first)
    other_chat = other.conversation_id
    before = two.left(two.first_slot), two.left(two.second_slot)
    assert two.proves(mine) == ComparedPaper(fits=True, fell=1)
    assert (mine.state, mine.is_live, mine.is_contested) == (AppointmentState.BOOKED, True, False)
    assert (other.state, other.is_live) == (AppointmentState.CANCELLED_BY_OFFICE, False)
    after = two.left(two.first_slot), two.left(two.second_slot)
    assert sum(after) == sum(before) + 1, "its place goes on"
    assert PLACES in {each.subject for each in two.session.changes}
    assert two.told("fallen") == [(other_chat, THE_DAY)]
    assert not [key for key, _ in two.messages() if key.startswith((f"reminder:{other.id}:", f"ticket:{other.id}:"))]
    assert other_chat is not None
    assert fallen(two, other_chat, THE_DAY) == 1
    assert next(iter(of(two.session, subject=f"appointment:{mine.id}"))).kind == "appointment.proven"
    [fell] = [each for each in of(two.session, subject=f"appointment:{other.id}") if each.kind == "appointment.fallen"]
    assert fell.actor_id == two.clerk.id
    assert two.proves(mine) == ComparedPaper(fits=True), "there is none left to fall"
    assert verify(two.session) == []


def test_who_named_the_number_is_not_told_when_its_owner_stands_at_a_counter(two: Two) -> None:
    two.second_slot = two.slot(at(WEEK + timedelta(days=5), hour=11))
    first, _second = two.both()
    two.proves(first)
    assert two.told("fallen") == [(two.second.id, at(WEEK + timedelta(days=1), hour=8))]


def test_what_fell_is_counted_of_its_chat(two: Two) -> None:
    for nth in range(3):
        number = digest(f"98765430{nth}", kind=DocumentKind.AMAYESH, key=KEY)
        two.person = make_person(two.session, identity_hash=number.hash)
        two.first_slot, two.second_slot = two.slot(at(WEEK, hour=12 + nth)), two.slot(at(WEEK, hour=16 + nth))
        first, _second = two.both()
        assert two.proves(first, number).fell == 1
    assert fallen(two, two.second.id, THE_DAY) == 3
    assert fallen(two, two.chat.id, THE_DAY) == 0
    assert fallen(two, two.second.id, THE_DAY + timedelta(days=8)) == 0


def test_another_number_changes_nothing_and_tries_are_few(two: Two) -> None:
    first, second = two.both()
    for left in reversed(range(proving.MOST_WRONG)):
        assert two.proves(first, WRONG) == ComparedPaper(fits=False, tries_left=left)
    with pytest.raises(TooManyWrongNumbers) as refused:
        two.proves(first)
    assert refused.value.until == THE_DAY + proving.WRONG_WITHIN
    assert (first.is_live, second.is_live, second.is_contested) == (True, True, True)
    differs = [each for each in of(two.session, subject=f"appointment:{first.id}") if each.kind == proving.DIFFERS]
    assert [each.actor_id for each in differs] == [two.clerk.id] * proving.MOST_WRONG
    assert two.session.get_one(StaffMember, two.clerk.id).number_misses == proving.MOST_WRONG
    assert verify(two.session) == []


def test_only_a_live_appointment_of_today_is_proven(two: Two) -> None:
    first, second = two.both()
    with pytest.raises(NotYetTheDay):
        two.proves(first, now=NOW)
    with pytest.raises(NotRecordable):
        two.proves(first, now=THE_DAY + timedelta(days=1))
    two.proves(first)
    with pytest.raises(NotRecordable):
        two.proves(second)


def test_an_outcome_taken_back_stands_beside_what_another_chat_booked_meanwhile(two: Two) -> None:
    first = two.of(two.book(two.first_slot).appointment_id)
    who: dict[str, Any] = {"appointment_id": first.id, "actor": acting(two.clerk.id), "now": THE_DAY}
    record_outcome(two.session, outcome=Outcome.SERVED, **who)
    second = two.of(two.book(two.second_slot, actor=Actor.chat(two.second.id), now=THE_DAY).appointment_id)
    assert not second.is_contested
    undo_outcome(two.session, **who)
    two.session.expire_all()
    assert (first.is_live, first.is_contested) == (True, True)
    assert verify(two.session) == []


def test_erasing_leaves_the_other_chat_what_it_has(two: Two) -> None:
    _first, second = two.both()
    erase(two.session, actor=Actor.chat(two.chat.id), now=NOW)
    two.session.expire_all()
    assert (second.is_live, second.person_id) == (True, two.person.id)
    assert two.proves(second) == ComparedPaper(fits=True)
    assert verify(two.session) == []


def _all_to_the_second(two: Two) -> list[MovedAppointment]:
    source, to = (Recipient("bale", "mizban", chat.id) for chat in (two.chat, two.second))
    return change_chat(two.session, source=source, to=to, now=NOW)


def test_what_goes_over_to_the_other_chat_is_no_second_one_there(two: Two) -> None:
    first, second = two.both()
    moved = _all_to_the_second(two)
    two.session.expire_all()
    assert moved == []
    assert (first.conversation_id, second.conversation_id) == (two.chat.id, two.second.id)
    cancel(two.session, appointment_id=second.id, actor=Actor.chat(two.second.id), now=NOW)
    [gone] = _all_to_the_second(two)
    assert gone.id == first.id
    assert verify(two.session) == []


def test_after_a_fall_the_number_is_asked_for_again_in_that_chat_alone(two: Two) -> None:
    session = two.session
    name_too(session, chat=two.second, person=two.person, name="ر")
    first, second = two.both()
    assert two.proves(first).fell == 1
    lost = two.of(second.id)
    assert (lost.fell_at, two.of(first.id).fell_at) == (THE_DAY, None)
    in_doubt = {chat.id: known(session, conversation_id=chat.id)[0].is_in_doubt for chat in (two.chat, two.second)}
    assert in_doubt == {two.chat.id: False, two.second.id: True}
    retype(two, NUMBER)  # the paper is theirs after all, they say: they are believed, and it decides at the counter
    assert not known(session, conversation_id=two.second.id)[0].is_in_doubt


def retype(two: Two, identity: IdentityDigest) -> None:
    people.remember(
        two.session,
        actor=Actor.chat(two.second.id),
        name="ر",
        nickname=None,
        document_kind=DocumentKind.AMAYESH,
        identity=identity,
        now=THE_DAY,
    )


def test_why_it_fell_is_not_read_before_it_is_told(two: Two) -> None:
    """Who pressed «my turns» at that moment would learn that the other stands at a counter now."""
    first, second = two.both()
    early = at(WEEK, hour=8)
    second.starts_at, second.day = second.starts_at + timedelta(days=3), second.day + timedelta(days=3)
    two.session.flush()
    two.proves(first, now=early)
    [(_chat, due_at)] = two.told("fallen")
    row = appointment_by_id(two.session, appointment_id=second.id)
    assert row is not None
    assert [row.fall_is_told(now=each) for each in (early, due_at - timedelta(minutes=1), due_at)] == [
        False,
        False,
        True,
    ]
