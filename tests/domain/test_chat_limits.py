"""How much one chat may do, kept where the place is taken; erasing resets none of it, and staff can allow more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from desk.acting import SYSTEM, Actor
from desk.appointments.actions import cancel, correct_name
from desk.appointments.refusals import OneWithoutPaper, TooManyAppointments, TooManyCancelled
from desk.capacity.models import Slot
from desk.cases import actions as cases
from desk.conversations.actions import open_conversation
from desk.conversations.jobs import forget_counters
from desk.conversations.models import ChatAllowance, Conversation
from desk.conversations.rules import ALLOWED_FOR, USUAL, AllowReason, LimitKind
from desk.erasure.actions import erase
from desk.identity import IdentityKey, IdentityKeys
from desk.people.actions import remember
from desk.people.refusals import TooManyNewPeople
from desk.people.rules import DocumentKind
from desk.places.actions import hold, release
from desk.places.refusals import HeldTooOften
from desk.refusals import Refusal
from desk.storage.base import WriteSession
from tests.domain.booking_scene import WEEK, Scene
from tests.makers import NOW, acting, at, make_conversation, make_person, make_staff
from tests.makers_cases import ask_question
from tests.weak_hashes import digest

CHAT = {"channel": "telegram", "bot": "mizban", "chat": "4711"}
KEY = IdentityKeys(IdentityKey("0badcafe", b"k" * 32))
A_DAY = timedelta(hours=24)


def comes(scene: Scene, key: IdentityKeys = KEY) -> None:
    """The chat of the scene writes, for the first time or after it has erased its data."""
    row = open_conversation(scene.session, **CHAT, counting=key, now=NOW)
    scene.chat = scene.session.get_one(Conversation, row.id)


def leaves(scene: Scene, **over: Any) -> None:
    erase(scene.session, actor=Actor.chat(scene.chat.id), **({"now": NOW} | over))
    scene.session.expire_all()


def times(scene: Scene, number: int) -> list[Slot]:
    return [scene.slot(at(WEEK, hour=8) + timedelta(minutes=10 * nth), capacity=3) for nth in range(number)]


def turns(scene: Scene, slots: list[Slot]) -> list[int]:
    """Book at each of these times, for somebody else each time, in the chat of the scene."""
    return [
        scene.book(slot, actor=Actor.chat(scene.chat.id), person_id=make_person(scene.session).id).appointment_id
        for slot in slots
    ]


def allow(scene: Scene, kind: LimitKind, most: int) -> None:
    """The desk allows the chat more, because it asked."""
    case = ask_question(scene.session, conversation=scene.chat)
    given: dict[str, Any] = {"kind": kind, "most": most, "reason": AllowReason.HOUSEHOLD}
    cases.allow_more(scene.session, case_id=case.case_id, actor=SYSTEM, now=NOW, **given)


def test_a_chat_has_six_turns_and_no_seventh(session: WriteSession) -> None:
    scene = Scene(session)
    *slots, seventh = times(scene, 7)
    turns(scene, slots)
    refusal = scene.refused(TooManyAppointments, lambda _session: turns(scene, [seventh]))
    assert refusal.most == USUAL.live_appointments == len(slots)
    scene.book(seventh, actor=Actor.chat(make_conversation(session).id), person_id=make_person(session).id)
    scene.book(seventh, actor=SYSTEM, for_chat=scene.chat.id, person_id=make_person(session).id)


@pytest.mark.parametrize("refusal", [TooManyAppointments, OneWithoutPaper, TooManyCancelled])
def test_what_staff_book_for_a_chat_is_not_counted_against_it(session: WriteSession, refusal: type[Refusal]) -> None:
    """Whom an office asks to come back gets the day, however much the chat booked or cancelled itself."""
    scene = Scene(session)
    *slots, later = times(scene, 7)
    none = {"document_kind": DocumentKind.NONE}
    if refusal is TooManyCancelled:
        for appointment_id in turns(scene, slots[:3]):
            cancel(session, appointment_id=appointment_id, actor=Actor.chat(scene.chat.id), now=NOW)
    elif refusal is OneWithoutPaper:
        scene.book(slots[0], **none)
    else:
        turns(scene, slots)
    other = make_person(session, conversation=scene.chat).id
    scene.refused(refusal, lambda _session: scene.book(later, person_id=other, **none))
    for actor in (SYSTEM, acting(make_staff(session).id)):
        person = make_person(session, conversation=scene.chat).id
        scene.book(later, actor=actor, for_chat=scene.chat.id, person_id=person, **none)


def test_a_second_tap_for_the_sixth_is_still_the_sixth(session: WriteSession) -> None:
    scene = Scene(session)
    slots = times(scene, 6)
    turns(scene, slots[:5])
    booked = [scene.book(slots[5], idem_key="same") for _ in range(2)]
    assert booked[0].appointment_id == booked[1].appointment_id
    assert booked[1].is_repeat


def test_a_turn_of_yesterday_takes_no_room(session: WriteSession) -> None:
    scene = Scene(session)
    *slots, later = times(scene, 7)
    later.starts_at, later.day = at(WEEK + timedelta(days=2), hour=9), WEEK + timedelta(days=2)
    turns(scene, slots)
    scene.book(later, now=at(WEEK + timedelta(days=1), hour=0, minute=5))  # before the job has let them lapse


def test_people_without_a_paper_have_one_turn_for_a_service(session: WriteSession) -> None:
    scene = Scene(session)
    one, two = times(scene, 2)
    none = {"document_kind": DocumentKind.NONE}
    scene.book(one, **none)
    other = make_person(session, conversation=scene.chat).id
    scene.refused(OneWithoutPaper, lambda _session: scene.book(two, person_id=other, **none))
    scene.book(two, person_id=other)  # with a paper


def test_people_without_a_paper_have_one_for_each_service(session: WriteSession) -> None:
    first, second = Scene(session), Scene(session)
    second.chat, second.keys = first.chat, 100
    for scene in (first, second):
        person = make_person(session, conversation=first.chat).id
        scene.book(scene.slot(), person_id=person, document_kind=DocumentKind.NONE)


def test_after_three_cancelled_turns_a_chat_books_none_for_a_week_and_can_still_cancel(session: WriteSession) -> None:
    scene = Scene(session)
    booked = turns(scene, times(scene, 4))
    later = scene.slot(at(WEEK + timedelta(days=3), hour=9), capacity=3)
    for number, appointment_id in enumerate(booked):
        cancel(session, appointment_id=appointment_id, actor=Actor.chat(scene.chat.id), now=NOW + number * A_DAY)
    cancel(session, appointment_id=booked[0], actor=Actor.chat(scene.chat.id), now=NOW + A_DAY)  # a second tap
    week = NOW + timedelta(days=7)
    refusal = scene.refused(TooManyCancelled, lambda _session: scene.book(later, now=week - timedelta(seconds=1)))
    assert (refusal.most, refusal.until) == (3, week)
    scene.book(later, now=week)


def test_a_chat_adds_five_people_in_a_day(session: WriteSession) -> None:
    scene = Scene(session)

    def add(number: int, **over: Any) -> None:
        identity = digest(f"9900{number}", kind=DocumentKind.PASSPORT, key=KEY)
        named: dict[str, Any] = {"name": "گل‌آقا", "nickname": None, "document_kind": DocumentKind.PASSPORT}
        with session.begin_nested():
            remember(session, actor=Actor.chat(scene.chat.id), identity=identity, **named, **({"now": NOW} | over))

    for number in range(5):
        add(number)
    add(0)  # who is known is no new person
    for _ in range(2):  # a refused one counts for nothing
        with pytest.raises(TooManyNewPeople) as refused:
            add(5)
        assert refused.value == TooManyNewPeople(most=5, until=NOW + A_DAY)
    add(5, now=NOW + A_DAY)


def test_a_chat_holds_twenty_places_in_a_day(session: WriteSession) -> None:
    scene = Scene(session)
    one, two = times(scene, 2)
    actor = Actor.chat(scene.chat.id)
    for number in range(20):
        now = NOW + number * timedelta(minutes=61)
        for _ in range(3):  # held on while the person answers: once
            hold(session, slot_id=(one, two)[number % 2].id, now=now, actor=actor)
        release(session, actor=actor)
    with pytest.raises(HeldTooOften):
        hold(session, slot_id=one.id, now=NOW + 20 * timedelta(minutes=61), actor=actor)
    assert (scene.left(one), scene.left(two)) == (3, 3)
    hold(session, slot_id=one.id, now=NOW + 26 * timedelta(hours=1), actor=actor)


def test_erasing_begins_none_of_it_anew(session: WriteSession) -> None:
    """Before, six turns, erase, six turns took an office's whole window."""
    scene = Scene(session)
    slots = times(scene, 7)
    comes(scene)
    turns(scene, slots[:6])
    leaves(scene)
    assert [scene.left(slot) for slot in slots] == [2] * 6 + [3], "their places rest"
    comes(scene)
    scene.refused(TooManyCancelled, lambda _session: turns(scene, slots[:1]))


def test_the_desk_allows_more_for_a_while_and_erasing_does_not_end_it(session: WriteSession) -> None:
    scene = Scene(session)
    slots = times(scene, 9)
    comes(scene)
    allow(scene, LimitKind.APPOINTMENTS, 8)
    leaves(scene)
    comes(scene)
    turns(scene, slots[:8])
    refusal = scene.refused(TooManyAppointments, lambda _session: turns(scene, slots[8:]))
    assert refusal.most == 8
    assert forget_counters(session, now=NOW + ALLOWED_FOR, limit=9) >= 1
    assert session.query(ChatAllowance).count() == 0
    scene.refused(TooManyAppointments, lambda _session: turns(scene, slots[8:]))


@pytest.mark.parametrize("kind", LimitKind)
def test_each_limit_can_be_raised(session: WriteSession, kind: LimitKind) -> None:
    scene = Scene(session)
    slots = times(scene, 8)
    allow(scene, kind, USUAL.usual(kind) + 1)
    if kind is LimitKind.APPOINTMENTS:
        turns(scene, slots[:7])
    elif kind is LimitKind.CANCELLATIONS:
        for appointment_id in turns(scene, slots[:3]):
            cancel(session, appointment_id=appointment_id, actor=Actor.chat(scene.chat.id), now=NOW)
        turns(scene, slots[3:4])
    elif kind is LimitKind.WITHOUT_PAPER:
        for slot in slots[:2]:
            person = make_person(session, conversation=scene.chat).id
            scene.book(slot, person_id=person, document_kind=DocumentKind.NONE)
    elif kind is LimitKind.NEW_PEOPLE:
        for number in range(6):
            identity = digest(f"9900{number}", kind=DocumentKind.PASSPORT, key=KEY)
            named: dict[str, Any] = {"name": "گل‌آقا", "nickname": None, "document_kind": DocumentKind.PASSPORT}
            remember(session, actor=Actor.chat(scene.chat.id), identity=identity, **named, now=NOW)
    elif kind is LimitKind.NAMES:
        [appointment_id] = turns(scene, slots[:1])
        for name in ("الف", "ب", "پ", "ت"):
            correct_name(session, appointment_id=appointment_id, actor=Actor.chat(scene.chat.id), name=name, now=NOW)
    else:
        for number in range(21):
            now = NOW + number * timedelta(minutes=61)
            hold(session, slot_id=slots[number % 2].id, actor=Actor.chat(scene.chat.id), now=now)
