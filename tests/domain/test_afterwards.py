"""The question after a visit: who is asked and when, what an answer leaves, and which counts are shown."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from desk.acting import Actor, OutOfReach
from desk.afterwards.answering import answer
from desk.afterwards.asking import ask_after_visits, end_questions
from desk.afterwards.models import AfterCounts, AfterQuestion
from desk.afterwards.queries import answers_of_month
from desk.afterwards.refusals import HourOutside, QuestionOver
from desk.afterwards.rows import AskingRule
from desk.afterwards.rules import (
    ALL_WELL,
    Answers,
    Clash,
    RecordedMoney,
    Respect,
    clashes,
    counted,
    differs,
    is_final,
    last_day_of,
    month_of,
    months_shown,
)
from desk.afterwards.setting import set_rule
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.calendar import TEHRAN, SolarDate, instant_of
from desk.conversations.models import Conversation
from desk.events.models import Event
from desk.figures.models import DayFigures
from desk.organisation import EVERYWHERE, Scope, province
from desk.outbox.models import OutboxMessage
from desk.parts import Leaving
from desk.staff.permissions import Role
from desk.staff.queries import actor_of
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.storage.upsert import table_of
from desk.subjects import privacy
from desk.values import LocalDay, Money
from tests.makers import (
    NOW,
    TODAY,
    acting,
    make_appointment,
    make_conversation,
    make_office,
    make_person,
    make_queue,
    make_slot,
    make_staff,
)

EVENTS = select(func.count()).select_from(Event)
ASKING = select(OutboxMessage.notice).where(OutboxMessage.notice == "after_visit")
SERVED, BACK = AppointmentState.SERVED, AppointmentState.COME_BACK


def evening(day: date = TODAY, *, minutes: int = 18 * 60) -> datetime:
    return instant_of(LocalDay(day), minutes=minutes, zone=TEHRAN)


def visit(
    session: WriteSession, *, chat: Conversation | None = None, state: AppointmentState = SERVED, day: date = TODAY
) -> Appointment:
    """A visit of a new chat, or of this one."""
    slot = make_slot(session, starts_at=evening(day, minutes=9 * 60))
    conversation = chat or make_conversation(session)
    made = make_appointment(
        session, slot=slot, person=make_person(session, conversation=conversation), conversation=conversation
    )
    made.state, made.is_live = state, False
    session.flush()
    return made


def asked(session: WriteSession) -> list[int | None]:
    return list(session.scalars(select(AfterQuestion.appointment_id).order_by(AfterQuestion.appointment_id)))


def ask(session: WriteSession, *, now: datetime) -> int:
    return ask_after_visits(session, now=now, limit=100)


def said(session: WriteSession) -> dict[str, int]:
    found = session.execute(select(table_of(AfterCounts))).mappings().one_or_none()
    return {} if found is None else {name: value for name, value in found.items() if isinstance(value, int) and value}


@pytest.mark.requirement("000-08", "A")
@pytest.mark.parametrize(
    ("minutes", "is_asked"), [(17 * 60 + 59, False), (18 * 60, True), (20 * 60 + 59, True), (21 * 60, False)]
)
async def test_people_are_asked_in_the_evening_and_not_at_night(storage: Storage, minutes: int, is_asked: bool) -> None:
    def act(session: WriteSession) -> list[int | None]:
        visit(session)
        ask(session, now=evening(minutes=minutes))
        return asked(session)

    assert bool(await storage.write(act)) is is_asked


async def test_only_who_was_there_is_asked_and_each_once(storage: Storage) -> None:
    def act(session: WriteSession) -> tuple[list[int], list[int | None], list[str]]:
        there = [visit(session).id, visit(session, state=BACK).id]
        visit(session, state=AppointmentState.ABSENT)
        visit(session, state=AppointmentState.BOOKED)
        visit(session, day=TODAY - timedelta(days=2))
        ask(session, now=evening())
        again = evening(minutes=18 * 60 + 10)
        assert ask(session, now=again) == 0
        return there, asked(session), list(session.scalars(ASKING))

    there, found, messages = await storage.write(act)
    assert found == sorted(there)
    assert messages == ["after_visit"] * 2


async def test_an_outcome_recorded_late_is_asked_about_on_the_next_evening(storage: Storage) -> None:
    def act(session: WriteSession) -> list[int | None]:
        visit(session, day=TODAY - timedelta(days=1))
        ask(session, now=evening())
        return asked(session)

    assert len(await storage.write(act)) == 1


async def test_a_chat_is_never_asked_twice_within_a_week(storage: Storage) -> None:
    def act(session: WriteSession) -> list[int]:
        chat = make_conversation(session)
        visit(session, chat=chat)
        second = visit(session, chat=chat)
        rounds = [len(ask_and_read(session, evening()))]
        assert asked(session) == [second.id], "of two visits of a day the later one"
        for days in (3, 6, 7):
            day = TODAY + timedelta(days=days)
            visit(session, chat=chat, day=day)
            end_questions(session, now=evening(day), limit=100)
            rounds.append(len(ask_and_read(session, evening(day))))
        return rounds

    def ask_and_read(session: WriteSession, now: datetime) -> list[str]:
        ask(session, now=now)
        return list(session.scalars(ASKING))

    assert await storage.write(act) == [1, 1, 1, 2]


async def test_a_province_asks_at_its_own_hour_or_not_at_all(storage: Storage) -> None:
    def act(session: WriteSession) -> list[int]:
        visit(session)
        who = acting(make_staff(session, role=Role.ADMINISTRATOR).id)
        rule = AskingRule(ask_at=19 * 60)
        set_rule(session, province_code="IR-30", rule=rule, actor=who, now=NOW)
        early = ask(session, now=evening(minutes=18 * 60 + 30))
        set_rule(session, province_code="IR-30", rule=AskingRule(is_on=False, ask_at=19 * 60), actor=who, now=NOW)
        off = ask(session, now=evening(minutes=19 * 60))
        set_rule(session, province_code="IR-30", rule=rule, actor=who, now=NOW)
        return [early, off, ask(session, now=evening(minutes=19 * 60))]

    assert await storage.write(act) == [0, 0, 1]


async def test_only_the_directorate_sets_it_and_to_no_hour_of_the_night(storage: Storage) -> None:
    def act(session: WriteSession) -> None:
        office = make_office(session)
        manager = make_staff(session, role=Role.OFFICE_MANAGER, office=office)
        own = actor_of(session, staff_id=manager.id, now=NOW)
        with pytest.raises(OutOfReach):
            set_rule(session, province_code="IR-30", rule=AskingRule(is_on=False), actor=own, now=NOW)
        for ask_at in (14 * 60 + 59, 20 * 60 + 1):
            with pytest.raises(HourOutside):
                set_rule(
                    session, province_code="IR-30", rule=AskingRule(ask_at=ask_at), actor=acting(manager.id), now=NOW
                )

    await storage.write(act)


BAD = Answers(served=False, overpaid=True, receipt=False, copy=True, respect=Respect.BAD, elsewhere=True)


async def test_an_answer_grows_the_counts_and_leads_to_no_visit(storage: Storage) -> None:
    def act(session: WriteSession) -> tuple[dict[str, int], list[int | None], int, int]:
        made = visit(session)
        ask(session, now=evening())
        before = session.scalar(EVENTS)
        answer(session, appointment_id=made.id, answers=BAD, actor=Actor.chat(made.conversation_id), now=evening())
        after = session.scalar(EVENTS)
        return said(session), asked(session), (after or 0) - (before or 0), made.office_id

    counts, questions, events, office = await storage.write(act)
    assert counts == {
        "office_id": office,
        "answered": 1,
        **dict.fromkeys(("served_told", "not_served", "paid_told", "overpaid", "receipt_told", "no_receipt"), 1),
        **dict.fromkeys(("copy_told", "copied", "respect_told", "disrespected", "elsewhere_told", "sent_elsewhere"), 1),
    }
    assert questions == [None]
    assert events == 0, "an event would lead from the visit to what was said"


async def test_who_waves_it_away_leaves_what_an_answer_leaves(storage: Storage) -> None:
    def act(session: WriteSession) -> list[tuple[object, ...]]:
        left: list[tuple[object, ...]] = []
        for answers in (Answers(), BAD):
            made = visit(session)
            ask(session, now=evening())
            answer(
                session, appointment_id=made.id, answers=answers, actor=Actor.chat(made.conversation_id), now=evening()
            )
            row = session.execute(
                select(AfterQuestion.appointment_id, AfterQuestion.asked_on).where(
                    AfterQuestion.conversation_id == made.conversation_id
                )
            ).one()
            left.append(tuple(row))
        return left

    waved, told = await storage.write(act)
    assert waved == told


async def test_an_answer_counts_once_within_its_week_and_from_its_chat_alone(storage: Storage) -> None:
    def act(session: WriteSession) -> dict[str, int]:
        made, late = visit(session), visit(session)
        ask(session, now=evening())
        other = Actor.chat(make_conversation(session).id)
        given = {"appointment_id": made.id, "answers": ALL_WELL}
        with pytest.raises(OutOfReach):
            answer(session, **given, actor=other, now=evening())  # type: ignore[arg-type]
        mine = Actor.chat(made.conversation_id)
        answer(session, **given, actor=mine, now=evening())  # type: ignore[arg-type]
        with pytest.raises(QuestionOver):
            answer(session, **given, actor=mine, now=evening())  # type: ignore[arg-type]
        with pytest.raises(QuestionOver):
            answer(
                session,
                appointment_id=late.id,
                answers=ALL_WELL,
                actor=Actor.chat(late.conversation_id),
                now=evening(TODAY + timedelta(days=7)),
            )
        return said(session)

    assert (await storage.write(act))["answered"] == 1


async def test_erasing_takes_the_question_away(storage: Storage) -> None:
    def act(session: WriteSession) -> list[int | None]:
        made = visit(session)
        ask(session, now=evening())
        chat = session.get_one(Conversation, made.conversation_id)
        leaving = Leaving(conversation_id=chat.id, channel=chat.channel, bot=chat.bot, chat="1", now=NOW)
        for each in privacy():
            if each.erase is not None and any(name.startswith("after_") for name in each.columns):
                each.erase(session, leaving)
        return asked(session)

    assert await storage.write(act) == []


def test_what_clashes_comes_gravest_first_and_only_against_the_record() -> None:
    assert clashes(BAD, recorded=SERVED) == (
        Clash.OVERCHARGED,
        Clash.COPY,
        Clash.DISRESPECT,
        Clash.NO_RECEIPT,
        Clash.NOT_SERVED,
    )
    assert Clash.NOT_SERVED not in clashes(BAD, recorded=BACK)
    assert clashes(ALL_WELL, recorded=SERVED) == ()
    assert clashes(Answers(receipt=True, marked=False), recorded=SERVED) == (Clash.UNMARKED,)
    assert "not_served" not in counted(BAD, recorded=BACK)
    assert counted(Answers(), recorded=SERVED) == {}


@pytest.mark.parametrize(
    ("recorded", "paid", "receipt", "is_other"),
    [
        ((270_000, True), 270_000, True, False),
        ((270_000, True), 500_000, False, True),
        ((270_000, True), 270_000, False, True),
        ((270_000, True), None, None, None),
        ((270_000, True), 500_000, None, True),
        ((0, False), 0, None, False),
        ((0, False), 270_000, True, True),
        ((None, False), 270_000, None, None),
        ((None, False), 270_000, True, True),
    ],
)
def test_the_record_is_compared_as_far_as_both_say_something(
    recorded: tuple[int | None, bool], paid: int | None, receipt: bool | None, is_other: bool | None
) -> None:
    sum_, has_receipt = recorded
    closing = RecordedMoney(None if sum_ is None else Money(sum_), has_receipt)
    assert differs(closing, paid=None if paid is None else Money(paid), receipt=receipt) is is_other


def test_what_the_record_says_otherwise_has_one_complaint() -> None:
    assert clashes(Answers(overpaid=False, otherwise=True), recorded=SERVED) == (Clash.RECORDED_OTHERWISE,)
    both = clashes(Answers(overpaid=True, otherwise=True), recorded=SERVED)
    assert both == (Clash.OVERCHARGED,), "its complaint says the same"
    assert counted(Answers(otherwise=False), recorded=SERVED) == {"answered": 1, "compared": 1, "recorded_otherwise": 0}


def test_a_month_is_shown_once_no_answer_to_it_can_come() -> None:
    azar = SolarDate(1405, 9, 1).to_date()
    assert month_of(azar + timedelta(days=20)) == azar
    last = last_day_of(azar)
    assert last == SolarDate(1405, 9, 30).to_date()
    assert not is_final(azar, today=last + timedelta(days=7))
    assert is_final(azar, today=last + timedelta(days=8))
    assert months_shown(evening(last + timedelta(days=7)))[0] < azar
    assert months_shown(evening(last + timedelta(days=8)))[0] == azar


async def test_small_counts_are_hidden_and_shares_are_of_all_who_came(storage: Storage) -> None:
    month = month_of(TODAY)

    def act(session: WriteSession) -> list[tuple[int, int | None, int | None, dict[str, int | None]]]:
        few, many = make_office(session), make_office(session)
        for office, answered, overpaid in ((few, 4, 4), (many, 10, 3)):
            queue = make_queue(session, office=office)
            row = dict.fromkeys(("planned", "released", "taken", "free", "booked", "served", "absent"), 0)
            session.execute(
                insert(DayFigures),
                {**row, "queue_id": queue.id, "day": month, "came": 20, "counted_at": NOW},
            )
            session.add(
                AfterCounts(
                    office_id=office.id,
                    month=month,
                    answered=answered,
                    paid_told=answered,
                    overpaid=overpaid,
                    copy_told=answered,
                    copied=0,
                )
            )
        session.flush()
        rows = answers_of_month(session, scope=EVERYWHERE, month=month)
        assert len(answers_of_month(session, scope=Scope.of(province("IR-23")), month=month)) == 0
        return [(row.came, row.answered, row.share, row.so) for row in rows]

    hidden, shown = await storage.write(act)
    assert hidden == (20, None, None, {})
    assert shown[:3] == (20, 10, 50)
    assert shown[3]["overpaid"] is None, "three of ten are too few"
    assert shown[3]["copied"] == 0
