"""A broker shows several signs, a family of eight none that is strong, and nothing follows from them by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.acting import SYSTEM, Actor, OutOfReach, Permission
from desk.appointments.models import Appointment
from desk.conversations import allowing, limits
from desk.conversations.models import ChatAllowance, ChatCounter, Conversation
from desk.conversations.rules import USUAL, AllowReason, CounterKind, LimitKind
from desk.erasure.actions import erase
from desk.events.models import Event
from desk.organisation import EVERYWHERE, Scope, province
from desk.signs import actions, counting, queries
from desk.signs.jobs import due
from desk.signs.models import ChatWithSigns, Sign
from desk.signs.rows import SUBJECT, SignsOfChat
from desk.signs.rules import Judgement, SignKind, Strength, strength_of, strength_of_chat
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from mizban.jobs import Jobs
from tests.makers import NOW, acting, make_appointment, make_conversation, make_service, make_staff
from tests.makers_signs import DAY, Broker, make_family, make_taken, name_too
from tests.transcripts.stage import Clock

KINDS = ("people", "offices", "rhythm")


def listed(session: Session, *, scope: Scope = EVERYWHERE, are_new: bool = True) -> list[SignsOfChat]:
    return queries.listed(session, scope=scope, are_new=are_new, limit=50).rows


def found_in(session: WriteSession, chat: Conversation) -> dict[SignKind, tuple[int, Strength]]:
    """The signs of the chat after it was looked through."""
    actions.examine(session, id=chat.id, now=NOW)
    rows = session.execute(
        select(Sign.kind, Sign.times, Sign.strength)
        .join(ChatWithSigns, ChatWithSigns.id == Sign.chat_id)
        .where(ChatWithSigns.conversation_id == chat.id)
    )
    return {kind: (times, Strength(strength)) for kind, times, strength in rows}


def broker(session: WriteSession) -> Broker:
    return Broker(session, make_service(session)).takes()


def test_a_broker_is_listed_and_a_family_of_eight_is_not_strong(session: WriteSession) -> None:
    sells, family = broker(session).sells_on(), make_family(session, service=make_service(session))
    for id in due(session, now=NOW):
        actions.examine(session, id=id, now=NOW)

    rows = listed(session)
    of = {session.get_one(ChatWithSigns, row.id).conversation_id: row for row in rows}
    assert rows[0] is of[sells.chat.id]
    assert of[sells.chat.id].strength is Strength.STRONG
    assert family.id not in of or of[family.id].strength is Strength.WEAK
    assert all(strength is Strength.WEAK for _times, strength in found_in(session, family).values())
    assert verify(session) == []


def test_a_chat_of_which_three_turns_fell_is_listed_for_that_alone(session: WriteSession) -> None:
    chat = make_conversation(session)
    for times, is_listed in ((2, False), (3, True)):
        while found_in(session, chat).get(SignKind.FALLEN, (0,))[0] < times:
            limits.note(session, conversation_id=chat.id, kind=CounterKind.FALLEN, now=NOW)
        assert set(found_in(session, chat)) == {SignKind.FALLEN}
        assert bool(listed(session)) is is_listed


async def test_the_job_finds_the_same_on_both_databases(storage: Storage) -> None:
    def plant(session: WriteSession) -> tuple[int, int, int]:
        service = make_service(session)
        sells = Broker(session, service).takes().sells_on()
        for number in range(5):
            person, name = sells.people[number]
            name_too(session, chat=make_conversation(session), person=person, name=name)
        for kind, times in ((CounterKind.HOLDS, 21), (CounterKind.FALLEN, 1)):
            for _ in range(times):
                limits.note(session, conversation_id=sells.chat.id, kind=kind, now=NOW)
        return sells.chat.id, make_family(session, service=service).id, make_staff(session).id

    broker, family, member = await storage.write(plant)
    jobs = Jobs(storage=storage, clock=Clock())
    assert await jobs.run("look_for_signs") == 2
    assert await jobs.run("look_for_signs") == 2  # once more changes nothing

    [row, *others] = (await storage.read(queries.listed, scope=EVERYWHERE, are_new=True, limit=9)).rows
    assert {sign.kind: (sign.times, sign.strength) for sign in row.signs} == {
        SignKind.PEOPLE: (20, Strength.CLEAR),
        SignKind.NUMBERS: (5, Strength.CLEAR),
        SignKind.FALLEN: (1, Strength.WEAK),
        SignKind.RETAKEN: (3, Strength.CLEAR),
        SignKind.OFFICES: (6, Strength.CLEAR),
        SignKind.RHYTHM: (8, Strength.CLEAR),
        SignKind.HOLDS: (21, Strength.CLEAR),
    }
    assert all(each.strength is Strength.WEAK for each in others)
    alborz, khorasan = (Scope.of(province(code)) for code in ("IR-30", "IR-09"))
    assert await storage.read(queries.signs_of_chat, chat_id=row.id, scope=alborz) == row
    assert await storage.read(queries.signs_of_chat, chat_id=row.id, scope=khorasan) is None
    assert len(await storage.read(queries.appointments_of_chat, chat_id=row.id, scope=alborz, limit=50)) == 22
    at_it: dict[str, Any] = {"chat_id": row.id, "actor": acting(member), "now": NOW}
    await storage.write(actions.set_limit, kind=LimitKind.HOLDS, most=3, reason=AllowReason.SIGNS, **at_it)
    assert set(await storage.read(queries.limits_set, chat_id=row.id, now=NOW)) == {LimitKind.HOLDS}
    await storage.write(actions.note_looked_at, judgement=Judgement.FAMILY, **at_it)
    assert row.id not in [
        each.id for each in (await storage.read(queries.listed, scope=EVERYWHERE, are_new=True, limit=9)).rows
    ]
    await storage.write(actions.as_usual, kind=LimitKind.HOLDS, **at_it)
    for chat in (broker, family):
        await storage.write(erase, actor=Actor.chat(chat), now=NOW)
    assert (await storage.read(queries.listed, scope=EVERYWHERE, are_new=False, limit=9)).rows == []
    assert await storage.read(verify) == []


@pytest.mark.requirement("000-10", "M")
def test_what_is_seen_of_a_broker(session: WriteSession) -> None:
    sells = broker(session).sells_on()
    found = found_in(session, sells.chat)

    assert found[SignKind.OFFICES] == (6, Strength.CLEAR)
    assert found[SignKind.PEOPLE][1] is Strength.CLEAR
    assert found[SignKind.RHYTHM] == (8, Strength.CLEAR)
    assert found[SignKind.RETAKEN] == (3, Strength.CLEAR)


def test_a_family_shares_a_name_and_neighbours_do_not(session: WriteSession) -> None:
    family = make_family(session, service=make_service(session))
    assert SignKind.PEOPLE not in found_in(session, family)

    neighbours = broker(session)
    assert found_in(session, neighbours.chat)[SignKind.PEOPLE][0] == 14  # of sixteen, two share a name


def test_a_number_in_several_chats(session: WriteSession) -> None:
    """Two chats with one family are no sign; a chat whose people are named in ever more chats is."""
    sells = broker(session)
    for number in range(5):
        person, name = sells.people[number]
        name_too(session, chat=make_conversation(session), person=person, name=name)

    assert found_in(session, sells.chat)[SignKind.NUMBERS] == (5, Strength.CLEAR)


def test_chats_that_take_turns_in_step_day_after_day(session: WriteSession) -> None:
    first, service = broker(session), make_service(session)
    second, chance = make_conversation(session), make_conversation(session)
    for number, (appointment, person) in enumerate(
        session.execute(select(Appointment, Appointment.person_id).where(Appointment.conversation_id == first.chat.id))
    ):
        chat = second if number < 4 else chance if number == 4 else None
        if chat is not None and person is not None:
            theirs = make_appointment(session, service=service, conversation=chat)
            theirs.office_id, theirs.day = appointment.office_id, appointment.day
            theirs.created_at = appointment.created_at + timedelta(seconds=30)
    session.flush()

    assert found_in(session, first.chat)[SignKind.IN_STEP] == (1, Strength.WEAK)


def test_a_place_passed_on_to_another_chat_counts_when_it_is_no_chance(session: WriteSession) -> None:
    gives, takes = broker(session), make_conversation(session)
    for number in range(2):
        appointment = make_taken(
            session,
            chat=gives.chat,
            queue=gives.queues[0],
            service=gives.service,
            person=gives.people[number][0],
            name="حیدر نظری",
            taken_at=NOW - DAY,
            given_back_at=NOW - DAY + timedelta(minutes=1),
        )
        taken = make_appointment(session, conversation=takes)
        taken.slot_id, taken.created_at = appointment.slot_id, NOW - DAY + timedelta(minutes=40)
        session.flush()
        assert (SignKind.RETAKEN in found_in(session, gives.chat)) is (number == 1)


def test_the_counts_of_a_day_stay_when_the_day_is_over(session: WriteSession) -> None:
    chat = broker(session).chat
    for _ in range(12):
        limits.note(session, conversation_id=chat.id, kind=CounterKind.HOLDS, now=NOW)
    limits.note(session, conversation_id=chat.id, kind=CounterKind.FALLEN, now=NOW)
    assert found_in(session, chat)[SignKind.HOLDS] == (12, Strength.WEAK)
    assert found_in(session, chat)[SignKind.FALLEN] == (1, Strength.WEAK)

    session.query(ChatCounter).delete()
    assert found_in(session, chat)[SignKind.HOLDS] == (12, Strength.WEAK)


def test_a_count_whose_day_was_over_before_anybody_looked_is_no_sign(session: WriteSession) -> None:
    chat = broker(session).chat
    for _ in range(12):
        limits.note(session, conversation_id=chat.id, kind=CounterKind.HOLDS, now=NOW - timedelta(days=2))
    assert SignKind.HOLDS not in found_in(session, chat)


def test_a_chat_with_few_turns_is_not_looked_through(session: WriteSession) -> None:
    """Unless an appointment of it fell, or it kept times again and again."""
    service = make_service(session)
    few, many, fell, silent = (Broker(session, service).takes(people=n, offices=2) for n in (4, 5, 1, 9))
    silent.chat.heard_at = NOW - timedelta(days=1)
    session.flush()
    assert set(due(session, now=NOW)) == {many.chat.id}
    limits.note(session, conversation_id=fell.chat.id, kind=CounterKind.FALLEN, now=NOW)
    assert set(due(session, now=NOW)) == {many.chat.id, fell.chat.id}
    assert few.chat.id not in due(session, now=NOW)


def test_whoever_the_desk_knows_as_a_helper_shows_less(session: WriteSession) -> None:
    helper = broker(session)
    before = found_in(session, helper.chat)
    allowing.allow(
        session,
        conversation_id=helper.chat.id,
        kind=LimitKind.APPOINTMENTS,
        most=20,
        reason=AllowReason.HELPER,
        now=NOW,
    )
    after = found_in(session, helper.chat)

    assert (before[SignKind.PEOPLE][1], after[SignKind.PEOPLE][1]) == (Strength.CLEAR, Strength.WEAK)
    assert (before[SignKind.OFFICES][1], after[SignKind.OFFICES][1]) == (Strength.CLEAR, Strength.WEAK)


def test_no_sign_changes_anything_by_itself(session: WriteSession) -> None:
    sells = broker(session).sells_on()
    appointments = session.scalar(select(func.count()).select_from(Appointment).where(Appointment.is_live))
    found_in(session, sells.chat)

    assert session.scalar(select(func.count()).select_from(Appointment).where(Appointment.is_live)) == appointments
    assert session.scalar(select(func.count()).select_from(ChatAllowance)) == 0
    assert session.scalar(select(func.count()).select_from(Event).where(Event.kind.like("signs.%"))) == 0


def reviewer(session: WriteSession) -> Actor:
    """Somebody of the directorate of Alborz, with an account."""
    member = make_staff(session, province_code="IR-30")
    return Actor.staff(member.id, {Permission.SIGNS_REVIEW: Scope.of(province("IR-30"))})


def test_who_was_looked_at_is_hidden_until_a_sign_is_new(session: WriteSession) -> None:
    sells = broker(session)
    found_in(session, sells.chat)
    [row] = listed(session)
    actions.note_looked_at(session, chat_id=row.id, judgement=Judgement.HELPER, actor=reviewer(session), now=NOW)

    assert listed(session) == []
    [looked] = listed(session, are_new=False)
    assert (looked.id, looked.judgement, looked.looked_at) == (row.id, Judgement.HELPER, NOW)
    assert looked.looked_by is not None
    found_in(session, sells.chat)
    assert listed(session) == [], "the same signs are not new"
    found_in(session, sells.sells_on().chat)
    [again] = listed(session)
    assert [sign.kind for sign in again.signs if sign.is_new] == [SignKind.RETAKEN]
    assert again.judgement is Judgement.HELPER, "who looked before stays to be read"


def test_a_province_sees_the_chats_and_turns_of_its_offices(session: WriteSession) -> None:
    service = make_service(session)
    here = Broker(session, service).takes()
    there = Broker(session, service).takes(province_code="IR-09")
    for each in (here, there):
        found_in(session, each.chat)
    alborz, khorasan = (Scope.of(province(code)) for code in ("IR-30", "IR-09"))

    [ours], [theirs] = listed(session, scope=alborz), listed(session, scope=khorasan)
    assert ours.id != theirs.id
    assert len(listed(session)) == 2
    assert queries.signs_of_chat(session, chat_id=theirs.id, scope=alborz) is None
    assert queries.appointments_of_chat(session, chat_id=theirs.id, scope=alborz, limit=50) == []
    assert len(queries.appointments_of_chat(session, chat_id=ours.id, scope=alborz, limit=50)) == 16
    with pytest.raises(OutOfReach):
        actions.note_looked_at(session, chat_id=theirs.id, judgement=Judgement.FAMILY, actor=reviewer(session), now=NOW)


def test_one_sign_is_no_entry(session: WriteSession) -> None:
    once = Broker(session, make_service(session)).takes(offices=6, people=6, days=1)
    assert set(found_in(session, once.chat)) == {SignKind.OFFICES}
    assert listed(session) == []


def test_a_limit_is_lowered_by_a_person_and_given_back(session: WriteSession) -> None:
    sells = broker(session)
    found_in(session, sells.chat)
    [row] = listed(session)
    until = actions.set_limit(
        session,
        chat_id=row.id,
        kind=LimitKind.APPOINTMENTS,
        most=2,
        reason=AllowReason.SIGNS,
        actor=acting(make_staff(session).id),
        now=NOW,
    )

    def most() -> int:
        asked = {"conversation_id": sells.chat.id, "kind": LimitKind.APPOINTMENTS, "limits": USUAL}
        return allowing.allowed(session, now=NOW, **asked)  # type: ignore[arg-type]  # given together

    assert most() == 2
    assert queries.limits_set(session, chat_id=row.id, now=NOW) == {LimitKind.APPOINTMENTS: (2, until)}
    actions.as_usual(session, chat_id=row.id, kind=LimitKind.APPOINTMENTS, actor=SYSTEM, now=NOW)
    assert most() == USUAL.live_appointments
    kinds = session.scalars(select(Event.kind).where(Event.subject == f"{SUBJECT}{row.id}").order_by(Event.id))
    assert list(kinds) == ["signs.limit", "signs.as_usual"]
    with pytest.raises(ValueError, match="from 1"):
        actions.set_limit(
            session,
            chat_id=row.id,
            kind=LimitKind.HOLDS,
            most=0,
            reason=AllowReason.SIGNS,
            actor=SYSTEM,
            now=NOW,
        )


def test_erasing_takes_the_signs_along_and_leaves_the_limit(session: WriteSession) -> None:
    sells = broker(session)
    found_in(session, sells.chat)
    [row] = listed(session)
    actions.set_limit(
        session,
        chat_id=row.id,
        kind=LimitKind.HOLDS,
        most=5,
        reason=AllowReason.SIGNS,
        actor=SYSTEM,
        now=NOW,
    )
    erase(session, actor=Actor.chat(sells.chat.id), now=NOW)

    assert session.scalar(select(func.count()).select_from(Sign)) == 0
    assert session.scalar(select(func.count()).select_from(ChatWithSigns)) == 0
    assert session.scalar(select(func.count()).select_from(ChatAllowance)) == 1
    assert verify(session) == []


def test_a_sign_that_was_not_seen_again_is_forgotten(session: WriteSession) -> None:
    sells = broker(session)
    found_in(session, sells.chat)
    before = NOW - timedelta(hours=2)
    assert actions.with_old_signs(session, before=before, limit=50) == []
    assert actions.forget_signs(session, before=NOW + timedelta(hours=1), limit=50) == len(KINDS)
    assert session.scalar(select(func.count()).select_from(ChatWithSigns)) == 0


def test_a_chat_that_is_gone_meanwhile_is_passed_over(session: WriteSession) -> None:
    actions.examine(session, id=999_999, now=NOW)
    assert session.scalar(select(func.count()).select_from(ChatWithSigns)) == 0


def test_the_number_of_a_chat_leads_to_nothing(session: WriteSession) -> None:
    sells = broker(session)
    found_in(session, sells.chat)
    [row] = listed(session)

    assert 100_000 <= row.id < 1_000_000
    assert str(sells.chat.id) not in {str(row.id), *map(str, row.signs)}


@pytest.mark.parametrize(("times", "strength"), [(7, None), (8, 1), (13, 1), (14, 2), (24, 3), (900, 3)])
def test_how_strong_a_number_is(times: int, strength: int | None) -> None:
    assert strength_of(SignKind.PEOPLE, times) == strength


def test_how_strong_signs_are_together() -> None:
    assert [strength_of_chat(total) for total in (2, 3, 4, 6, 7, 24)] == [1, 1, 2, 2, 3, 3]


def test_nothing_of_cases_is_read() -> None:
    """Nameless complaints take no part, since no case does."""
    assert not [name for name in vars(counting) if "case" in name.lower()]
