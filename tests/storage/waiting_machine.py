"""People who book, wait, answer and leave in any order, and what must be so after each step of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import select

from desk.acting import SYSTEM, Actor
from desk.appointments.actions import Member, book, book_together, cancel, cancel_by_office
from desk.appointments.moving import move
from desk.appointments.rules import AppointmentState
from desk.calendar import local_day_of
from desk.capacity.actions import clear_exception, materialise
from desk.capacity.models import Slot
from desk.capacity.saving_quotas import set_quotas
from desk.capacity.saving_shares import set_shares
from desk.capacity.shares import Shares
from desk.closings.actions import close
from desk.closings.jobs import go_on_with_closings
from desk.consequences.jobs import carry_on_changes
from desk.consequences.letting_go import let_unanswered_go
from desk.people.rules import DocumentKind
from desk.places.actions import release_expired
from desk.places.holds import hold
from desk.refusals import Refusal
from desk.storage.base import WriteSession
from desk.verify import verify
from desk.waiting import actions as waiting
from desk.waiting.looking import offer_places
from desk.waiting.watching import watch_offers
from tests.makers import (
    NOW,
    TODAY,
    acting,
    appointment_code,
    make_conversation,
    make_office,
    make_person,
    make_queue,
    make_service,
)
from tests.makers_closings import closing_of
from tests.makers_hours import make_rule
from tests.makers_waiting import wish_for
from tests.storage import waiting_reads as reads
from tests.storage.booking_model import Database

CHATS, COUNTERS = 6, 1
DAYS = (TODAY, TODAY + timedelta(days=1))
TAKEN_AWAY = AppointmentState.CANCELLED_BY_OFFICE
chats = st.integers(0, CHATS - 1)
some = st.integers(0, 7)
days = st.sampled_from(DAYS)


class PeopleWhoWait(RuleBasedStateMachine):
    """One office, one queue, six chats that know two people each; after each step the promises are asked about."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.keys = 0
        self.above: Mapping[date, int] = {}
        """What was taken of the quota of each day before the last step."""
        self.ids = self.database.write(self._open)

    @staticmethod
    def _open(session: WriteSession) -> dict[str, Any]:
        service, office = make_service(session), make_office(session)
        queue = make_queue(session, office=office, services=[service])
        for weekday in (0, 1):
            make_rule(session, queue=queue, weekday=weekday, opens=660, closes=690, counters=COUNTERS)
        materialise(session, queue_id=queue.id, days=list(DAYS), now=NOW)
        known = [make_conversation(session) for _ in range(CHATS)]
        people = [make_person(session, conversation=chat).id for chat in known]
        others = [make_person(session, conversation=chat).id for chat in known]
        slots = session.scalars(select(Slot.id).order_by(Slot.starts_at)).all()
        wish, province = wish_for(office), office.province_code
        session.expunge_all()
        return {
            "service": service.id,
            "queue": queue.id,
            "chats": [chat.id for chat in known],
            "people": people,
            "others": others,
            "slots": list(slots),
            "wish": wish,
            "province": province,
        }

    def teardown(self) -> None:
        try:
            broken = self.database.read(verify)
            assert not broken, broken
        finally:
            self.database.empty()

    def _do(self, action: Any, **given: Any) -> Any:
        return self.database.write(action, **given, now=self.now)

    def _actor(self, chat: int) -> Actor:
        return Actor.chat(self.ids["chats"][chat])

    def _key(self) -> str:
        self.keys += 1
        return f"step:{self.keys}"

    # -- what people do

    @rule(chat=chats, slot=some)
    def book(self, chat: int, slot: int) -> None:
        self._do(
            book,
            idem_key=self._key(),
            actor=self._actor(chat),
            slot_id=self.ids["slots"][slot % len(self.ids["slots"])],
            service_id=self.ids["service"],
            person_id=self.ids["people"][chat],
            person_name="ر",
            document_kind=DocumentKind.AMAYESH,
            code=appointment_code(),
        )

    @rule(chat=chats, slot=some)
    def book_for_two(self, chat: int, slot: int) -> None:
        """The two people of a chat at one time, each in a place or both in one, as the service says by then."""
        slot_id = self.ids["slots"][slot % len(self.ids["slots"])]
        two = (self.ids["people"][chat], self.ids["others"][chat])
        self._do(
            book_together,
            idem_key=self._key(),
            actor=self._actor(chat),
            service_id=self.ids["service"],
            members=[Member(slot_id, person, "ر", DocumentKind.AMAYESH) for person in two],
        )

    @rule(chat=chats, slot=some)
    def hold(self, chat: int, slot: int) -> None:
        """Look at a time so that nobody else takes it meanwhile; an earlier hold of the chat goes back."""
        slot_id = self.ids["slots"][slot % len(self.ids["slots"])]
        self._do(hold, actor=self._actor(chat), slot_id=slot_id, service_id=self.ids["service"])

    @rule(which=some, slot=some)
    def move(self, which: int, slot: int) -> None:
        found = self.database.read(reads.live_appointments)
        if found:
            each = found[which % len(found)]
            self._do(
                move,
                idem_key=self._key(),
                actor=Actor.chat(each.conversation_id),
                appointment_id=each.id,
                slot_id=self.ids["slots"][slot % len(self.ids["slots"])],
            )

    @rule(which=some, by_office=st.booleans())
    def give_back(self, which: int, by_office: bool) -> None:  # drawn by Hypothesis
        found = self.database.read(reads.live_appointments)
        if not found:
            return
        each = found[which % len(found)]
        if by_office:
            self._do(cancel_by_office, appointment_id=each.id, actor=SYSTEM, reason="")
        else:
            self._do(cancel, appointment_id=each.id, actor=Actor.chat(each.conversation_id))

    @rule(chat=chats, together=st.booleans())
    def ask(self, chat: int, together: bool) -> None:  # drawn by Hypothesis
        """Alone or as a household; whose time the office took away keeps the place in line that it gave."""
        people = [self.ids["people"][chat], *([self.ids["others"][chat]] if together else [])]
        last = [self.database.read(partial(reads.last_appointment, person=person)) for person in people]
        answer = self._do(
            waiting.ask,
            idem_key=self._key(),
            actor=self._actor(chat),
            service_id=self.ids["service"],
            person_ids=people,
            wish=self.ids["wish"],
        )
        if not isinstance(answer, Refusal) and all(each and each.state == TAKEN_AWAY for each in last):
            [rank] = [row.rank_at for row in self.database.read(reads.requests) if row.id == answer.request_id]
            held_since = local_day_of(max(each.created_at for each in last))
            assert local_day_of(rank).date <= held_since.date, "kept priority"

    @rule(which=some, how=st.sampled_from(["pause", "resume", "end"]))
    def change_the_request(self, which: int, how: str) -> None:
        found = self.database.read(reads.requests)
        if found:
            each = found[which % len(found)]
            act = getattr(waiting, how)
            self._do(act, request_id=each.id, actor=Actor.chat(each.conversation_id))

    @rule(which=some, accepts=st.booleans())
    def answer(self, which: int, accepts: bool) -> None:  # drawn by Hypothesis
        found = self.database.read(reads.live_offers)
        if not found:  # no precondition: whom a draw gives an offer differs from run to run
            return
        each = found[which % len(found)]
        said = {"offer_id": each.id, "actor": Actor.chat(each.conversation_id)}
        if accepts:
            self._do(waiting.accept, idem_key=self._key(), **said)
        else:
            self._do(waiting.decline, **said)

    # -- what the office and the jobs do

    @rule(day=days)
    def close(self, day: date) -> None:
        """Close a day whose people, if there are any, are proposed another time."""
        closing = closing_of([self.ids["queue"]], day=day) | {"key": self._key()}
        self._do(close, **closing, actor=acting(7))

    @rule(day=days)
    def open_again(self, day: date) -> None:
        self._do(clear_exception, queue_id=self.ids["queue"], day=day, actor=acting(7))

    @rule(desk=st.sampled_from([0, 25, 50]), walk_in=st.sampled_from([0, 25]))
    def set_apart(self, desk: int, walk_in: int) -> None:
        """Set places apart for the desk and for people without an appointment, or fewer of them again."""
        shares = Shares(desk=desk, walk_in=walk_in, desk_hours=1)
        self._do(set_shares, queue_id=self.ids["queue"], shares=shares, actor=acting(7))

    @rule(most=st.sampled_from([None, 1, 2]))
    def take_so_many_a_day(self, most: int | None) -> None:  # drawn by Hypothesis
        self._do(set_quotas, queue_id=self.ids["queue"], quotas={self.ids["service"]: most}, actor=acting(7))
        _bound, self.above = self.database.read(reads.quota)  # what was booked before it counts from now on

    @rule(is_per_household=st.booleans())
    def say_whom_a_visit_serves(self, is_per_household: bool) -> None:  # drawn by Hypothesis
        self._do(reads.serve, service_id=self.ids["service"], is_per_household=is_per_household)

    @rule()
    def the_jobs_run(self) -> None:
        """All of them, until there is nothing left to do; then nobody who fits waits while a place is idle."""
        self._jobs_of_subjects()
        before = self.database.read(reads.offered)
        for _ in range(20):
            if not self._do(offer_places):
                break
        else:
            raise AssertionError("the job that offers never ends")
        after = self.database.read(reads.offered)
        self._kept_the_order(before, after)
        self._nothing_is_idle(after)

    def _jobs_of_subjects(self) -> None:
        """What the jobs do beside offering what is free."""
        for job in (go_on_with_closings, carry_on_changes, let_unanswered_go):
            self._do(job, limit=40)
        self._do(release_expired)

    @rule()
    def messages_arrive(self) -> None:
        self._do(reads.deliver)
        self._do(watch_offers, limit=100)

    @rule(minutes=st.sampled_from([5, 25, 70]))
    def time_goes_on(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    # -- what must be so

    @invariant()
    def every_promise_is_kept(self) -> None:
        broken = self.database.read(reads.broken)
        assert not broken, broken

    @invariant()
    def nobody_is_taken_above_the_quota(self) -> None:
        """But for those who had their place, or an offer of it, before it was lowered."""
        bound, taken = self.database.read(reads.quota)
        for day, number in taken.items():
            had = self.above.get(day, 0)
            assert bound is None or number <= max(bound, had), (day, number, bound, had)
        self.above = taken

    @invariant()
    def a_place_is_one_of_free_claimed_taken_or_shut(self) -> None:
        """And no more are free, claimed or taken than the plan has, but for those who hold one above it."""
        used = self.database.read(reads.used)
        for slot in self.database.read(reads.slots):
            assert slot.is_open == (slot.remaining > 0 and slot.status == "live"), slot
            assert slot.remaining + used.get(slot.id, 0) == slot.capacity, slot
            assert slot.capacity in (slot.planned, used.get(slot.id, 0)), slot

    def _kept_the_order(self, before: Mapping[int, frozenset[int]], after: Mapping[int, frozenset[int]]) -> None:
        """Who is offered a place now waits longer than everybody who could have had it and was offered nothing."""
        ranks = {row.id: (row.rank_at, row.id) for row in self.database.read(reads.requests)}
        new = {id: slots - before.get(id, frozenset()) for id, slots in after.items()}
        left = [row.id for row in self.database.read(reads.who_waits_without_offer)]
        for id, slots in new.items():
            for slot in slots:
                for other in left:
                    refused = slot in after.get(other, frozenset())
                    assert refused or id not in ranks or ranks[id] < ranks[other], ("passed by", slot, id, other)

    def _days_of_nobody(self) -> set[date]:
        """The days whose free places are offered to nobody."""
        found: set[date] = self.database.read(reads.used_up_days)
        return found

    def _nothing_is_idle(self, offered: Mapping[int, frozenset[int]]) -> None:
        soonest = self.now + timedelta(hours=1)
        of_nobody = self._days_of_nobody()
        free = [
            slot.id
            for slot in self.database.read(reads.slots)
            if slot.is_open and slot.starts_at > soonest and slot.day not in of_nobody
        ]
        held = self.database.read(reads.held)
        for row in self.database.read(reads.who_waits_without_offer):
            idle = [slot for slot in free if slot not in offered.get(row.id, frozenset())]
            assert not [slot for slot in idle if (slot, row.conversation_id) not in held], ("idle", row.id, idle)
