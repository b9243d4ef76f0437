"""Another time for a turn of mine, for the same service, at the same office or another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Done, Go, Json, Meaning, Option, Question, Skip
from bot.dialogue.says import Style
from bot.flows import links, wording
from bot.flows.appointments import free_times, ticket
from bot.flows.offices import find_office
from desk.appointments import chat as appointments
from desk.appointments.refusals import NotCancellable, NotYours, ServiceNotOffered, SlotPassed
from desk.appointments.rules import State
from desk.catalogue import chat as catalogue
from desk.language.text import lines, paragraphs, words
from desk.offices import chat as offices
from desk.places import chat as places
from desk.refusals import Refusal
from desk.values import LocalDay, LocalMoment

if TYPE_CHECKING:
    from desk.appointments.rows import TurnRow

_ = words("move")


@dataclass(frozen=True)
class SameTime(Refusal):
    """The chosen time is the one the turn has already: there is nothing to change, and no new ticket would come."""

    appointment_id: int


@dataclass(frozen=True)
class NoOtherTime(Refusal):
    """No office gives a time for the service any more: the turn can only stay as it is."""

    appointment_id: int


@dataclass(frozen=True)
class NoTimeThere(Refusal):
    """The office gives no time for the service any more, its own or the one just chosen; the turn stays as it is."""


@contextmanager
def turn_stays() -> Iterator[None]:
    """An office that no longer does the service: whoever has a turn hears first of all that it stands."""
    try:
        yield
    except ServiceNotOffered:
        raise NoTimeThere from None


@dataclass(slots=True)
class MoveDraft:
    turn: int = 0
    province: str = ""
    found: list[Json] = field(default_factory=list)
    office: int = 0
    day: str = ""
    time: str = ""
    held: str = ""
    unkept: bool = False


MoveTalk = Talk[MoveDraft]

flow = Flow("move", draft=MoveDraft)


@flow.enter
def this_turn(talk: MoveTalk, arg: str) -> str | Go | None:
    """The id of the turn, from its ticket or its page."""
    turn = appointments.turn(talk.desk, links.id_in(arg))
    if turn is None:
        return Go("turns")
    talk.draft.turn = turn.id
    talk.draft.office = turn.office.id
    talk.draft.province = turn.office.province_code
    return "day"


@flow.step
def province(talk: MoveTalk) -> Question | Skip | Go:
    if not talk.draft.turn:
        return Go("turns")
    turn = _mine(talk)
    if not offices.provinces(talk.desk, service_id=turn.service.id):
        raise NoOtherTime(turn.id)
    return find_office.ask_province(talk, service_id=turn.service.id)


@flow.step
def office(talk: MoveTalk) -> Question | Skip:
    service_id = _mine(talk).service.id
    only = find_office.only_office(talk, service_id=service_id)
    if only is not None:
        return Skip({"office": only.id})
    return find_office.ask_office(talk, service_id=service_id)


@flow.step
@turn_stays()
def day(talk: MoveTalk) -> Question:
    turn = _mine(talk)
    row = offices.office(talk.desk, talk.draft.office) if talk.draft.office != turn.office.id else None
    return free_times.ask_day(
        talk,
        service_id=turn.service.id,
        then="confirm",
        extra=(Option("office", free_times.OTHER_OFFICE, sets={"found": []}, then="province"),),
        at=wording.where(row) if row else None,
    )


@flow.step
@turn_stays()
def time(talk: MoveTalk) -> Question | Skip:
    return free_times.ask_time(talk, service_id=_mine(talk).service.id)


@province.answered
@office.answered
@day.answered
@time.answered
@turn_stays()
def keep_the_place(talk: MoveTalk) -> None:
    _another_time(talk, _mine(talk))
    free_times.keep_the_place(talk, service_id=_mine(talk).service.id)


@flow.leave
def free_the_place(talk: MoveTalk) -> None:
    places.release(talk.desk)


@flow.step
@turn_stays()
def confirm(talk: MoveTalk) -> Question:
    turn = _mine(talk)
    _another_time(talk, turn)
    slot = free_times.slot_of(talk, service_id=turn.service.id)
    row = offices.office(talk.desk, slot.office_id)
    if row is None:
        raise SlotPassed(slot.slot_id)
    fee = catalogue.fee_on(talk.desk, turn.service.id, day=LocalDay(slot.day), province_code=row.province_code)
    return Question(
        paragraphs(
            lines(
                _("Until now: {when}", when=LocalMoment(turn.starts_at, turn.zone)),
                _(
                    "🕘 New time: **{when}**",
                    when=wording.moment(slot.starts_at, slot.zone, today=talk.desk.today),
                ),
                wording.where(row),
                wording.another_fee(fee, before=ticket.fee_of(talk.desk, turn)) or wording.fee(fee),
            ),
            free_times.not_kept(talk),
            _("Shall we change it?"),
        ),
        options=(
            Option("yes", _("✅ Change the time"), style=Style.CONFIRM, means=Meaning.YES),
            Option("keep", _("Keep the old time"), then=ticket.link(turn, "show"), means=Meaning.NO),
        ),
    )


@flow.finish
@turn_stays()
def moved(talk: MoveTalk) -> Done:
    turn = _mine(talk)
    with free_times.or_let_go(talk):
        appointments.move(talk.desk, key=talk.key, appointment_id=turn.id, slot_id=int(talk.draft.time))
    talk.draft.held = ""
    return Done(
        _("✅ The time is changed. The new ticket comes in the next message."),
        links=((_("🎫 This turn"), ticket.link(turn, "show")),),
    )


def _another_time(talk: MoveTalk, turn: TurnRow) -> None:
    """Raise `SameTime` before a second place is held for a turn that stays where it is."""
    if talk.draft.time == str(turn.slot_id):
        raise SameTime(turn.id)


def _mine(talk: MoveTalk) -> TurnRow:
    """The turn to be moved, as it stands now. Raises `NotYours`, `NotCancellable`, `NoOtherTime`."""
    turn = appointments.turn(talk.desk, talk.draft.turn)
    if turn is None:
        raise NotYours(talk.draft.turn)
    if turn.state is not State.BOOKED or turn.starts_at <= talk.now:
        raise NotCancellable(turn.id, turn.state)
    if all(row.id != turn.service.id for row in catalogue.services(talk.desk, bookable_only=True)):
        raise NoOtherTime(turn.id)
    return turn
