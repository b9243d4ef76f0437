"""Among those who begin to wait on one day a lot decides: not the second, and nothing that can be tried again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from desk.acting import Actor
from desk.calendar import instant_of, local_day_of
from desk.conversations.models import Conversation
from desk.erasure.actions import erase
from desk.people import actions as people
from desk.people.links import new_link, put
from desk.people.models import Person
from desk.people.rules import DocumentKind
from desk.storage.base import WriteSession
from desk.verify import verify
from desk.waiting import actions
from desk.waiting.models import StandingRequest
from desk.waiting.place_in_line import days_more, place_of
from desk.waiting.rules import ClassReason
from tests.domain.waiting_scene import Town
from tests.makers import NOW, acting, make_conversation, make_person, make_service
from tests.makers_waiting import make_class, wish_for

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MIDNIGHT = instant_of(local_day_of(NOW))


@pytest.fixture
def town(session: WriteSession) -> Town:
    return Town(session)


def ask(town: Town, chat: Conversation, *people: Person, **over: Any) -> StandingRequest:
    """A request as the chat makes it, at the place that its lot gives."""
    given: dict[str, Any] = {"service_id": town.service.id, "wish": wish_for(town.office), "now": NOW} | over
    asked = actions.ask(
        town.session,
        idem_key=f"place:{chat.id}:{[each.id for each in people]}:{given['service_id']}:{given['now']}",
        actor=Actor.chat(chat.id),
        person_ids=[each.id for each in people],
        **given,
    )
    return town.row(asked.request_id)


def one(town: Town, **over: Any) -> tuple[Conversation, Person]:
    chat = make_conversation(town.session)
    return chat, make_person(town.session, conversation=chat, **over)


def place(town: Town, chat: Conversation, *people: Person, **over: Any) -> Any:
    given: dict[str, Any] = {"since": NOW, "service_id": town.service.id, "conversation_id": chat.id} | over
    return place_of(town.session, person_ids=[each.id for each in people], **given)


def test_the_day_counts_and_not_the_hour(town: Town) -> None:
    """Requirement 000-14."""
    morning = [ask(town, *one(town), now=MIDNIGHT + timedelta(seconds=1)) for _ in range(12)]
    evening = [ask(town, *one(town), now=MIDNIGHT + 20 * HOUR) for _ in range(12)]
    assert all(MIDNIGHT <= each.rank_at < MIDNIGHT + DAY for each in (*morning, *evening))
    line = sorted((*morning, *evening), key=lambda each: each.rank_at)
    assert {each.id for each in line[:12]} & {each.id for each in evening}, "who asked in the evening is not last"
    tomorrow = ask(town, *one(town), now=MIDNIGHT + DAY)
    assert tomorrow.rank_at >= MIDNIGHT + DAY > line[-1].rank_at


def test_who_asks_again_draws_no_other_lot(town: Town) -> None:
    chat, person = one(town)
    first = ask(town, chat, person)
    actions.end(town.session, request_id=first.id, actor=Actor.chat(chat.id), now=NOW)
    again = ask(town, chat, person, now=NOW + HOUR)
    assert (again.id != first.id, again.rank_at) == (True, first.rank_at)


def test_the_lot_is_of_the_number_and_of_no_chat(town: Town) -> None:
    chat, person = one(town)
    another = make_conversation(town.session)
    assert place(town, chat, person) == place(town, another, person)
    assert place(town, chat, person) != place(town, chat, person, service_id=make_service(town.session).id)
    tomorrow = place(town, chat, person, since=NOW + DAY)
    assert tomorrow - DAY != place(town, chat, person), "another day, another lot"


def test_without_a_number_a_chat_has_one_lot_whatever_name_it_says(town: Town) -> None:
    chat = make_conversation(town.session)
    named = [
        make_person(town.session, conversation=chat, last4=None, document_kind=DocumentKind.NONE) for _ in range(3)
    ]
    assert len({place(town, chat, each) for each in named}) == 1
    assert place(town, make_conversation(town.session), named[0]) != place(town, chat, named[0])


def test_a_chat_that_erases_and_comes_again_has_the_lot_that_it_had(town: Town) -> None:
    first = make_conversation(town.session, chat="5150")
    nameless = make_person(town.session, conversation=first, last4=None, document_kind=DocumentKind.NONE)
    before = place(town, first, nameless)
    erase(town.session, actor=Actor.chat(first.id), now=NOW)
    again = make_conversation(town.session, chat="5150")
    another = make_person(town.session, conversation=again, last4=None, document_kind=DocumentKind.NONE)
    assert (again.id != first.id, place(town, again, another)) == (True, before)


def test_a_corrected_number_never_brings_forward(town: Town) -> None:
    """Else a chat would correct until its lot is good, as often as it may add people."""
    chat, person = one(town)
    known, request = person, ask(town, chat, person)
    places, lots = [request.rank_at], [request.rank_at]
    for nth in range(8):
        meant = make_person(town.session, conversation=chat)
        now = NOW + timedelta(minutes=nth)
        people.forget(town.session, actor=Actor.chat(chat.id), known_id=known.id, instead=meant.id, now=now)
        known = meant
        rank = select(StandingRequest.rank_at).where(StandingRequest.is_waiting)
        places.append(town.session.scalars(rank).one())
        lots.append(place(town, chat, meant))
    assert places == [max(lots[: nth + 1]) for nth in range(len(lots))]
    assert places != lots, "some lot was better than one before it"
    assert verify(town.session) == []


def test_a_number_corrected_on_a_later_day_has_the_lot_of_that_day(town: Town) -> None:
    chat, person = one(town)
    ask(town, chat, person, now=NOW - DAY)
    meant = make_person(town.session, conversation=chat)
    people.forget(town.session, actor=Actor.chat(chat.id), known_id=person.id, instead=meant.id, now=NOW)
    rank = select(StandingRequest.rank_at).where(StandingRequest.is_waiting)
    assert town.session.scalars(rank).one() == place(town, chat, meant)


def test_somebody_named_beside_others_never_brings_them_forward(town: Town) -> None:
    chat, person = one(town)
    for _ in range(20):
        beside = make_person(town.session, conversation=chat)
        alone = max(place(town, chat, person), place(town, chat, beside))
        assert place(town, chat, person, beside) == place(town, chat, beside, person) == alone


def test_of_linked_papers_the_last_lot_counts_whichever_is_named(town: Town) -> None:
    chat, old = one(town)
    new = make_person(town.session, conversation=chat)
    last = max(place(town, chat, old), place(town, chat, new))
    put(town.session, [old.id, new.id], link_id=new_link(town.session, now=NOW))
    assert place(town, chat, old) == place(town, chat, new) == last


def test_a_class_moves_the_lot_by_whole_days(town: Town) -> None:
    chat, person = one(town)
    request = ask(town, chat, person)
    before, elderly = request.rank_at, make_class(town.session)
    given: dict[str, Any] = {"request_id": request.id, "office_id": town.office.id, "now": NOW}
    actions.give_class(town.session, class_id=elderly.id, reason=ClassReason.SEEN, actor=acting(3), **given)
    row = town.row(request.id)
    assert (row.rank_at, days_more(since=row.since, rank_at=row.rank_at)) == (before - 7 * DAY, 7)
    assert verify(town.session) == []
    other = make_class(town.session, code="disabled", days=3)
    for class_id, days in ((other.id, 3), (elderly.id, 7), (None, 0)):
        actions.give_class(town.session, class_id=class_id, reason=ClassReason.SEEN, actor=acting(3), **given)
        assert town.row(request.id).rank_at == before - days * DAY, "counted from its own day, not added up"
    assert verify(town.session) == []


def test_a_request_that_is_over_keeps_no_lot_by_which_its_number_is_found(town: Town) -> None:
    chat, person = one(town)
    request = ask(town, chat, person)
    assert request.rank_at == place(town, chat, person) != request.since
    actions.end(town.session, request_id=request.id, actor=Actor.chat(chat.id), now=NOW + HOUR)
    over = town.row(request.id)
    assert (over.rank_at, over.over_at) == (over.since, NOW + HOUR)


@pytest.mark.parametrize("wrong", [NOW - DAY, NOW + DAY])
def test_verify_finds_a_request_on_another_day_of_the_line(town: Town, wrong: Any) -> None:
    request = ask(town, *one(town))
    town.session.execute(update(StandingRequest).values(rank_at=wrong))
    assert [each.rule for each in verify(town.session)] == ["place_in_line"]
    town.session.execute(update(StandingRequest).values(rank_at=request.since))
    assert verify(town.session) == [], "a request of before the lots stands where it asked"
