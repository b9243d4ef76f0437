"""The parts of a day between which people choose where it has many free times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from bot.dialogue.questions import Option, Unclear
from desk.language.text import Text, words
from desk.values import ClockTime, LocalMoment

if TYPE_CHECKING:
    from desk.capacity.rows import FreeSlot

_ = words("times")

WHOLE_DAY: Final = "all"
"""The part in which every time lies: few times are shown at once."""
MOST_AT_ONCE: Final = 7

LABELS: Final[dict[str, Text]] = {
    "morning": _("🕘 In the morning"),
    "noon": _("🕘 At noon"),
    "afternoon": _("🕘 In the afternoon"),
}
NOON, AFTERNOON = 12 * 60, 14 * 60
"""Where the parts begin, in minutes after midnight."""


def clock_of(slot: FreeSlot) -> ClockTime:
    """The local time of the slot."""
    return LocalMoment(slot.starts_at, slot.zone).clock


def part_of(slot: FreeSlot) -> str:
    """The part of the day in which the slot begins."""
    minutes = clock_of(slot).minutes
    return "morning" if minutes < NOON else "noon" if minutes < AFTERNOON else "afternoon"


def parts_of(slots: Sequence[FreeSlot]) -> list[str]:
    """The parts with a slot, in their order; one alone, or few slots, are the whole day."""
    found = {part_of(slot) for slot in slots}
    return [WHOLE_DAY] if len(slots) <= MOST_AT_ONCE or len(found) < 2 else [part for part in LABELS if part in found]


def at_once(slot: FreeSlot) -> Option:
    """The option that chooses this slot, without asking for a part."""
    return Option(
        str(slot.slot_id),
        _("✅ At {time}", time=clock_of(slot)),
        sets={"part": part_of(slot), "time": str(slot.slot_id)},
    )


def within(part: str, slots: Sequence[FreeSlot]) -> list[FreeSlot]:
    """The slots of a part."""
    return [slot for slot in slots if part not in LABELS or part_of(slot) == part]


def meant(slots: Sequence[FreeSlot], start: int, end: int) -> FreeSlot | Unclear:
    """The only time in these hours; else which time is the first in them, or the nearest to them."""
    ordered = sorted(slots, key=lambda slot: clock_of(slot).minutes)
    found = [slot for slot in ordered if start <= clock_of(slot).hour < end]
    if len(found) == 1:
        return found[0]
    if found:
        return Unclear(_("The first free time then is {time}.", time=clock_of(found[0])))
    nearest = min(ordered, key=lambda slot: abs(2 * clock_of(slot).minutes - 60 * (start + end)))
    return Unclear(_("No time is free then. The nearest free time is {time}.", time=clock_of(nearest)))
