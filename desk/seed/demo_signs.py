"""Invented chats that show signs, so that the page of signs is not empty in the demonstration.

Their appointments are booked at moments of the past and looked through by the same action as everybody's. Each chat has
an innocent story too: one collects, one is a family that somebody has looked at, one is a neighbour who helps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from desk.acting import Actor
from desk.appointments.rules import AppointmentNotice
from desk.capacity.models import Queue, QueueService, Slot
from desk.catalogue.models import Service
from desk.conversations.actions import add_conversation
from desk.conversations.rules import AllowReason, ChatLimits, LimitKind
from desk.offices.models import Office
from desk.outbox.actions import drop_one, mark_sent
from desk.outbox.models import OutboxMessage
from desk.seed.demo_life import DEMO_BOT, book_invented, staff_of
from desk.seed.demo_texts import NAMES
from desk.signs import actions as signs
from desk.signs.models import ChatWithSigns
from desk.signs.rules import Judgement
from desk.storage.base import WriteSession

FIRST_NUMBER = 1000
"""The numbers of these invented people, behind those of the other appointments."""
DAYS_AHEAD = 4
"""Their times lie so far ahead that the days which people try first stay as they are."""
BEFORE_LIMITS = ChatLimits(live_appointments=100)
"""They booked as if no limit had held, so that few chats suffice."""
OFFICER = "alborz"
"""Who has looked at the family."""
FAMILY = "رحیمی"
FROM_THE_END = 2
"""Of each day and queue at most so many of its last times are taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoChat:
    """An invented chat: for how many people it booked, at how many offices, on how many days at the same hour."""

    name: str
    people: int
    offices: int
    days: int
    of_one_family: bool = False
    hours_apart: int = 0
    """How far apart it booked on each day; 0 = always at the same minute."""


CHATS = (
    DemoChat(name="collects", people=18, offices=6, days=12),
    DemoChat(name="family", people=8, offices=6, days=4, of_one_family=True),
    DemoChat(name="helps", people=9, offices=4, days=3, hours_apart=3),
)


def chats_with_signs(session: WriteSession, *, now: datetime) -> int:
    """Let the invented chats book, look them through, and have one looked at; returns their number."""
    officer = staff_of(session, OFFICER, now=now)
    if officer is None:
        return 0
    free = _free(session, now=now)
    made: dict[str, int] = {}
    number = FIRST_NUMBER
    for chat in CHATS:
        made[chat.name] = _book_for(session, chat, free=free, number=number, now=now)
        number += chat.people
    session.flush()
    for conversation_id in made.values():
        signs.examine(session, id=conversation_id, now=now)
    _look_at_family(session, conversation_id=made["family"], officer=officer, now=now)
    return len(made)


def _book_for(
    session: WriteSession, chat: DemoChat, *, free: Sequence[list[tuple[int, int]]], number: int, now: datetime
) -> int:
    """The conversation of this chat, with its appointments."""
    conversation_id = add_conversation(
        session, channel="telegram", bot=DEMO_BOT, chat=f"demo-{chat.name}", locale="fa", consented_at=now, now=now
    ).id
    for each in range(chat.people):
        of_queue = free[each % chat.offices]
        if not of_queue:
            continue
        slot_id, service_id = of_queue.pop()
        days_ago = each % chat.days + 1
        name = NAMES[each % len(NAMES)]
        book_invented(
            session,
            number=number + each,
            name=f"{name.split()[0]} {FAMILY}" if chat.of_one_family else name,
            slot_id=slot_id,
            service_id=service_id,
            actor=Actor.chat(conversation_id),
            limits=BEFORE_LIMITS,
            now=now - timedelta(days=days_ago, hours=chat.hours_apart * (each % 5), seconds=20 * each),
        )
    _let_tickets_arrive(session, conversation_id=conversation_id, now=now)
    return conversation_id


def _let_tickets_arrive(session: WriteSession, *, conversation_id: int, now: datetime) -> None:
    """Mark the tickets as sent, and take back the reminders: no messenger knows the chat."""
    session.flush()
    waiting = select(OutboxMessage.id, OutboxMessage.notice).where(
        OutboxMessage.conversation_id == conversation_id, OutboxMessage.is_open
    )
    for message_id, notice in session.execute(waiting).all():
        if notice == AppointmentNotice.TICKET:
            mark_sent(session, id=message_id, message_id=None, now=now)
        else:
            drop_one(session, id=message_id)


def _free(session: WriteSession, *, now: datetime) -> list[list[tuple[int, int]]]:
    """For the first queue of each office the free times some days ahead, with a service of it."""
    found = session.execute(
        select(Office.id, Slot.day, Slot.id, QueueService.service_id)
        .join(Queue, Queue.office_id == Office.id)
        .join(QueueService, QueueService.queue_id == Queue.id)
        .join(Service, Service.id == QueueService.service_id)
        .join(Slot, Slot.queue_id == Queue.id)
        .where(
            QueueService.is_active,
            Service.is_bookable,
            Service.is_published,
            Slot.is_open,
            Slot.starts_at > now + timedelta(days=DAYS_AHEAD),
            Slot.starts_at < now + timedelta(days=3 * DAYS_AHEAD),
        )
        .order_by(Office.code, Slot.starts_at.desc(), Slot.id, QueueService.service_id)
    )
    of_office: dict[int, dict[int, tuple[int, int]]] = {}
    per_day: dict[tuple[int, object], int] = {}
    for office_id, day, slot_id, service_id in found:
        times = of_office.setdefault(office_id, {})
        if slot_id in times or per_day.get((office_id, day), 0) >= FROM_THE_END:
            continue
        per_day[office_id, day] = per_day.get((office_id, day), 0) + 1
        times[slot_id] = (slot_id, service_id)
    return [list(times.values()) for times in of_office.values()]


def _look_at_family(session: WriteSession, *, conversation_id: int, officer: Actor, now: datetime) -> None:
    """An officer finds that it is a family, and lets it have more."""
    chat_id = session.scalar(select(ChatWithSigns.id).where(ChatWithSigns.conversation_id == conversation_id))
    if chat_id is None:
        return
    then = now - timedelta(hours=1)
    signs.note_looked_at(session, chat_id=chat_id, judgement=Judgement.FAMILY, actor=officer, now=then)
    signs.set_limit(
        session,
        chat_id=chat_id,
        kind=LimitKind.APPOINTMENTS,
        most=10,
        reason=AllowReason.HOUSEHOLD,
        actor=officer,
        now=then,
    )
