"""Writes the first data: what is missing is added, what exists stays as staff left it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from desk.acting import SYSTEM
from desk.capacity.actions import Hours, save_queue, set_hours
from desk.capacity.models import Slot
from desk.capacity.saving_shares import set_shares
from desk.capacity.shares import Shares
from desk.catalogue.actions import save_service, save_steps
from desk.catalogue.fees import confirm_fee, set_fee
from desk.catalogue.models import Service, ServiceFee, ServiceStep
from desk.catalogue.rules import RecordState
from desk.events import actions as events
from desk.language.text import Localised
from desk.offices.actions import save_office
from desk.offices.models import Area, Office, Province
from desk.organisation import NATION, Node, province
from desk.seed import demo as fiction
from desk.seed import demo_draw, demo_life, demo_signs, demo_today, revocation
from desk.seed.days_off import keep_filled
from desk.seed.provinces import PROVINCES
from desk.seed.services import ANNOUNCEMENT, DEMO_ANNOUNCEMENT, IDENTITY_FEE_RIAL, IDENTITY_VERIFICATION, SERVICES
from desk.staff.actions import create
from desk.staff.models import StaffMember
from desk.staff.rules import RoleInput
from desk.storage.base import WriteSession
from desk.values import Money

A_YEAR = timedelta(days=365)
SINCE = timedelta(days=60)
"""The demo's one fee is valid since then, so that recent overcharges can be compared with it."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """The number of added rows of each kind; all zero = nothing was changed."""

    provinces: int = 0
    services: int = 0
    holidays: int = 0
    offices: int = 0
    slots: int = 0
    appointments: int = 0
    cases: int = 0
    members: tuple[str, ...] = ()
    """User names of the demo accounts that were made."""


def load(
    session: WriteSession, *, today: date, now: datetime, demo: bool = False, demo_password: str | None = None
) -> Seeded:
    """Add the first data where it is missing; a second run changes nothing.

    Without `demo` no fee is confirmed, so every card says «not announced». With `demo` the one fee of the seed is
    confirmed on a day before `today`, and there are fictional offices with papers, appointments and cases, and staff
    who all have `demo_password`.

    Raises:
        ValueError: `demo` without a password.
    """
    if demo and not demo_password:
        raise ValueError("The demo accounts need a password.")
    provinces = _provinces(session)
    services = _services(session, today=today, now=now)
    _fill_revocation(session, now=now)
    holidays = keep_filled(session, today=today, now=now)
    offices = slots = appointments = filed = 0
    members: tuple[str, ...] = ()
    if demo and demo_password:
        _confirm_fee(session, today=today, now=now)
        offices, slots = _offices(session, today=today, now=now)
        if offices:
            _serve_households(session, now=now)
        members = _members(session, password=demo_password, now=now)
        appointments, filed = demo_life.live(session, today=today, now=now)
        if appointments:
            appointments += demo_today.today_at_first_office(session, today=today, now=now)
            demo_signs.chats_with_signs(session, now=now)
            demo_draw.open_draw(session, today=today, now=now)
    return Seeded(
        provinces=provinces,
        services=services,
        holidays=holidays,
        offices=offices,
        slots=slots,
        appointments=appointments,
        cases=filed,
        members=members,
    )


def _provinces(session: WriteSession) -> int:
    there, paths = set(session.scalars(select(Province.code))), set(session.scalars(select(Area.path)))
    nodes = [NATION, *(province(code) for code, _name, _prefix in PROVINCES)]
    session.add_all(Area(path=node.path) for node in nodes if node.path not in paths)
    missing = [
        Province(code=code, name=Localised({"fa": name}), phone_prefix=prefix)
        for code, name, prefix in PROVINCES
        if code not in there
    ]
    session.add_all(missing)
    session.flush()
    return len(missing)


def _services(session: WriteSession, *, today: date, now: datetime) -> int:
    there = set(session.scalars(select(Service.code)))
    missing = [fields for fields in SERVICES if fields.code not in there]
    for fields in missing:
        service_id = save_service(session, fields=fields, actor=SYSTEM, now=now)
        if fields.code == revocation.CODE:
            save_steps(session, service_id=service_id, steps=revocation.STEPS, actor=SYSTEM, now=now)
        if fields.code == IDENTITY_VERIFICATION:
            # The announcement has no date and nobody has confirmed it since: the fee is entered, but not shown.
            set_fee(
                session,
                service_id=service_id,
                province_code=None,
                amount=Money(IDENTITY_FEE_RIAL),
                valid_from=today - SINCE,
                valid_to=None,
                source=ANNOUNCEMENT,
                source_date=None,
                confirmed_on=None,
                actor=SYSTEM,
                now=now,
            )
    return len(missing)


def _fill_revocation(session: WriteSession, *, now: datetime) -> None:
    """Complete a record that an earlier seed wrote with fewer fields; what staff have changed stays."""
    service = session.scalar(select(Service).where(Service.code == revocation.CODE))
    if service is None:
        return
    former, whole = revocation.FORMER, revocation.REVOCATION
    filled: list[str] = []
    if service.description and revocation.mark_of(service.description.to_mapping()) == former["description"]:
        service.description = whole.description
        filled.append("description")
    if revocation.mark_of(service.official_form) == former["official_form"]:
        service.official_form = dict(whole.official_form)
        filled.append("official_form")
    if filled:
        service.changed_at = now
        session.flush()
        subject, detail = f"service:{service.id}", {"filled": filled}
        events.note(session, actor=SYSTEM, kind="service.update", subject=subject, data=detail, now=now)
    query = select(ServiceStep).where(ServiceStep.service_id == service.id).order_by(ServiceStep.position)
    steps = [
        [step.title.to_mapping(), step.agency.to_mapping() if step.agency else None, step.is_inquiry]
        for step in session.scalars(query)
    ]
    if revocation.mark_of(steps) == former["steps"]:
        save_steps(session, service_id=service.id, steps=revocation.STEPS, actor=SYSTEM, now=now)


def _confirm_fee(session: WriteSession, *, today: date, now: datetime) -> None:
    """Confirm the fee that this module entered, unless staff have changed it or the service's record."""
    service = session.scalar(select(Service).where(Service.code == IDENTITY_VERIFICATION))
    if service is None:
        return
    fees = session.scalars(select(ServiceFee).where(ServiceFee.service_id == service.id)).all()
    if len(fees) == 1 and fees[0].entered_by is None and fees[0].confirmed_on is None:
        # An invented date that says so, to show a card with a fee.
        confirmed = today - timedelta(days=30)
        fees[0].source, fees[0].source_date = DEMO_ANNOUNCEMENT, fees[0].valid_from
        confirm_fee(session, fee_id=fees[0].id, confirmed_on=confirmed, actor=SYSTEM, now=now)
        if service.state is RecordState.DRAFT and service.confirmed_on is None:
            service.state, service.confirmed_on = RecordState.CONFIRMED, confirmed
            service.review_due = confirmed + A_YEAR
        session.flush()


def _serve_households(session: WriteSession, *, now: datetime) -> None:
    """Let one visit serve a whole household, for the services of which the demonstration shows that."""
    for service in session.scalars(select(Service).where(Service.code.in_(fiction.ONE_VISIT_SERVES_ALL))):
        service.is_per_household, service.changed_at = True, now
        session.flush()
        subject, detail = f"service:{service.id}", {"filled": ["is_per_household"]}
        events.note(session, actor=SYSTEM, kind="service.update", subject=subject, data=detail, now=now)


def _offices(session: WriteSession, *, today: date, now: datetime) -> tuple[int, int]:
    there = set(session.scalars(select(Office.code)))
    services = dict(session.execute(select(Service.code, Service.id)).all())
    made = 0

    def slots() -> int:
        return session.scalar(select(func.count()).select_from(Slot)) or 0

    before = slots()
    for office in fiction.OFFICES:
        if office.code not in there:
            _office(session, office, services=services, today=today, now=now)
            made += 1
    return made, slots() - before


def _office(
    session: WriteSession, office: fiction.DemoOffice, *, services: dict[str, int], today: date, now: datetime
) -> None:
    office_id = save_office(
        session,
        code=office.code,
        kind=office.kind,
        province_code=office.province_code,
        city=Localised({"fa": office.city}),
        name=Localised({"fa": office.name}),
        address=Localised({"fa": office.address}),
        point=office.point,
        actor=SYSTEM,
        now=now,
    )
    for queue in office.queues:
        queue_id = save_queue(
            session,
            office_id=office_id,
            name=queue.name,
            service_ids=[services[code] for code in queue.services if code in services],
            actor=SYSTEM,
            now=now,
        )
        if queue.walk_in_share:
            set_shares(session, queue_id=queue_id, shares=Shares(walk_in=queue.walk_in_share), actor=SYSTEM, now=now)
        hours = dict.fromkeys(fiction.SATURDAY_TO_WEDNESDAY, fiction.MORNING)
        if office.opens_on_thursday:
            hours[fiction.THURSDAY] = fiction.SHORT_THURSDAY
        for opens, closes in dict.fromkeys(hours.values()):
            set_hours(
                session,
                queue_id=queue_id,
                weekdays=[weekday for weekday, span in hours.items() if span == (opens, closes)],
                hours=Hours(opens, closes, queue.minutes_per_person, queue.counters),
                from_day=today - timedelta(days=demo_life.LOOK_BACK),  # a past day has appointments to show
                actor=SYSTEM,
                now=now,
            )


def _members(session: WriteSession, *, password: str, now: datetime) -> tuple[str, ...]:
    there = set(session.scalars(select(StaffMember.username)))
    offices = {row.code: row.node for row in session.scalars(select(Office))}
    made: list[str] = []
    for member in fiction.MEMBERS:
        if member.username in there:
            continue
        create(
            session,
            username=member.username,
            name=member.name,
            password=password,
            roles=[_role(member, offices=offices)],
            actor=SYSTEM,
            must_change_password=False,
            now=now,
        )
        made.append(member.username)
    return tuple(made)


def _role(member: fiction.DemoMember, *, offices: dict[str, Node]) -> RoleInput:
    if member.office_code is not None:
        return RoleInput(member.role, offices[member.office_code])
    return RoleInput(member.role, NATION if member.province_code is None else province(member.province_code))
