"""What the person in a chat does, tried by that chat, by another one, by a code, by staff and by the system."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from desk.absences.objecting import say_away, say_there
from desk.absences.refusals import NoAbsence
from desk.acting import SYSTEM, Actor, OutOfReach
from desk.afterwards import answering
from desk.afterwards.models import AfterQuestion
from desk.afterwards.rules import ALL_WELL
from desk.announcements import actions as announcements
from desk.appointments import actions as appointments
from desk.appointments.refusals import NotYours
from desk.appointments.tickets import send_again
from desk.capacity.models import Slot
from desk.cases import actions as cases
from desk.cases.changes import case_for_person
from desk.cases.refusals import NotYourCase
from desk.cases.rules import Contact
from desk.codes import CodeKind, TrackingCode
from desk.consequences import actions as consequences
from desk.consequences.rules import Remedy
from desk.conversations.actions import require_chat
from desk.conversations.models import Conversation
from desk.erasure import actions as erasure
from desk.linked_papers.choosing import keep
from desk.linked_papers.refusals import NotYourChoice
from desk.other_chats import actions as other_chats
from desk.other_chats.models import OtherChatCode
from desk.other_chats.refusals import NobodyAsks
from desk.outbox.models import OutboxMessage
from desk.people import actions as people
from desk.people.models import KnownPerson
from desk.people.refusals import NotInYourList
from desk.people.rules import DocumentKind
from desk.places import holds
from desk.storage.base import WriteSession
from desk.transfers import actions as transfers
from desk.transfers import counter, words
from desk.transfers.models import CounterCode, Transfer
from desk.transfers.moving import MOVED
from desk.transfers.refusals import DoesNotFit, NoSuchCode, TooLateToStop
from desk.transfers.rows import Proof
from desk.waiting import actions as waiting
from desk.waiting.refusals import NotYourOffer, NotYourRequest
from desk.walk_ins.actions import tie
from tests.domain.chats_that_wait import of_offer, of_request, waits, wishes_else
from tests.domain.linked_scene import keeps_one_of_two
from tests.domain.tries_of_walk_ins import tied
from tests.makers import (
    NOW,
    acting,
    at,
    make_conversation,
    make_person,
    make_service,
)
from tests.makers_absences import says_of_absence
from tests.makers_cases import file_complaint
from tests.makers_changes import SUNDAY, Town, appointment_of, made
from tests.makers_other_chats import connect
from tests.weak_hashes import digest

REFUSED = (
    OutOfReach,
    NotYours,
    NotYourCase,
    NotInYourList,
    DoesNotFit,
    TooLateToStop,
    NoSuchCode,
    NobodyAsks,
    *(NotYourRequest, NotYourOffer, NotYourChoice),
    NoAbsence,
)
WHO = ("own chat", "other chat", "a code", "staff", "system")
SAID: dict[str, Any] = {"text": "چیزی", "voice": None}
FILED: dict[str, Any] = {"idem_key": "f", "office_id": None, "locale": "fa", "name": None, **SAID}


@dataclass(frozen=True)
class Mine:
    """What belongs to one chat, and to no other."""

    chat: int
    other: int
    appointment: int
    changed: int
    """An appointment that the office has moved."""
    free: int
    """A slot."""
    known: int
    case: int
    nobodys: int
    """A case filed under nobody by this chat."""


def mine(session: WriteSession) -> Mine:
    town = Town(session)
    appointment, changed = town.people(2)
    made(session, town.close(), remedy=Remedy.MOVE)
    own, other = [make_conversation(session, chat=name) for name in ("mine", "another")]
    for id in (appointment, changed):
        appointment_of(session, id).conversation_id = own.id
    for conversation in (own, other):
        make_person(session, conversation=conversation)
    session.flush()
    known = session.scalars(select(KnownPerson.id).where(KnownPerson.conversation_id == own.id)).one()
    next_sunday = at(SUNDAY + timedelta(days=7), hour=9)
    return Mine(
        chat=own.id,
        other=other.id,
        appointment=appointment,
        changed=changed,
        free=session.scalars(select(Slot.id).where(Slot.starts_at == next_sunday)).one(),
        known=known,
        case=file_complaint(session, conversation=own).case_id,
        nobodys=file_complaint(session, conversation=own, contact=Contact.NOBODY).case_id,
    )


def _noted_use(session: WriteSession, it: Mine, **who: Any) -> bool:
    people.note_use(session, known_id=it.known, **(who | {"now": NOW + timedelta(hours=1)}))
    return session.get_one(KnownPerson, it.known, populate_existing=True).used_at > NOW


def _renamed(session: WriteSession, it: Mine, *, actor: Actor, now: datetime) -> None:
    people.rename(session, actor=actor, known_id=it.known, nickname="او")


def _name_corrected(session: WriteSession, it: Mine, *, actor: Actor, now: datetime) -> bool:
    person_id = session.get_one(KnownPerson, it.known).person_id
    return people.correct_name(session, actor=actor, person_id=person_id, name="لیلا")


def _remembered(session: WriteSession, it: Mine, **who: Any) -> object:
    identity = digest("48217305", kind=DocumentKind.PASSPORT, key=b"key of the tests")
    named: dict[str, Any] = {"name": "ر", "nickname": None, "document_kind": DocumentKind.PASSPORT}
    return people.remember(session, identity=identity, **named, **who)


def _complained(session: WriteSession, it: Mine, **who: Any) -> object:
    about: dict[str, Any] = {"category": "OVERCHARGE", "service_id": None, "happened_on": None, "paid": None}
    code = TrackingCode.make(CodeKind.CASE)
    return cases.file_complaint(session, code=code, contact=Contact.CODE, **about, **FILED, **who)


def _asked(session: WriteSession, it: Mine, **who: Any) -> object:
    return cases.ask(session, code=TrackingCode.make(CodeKind.CASE), province_code=None, **FILED, **who)


def _of_case(action: Callable[..., object], **given: Any) -> Callable[..., object]:
    def act(session: WriteSession, it: Mine, *, of_nobody: bool, **who: Any) -> object:
        return action(session, case_id=it.nobodys if of_nobody else it.case, **given, **who)

    return act


def _plain(action: Callable[..., object], *, is_timed: bool = True, **given: str) -> Callable[..., object]:
    """The action with what is `given` of the chat: the name of a parameter and the field of `Mine` it takes."""

    def act(session: WriteSession, it: Mine, **who: Any) -> object:
        if not is_timed:
            del who["now"]
        return action(session, **{name: getattr(it, field) for name, field in given.items()}, **who)

    return act


def _gone(session: WriteSession, it: Mine, *, way: str, state: str) -> int:
    """Turns went over from the own chat to the other one."""
    gone = Transfer(
        source_id=it.chat,
        target_id=it.other,
        way=way,
        state=state,
        at=NOW,
        until=NOW + timedelta(days=1),
        moved_sealed=b"",
    )
    session.add(gone)
    session.flush()
    gone.moved_sealed = session.keys.seal(
        {"appointments": [], "people": [], "known_there": [], "allowed": []}, column=MOVED, row=gone.id
    )
    session.flush()
    return gone.id


def _brought(session: WriteSession, it: Mine, **who: Any) -> object:
    words.choose_word(session, actor=Actor.chat(it.chat), word_hash="w")
    return transfers.bring(session, proof=Proof(it.chat, it.appointment, "w"), **who)


def _stopped(session: WriteSession, it: Mine, **who: Any) -> None:
    transfers.stop(session, transfer_id=_gone(session, it, way="word", state="open"), **who)


def _case_brought(session: WriteSession, it: Mine, *, actor: Actor, now: datetime) -> bool:
    _gone(session, it, way="counter", state="settled")
    return transfers.bring_case(session, actor=actor, case_id=it.case)


def _redeemed(session: WriteSession, it: Mine, **who: Any) -> object:
    mark = session.keys.named_mark(counter.MARK, "48217305")
    session.add(CounterCode(appointment_id=it.appointment, mark=mark, expires_at=NOW + timedelta(minutes=5)))
    session.flush()
    return counter.redeem(session, digits="48217305", **who)


def _code_shown(session: WriteSession, it: Mine) -> None:
    mark = session.keys.named_mark(other_chats.MARK, "48217305")
    session.add(OtherChatCode(conversation_id=it.chat, mark=mark, expires_at=NOW + timedelta(minutes=5)))
    session.flush()


def _code_found(session: WriteSession, it: Mine, **who: Any) -> bool:
    _code_shown(session, it)
    return other_chats.look_up(session, digits="48217305", **who) is not None


def _connected(session: WriteSession, it: Mine, **who: Any) -> object:
    _code_shown(session, it)
    return other_chats.connect(session, digits="48217305", **who)


def _cut(session: WriteSession, it: Mine, **who: Any) -> bool:
    third = make_conversation(session, chat="third")
    connect(session, session.get_one(Conversation, it.chat), third)
    return other_chats.cut(session, **who)


def _waits_asked(session: WriteSession, it: Mine, **who: Any) -> None:
    announcements.ask(session, service_id=make_service(session).id, **who)


def _waits_no_more(session: WriteSession, it: Mine, *, now: datetime, **who: Any) -> bool:
    service_id = make_service(session).id
    announcements.ask(session, actor=Actor.chat(it.chat), service_id=service_id, now=now)
    return announcements.take_back(session, service_id=service_id, **who)


def _cut_what_never_begins(session: WriteSession, it: Mine, **who: Any) -> object:
    third = make_conversation(session, chat="third")
    digits = other_chats.make_code(session, actor=Actor.chat(it.chat), now=NOW).digits
    other_chats.connect(session, actor=Actor.chat(third.id), digits=digits, now=NOW)
    session.execute(delete(OutboxMessage))  # it was never told, and will not be
    return other_chats.cut_what_never_begins(session, **who)


def _answered_of_a_visit(session: WriteSession, it: Mine, **who: Any) -> None:
    session.add(AfterQuestion(conversation_id=it.chat, appointment_id=it.appointment, asked_on=NOW.date()))
    session.flush()
    answering.answer(session, appointment_id=it.appointment, answers=ALL_WELL, **who)


CHATS = {"own chat", "other chat"}
"""Each for itself: there is nothing of another chat that it could be told to act upon."""
TRIES: dict[Callable[..., Any], tuple[Callable[..., object], set[str]]] = {
    appointments.cancel: (_plain(appointments.cancel, appointment_id="appointment"), {"own chat"}),
    appointments.cancel_together: (
        _plain(appointments.cancel_together, appointment_id="appointment"),
        {"own chat"},
    ),
    appointments.move: (
        lambda session, it, **who: appointments.move(
            session, idem_key="m", appointment_id=it.appointment, slot_id=it.free, **who
        ),
        {"own chat"},
    ),
    appointments.correct_name: (
        lambda session, it, **who: appointments.correct_name(
            session, appointment_id=it.appointment, name="لیلا", **who
        ),
        {"own chat"},
    ),
    appointments.correct_name_of: (
        lambda session, it, **who: appointments.correct_name_of(session, known_id=it.known, name="لیلا", **who),
        {"own chat"},
    ),
    say_there: (says_of_absence(say_there), {"own chat"}),
    say_away: (says_of_absence(say_away), {"own chat"}),
    send_again: (
        lambda session, it, **who: send_again(session, idem_key="t", appointment_id=it.appointment, **who),
        {"own chat"},
    ),
    answering.answer: (_answered_of_a_visit, {"own chat"}),
    holds.hold: (_plain(holds.hold, slot_id="free"), CHATS),
    holds.release: (lambda session, it, now, **who: holds.release(session, **who) is not None, CHATS),
    holds.let_go: (lambda session, it, now, **who: holds.let_go(session, **who) is not None, CHATS),
    people.remember: (_remembered, CHATS),
    people.rename: (_renamed, {"own chat"}),
    people.correct_name: (_name_corrected, {"own chat"}),
    people.person_in_list: (_plain(people.person_in_list, is_timed=False, known_id="known"), {"own chat"}),
    people.note_use: (_noted_use, {"own chat"}),
    people.forget: (_plain(people.forget, known_id="known"), {"own chat"}),
    people.forget_all: (_plain(people.forget_all, is_timed=False), CHATS),
    cases.file_complaint: (_complained, {*CHATS, "a code"}),
    cases.ask: (_asked, CHATS),
    erasure.erase: (lambda session, it, **who: erasure.erase(session, **who) is not None, CHATS),
    consequences.agree: (_plain(consequences.agree, appointment_id="changed"), {"own chat"}),
    words.choose_word: (lambda session, it, now, **who: words.choose_word(session, word_hash="w", **who), CHATS),
    words.remove_word: (lambda session, it, now, **who: words.remove_word(session, **who), CHATS),
    transfers.bring: (_brought, {"other chat"}),
    transfers.stop: (_stopped, {"own chat"}),
    transfers.bring_case: (_case_brought, {"other chat"}),
    tie: (tied, {"own chat", "other chat"}),
    counter.redeem: (_redeemed, {"other chat"}),
    other_chats.make_code: (lambda session, it, **who: other_chats.make_code(session, **who), CHATS),
    other_chats.look_up: (_code_found, {"other chat"}),
    other_chats.connect: (_connected, {"other chat"}),
    other_chats.cut: (_cut, {"own chat"}),
    announcements.ask: (_waits_asked, CHATS),
    announcements.take_back: (_waits_no_more, {"own chat"}),
    other_chats.cut_what_never_begins: (_cut_what_never_begins, {"own chat"}),
    waiting.ask: (waits, CHATS),
    waiting.change: (wishes_else, {"own chat"}),
    waiting.pause: (of_request(waiting.pause), {"own chat"}),
    waiting.resume: (of_request(waiting.resume), {"own chat"}),
    waiting.go_on: (of_request(waiting.go_on), {"own chat"}),
    waiting.end: (of_request(waiting.end), {"own chat"}),
    waiting.accept: (of_offer(waiting.accept, idem_key="a"), {"own chat"}),
    waiting.decline: (of_offer(waiting.decline), {"own chat"}),
    waiting.note_seen_over: (of_offer(waiting.note_seen_over), {"own chat"}),
    keep: (keeps_one_of_two, {"own chat"}),
    require_chat: (lambda session, it, actor, now: require_chat(actor), CHATS),
}
"""Each action, how it is tried on what is the chat's own, and who gets it done."""

OF_CASES: dict[Callable[..., Any], tuple[Callable[..., object], set[str], set[str]]] = {
    cases.say_more: (_of_case(cases.say_more, idem_key="s", **SAID), {"own chat", "a code"}, {"a code"}),
    cases.withdraw: (_of_case(cases.withdraw), {"own chat"}, set()),
    cases.confirm_solved: (_of_case(cases.confirm_solved), {"own chat"}, {"a code"}),
    cases.object_to: (_of_case(cases.object_to, idem_key="o"), {"own chat"}, {"a code"}),
    case_for_person: (
        lambda session, it, of_nobody, now, **who: case_for_person(
            session, case_id=it.nobodys if of_nobody else it.case, **who
        ),
        {"own chat", "a code"},
        {"a code"},
    ),
}
"""Likewise, of a case that bears a name and of one filed under nobody, to which nothing but its code leads."""


def actors(it: Mine) -> dict[str, Actor]:
    return dict(zip(WHO, (Actor.chat(it.chat), Actor.chat(it.other), Actor.chat(None), acting(1), SYSTEM), strict=True))


def done_by(session: WriteSession, it: Mine, act: Callable[..., object], **more: Any) -> set[str]:
    """Who gets it done; each try is taken back."""
    done = set()
    for who, actor in actors(it).items():
        attempt = session.begin_nested()
        try:
            if act(session, it, actor=actor, now=NOW, **more) is not False:
                done.add(who)
        except REFUSED:
            pass
        finally:
            attempt.rollback()
            session.expire_all()
    return done


@pytest.mark.parametrize("action", TRIES, ids=lambda action: action.__qualname__)
def test_only_the_chat_itself_acts_upon_what_is_its_own(session: WriteSession, action: Callable[..., Any]) -> None:
    act, who = TRIES[action]
    assert done_by(session, mine(session), act) == who


@pytest.mark.parametrize("action", OF_CASES, ids=lambda action: action.__qualname__)
def test_a_case_is_its_chats_or_its_codes(session: WriteSession, action: Callable[..., Any]) -> None:
    act, of_name, of_nobody = OF_CASES[action]
    it = mine(session)
    assert done_by(session, it, act, of_nobody=False) == of_name
    assert done_by(session, it, act, of_nobody=True) == of_nobody


def test_without_the_question_an_appointment_of_no_chat_would_be_everybodys(
    session: WriteSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the guard: somebody without a chat owns nothing that belongs to no chat."""
    it = mine(session)
    appointment_of(session, it.appointment).conversation_id = None
    session.flush()
    act, _who = TRIES[appointments.cancel]
    assert done_by(session, it, act) == set()

    monkeypatch.setattr("desk.appointments.ending.require_chat", lambda actor: actor.conversation_id)

    assert done_by(session, it, act) == {"a code", "staff", "system"}
