"""Ready-made rows for tests: every maker adds one thing with sensible defaults, flushes, and returns it.

Keywords override; what a thing stands on is made when it is not given. Nothing is committed. What is made keeps the
invariants of `desk.verify`: an appointment takes a place of its slot, has its first event, and with a chat its ticket.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from desk.acting import SYSTEM, Actor, Permission
from desk.appointments.history import EventKind
from desk.appointments.models import Appointment
from desk.appointments.rules import HOLDS_A_PLACE, LIVE, AppointmentState
from desk.appointments.stored import stored_name
from desk.calendar import instant_of, local_day_of
from desk.capacity.models import Queue, QueueService, Slot, SlotStatus
from desk.catalogue.models import Service
from desk.catalogue.rules import RecordState, ServiceChannel
from desk.codes import CodeKind, TrackingCode
from desk.conversations.actions import add_conversation
from desk.conversations.models import Conversation
from desk.identity import IN_USE
from desk.language.text import Localised
from desk.offices.models import Area, Office
from desk.offices.rules import OfficeKind, search_words
from desk.organisation import EVERYWHERE, Scope
from desk.people.models import KnownPerson, Person
from desk.people.rules import DocumentKind
from desk.people.stored import stored_last4, stored_names
from desk.periods import Rest
from desk.reading.folding import fold
from desk.staff.models import RoleAssignment, StaffMember
from desk.staff.permissions import Role
from desk.staff.queries import actor_of
from desk.staff.rules import search_words as staff_search_words
from desk.staff.rules import sorts_as
from desk.storage.base import WriteSession, keys_of
from desk.storage.encryption import random_id
from desk.values import LocalDay
from tests.makers_areas import make_province
from tests.makers_history import CHANGES, event_of, ticket_of

T = TypeVar("T")

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
"""Saturday 30 Aban 1405, 9:30 in Tehran."""

TODAY = date(2026, 11, 21)
"""The day of NOW in Tehran, a Saturday."""

AT_ONCE = Rest(least=timedelta(0), most=timedelta(0))
"""A place that a person gives back is free at once, for tests of something else."""

UNNAMED = "71"
"""What the codes of offices begin with that no test names: none of those that a test names can come twice."""

_numbers = count(1)
_chance = Random(1405)  # noqa: S311  # codes of tests should be the same each time


def at(day: date = TODAY, *, hour: int, minute: int = 0) -> datetime:
    """The instant when clocks in Tehran show this time on this day."""
    return instant_of(LocalDay(day), minutes=hour * 60 + minute)


def appointment_code() -> TrackingCode:
    """A new code of an appointment."""
    return TrackingCode.make(CodeKind.APPOINTMENT, source=_chance)


def make_office(
    session: Session,
    *,
    code: str | None = None,
    kind: OfficeKind = OfficeKind.PISHKHAN,
    province_code: str = "IR-30",
    city: str = "کرج",
    name: str | None = None,
    address: str | None = "خیابان آزمون، پلاک ۱",
    point: tuple[float, float] | None = (35.83, 50.99),
    phone: str | None = None,
    zone: str = "Asia/Tehran",
    is_active: bool = True,
) -> Office:
    """A pishkhan office in Karaj."""
    make_province(session, code=province_code)
    code = code or f"{UNNAMED}-{1000 + next(_numbers)}"
    name = name or f"دفتر {code}"
    office = Office(
        code=code,
        kind=kind,
        province_code=province_code,
        city=Localised({"fa": city}),
        name=Localised({"fa": name}),
        address=Localised({"fa": address}) if address else None,
        latitude=point[0] if point else None,
        longitude=point[1] if point else None,
        phone=phone,
        zone=zone,
        is_active=is_active,
        search_words=search_words(code, *(Localised({"fa": part}) for part in (city, name, address) if part)),
    )
    session.add(office)
    session.flush()
    return office


def make_service(
    session: Session,
    *,
    code: str | None = None,
    title: str = "احراز هویت",
    short_title: str | None = None,
    keywords: str = "",
    channel: ServiceChannel | None = ServiceChannel.PISHKHAN,
    is_bookable: bool = True,
    is_irreversible: bool = False,
    is_published: bool = True,
    state: RecordState = RecordState.CONFIRMED,
) -> Service:
    """A bookable service with nothing announced about it."""
    number = next(_numbers)
    service = Service(
        code=code or f"service-{number}",
        position=number,
        title=Localised({"fa": title}),
        short_title=Localised({"fa": short_title or title[:20]}),
        keywords=fold(keywords),
        channel=channel,
        is_bookable=is_bookable,
        is_irreversible=is_irreversible,
        is_published=is_published,
        state=state,
        changed_at=NOW,
    )
    session.add(service)
    session.flush()
    return service


def make_queue(
    session: Session,
    *,
    office: Office | None = None,
    services: Sequence[Service] = (),
    name: str = "باجهٔ خدمت",
    is_active: bool = True,
) -> Queue:
    """A queue of `office` (a new one) for `services` (none)."""
    office = office or make_office(session)
    queue = Queue(office_id=office.id, name=Localised({"fa": name}), is_active=is_active)
    session.add(queue)
    session.flush()
    session.add_all(QueueService(queue_id=queue.id, service_id=service.id) for service in services)
    session.flush()
    return queue


def make_slot(
    session: Session,
    *,
    queue: Queue | None = None,
    starts_at: datetime | None = None,
    capacity: int = 2,
    remaining: int | None = None,
    minutes: int = 15,
    status: SlotStatus = SlotStatus.LIVE,
    zone: str = "Asia/Tehran",
) -> Slot:
    """Two free places tomorrow at 9:00 Tehran time."""
    queue = queue or make_queue(session, services=[make_service(session)])
    starts_at = starts_at or at(TODAY + timedelta(days=1), hour=9)
    remaining = capacity if remaining is None else remaining
    slot = Slot(
        queue_id=queue.id,
        starts_at=starts_at,
        day=local_day_of(starts_at, zone=zone).date,
        minutes=minutes,
        planned=capacity,
        capacity=capacity,
        remaining=remaining,
        status=status,
        is_open=remaining > 0 and status is SlotStatus.LIVE,
        rule_version=1,
    )
    session.add(slot)
    session.flush()
    return slot


def make_conversation(
    session: Session,
    *,
    channel: str = "telegram",
    bot: str = "mizban",
    chat: str | None = None,
    locale: str | None = "fa",
    consented_at: datetime | None = NOW,
) -> Conversation:
    """A Persian chat on Telegram whose person has seen the privacy notice."""
    return add_conversation(
        session,
        channel=channel,
        bot=bot,
        chat=chat or str(5_000_000 + next(_numbers)),
        locale=locale,
        consented_at=consented_at,
        now=NOW,
    )


def make_person(
    session: Session,
    *,
    conversation: Conversation | None = None,
    name: str = "گل‌آقا رحیمی",
    nickname: str | None = None,
    document_kind: DocumentKind = DocumentKind.AMAYESH,
    identity_hash: str | None = None,
    last4: str | None = "4821",
    used_at: datetime = NOW,
) -> Person:
    """A person with an amayesh card; with `conversation`, one that this chat speaks for and last used then."""
    number = next(_numbers)
    id = random_id()
    person = Person(
        id=id,
        identity_hash=identity_hash or f"{IN_USE.now.name}.00000001.{number:052x}",
        last4_sealed=stored_last4(keys_of(session), last4, id=id),
        created_at=NOW,
    )
    session.add(person)
    session.flush()
    if conversation is not None:
        session.add(
            KnownPerson(
                id=id,
                conversation_id=conversation.id,
                person_id=person.id,
                **stored_names(keys_of(session), id=id, name=name, nickname=nickname or name.split(maxsplit=1)[0]),
                document_kind=document_kind,
                created_at=NOW,
                used_at=used_at,
            )
        )
        session.flush()
    return person


def make_appointment(
    session: Session,
    *,
    slot: Slot | None = None,
    service: Service | None = None,
    person: Person | None = None,
    conversation: Conversation | None = None,
    person_name: str = "گل‌آقا رحیمی",
    state: AppointmentState = AppointmentState.BOOKED,
    is_contested: bool = False,
    document_kind: DocumentKind = DocumentKind.AMAYESH,
    code: TrackingCode | None = None,
) -> Appointment:
    """An appointment with a place of `slot` (a new one at a new office); with `conversation`, its ticket waits too."""
    service = service or make_service(session)
    slot = slot or make_slot(session, queue=make_queue(session, services=[service]))
    queue = session.get_one(Queue, slot.queue_id)
    person = person or make_person(session, conversation=conversation, name=person_name)
    code = code or appointment_code()
    appointment = Appointment(
        code=code.digits,
        idem_key=f"test:{code.digits}",
        slot_id=slot.id,
        office_id=queue.office_id,
        service_id=service.id,
        person_id=person.id,
        conversation_id=conversation.id if conversation else None,
        name_sealed=stored_name(keys_of(session), person_name, digits=code.digits),
        document_kind=document_kind,
        state=state,
        is_live=state in LIVE,
        is_contested=is_contested,
        starts_at=slot.starts_at,
        day=slot.day,
        created_at=NOW,
        changed_at=NOW,
    )
    session.add(appointment)
    if state in HOLDS_A_PLACE:
        slot.remaining -= 1
        slot.is_open = slot.remaining > 0 and slot.status is SlotStatus.LIVE
    session.flush()
    session.add(event_of(appointment, kind=EventKind.BOOKED, state=AppointmentState.BOOKED, at=NOW))
    session.flush()
    if state is not AppointmentState.BOOKED:
        session.add(event_of(appointment, kind=CHANGES[state], state=state, at=NOW))
    if conversation is not None:
        session.add(ticket_of(appointment, conversation=conversation, at=NOW))
    session.flush()
    return appointment


def acting(staff_id: int, *, may: Scope = EVERYWHERE) -> Actor:
    """Somebody with this id who may do everything, as far as `may` reaches; there need be no such account."""
    return Actor.staff(staff_id, dict.fromkeys(Permission, may))


def by_staff(action: Callable[..., T]) -> Callable[..., T]:
    """The action for a test that knows somebody by `staff_id`: they act with what their roles give them at `now`.

    None is the system.
    """

    def act(session: WriteSession, *, staff_id: int | None, now: datetime, **said: Any) -> T:
        actor = SYSTEM if staff_id is None else actor_of(session, staff_id=staff_id, now=now)
        return action(session, actor=actor, now=now, **said)

    return act


def make_staff(
    session: Session,
    *,
    username: str | None = None,
    name: str = "مریم کاظمی",
    role: Role = Role.CLERK,
    office: Office | None = None,
    province_code: str | None = None,
) -> StaffMember:
    """An account with one role: within `office`, else `province_code`, else the nation. It has no password."""
    username = username or f"staff{next(_numbers)}"
    member = StaffMember(
        username=username,
        name=name,
        sorts_as=sorts_as(name),
        search_words=staff_search_words(name, username),
        password_hash="none",
        created_at=NOW,
        second_factor_at=NOW if office is None else None,  # such a role asks for one
    )
    session.add(member)
    session.flush()
    if province_code is not None:
        make_province(session, code=province_code)
    area = "/" if province_code is None else f"/{province_code}/"
    if office is None and session.get(Area, area) is None:
        session.add(Area(path=area))
        session.flush()
    session.add(
        RoleAssignment(
            staff_id=member.id,
            role=role,
            office_id=office.id if office else None,
            area=None if office else area,
        )
    )
    session.flush()
    return member
