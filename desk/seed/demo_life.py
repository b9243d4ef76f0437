"""Invented appointments, papers and cases for the demonstration, so that its pages are not empty.

They are written by the same actions that chats and staff use, at moments of the past. These people have no chat:
messages to them appear as not delivered.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from desk.acting import SYSTEM, Actor
from desk.appointments.actions import book
from desk.appointments.models import Appointment
from desk.calendar import instant_of
from desk.capacity.models import Queue, QueueService, Slot
from desk.capacity.planning import materialise
from desk.cases import actions as cases
from desk.cases import handing_over
from desk.cases.models import Case
from desk.cases.rules import CaseState, CloseReason, Contact
from desk.catalogue.actions import save_papers
from desk.catalogue.models import Service, ServicePaper
from desk.codes import CodeKind, TrackingCode
from desk.conversations.actions import add_conversation
from desk.conversations.rules import USUAL, ChatLimits
from desk.identity import IN_USE
from desk.offices.models import Office
from desk.outbox.actions import mark_dead
from desk.outbox.models import OutboxMessage
from desk.people.models import Person
from desk.people.rules import DocumentKind
from desk.people.stored import stored_last4
from desk.seed import demo_records
from desk.seed.demo_texts import CASES, NAMES, PAPERS, DemoCase
from desk.staff.models import StaffMember
from desk.staff.queries import actor_of
from desk.storage.base import WriteSession
from desk.storage.encryption import random_id
from desk.values import LocalDay, Money
from desk.visits.actions import record_arrival, record_outcome
from desk.visits.rules import Outcome

APPOINTMENTS = 40
OF_A_PAST_DAY = 6
A_WHILE = 3
"""Every third slot of a day is booked by an invented person."""
LOOK_BACK = 14
"""How many days back the last open day may lie; the rules of the demonstration hold from then on."""
DEMO_BOT = "111111111"
"""The bot of the emulated Telegram: no real messenger is asked to reach an invented chat."""
NOBODYS_KEY = "00000000"
"""Under this name stand the hashes of invented people: no number has such a one."""
KINDS = (DocumentKind.AMAYESH, DocumentKind.PASSPORT, DocumentKind.HEADCOUNT_SLIP)


def live(session: WriteSession, *, today: date, now: datetime) -> tuple[int, int]:
    """Write papers, appointments and cases where there are none; returns the number of appointments and of cases.

    The demo's offices must exist.
    """
    _papers(session, now=now)
    appointments = 0
    if session.scalar(select(Appointment.id).limit(1)) is None:
        appointments = _appointments(session, today=today, now=now)
    filed = 0
    if session.scalar(select(Case.id).limit(1)) is None:
        filed = sum(_case(session, number, case, now=now) for number, case in enumerate(CASES))
        _let_messages_fail(session, now=now)
    return appointments, filed


def _papers(session: WriteSession, *, now: datetime) -> None:
    """Write papers for services that have none; each says that it is invented."""
    for code, papers in PAPERS.items():
        service_id = session.scalar(select(Service.id).where(Service.code == code))
        has_some = select(ServicePaper.id).where(ServicePaper.service_id == service_id).limit(1)
        if service_id is not None and session.scalar(has_some) is None:
            save_papers(session, service_id=service_id, papers=papers, actor=SYSTEM, now=now)


def _appointments(session: WriteSession, *, today: date, now: datetime) -> int:
    """Book some slots of the last open day, with the visits recorded by a clerk, and others over the days to come."""
    clerk = staff_of(session, "clerk1102", now=now)
    queues = queues_with_service(session)
    if clerk is None or not queues:
        return 0
    made = _past_appointments(session, queues[0], clerk=clerk, today=today, now=now)
    ahead: list[tuple[date, int, int]] = []
    for place, (queue_id, service_id) in enumerate(queues):
        for number, (day, slots) in enumerate(_ahead(session, queue_id, now=now).items()):
            # Most are at the first office, whose clerk is the account that people try: more today than on later days.
            some = (6 if number == 0 else 3) if place == 0 else int(number % 3 == 0)
            ahead += [(day, slot_id, service_id) for slot_id in slots[::A_WHILE][:some]]
    for _, slot_id, service_id in sorted(ahead)[: APPOINTMENTS - made]:
        book_invented(session, number=made, slot_id=slot_id, service_id=service_id, now=now - timedelta(hours=2))
        made += 1
    return made


def _ahead(session: WriteSession, queue_id: int, *, now: datetime) -> dict[date, list[int]]:
    """The free slots of the days to come."""
    of_day: dict[date, list[int]] = defaultdict(list)
    soon = now + timedelta(minutes=20)
    found = select(Slot.day, Slot.id).where(Slot.queue_id == queue_id, Slot.starts_at > soon, Slot.is_open)
    for day, slot_id in session.execute(found.order_by(Slot.starts_at)):
        of_day[day].append(slot_id)
    return of_day


def _past_appointments(
    session: WriteSession, queue: tuple[int, int], *, clerk: Actor, today: date, now: datetime
) -> int:
    queue_id, service_id = queue
    zone = session.execute(
        select(Office.zone).join(Queue, Queue.office_id == Office.id).where(Queue.id == queue_id)
    ).scalar_one()
    for back in range(1, LOOK_BACK + 1):
        day = today - timedelta(days=back)
        morning = instant_of(LocalDay(day), minutes=0, zone=zone)
        materialise(session, queue_id=queue_id, days=[day], now=morning)
        slots = session.execute(
            select(Slot.id, Slot.starts_at)
            .where(Slot.queue_id == queue_id, Slot.day == day, Slot.is_open)
            .order_by(Slot.starts_at)
            .limit(OF_A_PAST_DAY)
        ).all()
        if not slots:
            continue
        for number, (slot_id, starts_at) in enumerate(slots):
            # Not at midnight: of nameless cases only the day is kept, and nothing else stands at its first moment.
            booked_at = morning - timedelta(hours=13, minutes=17)
            appointment = book_invented(session, number=number, slot_id=slot_id, service_id=service_id, now=booked_at)
            if number == len(slots) - 1:
                continue  # this one stays unrecorded
            after = starts_at + timedelta(minutes=20)
            if number == 2:
                record_outcome(session, appointment_id=appointment, outcome=Outcome.ABSENT, actor=clerk, now=after)
                continue
            record_arrival(session, appointment_id=appointment, actor=clerk, now=starts_at)
            demo_records.close(session, appointment_id=appointment, number=number, actor=clerk, now=after)
        return len(slots)
    return 0


def queues_with_service(session: WriteSession) -> Sequence[tuple[int, int]]:
    """Every queue of the demonstration with one of its bookable services, the first office first."""
    found = session.execute(
        select(QueueService.queue_id, QueueService.service_id)
        .join(Queue, Queue.id == QueueService.queue_id)
        .join(Office, Office.id == Queue.office_id)
        .join(Service, Service.id == QueueService.service_id)
        .where(QueueService.is_active, Service.is_bookable, Service.is_published)
        .order_by(Office.code, QueueService.queue_id, QueueService.service_id)
    )
    first: dict[int, int] = {}
    for queue_id, service_id in found:
        first.setdefault(queue_id, service_id)
    return list(first.items())


def book_invented(
    session: WriteSession,
    *,
    number: int,
    slot_id: int,
    service_id: int,
    now: datetime,
    name: str | None = None,
    actor: Actor = SYSTEM,
    limits: ChatLimits = USUAL,
) -> int:
    """Book for the invented person of this number; returns the id of the appointment."""
    name = name or NAMES[number % len(NAMES)]
    kind = KINDS[number % len(KINDS)]
    id = random_id()
    person = Person(
        id=id,
        identity_hash=f"{IN_USE.now.name}.{NOBODYS_KEY}.{hashlib.sha256(b'demo person %d' % number).hexdigest()[:52]}",
        last4_sealed=stored_last4(session.keys, f"{(number * 7919) % 10_000:04d}", id=id),
        created_at=now,
    )
    session.add(person)
    session.flush()
    return book(
        session,
        idem_key=f"demo:{number}",
        actor=actor,
        limits=limits,
        slot_id=slot_id,
        service_id=service_id,
        person_id=person.id,
        person_name=name,
        document_kind=kind,
        code=TrackingCode.make(CodeKind.APPOINTMENT),
        now=now,
    ).appointment_id


def _case(session: WriteSession, number: int, case: DemoCase, *, now: datetime) -> int:
    """File one case and bring it to its state by the actions of the person and of staff, day by day."""
    office_id = session.scalar(select(Office.id).where(Office.code == case.office_code))
    member = staff_of(session, case.handled_by, now=now)
    if member is None:
        return 0
    filed_at = now - timedelta(hours=case.hours_ago)
    code = TrackingCode.make(CodeKind.CASE)
    if case.category is None:
        filed = cases.ask(
            session,
            idem_key=f"demo:case:{number}",
            code=code,
            office_id=office_id,
            province_code=None,
            text=case.text,
            voice=None,
            name=case.name,
            actor=Actor.chat(_conversation(session, number, locale=case.locale, now=filed_at)),
            locale=case.locale,
            now=filed_at,
        )
    else:
        filed = cases.file_complaint(
            session,
            idem_key=f"demo:case:{number}",
            code=code,
            category=case.category,
            office_id=office_id,
            service_id=session.scalar(select(Service.id).where(Service.code == case.service)) if case.service else None,
            happened_on=filed_at.date() - timedelta(days=1),
            paid=None if case.paid_rial is None else Money(case.paid_rial),
            text=case.text,
            voice=None,
            contact=Contact.NOBODY,
            name=None,
            actor=Actor.chat(None),
            locale=case.locale,
            now=filed_at,
        )
        # The desk has it at once: it is invented, and there is no chat that its moment could lead to.
        for id in handing_over.due(session, now=filed_at + timedelta(days=1)):
            handing_over.hand_over(session, id=id, now=filed_at)
    later = filed_at + (now - filed_at) / 2
    if case.is_taken:
        cases.assign(session, case_id=filed.case_id, to_staff_id=member.staff_id, actor=member, now=later)
    if case.note:
        cases.note(session, case_id=filed.case_id, actor=member, text=case.note, now=later)
    if case.state is CaseState.IN_REVIEW:
        cases.change_state(session, case_id=filed.case_id, to=CaseState.IN_REVIEW, actor=member, now=later)
    if case.reply:
        cases.reply(session, case_id=filed.case_id, actor=member, text=case.reply, now=later)
    if case.state is CaseState.CLOSED:
        cases.close(session, case_id=filed.case_id, reason=CloseReason.ANSWERED, text=None, actor=member, now=later)
    return 1


def staff_of(session: WriteSession, username: str, *, now: datetime) -> Actor | None:
    """The member of staff of this username as an actor."""
    found = session.scalar(select(StaffMember.id).where(StaffMember.username == username))
    return None if found is None else actor_of(session, staff_id=found, now=now)


def _let_messages_fail(session: WriteSession, *, now: datetime) -> None:
    """Mark the messages to invented chats as not delivered."""
    session.flush()
    waiting = select(OutboxMessage.id).where(OutboxMessage.bot == DEMO_BOT, OutboxMessage.is_open)
    for message_id in session.scalars(waiting).all():
        mark_dead(session, id=message_id, reason="400 chat not found")


def _conversation(session: WriteSession, number: int, *, locale: str, now: datetime) -> int:
    chat = f"demo-{number}"
    return add_conversation(
        session, channel="telegram", bot=DEMO_BOT, chat=chat, locale=locale, consented_at=now, now=now
    ).id
