"""Every action of staff with every role, within and beyond reach, without any page: the action itself asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from desk.absences.deciding import decide as decide_absence
from desk.absences.unserved import give_instead, record_unserved
from desk.acting import SYSTEM, Actor, OutOfReach
from desk.afterwards import setting as after_setting
from desk.appointments import history
from desk.appointments.booking import book
from desk.appointments.confirming import confirm
from desk.appointments.ending import cancel_by_office, fall, give_up, let_go
from desk.appointments.households import book_together
from desk.appointments.moving import move_by_office
from desk.appointments.naming import correct_name_on_its_day
from desk.appointments.proposing import accept
from desk.appointments.tying import give_to_chat
from desk.capacity import actions as capacity
from desk.capacity import approval, asking
from desk.cases import actions as cases
from desk.cases import changes, drafts, leaving, opening, reopening
from desk.cases.refusals import NotYourCase
from desk.catalogue import actions as catalogue
from desk.catalogue import fees
from desk.closings import actions as closings
from desk.consequences import actions as consequences
from desk.consequences import queries as changes_read
from desk.consequences.foreseeing import foresee
from desk.consequences.rules import ChangeKind
from desk.draws import actions as draws
from desk.draws import calling_off as draws_calling_off
from desk.draws import history as draws_history
from desk.draws import preparing as draws_preparing
from desk.events.actions import note as note_event
from desk.line import entering, entries, presses, stepping
from desk.line import history as line_history
from desk.linked_papers.waiting_once import wait_once
from desk.marshals import shifts
from desk.marshals.alarms import mark_seen, raise_alarm
from desk.marshals.queries import unseen
from desk.offices import actions as offices
from desk.offices.assistance import state_assistance
from desk.offices.refusals import ChangedFromAbove
from desk.other_chats.actions import remove_code
from desk.records import reporting
from desk.records.actions import close_visit, note_inquiry
from desk.records.requiring import set_required
from desk.rosters import actions as rosters
from desk.rosters import leave as roster_leave
from desk.seed import demo_records
from desk.seed.demo_life import book_invented
from desk.signs import actions as signs
from desk.staff import actions as staff
from desk.staff import authority, number_search, second_factor
from desk.staff.permissions import Role
from desk.staff.queries import actor_of
from desk.staff.refusals import NotYourStaff, NotYoursToGive
from desk.storage.base import WriteSession
from desk.transfers import counter, moving, proving, tries
from desk.transfers.actions import transfer
from desk.visits import actions as visits
from desk.visits import recording, windows
from desk.visits.assistance import answer_wishes
from desk.visits.at_desk import book_here, too_many_until
from desk.visits.naming import correct_from_paper
from desk.visits.proving import prove
from desk.waiting import actions as waiting
from desk.waiting import asking as waiting_asking
from desk.waiting import at_the_counter, changing
from desk.waiting import history as waiting_history
from desk.waiting import leaving as waiting_leaving
from desk.worksheets import actions as worksheets
from tests import makers
from tests.domain import test_what_chats_may as what_chats_may
from tests.domain.actions_of_staff import TAKES_ROLES, TRIES, Country, Tries, build
from tests.domain.gathered_actions import gathered
from tests.domain.tries_at_places import AT_DESK
from tests.domain.tries_of_closings import STOPS
from tests.domain.tries_of_line import IN_LINE, SETTING
from tests.domain.tries_of_walk_ins import WALK_INS
from tests.makers import NOW

STEPS: dict[Callable[..., Any], str] = {
    give_instead: "a step of recording a visit and of deciding about an absence, which have asked",
    unseen: "reads, and leaves out what the reader may not see",
    cancel_by_office: "a step of recording a visit and of carrying on a change, which have asked",
    let_go: "a step of the job that ends what nobody answered",
    accept: "a step of agreeing in a chat and of noting who was told, which have asked",
    confirm: "a step of saying in a chat that one comes, which has asked",
    waiting_asking.write_request: "a step of asking and of correcting a number, by the chat itself",
    book_here: "a step of booking at the desk and of registering at the door, which have asked",
    give_to_chat: "a step of tying a slip, by the chat itself",
    too_many_until: "the own count of both",
    fall: "a step of proving another appointment, which has asked",
    give_up: "a step of stopping a transfer and of giving back all of a household, which have asked",
    book_invented: "fills the demonstration",
    demo_records.close: "fills the demonstration",
    remove_code: "a step of erasing: the own code",
    move_by_office: "a step of carrying on a change, which has asked",
    asking.require_queue: "asks",
    asking.require_holidays: "asks",
    approval.require_approved: "a step of changing weekly hours, which has asked",
    consequences.require_changes: "asks",
    foresee: "asks, and takes back what it did",
    authority.require_may_change: "asks",
    authority.require_may_give: "asks",
    recording.appointment_of: "asks",
    changes.case_for_staff: "asks",
    correct_name_on_its_day: "a step of correcting a name at the counter, which has asked",
    recording.set_state: "a step of recording, which has asked",
    note_event: "notes what was asked for",
    windows.day_seen: "asks, and reads",
    windows.at_the_door: "asks, and reads",
    windows.sees_names: "asks, and reads",
    windows.in_own_window: "asks, and reads",
    windows.own_days: "says what may be seen, and reads nothing",
    windows.found_by_code: "reads, and leaves out what the reader may not see",
    windows.found_by_identity: "reads, and leaves out what the reader may not see",
    changes_read.as_seen: "reads, and leaves out what the reader may not see",
    opening.open_case: "a step of filing, by a person",
    history.write_event: "notes what was asked for",
    waiting_history.write_event: "notes what was asked for",
    at_the_counter.of_paper: "reads, and leaves out what the reader may not see",
    waiting_leaving.leave_person: "a step of what a person does with their own list, which has asked",
    draws_history.note: "notes what was asked for",
    draws_calling_off.call_off: "a step of switching back, which has asked",
    draws_preparing.to_change: "asks",
    changing.finish: "a step of what a person does for themselves, and of erasing",
    changing.set_state: "a step of what a person does for themselves, and of erasing",
    book_together: "what a person does for themselves, by the step of booking each",
    book: "what a person does for themselves, and a step of recording a visit, which has asked",
    waiting_leaving.leave_request: "a step of what a person does with their own list, and of linking, which have asked",
    wait_once: "a step of linking papers, which has asked",
    number_search.require_tries_left: "the own count of looking for numbers",
    proving.prove: "asks, by what is said",
    tries.is_free: "the own count of tries",
    transfer: "a step of what a person does for themselves, which has asked",
    moving.move: "a step of a transfer, which has asked",
    moving.move_back: "a step of a transfer, which has asked",
    moving.note: "notes what was asked for",
    number_search.note_miss: "the own count of looking for numbers",
    number_search.count_miss: "the own count of looking for numbers",
    changes.add_entry: "a step of what a person or somebody who was asked does with a case",
    changes.change: "a step of what a person or somebody who was asked does with a case",
    changes.say_solved_after_all: "what a person does with their own case",
    reopening.open_again: "a step of what a person or somebody who was asked does with a case",
    drafts.draft: "the own draft",
    drafts.forget_draft: "the own draft",
    entries.line_today: "asks",
    entries.require_reach: "asks",
    entries.entry_in_line: "asks",
    entries.change: "a step of acting in the line, which has asked",
    stepping.take_step: "a step of acting in the line, which has asked",
    stepping.changed: "a step of acting in the line, which has asked",
    presses.applied_before: "the own presses",
    line_history.write_step: "notes what was asked for",
    entering.enter: "follows an arrival, which was asked for",
    entering.end: "follows an outcome, which was asked for",
    entering.leave: "follows the end of an appointment, which was asked for",
    entering.bring_back: "follows an outcome that is undone, which was asked for",
    leaving.give_back_of_member: "follows the change of an account, which was asked for",
    leaving.give_back_of_office: "follows the change of an office, which was asked for",
    leaving.give_back_of_case: "follows the opening of a case, which was asked for",
}
"""What is handed who acts and is no action of staff by itself, with the reason."""

OF_CHATS = {*what_chats_may.TRIES, *what_chats_may.OF_CASES}
"""What the person in a chat does is tried in a table of its own."""

OWN = {drafts.keep_draft, roster_leave.ask_leave, shifts.begin, shifts.end, mark_seen}
"""What somebody does for themselves, so that the system never does it."""
REFUSED = (OutOfReach, ChangedFromAbove, NotYourCase, NotYourStaff, NotYoursToGive)
WHO = ("marshal", "clerk", "desk officer", "manager", "province officer", "administrator")
OFFICES = "own beside far"

# What each role is there for, in the order of WHO. «-» is nothing; of the last only the whole country reaches «far».
AT_THE_COUNTER = ("own", "own", "own", "own", "-", OFFICES)
IN_CHARGE = ("-", "-", "-", "own", "own beside", OFFICES)
OF_SIGNS = ("-", "-", "-", "-", "own beside", OFFICES)
OF_HOLIDAYS = ("-", "-", "-", "-", "province", "province, far province, nation")
OF_THE_CATALOGUE = ("-", "-", "-", "-", "-", "nation")
OF_DRAWS = ("-", "-", "-", "-", "province", "province, far province")
OF_OFFICES = ("-", "-", "-", "own", "own, beside, new", "own, beside, far, new, new far, moved away")
WITH_CASES = ("-", "-", "own", "own", "own, beside, complaint", "own, beside, far, complaint")
AGAIN_WITH_CASES = ("-", "-", "own", "own", "own beside", OFFICES)
AT_THE_DESK = ("-", "own", "-", "own", "-", OFFICES)
AT_THE_DOOR = ("own", "own", "-", "own", "-", OFFICES)
GIVES_ROLES = (
    *("-", "-", "-", "own", "own, beside, manager"),
    "own, beside, far, manager, province, far province, nation",
)
CHANGES_ACCOUNTS = (
    *("-", "-", "-", "own", "own beside"),
    "own, beside, far, province, far province, nation",
)

MAY: dict[Callable[..., Any], tuple[str, ...]] = {
    **dict.fromkeys(AT_DESK, AT_THE_DESK),
    **dict.fromkeys(IN_LINE, AT_THE_COUNTER),
    **dict.fromkeys(SETTING, IN_CHARGE),
    **dict.fromkeys(STOPS, ("-", "-", "-", "own", "-", OFFICES)),
    **dict.fromkeys(WALK_INS, AT_THE_DOOR),
    **dict.fromkeys(
        [
            *(visits.record_arrival, visits.undo_arrival, visits.record_outcome, visits.record_come_back),
            *(prove, correct_from_paper, answer_wishes, visits.undo_outcome, consequences.mark_told),
            *(windows.open_day, counter.give_code, waiting.give_class),
            *(close_visit, note_inquiry, reporting.report_broker),
            *(record_unserved, shifts.begin, shifts.end, raise_alarm),
        ],
        AT_THE_COUNTER,
    ),
    **dict.fromkeys(
        [
            *(capacity.save_queue, capacity.set_exception, capacity.clear_exception),
            *(capacity.set_hours, capacity.set_week, capacity.set_horizon),
            capacity.set_quotas,
            capacity.set_shares,
            *(consequences.carry_out, consequences.decide, worksheets.state_capacity, worksheets.withdraw),
            rosters.set_days_off,
            state_assistance,
            *(closings.close, closings.undo),
            *(decide_absence, shifts.enter, mark_seen),
        ],
        IN_CHARGE,
    ),
    **dict.fromkeys(
        [draws.prepare, draws.announce, draws.call_off_one, draws.set_rules, draws.read_seed_part], OF_THE_CATALOGUE
    ),
    after_setting.set_rule: OF_DRAWS,
    draws.commit_word: OF_DRAWS,
    draws.type_figure: OF_DRAWS,
    draws.reveal_word: OF_DRAWS,
    **dict.fromkeys(
        [capacity.save_holiday, capacity.delete_holiday, approval.set_approval, rosters.set_conditions], OF_HOLIDAYS
    ),
    **dict.fromkeys(
        [
            *(catalogue.save_service, fees.set_fee, fees.confirm_fee, fees.end_fee),
            *(catalogue.save_papers, catalogue.save_steps, waiting.save_class, set_required),
        ],
        OF_THE_CATALOGUE,
    ),
    roster_leave.ask_leave: ("own", "own", "-", "-", "-", "-"),  # who is in the roster
    roster_leave.decide_leave: IN_CHARGE,
    roster_leave.withdraw_leave: ("-",) * len(WHO),  # only who asked for it
    offices.save_office: OF_OFFICES,
    **dict.fromkeys(
        [cases.reply, cases.note, cases.assign, cases.change_state, cases.close, cases.allow_more, drafts.keep_draft],
        WITH_CASES,
    ),
    cases.reopen: AGAIN_WITH_CASES,
    **dict.fromkeys(
        [capacity.set_status, worksheets.decide], OF_SIGNS
    ),  # by the directorate, never by the office itself
    **dict.fromkeys([signs.note_looked_at, signs.set_limit, signs.as_usual, reporting.look_at_report], OF_SIGNS),
    **dict.fromkeys([staff.create, staff.update_member], GIVES_ROLES),
    **dict.fromkeys([staff.deactivate, staff.set_password], CHANGES_ACCOUNTS),
    second_factor.reset: ("-",) * len(WHO),  # on the machine alone
}


def named(action: Callable[..., Any]) -> str:
    return f"{action.__module__}.{action.__qualname__}"


def actors(session: WriteSession, country: Country) -> dict[str, Actor]:
    """One person for each role, at the own office, in its province, or for the whole country."""
    office = country.own.office
    people = {
        "marshal": makers.make_staff(session, role=Role.MARSHAL, office=office),
        "clerk": makers.make_staff(session, role=Role.CLERK, office=office),
        "desk officer": makers.make_staff(session, role=Role.DESK_OFFICER, office=office),
        "manager": makers.make_staff(session, role=Role.OFFICE_MANAGER, office=office),
        "province officer": makers.make_staff(session, role=Role.PROVINCE_OFFICER, province_code="IR-30"),
        "administrator": makers.make_staff(session, role=Role.ADMINISTRATOR),
    }
    return {name: actor_of(session, staff_id=member.id, now=NOW) for name, member in people.items()}


def places_of(cell: str) -> set[str]:
    """`own beside` or `own, new far` as a set; `-` is none."""
    parts = cell.split(", ") if "," in cell or cell in {"nation", "province"} else cell.split()
    return {part for part in parts if part != "-"}


def test_every_action_of_staff_is_tried_or_is_no_action_by_itself() -> None:
    found = set(gathered())

    assert {named(each) for each in found - set(TRIES) - set(STEPS) - OF_CHATS} == set(), (
        "say in TRIES of actions_of_staff.py where it is tried, and in MAY who may; or in STEPS why it is no action"
    )
    assert {named(each) for each in [*TRIES, *STEPS, *OF_CHATS] if each not in found} == set()
    assert {named(each) for each in set(TRIES) ^ set(MAY)} == set(), "MAY says of each of TRIES who may, where"
    assert not set(TRIES) & (set(STEPS) | OF_CHATS)


def test_a_new_action_without_an_entry_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def close_the_desk(session: WriteSession, *, actor: Actor) -> None:
        """Planted."""

    close_the_desk.__module__ = visits.__name__
    monkeypatch.setattr(visits, "close_the_desk", close_the_desk, raising=False)

    assert set(gathered()) - set(TRIES) - set(STEPS) - OF_CHATS == {close_the_desk}


def test_a_change_of_each_kind_asks_for_something() -> None:
    assert consequences.ASKS.keys() == set(ChangeKind)


@pytest.mark.requirement("001-14", "M")
@pytest.mark.parametrize("action", TRIES, ids=named)
def test_an_action_asks_whoever_acts(session: WriteSession, action: Callable[..., Any]) -> None:
    country = build(session)
    done = {who: reached(session, country, TRIES[action], actor) for who, actor in actors(session, country).items()}

    assert done == {who: places_of(cell) for who, cell in zip(WHO, MAY[action], strict=True)}


def test_whose_account_it_is_decides_who_may_take_its_roles(session: WriteSession) -> None:
    country = build(session)
    done = {who: reached(session, country, TAKES_ROLES, actor) for who, actor in actors(session, country).items()}

    assert done == {who: places_of(cell) for who, cell in zip(WHO, CHANGES_ACCOUNTS, strict=True)}


@pytest.mark.parametrize("action", [each for each in TRIES if each not in OWN], ids=named)
def test_a_chat_can_do_nothing_of_it_and_the_system_all(session: WriteSession, action: Callable[..., Any]) -> None:
    country = build(session)

    assert reached(session, country, TRIES[action], Actor.chat(1)) == set()
    assert reached(session, country, TRIES[action], SYSTEM) == set(TRIES[action])


def reached(session: WriteSession, country: Country, tries: Tries, actor: Actor) -> set[str]:
    """Where it is done for this actor; each try is taken back."""
    done = set()
    for place, try_at in tries.items():
        act, given = try_at(country)
        attempt = session.begin_nested()
        try:
            act(session, **given, actor=actor, now=NOW)
            done.add(place)
        except REFUSED:
            pass
        finally:
            attempt.rollback()
    return done


def test_without_the_question_everybody_could(session: WriteSession, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the guard: what stops the others is that the action checks the actor."""
    country = build(session)
    marshal = actors(session, country)["marshal"]
    assert reached(session, country, TRIES[capacity.set_exception], marshal) == set()

    monkeypatch.setattr(Actor, "require", lambda self, permission, *, at: None)

    assert reached(session, country, TRIES[capacity.set_exception], marshal) == set(TRIES[capacity.set_exception])
