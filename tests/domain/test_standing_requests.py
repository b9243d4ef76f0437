"""Standing requests: who may wait for what, the line, the priority class, erasing and going over to another chat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from desk.acting import SYSTEM, Actor, OutOfReach
from desk.appointments.refusals import NotBookable, NotInThisChat
from desk.calendar import weekday_bits, weekdays_in
from desk.events.models import Event
from desk.outbox.models import OutboxMessage
from desk.refusals import Refusal
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from desk.waiting import actions, queries
from desk.waiting.models import StandingRequest, StandingRequestPerson
from desk.waiting.refusals import AlreadyWaiting, NotLive, NotYourRequest, TooManyRequests, WishUnusable
from desk.waiting.rows import LineNow
from desk.waiting.rules import (
    EVERY_WEEKDAY,
    MOST_DAYS,
    MOST_PLACES_WISHED,
    MOST_REQUESTS,
    USUAL_DAYS,
    ClassReason,
    DayPart,
    RequestState,
    WishFault,
    part_bits,
    part_of,
    parts_in,
)
from tests.domain.waiting_scene import Town
from tests.makers import NOW, TODAY, acting, make_person, make_service
from tests.makers_areas import make_province
from tests.makers_waiting import make_class, make_request, wish_for

DAY = timedelta(days=1)


@pytest.fixture
def town(session: WriteSession) -> Town:
    return Town(session)


# asking ---------------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("000-14", "A")
def test_a_request_keeps_what_is_wished(town: Town) -> None:
    wish = wish_for(
        town.beside,
        town.office,
        provinces=("IR-23",),
        weekdays=frozenset({0, 3}),
        parts=frozenset({DayPart.MORNING}),
        from_day=TODAY + DAY,
    )
    request_id = town.wait(wish=wish)

    (row,) = queries.of_conversation(town.session, conversation_id=town.chat.id)
    assert (row.id, row.wish) == (request_id, replace(wish, office_ids=(town.office.id, town.beside.id)))
    assert (row.service.id, row.person_ids, row.since) == (town.service.id, (town.person.id,), NOW)
    assert [each.id for each in row.offices] == [town.office.id, town.beside.id]
    assert row.is_live
    assert len(row.public_id) == 16


def test_the_same_message_asks_once(town: Town) -> None:
    asked: dict[str, Any] = {
        "idem_key": "k",
        "actor": Actor.chat(town.chat.id),
        "service_id": town.service.id,
        "person_ids": [town.person.id],
        "wish": wish_for(town.office),
        "now": NOW,
    }
    first, second = (actions.ask(town.session, **asked) for _ in range(2))
    assert (first.is_repeat, second.is_repeat) == (False, True)
    assert (first.request_id, first.public_id) == (second.request_id, second.public_id)


def test_one_person_waits_once_for_a_service(town: Town) -> None:
    request_id = town.wait()
    with pytest.raises(AlreadyWaiting) as refused:
        town.wait(wish=wish_for(town.far))
    assert refused.value.request_id == request_id
    other = make_service(town.session)
    assert town.wait(service=other) != request_id, "for another service"
    town.does(actions.end, request_id)
    assert town.wait() != request_id, "when the first is over"


def test_a_number_waits_in_two_chats_at_most_and_neither_learns_of_the_other(town: Town) -> None:
    town.wait()
    second = town.of_another(people=(town.person,))
    with pytest.raises(NotInThisChat):
        town.of_another(people=(town.person,))
    contested = select(StandingRequestPerson.request_id).where(StandingRequestPerson.is_contested)
    assert town.session.scalars(contested).all() == [second]


def test_when_the_first_is_over_the_next_is_the_first(town: Town) -> None:
    first = town.wait()
    town.of_another(people=(town.person,))
    town.does(actions.end, first)
    third = town.wait()
    row = town.session.get_one(StandingRequestPerson, (third, town.person.id))
    assert not row.is_contested


def test_a_chat_waits_for_a_few_only(town: Town) -> None:
    for _ in range(MOST_REQUESTS):
        town.wait(service=make_service(town.session))
    with pytest.raises(TooManyRequests):
        town.wait()


def test_nobody_waits_for_what_takes_no_appointments(town: Town) -> None:
    with pytest.raises(NotBookable):
        town.wait(service=make_service(town.session, is_bookable=False))


@pytest.mark.parametrize(
    ("over", "why"),
    [
        ({"weekdays": frozenset()}, WishFault.NO_WEEKDAY),
        ({"parts": frozenset()}, WishFault.NO_PART),
        ({"office_ids": ()}, WishFault.NO_PLACE),
        ({"office_ids": tuple(range(MOST_PLACES_WISHED + 1))}, WishFault.TOO_MANY_PLACES),
        ({"office_ids": (987_654,)}, WishFault.UNKNOWN_PLACE),
        ({"province_codes": ("IR-99",)}, WishFault.UNKNOWN_PLACE),
        ({"from_day": TODAY + 2 * DAY, "until_day": TODAY + DAY}, WishFault.ORDER),
        ({"from_day": TODAY - 2 * DAY, "until_day": TODAY - DAY}, WishFault.PAST),
        ({"until_day": TODAY + timedelta(days=MOST_DAYS + 1)}, WishFault.TOO_LONG),
    ],
)
def test_a_wish_that_cannot_be_kept_is_refused_with_its_fault(town: Town, over: dict[str, Any], why: WishFault) -> None:
    with pytest.raises(WishUnusable) as refused:
        town.wait(wish=replace(wish_for(town.office), **over))
    assert refused.value.why is why
    assert town.session.scalar(select(func.count()).select_from(StandingRequest)) == 0


def test_a_household_waits_as_one_request_all_or_none(town: Town) -> None:
    family = tuple(make_person(town.session, conversation=town.chat) for _ in range(3))
    request_id = town.wait(people=family)
    (row,) = queries.of_conversation(town.session, conversation_id=town.chat.id)
    assert row.person_ids == tuple(each.id for each in family)
    assert town.row(request_id).people == 3
    with pytest.raises(AlreadyWaiting):
        town.wait(people=(town.person, family[1]))
    assert town.session.scalar(select(func.count()).select_from(StandingRequestPerson)) == 3


@pytest.mark.parametrize(
    ("minutes", "part"), [(719, DayPart.MORNING), (720, DayPart.NOON), (839, DayPart.NOON), (840, DayPart.AFTERNOON)]
)
def test_the_parts_of_a_day(minutes: int, part: DayPart) -> None:
    assert part_of(minutes) is part


def test_weekdays_and_parts_as_bits_and_back() -> None:
    assert weekday_bits(EVERY_WEEKDAY) == 127
    for weekdays in (frozenset({0}), frozenset({0, 3, 6})):
        assert weekdays_in(weekday_bits(weekdays)) == weekdays
    for parts in (frozenset({DayPart.NOON}), frozenset({DayPart.MORNING, DayPart.AFTERNOON})):
        assert parts_in(part_bits(parts)) == parts


# changing -------------------------------------------------------------------------------------------------------------


def test_other_wishes_leave_the_place_in_the_line(town: Town) -> None:
    request_id = town.wait()
    place = town.row(request_id).rank_at
    town.does(actions.change, request_id, wish=wish_for(town.far, weekdays=frozenset({1})))
    (row,) = queries.of_conversation(town.session, conversation_id=town.chat.id)
    assert (row.wish.office_ids, row.wish.weekdays, row.since) == ((town.far.id,), frozenset({1}), NOW)
    assert town.row(request_id).rank_at == place


def test_a_pause_and_its_end(town: Town) -> None:
    request_id = town.wait()
    place = town.row(request_id).rank_at
    town.does(actions.pause, request_id)
    town.does(actions.pause, request_id)
    assert town.row(request_id).state is RequestState.PAUSED
    town.session.execute(update(StandingRequest).values(lapses=3))
    town.does(actions.resume, request_id)
    row = town.row(request_id)
    assert (row.state, row.is_waiting, row.lapses, row.rank_at) == (RequestState.WAITING, True, 0, place)


def test_going_on_lengthens_and_never_shortens(town: Town) -> None:
    request_id = town.wait(wish=wish_for(town.office, until_day=TODAY + DAY))
    town.does(actions.go_on, request_id)
    assert town.row(request_id).until_day == TODAY + timedelta(days=USUAL_DAYS)
    longer = TODAY + timedelta(days=MOST_DAYS)
    town.does(actions.change, request_id, wish=wish_for(town.office, until_day=longer))
    town.does(actions.go_on, request_id)
    assert town.row(request_id).until_day == longer


def test_what_is_over_is_over(town: Town) -> None:
    request_id = town.wait()
    town.does(actions.end, request_id)
    town.does(actions.end, request_id)
    for action in (actions.pause, actions.resume, actions.go_on):
        with pytest.raises(NotLive):
            town.does(action, request_id)
    with pytest.raises(NotLive):
        town.does(actions.change, request_id, wish=wish_for(town.office))
    assert queries.of_conversation(town.session, conversation_id=town.chat.id) == []
    assert town.row(request_id).over_at == NOW


def test_a_request_is_its_chats_alone(town: Town) -> None:
    request_id = town.of_another()
    for action in (actions.pause, actions.resume, actions.go_on, actions.end):
        with pytest.raises(NotYourRequest):
            town.does(action, request_id)
    with pytest.raises(NotYourRequest):
        town.does(actions.pause, 987_654)
    assert queries.owned(town.session, request_id=request_id, conversation_id=town.chat.id) is None


def test_the_history_tells_each_change_and_nothing_of_the_people(town: Town) -> None:
    request_id = town.wait()
    town.does(actions.change, request_id, wish=wish_for(town.far))
    for action in (actions.pause, actions.resume, actions.end):
        town.does(action, request_id)
    found = town.session.execute(
        select(Event.kind, Event.data).where(Event.subject == f"standing_request:{request_id}").order_by(Event.id)
    ).all()
    told = ("asked", "changed", "paused", "resumed", "over")
    assert [row.kind for row in found] == [f"standing_request.{each}" for each in told]
    assert found[1].data["new"] == {"offices": [town.far.id]}
    assert str(town.person.id) not in str([row.data for row in found])


# the line -------------------------------------------------------------------------------------------------------------


def test_the_line_counts_who_waits_for_the_same_at_the_same_places(town: Town) -> None:
    make_province(town.session, code="IR-30")
    earlier, later = NOW - DAY, NOW + DAY
    town.of_another(now=earlier)
    town.of_another(wish=wish_for(provinces=("IR-30",)), now=earlier)
    town.of_another(now=later)
    town.of_another(wish=wish_for(town.beside), now=earlier)
    town.of_another(wish=wish_for(town.far), now=earlier)
    make_request(town.session, service=make_service(town.session), wish=wish_for(town.office), now=earlier)
    town.wait()
    (row,) = queries.of_conversation(town.session, conversation_id=town.chat.id)
    assert queries.line(town.session, request=row, now=NOW) == LineNow(others=3, ahead=2, usual_days=None)

    town.does(actions.change, row.id, wish=wish_for(provinces=("IR-30",)))
    (row,) = queries.of_conversation(town.session, conversation_id=town.chat.id)
    assert queries.line(town.session, request=row, now=NOW) == LineNow(others=4, ahead=3, usual_days=None)


def test_the_usual_wait_is_told_when_enough_got_a_place_lately(town: Town) -> None:
    ids = [town.of_another(now=NOW - each * DAY) for each in (2, 4, 6, 8, 10)]
    done = {"state": RequestState.FULFILLED, "is_waiting": False, "over_at": NOW}
    town.session.execute(update(StandingRequest).where(StandingRequest.id.in_(ids[:4])).values(**done))
    town.wait()
    (row,) = queries.of_conversation(town.session, conversation_id=town.chat.id)
    assert queries.line(town.session, request=row, now=NOW).usual_days is None
    town.session.execute(update(StandingRequest).where(StandingRequest.id.in_(ids)).values(**done))
    assert queries.line(town.session, request=row, now=NOW).usual_days == (4, 8)
    old = done | {"over_at": NOW - timedelta(days=91)}
    town.session.execute(update(StandingRequest).where(StandingRequest.id == ids[0]).values(**old))
    assert queries.line(town.session, request=row, now=NOW).usual_days is None


# the priority class ---------------------------------------------------------------------------------------------------


def test_a_class_counts_as_days_of_waiting_and_can_be_taken_away(town: Town) -> None:
    request_id, elderly = town.wait(), make_class(town.session)
    place = town.row(request_id).rank_at
    given: dict[str, Any] = {"request_id": request_id, "office_id": town.office.id, "reason": ClassReason.SEEN}
    actions.give_class(town.session, class_id=elderly.id, actor=acting(3), now=NOW, **given)
    row = town.row(request_id)
    assert (row.rank_at, row.class_reason) == (place - 7 * DAY, ClassReason.SEEN)
    assert queries.classes_given(town.session, since=NOW) == {elderly.id: 1}
    of_class, of_request = town.session.scalars(select(Event).order_by(Event.id.desc()).limit(2)).all()[::-1]
    assert (of_request.kind, of_request.actor_id, of_request.office_id) == (
        "standing_request.class_given",
        3,
        town.office.id,
    )
    assert of_request.data == {"old": {"days": 0}, "new": {"days": 7}}, "not which class, and not why"
    assert (of_class.kind, of_class.subject) == ("priority_class.given", f"priority_class:{elderly.id}")
    assert of_class.data == {"reason": "seen"}
    assert queries.classes_borne(town.session) == {elderly.id: 1}

    actions.give_class(town.session, class_id=None, actor=acting(3), now=NOW, **given)
    row = town.row(request_id)
    assert (row.rank_at, row.class_id, row.class_reason) == (place, None, None)
    assert (queries.classes_given(town.session, since=NOW), queries.classes_borne(town.session)) == (
        {elderly.id: 1},
        {},
    )


def test_the_person_is_told_that_the_place_changed_and_of_the_same_class_nothing(town: Town) -> None:
    request_id, elderly = town.wait(), make_class(town.session)
    given: dict[str, Any] = {"request_id": request_id, "office_id": town.office.id, "reason": ClassReason.SEEN}
    for _ in range(2):
        actions.give_class(town.session, class_id=elderly.id, actor=acting(3), now=NOW, **given)
    told = town.session.scalars(select(OutboxMessage).where(OutboxMessage.notice == "request_place_changed")).all()
    assert [each.conversation_id for each in told] == [town.chat.id]


def test_other_days_of_a_class_hold_at_once_for_who_bears_it(town: Town) -> None:
    request_id, elderly = town.wait(), make_class(town.session)
    place = town.row(request_id).rank_at
    given: dict[str, Any] = {"request_id": request_id, "office_id": town.office.id, "reason": ClassReason.SEEN}
    actions.give_class(town.session, class_id=elderly.id, actor=SYSTEM, now=NOW, **given)
    saved: dict[str, Any] = {"class_id": elderly.id, "name": elderly.name, "actor": SYSTEM, "now": NOW}
    actions.save_class(town.session, days=3, is_active=False, **saved)
    assert town.row(request_id).rank_at == place - 3 * DAY
    town.does(actions.change, request_id, wish=wish_for(town.beside))
    assert town.row(request_id).class_id == elderly.id, "a class is of the people, not of the places"


def test_a_class_is_no_absolute_right(town: Town) -> None:
    waits_longer = town.of_another(now=NOW - 8 * DAY)
    request_id, elderly = town.wait(), make_class(town.session)
    given: dict[str, Any] = {"office_id": town.office.id, "reason": ClassReason.SAID, "actor": SYSTEM, "now": NOW}
    actions.give_class(town.session, request_id=request_id, class_id=elderly.id, **given)
    in_line = select(StandingRequest.id).order_by(StandingRequest.rank_at)
    assert town.session.scalars(in_line).all() == [waits_longer, request_id]


def test_only_at_an_office_at_which_it_waits_a_class_is_given(town: Town) -> None:
    make_province(town.session, code="IR-30")
    request_id, elderly = town.wait(wish=wish_for(provinces=("IR-30",))), make_class(town.session)
    given: dict[str, Any] = {"request_id": request_id, "class_id": elderly.id, "reason": ClassReason.SEEN, "now": NOW}
    with pytest.raises(OutOfReach):
        actions.give_class(town.session, office_id=town.far.id, actor=SYSTEM, **given)
    actions.give_class(town.session, office_id=town.beside.id, actor=SYSTEM, **given)
    retired = make_class(town.session, code="retired", is_active=False)
    with pytest.raises(LookupError):
        actions.give_class(town.session, office_id=town.beside.id, actor=SYSTEM, **given | {"class_id": retired.id})
    assert [each.code for each in queries.classes(town.session)] == ["elderly"]


# both databases -------------------------------------------------------------------------------------------------------


async def test_on_both_databases_a_second_request_of_a_person_is_refused(storage: Storage) -> None:
    def try_twice(session: WriteSession) -> list[str]:
        town = Town(session)
        town.wait()
        found = []
        asks: list[Callable[[], int]] = [town.wait, lambda: town.of_another(people=(town.person,))]
        for ask in asks:
            try:
                ask()
                found.append("waits")
            except Refusal as refusal:
                found.append(refusal.code)
        (row,) = queries.of_conversation(session, conversation_id=town.chat.id)
        assert queries.line(session, request=row, now=NOW).others == 1
        return found

    assert await storage.write(try_twice) == ["already_waiting", "waits"]
    assert await storage.read(verify) == []


async def test_without_the_unique_index_a_number_could_wait_in_any_number_of_chats(storage: Storage) -> None:
    """Without the guard: two rows that are both the first of one number."""

    def again(session: WriteSession) -> int:
        town = Town(session)
        first = town.wait()
        second = town.of_another()
        session.execute(
            text("UPDATE standing_request_people SET person_id = :person WHERE request_id = :second"),
            {"person": town.person.id, "second": second},
        )
        return first

    with pytest.raises(Exception, match=r"(?i)unique"):
        await storage.write(again)
