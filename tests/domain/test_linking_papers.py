"""Linking papers at the counter: who may, what the history says, and what erasing and other chats know of it."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

import pytest
from sqlalchemy import func, select

from desk.acting import Actor, OutOfReach
from desk.appointments.actions import book_together
from desk.appointments.households import Member
from desk.appointments.queries import by_identity
from desk.appointments.refusals import MemberRefused
from desk.appointments.transferring import has_the_same
from desk.erasure.actions import erase
from desk.events.models import Event
from desk.linked_papers import actions
from desk.linked_papers.choosing import settle_choices
from desk.linked_papers.refusals import (
    AskedAlready,
    LinkedAlready,
    SamePaper,
    TooManyLinked,
)
from desk.linked_papers.rules import LinkReason
from desk.offices.reach import node_of
from desk.organisation import EVERYWHERE, Scope
from desk.people.jobs import forget_people
from desk.people.models import Person
from desk.people.rules import DocumentKind
from desk.staff.models import StaffMember
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from tests.domain.booking_scene import WEEK
from tests.domain.linked_scene import NEW, OLD, THIRD, TwoPapers
from tests.makers import NOW, acting, at, make_conversation, make_office, make_person, make_staff
from tests.stories import tell


@pytest.fixture
def two(session: WriteSession) -> TwoPapers:
    return TwoPapers(session)


def test_what_cannot_be_linked(two: TwoPapers) -> None:
    given: dict[str, Any] = {"office_id": two.queue.office_id, "actor": two.clerk, "now": NOW}
    same: dict[str, Any] = {"one": OLD, "other": OLD, "reason": LinkReason.RENEWED}
    two.refused(SamePaper, actions.link, **given, **same)
    undo: dict[str, Any] = {"one": OLD, "other": NEW, "reason": LinkReason.TWO_PEOPLE}
    assert not actions.unlink(two.session, **given, **undo)
    assert not actions.unlink(two.session, **given, **{**undo, "other": THIRD}), "one that nobody knows"
    assert two.session.get_one(StaffMember, two.clerk.staff_id).number_misses == 2
    two.both()
    two.link()
    two.refused(LinkedAlready, actions.link, **given, one=OLD, other=NEW, reason=LinkReason.RENEWED)
    two.refused(AskedAlready, actions.link, **given, one=OLD, other=THIRD, reason=LinkReason.RENEWED)


def test_who_may_and_how_often(two: TwoPapers) -> None:
    elsewhere = make_office(two.session)
    stranger = acting(make_staff(two.session).id, may=Scope.of(node_of(two.session, elsewhere.id)))
    given: dict[str, Any] = {"one": OLD, "other": NEW, "reason": LinkReason.RENEWED, "now": NOW}
    with pytest.raises(OutOfReach):
        actions.link(two.session, office_id=two.queue.office_id, actor=stranger, **given)
    for _ in range(actions.MOST_AN_HOUR // 2):
        two.link()
        two.unlink()
    again: dict[str, Any] = {**given, "office_id": two.queue.office_id, "actor": two.clerk}
    assert two.refused(TooManyLinked, actions.link, **again).until == NOW + actions.HOUR
    actions.link(two.session, **{**again, "now": NOW + actions.HOUR})


def test_the_history_says_who_and_why_and_names_nobody(two: TwoPapers) -> None:
    two.link()
    two.unlink()
    asked = select(Event).where(Event.kind.startswith("papers.")).order_by(Event.id)
    linked, undone = two.session.scalars(asked).all()
    assert [linked.kind, undone.kind] == ["papers.linked", "papers.unlinked"]
    assert [linked.data, undone.data] == [{"reason": "renewed"}, {"reason": "two_people"}]
    assert linked.actor_id == two.clerk.staff_id
    assert linked.office_id == two.queue.office_id
    for each in (two.old.id, two.new.id, OLD.hash, NEW.hash):
        assert str(each) not in f"{linked.subject} {linked.data} {linked.others}"


def test_a_paper_that_nobody_used_yet_is_kept_as_long_as_the_other(session: WriteSession) -> None:
    two = TwoPapers(session)
    given: dict[str, Any] = {"office_id": two.queue.office_id, "actor": two.clerk, "now": NOW}
    actions.link(session, one=OLD, other=THIRD, reason=LinkReason.RENEWED, **given)
    forget_people(session, now=NOW)
    assert session.scalar(select(func.count()).where(Person.identity_hash == THIRD.hash)) == 1
    erase(session, actor=Actor.chat(two.chat.id), now=NOW)
    assert session.scalar(select(func.count()).where(Person.identity_hash.in_([OLD.hash, THIRD.hash]))) == 0
    assert verify(session) == []


def test_erasing_in_one_chat_leaves_the_paper_of_the_other(two: TwoPapers) -> None:
    second = make_conversation(two.session)
    other = make_person(two.session, conversation=second, identity_hash=THIRD.hash)
    given: dict[str, Any] = {"office_id": two.queue.office_id, "actor": two.clerk, "now": NOW}
    actions.link(two.session, one=OLD, other=THIRD, reason=LinkReason.RENEWED, **given)
    mine, theirs = two.takes(two.old), two.takes(other, two.late, chat=second.id)
    assert theirs.is_contested
    erase(two.session, actor=Actor.chat(two.chat.id), now=NOW)
    two.session.expire_all()
    assert (two.of(mine.id).link_id, two.of(mine.id).person_id) == (None, None)
    assert two.session.scalar(select(func.count()).where(Person.identity_hash == OLD.hash)) == 0
    assert two.of(theirs.id).is_live
    assert verify(two.session) == []


def test_a_number_finds_the_turns_of_all_papers(two: TwoPapers) -> None:
    mine = two.takes(two.old)
    asked: dict[str, Any] = {"hashes": NEW.hashes, "scope": EVERYWHERE, "limit": 5}
    assert by_identity(two.session, **asked) == []
    two.link()
    assert [each.id for each in by_identity(two.session, **asked)] == [mine.id]


def test_no_household_has_one_person_twice(two: TwoPapers) -> None:
    two.link()
    members = [Member(two.early.id, each.id, "گل‌آقا", DocumentKind.AMAYESH) for each in (two.old, two.new)]
    with pytest.raises(MemberRefused):
        book_together(
            two.session,
            idem_key="both",
            actor=Actor.chat(two.chat.id),
            service_id=two.service.id,
            members=members,
            now=NOW,
        )


def test_what_goes_over_to_another_chat_is_no_second_one_there(two: TwoPapers) -> None:
    second = make_conversation(two.session)
    two.takes(two.old, two.late)
    two.takes(two.new, two.early, chat=second.id)
    given: dict[str, Any] = {"source": second.id, "target": two.chat.id}
    assert not has_the_same(two.session, **given)
    two.link()
    assert has_the_same(two.session, **given)


def test_a_choice_whose_turns_were_parted_takes_nothing(two: TwoPapers) -> None:
    earlier, later = two.both()
    two.link()
    two.of(later.id).conversation_id = make_conversation(two.session).id
    two.session.flush()
    settle_choices(two.session, now=at(WEEK, hour=9), limit=10)
    two.session.expire_all()
    assert (two.of(earlier.id).is_live, two.of(later.id).is_live) == (True, True)
    assert (two.of(later.id).is_contested, two.of(earlier.id).is_contested) in {(True, False), (False, True)}
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
