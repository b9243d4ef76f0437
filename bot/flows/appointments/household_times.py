"""The days and times at which a household can come together, as questions; and what is said where it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from bot.dialogue.questions import Reading, Taken, Unclear
from bot.dialogue.steps import Step
from bot.dialogue.talk import BlockTalk
from bot.flows.appointments import parts_of_day, typed_times
from bot.flows.appointments.free_times import DAYS_OFFERED, TimeDraft, WantedTime
from bot.flows.waiting import ways_in
from bot.flows.waiting.wishes import WishDraft
from desk.capacity import chat as capacity
from desk.capacity.rows import TogetherAt
from desk.capacity.rules import TIME_TO_COME
from desk.catalogue import chat as catalogue
from desk.language.text import Param, series, words
from desk.reading.days import asks_the_soonest
from desk.values import ClockTime, LocalDay, LocalMoment

if TYPE_CHECKING:
    from bot.flows.appointments.free_times import TimeTalk
    from bot.flows.appointments.household_people import HouseholdTalk
    from desk.capacity.rows import FreeSlot
    from desk.waiting.rows import StandingWish

_ = words("household")

DAYS_LOOKED_AT: Final = DAYS_OFFERED


def talk_of(talk: HouseholdTalk) -> TimeTalk:
    """The talk with which `free_times` holds places and says how long."""
    given = WantedTime(
        service_id=talk.draft.service,
        office_id=talk.draft.where.office or 0,
        elsewhere=lambda other: {},
        waits=ways_in.LIKE_LAST_TIME,
    )
    return BlockTalk(draft=talk.draft.when, desk=talk.desk, locale=talk.locale, now=talk.now, key=talk.key, given=given)


def places_of(talk: HouseholdTalk, *, people: int) -> int:
    """How many places so many people take: one each, or one for all where one visit serves a household."""
    offered = catalogue.service(talk.desk, talk.draft.service)
    return 1 if offered is not None and offered.is_per_household else people


def days(talk: HouseholdTalk, *, people: int, most: int = DAYS_LOOKED_AT) -> list[list[TogetherAt]]:
    """The times of the next days at which so many can come together, day by day, at most `most` days."""
    free = capacity.free_days(
        talk.desk, service_id=talk.draft.service, office_id=talk.draft.where.office or 0, limit=DAYS_LOOKED_AT
    )
    found: list[list[TogetherAt]] = []
    places = places_of(talk, people=people)
    for each in free:
        times = _of_day(talk, each.day, places=places)
        if times:
            found.append(times)
        if len(found) == most:
            break
    return found


def of_day(talk: HouseholdTalk, day: date, *, people: int) -> list[TogetherAt]:
    """The times of a day at which so many can come together and that leave time to come."""
    return _of_day(talk, day, places=places_of(talk, people=people))


def _of_day(talk: HouseholdTalk, day: date, *, places: int) -> list[TogetherAt]:
    when = talk.draft.when
    held = [int(when.held), *when.others] if when.held else []
    found = capacity.times_together(
        talk.desk,
        service_id=talk.draft.service,
        office_id=talk.draft.where.office or 0,
        day=day,
        people=places,
        held=held,
    )
    return [each for each in found if each.first.starts_at >= talk.now + TIME_TO_COME]


def most_together(talk: HouseholdTalk, *, people: int) -> int:
    """How many of so many people could come together; 0 = not even one has a time, or one place is for all."""
    if places_of(talk, people=people) == 1:
        return 0
    return next((fewer for fewer in range(people - 1, 0, -1) if days(talk, people=fewer, most=1)), 0)


def chosen(together: TogetherAt) -> TimeDraft:
    """The draft in which these places are chosen."""
    first = together.first
    return TimeDraft(
        day=first.day.isoformat(),
        part=parts_of_day.part_of(first),
        time=str(first.slot_id),
        others=[each.slot_id for each in together.slots[1:]],
    )


def key_of(together: TogetherAt) -> str:
    return "y" + ".".join(str(each.slot_id) for each in together.slots)


def hours(together: TogetherAt) -> Param:
    """At which hour each comes, in their order; one time alone serves all."""
    if len(together.slots) == 1:
        return _("Come all together: one visit serves you all.")
    clocks = [clock(each) for each in together.slots]
    if len({clock.minutes for clock in clocks}) == 1:
        return _("All of you at the same time.")
    times = [clock.minutes for clock in clocks]
    if len(set(times)) == len(times):
        return _("One after the other: {times}.", times=series(*clocks))
    each_time = {clock.minutes: clock for clock in clocks}
    some = (_("{n} at {time}", n=times.count(minutes), time=clock) for minutes, clock in each_time.items())
    return _("Not all at once: {times}.", times=series(*some))


def read(
    talk: HouseholdTalk,
    typed: str,
    found: Sequence[TogetherAt],
    *,
    people: int,
    then: Step[HouseholdTalk] | None = None,
) -> Reading:
    """Read one of these times, or a day, whose times are then asked; `then` = the step that asks them."""
    slot = typed_times.slot_meant(typed, [each.first for each in found])
    if isinstance(slot, Unclear):
        return slot
    meant = next((each for each in found if slot is not None and each.first.slot_id == slot.slot_id), None)
    if meant is not None:
        return Taken({"when": chosen(meant)})
    return read_day(talk, typed, (), people=people, then=then)


def read_day(
    talk: HouseholdTalk, typed: str, days: Sequence[date], *, people: int, then: Step[HouseholdTalk] | None = None
) -> Reading:
    """Read a day on which all fit; `days` = some that do."""
    wanted, _is_free = typed_times.day_meant(talk_of(talk), typed, days)
    if wanted is None and days and asks_the_soonest(typed):
        wanted = LocalDay(days[0])
    if wanted is None:
        return None
    if wanted.date in days or of_day(talk, wanted.date, people=people):
        return Taken({"when": TimeDraft(day=wanted.date.isoformat())}, then=then)
    return Unclear(_("There is no time for {n} together on {day}. Please choose another day.", n=people, day=wanted))


def chosen_places(talk: HouseholdTalk) -> TogetherAt | None:
    """The chosen places as they are now; None where one of them cannot be booked any more."""
    when = talk.draft.when
    slot_ids = [int(when.time), *when.others] if when.time else []
    found = [capacity.slot(talk.desk, each, service_id=talk.draft.service) for each in slot_ids]
    there = tuple(each for each in found if each is not None)
    return TogetherAt(there) if there and len(there) == len(found) else None


def clock(slot: FreeSlot) -> ClockTime:
    """The local time at which one of them begins."""
    return LocalMoment(slot.starts_at, slot.zone).clock


def clock_of(together: TogetherAt) -> ClockTime:
    """The local time at which they begin."""
    return clock(together.first)


def wish_of(talk: HouseholdTalk) -> StandingWish:
    """What they wait for: any day at this office, but the day of the week of the time that does not suit them."""
    wishes = WishDraft(offices=[talk.draft.where.office or 0])
    if talk.draft.not_like:
        wishes.leave_out(str(LocalDay(date.fromisoformat(talk.draft.not_like)).weekday))
    return wishes.wish(today=talk.desk.today)


def offers(talk: HouseholdTalk, office_id: int, province_code: str) -> bool:
    """Whether this office offers the service."""
    offering = capacity.offices_in(talk.desk, province_code, service_id=talk.draft.service)
    return any(row.id == office_id for row in offering)
