"""A visit is closed with a receipt, or with «free», or with a reason; what is not as announced is seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from desk.acting import OutOfReach
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.capacity.models import Queue, Slot
from desk.catalogue.models import Service, ServicePaper
from desk.catalogue.refusals import CopyDemanded
from desk.events.queries import of
from desk.language.text import Localised
from desk.organisation import EVERYWHERE, NOWHERE
from desk.outbox.models import OutboxMessage
from desk.people.rules import DocumentKind
from desk.periods import Periods
from desk.records import jobs
from desk.records.actions import close_visit, note_inquiry
from desk.records.comparing import receipts_by_office, to_settle
from desk.records.models import Inquiry, RequiredFields, ServiceRecord
from desk.records.queries import inquiry_of_chat, latest_required, required_versions
from desk.records.refusals import ReasonNeeded, RecordedAlready, SourceMissing
from desk.records.requiring import set_required
from desk.records.rows import InquiryInput, RecordInput
from desk.records.rules import (
    ClosedWith,
    InquiryPurpose,
    InquiryResult,
    InquirySystem,
    Mismatch,
    MismatchReason,
    Taking,
    findings_of,
)
from desk.storage.base import WriteSession
from desk.values import Money
from desk.verify import verify
from desk.visits.actions import record_outcome, undo_outcome
from desk.visits.refusals import NotRecordable, NotYetTheDay
from desk.visits.rules import Outcome
from tests.makers import (
    NOW,
    TODAY,
    acting,
    at,
    make_appointment,
    make_conversation,
    make_office,
    make_queue,
    make_service,
    make_slot,
)
from tests.makers_fees import make_fee
from tests.makers_records import FEE, OFFICE_CODE, keep, receipt, with_receipt

WHY = MismatchReason.DEVICE
SOURCE = Localised({"fa": "اطلاعیهٔ چهار"})
ASKED = InquiryInput(
    system=InquirySystem.FOREIGNERS,
    purpose=InquiryPurpose.IDENTITY,
    result=InquiryResult.YES,
    code="98765432",
)


@pytest.fixture
def visitor(session: WriteSession) -> Appointment:
    """Somebody with an appointment today at the office 72-1101, for a service with a fee."""
    service = make_service(session)
    make_fee(session, service=service)
    queue = make_queue(session, office=make_office(session, code=OFFICE_CODE), services=[service])
    slot = make_slot(session, queue=queue, starts_at=at(hour=10))
    return make_appointment(session, slot=slot, service=service, conversation=make_conversation(session))


def kept(session: WriteSession, visitor: Appointment) -> ServiceRecord:
    session.expire_all()
    return session.get_one(ServiceRecord, visitor.id)


@pytest.mark.requirement("000-08", "S")
@pytest.mark.requirement("000-07", "S")
def test_one_press_serves_and_keeps_the_receipt(session: WriteSession, visitor: Appointment) -> None:
    keep(session, appointment_id=visitor.id, record=with_receipt())

    record = kept(session, visitor)
    assert visitor.state is AppointmentState.SERVED
    assert (record.closing, record.amount_rial, record.fee_rial) == (ClosedWith.RECEIPT, FEE.rial, FEE.rial)
    assert (record.is_wrong, record.findings, record.why, record.recorded_by) == (False, [], None, 8)
    assert [(row.kind, row.actor_id) for row in of(session, subject=f"appointment:{visitor.id}")][:2] == [
        ("record.kept", 8),
        ("appointment.outcome", 8),
    ]
    assert verify(session) == []


@pytest.mark.requirement("000-08", "S")
@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"amount": Money(500_000)}, Mismatch.MORE_THAN_FEE),
        ({"amount": Money(200_000)}, Mismatch.LESS_THAN_FEE),
        ({"is_orange": False}, Mismatch.NOT_ORANGE),
        ({"office_code": "72-9999"}, Mismatch.OTHER_OFFICE),
        ({"office_code": ""}, Mismatch.OTHER_OFFICE),
        ({"names_service": False}, Mismatch.OTHER_SERVICE),
        ({"reference": ""}, Mismatch.NO_REFERENCE),
    ],
)
def test_a_receipt_that_is_not_as_announced_needs_a_reason(
    session: WriteSession, visitor: Appointment, wrong: dict[str, Any], found: Mismatch
) -> None:
    record = with_receipt(receipt=receipt(**wrong))
    with pytest.raises(ReasonNeeded) as refused, session.begin_nested():
        keep(session, appointment_id=visitor.id, record=record)
    assert refused.value.findings == (found,)
    assert session.scalar(select(Appointment.state).where(Appointment.id == visitor.id)) is AppointmentState.BOOKED

    keep(session, appointment_id=visitor.id, record=replace(record, why=MismatchReason.MISTAKE))
    assert (kept(session, visitor).findings, kept(session, visitor).is_wrong) == ([found.value], True)
    [row] = to_settle(session, scope=EVERYWHERE, day=TODAY, limit=9)
    assert (row.findings, row.why, row.fee) == ((found,), MismatchReason.MISTAKE, FEE)


@pytest.mark.parametrize(
    ("closing", "found"), [(ClosedWith.NO_RECEIPT, Mismatch.NO_RECEIPT), (ClosedWith.FREE, Mismatch.FREE_DESPITE_FEE)]
)
def test_without_a_receipt_a_visit_closes_with_a_reason_only(
    session: WriteSession, visitor: Appointment, closing: ClosedWith, found: Mismatch
) -> None:
    with pytest.raises(ReasonNeeded) as refused:
        keep(session, appointment_id=visitor.id, record=RecordInput(closing=closing))
    assert refused.value.findings == (found,)
    with pytest.raises(ReasonNeeded) as refused:
        keep(
            session, appointment_id=visitor.id, record=RecordInput(closing=closing, why=MismatchReason.OTHER, words="-")
        )
    assert refused.value.wants_words
    keep(
        session,
        appointment_id=visitor.id,
        record=RecordInput(closing=closing, why=MismatchReason.OTHER, words="برق رفت"),
    )
    [row] = to_settle(session, scope=EVERYWHERE, day=TODAY, limit=9)
    assert (row.words, row.closing) == ("برق رفت", closing)


@pytest.mark.parametrize("rial", [0, None])
def test_what_is_free_or_has_no_fee_closes_without_a_reason(session: WriteSession, rial: int | None) -> None:
    service = make_service(session)
    if rial is not None:
        make_fee(session, service=service, rial=rial)
    slot = make_slot(session, queue=make_queue(session, services=[service]), starts_at=at(hour=10))
    visitor = make_appointment(session, slot=slot, service=service)
    keep(session, appointment_id=visitor.id)
    assert kept(session, visitor).is_wrong is False
    assert verify(session) == []


@pytest.mark.requirement("000-07", "S")
def test_the_fee_of_that_day_and_province_counts(session: WriteSession, visitor: Appointment) -> None:
    service = session.get_one(Service, visitor.service_id)
    make_fee(session, service=service, rial=300_000, province_code="IR-30", valid_to=TODAY)
    make_fee(session, service=service, rial=400_000, province_code="IR-30", valid_from=TODAY + timedelta(days=1))
    make_fee(session, service=service, rial=900_000, province_code="IR-23")
    later = NOW + timedelta(days=2)
    record = with_receipt(receipt=receipt(amount=Money(300_000)))
    keep(session, appointment_id=visitor.id, record=record, now=later)
    assert (kept(session, visitor).fee_rial, kept(session, visitor).is_wrong) == (300_000, False)


def test_an_office_code_is_compared_by_its_digits() -> None:
    for typed in ("72-1101", "۷۲۱۱۰۱", "72/1101 "):
        found = findings_of(ClosedWith.RECEIPT, receipt=receipt(office_code=typed), fee=FEE, office_code=OFFICE_CODE)
        assert found == (), typed


def test_a_visit_has_one_record(session: WriteSession, visitor: Appointment) -> None:
    keep(session, appointment_id=visitor.id, record=with_receipt())
    with pytest.raises(RecordedAlready):
        keep(session, appointment_id=visitor.id, record=with_receipt())


def test_an_outcome_taken_back_takes_its_record_along(session: WriteSession, visitor: Appointment) -> None:
    keep(session, appointment_id=visitor.id, record=with_receipt())
    undo_outcome(session, appointment_id=visitor.id, actor=acting(8), now=NOW)
    assert session.scalar(select(func.count()).select_from(ServiceRecord)) == 0
    assert verify(session) == []
    keep(session, appointment_id=visitor.id, record=with_receipt())
    assert session.scalar(select(func.count()).select_from(ServiceRecord)) == 1


def test_a_served_visit_without_a_record_is_missing_until_it_is_kept(
    session: WriteSession, visitor: Appointment
) -> None:
    record_outcome(session, appointment_id=visitor.id, outcome=Outcome.SERVED, actor=acting(8), now=NOW)
    [row] = to_settle(session, scope=EVERYWHERE, day=TODAY, limit=9)
    assert (row.closing, row.number) == (None, visitor.code[-3:])
    [office] = receipts_by_office(session, scope=EVERYWHERE, day=TODAY)
    assert (office.served, office.missing, office.receipts) == (1, 1, 0)
    keep(session, appointment_id=visitor.id, record=with_receipt())
    assert to_settle(session, scope=EVERYWHERE, day=TODAY, limit=9) == []
    [office] = receipts_by_office(session, scope=EVERYWHERE, day=TODAY)
    assert (office.served, office.missing, office.receipts) == (1, 0, 1)
    assert receipts_by_office(session, scope=NOWHERE, day=TODAY) == []
    assert to_settle(session, scope=NOWHERE, day=TODAY, limit=9) == []


@pytest.mark.parametrize("outcome", [Outcome.ABSENT])
def test_another_outcome_takes_no_record(session: WriteSession, visitor: Appointment, outcome: Outcome) -> None:
    record_outcome(session, appointment_id=visitor.id, outcome=outcome, is_sure=True, actor=acting(8), now=NOW)
    with pytest.raises(NotRecordable):
        keep(session, appointment_id=visitor.id, record=with_receipt())


def test_nothing_is_recorded_before_the_day(session: WriteSession, visitor: Appointment) -> None:
    with pytest.raises(NotYetTheDay):
        keep(session, appointment_id=visitor.id, record=with_receipt(), now=NOW - timedelta(days=1))


@pytest.mark.requirement("000-15", "S")
@pytest.mark.requirement("003-01", "S")
def test_what_was_taken_and_seen_is_kept_as_yes_no_and_why(session: WriteSession, visitor: Appointment) -> None:
    of_all, of_kind, of_other, may = (
        ServicePaper(service_id=visitor.service_id, document_kind=kind, title=SOURCE, is_optional=optional)
        for kind, optional in (
            (None, False),
            (DocumentKind.AMAYESH, False),
            (DocumentKind.PASSPORT, False),
            (None, True),
        )
    )
    session.add_all([of_all, of_kind, of_other, may])
    session.flush()
    record = with_receipt(fingerprint=Taking.DEVICE, photo=Taking.YES, papers=frozenset({of_all.id, of_other.id}))
    keep(session, appointment_id=visitor.id, record=record)
    found = kept(session, visitor)
    assert (found.data, found.fingerprint, found.photo) == (Taking.YES, Taking.DEVICE, Taking.YES)
    assert (found.papers_seen, found.papers_unseen) == ([of_all.id], 1), "that of the kind was not seen"
    [office] = receipts_by_office(session, scope=EVERYWHERE, day=TODAY)
    assert (office.incomplete, office.wrong) == (1, 0)
    [row] = to_settle(session, scope=EVERYWHERE, day=TODAY, limit=9)
    assert (row.fingerprint, row.papers_unseen) == (Taking.DEVICE, 1)


@pytest.mark.parametrize("lacking", ["data", "fingerprint", "photo"])
def test_whatever_was_not_taken_is_not_complete(session: WriteSession, visitor: Appointment, lacking: str) -> None:
    keep(session, appointment_id=visitor.id, record=with_receipt(**{lacking: Taking.LATER}))
    [office] = receipts_by_office(session, scope=EVERYWHERE, day=TODAY)
    [row] = to_settle(session, scope=EVERYWHERE, day=TODAY, limit=9)
    assert (office.incomplete, getattr(row, lacking)) == (1, Taking.LATER)


def test_what_is_missing_stands_before_what_is_wrong(session: WriteSession, visitor: Appointment) -> None:
    keep(session, appointment_id=visitor.id, record=with_receipt(receipt=receipt(is_orange=False), why=WHY))
    queue, service = session.get_one(Slot, visitor.slot_id).queue_id, session.get_one(Service, visitor.service_id)
    slot = make_slot(session, queue=session.get_one(Queue, queue), starts_at=at(hour=11))
    later = make_appointment(session, slot=slot, service=service)
    record_outcome(session, appointment_id=later.id, outcome=Outcome.SERVED, actor=acting(8), now=NOW)
    rows = to_settle(session, scope=EVERYWHERE, day=TODAY, limit=9)
    assert [(row.appointment_id, row.closing) for row in rows] == [
        (later.id, None),
        (visitor.id, ClosedWith.RECEIPT),
    ]


@pytest.mark.requirement("000-15", "M")
def test_required_fields_are_kept_by_version_with_their_source(session: WriteSession, visitor: Appointment) -> None:
    service = visitor.service_id
    assert latest_required(session, service_id=service) is None
    fields = Localised({"fa": "نام\nنشانی"})
    say: dict[str, Any] = {"service_id": service, "photo": None, "source": SOURCE, "actor": acting(8), "now": NOW}
    assert set_required(session, fields=fields, fingerprint=True, **say) == 1
    assert set_required(session, fields=fields, fingerprint=True, **say) == 1, "nothing differs"
    keep(session, appointment_id=visitor.id, record=with_receipt())
    assert set_required(session, fields=fields, fingerprint=False, **say) == 2
    assert [row.version for row in required_versions(session, service_id=service)] == [2, 1]
    by = session.get_one(RequiredFields, kept(session, visitor).required_id)
    assert (by.version, by.fingerprint, by.photo) == (1, True, None)
    changed = [row for row in of(session, subject=f"service:{service}") if row.kind == "required_fields.set"]
    assert [(row.data["version"], row.data["new"].get("fingerprint")) for row in changed] == [(2, False), (1, True)]
    with pytest.raises(SourceMissing):
        set_required(session, fields=None, fingerprint=None, **say | {"source": Localised({})})
    with pytest.raises(CopyDemanded):
        set_required(session, fields=Localised({"fa": "کپی کارت"}), fingerprint=None, **say)
    with pytest.raises(OutOfReach):
        set_required(session, fields=None, fingerprint=None, **say | {"actor": acting(8, may=NOWHERE)})


@pytest.mark.requirement("003-03", "S")
@pytest.mark.requirement("003-05", "S")
def test_an_inquiry_is_kept_and_its_code_goes_to_the_person(session: WriteSession, visitor: Appointment) -> None:
    id = note_inquiry(session, appointment_id=visitor.id, inquiry=ASKED, actor=acting(8), now=NOW)
    row = session.get_one(Inquiry, id)
    assert (row.made_by, row.made_at, row.result) == (8, NOW, InquiryResult.YES)
    assert b"98765432" not in bytes(row.code_sealed or b"")
    message = session.scalars(select(OutboxMessage).where(OutboxMessage.notice == "inquiry_code")).one()
    assert message.params == {"inquiry": id}
    assert visitor.conversation_id is not None
    read = inquiry_of_chat(session, inquiry_id=id, conversation_id=visitor.conversation_id)
    assert read is not None
    assert read.code == "98765432"
    assert inquiry_of_chat(session, inquiry_id=id, conversation_id=visitor.conversation_id + 1) is None
    assert verify(session) == []


def test_an_inquiry_without_a_code_tells_nothing(session: WriteSession, visitor: Appointment) -> None:
    note_inquiry(session, appointment_id=visitor.id, inquiry=replace(ASKED, code=""), actor=acting(8), now=NOW)
    told = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.notice == "inquiry_code")
    assert session.scalar(told) == 0


def test_words_and_codes_are_erased_after_their_period(session: WriteSession, visitor: Appointment) -> None:
    note_inquiry(session, appointment_id=visitor.id, inquiry=ASKED, actor=acting(8), now=NOW)
    record = with_receipt(receipt=receipt(is_orange=False), why=MismatchReason.OTHER, words="پوز سبز بود")
    keep(session, appointment_id=visitor.id, record=record)
    late = NOW + timedelta(days=32)
    words, codes = jobs.JOBS[0].within(Periods()), jobs.JOBS[1].within(Periods())
    assert [job.run(session, now=NOW + timedelta(days=29), limit=9) for job in (words, codes)] == [0, 0]
    assert [job.run(session, now=late, limit=9) for job in (words, codes)] == [1, 1]
    found = kept(session, visitor)
    assert (found.why_sealed, found.reference_sealed, found.why) == (None, None, MismatchReason.OTHER)
    assert session.scalars(select(Inquiry)).one().code_sealed is None


def test_the_number_of_a_payment_is_erased_also_where_nothing_was_said(
    session: WriteSession, visitor: Appointment
) -> None:
    keep(session, appointment_id=visitor.id, record=with_receipt())
    assert kept(session, visitor).reference_sealed is not None
    jobs.JOBS[0].within(Periods()).run(session, now=NOW + timedelta(days=32), limit=9)
    assert kept(session, visitor).reference_sealed is None


def test_something_is_looked_up_also_for_who_comes_back_and_for_nobody_who_is_gone(
    session: WriteSession, visitor: Appointment
) -> None:
    visitor.state, visitor.is_live = AppointmentState.COME_BACK, False
    session.flush()
    assert note_inquiry(session, appointment_id=visitor.id, inquiry=ASKED, actor=acting(8), now=NOW)
    visitor.state = AppointmentState.CANCELLED_BY_OFFICE
    session.flush()
    with pytest.raises(NotRecordable):
        note_inquiry(session, appointment_id=visitor.id, inquiry=ASKED, actor=acting(8), now=NOW)


def test_only_staff_of_the_office_keep_records(session: WriteSession, visitor: Appointment) -> None:
    with pytest.raises(OutOfReach):
        close_visit(session, appointment_id=visitor.id, record=with_receipt(), actor=acting(8, may=NOWHERE), now=NOW)
    with pytest.raises(OutOfReach):
        note_inquiry(session, appointment_id=visitor.id, inquiry=ASKED, actor=acting(8, may=NOWHERE), now=NOW)
