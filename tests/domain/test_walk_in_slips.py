"""Printed slips: a secret of its own ties an appointment of the desk to one chat, once, until its day is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk.acting import SYSTEM, Actor, OutOfReach
from desk.appointments.actions import Booked, cancel_by_office
from desk.appointments.moving import move_by_office
from desk.appointments.refusals import AlreadyHasAppointment, TooManyAppointments
from desk.appointments.rules import AppointmentState
from desk.consequences.letting_go import let_unanswered_go
from desk.conversations.rules import ChatLimits
from desk.erasure.actions import erase
from desk.events.models import Event
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import DeliveryState
from desk.people.models import Person
from desk.storage.base import WriteSession
from desk.storage.encryption import Keys
from desk.walk_ins.actions import make_slip, tie, untie
from desk.walk_ins.jobs import forget_slips
from desk.walk_ins.models import WalkInSlip
from desk.walk_ins.queries import scanned, tied_at
from desk.walk_ins.refusals import HasNoSlip, NotTied, SlipTiesNothing
from desk.walk_ins.rows import ScannedSlip
from desk.walk_ins.rules import SlipState, WalkInEvent
from tests.domain.booking_scene import WEEK
from tests.domain.test_at_desk import PAPER
from tests.domain.test_shares import STAFF, broken
from tests.domain.test_walk_ins import OPEN, Door
from tests.keys import KEY
from tests.makers import at, make_conversation

LATE = at(WEEK + timedelta(days=1), hour=0)


class Slips(Door):
    """The door with somebody registered, and a slip for them."""

    def __init__(self, session: WriteSession, *, is_later: bool = False) -> None:
        super().__init__(session, walk_in=0 if is_later else 25)
        self.booked = self.day(identity=PAPER) if is_later else self.number(identity=PAPER)
        self.secret = self.print()

    def print(self, booked: Booked | None = None, **over: Any) -> str:
        appointment_id = (booked or self.booked).appointment_id
        given: dict[str, Any] = {"appointment_id": appointment_id, "actor": self.marshal, "now": OPEN}
        return make_slip(self.session, **given | over)

    def scan(self, secret: str | None = None, *, chat: int | None = None, now: datetime = OPEN) -> ScannedSlip | None:
        of = chat or self.chat.id
        return scanned(self.session, secret=self.secret if secret is None else secret, conversation_id=of, now=now)

    def state(self, **over: Any) -> SlipState | None:
        found = self.scan(**over)
        return None if found is None else found.state

    def tie(self, *, chat: int | None = None, now: datetime = OPEN, **over: Any) -> int:
        found = self.scan(now=now)
        assert found is not None
        given: dict[str, Any] = {"mark": found.mark, "actor": Actor.chat(chat or self.chat.id), "now": now}
        return tie(self.session, **given | over)

    def untie(self, **over: Any) -> None:
        given: dict[str, Any] = {"appointment_id": self.booked.appointment_id, "actor": self.marshal, "now": OPEN}
        untie(self.session, **given | over)

    def of_chat(self) -> int | None:
        return self.row(self.booked).conversation_id

    def slip(self) -> WalkInSlip:
        return self.session.get_one(WalkInSlip, self.booked.appointment_id, populate_existing=True)

    def told(self, chat: int) -> set[str]:
        """The kinds of messages that wait for this chat."""
        of = select(OutboxMessage).where(OutboxMessage.conversation_id == chat, OutboxMessage.is_open)
        return {str(each.notice) for each in self.session.scalars(of.execution_options(populate_existing=True))}


@pytest.fixture
def slips(session: WriteSession) -> Slips:
    return Slips(session)


@pytest.fixture
def later(session: WriteSession) -> Slips:
    """The same with somebody who has the day after, two days before it."""
    return Slips(session, is_later=True)


def test_the_secret_stands_nowhere_and_has_128_bits(slips: Slips) -> None:
    assert len(slips.secret) == 22
    found = slips.scan()
    assert found is not None
    assert found.appointment.is_walk_in
    assert slips.print() != slips.secret
    assert slips.slip().mark not in (slips.secret, None)
    kept = [str(each.data) for each in slips.session.scalars(select(Event))]
    assert not [each for each in kept if slips.secret in each]


def test_a_scan_ties_it_and_everything_a_chat_has_follows(later: Slips) -> None:
    assert later.state() is SlipState.OPEN
    assert later.tie() == later.booked.appointment_id
    assert later.of_chat() == later.chat.id
    assert {"ticket", "reminder"} <= later.told(later.chat.id)
    row = later.slip()
    assert tied_at(later.session, appointment_id=row.appointment_id) == OPEN
    assert (row.mark, row.tied_at) == (None, OPEN)
    assert later.kinds()[-2:] == [WalkInEvent.SLIP, WalkInEvent.TIED]
    assert broken(later.session) == []


def test_of_two_scans_the_second_is_told_that_it_is_tied(slips: Slips) -> None:
    found = slips.scan()
    assert found is not None
    slips.tie()
    other = make_conversation(slips.session)
    assert slips.state(chat=other.id) is SlipState.TIED
    assert slips.state() is SlipState.OWN
    with pytest.raises(SlipTiesNothing) as refused:
        tie(slips.session, actor=Actor.chat(other.id), mark=found.mark, now=OPEN)
    assert refused.value.state is SlipState.TIED
    assert slips.of_chat() == slips.chat.id


def test_a_typed_code_or_a_secret_made_up_ties_nothing(slips: Slips) -> None:
    for made_up in (slips.booked.code.digits, "", "x" * 22, slips.secret[:-1], f"{slips.secret} "):
        assert slips.state(secret=made_up) is None
    assert slips.of_chat() is None


def test_it_ties_until_the_end_of_its_day(slips: Slips) -> None:
    just_before = LATE - timedelta(seconds=1)
    assert slips.state(now=just_before) is SlipState.OPEN
    assert slips.state(now=LATE) is SlipState.OVER
    with pytest.raises(SlipTiesNothing) as refused:
        slips.tie(now=LATE)
    assert refused.value.state is SlipState.OVER
    assert slips.slip().mark is not None, "a refusal leaves it as it was"
    slips.tie(now=just_before)


def test_what_is_cancelled_is_tied_to_nobody(slips: Slips) -> None:
    cancel_by_office(slips.session, appointment_id=slips.booked.appointment_id, reason="", **STAFF)
    assert slips.state() is SlipState.OVER
    with pytest.raises(SlipTiesNothing):
        slips.tie()
    with pytest.raises(HasNoSlip):
        slips.print()


def test_a_new_slip_takes_the_place_of_the_one_before(slips: Slips) -> None:
    first, slips.secret = slips.secret, slips.print()
    assert slips.state(secret=first) is None
    assert slips.state() is SlipState.OPEN


def test_a_chat_has_no_more_than_it_may_and_never_two_of_one_person(slips: Slips) -> None:
    with pytest.raises(TooManyAppointments):
        slips.tie(limits=ChatLimits(live_appointments=0))
    person = slips.session.get_one(Person, slips.row(slips.booked).person_id)
    slips.book(slips.slots()[-1], person_id=person.id)
    with pytest.raises(AlreadyHasAppointment):
        slips.tie()
    assert slips.state() is SlipState.OPEN
    assert broken(slips.session) == []


def test_the_office_takes_it_back_and_the_chat_is_told(slips: Slips) -> None:
    slips.tie()
    slips.untie()
    assert slips.of_chat() is None
    assert slips.told(slips.chat.id) == {"walk_in_untied"}
    assert slips.state() is SlipState.UNDONE
    assert slips.kinds()[-1] == WalkInEvent.UNTIED
    with pytest.raises(NotTied):
        slips.untie()
    assert broken(slips.session) == []


def test_after_that_a_new_slip_ties_it_to_the_right_chat_with_its_messages(later: Slips) -> None:
    later.tie()
    later.untie()
    later.secret = later.print()
    other = make_conversation(later.session)
    later.tie(chat=other.id)
    assert later.of_chat() == other.id
    assert {"ticket", "reminder"} <= later.told(other.id)
    later.untie()
    later.secret = later.print()
    later.tie()  # and back again
    assert {"ticket", "reminder"} <= later.told(later.chat.id)
    assert broken(later.session) == []


def test_a_proposed_time_stands_once_nobody_is_there_to_accept_it(later: Slips) -> None:
    later.tie()
    slot = later.slots(WEEK + timedelta(days=1))[-1].id
    to: dict[str, Any] = {"appointment_id": later.booked.appointment_id, "slot_id": slot, "told": {}}
    move_by_office(later.session, idem_key="m", **to, actor=SYSTEM, reason="برق رفت", now=OPEN)
    later.untie()
    assert let_unanswered_go(later.session, now=OPEN + timedelta(hours=30), limit=10) == 0
    assert later.row(later.booked).state is AppointmentState.BOOKED
    assert broken(later.session) == []


def test_a_ticket_that_was_sent_is_sent_to_the_next_chat_too(slips: Slips) -> None:
    slips.tie()
    for message in slips.session.scalars(select(OutboxMessage).where(OutboxMessage.notice == "ticket")):
        message.state, message.is_open, message.message_id, message.sent_at = DeliveryState.SENT, False, "7", OPEN
    slips.session.flush()
    slips.untie()
    assert "ticket_changed" in slips.told(slips.chat.id), "what stands there says so"
    slips.secret = slips.print()
    other = make_conversation(slips.session)
    slips.tie(chat=other.id)
    assert "ticket" in slips.told(other.id)


def test_who_has_come_already_is_reminded_of_nothing(slips: Slips) -> None:
    assert slips.row(slips.booked).state is AppointmentState.ARRIVED
    slips.tie()
    assert slips.told(slips.chat.id) == {"ticket"}


def test_only_staff_of_the_office_print_and_take_back(slips: Slips) -> None:
    for actor in (Actor.chat(slips.chat.id), Actor.staff(1, {})):
        with pytest.raises(OutOfReach):
            slips.print(actor=actor)
        with pytest.raises(OutOfReach):
            slips.untie(actor=actor)
    with pytest.raises(OutOfReach):
        slips.print(appointment_id=10**9)


def test_what_a_chat_booked_has_no_slip(slips: Slips) -> None:
    with pytest.raises(HasNoSlip):
        slips.print(slips.book(slips.slots()[-1]))


def test_an_appointment_of_nobody_any_more_has_no_slip(slips: Slips) -> None:
    row = slips.row(slips.booked)
    row.person_id = None
    slips.session.flush()
    with pytest.raises(HasNoSlip):
        slips.print()


def test_erasing_takes_the_slip_along(slips: Slips) -> None:
    slips.tie()
    erase(slips.session, actor=Actor.chat(slips.chat.id), now=OPEN)
    assert slips.session.scalars(select(WalkInSlip)).all() == []
    assert slips.row(slips.booked).conversation_id is None
    assert broken(slips.session) == []


def test_a_slip_is_forgotten_a_week_after_its_day(slips: Slips) -> None:
    assert forget_slips(slips.session, now=LATE + timedelta(days=7) - timedelta(seconds=1), limit=9) == 0
    assert forget_slips(slips.session, now=LATE + timedelta(days=7), limit=9) == 1
    assert slips.session.scalars(select(WalkInSlip)).all() == []


def test_a_slip_of_before_a_change_of_the_key_still_ties_and_is_told_apart(slips: Slips) -> None:
    newer = slips.session.info["keys"] = Keys(b"n" * 32, [KEY])
    assert slips.state() is SlipState.OPEN
    slips.tie()
    assert slips.state() is SlipState.OWN
    slips.session.info["keys"] = Keys(b"m" * 32, [b"n" * 32, KEY])
    assert slips.state() is SlipState.OWN
    assert newer.name in (slips.slip().spent_mark or "")
