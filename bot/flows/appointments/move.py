"""Move one of this chat's appointments, for the same service, at the same office or another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Done, Go, Meaning, Option, Question, Skip
from bot.dialogue.says import ButtonStyle
from bot.flows import links, wording
from bot.flows.appointments import free_times, joint_ticket, paper_province, ticket, typed_times
from bot.flows.appointments.free_times import TimeDraft
from bot.flows.offices import find_office
from bot.flows.offices.find_office import OfficeDraft
from bot.flows.waiting import ways_in
from desk.appointments import chat as appointments
from desk.appointments.refusals import NotCancellable, NotYours, SlotPassed
from desk.appointments.rules import AppointmentState
from desk.capacity import chat as capacity
from desk.catalogue import chat as catalogue
from desk.language.text import Param, lines, paragraphs, words
from desk.offices import chat as offices
from desk.places import chat as places
from desk.reading.wished_times import stored_wish
from desk.refusals import Refusal
from desk.values import LocalDay, LocalMoment

if TYPE_CHECKING:
    from desk.appointments.rows import AppointmentRow
    from desk.offices.rows import OfficeRow

_ = words("move")


@dataclass(frozen=True)
class SameTime(Refusal):
    """The chosen time is the present one: nothing changes, and no new ticket would come."""

    appointment_id: int


@dataclass(frozen=True)
class NoOtherTime(Refusal):
    """No office offers times for the service any more: the appointment can only stay as it is."""

    appointment_id: int


@dataclass(frozen=True)
class NoTimeThere(Refusal):
    """The office of the appointment, or the one just chosen, no longer offers times for the service.

    The person is told first that their appointment stays.
    """


@dataclass(slots=True)
class MoveDraft:
    turn: int = 0
    where: OfficeDraft = field(default_factory=OfficeDraft)
    when: TimeDraft = field(default_factory=TimeDraft)
    is_alone: bool = False
    """They do not want the time at which others of the household come."""


MoveTalk = Talk[MoveDraft]

flow = Flow("move", draft=MoveDraft, asks_much=True, looks_last=True)


@flow.enter
def this_appointment(talk: MoveTalk, arg: str) -> Go | None:
    """The id of the appointment, from its ticket or its page; behind a dot the day that was written for it
    (`WishedTime.stored`), which is passed over where nothing is free on it."""
    number, _dot, wished = arg.partition(".")
    appointment = appointments.own(talk.desk, links.id_in(number))
    if appointment is None:
        return Go("turns")
    talk.draft.turn = appointment.id
    talk.draft.where = OfficeDraft(province=appointment.office.province_code, office=appointment.office.id)
    wish = stored_wish(wished, today=talk.desk.today)
    if wish is not None and wish.day is not None and typed_times.free(times(talk), wish.day.date):
        talk.draft.when = TimeDraft(day=wish.day.date.isoformat())
    return None


@flow.step(unless=lambda draft: bool(draft.turn))
def which(talk: MoveTalk) -> Go:
    """Only a made-up button leads here without an appointment: go to the list."""
    return Go("turns")


@flow.step(unless=lambda draft: bool(draft.when.time or draft.when.day or draft.is_alone))
def to_the_others(talk: MoveTalk) -> Question | Skip:
    """The time of others of the household, where one visit serves all: it needs no place, and may be full."""
    appointment = _mine(talk)
    others = appointments.sharing_elsewhere(talk.desk, appointment)
    slot = capacity.slot(talk.desk, others[0].slot_id, service_id=appointment.service.id) if others else None
    if slot is None:
        return Skip({"is_alone": True})
    first = others[0]
    return Question(
        paragraphs(
            lines(
                _("👤 The time of {people}:", people=joint_ticket.names_of(_at_the_time_of(first, others))),
                wording.when_where(first, today=talk.desk.today),
            ),
            _("One visit serves you all. Shall {person} come then, too?", person=appointment.person_name or ""),
        ),
        options=(
            Option(
                f"y{slot.slot_id}",
                _("✅ Yes, together"),
                sets={"where": find_office.chosen(first.office), "when": free_times.chosen(slot)},
                style=ButtonStyle.CONFIRM,
                means=Meaning.YES,
            ),
            Option("other", _("🗓 Another time"), sets={"is_alone": True}, means=Meaning.NO),
        ),
    )


def _at_the_time_of(first: AppointmentRow, others: Sequence[AppointmentRow]) -> list[AppointmentRow]:
    return [each for each in others if each.slot_id == first.slot_id]


def keep_the_place(talk: MoveTalk) -> None:
    _another_time(talk, _mine(talk))
    free_times.keep_the_place(times(talk))


def _wanted(talk: MoveTalk) -> free_times.WantedTime:
    appointment, office_id = _mine(talk), talk.draft.where.office or 0
    row = offices.office(talk.desk, office_id) if office_id != appointment.office.id else None
    return free_times.WantedTime(
        service_id=appointment.service.id,
        office_id=office_id,
        elsewhere=lambda other: {"where": find_office.chosen(other.office), "when": free_times.chosen(other.slot)},
        waits=ways_in.instead_of(appointment.id),
        at=wording.where(row) if row else None,
        not_offered=NoTimeThere(),
    )


def _finding(talk: MoveTalk) -> find_office.WantedOffice:
    appointment = _mine(talk)
    return find_office.WantedOffice(service_id=appointment.service.id, nowhere=NoOtherTime(appointment.id))


where = flow.place(find_office.block, part=lambda draft: draft.where, given=_finding, answered=keep_the_place)
times = flow.place(free_times.block, part=lambda draft: draft.when, given=_wanted, answered=keep_the_place)


@flow.leave
def free_the_place(talk: MoveTalk) -> None:
    places.release(talk.desk)


@flow.step
def confirm(talk: MoveTalk) -> Question:
    appointment = _mine(talk)
    _another_time(talk, appointment)
    time = times(talk)
    slot = free_times.slot_of(time)
    row = offices.office(talk.desk, slot.office_id)
    if row is None:
        raise SlotPassed(slot.slot_id)
    fee = catalogue.fee_on(talk.desk, appointment.service.id, day=LocalDay(slot.day), province_code=row.province_code)
    return Question(
        paragraphs(
            lines(
                _("Until now: {when}", when=LocalMoment(appointment.starts_at, appointment.zone)),
                _(
                    "🕘 New time: **{when}**",
                    when=wording.moment(slot.starts_at, slot.zone, today=talk.desk.today),
                ),
                wording.where(row),
                wording.another_fee(fee, before=ticket.fee_of(talk.desk, appointment)) or wording.fee(fee),
            ),
            _of_another_province(talk, appointment, row),
            free_times.how_long_kept(time, slot),
            _("Shall we change it?"),
        ),
        options=(
            Option("yes", _("✅ Change the time"), style=ButtonStyle.CONFIRM, means=Meaning.YES),
            Option("keep", _("Keep the old time"), then=ticket.link(appointment, "show"), means=Meaning.NO),
        ),
    )


@flow.finish
def moved(talk: MoveTalk) -> Done:
    appointment = _mine(talk)
    with free_times.or_let_go(times(talk)):
        appointments.move(talk.desk, key=talk.key, appointment_id=appointment.id, slot_id=int(talk.draft.when.time))
    talk.draft.when.held = ""
    return Done(
        _("✅ The time is changed. The new ticket comes in the next message."),
        links=((_("🎫 This turn"), ticket.link(appointment, "show")),),
    )


def _of_another_province(talk: MoveTalk, appointment: AppointmentRow, there: OfficeRow) -> Param | None:
    """What holds of a paper in another province than that of the appointment, which was asked when it was booked."""
    if there.province_code == appointment.office.province_code or appointment.document_kind is None:
        return None
    return paper_province.beside(talk.desk, appointment.service, kinds=(appointment.document_kind,))


def _another_time(talk: MoveTalk, appointment: AppointmentRow) -> None:
    """Raise `SameTime` before a second place is held for the same slot."""
    if talk.draft.when.time == str(appointment.slot_id):
        raise SameTime(appointment.id)


def _mine(talk: MoveTalk) -> AppointmentRow:
    """The appointment to move, in its present state; raises `NotYours`, `NotCancellable`, `NoOtherTime`."""
    appointment = appointments.own(talk.desk, talk.draft.turn)
    if appointment is None:
        raise NotYours(talk.draft.turn)
    if appointment.state is not AppointmentState.BOOKED or appointment.starts_at <= talk.now:
        raise NotCancellable(appointment.id, appointment.state)
    if all(row.id != appointment.service.id for row in catalogue.services(talk.desk, bookable_only=True)):
        raise NoOtherTime(appointment.id)
    return appointment
