"""Papers of one person that a clerk linked: one person for what is booked and waited for, and which turn stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from inspect import signature
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from desk.acting import Actor
from desk.appointments.actions import cancel
from desk.appointments.contested import is_named_twice
from desk.appointments.proposing import kept_since
from desk.appointments.refusals import AlreadyHasAppointment, NotInThisChat
from desk.appointments.rules import AppointmentState
from desk.conversations.limits import counted
from desk.conversations.rules import CounterKind
from desk.linked_papers import actions
from desk.linked_papers.choosing import settle_choices
from desk.linked_papers.models import AppointmentChoice
from desk.linked_papers.refusals import (
    ChoiceOver,
    NotYourChoice,
)
from desk.linked_papers.rules import ChoiceState, LinkReason
from desk.people import links
from desk.people.models import Person
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from desk.visits.actions import record_outcome
from desk.visits.proving import prove
from desk.visits.queries import day_list
from desk.visits.rules import Outcome
from tests.domain.booking_scene import WEEK
from tests.domain.linked_scene import NEW, OLD, THIRD, TwoPapers
from tests.makers import NOW, at, make_conversation, make_person
from tests.stories import tell


@pytest.fixture
def two(session: WriteSession) -> TwoPapers:
    return TwoPapers(session)


def counts(two: TwoPapers) -> list[int]:
    kinds = (CounterKind.CANCELLATIONS, CounterKind.FALLEN)
    found = [counted(two.session, conversation_id=two.chat.id, kind=each, now=NOW) for each in kinds]
    return [0 if each is None else each.times for each in found]


def test_before_they_are_linked_two_papers_are_two_people(two: TwoPapers) -> None:
    earlier, later = two.both()
    assert (earlier.is_live, later.is_live) == (True, True)


@pytest.mark.requirement("000-10", "S")
@pytest.mark.parametrize("booked", ["old", "new"])
def test_linked_papers_have_one_turn_for_a_service(two: TwoPapers, booked: str) -> None:
    of_first, of_second = (two.old, two.new) if booked == "old" else (two.new, two.old)
    first = two.takes(of_first)
    assert two.link().asked == 0
    refusal = two.refused(AlreadyHasAppointment, lambda _s: two.takes(of_second, two.late))
    assert refusal == AlreadyHasAppointment(first.id, is_own_chat=True)
    cancel(two.session, appointment_id=first.id, actor=Actor.chat(two.chat.id), now=NOW)
    assert two.takes(of_second, two.late).is_live
    assert verify(two.session) == []


def test_without_the_index_of_the_link_there_would_be_two(two: TwoPapers) -> None:
    """The twin: what refuses is the database, not a look before."""
    two.takes(two.old)
    two.link()
    second = two.of(two.book(two.late, person_id=make_person(two.session).id).appointment_id)
    values = {"id": second.id, "person": two.new.id}
    change = "UPDATE appointments SET person_id = :person, link_id = (SELECT link_id FROM persons WHERE id = :person)"
    with pytest.raises(IntegrityError), two.session.begin_nested():
        two.session.execute(text(f"{change} WHERE id = :id"), values)
    two.session.execute(text("UPDATE appointments SET person_id = :person WHERE id = :id"), values)
    two.session.expire_all()
    assert {each.rule for each in verify(two.session)} == {"two_of_one_person_are_asked_about"}


def test_another_chat_has_a_contested_turn_with_the_other_paper_and_a_third_chat_none(two: TwoPapers) -> None:
    two.takes(two.old)
    two.link()
    second, third = make_conversation(two.session).id, make_conversation(two.session).id
    assert two.takes(two.new, two.late, chat=second).is_contested
    two.refused(NotInThisChat, lambda _s: two.takes(two.new, two.free, chat=third))
    assert verify(two.session) == []


def test_of_two_live_turns_the_chat_is_asked_and_the_other_is_given_back(two: TwoPapers) -> None:
    earlier, later = two.both()
    assert two.link() == actions.Linked(asked=1, apart=0)
    assert two.told("which_stays") == [two.chat.id]
    assert verify(two.session) == []
    before = two.left(two.early)
    two.keep(later)
    assert (two.of(earlier.id).state, two.of(later.id).is_live) == (AppointmentState.CANCELLED_BY_PERSON, True)
    assert (two.choice().state, two.told("which_stays")) == (ChoiceState.CHOSEN, [])
    assert two.left(two.early) == before, "its place rests first, as one that a person gives back"
    assert counts(two) == [0, 0], "nothing counts against the chat"
    assert two.refused(AlreadyHasAppointment, lambda _s: two.takes(two.new, two.free)).appointment_id == later.id
    assert two.of(later.id).link_id == two.session.get_one(Person, two.old.id).link_id
    assert verify(two.session) == []


def test_it_is_answered_once_and_by_nobody_else(two: TwoPapers) -> None:
    earlier, later = two.both()
    two.link()
    stranger = make_conversation(two.session).id
    two.refused(NotYourChoice, lambda _s: two.keep(earlier, chat=stranger))
    strange = two.takes(make_person(two.session), two.free)
    two.refused(NotYourChoice, lambda _s: two.keep(strange))
    two.keep(earlier)
    assert not two.of(later.id).is_live
    two.refused(ChoiceOver, lambda _s: two.keep(later))


def test_while_it_is_asked_no_third_turn_is_booked(two: TwoPapers) -> None:
    two.both()
    two.link()
    for person in (two.old, two.new):
        two.refused(AlreadyHasAppointment, lambda _s, person=person: two.takes(person, two.free))


def test_without_an_answer_the_earlier_stays_and_it_is_told_once(two: TwoPapers) -> None:
    earlier, later = two.both()
    two.link()
    until = two.choice().until
    assert until == at(NOW.date() + timedelta(days=2), hour=18)
    assert settle_choices(two.session, now=until - timedelta(minutes=1), limit=10) == 0
    assert settle_choices(two.session, now=until, limit=10) == 1
    assert settle_choices(two.session, now=until, limit=10) == 0
    two.session.expire_all()
    assert (two.of(earlier.id).is_live, two.of(later.id).state) == (True, AppointmentState.CANCELLED_BY_OFFICE)
    assert (two.choice().state, two.told("earlier_stays")) == (ChoiceState.LAPSED, [two.chat.id])
    assert two.told("cancelled_by_office") == [], "that says the same"
    assert counts(two) == [0, 0]
    assert verify(two.session) == []


def test_what_is_given_back_without_an_answer_keeps_no_place_in_the_line(two: TwoPapers) -> None:
    """The office took nothing away: the person has the other, and gives it back of their own will."""
    earlier, later = two.takes(two.old, two.early), two.takes(two.new, two.late)
    two.link()
    now = NOW + timedelta(days=2, hours=9)
    settle_choices(two.session, now=now, limit=10)
    assert two.of(later.id).state is AppointmentState.CANCELLED_BY_OFFICE

    def kept(person: Person) -> object:
        given: dict[str, Any] = {"conversation_id": two.chat.id, "service_id": two.service.id, "now": now}
        return kept_since(two.session, person_ids=[person.id], **given)

    assert (kept(two.old), kept(two.new)) == (None, None)
    cancel(two.session, appointment_id=earlier.id, actor=Actor.chat(two.chat.id), now=now + timedelta(hours=1))
    assert (kept(two.old), kept(two.new)) == (None, None)


def test_a_question_shortly_before_waits_until_the_earlier_begins(two: TwoPapers) -> None:
    two.both()
    two.link(now=at(WEEK, hour=8))
    assert two.choice().until == at(WEEK, hour=9)


def test_who_has_come_to_the_later_keeps_that(two: TwoPapers) -> None:
    earlier, later = two.both()
    two.link()
    later.state = AppointmentState.ARRIVED
    two.session.flush()
    settle_choices(two.session, now=at(WEEK, hour=9), limit=10)
    two.session.expire_all()
    assert (two.of(earlier.id).is_live, two.of(later.id).is_live) == (False, True)


@pytest.mark.parametrize("how", ["cancelled", "served"])
def test_where_one_ends_otherwise_nothing_is_asked_any_more(two: TwoPapers, how: str) -> None:
    earlier, later = two.both()
    two.link()
    if how == "cancelled":
        cancel(two.session, appointment_id=earlier.id, actor=Actor.chat(two.chat.id), now=NOW)
    else:
        record_outcome(
            two.session, appointment_id=earlier.id, outcome=Outcome.SERVED, actor=two.clerk, now=at(WEEK, hour=10)
        )
    two.session.expire_all()
    assert (two.choice().state, two.told("which_stays")) == (ChoiceState.OVER, [])
    assert two.of(later.id).is_live
    two.refused(AlreadyHasAppointment, lambda _s: two.takes(two.new, two.free))
    assert verify(two.session) == []


def test_a_chat_takes_nothing_from_another_chat(two: TwoPapers) -> None:
    second = make_conversation(two.session)
    later, earlier = two.takes(two.old, two.late), two.takes(two.new, two.early, chat=second.id)
    assert two.link() == actions.Linked(asked=1, apart=1)
    assert (two.of(later.id).is_contested, two.of(earlier.id).is_contested) == (False, True)
    assert two.told("another_turn_too") == [second.id, two.chat.id]
    two.refused(NotYourChoice, lambda _s: two.keep(later))
    assert two.choice().until is None
    two.keep(later, chat=second.id)
    assert (two.of(later.id).is_live, two.of(earlier.id).is_live) == (True, False)
    assert verify(two.session) == []


def test_between_two_chats_the_original_decides_and_it_is_no_sign(two: TwoPapers) -> None:
    second = make_conversation(two.session)
    mine, other = two.takes(two.old, two.early, chat=second.id), two.takes(two.new, two.late)
    two.link()
    shown = prove(two.session, appointment_id=mine.id, identity=NEW, actor=two.clerk, now=at(WEEK, hour=8))
    assert (shown.fits, shown.fell) == (True, 1), "any paper of the person fits"
    two.session.expire_all()
    assert (two.of(other.id).is_live, two.choice().state) == (False, ChoiceState.OVER)
    assert counts(two) == [0, 0]
    assert verify(two.session) == []


def test_at_the_counter_the_turn_of_another_chat_on_a_linked_paper_is_flagged(two: TwoPapers) -> None:
    own = two.takes(two.old, two.late)
    others = [two.takes(two.new, slot, chat=make_conversation(two.session).id) for slot in (two.early, two.free)]
    assert not is_named_twice(two.session, appointment_id=own.id), "nobody linked them yet"
    two.link()
    assert all(is_named_twice(two.session, appointment_id=each.id) for each in (own, *others))
    [on_the_list] = day_list(two.session, office_id=two.queue.office_id, day=own.day)
    assert on_the_list.is_named_twice
    day = at(own.day, hour=8)
    assert prove(two.session, appointment_id=own.id, identity=NEW, actor=two.clerk, now=day).fell == 1
    assert [two.of(each.id).is_live for each in (own, *others)] == [True, True, False], "the day of one is over"


def test_two_turns_of_desks_on_linked_papers_are_flagged(two: TwoPapers) -> None:
    both = two.both()
    for each in both:
        each.conversation_id = None
    two.session.flush()
    two.link()
    assert all(is_named_twice(two.session, appointment_id=each.id) for each in both)


def test_of_two_turns_in_one_chat_the_question_decides_and_no_flag(two: TwoPapers) -> None:
    both = two.both()
    two.link()
    assert not any(is_named_twice(two.session, appointment_id=each.id) for each in both)


def test_proving_one_of_two_of_one_chat_leaves_the_other_to_the_question(two: TwoPapers) -> None:
    earlier, later = two.both()
    two.link()
    assert prove(two.session, appointment_id=earlier.id, identity=OLD, actor=two.clerk, now=at(WEEK, hour=8)).fell == 0
    assert two.of(later.id).is_live


@pytest.mark.parametrize("twice", ["old", "new"])
def test_the_turn_of_a_third_chat_stays_apart(two: TwoPapers, twice: str) -> None:
    second, third = make_conversation(two.session).id, make_conversation(two.session).id
    named_twice, named_once = (two.old, two.new) if twice == "old" else (two.new, two.old)
    chats = (two.chat.id, second) if twice == "old" else (second, third)
    once = two.takes(named_once, two.free, chat=third if twice == "old" else two.chat.id)
    first, contested = (
        two.takes(named_twice, slot, chat=chat) for slot, chat in zip((two.early, two.late), chats, strict=True)
    )
    two.link()
    held = [each for each in (once, first, contested) if two.of(each.id).link_id is not None]
    assert (len(held), all(two.of(each.id).is_live for each in (once, first, contested))) == (2, True)
    assert verify(two.session) == []


def test_a_link_is_taken_back_and_then_they_are_two_again(two: TwoPapers) -> None:
    earlier, later = two.both()
    two.link()
    two.unlink()
    assert (two.choice().state, two.of(earlier.id).link_id, two.of(later.id).link_id) == (ChoiceState.OVER, None, None)
    assert settle_choices(two.session, now=at(WEEK, hour=9), limit=10) == 0
    assert (two.of(earlier.id).is_live, two.of(later.id).is_live) == (True, True)
    assert two.session.scalar(select(func.count()).where(Person.link_id.is_not(None))) == 0
    assert verify(two.session) == []


def test_after_taking_back_nothing_is_contested_by_the_other_paper(two: TwoPapers) -> None:
    two.takes(two.old, two.late)
    other = two.takes(two.new, two.early, chat=make_conversation(two.session).id)
    two.link()
    assert two.of(other.id).is_contested
    two.unlink()
    assert not two.of(other.id).is_contested


def test_of_three_papers_one_is_taken_out(two: TwoPapers) -> None:
    third = make_person(two.session, conversation=two.chat, identity_hash=THIRD.hash)
    two.link()
    given: dict[str, Any] = {"office_id": two.queue.office_id, "actor": two.clerk, "now": NOW}
    actions.link(two.session, one=NEW, other=THIRD, reason=LinkReason.TWO_KINDS, **given)
    two.takes(two.old)
    two.refused(AlreadyHasAppointment, lambda _s: two.takes(third, two.late))
    actions.unlink(two.session, one=OLD, other=THIRD, reason=LinkReason.TWO_PEOPLE, **given)
    assert two.takes(third, two.late).is_live
    two.refused(AlreadyHasAppointment, lambda _s: two.takes(two.new, two.free))
    assert verify(two.session) == []


def test_two_links_become_one(two: TwoPapers) -> None:
    third = make_person(two.session, conversation=two.chat, identity_hash=THIRD.hash)
    given: dict[str, Any] = {"office_id": two.queue.office_id, "actor": two.clerk, "now": NOW}
    other = make_person(two.session)
    two.link()
    link = two.session.get_one(Person, two.old.id).link_id or 0
    links.put(two.session, [third.id, other.id], link_id=links.new_link(two.session, now=NOW))
    actions.link(two.session, one=OLD, other=THIRD, reason=LinkReason.TWO_KINDS, **given)
    assert set(links.members(two.session, link_id=link)) == {two.old.id, two.new.id, third.id, other.id}


def test_what_was_booked_while_its_paper_was_linked_is_asked_about_by_the_job(two: TwoPapers) -> None:
    earlier, later = two.both()
    links.put(two.session, [two.old.id, two.new.id], link_id=links.new_link(two.session, now=NOW))
    settle_choices(two.session, now=NOW, limit=10)
    two.session.expire_all()
    assert {two.choice().earlier_id, two.choice().later_id} == {earlier.id, later.id}
    assert two.told("which_stays") == [two.chat.id]
    settle_choices(two.session, now=NOW, limit=10)
    assert two.session.scalar(select(func.count()).select_from(AppointmentChoice)) == 1
    assert verify(two.session) == []


def test_the_turn_of_a_link_that_is_joined_comes_under_the_one_that_stays(two: TwoPapers) -> None:
    third = make_person(two.session, conversation=two.chat, identity_hash=THIRD.hash)
    two.link()
    links.put(two.session, [third.id], link_id=links.new_link(two.session, now=NOW))
    two.session.expire_all()
    mine = two.takes(third)
    given: dict[str, Any] = {"office_id": two.queue.office_id, "actor": two.clerk, "now": NOW}
    actions.link(two.session, one=OLD, other=THIRD, reason=LinkReason.TWO_KINDS, **given)
    two.session.expire_all()
    assert two.of(mine.id).link_id == two.session.get_one(Person, two.old.id).link_id
    two.refused(AlreadyHasAppointment, lambda _s: two.takes(two.new, two.late))
    assert verify(two.session) == []


ON_TWO_PAPERS = [
    each
    for name, each in list(globals().items())
    if name.startswith("test_") and list(signature(each).parameters) == ["two"]
]


@pytest.mark.postgres
@pytest.mark.parametrize("story", ON_TWO_PAPERS, ids=lambda story: story.__name__)
async def test_the_same_on_postgresql(storage: Storage, story: Callable[[TwoPapers], None]) -> None:
    await tell(lambda session: story(TwoPapers(session)), storage)
