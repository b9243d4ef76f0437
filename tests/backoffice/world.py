"""A small desk for the page tests: two offices in two provinces, their staff, appointments, cases and hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select, update

from desk.acting import Actor
from desk.appointments.assistance import wish
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentNotice, AppointmentState
from desk.capacity import actions as capacity
from desk.capacity.models import Holiday, Queue
from desk.cases import actions as cases
from desk.cases.rules import Contact
from desk.catalogue import actions as catalogue
from desk.catalogue.models import Service
from desk.catalogue.rows import PaperInput, StepInput
from desk.closings.models import ClosedDay, StaffClosing
from desk.closings.rules import DayStep
from desk.codes import CodeKind, TrackingCode
from desk.consequences.models import Change, ChangedAppointment
from desk.consequences.rules import ChangeKind, Progress, Remedy, Why
from desk.language.text import Localised
from desk.offices.models import Office
from desk.offices.rules import Assistance
from desk.outbox import actions as outbox
from desk.outbox.models import OutboxMessage
from desk.people.rules import DocumentKind
from desk.staff import second_factor
from desk.staff.models import StaffMember
from desk.staff.passwords import hash_password
from desk.staff.permissions import Role
from desk.storage.base import WriteSession
from desk.values import Money
from desk.waiting.actions import pause
from tests import makers, makers_hours
from tests.makers import NOW, TODAY, acting
from tests.makers_absences import put_objection, put_unrecorded
from tests.makers_chats import recipient
from tests.makers_draws import frozen, make_draw, make_published
from tests.makers_fees import make_fee
from tests.makers_marshals import put_alarm
from tests.makers_records import put_report
from tests.makers_rosters import put_leave
from tests.makers_signs import make_suspect
from tests.makers_waiting import make_class, make_request, wish_for
from tests.makers_worksheets import put_waiting_worksheet

DAY = timedelta(days=1)
PASSWORD = "یک رمز خوب برای آزمون 7"
HASH = hash_password(PASSWORD)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""Of the codes of everybody in the world whose role asks for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The ids of the rows of the test world; fields that begin with other_ belong to the office in the other
    province."""

    office: int
    other_office: int
    queue: int
    other_queue: int
    rule: int
    holiday: int
    draw: int
    other_draw: int
    service: int
    fee: int
    appointments: tuple[int, ...]
    other_appointment: int
    complaint: int
    complaint_code: str
    question: int
    other_complaint: int
    voice_entry: int
    change: int
    """One that hit the first appointment, whose person no message reached."""
    told: int
    closing: int
    """A closing of a day on which the first office is closed anyway."""
    message: int
    """One that a messenger refused for good; it was about the first appointment."""
    clerk: int
    other_clerk: int
    manager: int
    chat: int
    """The number of a chat with signs, whose turns are at the first office."""
    other_chat: int
    waiting: int
    """A paused request at the first office: nothing is kept for it."""
    other_waiting: int
    priority: int
    worksheet: int
    """One of the first office that waits for the directorate."""
    other_worksheet: int
    leave: int
    """For which the clerk of the first office asks."""
    other_leave: int
    report: int
    """What somebody of the first office reported of a broker."""
    other_report: int
    absence: int
    """One of the first office that its clerk recorded, and to which the person objected."""
    other_absence: int
    unrecorded: int
    """An appointment of three days ago at the first office, without an outcome."""
    other_unrecorded: int
    alarm: int
    """A crowd of which the clerk of the first office told yesterday."""
    other_alarm: int


def build(session: WriteSession, *, crowd: int = 8) -> World:
    """Fill an empty database; `crowd` appointments stand on today's list of the first office."""
    office = makers.make_office(session, code="72-1101", name="دفتر پیشخوان گلشهر", phone="+982634567890")
    other = makers.make_office(session, code="72-2201", province_code="IR-09", city="مشهد", name="دفتر کفالت طرق")
    service = makers.make_service(session, code="identity", title="احراز هویت اتباع خارجی", short_title="احراز هویت")
    revocation = makers.make_service(
        session, code="revocation", title="ابطال مدارک", is_bookable=False, is_irreversible=True
    )
    fee = make_fee(session, service=service)
    members = {
        name: _member(session, name, role, shown=shown, office=at, province_code=province)
        for name, role, shown, at, province in (
            ("clerk", Role.CLERK, "مریم کاظمی", office, None),
            ("officer", Role.DESK_OFFICER, "رضا نوری", office, None),
            ("manager", Role.OFFICE_MANAGER, "زهرا احمدی", office, None),
            ("province", Role.PROVINCE_OFFICER, "حسین مرادی", None, "IR-30"),
            ("otherclerk", Role.CLERK, "نرگس شریفی", other, None),
            ("otherprovince", Role.PROVINCE_OFFICER, "کاوه صالحی", None, "IR-09"),
            ("admin", Role.ADMINISTRATOR, "سارا یوسفی", None, None),
        )
    }
    queue = makers.make_queue(session, office=office, services=[service], name="باجهٔ احراز هویت")
    other_queue = makers.make_queue(session, office=other, services=[service])
    rules = [makers_hours.make_rule(session, queue=queue, weekday=weekday).id for weekday in range(5)]
    makers_hours.make_rule(session, queue=other_queue)
    capacity.roll_window(session, queue_id=queue.id, today=TODAY, window_days=21, now=NOW)
    capacity.roll_window(session, queue_id=other_queue.id, today=TODAY, window_days=21, now=NOW)
    appointments = _appointments(session, queue=queue, service=service, crowd=crowd)
    other_appointment = makers.make_appointment(
        session,
        slot=makers.make_slot(session, queue=other_queue, starts_at=makers.at(hour=9)),
        service=service,
        conversation=makers.make_conversation(session),
    )
    catalogue.save_papers(
        session,
        service_id=service.id,
        papers=[
            PaperInput(title=Localised({"fa": "اصل کارت آمایش"}), document_kind=DocumentKind.AMAYESH),
            PaperInput(title=Localised({"fa": "اصل گذرنامه"}), document_kind=DocumentKind.PASSPORT),
        ],
        actor=acting(members["admin"]),
        now=NOW,
    )
    catalogue.save_steps(
        session,
        service_id=service.id,
        steps=[StepInput(title=Localised({"fa": "ثبت مشخصات در باجه"}), agency=Localised({"fa": "دفتر پیشخوان"}))],
        actor=acting(members["admin"]),
        now=NOW,
    )
    capacity.save_holiday(
        session,
        day=date(2026, 12, 1),
        name=Localised({"fa": "تعطیل رسمی آزمون"}),
        is_confirmed=False,
        actor=acting(members["admin"]),
        now=NOW,
    )
    complaint, code, voice_entry = _complaint(session, office=office, service_id=service.id, number=1)
    other_complaint, _, _ = _complaint(session, office=other, service_id=revocation.id, number=2)
    chat = makers.make_conversation(session)
    question = cases.ask(
        session,
        idem_key="q1",
        code=TrackingCode.make(CodeKind.CASE),
        office_id=office.id,
        province_code=None,
        text="سلام. برای تمدید کارت باید همهٔ خانواده بیایند؟",
        voice=None,
        name="گل‌آقا رحیمی",
        actor=Actor.chat(chat.id),
        locale="fa_AF",
        now=NOW - timedelta(hours=60),
    )
    change, told = _changed(session, appointment=session.get_one(Appointment, appointments[0]))
    return World(
        office=office.id,
        other_office=other.id,
        queue=queue.id,
        other_queue=other_queue.id,
        rule=rules[0],
        holiday=session.scalars(select(Holiday.id)).one(),
        draw=make_published(session, service_id=service.id),
        other_draw=make_draw(session, service_id=service.id, province_code="IR-09", **frozen()).id,
        service=service.id,
        fee=fee.id,
        appointments=appointments,
        other_appointment=other_appointment.id,
        complaint=complaint,
        complaint_code=code,
        question=question.case_id,
        other_complaint=other_complaint,
        voice_entry=voice_entry,
        change=change,
        told=told,
        closing=_closing(session, queue=queue),
        message=_refused(session, about=f"appointment:{appointments[0]}"),
        clerk=members["clerk"],
        other_clerk=members["otherclerk"],
        manager=members["manager"],
        chat=make_suspect(session, appointment_id=appointments[-1], number=482_173),
        other_chat=make_suspect(session, appointment_id=other_appointment.id, number=573_261),
        waiting=_waits(session, service=service, office=office),
        other_waiting=_waits(session, service=service, office=other),
        priority=make_class(session, name=Localised({"fa": "سالمند"})).id,
        worksheet=put_waiting_worksheet(session, queue_id=queue.id),
        other_worksheet=put_waiting_worksheet(session, queue_id=other_queue.id),
        leave=put_leave(session, office_id=office.id, staff_id=members["clerk"]),
        other_leave=put_leave(session, office_id=other.id, staff_id=members["otherclerk"]),
        report=put_report(session, office_id=office.id),
        other_report=put_report(session, office_id=other.id),
        absence=put_objection(session, queue=queue, service=service, clerk=members["clerk"]),
        other_absence=put_objection(session, queue=other_queue, service=service, clerk=members["otherclerk"]),
        unrecorded=put_unrecorded(session, queue=queue, service=service),
        other_unrecorded=put_unrecorded(session, queue=other_queue, service=service),
        alarm=put_alarm(session, office_id=office.id, clerk=members["clerk"]),
        other_alarm=put_alarm(session, office_id=other.id, clerk=members["otherclerk"]),
    )


def _waits(session: WriteSession, *, service: Service, office: Office) -> int:
    chat = makers.make_conversation(session)
    request = make_request(session, service=service, wish=wish_for(office), chat=chat)
    pause(session, request_id=request, actor=Actor.chat(chat.id), now=NOW)
    return request


def _member(
    session: WriteSession, username: str, role: Role, *, shown: str, office: Office | None, province_code: str | None
) -> int:
    member = makers.make_staff(
        session, username=username, name=shown, role=role, office=office, province_code=province_code
    )
    session.execute(update(StaffMember).where(StaffMember.id == member.id).values(password_hash=HASH))
    if office is None:  # such a role asks for a second factor
        second_factor.enrol(session, staff_id=member.id, secret=SECRET, now=NOW)
    return member.id


def _appointments(session: WriteSession, *, queue: Queue, service: Service, crowd: int) -> tuple[int, ...]:
    names = ("گل‌آقا رحیمی", "فاطمه محمدی", "نورالله حسینی", "شیرین‌گل احمدزی", "محمدعلی حیدری", "زلیخا نظری")
    states = {1: AppointmentState.ARRIVED, 2: AppointmentState.SERVED, 4: AppointmentState.ABSENT}
    made = []
    for number in range(crowd):
        minute = 5 * number
        slot = makers.make_slot(session, queue=queue, starts_at=makers.at(hour=4) + timedelta(minutes=minute))
        appointment = makers.make_appointment(
            session,
            slot=slot,
            service=service,
            person=makers.make_person(session, last4=f"{4821 + 7 * number}"[-4:]),
            conversation=makers.make_conversation(session),
            person_name=names[number % len(names)],
            state=states.get(number, AppointmentState.BOOKED),
        )
        made.append(appointment.id)
    wish(session, appointment_ids=made[:1], kinds=[Assistance.WOMAN_CLERK])
    return tuple(made)


def _changed(session: WriteSession, *, appointment: Appointment) -> tuple[int, int]:
    change = Change(
        idem_key="world", kind=ChangeKind.DAY, subject="queue:1", detail={"day": "2026-11-21"}, at=NOW - DAY
    )
    session.add(change)
    session.flush()
    told = ChangedAppointment(
        change_id=change.id,
        appointment_id=appointment.id,
        office_id=appointment.office_id,
        slot_id=appointment.slot_id,
        starts_at=appointment.starts_at,
        why=Why.CLOSED,
        remedy=Remedy.KEEP,
        step=Progress.KEPT,
    )
    session.add(told)
    session.flush()
    return change.id, told.id


def _closing(session: WriteSession, *, queue: Queue) -> int:
    day = {"day": "2026-11-27", "until": "2026-11-27"}
    change = Change(idem_key="closing", kind=ChangeKind.DAY, subject=f"queue:{queue.id}", detail=day, at=NOW - DAY)
    session.add(change)
    session.flush()
    session.add(StaffClosing(change_id=change.id, wish={"kind": "close"}))
    session.flush()
    left = ClosedDay(change_id=change.id, queue_id=queue.id, day=date(2026, 11, 27), step=DayStep.LEFT)
    session.add(left)
    session.flush()
    return change.id


def _refused(session: WriteSession, *, about: str) -> int:
    to = recipient(session, "telegram", "111", "9001")
    outbox.enqueue(
        session,
        idem_key="refused",
        to=to,
        notice=AppointmentNotice.TICKET,
        params={},
        about=about,
        due_at=NOW - DAY,
        now=NOW - DAY,
    )
    message = session.scalars(select(OutboxMessage.id).where(OutboxMessage.idem_key == "refused")).one()
    outbox.mark_dead(session, id=message, reason="blocked")
    return message


def _complaint(session: WriteSession, *, office: Office, service_id: int, number: int) -> tuple[int, str, int]:
    chat = makers.make_conversation(session)
    filed = cases.file_complaint(
        session,
        idem_key=f"c{number}",
        code=TrackingCode.make(CodeKind.CASE),
        category="OVERCHARGE",
        office_id=office.id,
        service_id=service_id,
        happened_on=TODAY - timedelta(days=2),
        paid=Money(600_000),
        text="برای یک نوبت ۶۰ هزار تومان از من گرفتند و رسید ندادند.",
        voice=None,
        contact=Contact.CODE,
        name=None,
        actor=Actor.chat(chat.id),
        locale="fa",
        now=NOW - timedelta(days=4),
    )
    entry = cases.say_more(
        session,
        idem_key=f"c{number}:more",
        case_id=filed.case_id,
        actor=Actor.chat(chat.id),
        text=None,
        voice={"channel": "telegram", "bot": "mizban", "file_id": "voice-1", "seconds": 4},
        now=NOW - timedelta(days=3),
    )
    assert entry is not None
    return filed.case_id, filed.code.digits, entry
