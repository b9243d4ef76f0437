"""A link is taken back: who was asked is told that both stay, and of three papers two are one person as before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from inspect import signature
from typing import Any

import pytest
from sqlalchemy import select, update

from desk.appointments.rules import AppointmentState
from desk.linked_papers import actions
from desk.linked_papers.choosing import settle_choices
from desk.linked_papers.rules import ChoiceState, LinkNotice, LinkReason
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import LEASE, DeliveryState
from desk.people.models import Person
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from tests.domain.booking_scene import WEEK
from tests.domain.linked_scene import NEW, OLD, THIRD, TwoPapers
from tests.makers import NOW, TODAY, at, make_conversation, make_person
from tests.stories import tell


@pytest.fixture
def two(session: WriteSession) -> TwoPapers:
    return TwoPapers(session)


def third_paper(two: TwoPapers, *, of: Any) -> Person:
    """A third paper that is linked with one of the two."""
    third = make_person(two.session, conversation=two.chat, identity_hash=THIRD.hash)
    given: dict[str, Any] = {"office_id": two.queue.office_id, "actor": two.clerk, "now": NOW}
    actions.link(two.session, one=of, other=THIRD, reason=LinkReason.TWO_KINDS, **given)
    two.session.expire_all()
    return third


def take_out_third(two: TwoPapers) -> None:
    given: dict[str, Any] = {"office_id": two.queue.office_id, "actor": two.clerk, "now": NOW}
    assert actions.unlink(two.session, one=OLD, other=THIRD, reason=LinkReason.TWO_PEOPLE, **given)
    two.session.expire_all()


def test_the_two_that_stay_linked_are_still_asked_which_turn_stays(two: TwoPapers) -> None:
    third_paper(two, of=OLD)
    earlier, later = two.both()
    two.link()
    take_out_third(two)
    assert (two.choice().state, two.told("which_stays")) == (ChoiceState.OPEN, [two.chat.id])
    assert verify(two.session) == []
    assert settle_choices(two.session, now=at(WEEK, hour=6), limit=10) == 1
    two.session.expire_all()
    assert (two.of(earlier.id).is_live, two.of(later.id).state) == (True, AppointmentState.CANCELLED_BY_OFFICE)


def test_about_the_turn_of_the_paper_that_goes_nothing_is_asked_any_more(two: TwoPapers) -> None:
    two.link()
    mine = two.takes(two.old, two.late)
    third = make_person(two.session, conversation=two.chat, identity_hash=THIRD.hash)
    of_third = two.takes(third, two.early)
    given: dict[str, Any] = {"office_id": two.queue.office_id, "actor": two.clerk, "now": NOW}
    asked = actions.link(two.session, one=NEW, other=THIRD, reason=LinkReason.TWO_KINDS, **given)
    assert asked.asked == 1
    take_out_third(two)
    assert two.choice().state is ChoiceState.OVER
    assert (two.of(mine.id).is_live, two.of(of_third.id).is_live) == (True, True)
    assert (two.of(mine.id).link_id is None, two.of(of_third.id).link_id) == (False, None)
    assert verify(two.session) == []


def test_the_turn_of_a_third_chat_comes_under_the_link_when_there_is_room(two: TwoPapers) -> None:
    second, third_chat = (make_conversation(two.session).id for _ in range(2))
    first = two.takes(two.old, two.early)
    third = third_paper(two, of=OLD)
    beside = two.takes(third, two.late, chat=second)
    apart = two.takes(two.new, two.free, chat=third_chat)
    two.link()
    assert (two.of(beside.id).is_contested, two.of(apart.id).link_id) == (True, None)
    take_out_third(two)
    assert (two.of(apart.id).link_id, two.of(apart.id).is_contested) == (two.of(first.id).link_id, True)
    assert (two.of(beside.id).link_id, two.of(beside.id).is_contested) == (None, False)
    assert two.told("another_turn_too")[-2:] == [two.chat.id, third_chat]
    assert verify(two.session) == []


def asked_in_the_chat(two: TwoPapers, *, state: DeliveryState = DeliveryState.SENT) -> None:
    """What was written until now has arrived, or is just being sent."""
    is_open = state is DeliveryState.CLAIMED
    waits = update(OutboxMessage).where(OutboxMessage.is_open)
    two.session.execute(
        waits.values(
            state=state, is_open=is_open, message_id=None if is_open else "77", sent_at=None if is_open else NOW
        )
    )


def when_told(two: TwoPapers) -> list[tuple[int | None, datetime]]:
    """The chats that are told that both stay, and when."""
    found = select(OutboxMessage.conversation_id, OutboxMessage.due_at).where(
        OutboxMessage.notice == LinkNotice.BOTH_STAY, OutboxMessage.is_open
    )
    return [(row.conversation_id, row.due_at) for row in two.session.execute(found.order_by(OutboxMessage.id))]


def test_who_was_asked_is_told_once_that_both_stay(two: TwoPapers) -> None:
    two.both()
    two.link()
    asked_in_the_chat(two)
    two.unlink()
    assert when_told(two) == [(two.chat.id, NOW)]
    assert verify(two.session) == []


def test_a_question_that_was_not_sent_yet_is_withdrawn_and_nothing_is_told(two: TwoPapers) -> None:
    two.both()
    two.link()
    two.unlink()
    assert (two.told("which_stays"), when_told(two)) == ([], [])


def test_a_question_that_is_just_being_sent_is_changed_once_it_has_arrived(two: TwoPapers) -> None:
    two.both()
    two.link()
    asked_in_the_chat(two, state=DeliveryState.CLAIMED)
    two.unlink()
    assert when_told(two) == [(two.chat.id, NOW + LEASE)]


def test_two_chats_are_told_no_sooner_than_they_were_told_of_each_other(two: TwoPapers) -> None:
    """At once it would tell that somebody stands at a counter."""
    other = make_conversation(two.session).id
    two.takes(two.old, two.early)
    two.takes(two.new, two.late, chat=other)
    two.link()
    asked_in_the_chat(two)
    two.unlink()
    morning = at(TODAY + timedelta(days=1), hour=8)
    assert when_told(two) == [(two.chat.id, morning), (other, morning)]


def test_where_they_are_linked_again_first_nobody_reads_that_both_stay(two: TwoPapers) -> None:
    two.both()
    two.link()
    asked_in_the_chat(two)
    two.unlink()
    two.link()
    assert (two.told("which_stays"), when_told(two)) == ([two.chat.id], [])


ON_THREE_PAPERS = [
    each
    for name, each in list(globals().items())
    if name.startswith("test_") and list(signature(each).parameters) == ["two"]
]


@pytest.mark.postgres
@pytest.mark.parametrize("story", ON_THREE_PAPERS, ids=lambda story: story.__name__)
async def test_the_same_on_postgresql(storage: Storage, story: Callable[[TwoPapers], None]) -> None:
    await tell(lambda session: story(TwoPapers(session)), storage)
