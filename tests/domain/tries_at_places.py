"""What is given to actions at an office where they are tried: for people at the desk, and on the days that open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from desk.absences.deciding import decide as decide_absence
from desk.absences.rules import UpheldWhy
from desk.absences.unserved import record_unserved
from desk.appointments.rules import AssistanceState
from desk.capacity import actions as capacity
from desk.capacity.shares import Shares
from desk.catalogue import actions as catalogue
from desk.catalogue.rows import PaperInput, StepInput
from desk.language.text import Localised
from desk.linked_papers.actions import link, unlink
from desk.linked_papers.rules import LinkReason
from desk.marshals import shifts
from desk.marshals.alarms import mark_seen, raise_alarm
from desk.offices.assistance import state_assistance
from desk.offices.rules import Assistance
from desk.organisation import NATION, Node, province
from desk.people.rules import DocumentKind, IdentityDigest
from desk.records import reporting
from desk.records.actions import close_visit, note_inquiry
from desk.records.requiring import set_required
from desk.records.rows import InquiryInput, RecordInput
from desk.records.rules import ClosedWith, InquiryPurpose, InquiryResult, InquirySystem, MismatchReason, ReportedSign
from desk.rosters import actions as rosters
from desk.rosters import leave
from desk.transfers import counter
from desk.visits.assistance import answer_wishes
from desk.visits.at_desk import book_at_desk, give_back_at_desk, move_at_desk
from desk.visits.naming import correct_from_paper
from desk.visits.proving import prove
from desk.worksheets import actions as worksheets
from desk.worksheets.rules import WorksheetState
from tests.makers import NOW, TODAY
from tests.makers_worksheets import a_week

ASKED = InquiryInput(system=InquirySystem.POLICE, purpose=InquiryPurpose.VALIDITY, result=InquiryResult.YES, code="7")
PAPER, OTHER_PAPER = IdentityDigest("d1.0.0", None), IdentityDigest("d1.0.1", None)

AT_DESK: dict[Callable[..., Any], Callable[[Any], dict[str, Any]]] = {
    book_at_desk: lambda place: {
        "idem_key": f"desk:{place.office.id}",
        "office_id": place.office.id,
        "slot_id": place.later_slot,
        "service_id": place.service,
        "name": "نام",
        "document_kind": DocumentKind.AMAYESH,
        "identity": PAPER,
    },
    move_at_desk: lambda place: {
        "idem_key": "move",
        "appointment_id": place.booked,
        "slot_id": place.later_slot,
        "identity": PAPER,
    },
    give_back_at_desk: lambda place: {"appointment_id": place.booked, "identity": PAPER},
    link: lambda place: {
        "office_id": place.office.id,
        "one": PAPER,
        "other": OTHER_PAPER,
        "reason": LinkReason.RENEWED,
    },
    unlink: lambda place: {
        "office_id": place.office.id,
        "one": PAPER,
        "other": OTHER_PAPER,
        "reason": LinkReason.TWO_PEOPLE,
    },
}
"""The action, and what it is given at a place."""

AT_OFFICES: dict[Callable[..., Any], Callable[[Any], dict[str, Any]]] = {
    prove: lambda place: {"appointment_id": place.booked, "identity": IdentityDigest("a1.0.0", None)},
    correct_from_paper: lambda place: {
        "appointment_id": place.booked,
        "identity": IdentityDigest("a1.0.0", None),
        "name": "گل‌آغا",
    },
    close_visit: lambda place: {
        "appointment_id": place.arrived,
        "record": RecordInput(closing=ClosedWith.FREE, why=MismatchReason.EXEMPT),
    },
    note_inquiry: lambda place: {"appointment_id": place.arrived, "inquiry": ASKED},
    reporting.report_broker: lambda place: {"office_id": place.office.id, "sign": ReportedSign.SELLS, "words": ""},
    reporting.look_at_report: lambda place: {"report_id": place.report},
    answer_wishes: lambda place: {
        "appointment_id": place.booked,
        "answers": {Assistance.PASHTO: AssistanceState.CANNOT},
    },
    state_assistance: lambda place: {"office_id": place.office.id, "weekdays": {Assistance.PASHTO: frozenset({1})}},
    counter.give_code: lambda place: {"appointment_id": place.booked, "identity": IdentityDigest("none", None)},
    capacity.set_horizon: lambda place: {
        "office_id": place.office.id,
        "service_id": place.service,
        "days_ahead": 5,
        "opens_at": 600,
    },
    capacity.set_quotas: lambda place: {"queue_id": place.queue, "quotas": {place.service: 9}},
    capacity.set_shares: lambda place: {"queue_id": place.queue, "shares": Shares(desk=20)},
    worksheets.state_capacity: lambda place: {"queue_id": place.queue, "week": a_week(), "from_day": TODAY},
    rosters.set_days_off: lambda place: {
        "office_id": place.office.id,
        "first": TODAY,
        "last": TODAY,
        "off": [(place.clerk, TODAY)],
    },
    leave.ask_leave: lambda place: {"office_id": place.office.id, "first": TODAY, "last": TODAY},
    leave.decide_leave: lambda place: {"leave_id": place.leave, "is_granted": True},
    leave.withdraw_leave: lambda place: {"leave_id": place.leave},
    record_unserved: lambda place: {"appointment_id": place.past.unrecorded, "reason": "سامانه قطع بود"},
    decide_absence: lambda place: {"absence_id": place.past.absence, "is_overturned": False, "why": UpheldWhy.NOT_SEEN},
    shifts.begin: lambda place: {"office_id": place.office.id},
    shifts.end: lambda place: {"office_id": place.office.id},
    shifts.enter: lambda place: {
        "office_id": place.office.id,
        "member_id": place.clerk,
        "began_at": NOW - timedelta(hours=2),
        "ended_at": NOW - timedelta(hours=1),
    },
    raise_alarm: lambda place: {"office_id": place.office.id},
    mark_seen: lambda place: {"alarm_id": place.past.alarm},
    worksheets.withdraw: lambda place: {"worksheet_id": place.worksheet},
    worksheets.decide: lambda place: {"worksheet_id": place.worksheet, "state": WorksheetState.APPROVED},
}
"""The same for what else staff of an office do, or those above it do to an office."""

TEXT = Localised({"fa": "متن"})
OF_SERVICES: dict[Callable[..., Any], Callable[[Any], dict[str, Any]]] = {
    set_required: lambda country: {
        "service_id": country.service,
        **{"fields": None, "fingerprint": True, "photo": None, "source": TEXT},
    },
    catalogue.save_papers: lambda country: {"service_id": country.service, "papers": [PaperInput(TEXT)]},
    catalogue.save_steps: lambda country: {"service_id": country.service, "steps": [StepInput(TEXT)]},
}
"""The same for what is kept of a service."""

NODES: dict[str, Node] = {"province": province("IR-30"), "far province": province("IR-23"), "nation": NATION}
"""The areas at which something is tried that holds for all offices below."""
