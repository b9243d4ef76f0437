"""The messages to people who are at the office: they are in the line, their place comes near, a counter calls them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from desk.appointments.models import Appointment
from desk.appointments.notices import about
from desk.calendar import local_day_of
from desk.conversations.models import Conversation
from desk.line.entries import entries, entries_of, entry_of, rules_of
from desk.line.history import LineEvent
from desk.line.queries import waiting_in_order
from desk.line.rows import Entry
from desk.line.rules import EntryState, LineNotice, is_near
from desk.offices.models import Office
from desk.outbox.actions import drop, enqueue
from desk.outbox.queries import was_sent
from desk.outbox.rules import Recipient
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_CALLS = frozenset({LineEvent.CALLED, LineEvent.CALLED_AGAIN, LineEvent.TO_COUNTER})
STAYED = timedelta(minutes=5)
"""Who came so lately has just read their place, and is not told that it is near."""

_appointments, _chats, _offices = table_of(Appointment), table_of(Conversation), table_of(Office)
_TO = (
    select(_appointments.c.id, _chats.c.channel, _chats.c.bot, _appointments.c.conversation_id)
    .join(_chats, _chats.c.id == _appointments.c.conversation_id)
    .where(_appointments.c.id.in_(bindparam("appointments", expanding=True)))
)
_LINE_OF = (
    select(*entries.c["office_id", "day"], _offices.c.zone)
    .join(_offices, _offices.c.id == entries.c.office_id)
    .where(entries.c.appointment_id == bindparam("appointment"))
)


def tell_here(session: WriteSession, *, appointment_id: int, now: datetime) -> None:
    """Say that they are in the line."""
    entry = entry_of(session, appointment_id=appointment_id)
    if entry is not None and entry.state is EntryState.HERE:
        _tell(session, [(entry, here_key(entry), LineNotice.HERE)], now=now)


def tell_gone(session: WriteSession, *, appointment_id: int, now: datetime) -> None:
    """Say that the office took the arrival back, where it was told; what was not sent is withdrawn."""
    entry = entry_of(session, appointment_id=appointment_id)
    if entry is None:
        return
    told = was_sent(session, idem_keys=[here_key(entry)])
    drop(session, about=about(appointment_id), notices=[LineNotice.HERE, LineNotice.SOON, LineNotice.CALLED])
    if told:
        key = f"line_gone:{appointment_id}:{entry.steps}"
        _tell(session, [(entry, key, LineNotice.GONE)], now=now)


def tell_of_step(session: WriteSession, *, kind: LineEvent, appointment_id: int, now: datetime) -> None:
    """Tell who is called, and whose place has come near by this step."""
    if kind in _CALLS:
        _tell_called(session, appointment_id=appointment_id, now=now)
    if kind is not LineEvent.CALLED_AGAIN:
        tell_soon(session, appointment_id=appointment_id, now=now)


def _tell_called(session: WriteSession, *, appointment_id: int, now: datetime) -> None:
    """Say which counter calls them; each call once."""
    entry = entry_of(session, appointment_id=appointment_id)
    if entry is not None and entry.state is EntryState.CALLED:
        key = f"line_called:{appointment_id}:{entry.steps}"
        _tell(session, [(entry, key, LineNotice.CALLED)], now=now)


def tell_soon(session: WriteSession, *, appointment_id: int, now: datetime) -> None:
    """Tell everybody in the line of this appointment whose place has come near; each once for each time they line up.

    What is recorded of a day that is over moves nobody.
    """
    line = session.execute(_LINE_OF, {"appointment": appointment_id}).one_or_none()
    if line is None or line.day != local_day_of(now, zone=line.zone).date:
        return
    rules = rules_of(session, office_id=line.office_id)
    ordered = waiting_in_order(entries_of(session, office_id=line.office_id, day=line.day), rules, now=now)
    near = [
        each
        for place, each in enumerate(ordered, 1)
        if is_near(each, place=place, now=now, rules=rules) and each.came_at <= now - STAYED
    ]
    _tell(session, [(each, _soon_key(each), LineNotice.SOON) for each in near], now=now)


def here_key(entry: Entry) -> str:
    """The outbox key of the message that this arrival is recorded."""
    return f"line_here:{entry.appointment_id}:{int(entry.came_at.timestamp())}"


def _soon_key(entry: Entry) -> str:
    return f"line_soon:{entry.appointment_id}:{int(entry.lines_up_at.timestamp())}"


def _tell(session: WriteSession, messages: Collection[tuple[Entry, str, LineNotice]], *, now: datetime) -> None:
    """Write these messages for those who have a chat."""
    if not messages:
        return
    chats = _chats_of(session, [entry.appointment_id for entry, _key, _notice in messages])
    for entry, key, notice in messages:
        to = chats.get(entry.appointment_id)
        if to is None:
            continue
        params: dict[str, Any] = {"appointment": entry.appointment_id}
        enqueue(
            session,
            idem_key=key,
            to=to,
            notice=notice,
            params=params,
            about=about(entry.appointment_id),
            due_at=now,
            now=now,
        )


def _chats_of(session: WriteSession, appointment_ids: Collection[int]) -> dict[int, Recipient]:
    found = session.execute(_TO, {"appointments": sorted(appointment_ids)})
    return {row.id: Recipient(row.channel, row.bot, row.conversation_id) for row in found}
