"""Of three linked papers one is found to be of somebody else: the other two are one person as before."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

import pytest

from desk.appointments.rules import AppointmentState
from desk.linked_papers import actions
from desk.linked_papers.choosing import settle_choices
from desk.linked_papers.rules import ChoiceState, LinkReason
from desk.people.models import Person
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from tests.domain.booking_scene import WEEK
from tests.domain.linked_scene import NEW, OLD, THIRD, TwoPapers
from tests.makers import NOW, at, make_conversation, make_person
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


ON_THREE_PAPERS = [
    each
    for name, each in list(globals().items())
    if name.startswith("test_") and list(signature(each).parameters) == ["two"]
]


@pytest.mark.postgres
@pytest.mark.parametrize("story", ON_THREE_PAPERS, ids=lambda story: story.__name__)
async def test_the_same_on_postgresql(storage: Storage, story: Callable[[TwoPapers], None]) -> None:
    await tell(lambda session: story(TwoPapers(session)), storage)
