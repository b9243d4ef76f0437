"""People of linked papers who wait: one person waits once, and the original of any paper finds them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk.linked_papers import actions
from desk.linked_papers.rules import LinkReason
from desk.organisation import EVERYWHERE
from desk.outbox.models import OutboxMessage
from desk.people.models import Person
from desk.storage.base import WriteSession
from desk.verify import verify
from desk.waiting.at_the_counter import of_paper
from desk.waiting.models import StandingRequestPerson
from desk.waiting.refusals import AlreadyWaiting
from desk.waiting.rules import RequestState
from tests.domain.linked_scene import NEW, OLD
from tests.domain.waiting_scene import Town
from tests.makers import NOW, acting, make_conversation, make_person, make_staff


class WaitingTown(Town):
    """The chat of the town knows an old and a new paper of one person."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.old = make_person(self.session, conversation=self.chat, identity_hash=OLD.hash)
        self.new = make_person(self.session, conversation=self.chat, identity_hash=NEW.hash)
        self.clerk = acting(make_staff(self.session).id)

    def act(self, action: object, reason: LinkReason) -> None:
        given = {"office_id": self.office.id, "one": OLD, "other": NEW, "actor": self.clerk, "now": NOW}
        action(self.session, reason=reason, **given)  # type: ignore[operator]
        self.session.expire_all()

    def link(self) -> None:
        self.act(actions.link, LinkReason.RENEWED)

    def of(self, person: Person) -> list[int]:
        asked = select(StandingRequestPerson.request_id).where(StandingRequestPerson.person_id == person.id)
        return list(self.session.scalars(asked))


@pytest.fixture
def town(session: WriteSession) -> WaitingTown:
    return WaitingTown(session)


def told(town: WaitingTown) -> list[str]:
    asked = select(OutboxMessage.about).where(OutboxMessage.notice == "one_waits")
    return [str(each) for each in town.session.scalars(asked)]


def test_one_person_waits_once_on_any_of_their_papers(town: WaitingTown) -> None:
    first = town.wait(people=(town.old,))
    town.link()
    with pytest.raises(AlreadyWaiting) as refused:
        town.wait(people=(town.new,))
    assert refused.value.request_id == first
    assert verify(town.session) == []


def test_of_two_requests_of_one_chat_the_one_that_waits_longer_stays_and_it_is_told(town: WaitingTown) -> None:
    later = town.wait(people=(town.old,), now=NOW)
    longer = town.wait(people=(town.new,), now=NOW - timedelta(days=3))
    town.link()
    assert (town.row(longer).state, town.row(later).state) == (RequestState.WAITING, RequestState.ENDED)
    assert told(town) == [f"standing_request:{later}"]
    with pytest.raises(AlreadyWaiting):
        town.wait(people=(town.old,))
    assert verify(town.session) == []


def test_a_household_that_named_one_person_twice_is_smaller(town: WaitingTown) -> None:
    together = town.wait(people=(town.old, town.person, town.new))
    town.link()
    assert (town.row(together).people, town.row(together).state) == (2, RequestState.WAITING)
    assert (town.of(town.old), town.of(town.person), town.of(town.new)) == ([together], [together], [])
    assert verify(town.session) == []


def test_another_chat_waits_beside_and_the_first_of_the_line_stays_first(town: WaitingTown) -> None:
    second = make_conversation(town.session)
    mine = town.wait(people=(town.old,))
    theirs = town.wait(people=(town.new,), chat=second)
    town.link()
    rows = {
        row.request_id: (row.is_contested, row.link_id is not None)
        for row in town.session.scalars(select(StandingRequestPerson))
    }
    assert rows == {mine: (False, True), theirs: (True, True)}
    assert told(town) == []
    town.act(actions.unlink, LinkReason.TWO_PEOPLE)
    rows = {
        row.request_id: (row.is_contested, row.link_id is not None)
        for row in town.session.scalars(select(StandingRequestPerson))
    }
    assert rows == {mine: (False, False), theirs: (False, False)}
    assert verify(town.session) == []


def test_the_original_of_the_other_paper_finds_the_request_at_the_counter(town: WaitingTown) -> None:
    mine = town.wait(people=(town.old,))
    asked: dict[str, Any] = {"identity": NEW, "scope": EVERYWHERE, "actor": town.clerk, "now": NOW}
    assert of_paper(town.session, **asked) == []
    town.link()
    assert [each.id for each in of_paper(town.session, **asked)] == [mine]
