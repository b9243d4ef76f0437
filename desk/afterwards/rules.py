"""What is asked after a visit, what an answer counts as, what clashes with the rules, and which counts are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from desk.appointments.rules import AppointmentState
from desk.calendar import SolarDate, local_day_of, month_length
from desk.outbox.quiet import is_quiet
from desk.outbox.rules import NoticeKind
from desk.values import LocalMoment, Money


class AfterNotice(NoticeKind):
    """The notice that asks."""

    ASK = "after_visit"


class Respect(StrEnum):
    """How the person was treated; each stands for a face."""

    GOOD = "good"
    SO_SO = "so_so"
    BAD = "bad"


class Clash(StrEnum):
    """What an answer says against the clerk's record, the fee or the rules, the gravest first."""

    OVERCHARGED = "overcharged"
    COPY = "copy"
    DISRESPECT = "disrespect"
    NO_RECEIPT = "no_receipt"
    RECORDED_OTHERWISE = "recorded_otherwise"
    """The clerk recorded another sum or receipt; not beside the two above, whose complaint says the same."""
    NOT_SERVED = "not_served"
    """The clerk recorded that it was done."""
    UNMARKED = "unmarked"
    """The receipt lacked the code of the office or the name of the service."""


VISITED = (AppointmentState.SERVED, AppointmentState.COME_BACK)
"""The states of a visit that is asked about."""

OPEN_FOR = timedelta(days=7)
"""How long a question can be answered; for as long its chat is asked nothing else."""
ASKED_BY = timedelta(days=1)
"""How late a visit is asked about: until the evening of the next day, where its outcome was recorded late."""
USUAL_HOUR = 18 * 60
"""When people are asked where their province says nothing else, in minutes after local midnight."""
EARLIEST, LATEST = 15 * 60, 20 * 60
"""The hours among which a province chooses: after the visit, and some time before the night."""

FEWEST = 5
"""A smaller count is not shown: it could lead to somebody."""
MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class RecordedMoney:
    """What the clerk recorded of the money: what was paid (None = it does not say), and whether a receipt was given."""

    paid: Money | None
    has_receipt: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What somebody said of a visit; None = nothing, or it was not asked."""

    served: bool | None = None
    overpaid: bool | None = None
    """More than the fee of that day; None also where none was announced."""
    receipt: bool | None = None
    """The orange receipt; at other places than a counter office any receipt."""
    marked: bool | None = None
    """The receipt had the code of the office and the name of the service."""
    copy: bool | None = None
    respect: Respect | None = None
    elsewhere: bool | None = None
    """The person had to go elsewhere."""
    otherwise: bool | None = None
    """The clerk's record of the closing says something else; None = there is none, or nothing to compare."""

    @property
    def is_empty(self) -> bool:
        return self == Answers()


ALL_WELL = Answers(served=True, receipt=True, marked=True, copy=False, respect=Respect.GOOD, elsewhere=False)
"""What «all was well» says, without what was paid."""


def clashes(answers: Answers, *, recorded: AppointmentState) -> tuple[Clash, ...]:
    """What of the answers a complaint can be about, the gravest first."""
    found = {
        Clash.OVERCHARGED: answers.overpaid is True,
        Clash.COPY: answers.copy is True,
        Clash.DISRESPECT: answers.respect is Respect.BAD,
        Clash.NO_RECEIPT: answers.receipt is False,
        Clash.RECORDED_OTHERWISE: answers.otherwise is True
        and answers.overpaid is not True
        and answers.receipt is not False,
        Clash.NOT_SERVED: answers.served is False and recorded is AppointmentState.SERVED,
        Clash.UNMARKED: answers.marked is False,
    }
    return tuple(clash for clash, is_there in found.items() if is_there)


def differs(closing: RecordedMoney, *, paid: Money | None, receipt: bool | None) -> bool | None:
    """Whether the clerk's record of the closing says something else than the person; None = they say nothing alike."""
    found: list[bool] = []
    if paid is not None and closing.paid is not None:
        found.append(paid != closing.paid)
    if receipt is not None and (paid is None or paid.rial):
        found.append(receipt is not closing.has_receipt)
    return any(found) if found else None


def counted(answers: Answers, *, recorded: AppointmentState) -> dict[str, int]:
    """By how much each column of the counts grows; nothing where nothing was said."""
    if answers.is_empty:
        return {}
    was_served = answers.served if recorded is AppointmentState.SERVED else None
    said: dict[str, tuple[bool | None, str]] = {
        "served_told": (None if was_served is None else not was_served, "not_served"),
        "paid_told": (answers.overpaid, "overpaid"),
        "receipt_told": (None if answers.receipt is None else not answers.receipt, "no_receipt"),
        "marked_told": (None if answers.marked is None else not answers.marked, "unmarked"),
        "copy_told": (answers.copy, "copied"),
        "respect_told": (None if answers.respect is None else answers.respect is Respect.BAD, "disrespected"),
        "elsewhere_told": (answers.elsewhere, "sent_elsewhere"),
        "compared": (answers.otherwise, "recorded_otherwise"),
    }
    grows = {"answered": 1}
    for told, (is_so, column) in said.items():
        if is_so is not None:
            grows |= {told: 1, column: int(is_so)}
    return grows


def is_open(asked_on: date, *, today: date) -> bool:
    """Whether a question of that day can still be answered."""
    return today < asked_on + OPEN_FOR


def has_come(hour: int, *, now: datetime) -> bool:
    """Whether people are asked now where their province asks at this hour; never at night."""
    return not is_quiet(now) and LocalMoment(now).clock.minutes >= hour


def month_of(day: date) -> date:
    """The first day of the solar month of a visit: nothing finer is kept of when it was."""
    solar = SolarDate.from_date(day)
    return SolarDate(solar.year, solar.month, 1).to_date()


def last_day_of(month: date) -> date:
    """The last day of the solar month that begins on that day."""
    solar = SolarDate.from_date(month)
    return month + timedelta(days=month_length(solar.year, solar.month) - 1)


def is_final(month: date, *, today: date) -> bool:
    """Whether no answer can come any more: until then counts are not shown, since who watched them grow could tell
    whose answer it was."""
    return today >= last_day_of(month) + ASKED_BY + OPEN_FOR


def months_shown(now: datetime) -> list[date]:
    """The months that are final, the newest first."""
    today = local_day_of(now).date
    found: list[date] = []
    month = month_of(today)
    while len(found) < MONTHS_SHOWN:
        month = month_of(month - timedelta(days=1))
        if is_final(month, today=today):
            found.append(month)
    return found


def shown(count: int) -> int | None:
    """The count as it is shown; None = there are some, but fewer than `FEWEST`."""
    return count if count == 0 or count >= FEWEST else None
