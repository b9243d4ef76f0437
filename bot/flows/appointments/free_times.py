"""Choosing a day and a time with free places; where there is none, the chat always offers another way.

A block for every conversation that needs a slot at an office, which `find_office` has found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.dialogue.flow import Block
from bot.dialogue.questions import Go, Json, Option, Question, Reading, Skip, Taken, Unclear
from bot.dialogue.talk import BlockTalk
from bot.flows import wording
from bot.flows.appointments import opens_later, parts_of_day, typed_times
from bot.flows.offices import find_office
from bot.flows.waiting import ways_in
from desk.appointments.refusals import (
    NotBookable,
    NotOpenYet,
    PlaceIsDrawn,
    QuotaUsedUp,
    ServiceNotOffered,
    SlotPassed,
    SlotTaken,
    TooFarAhead,
)
from desk.capacity import chat as capacity
from desk.capacity.rules import TIME_TO_COME
from desk.catalogue import chat as catalogue
from desk.language.text import Param, ShortDay, lines, paragraphs, words
from desk.offices import chat as offices
from desk.places import chat as places
from desk.places.refusals import HeldTooOften, KeptLongEnough
from desk.places.rules import LONGEST_KEPT
from desk.reading.days import asks_the_soonest
from desk.refusals import Refusal
from desk.values import LocalDay

if TYPE_CHECKING:
    from desk.capacity.rows import Elsewhere, FreeSlot

_ = words("times")

DAYS_OFFERED = 12

OTHER_DAY = _("🗓 Another day")
OTHER_OFFICE = _("📍 Another office")
PRESS_A_DAY = _("Please press a day, or write one, such as «Saturday» or «7 Azar».")
PRESS_A_TIME = _("Please press a time, or write one, such as «9:30».")
JUST_TAKEN = _("That time has just been taken. This is free:")


@dataclass(frozen=True)
class DayIsFull(Refusal):
    """The last free slot of the chosen day was taken meanwhile."""

    day: date


NOT_TO_BE_HAD = (
    DayIsFull,
    NotBookable,
    NotOpenYet,
    PlaceIsDrawn,
    QuotaUsedUp,
    ServiceNotOffered,
    SlotPassed,
    SlotTaken,
    TooFarAhead,
)
"""Refusals after which the chosen slot is of no use to this person."""


@dataclass(slots=True)
class TimeDraft:
    """The chosen day (ISO date) and slot (id)."""

    day: str = ""
    part: str = ""
    """The chosen part of the day, as in `parts_of_day`."""
    time: str = ""
    others: list[int] = field(default_factory=list)
    """Of a household the slots of the others, in their order."""
    held: str = ""
    """The slot held for this person while they answer."""
    held_until: str = ""
    """Until when, as an ISO instant."""
    unkept: bool = False
    """True = it cannot be held any more."""
    is_spent: bool = False
    """True = it cannot be held, because this chat held as many as it may today."""
    is_picked: bool = False
    """True = the person wants to see the days instead of a suggestion."""


@dataclass(frozen=True, slots=True)
class WantedTime:
    """The service and office for which a slot is wanted.

    `elsewhere` = the fields of the flow's draft that a slot at another office sets. `at` names the office where nothing
    else does.
    """

    service_id: int
    office_id: int
    elsewhere: Callable[[Elsewhere], Mapping[str, Json]]
    waits: Go
    """The way to wait for a time, where none that is free suits."""
    at: Param | None = None
    not_offered: Refusal | None = None
    """The refusal raised instead of `ServiceNotOffered`, with more detail."""


TimeTalk = BlockTalk[TimeDraft, WantedTime]

block: Block[TimeDraft, WantedTime] = Block("time", draft=TimeDraft, settled=lambda draft: bool(draft.time))


def chosen(slot: FreeSlot) -> TimeDraft:
    """The draft in which this slot is chosen."""
    return TimeDraft(day=slot.day.isoformat(), part=parts_of_day.part_of(slot), time=str(slot.slot_id))


@contextmanager
def or_let_go(talk: TimeTalk) -> Iterator[None]:
    """Release the held place on a refusal inside this block, if the chosen slot is of no use: it would block others
    while the person chooses again."""
    try:
        yield
    except NOT_TO_BE_HAD as refusal:
        talk.draft.held = ""
        places.release(talk.desk)
        if isinstance(refusal, ServiceNotOffered) and talk.given.not_offered is not None:
            raise talk.given.not_offered from None
        raise


@block.step(asks="day")
def day(talk: TimeTalk) -> Question:
    """Ask for a day with free places at the chosen office; where there is none, offer the soonest slots of other
    offices."""
    given = talk.given
    free = capacity.free_days(talk.desk, service_id=given.service_id, office_id=given.office_id, limit=DAYS_OFFERED + 1)
    days = [each.day for each in free[:DAYS_OFFERED]]
    later: Param | None = None
    if len(free) > DAYS_OFFERED:
        later = _("After {day} there are free times, too. Write the day, such as «7 Azar».", day=LocalDay(days[-1]))
    elif days:
        later = opens_later.next_one(talk)
    kept = kept_slot(talk)
    if kept is not None and kept.day not in days:
        days = sorted([*days, kept.day])
    if not days:
        return nothing_free(talk)
    return Question(
        lines(given.at, _("Which day suits you?"), later),
        options=(
            *(Option(each.isoformat(), ShortDay(LocalDay(each)), sets={"day": each.isoformat()}) for each in days),
            Option("office", OTHER_OFFICE, then=find_office.province),
            ways_in.option(talk.given.waits),
        ),
        reads=lambda typed: _read_day(talk, typed, days),
        hint=PRESS_A_DAY,
        gone=_("That day has just filled up. These days have free times:"),
    )


@block.step(asks="part")
def part(talk: TimeTalk) -> Question | Skip:
    """Ask for a part of the chosen day where it has many free times; the soonest of them is one press away."""
    if not talk.draft.day:
        return Skip(then=day)
    slots = _free_or_kept(talk)
    parts = parts_of_day.parts_of(slots)
    if len(parts) == 1:
        return Skip({"part": parts[0]})
    soonest = next((slot for slot in slots if slot.starts_at >= talk.now + TIME_TO_COME), None)
    return Question(
        _("{day}: which part of the day suits you?", day=LocalDay(date.fromisoformat(talk.draft.day))),
        options=(
            *((parts_of_day.at_once(soonest),) if soonest else ()),
            *(Option(each, parts_of_day.LABELS[each], sets={"part": each}) for each in parts),
        ),
        gone=JUST_TAKEN,
        reads=lambda typed: _read(talk, typed, slots),
        hint=PRESS_A_TIME,
    )


@block.step(asks="time")
def time(talk: TimeTalk) -> Question | Skip:
    """Ask for a free time of the chosen day; raises `DayIsFull` where the last one was taken meanwhile."""
    if not talk.draft.day:
        return Skip(then=day)
    slots = _free_or_kept(talk)
    those = parts_of_day.within(talk.draft.part, slots)
    if not those:
        return Skip({"part": ""}, then=part, gone=JUST_TAKEN)
    return Question(
        _("Which time on {day}?", day=LocalDay(date.fromisoformat(talk.draft.day))),
        options=tuple(
            Option(str(slot.slot_id), parts_of_day.clock_of(slot), sets={"time": str(slot.slot_id)}) for slot in those
        ),
        columns=2,
        gone=JUST_TAKEN,
        reads=lambda typed: _read(talk, typed, slots),
        hint=PRESS_A_TIME,
    )


def _free_or_kept(talk: TimeTalk) -> list[FreeSlot]:
    """The free slots of the chosen day, with the one that is held for this person; raises `DayIsFull` for none."""
    chosen_day = date.fromisoformat(talk.draft.day)
    slots = list(typed_times.free(talk, chosen_day))
    kept = kept_slot(talk)
    if kept is not None and kept.day == chosen_day and all(kept.slot_id != slot.slot_id for slot in slots):
        slots = sorted([*slots, kept], key=lambda slot: slot.starts_at)
    if not slots:
        with or_let_go(talk):
            raise out_of_use(talk) or DayIsFull(chosen_day)
    return slots


def nothing_free(talk: TimeTalk) -> Question:
    """Nothing is free at this office: offer the soonest slots elsewhere; if there are none, say when to look again.

    Raises the reason where the office or the service went out of use: looking again would not help.
    """
    reason = out_of_use(talk)
    if reason is not None:
        with or_let_go(talk):
            raise reason
    office = offices.office(talk.desk, talk.given.office_id)
    sorry = _("{office} has no free time now.", office=office.name) if office else _("There is no free time now.")
    others = capacity.elsewhere(
        talk.desk,
        service_id=talk.given.service_id,
        except_office=talk.given.office_id,
        near=office.point if office else None,
    )
    opens = opens_later.next_one(talk)
    if not others:
        return Question(
            paragraphs(lines(sorry, _("No other office has one either."), opens), ways_in.WE_WRITE),
            options=(ways_in.option(talk.given.waits), Option("ask", _("💬 Ask the desk"), then=Go("ask"))),
            says_why=True,
        )
    return Question(
        paragraphs(
            lines(sorry, opens),
            lines(_("These offices have one soonest:"), *(_other(talk, other) for other in others)),
        ),
        options=(
            *(
                Option(
                    f"e{other.slot.slot_id}",
                    wording.on_a_button(other.office.name),
                    sets=talk.given.elsewhere(other),
                    of_flow=True,
                )
                for other in others
            ),
            Option("office", OTHER_OFFICE, then=find_office.province),
            ways_in.option(talk.given.waits),
        ),
        gone=JUST_TAKEN,
        says_why=True,
    )


def out_of_use(talk: TimeTalk) -> Refusal | None:
    """The refusal where the office or the service went out of use; None = both are in use."""
    service_id = talk.given.service_id
    if all(row.id != service_id for row in catalogue.services(talk.desk, bookable_only=True)):
        return NotBookable(service_id=service_id)
    office = offices.office(talk.desk, talk.given.office_id)
    if office is None:
        return None
    offering = capacity.offices_in(talk.desk, office.province_code, service_id=service_id)
    if all(row.id != office.id for row in offering):
        return ServiceNotOffered(service_id=service_id, slot_id=0)
    return None


def keep_the_place(talk: TimeTalk) -> None:
    """Hold the chosen slot while the person answers the rest; release one that is no longer wanted.

    Raises:
        SlotTaken, QuotaUsedUp: it was taken meanwhile.
        NotBookable, ServiceNotOffered: it went out of use meanwhile.
    """
    talk.draft.held, talk.draft.unkept, talk.draft.is_spent = "", False, False
    if not talk.draft.time:
        places.release(talk.desk)
        return
    try:
        with or_let_go(talk):
            until = places.hold(
                talk.desk, int(talk.draft.time), others=talk.draft.others, service_id=talk.given.service_id
            )
    except (KeptLongEnough, HeldTooOften) as refusal:
        places.release(talk.desk)
        talk.draft.unkept = isinstance(refusal, KeptLongEnough)
        talk.draft.is_spent = not talk.draft.unkept
        return
    talk.draft.held, talk.draft.held_until = talk.draft.time, until.isoformat()


def how_long_kept(talk: TimeTalk, slot: FreeSlot) -> Param | None:
    """For the last check: how long this slot is still held, or that it is not, since this chat held places too long or
    too often; None where the time of the hold is over, or nearly."""
    draft = talk.draft
    if draft.is_spent:
        return _(
            "⏳ We have kept many times for this chat today, and can keep no more. Somebody else can take this time."
        )
    if draft.unkept:
        return _(
            "⏳ We can keep times for {minutes} minutes only, and they are over. Somebody else can take this time.",
            minutes=LONGEST_KEPT // timedelta(minutes=1),
        )
    if draft.held != str(slot.slot_id) or not draft.held_until:
        return None
    minutes = (datetime.fromisoformat(draft.held_until) - talk.now) // timedelta(minutes=1)
    if minutes < 1:
        return None
    # No clock time: one stands on the screen already, that of the appointment.
    return _("⏳ We keep this time for you for {minutes} minutes; then others can take it.", minutes=minutes)


def slot_of(talk: TimeTalk) -> FreeSlot:
    """The chosen slot, if it can still be booked; raises `SlotPassed`, `NotBookable`, `ServiceNotOffered`."""
    slot = capacity.slot(talk.desk, int(talk.draft.time), service_id=talk.given.service_id) if talk.draft.time else None
    if slot is None:
        with or_let_go(talk):
            raise out_of_use(talk) or SlotPassed(int(talk.draft.time or 0))
    return slot


def kept_slot(talk: TimeTalk) -> FreeSlot | None:
    """The slot whose place is held for this person: free to them, though the counts say it is taken."""
    if not talk.draft.held:
        return None
    slot = capacity.slot(talk.desk, int(talk.draft.held), service_id=talk.given.service_id)
    return slot if slot is not None and slot.office_id == talk.given.office_id else None


def _other(talk: TimeTalk, other: Elsewhere) -> Param:
    when = wording.moment(other.slot.starts_at, other.slot.zone, today=talk.desk.today)
    return _("{office}, {city}: {when}", office=other.office.name, city=other.office.city, when=when)


def read_when(talk: TimeTalk, typed: str, slot: FreeSlot) -> TimeDraft | Unclear | None:
    """Read a day or a time typed where one slot is offered: another time of its day, or a day whose times are then
    asked."""
    time = typed_times.slot_meant(typed, [*typed_times.free(talk, slot.day), slot])
    if isinstance(time, Unclear):
        return time
    return chosen(time) if time is not None else _other_day(talk, typed)


def _read(talk: TimeTalk, typed: str, slots: Sequence[FreeSlot]) -> Reading:
    """Read one of these times, or another day, whose times are then asked."""
    slot = typed_times.slot_meant(typed, slots)
    if isinstance(slot, Unclear):
        return slot
    if slot is not None:
        return Taken(parts_of_day.at_once(slot).sets)
    other = _other_day(talk, typed)
    return Taken({"day": other.day, "part": "", "time": ""}, then=part) if isinstance(other, TimeDraft) else other


def _read_day(talk: TimeTalk, typed: str, days: Sequence[date]) -> Reading:
    wanted, is_free = typed_times.day_meant(talk, typed, days)
    if wanted is None and asks_the_soonest(typed):
        wanted, is_free = LocalDay(days[0]), True
    if wanted is None or is_free:
        return Taken({"day": wanted.date.isoformat()}) if wanted is not None else None
    if (opens := opens_later.of_day(talk, wanted)) is not None:
        # The question itself says when its next day opens.
        is_next = opens == opens_later.next_one(talk)
        return Unclear(lines(_("That day is not open yet.") if is_next else opens, _("These days have a free time:")))
    return Unclear(_("There is no free time on {day}. These days have one:", day=wanted))


def _other_day(talk: TimeTalk, typed: str) -> TimeDraft | Unclear | None:
    """Read a day typed where a time is asked for."""
    wanted, is_free = typed_times.day_meant(talk, typed, ())
    if wanted is None or is_free:
        return TimeDraft(day=wanted.date.isoformat()) if wanted is not None else None
    if (opens := opens_later.of_day(talk, wanted)) is not None:
        return Unclear(lines(opens, _("Please choose another day or time.")))
    return Unclear(_("There is no free time on {day}. Please choose another day or time.", day=wanted))
