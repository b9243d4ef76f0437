"""Looks for everything by which a case under «nobody contacts me» could be joined to a chat, from one copy alone.

Each finding names the two rows. What was never written cannot be found, so this looks at what a mistake would write:
moments, ids, keys, states, messages, events and, on PostgreSQL, the transaction of a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, String, Table, Text, bindparam, cast, literal, select, text
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.cases.categories import DANGER
from desk.cases.models import Case, CaseEntry
from desk.cases.nameless import beginning_of_day
from desk.cases.rules import Contact
from desk.cases.stored import code_of
from desk.conversations.addresses import STATE
from desk.conversations.models import Conversation, HeardUpdate
from desk.deadlines.models import Deadline
from desk.events.models import Event
from desk.outbox.models import OutboxMessage
from desk.storage.base import keys_of
from desk.storage.upsert import table_of

_cases, _entries, _deadlines = table_of(Case), table_of(CaseEntry), table_of(Deadline)
_events, _chats, _heard = table_of(Event), table_of(Conversation), table_of(HeardUpdate)
_messages, _appointments = table_of(OutboxMessage), table_of(Appointment)

NEAR = 1000
"""Ids that differ by less were drawn by a counter."""
BY_CHANCE = re.compile(r"nobody:(old:)?[0-9a-f]{32}")
"""The key of a nameless case; «old» = it was filed when ids were still drawn by a counter."""
READ = ".read"
"""The end of the kind of events that say who of the staff looked, and when; they are written long after."""
_NUMBER = re.compile(r"\d{6,}")
_NAMELESS = _cases.c.contact == Contact.NOBODY
_IDS = select(_cases.c.id).where(_NAMELESS)
_CASES_OF_CHATS = {_chats: "conversation", _heard: "update", _messages: "message", _appointments: "appointment"}
"""What a chat leaves, by its name in a finding."""

_SAME_TRANSACTION = text("""
    SELECT c.id AS case_row, min(h.id) AS update_row FROM cases c JOIN heard_updates h ON h.xmin = c.xmin
    WHERE c.contact = 'nobody' AND c.severity < :danger GROUP BY c.id HAVING count(*) = 1
    UNION ALL
    SELECT e.case_id, min(h.id) FROM case_entries e JOIN cases c ON c.id = e.case_id JOIN heard_updates h
    ON h.xmin = e.xmin WHERE c.contact = 'nobody' AND c.severity < :danger GROUP BY e.case_id HAVING count(*) = 1
""")
"""A chat writes one update in a transaction; many of one transaction were copied by a migration or a restore."""


def links(session: Session) -> Iterator[str]:
    """What was found, as `column=value`; nothing = no case under nobody can be joined to a chat."""
    yield from _moments(session)
    yield from _keys(session)
    yield from _neighbours(session)
    yield from _named_beside_a_chat(session)
    if session.get_bind().dialect.name == "postgresql":
        # Danger is exempt by name: it is written at once, in the transaction of its chat.
        for case_id, update_id in session.execute(_SAME_TRANSACTION, {"danger": DANGER}):
            yield f"case={case_id} transaction_of_update={update_id}"


def _rows_of_time() -> Iterator[tuple[str, Select[Any]]]:
    """The moments of nameless cases and of all that belongs to them."""
    yield "case", select(_cases.c.id, *_moments_of(_cases)).where(_NAMELESS)
    yield "case", select(_entries.c.case_id, *_moments_of(_entries)).where(_entries.c.case_id.in_(_IDS))
    of_cases = (_deadlines.c.subject == "cases", _deadlines.c.subject_id.in_(_IDS))
    started = [_deadlines.c[name] for name in ("started_at", "due_at", "met_at", "dropped_at")]
    yield "case", select(_deadlines.c.subject_id, *started).where(*of_cases)
    about = select(literal("case:") + cast(_cases.c.id, String)).where(_NAMELESS)
    told = _events.c.subject.in_(about), ~_events.c.kind.endswith(READ, autoescape=True)
    yield "event", select(_events.c.subject, _events.c.at).where(*told)


def _moments_of(table: Table) -> list[Column[Any]]:
    return [column for column in table.c if column.name.endswith("_at") or column.name == "at"]


def _moments(session: Session) -> Iterator[str]:
    days: set[datetime] = set()
    for name, rows in _rows_of_time():
        for row in session.execute(rows):
            of, *moments = row
            for moment in moments:
                if moment is None:
                    continue
                days.add(moment)
                # Events of before are sealed with their moments.
                if name != "event" and moment != beginning_of_day(moment):
                    yield f"{name}={of} exact_moment={moment.isoformat()}"
    asked: ColumnElement[Any] = bindparam("days", expanding=True)
    for table, name in _CASES_OF_CHATS.items():
        for column in _moments_of(table):
            same = select(table.c.id, column).where(column.in_(asked)) if days else None
            for id, moment in session.execute(same, {"days": sorted(days)}) if same is not None else ():
                yield f"{name}={id} same_moment={moment.isoformat()}"


def _keys(session: Session) -> Iterator[str]:
    for id, key in session.execute(select(_cases.c.id, _cases.c.idem_key).where(_NAMELESS)):
        if BY_CHANCE.fullmatch(key) is None:
            yield f"case={id} key={key}"
    kept = select(_entries.c.case_id, _entries.c.idem_key).where(
        _entries.c.case_id.in_(_IDS), _entries.c.idem_key.is_not(None), _entries.c.staff_id.is_(None)
    )
    for id, key in session.execute(kept):
        yield f"case={id} key_of_entry={key}"


def _neighbours(session: Session) -> Iterator[str]:
    new_ids = _IDS.where(~_cases.c.idem_key.startswith("nobody:old:"))
    other = _cases.alias("other"), _entries.alias("other"), _deadlines.alias("other")
    of_cases = (_deadlines.c.subject == "cases", _deadlines.c.subject_id.in_(new_ids))
    for table, beside, name, which in (
        (_cases, other[0], "case", (_cases.c.id.in_(new_ids),)),
        (_entries, other[1], "entry", (_entries.c.case_id.in_(new_ids),)),
        (_deadlines, other[2], "deadline", of_cases),
    ):
        near = beside.c.id.between(table.c.id - NEAR, table.c.id + NEAR), beside.c.id != table.c.id
        found = select(table.c.id, beside.c.id).join(beside, near[0] & near[1]).where(*which)
        for id, neighbour in session.execute(found):
            yield f"{name}={id} neighbour={neighbour}"


def _named_beside_a_chat(session: Session) -> Iterator[str]:
    """States of chats and messages to them that hold the code or the id of a nameless case, or of its entries."""
    known: dict[str, int] = {}
    keys = keys_of(session)
    for id, sealed in session.execute(select(_cases.c.id, _cases.c.code_sealed).where(_NAMELESS)):
        known |= {code_of(keys, sealed, id=id).digits: id, str(id): id}
    known |= {str(id): case_id for id, case_id in session.execute(_ENTRIES)}
    if not known:
        return
    # What is private is forgotten after a day, and until then somebody may be looking.
    states = ((id, (str(keys.open_sealed(sealed, column=STATE, row=id)),)) for id, sealed in session.execute(_STATES))
    messages = ((id, held) for id, *held in session.execute(_MESSAGES))
    for name, rows in (("conversation", states), ("message", messages)):
        for id, told in rows:
            for number in {number for each in told if each for number in _NUMBER.findall(each)} & known.keys():
                yield f"{name}={id} names_case={known[number]}"


_ENTRIES = select(_entries.c.id, _entries.c.case_id).where(_entries.c.case_id.in_(_IDS))
_STATES = select(_chats.c.id, _chats.c.state_sealed).where(_chats.c.is_unfinished, _chats.c.private_since.is_(None))
_MESSAGES = select(_messages.c.id, cast(_messages.c.params, Text), _messages.c.about, _messages.c.idem_key)
