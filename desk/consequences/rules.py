"""The words of a consequences sheet: what was changed, what each person may do, and whether the news reached them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from enum import StrEnum

from desk.outbox.rules import NoticeKind
from desk.outbox.rules import State as Delivery

AT_ONCE = 50
"""People whose appointments are carried on in one transaction; it then lasts well below a second."""


class Kind(StrEnum):
    """What was changed."""

    HOLIDAY = "holiday"
    DAY = "day"
    RULE = "rule"
    QUEUE = "queue"
    OFFICE = "office"
    SERVICE = "service"
    ADDRESS = "address"
    FOUND = "found"
    """Nobody asked first: an appointment whose time was found closed, such as by holidays that a seed brought."""


class Why(StrEnum):
    """What befell an appointment."""

    CLOSED = "closed"
    """Its time is no longer open, or nobody serves it there."""
    OVER = "over"
    """Its time is open, with fewer places than people."""
    ADDRESS = "address"
    """The time stands; the office is elsewhere."""


class Notice(NoticeKind):
    """What is told of an appointment that keeps its time: it stands although something changed, or the office is
    elsewhere."""

    KEPT = "kept_by_office"
    OFFICE_MOVED = "office_moved"


class Remedy(StrEnum):
    """What is to become of an appointment that is hit."""

    KEEP = "keep"
    MOVE = "move"
    """To the nearest free time; where there is none it is cancelled, with the same words."""
    CANCEL = "cancel"
    TELL = "tell"
    """Nothing changes but what the person has to know."""


class Step(StrEnum):
    """How far one appointment is."""

    OPEN = "open"
    """Nobody has decided yet."""
    WAITING = "waiting"
    KEPT = "kept"
    MOVED = "moved"
    CANCELLED = "cancelled"
    TOLD = "told"
    LEFT = "left"
    """Meanwhile it was changed, cancelled or over, by the person or at the counter."""


class Way(StrEnum):
    """How staff told somebody whom no message reached."""

    PHONE = "phone"
    COUNTER = "counter"


class Reached(StrEnum):
    """Whether somebody knows."""

    TOLD = "told"
    ON_THE_WAY = "on_the_way"
    NOT_REACHED = "not_reached"
    NOT_NEEDED = "not_needed"


def remedies(kind: Kind) -> tuple[Remedy, ...]:
    """What may be done after a change of this kind, the likeliest first."""
    match kind:
        case Kind.ADDRESS:
            return (Remedy.TELL,)
        case Kind.SERVICE:
            return (Remedy.CANCEL, Remedy.KEEP)  # no time of the service can be booked any more
        case _:
            return (Remedy.MOVE, Remedy.KEEP, Remedy.CANCEL)


def fingerprint(appointments: Iterable[tuple[int, int]]) -> str:
    """A short sign of a set of appointments and their slots: it differs as soon as somebody else is hit."""
    told = ",".join(f"{appointment}:{slot}" for appointment, slot in sorted(appointments))
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def reached(
    *,
    step: Step,
    why: Why,
    has_chat: bool,
    has_message: bool,
    delivery: Delivery | None,
    is_told: bool,
    is_overtaken: bool = False,
) -> Reached:
    """Whether the person of an appointment knows; `delivery` None = no such message is kept (any more).

    `is_overtaken`: what they were to hear is not true any more. Nobody may be told it; a later change tells its own.
    """
    if is_told:
        return Reached.TOLD
    if step is Step.LEFT or (is_overtaken and delivery is not Delivery.SENT):
        return Reached.NOT_NEEDED
    if step in (Step.OPEN, Step.WAITING):
        return Reached.ON_THE_WAY if has_chat and step is Step.WAITING else Reached.NOT_REACHED
    if not has_message:
        # Nothing is different for somebody who keeps a place at a time that stays open.
        return Reached.NOT_NEEDED if step is Step.KEPT and why is Why.OVER else Reached.NOT_REACHED
    match delivery:
        case Delivery.OPEN | Delivery.CLAIMED:
            return Reached.ON_THE_WAY
        case Delivery.DEAD:
            return Reached.NOT_REACHED
        case Delivery.SENT:
            return Reached.TOLD
        case _:
            return Reached.NOT_NEEDED  # dropped as no longer true, or forgotten long after
