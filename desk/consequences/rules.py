"""The vocabularies of changes: what was changed, the remedies, the progress, and whether people were reached."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from enum import StrEnum

from desk.outbox.rules import DeliveryState, NoticeKind

MOST_PROPOSED = 2
"""How often a time is proposed for an appointment without an answer; then the person is asked to choose."""

AT_ONCE = 50
"""Appointments handled in one transaction, which then takes well below a second."""


class ChangeKind(StrEnum):
    """What was changed."""

    HOLIDAY = "holiday"
    DAY = "day"
    RULE = "rule"
    QUEUE = "queue"
    OFFICE = "office"
    SERVICE = "service"
    ADDRESS = "address"
    FOUND = "found"
    """Nobody confirmed it: an appointment whose slot was found closed, such as by holidays of the seed."""
    STATUS = "status"
    """A service was taken from one office."""


class Why(StrEnum):
    """In what way an appointment is affected."""

    CLOSED = "closed"
    """Its slot is closed, or the service is no longer given there."""
    OVER = "over"
    """Its slot is open, with fewer places than people."""
    ADDRESS = "address"
    """The time stays; the office has a new address."""


class ChangeNotice(NoticeKind):
    """The notices about an appointment that keeps its time: it stands after a change, or the office has moved."""

    KEPT = "kept_by_office"
    OFFICE_MOVED = "office_moved"


class Remedy(StrEnum):
    """The remedies for an affected appointment."""

    KEEP = "keep"
    MOVE = "move"
    """Propose the nearest free slot and keep its place; where there is none it is cancelled, with the same reason."""
    CANCEL = "cancel"
    TELL = "tell"
    """Only tell the person."""


class Progress(StrEnum):
    """The progress of one affected appointment."""

    OPEN = "open"
    """No remedy is chosen yet."""
    WAITING = "waiting"
    KEPT = "kept"
    MOVED = "moved"
    CANCELLED = "cancelled"
    TOLD = "told"
    LEFT = "left"
    """It was changed, cancelled or over meanwhile, by the person or at the counter, or its time is open again."""


class Way(StrEnum):
    """How staff told a person whom no message reached."""

    PHONE = "phone"
    COUNTER = "counter"


class Reached(StrEnum):
    """Whether a person was reached."""

    TOLD = "told"
    ON_THE_WAY = "on_the_way"
    NOT_REACHED = "not_reached"
    NOT_NEEDED = "not_needed"


def remedies(kind: ChangeKind) -> tuple[Remedy, ...]:
    """The remedies that fit a change of this kind, the likeliest first."""
    match kind:
        case ChangeKind.ADDRESS:
            return (Remedy.TELL,)
        case ChangeKind.SERVICE:
            return (Remedy.CANCEL, Remedy.KEEP)  # the service can no longer be booked
        case ChangeKind.STATUS:
            return (Remedy.MOVE, Remedy.CANCEL)  # nobody may serve them there
        case _:
            return (Remedy.MOVE, Remedy.KEEP, Remedy.CANCEL)


def fingerprint(appointments: Iterable[tuple[int, int]]) -> str:
    """A hash of a set of appointments and their slots; it differs as soon as the set does."""
    told = ",".join(f"{appointment}:{slot}" for appointment, slot in sorted(appointments))
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def reached(
    *,
    step: Progress,
    why: Why,
    has_chat: bool,
    has_message: bool,
    delivery: DeliveryState | None,
    is_told: bool,
    is_overtaken: bool = False,
) -> Reached:
    """Whether the person of an appointment was reached; `delivery` None = no message about it is kept.

    `is_overtaken`: the message is outdated. Nobody is to be told it; a later change has a message of its own.
    """
    if is_told:
        return Reached.TOLD
    if step is Progress.LEFT or (is_overtaken and delivery is not DeliveryState.SENT):
        return Reached.NOT_NEEDED
    if step is Progress.WAITING:
        return Reached.ON_THE_WAY  # also without a chat: what staff could tell is not decided, or may be taken back
    if step is Progress.OPEN:
        return Reached.NOT_REACHED
    if not has_message:
        # Nothing changes for a person who keeps a place at a time that stays open.
        return Reached.NOT_NEEDED if step is Progress.KEPT and why is Why.OVER else Reached.NOT_REACHED
    match delivery:
        case DeliveryState.OPEN | DeliveryState.CLAIMED:
            return Reached.ON_THE_WAY
        case DeliveryState.DEAD:
            return Reached.NOT_REACHED
        case DeliveryState.SENT:
            return Reached.TOLD
        case _:
            return Reached.NOT_NEEDED  # dropped as outdated, or deleted long after
