"""Each rule of `verify` finds its break: a complete desk is broken in one way at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from desk.acting import Actor
from desk.appointments.assistance import wish
from desk.appointments.rules import AppointmentNotice
from desk.cases.actions import file_complaint
from desk.cases.rules import Contact
from desk.closings.actions import close
from desk.closings.rules import UNDO
from desk.codes import CodeKind, TrackingCode
from desk.consequences.actions import carry_on
from desk.language.text import Localised
from desk.offices.models import Office
from desk.offices.rules import Assistance
from desk.outbox.actions import enqueue
from desk.outbox.rules import Lane, Recipient
from desk.records.requiring import set_required
from desk.schema import metadata
from desk.storage.base import WriteSession
from desk.subjects import checks
from desk.verify import SHOWN, verify
from desk.visits.actions import record_arrival
from desk.waiting.looking import offer_places
from desk.walk_ins.models import WalkInSlip
from desk.worksheets.rules import WorksheetState
from tests.domain.draw_scene import Lottery
from tests.domain.linked_scene import TwoPapers
from tests.domain.one_visit import OneVisit
from tests.keys import KEYS
from tests.makers import (
    NOW,
    TODAY,
    acting,
    at,
    make_appointment,
    make_conversation,
    make_person,
    make_queue,
    make_service,
    make_slot,
)
from tests.makers_absences import put_objection
from tests.makers_changes import SUNDAY, Town
from tests.makers_closings import closing_of
from tests.makers_fees import make_fee
from tests.makers_records import keep
from tests.makers_signs import make_suspect
from tests.makers_waiting import make_request, wish_for
from tests.makers_worksheets import put_worksheet
from tests.sqlite_file import open_sqlite

_PROPOSAL = "INSERT INTO proposals (appointment_id, nth, state, made_at, until, over_at, moves) VALUES (1, 1,"
BREAKS: dict[str, str] = {
    "nobody_moved_before_all_days_are_closed": "UPDATE closed_days SET step = 'waiting'",
    "everybody_is_told_once_all_days_are_closed": "UPDATE changes SET carry_from = '9999-01-01'",
    "nobody_waits_for_what_was_taken_back": (
        "UPDATE closings SET undone_at = '2026-11-21' WHERE change_id = (SELECT max(change_id) FROM closings)"
    ),
    "objection_has_a_deadline": "DELETE FROM deadlines WHERE subject = 'absences'",
    "absence_decided_by_a_second_person": (
        "UPDATE absences SET state = 'overturned', decided_at = '2026-11-21', decided_by = recorded_by"
    ),
    "absence_of_an_absent_person": "UPDATE appointments SET state = 'served' WHERE state = 'absent'",
    "tied_slip_of_a_chat": "UPDATE appointments SET conversation_id = NULL",
    "open_slip_of_no_chat": "UPDATE walk_in_slips SET mark = 'm', spent_mark = NULL, tied_at = NULL",
    "numbers_are_stretched": f"UPDATE persons SET identity_hash = '{'a' * 64}'",
    "office_lies_in_its_province": "UPDATE offices SET area = '/IR-09/' WHERE province_code = 'IR-30'",
    "chat_has_signs": "DELETE FROM chat_signs",
    "looked_at_by_somebody": "UPDATE chats_with_signs SET looked_at = '2026-11-21'",
    "live_request_has_people": "DELETE FROM standing_request_people",
    "request_that_is_over_names_nobody": ("UPDATE standing_requests SET state = 'ended', is_waiting = false"),
    "request_people_of_its_chat": "UPDATE standing_request_people SET service_id = 99",
    "live_request_has_a_place": "DELETE FROM standing_request_places",
    "one_request_waits_once": "UPDATE standing_request_people SET person_id = 1, is_contested = false",
    "linked_appointment_of_its_person": "UPDATE persons SET link_id = NULL",
    "linked_request_of_its_person": "UPDATE standing_request_people SET link_id = 99",
    "two_of_one_person_are_asked_about": "DELETE FROM appointment_choices",
    "open_choice_of_one_link": "UPDATE appointment_choices SET link_id = 99",
    "no_choice_open_about_a_cancelled_one": "UPDATE appointments SET state = 'cancelled_by_person', is_live = false",
    "one_live_offer": "UPDATE offers SET request_id = (SELECT min(request_id) FROM offers)",
    "live_offer_of_who_waits": "UPDATE standing_requests SET state = 'paused', is_waiting = false",
    "live_offer_in_an_open_round": "UPDATE offer_rounds SET is_open = false",
    "open_round_has_a_live_offer": "UPDATE offers SET state = 'lapsed', is_live = false",
    "drawn_place_is_booked_by_draw": "UPDATE offer_rounds SET taken_by = NULL WHERE draw_id IS NOT NULL",
    "winner_has_a_place": "UPDATE draw_entries SET is_asked = false, is_told = false",
    "drawn_places_are_kept": "UPDATE draws SET state = 'frozen'",
    "draw_over_keeps_nothing": "UPDATE claims SET kind = 'drawn', holder = 'draw:99:queue:1'",
    "drawn_order_is_whole": "UPDATE draws SET listed = 99",
    "no_request_in_two_places": "UPDATE offers SET state = 'accepted', is_live = false, request_id = 1",
    "draw_announced_with_both_hashes": "UPDATE draws SET word_hash = NULL",
    "drawn_service_is_set": "UPDATE draw_settings SET is_drawn = false",
    "round_has_its_claims": "DELETE FROM claims WHERE kind = 'offer'",
    "taken_by_who_accepted": "UPDATE offer_rounds SET is_open = false, taken_by = 1",
    "offer_was_told": "DELETE FROM outbox_messages WHERE notice = 'offer'",
    "no_place_idle_while_somebody_waits": (
        "UPDATE standing_requests SET weekdays = 127, looked_until = until_day, looked_from = since"
    ),
    "service_given_unless_withheld": "UPDATE queue_services SET is_tied = false",
    "one_status_after_another": (
        "INSERT INTO service_statuses (id, office_id, service_id, state, from_at, to_at, basis, rule, reason) VALUES"
        " (1, 1, 1, 'warned', '2026-11-20 08:00', '2026-11-22 08:00', 'announcement', '', ''),"
        " (2, 1, 1, 'active', '2026-11-21 08:00', NULL, 'announcement', '', '')"
    ),
    "slot_count": "UPDATE slots SET capacity = 9, planned = 9 WHERE id = 1",
    "shares_within_what_is_set_apart": "UPDATE appointments SET share = 'desk' WHERE id = 1",
    "quota_counted": "UPDATE appointments SET is_counted = true WHERE id = 1",
    "slot_range": "UPDATE slots SET capacity = 1, remaining = 2 WHERE id = 1",
    "horizons_alike": (
        "INSERT INTO queue_services (queue_id, service_id, is_active, days_ahead)"
        " SELECT queue_id, service_id, true, 3 FROM queue_services"
    ),
    "slot_open_flag": "UPDATE slots SET is_open = NOT is_open",
    "appointment_at_its_slot": "UPDATE appointments SET day = '2020-01-01' WHERE id = 1",
    "one_live_appointment": "UPDATE appointments SET is_live = true, state = 'booked', person_id = 1, service_id = 1",
    "one_live_appointment_in_a_chat": (
        "UPDATE appointments SET is_live = true, state = 'booked', person_id = 1, service_id = 1, conversation_id = 1"
    ),
    "live_state": "UPDATE appointments SET state = 'served' WHERE id = 1",
    "unique_appointment_keys": "UPDATE appointments SET idem_key = 'same'",
    "unique_message_keys": "UPDATE outbox_messages SET idem_key = 'same'",
    "unique_case_keys": ("INSERT INTO cases SELECT * FROM cases"),
    "unique_updates": (
        "INSERT INTO heard_updates (channel, bot, update_id, heard_at, outcome)"
        " VALUES ('bale', 'b', 1, '2026-01-01', 'handled'), ('bale', 'b', 1, '2026-01-01', 'handled')"
    ),
    "closed_time_is_known": "UPDATE slots SET status = 'closed', is_open = false",
    "history_begins": "DELETE FROM events WHERE subject = 'appointment:1'",
    "history_replays": "UPDATE appointments SET state = 'absent', is_live = false WHERE id = 1",
    "history_counts_moves": "UPDATE appointments SET moves = 1 WHERE id = 1",
    "cancelled_once": "UPDATE events SET kind = 'appointment.cancelled', subject = 'appointment:1'",
    "wish_of_somebody": "UPDATE appointments SET person_id = NULL WHERE id = 1",
    "answer_for_a_time_it_had": "UPDATE appointment_assistance SET answered_at_moves = 3",
    "household_is_whole": "INSERT INTO households (id, people, made_at) VALUES (99, 2, '2026-11-21')",
    "household_comes_together": "UPDATE appointments SET household_id = 1",
    "household_has_one_place": "UPDATE appointments SET has_place = true",
    "others_have_a_place_each": "UPDATE households SET shares_place = false",
    "no_place_counts_for_nothing": "UPDATE appointments SET is_counted = true",
    "proposal_of_a_live_appointment": f"{_PROPOSAL} 'open', '2026-11-21', '2026-11-27', NULL, 7)",
    "proposal_awaits_an_answer": f"{_PROPOSAL} 'open', '2026-11-21', NULL, NULL, 0)",
    "no_reminder_before_the_answer": f"{_PROPOSAL} 'open', '2026-11-21', '2026-11-27', NULL, 0)",
    "ticket_exists": "DELETE FROM outbox_messages WHERE notice = 'ticket'",
    "reminder_is_true": "UPDATE appointments SET state = 'cancelled_by_person', is_live = false WHERE id = 1",
    "reminder_of_live_appointment": "UPDATE appointments SET is_live = false WHERE id = 1",
    "outbox_state": "UPDATE outbox_messages SET is_open = false",
    "claims_within_limit": (
        "INSERT INTO claims (kind, slot_id, conversation_id, nth, expires_at)"
        " SELECT 'hold', 1, id, 9, '2026-12-01' FROM conversations"
    ),
    "rests_before_its_time": (
        "INSERT INTO claims (kind, slot_id, holder, nth, expires_at)"
        " SELECT 'rest', 1, 'appointment:1:0', 1, starts_at FROM slots WHERE id = 1"
    ),
    "parked_has_reason": (
        "INSERT INTO heard_updates (channel, bot, update_id, heard_at, outcome)"
        " VALUES ('telegram', 'b', 1, '2026-01-01', 'parked')"
    ),
    "visit_fits_appointment": "UPDATE visits SET outcome = 'absent'",
    "who_is_in_line_has_arrived": "UPDATE line_entries SET state = 'held'",
    "who_is_done_has_an_outcome": "UPDATE line_entries SET state = 'left'",
    "one_person_at_a_counter": "UPDATE line_entries SET state = 'called', counter = 1",
    "call_number_once_a_day": "UPDATE line_entries SET call_number = '7'",
    "walk_in_numbers_are_counted": "UPDATE line_entries SET is_walk_in = true",
    "record_of_a_served_visit": "UPDATE appointments SET state = 'absent' WHERE state = 'served'",
    "record_not_as_announced_has_a_reason": "UPDATE service_records SET is_wrong = true",
    "record_was_compared_with_the_fee": "UPDATE service_records SET closing = 'no_receipt'",
    "required_fields_are_numbered": "DELETE FROM required_fields WHERE version = 1",
    "come_back_has_date": "UPDATE visits SET outcome = 'come_back', come_back_on = NULL",
    "complaint_not_at_its_office": "UPDATE cases SET handler_office_id = office_id",
    "contact_is_kept_to": "UPDATE cases SET contact = 'nobody', conversation_id = 1",
    "case_has_deadline": "DELETE FROM deadlines",
    "answered_owes_no_answer": "UPDATE cases SET state = 'answered'",
    "closed_may_be_reopened": "UPDATE cases SET state = 'closed', closed_at = state_at",
    "soonest_deadline_counts": "UPDATE deadlines SET is_current = NOT is_current",
    "deadline_runs": "UPDATE deadlines SET met_at = due_at",
    "case_times": "UPDATE cases SET closed_at = NULL, state = 'closed'",
    "words_of_erased_cases": "UPDATE cases SET contact = 'nobody'",
    "reply_is_delivered": "UPDATE case_entries SET kind = 'reply'",
    "words_are_stretched": "INSERT INTO chat_words (conversation_id, word_hash) SELECT id, 'fast' FROM conversations",
    "open_transfers_are_not_given_on": (
        "INSERT INTO transfers (id, source_id, target_id, way, state, at, until, moved_sealed) VALUES"
        " (1, 1, 2, 'word', 'open', '2026-11-21 06:00', '2026-11-22 07:00', ''),"
        " (2, 2, 3, 'word', 'open', '2026-11-21 08:00', '2026-11-22 09:00', '')"
    ),
    "counter_transfers_are_settled": (
        "INSERT INTO transfers (id, source_id, target_id, way, state, at, until, moved_sealed) VALUES"
        " (1, 1, 2, 'counter', 'open', '2026-11-21 06:00', '2026-11-22 07:00', '')"
    ),
    "connected_both_ways": (
        "INSERT INTO other_chats (conversation_id, other_id, works_from) VALUES (1, 2, '2026-11-21 06:00')"
    ),
    "told_only_in_the_other_chat": "UPDATE outbox_messages SET instead_of = 1",
    "worksheet_that_waits_has_a_deadline": "UPDATE worksheets SET state = 'stated'",
    "one_worksheet_waits_for_a_decision": (
        "INSERT INTO worksheets (queue_id, state) VALUES (1, 'stated'), (1, 'stated')"
    ),
    "one_fee_a_day": "UPDATE service_fees SET valid_to = NULL",
    "irreversible_is_information": "UPDATE services SET is_irreversible = true",
}
"""A statement that breaks each rule, as a bug or a manual change could."""

ALSO_BREAKS: tuple[tuple[str, str], ...] = (
    ("household_has_one_place", "UPDATE appointments SET has_place = false"),
    ("others_have_a_place_each", "UPDATE appointments SET household_id = NULL"),
    ("no_place_counts_for_nothing", "UPDATE appointments SET share = 'desk'"),
    ("objection_has_a_deadline", "UPDATE absences SET state = 'asked'"),
    (
        "record_was_compared_with_the_fee",
        "UPDATE service_records SET closing = 'receipt', amount_rial = 1, fee_rial = 2",
    ),
    ("record_was_compared_with_the_fee", "UPDATE service_records SET closing = 'free', fee_rial = 1"),
)
"""The other ways to break a rule that forbids several things."""


@pytest.fixture(scope="module")
def whole_desk() -> Iterator[WriteSession]:
    """A desk with something of everything; its tables then lose their constraints, so that anything can be broken."""
    engine = open_sqlite("sqlite://")
    metadata().create_all(engine)
    with WriteSession(engine, info={"keys": KEYS}) as session:
        _fill(session)
        for table in reversed(metadata().sorted_tables):  # children first, so that no parent is missed
            session.execute(text(f"CREATE TABLE bare AS SELECT * FROM {table.name}"))
            session.execute(text(f"DROP TABLE {table.name}"))
            session.execute(text(f"ALTER TABLE bare RENAME TO {table.name}"))
        yield session
        session.rollback()
    engine.dispose()


@pytest.fixture
def desk(whole_desk: WriteSession) -> Iterator[WriteSession]:
    """The desk for one test; what the test breaks is whole again afterwards."""
    with whole_desk.begin_nested() as savepoint:
        yield whole_desk
        savepoint.rollback()


def _fill(session: WriteSession) -> None:
    service = make_service(session)
    queue = make_queue(session, services=[service])
    chat = make_conversation(session)
    ahead = make_appointment(
        session,
        slot=make_slot(session, queue=queue),
        service=service,
        person=make_person(session),
        conversation=chat,
    )
    session.add(WalkInSlip(appointment_id=ahead.id, spent_mark="s", made_at=NOW, tied_at=NOW))
    make_suspect(session, appointment_id=ahead.id, number=482_173)
    wish(session, appointment_ids=[ahead.id], kinds=[Assistance.PASHTO])
    later = make_slot(session, queue=queue, starts_at=at(TODAY + timedelta(days=1), hour=10))
    make_appointment(session, slot=later, service=service, conversation=chat)
    enqueue(
        session,
        idem_key=f"reminder:{ahead.id}:0:evening",
        to=Recipient(chat.channel, chat.bot, chat.id),
        notice=AppointmentNotice.REMINDER,
        params={},
        about=f"appointment:{ahead.id}",
        lane=Lane.BULK,
        due_at=NOW,
        now=NOW,
    )
    come = make_appointment(session, slot=make_slot(session, queue=queue, starts_at=at(hour=10)), service=service)
    record_arrival(session, appointment_id=come.id, actor=acting(1), now=NOW)
    beside = make_appointment(session, slot=make_slot(session, queue=queue, starts_at=at(hour=11)), service=service)
    record_arrival(session, appointment_id=beside.id, actor=acting(1), now=NOW)
    announced: dict[str, Any] = {"service_id": service.id, "fields": None, "photo": None, "actor": acting(1)}
    for fingerprint in (True, False):
        set_required(session, fingerprint=fingerprint, source=Localised({"fa": "بخشنامه"}), now=NOW, **announced)
    keep(session, appointment_id=come.id)
    put_objection(session, queue=queue, service=service, clerk=1)
    office = session.get_one(Office, queue.office_id)
    for _ in range(2):
        make_request(session, service=service, wish=wish_for(office))
    make_request(session, service=service, wish=wish_for(office, weekdays=frozenset({6})))
    offer_places(session, now=NOW)
    make_fee(session, service=service, valid_to=TODAY)
    make_fee(session, service=service, valid_from=TODAY.replace(year=2027))
    file_complaint(
        session,
        idem_key="c",
        code=TrackingCode.make(CodeKind.CASE),
        category="OVERCHARGE",
        office_id=queue.office_id,
        service_id=None,
        happened_on=None,
        paid=None,
        text="متن",
        voice=None,
        contact=Contact.CODE,
        name=None,
        actor=Actor.chat(chat.id),
        locale="fa",
        now=NOW,
    )
    _close_two_days(session)
    lottery = Lottery(session)
    lottery.begin()
    for _ in range(4):
        lottery.ask()
    lottery.held()
    lottery.accept(lottery.winners()[0])
    put_worksheet(session, queue=queue, state=WorksheetState.OWN, decided_at=NOW)
    papers = TwoPapers(session)
    papers.both()
    papers.link()
    OneVisit(session)
    session.flush()


def _close_two_days(session: WriteSession) -> None:
    """One closing of which a person was told, and one of which nobody has been told yet."""
    for day in (SUNDAY, SUNDAY + timedelta(days=7)):
        town = Town(session)
        town.people(1, day=day)
        close(session, **closing_of([town.queue.id], day=day), actor=acting(1), now=NOW)
        carry_on(session, now=NOW + UNDO * (day == SUNDAY))


def test_a_whole_desk_has_nothing_broken(desk: WriteSession) -> None:
    assert verify(desk) == []


@pytest.mark.parametrize("rule", list(checks()))
def test_the_rule_sees_its_break(desk: WriteSession, rule: str) -> None:
    assert rule in BREAKS, "write in BREAKS a statement that breaks it in the desk of this file"
    desk.execute(text(BREAKS[rule]))
    broken = [each for each in verify(desk) if each.rule == rule]
    assert broken
    assert all("=" in each.detail for each in broken)


@pytest.mark.parametrize(("rule", "breaks"), ALSO_BREAKS)
def test_the_rule_sees_its_other_breaks(desk: WriteSession, rule: str, breaks: str) -> None:
    desk.execute(text(breaks))
    assert rule in {each.rule for each in verify(desk)}


def test_a_long_list_of_breaks_is_cut(session: WriteSession) -> None:
    queue = make_queue(session)
    for hour in range(24):
        make_slot(session, queue=queue, starts_at=at(hour=hour))
    session.execute(text("UPDATE slots SET remaining = 0, is_open = false"))
    assert [each.rule for each in verify(session)] == ["slot_count"] * SHOWN
