"""The quiet hours of the night: reminders and other bulk messages are sent before or after them."""

from __future__ import annotations

from datetime import datetime

from desk.calendar import TEHRAN, instant_of, local_day_of
from desk.values import LocalMoment

QUIET_FROM = 21 * 60
QUIET_UNTIL = 7 * 60
"""The night, in minutes after local midnight; from the first minute until before the last."""
LAST_CALL = 20 * 60 + 30
"""When a message is sent that has to go out before the night, in minutes after local midnight."""


def is_quiet(moment: datetime, *, zone: str = TEHRAN) -> bool:
    """Whether it is night in this zone."""
    minutes = LocalMoment(moment, zone).clock.minutes
    return minutes >= QUIET_FROM or minutes < QUIET_UNTIL


def after_the_night(moment: datetime, *, zone: str = TEHRAN) -> datetime:
    """The moment itself, or the end of the night it lies in."""
    if not is_quiet(moment, zone=zone):
        return moment
    day = local_day_of(moment, zone=zone)
    late = LocalMoment(moment, zone).clock.minutes >= QUIET_FROM
    return instant_of(day.plus(1) if late else day, minutes=QUIET_UNTIL, zone=zone)


def before_the_night(moment: datetime, *, zone: str = TEHRAN) -> datetime:
    """The moment itself, or shortly before the night it lies in."""
    if not is_quiet(moment, zone=zone):
        return moment
    day = local_day_of(moment, zone=zone)
    late = LocalMoment(moment, zone).clock.minutes >= QUIET_FROM
    return instant_of(day if late else day.plus(-1), minutes=LAST_CALL, zone=zone)
