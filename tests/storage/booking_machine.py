"""What people do in a random history of a desk, against a model of plain dicts, and the comparison after every step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import TextClause, select
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.appointments import checks as appointments
from desk.appointments.actions import Member, book, book_together, cancel, move
from desk.appointments.models import Appointment
from desk.appointments.refusals import (
    AlreadyHasAppointment,
    NotCancellable,
    NotInThisChat,
    NotYours,
    SlotPassed,
    SlotTaken,
)
from desk.appointments.rules import AppointmentState
from desk.capacity import checks as capacity
from desk.capacity.actions import materialise
from desk.capacity.models import Slot
from desk.consequences import checks as consequences
from desk.conversations.rules import ChatLimits
from desk.outbox import checks as outbox
from desk.people.rules import DocumentKind
from desk.periods import USUAL_REST
from desk.places import checks as places
from desk.places.actions import hold, release
from desk.places.models import Claim
from desk.places.refusals import KeptLongEnough
from desk.places.rules import LONGEST_KEPT, ClaimKind
from desk.storage.base import WriteSession
from desk.verify import Broken, verify
from desk.visits import checks as visits
from tests.makers import NOW, TODAY, appointment_code, make_conversation, make_person, make_queue, make_service
from tests.makers_hours import make_rule
from tests.storage.booking_model import COUNTERS, Database, Desk, ModelAppointment, ModelSlot

CHATS, PEOPLE, SERVICES, SLOTS = 3, 4, 2, 6
KEEP = timedelta(minutes=10)
MANY = ChatLimits(live_appointments=99, cancellations=99)
"""The limits of a chat have tests of their own."""

chats = st.integers(0, CHATS - 1)
people = st.integers(0, PEOPLE - 1)
services = st.integers(0, SERVICES - 1)
slots = st.integers(0, SLOTS - 1)
some = st.integers(0, 7)
days = st.sampled_from([TODAY, TODAY + timedelta(days=1)])


AFTER_EACH_STEP: Mapping[str, TextClause] = {
    rule: breaks
    for subject in (appointments, capacity, consequences, outbox, places, visits)
    for rule, breaks in subject.CHECKS.items()
}
"""What the steps may break. At the end of each history every promise of the desk is asked about."""


class PeopleAtTheDesk(RuleBasedStateMachine):
    """Chats book, hold, move and cancel; after each step the database is compared with the model."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk()
        self.keys = 0
        self.said: list[tuple[dict[str, Any], int]] = []
        self.ids = self.database.write(self._open)
        self.desk.slots = [ModelSlot(*found) for found in self.ids["slots"]]
        assert len(self.desk.slots) == SLOTS

    @staticmethod
    def _open(session: WriteSession) -> dict[str, Any]:
        offered = [make_service(session) for _ in range(SERVICES + 1)]
        offered[SERVICES].is_per_household = True
        queue = make_queue(session, services=offered)
        for weekday in (0, 1):
            make_rule(session, queue=queue, weekday=weekday, opens=600, closes=645, counters=COUNTERS)
        materialise(session, queue_id=queue.id, days=[TODAY, TODAY + timedelta(days=1)], now=NOW)
        made = session.execute(select(Slot.id, Slot.starts_at, Slot.day).order_by(Slot.starts_at))
        return {
            "queue": queue.id,
            "services": [service.id for service in offered[:SERVICES]],
            "per_household": offered[SERVICES].id,
            "chats": [make_conversation(session).id for _ in range(CHATS)],
            "people": [make_person(session).id for _ in range(PEOPLE)],
            "slots": [tuple(row) for row in made],
        }

    def teardown(self) -> None:
        try:
            self._nothing_is_broken(self.database.read(verify))
        finally:
            self.database.empty()

    # -- what people do

    @rule(chat=chats, person=people, service=services, slot=slots)
    def book(self, chat: int, person: int, service: int, slot: int) -> None:
        desk = self.desk
        self.keys += 1
        request = {
            "idem_key": f"key:{self.keys}",
            "actor": Actor.chat(self.ids["chats"][chat]),
            "slot_id": desk.slots[slot].id,
            "service_id": self.ids["services"][service],
            "person_id": self.ids["people"][person],
            "person_name": "ر",
            "document_kind": DocumentKind.AMAYESH,
            "code": appointment_code(),
            "limits": MANY,
        }
        answer = self.database.write(book, **request, now=desk.now)
        new = ModelAppointment(id=0, chat=chat, person=person, service=service, slot=slot)
        new.is_contested = desk.is_contested(person, service, chat=chat)
        is_open = desk.slots[slot].starts_at > desk.now and desk.slots[slot].planned
        if is_open and not desk.has_room_beside(new, is_contested=new.is_contested):
            others = desk.live(person, service)
            for other in others:
                other.is_live = desk.is_present(other)
            own = [other for other in others if other.is_live and other.chat == chat]
            if own:
                assert answer == AlreadyHasAppointment(appointment_id=own[0].id, is_own_chat=True)
                return
            if len(desk.live(person, service)) == 2:
                assert answer == NotInThisChat(service_id=request["service_id"])
                return
            new.is_contested = desk.is_contested(person, service, chat=chat)
        refusal = desk.place_refusal(slot, chat)
        if refusal is not None:
            assert isinstance(answer, refusal)
            return
        assert not answer.is_repeat
        desk.holds.pop(chat, None)
        new.id = answer.appointment_id
        desk.appointments.append(new)
        self.said.append((request, answer.appointment_id))

    @rule(chat=chats, slot=slots)
    def book_a_household(self, chat: int, slot: int) -> None:
        """Two people for whom nobody has booked, at a service of which one visit serves both."""
        desk = self.desk
        self.keys += 1
        two = self.database.write(_two_people)
        request = {
            "idem_key": f"key:{self.keys}",
            "actor": Actor.chat(self.ids["chats"][chat]),
            "service_id": self.ids["per_household"],
            "members": [Member(desk.slots[slot].id, person, "ر", DocumentKind.AMAYESH) for person in two],
            "limits": MANY,
        }
        answer = self.database.write(book_together, **request, now=desk.now)
        refusal = desk.place_refusal(slot, chat)
        if refusal is not None:
            assert isinstance(answer, refusal)
            return
        desk.holds.pop(chat, None)
        desk.appointments += [
            ModelAppointment(
                id=booked.appointment_id,
                chat=chat,
                person=PEOPLE + person,
                service=SERVICES,
                slot=slot,
                household=self.keys,
            )
            for person, booked in zip(two, answer, strict=True)
        ]

    @precondition(lambda self: self.said)
    @rule(which=some)
    def book_again_by_the_same_key(self, which: int) -> None:
        request, appointment_id = self.said[which % len(self.said)]
        answer = self.database.write(book, **request, now=self.desk.now)
        assert (answer.appointment_id, answer.is_repeat) == (appointment_id, True)

    @rule(chat=chats, slot=slots)
    def hold(self, chat: int, slot: int) -> None:
        desk = self.desk
        wanted = {"actor": Actor.chat(self.ids["chats"][chat]), "slot_id": desk.slots[slot].id}
        answer = self.database.write(hold, **wanted, now=desk.now, keep=KEEP)
        refusal = desk.place_refusal(slot, chat)
        since = desk.keeping_since(chat)
        until = min(desk.now + KEEP, since + LONGEST_KEPT)
        is_closed = desk.slots[slot].planned == 0
        if refusal is not SlotPassed and not is_closed and until <= desk.now:
            refusal = KeptLongEnough
        if refusal is not None:
            assert isinstance(answer, refusal)
            return
        desk.holds[chat], desk.kept_since[chat] = (slot, until), since

    @rule(chat=chats)
    def release(self, chat: int) -> None:
        answer = self.database.write(release, actor=Actor.chat(self.ids["chats"][chat]))
        assert answer == (self.desk.holds.pop(chat, None) is not None)

    @precondition(lambda self: self.desk.appointments)
    @rule(which=some, chat=chats)
    def cancel(self, which: int, chat: int) -> None:
        appointment = self._appointment(which)
        mine = {"appointment_id": appointment.id, "actor": Actor.chat(self.ids["chats"][chat])}
        answer = self.database.write(cancel, **mine, now=self.desk.now)
        if appointment.chat != chat:
            assert isinstance(answer, NotYours)
        elif appointment.state is AppointmentState.CANCELLED_BY_PERSON:
            assert answer.is_repeat
        elif appointment.state is not AppointmentState.BOOKED or not appointment.is_live:
            assert answer == NotCancellable(appointment_id=appointment.id, state=appointment.state)
        else:
            self._gave_back(appointment)
            appointment.state, appointment.is_live = AppointmentState.CANCELLED_BY_PERSON, False

    @precondition(lambda self: self.desk.appointments)
    @rule(which=some, slot=slots)
    def move(self, which: int, slot: int) -> None:
        desk, appointment = self.desk, self._appointment(which)
        self.keys += 1
        request = {
            "idem_key": f"move:{self.keys}",
            "appointment_id": appointment.id,
            "actor": Actor.chat(self.ids["chats"][appointment.chat]),
            "slot_id": desk.slots[slot].id,
        }
        answer = self.database.write(move, **request, now=desk.now)
        if appointment.state is not AppointmentState.BOOKED or not appointment.is_live:
            assert isinstance(answer, NotCancellable)
            return
        refusal = desk.place_refusal(slot, appointment.chat)
        if refusal is SlotTaken and desk.slots[slot].planned and desk.shares_there(appointment, slot):
            refusal = None
        if slot == appointment.slot and refusal is not SlotPassed and desk.slots[slot].planned:
            assert answer.is_repeat
            desk.holds.pop(appointment.chat, None)  # the appointment has its place: a second one would stand empty
            return
        if refusal is not None:
            assert isinstance(answer, refusal)
            return
        desk.holds.pop(appointment.chat, None)
        self._gave_back(appointment)
        appointment.slot = slot
        assert not answer.is_repeat
        assert self.database.write(move, **request, now=desk.now).is_repeat

    def _gave_back(self, appointment: ModelAppointment) -> None:
        """The person's place rests, for a time that nobody can tell in advance, within its bounds.

        None does where others of the household stay at it.
        """
        desk, rest = self.desk, USUAL_REST
        left = desk.slots[appointment.slot].starts_at - desk.now
        found = dict(self.database.read(_resting))
        new = set(found) - desk.known
        if left <= timedelta(0) or desk.shares_there(appointment, appointment.slot):
            assert not new
            return
        [holder] = new
        slot_id, until = found[holder]
        most = min(rest.most, left / 2)
        assert slot_id == desk.slots[appointment.slot].id
        assert min(rest.least, most / 2) <= until - desk.now <= most
        desk.known.add(holder)
        desk.resting.append((appointment.slot, until))

    # -- what must be so after every step

    @invariant()
    def the_database_says_the_same(self) -> None:
        slots, appointments, holds, broken = self.database.read(_everything)
        desk = self.desk
        self._nothing_is_broken(broken)
        for index, slot in enumerate(desk.slots):
            taken = desk.taken(index)
            capacity = max(slot.planned, taken)
            assert slots[slot.id] == (slot.planned, capacity, capacity - taken, slot.planned > taken)
        assert appointments == {
            appointment.id: (
                appointment.state,
                appointment.is_live,
                appointment.is_contested,
                desk.slots[appointment.slot].id,
            )
            for appointment in desk.appointments
        }
        assert holds == {
            self.ids["chats"][chat]: (desk.slots[slot].id, until) for chat, (slot, until) in desk.holds.items()
        }

    def _nothing_is_broken(self, broken: list[Broken]) -> None:
        # The office changes its day here without the sheet that sees to its people: of them alone nobody knows.
        left = {
            f"appointment={appointment.id}"
            for appointment in self.desk.appointments
            if appointment.is_live and self.desk.slots[appointment.slot].planned == 0
        }
        for each in broken:
            assert (each.rule, each.detail.split()[0] in left) == ("closed_time_is_known", True), each

    def _appointment(self, which: int) -> ModelAppointment:
        return self.desk.appointments[which % len(self.desk.appointments)]


def _two_people(session: WriteSession) -> list[int]:
    return [make_person(session).id for _ in range(2)]


def _resting(session: Session) -> list[tuple[str, tuple[int, datetime]]]:
    """The places that rest: the name of each, its slot, and until when."""
    found = session.execute(select(Claim.holder, Claim.slot_id, Claim.expires_at).where(Claim.kind == ClaimKind.REST))
    return [(holder, (slot_id, until)) for holder, slot_id, until in found if holder is not None and until is not None]


def _everything(session: Session) -> tuple[Any, ...]:
    slots = session.execute(select(Slot.id, Slot.planned, Slot.capacity, Slot.remaining, Slot.is_open))
    appointments = session.execute(
        select(Appointment.id, Appointment.state, Appointment.is_live, Appointment.is_contested, Appointment.slot_id)
    )
    holds = session.execute(
        select(Claim.conversation_id, Claim.slot_id, Claim.expires_at).where(Claim.kind == ClaimKind.HOLD)
    )
    by_id = [{key: tuple(rest) for key, *rest in rows} for rows in (slots, appointments, holds)]
    broken = [
        Broken(rule, " ".join(f"{name}={value}" for name, value in row.items()))
        for rule, breaks in AFTER_EACH_STEP.items()
        for row in session.execute(breaks).mappings()
    ]
    return (*by_id, broken)
