"""The states of a booked appointment, what may be done in each, and when people are reminded."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from desk.calendar import instant_of, local_day_of
from desk.outbox.quiet import after_the_night, before_the_night
from desk.outbox.rules import NoticeKind
from desk.values import LocalMoment


class AppointmentState(StrEnum):
    """The states of an appointment; from SERVED on, what a named clerk recorded or who cancelled."""

    BOOKED = "booked"
    ARRIVED = "arrived"
    SERVED = "served"
    COME_BACK = "come_back"
    ABSENT = "absent"
    CANCELLED_BY_PERSON = "cancelled_by_person"
    CANCELLED_BY_OFFICE = "cancelled_by_office"


class AppointmentNotice(NoticeKind):
    """The notices about an appointment."""

    TICKET = "ticket"
    REMINDER = "reminder"
    CANCELLED = "cancelled_by_office"
    MOVED = "moved_by_office"
    LET_GO = "proposal_let_go"
    """No answer came to a proposed time, and its place goes to somebody else."""
    NAMED_AGAIN = "named_again"
    FALLEN = "fallen"
    ASSISTANCE = "assistance"
    """What the office answered to what was wished for."""
    TICKET_CHANGED = "ticket_changed"
    """No message of its own: what was sent about the appointment before is edited, so that it says what is so now."""


class AssistanceState(StrEnum):
    """What became of something that was wished for at the counter."""

    ASKED = "asked"
    """The office sees it and has said nothing."""
    ARRANGED = "arranged"
    CANNOT = "cannot"


class ProposalState(StrEnum):
    """The states of a time that the office proposes for one that it took away."""

    OPEN = "open"
    """The person is asked, and the place is kept until `answer_until`."""
    STANDS = "stands"
    """Nobody can be asked in time: the place is the person's without an answer."""
    ACCEPTED = "accepted"
    CHANGED = "changed"
    """The person chose another time."""
    GIVEN_BACK = "given_back"
    LAPSED = "lapsed"
    """No answer came, and the place went on."""
    WITHDRAWN = "withdrawn"
    """The office changed or cancelled it again."""


UNANSWERED = frozenset({ProposalState.OPEN, ProposalState.STANDS})

TIME_TO_ANSWER = timedelta(hours=2)
"""A time that leaves less than this to answer is not asked about: it stands."""

HOLDS_A_PLACE = frozenset(
    {
        AppointmentState.BOOKED,
        AppointmentState.ARRIVED,
        AppointmentState.SERVED,
        AppointmentState.COME_BACK,
        AppointmentState.ABSENT,
    }
)
"""States counted in `capacity - remaining`: an appointment of the past keeps its place in the count of its day."""

LIVE = frozenset({AppointmentState.BOOKED, AppointmentState.ARRIVED})
"""States of an appointment that is to come or under way; one of these per person and service."""


CANCELLED = frozenset({AppointmentState.CANCELLED_BY_PERSON, AppointmentState.CANCELLED_BY_OFFICE})
"""States in which the place was given back."""

MORNING = 8 * 60
"""When a chat is told the next day that its appointment fell, in minutes after local midnight."""

EVENING = 18 * 60
"""When the reminder of the evening before is sent, in minutes after local midnight."""

SHORTLY_BEFORE = timedelta(hours=2)
"""How long before the appointment the second reminder is sent."""

EVENING_BEFORE = "evening"
SHORTLY = "shortly"
"""The names of the two reminders."""
ASKING = "asking"
"""The name of the question some days before, which is a reminder too."""

ASKED_FROM = 10 * 60
ASKED_UNTIL = 20 * 60
"""When people are asked whether they come, in minutes after local midnight."""


def is_ahead(state: AppointmentState, starts_at: datetime, *, now: datetime) -> bool:
    """Whether an appointment is still to come, so that it can be changed, cancelled and reminded of."""
    return state is AppointmentState.BOOKED and starts_at > now


def may_correct_name(day: date, *, zone: str, now: datetime) -> bool:
    """Whether the name may still be corrected: until the day before, when the office has not made its list yet."""
    return local_day_of(now, zone=zone).date < day


def fall_is_told_at(fell_at: datetime, starts_at: datetime, *, zone: str) -> datetime:
    """When the chat is told that its appointment fell, because somebody else held the paper.

    At once only where its person may be on the way soon; else the next morning. It says that the other stands at a
    counter at this moment, and who named their number may be somebody they fear.
    """
    if starts_at <= fell_at + timedelta(days=1):
        return fell_at
    return instant_of(local_day_of(fell_at, zone=zone).plus(1), minutes=MORNING, zone=zone)


def answer_until(starts_at: datetime, *, zone: str, now: datetime) -> datetime | None:
    """Until when a proposed time is kept without an answer: the evening before it, which lies before the night.

    None = there is too little time to answer, reckoned from the end of the night.
    """
    evening = instant_of(local_day_of(starts_at, zone=zone).plus(-1), minutes=EVENING, zone=zone)
    return evening if evening - after_the_night(now, zone=zone) >= TIME_TO_ANSWER else None


def times_proposed(state: ProposalState | None, nth: int | None) -> int:
    """How many times the office has proposed without an answer between them, by the proposal of the present time."""
    return nth or 0 if state in UNANSWERED else 0


def is_asked_now(now: datetime, *, zone: str) -> bool:
    """Whether people of offices in this zone may be asked at this hour whether they come."""
    return ASKED_FROM <= LocalMoment(now, zone).clock.minutes < ASKED_UNTIL


def is_said_on_the_day(starts_at: datetime, *, zone: str) -> bool:
    """Whether the second reminder is sent on the day itself; a late first reminder would then repeat it."""
    shortly = before_the_night(starts_at - SHORTLY_BEFORE, zone=zone)
    return local_day_of(shortly, zone=zone) == local_day_of(starts_at, zone=zone)


def reminders(starts_at: datetime, *, zone: str, now: datetime) -> list[tuple[str, datetime]]:
    """The reminders still to come, each with its name and its instant (UTC): `evening`, then `shortly`.

    None is sent at night. A second reminder that would be is sent before the night instead, and left out where the
    first one is sent that evening.
    """
    eve = local_day_of(starts_at, zone=zone).plus(-1)
    evening = instant_of(eve, minutes=EVENING, zone=zone)
    shortly = before_the_night(starts_at - SHORTLY_BEFORE, zone=zone)
    planned = [(EVENING_BEFORE, evening)]
    if evening <= now or local_day_of(shortly, zone=zone) != eve:
        planned.append((SHORTLY, shortly))
    return [(which, due_at) for which, due_at in planned if due_at > now]
