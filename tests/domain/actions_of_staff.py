"""What staff may do to the desk, and a small country in which each of it can be tried."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from desk.appointments.rules import AppointmentState
from desk.capacity import actions as capacity
from desk.capacity.models import Holiday
from desk.capacity.planned_hours import Hours
from desk.capacity.status_rules import GivingState, LegalBasis
from desk.capacity.weeks import Week
from desk.cases import actions as cases
from desk.cases import drafts
from desk.cases.rules import CaseState, CloseReason
from desk.catalogue import actions as catalogue
from desk.catalogue import fees
from desk.catalogue.rows import ServiceFields
from desk.consequences import actions as consequences
from desk.consequences.hit import Reach
from desk.consequences.models import Change, ChangedAppointment
from desk.consequences.rules import ChangeKind, Progress, Remedy, Way, Why
from desk.conversations.rules import AllowReason, LimitKind
from desk.language.text import Localised
from desk.offices import actions as offices
from desk.offices.models import Office
from desk.offices.rules import OfficeKind
from desk.organisation import NATION, province
from desk.signs import actions as signs
from desk.signs.rules import Judgement
from desk.staff import actions as staff
from desk.staff import second_factor
from desk.staff.permissions import Role
from desk.staff.rules import RoleInput
from desk.storage.base import WriteSession
from desk.values import Money
from desk.visits import actions as visits
from desk.visits import windows
from desk.visits.rules import Outcome
from desk.waiting import actions as waiting
from desk.waiting.rules import ClassReason
from tests import makers, makers_draws, makers_hours
from tests.domain.tries_at_areas import AREAS as _PROVINCES
from tests.domain.tries_at_areas import AT_AREAS
from tests.domain.tries_at_places import AT_DESK, AT_OFFICES, OF_SERVICES
from tests.domain.tries_of_closings import OF_DAYS, STOPS
from tests.domain.tries_of_draws import tries_of_draws
from tests.domain.tries_of_line import IN_LINE, SETTING, two_in_line
from tests.domain.tries_of_walk_ins import WALK_INS
from tests.makers import NOW, TODAY
from tests.makers_absences import Past, put_past
from tests.makers_cases import ask_question, file_complaint
from tests.makers_fees import make_fee
from tests.makers_records import put_report
from tests.makers_rosters import put_leave
from tests.makers_signs import make_suspect_at
from tests.makers_waiting import make_request, wish_for
from tests.makers_worksheets import put_worksheet

TEXT = Localised({"fa": "متن"})
PASSWORD = "kx7M-pQ2a-Zt9w-4hRb"
Run = Callable[..., object]
OFFICES = ("own", "beside", "far")


@dataclass(frozen=True)
class Place:
    """One office with what can be acted upon there."""

    office: Office
    service: int
    queue: int
    rule: int
    booked: int
    arrived: int
    waits: int
    served: int
    later_slot: int
    question: int
    closed: int
    complaint: int
    clerk: int
    change: int
    told: int
    suspect: int
    """The number of a chat with signs and an appointment here."""
    waiting: int
    worksheet: int
    leave: int
    report: int
    past: Past

    def account(self, role: Role = Role.CLERK) -> list[RoleInput]:
        """A role here."""
        return [RoleInput(role, self.office.node)]


@dataclass(frozen=True)
class Country:
    """Three offices in two provinces, and what belongs to none of them."""

    offices: dict[str, Place]
    service: int
    draws: dict[str, int]
    fee: int
    confirmed: int
    holidays: dict[str, int]
    members: dict[str, int]

    @property
    def own(self) -> Place:
        return self.offices["own"]


Tries = dict[str, Callable[[Country], tuple[Run, dict[str, Any]]]]
"""By the place at which an action is tried: the action, and what it is given there."""


def build(session: WriteSession) -> Country:
    """`own` and `beside` lie in one province, `far` in another."""
    service = makers.make_service(session)
    places = {
        "own": _place(session, "IR-30", service=service),
        "beside": _place(session, "IR-30", service=service),
        "far": _place(session, "IR-23", service=service),
    }
    closed = {"province": "IR-30", "far province": "IR-23", "nation": None}
    holidays = {}
    for name, code in closed.items():
        row = Holiday(day=TODAY + timedelta(days=9), name=TEXT, is_confirmed=True, is_closed=True)
        row.province_code, row.province_key = code, code or ""
        session.add(row)
        session.flush()
        holidays[name] = row.id
    members = {
        "province": makers.make_staff(session, role=Role.PROVINCE_OFFICER, province_code="IR-30").id,
        "far province": makers.make_staff(session, role=Role.PROVINCE_OFFICER, province_code="IR-23").id,
        "nation": makers.make_staff(session, role=Role.ADMINISTRATOR).id,
    }
    makers.make_staff(session, role=Role.ADMINISTRATOR)  # one always stays
    return Country(
        offices=places,
        service=service.id,
        draws=makers_draws.make_draws(session, service_id=service.id),
        fee=make_fee(session, service=service, confirmed_on=None).id,
        confirmed=make_fee(session, service=service, province_code="IR-30").id,
        holidays=holidays,
        members=members,
    )


def _place(session: WriteSession, province_code: str, *, service: Any) -> Place:
    office = makers.make_office(session, province_code=province_code)
    queue = makers.make_queue(session, office=office, services=[service])
    rule = makers_hours.make_rule(session, queue=queue, weekday=1)
    by_state = {}
    for hour, state in ((11, AppointmentState.BOOKED), (8, AppointmentState.ARRIVED), (7, AppointmentState.SERVED)):
        slot = makers.make_slot(session, queue=queue, starts_at=makers.at(hour=hour))
        by_state[state] = makers.make_appointment(session, slot=slot, service=service, state=state)
    arrived = by_state[AppointmentState.ARRIVED]
    later = makers.make_slot(session, queue=queue, starts_at=makers.at(TODAY + timedelta(days=3), hour=9))
    closed = ask_question(session, office=office).case_id
    cases.close(session, case_id=closed, reason=CloseReason.REPEATED, text=None, actor=makers.acting(1), now=NOW)
    booked = by_state[AppointmentState.BOOKED]
    change = Change(idem_key=f"k{office.id}", kind=ChangeKind.FOUND, subject=f"queue:{queue.id}", at=NOW)
    session.add(change)
    session.flush()
    told = ChangedAppointment(
        change_id=change.id,
        appointment_id=booked.id,
        office_id=office.id,
        slot_id=booked.slot_id,
        starts_at=booked.starts_at,
        why=Why.CLOSED,
        remedy=None,
        step=Progress.OPEN,
    )
    session.add(told)
    session.flush()
    clerk = makers.make_staff(session, office=office).id
    return Place(
        office=office,
        service=service.id,
        queue=queue.id,
        rule=rule.id,
        booked=booked.id,
        arrived=arrived.id,
        waits=two_in_line(session, called=arrived),
        served=by_state[AppointmentState.SERVED].id,
        later_slot=later.id,
        question=ask_question(session, office=office).case_id,
        closed=closed,
        complaint=file_complaint(session, office=office).case_id,
        clerk=clerk,
        change=change.id,
        told=told.id,
        suspect=make_suspect_at(session, queue=queue, service=service),
        waiting=make_request(session, service=service, wish=wish_for(office)),
        worksheet=put_worksheet(session, queue=queue),
        leave=put_leave(session, office_id=office.id, staff_id=clerk),
        report=put_report(session, office_id=office.id),
        past=put_past(session, queue=queue, service=service, clerk=clerk),
    )


def at_each(names: Iterable[str], given: Callable[[Country, str], dict[str, Any]], *, action: Run) -> Tries:
    """The action at each of these places."""

    def at(name: str) -> Callable[[Country], tuple[Run, dict[str, Any]]]:
        return lambda country: (action, given(country, name))

    return {name: at(name) for name in names}


def at_offices(action: Callable[..., object], given: Callable[[Place], dict[str, Any]]) -> Tries:
    """The action at each of the three offices."""
    return at_each(OFFICES, lambda country, name: given(country.offices[name]), action=action)


def of_cases(action: Run, **said: Any) -> Tries:
    """The action on the question of each office, and on the complaint about the own one."""
    on = at_offices(action, lambda place: {"case_id": place.question, **said})
    return on | {"complaint": lambda country: (action, {"case_id": country.own.complaint, **said})}


def everywhere(action: Callable[..., object], given: Callable[[Country], dict[str, Any]]) -> Tries:
    """The action on what belongs to the whole country."""
    return {"nation": lambda country: (action, given(country))}


def of_accounts(action: Run, **said: Any) -> Tries:
    """The action on a clerk of each office, and on those above."""
    on = at_offices(action, lambda place: {"member_id": place.clerk, **said})
    return on | at_each(_PROVINCES, lambda country, name: {"member_id": country.members[name], **said}, action=action)


def of_roles(action: Run, **said: Any) -> Tries:
    """The action with a role at each node; an account that is changed is the clerk of the own office."""

    def given(country: Country, role: RoleInput) -> dict[str, Any]:
        who = {"member_id": country.own.clerk} if action is not staff.create else {"username": "newcomer"}
        return {**who, "roles": [role], **said}

    def at(name: str) -> Callable[[Country], RoleInput]:
        return lambda country: RoleInput(Role.CLERK, country.offices[name].office.node)

    roles: dict[str, Callable[[Country], RoleInput]] = {name: at(name) for name in ("own", "beside", "far")}
    roles["manager"] = lambda country: RoleInput(Role.OFFICE_MANAGER, country.own.office.node)
    roles["province"] = lambda country: RoleInput(Role.PROVINCE_OFFICER, province("IR-30"))
    roles["far province"] = lambda country: RoleInput(Role.PROVINCE_OFFICER, province("IR-23"))
    roles["nation"] = lambda country: RoleInput(Role.ADMINISTRATOR, NATION)
    return at_each(roles, lambda country, name: given(country, roles[name](country)), action=action)


def _office(action: Run) -> Tries:
    said: dict[str, Any] = {"kind": OfficeKind.PISHKHAN, "city": TEXT, "name": TEXT}

    def change(place: Place) -> dict[str, Any]:
        return {
            "office_id": place.office.id,
            "code": place.office.code,
            "province_code": place.office.province_code,
        } | said

    def new(code: str) -> dict[str, Any]:
        return {"code": "99-0001", "province_code": code, **said}

    return at_offices(action, change) | {
        "new": lambda country: (action, new("IR-30")),
        "new far": lambda country: (action, new("IR-23")),
        "moved away": lambda country: (action, change(country.own) | {"province_code": "IR-23"}),
    }


def _holiday(name: str) -> dict[str, Any]:
    code = {"province": "IR-30", "far province": "IR-23", "nation": None}[name]
    return {"day": TODAY + timedelta(days=20), "name": TEXT, "is_confirmed": True, "province_code": code}


_FIELDS = ServiceFields(code="new-service", title=TEXT, short_title=TEXT)
_HOURS = Hours(8 * 60, 12 * 60, 15, 1)
_WEEK = Week(((_HOURS,), *((),) * 6))
_FEE: dict[str, Any] = {"province_code": "IR-23", "amount": Money(1000), "valid_from": TODAY, "valid_to": None}
_FEE |= {"source": TEXT, "source_date": None, "confirmed_on": None}
_WARNED: dict[str, Any] = {"state": GivingState.WARNED, "basis": LegalBasis.DIRECTIVE, "reason": "متن"}
_NO_CLASS: dict[str, Any] = {"class_id": None, "reason": ClassReason.SEEN}

TRIES: dict[Run, Tries] = {
    **{
        action: at_offices(action, given)
        for action, given in (AT_DESK | AT_OFFICES | IN_LINE | SETTING | STOPS).items()
    },
    **{action: at_each(where, given, action=action) for action, (where, given) in AT_AREAS.items()},
    **{action: at_offices(act, given) for action, (act, given) in WALK_INS.items()},
    visits.record_arrival: at_offices(visits.record_arrival, lambda place: {"appointment_id": place.booked}),
    visits.undo_arrival: at_offices(visits.undo_arrival, lambda place: {"appointment_id": place.arrived}),
    visits.record_outcome: at_offices(
        visits.record_outcome, lambda place: {"appointment_id": place.arrived, "outcome": Outcome.SERVED}
    ),
    visits.record_come_back: at_offices(
        visits.record_come_back, lambda place: {"appointment_id": place.arrived, "slot_id": place.later_slot}
    ),
    visits.undo_outcome: at_offices(visits.undo_outcome, lambda place: {"appointment_id": place.served}),
    capacity.save_queue: at_offices(
        capacity.save_queue, lambda place: {"office_id": place.office.id, "name": TEXT, "service_ids": []}
    ),
    **{action: at_offices(run, given) for action, (run, given) in OF_DAYS.items()},
    capacity.set_hours: at_offices(
        capacity.set_hours,
        lambda place: {"queue_id": place.queue, "weekdays": [4], "hours": _HOURS, "from_day": TODAY},
    ),
    capacity.set_week: at_offices(
        capacity.set_week, lambda place: {"queue_ids": [place.queue], "week": _WEEK, "from_day": TODAY}
    ),
    capacity.set_status: at_each(
        OFFICES,
        lambda country, name: {"office_id": country.offices[name].office.id, "service_id": country.service, **_WARNED},
        action=capacity.set_status,
    ),
    capacity.save_holiday: at_each(_PROVINCES, lambda _country, name: _holiday(name), action=capacity.save_holiday),
    capacity.delete_holiday: at_each(
        _PROVINCES, lambda country, name: {"holiday_id": country.holidays[name]}, action=capacity.delete_holiday
    ),
    catalogue.save_service: everywhere(catalogue.save_service, lambda country: {"fields": _FIELDS}),
    fees.set_fee: everywhere(fees.set_fee, lambda country: {"service_id": country.service, **_FEE}),
    fees.confirm_fee: everywhere(fees.confirm_fee, lambda country: {"fee_id": country.fee, "confirmed_on": TODAY}),
    fees.end_fee: everywhere(fees.end_fee, lambda country: {"fee_id": country.confirmed, "last_day": TODAY}),
    **{action: everywhere(action, given) for action, given in OF_SERVICES.items()},
    offices.save_office: _office(offices.save_office),
    windows.open_day: at_offices(
        windows.open_day,
        lambda place: {"office_id": place.office.id, "day": TODAY + timedelta(days=60), "reason": "مراجع پشت باجه است"},
    ),
    consequences.carry_out: at_offices(
        consequences.carry_out,
        lambda place: {
            "intended": consequences.IntendedChange(
                kind=ChangeKind.DAY,
                subject=f"queue:{place.queue}",
                reach=Reach(queue_id=place.queue),
                act=lambda session: 1,
            ),
            "answer": None,
        },
    ),
    consequences.decide: at_offices(
        consequences.decide,
        lambda place: {"change_id": place.change, "office_id": place.office.id, "remedy": Remedy.KEEP, "reason": ""},
    ),
    consequences.mark_told: at_offices(consequences.mark_told, lambda place: {"id": place.told, "way": Way.PHONE}),
    signs.note_looked_at: at_offices(
        signs.note_looked_at, lambda place: {"chat_id": place.suspect, "judgement": Judgement.FAMILY}
    ),
    signs.set_limit: at_offices(
        signs.set_limit,
        lambda place: {
            "chat_id": place.suspect,
            "kind": LimitKind.HOLDS,
            "most": 5,
            "reason": AllowReason.SIGNS,
        },
    ),
    **tries_of_draws(at_each, everywhere),
    waiting.give_class: at_offices(
        waiting.give_class,
        lambda place: {"request_id": place.waiting, "office_id": place.office.id, **_NO_CLASS},
    ),
    waiting.save_class: everywhere(
        waiting.save_class, lambda country: {"name": Localised({"fa": "سالمند"}), "days": 7, "is_active": True}
    ),
    signs.as_usual: at_offices(signs.as_usual, lambda place: {"chat_id": place.suspect, "kind": LimitKind.HOLDS}),
    cases.reply: of_cases(cases.reply, text="متن"),
    cases.note: of_cases(cases.note, text="متن"),
    cases.assign: of_cases(cases.assign, to_staff_id=None),
    cases.change_state: of_cases(cases.change_state, to=CaseState.IN_REVIEW),
    cases.close: of_cases(cases.close, reason=CloseReason.REPEATED, text=None),
    cases.allow_more: of_cases(cases.allow_more, kind=LimitKind.APPOINTMENTS, most=9, reason=AllowReason.HOUSEHOLD),
    cases.reopen: at_offices(cases.reopen, lambda place: {"case_id": place.closed}),
    drafts.keep_draft: of_cases(drafts.keep_draft, text="متن"),
    staff.create: of_roles(staff.create, name="نام", password=PASSWORD),
    staff.update_member: of_roles(staff.update_member, name="نام"),
    staff.deactivate: of_accounts(staff.deactivate),
    staff.set_password: of_accounts(staff.set_password, password=PASSWORD),
    second_factor.reset: of_accounts(second_factor.reset),
}
"""Each action of staff with the places at which it is tried, and what it is given there."""

TAKES_ROLES = of_accounts(staff.update_member, name="نام", roles=[])
"""Changing accounts without giving a role: only whose account it is decides."""
