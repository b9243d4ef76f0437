"""The entries of a case as staff read them, with the delivery of messages to the person."""

from __future__ import annotations

from dataclasses import dataclass

from backoffice.cases.wording import CASE_STATES, CLOSE_REASONS
from backoffice.layout.badge import Badge
from backoffice.outbox.wording import DELIVERIES, not_delivered
from desk.calendar import day_or_moment, local_day_of
from desk.cases.rows import CaseThread, EntryRow
from desk.cases.rules import CaseState, CloseReason, EntryKind
from desk.language.text import Param, Text, words
from desk.outbox.rows import Delivery
from desk.outbox.rules import DeliveryState
from desk.values import LocalDay, LocalMoment

_ = words("case")

ON_ITS_WAY = frozenset({DeliveryState.OPEN, DeliveryState.CLAIMED})


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """The delivery of a message; `is_moving` = it may change soon."""

    entry_id: int
    badge: Badge
    reason: Param | None
    at: LocalDay | None
    is_moving: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One line of the thread."""

    entry: EntryRow
    side: str
    """person, desk, note or event: how the page draws it."""
    who: Text | str
    at: LocalDay | LocalMoment
    event: Text | None
    told: SentMessage | None
    has_voice: bool
    is_new: bool
    """True = it was written while the reader was writing."""


def lines_of(thread: CaseThread, *, reader_id: int, new_after: int | None = None) -> list[Said]:
    """The thread in order, as `reader_id` reads it; entries after `new_after` are marked as new."""
    return [_line(thread, entry, reader_id=reader_id, new_after=new_after) for entry in thread.entries]


def _line(thread: CaseThread, entry: EntryRow, *, reader_id: int, new_after: int | None) -> Said:
    sides = {EntryKind.SAID: "person", EntryKind.REPLY: "desk", EntryKind.NOTE: "note"}
    delivery = thread.delivery.get(entry.id)
    return Said(
        entry=entry,
        side=sides.get(entry.kind, "event"),
        who=_who(entry),
        at=day_or_moment(entry.at),
        event=_event(thread, entry, reader_id=reader_id),
        told=told_of(entry.id, delivery) if delivery else None,
        has_voice=bool(entry.voice),
        is_new=new_after is not None and entry.place > new_after,
    )


def _who(entry: EntryRow) -> Text | str:
    if entry.staff_id is not None:
        return entry.staff_name or _("A colleague")
    return _("The desk") if entry.kind is EntryKind.ASSIGNED else _("The person")


def told_of(entry_id: int, delivery: Delivery) -> SentMessage:
    """The delivery of a message, with the reason of a failure."""
    is_trying_again = delivery.state is DeliveryState.OPEN and delivery.tries > 0
    badge = DELIVERIES[delivery.state]
    if is_trying_again:
        badge = Badge(_("Will be tried again"), "refresh", "warn")
    reason = None
    if delivery.reason and (delivery.state is DeliveryState.DEAD or is_trying_again):
        reason = not_delivered(delivery.reason)
    return SentMessage(
        entry_id=entry_id,
        badge=badge,
        reason=reason,
        at=local_day_of(delivery.sent_at) if delivery.sent_at else None,
        is_moving=delivery.state in ON_ITS_WAY,
    )


def _event(thread: CaseThread, entry: EntryRow, *, reader_id: int) -> Text | None:
    if entry.kind is EntryKind.STATE:
        state, reason = CaseState(entry.detail["to"]), entry.detail.get("reason")
        if state is CaseState.CLOSED and reason:
            return _("Closed: {reason}", reason=CLOSE_REASONS[CloseReason(reason)])
        return _("Now: {state}", state=CASE_STATES[state].label)
    if entry.kind is EntryKind.ASSIGNED:
        return _assigned(thread, entry, reader_id=reader_id)
    return None


def _assigned(thread: CaseThread, entry: EntryRow, *, reader_id: int) -> Text:
    to = entry.detail.get("to")
    if entry.detail.get("why"):
        return _("Free for everybody again: the colleague who had it no longer handles such cases")
    if to is None:
        return _("Given back to everybody")
    if to == entry.staff_id:
        return _("Took the case")
    if to == reader_id:
        return _("Gave the case to you")
    if to == thread.case.assigned_to and thread.case.assigned_name:
        return _("Gave the case to {name}", name=thread.case.assigned_name)
    return _("Gave the case to a colleague")
