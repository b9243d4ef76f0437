"""Keeps the open complaints of a person who erases their data, without anything that leads to them.

Each is told anew under «nobody contacts me»: it waits with what else is told under a code (`desk.cases.arrivals`) and
is handed over some minutes later, danger at once, with another id and the day of the erasing. The case of before is
deleted, so that no row tells of both. The code stays: the person has it, and reads by it what the desk answers.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from desk.cases.arrivals import Act, Arrived, arrived_now, take_all
from desk.cases.facts import kept
from desk.cases.found_by import forget_words
from desk.cases.handing_over import arrive
from desk.cases.models import Case, CaseDraft, CaseEntry
from desk.cases.rules import CaseKind, CaseState, Contact, EntryKind
from desk.cases.stored import code_of, read_facts, read_text, read_voice
from desk.codes import TrackingCode
from desk.deadlines import actions as deadlines
from desk.parts import ErasedKind, Leaving
from desk.storage.base import WriteSession, keys_of
from desk.storage.encryption import random_id
from desk.storage.upsert import table_of
from desk.tombstones import actions as tombstones

_cases, _entries, _drafts = table_of(Case), table_of(CaseEntry), table_of(CaseDraft)
WAITS = frozenset({CaseState.RECEIVED, CaseState.WITH_UNIT, CaseState.IN_REVIEW})
"""The states in which the desk still owes the answer."""


def can_be_kept(session: Session, *, conversation_id: int) -> list[TrackingCode]:
    """The codes of the complaints of this chat that wait for an answer, the oldest first."""
    keys = keys_of(session)
    rows = session.execute(select(_cases.c.id, _cases.c.code_sealed).where(_waits(conversation_id)).order_by(_ORDER))
    return [code_of(keys, row.code_sealed, id=row.id) for row in rows]


def keep(session: WriteSession, leaving: Leaving) -> None:
    """Keep these complaints without a name; nothing of the chat leads to them any more, and no notice comes."""
    waiting = select(_cases).where(_waits(leaving.conversation_id)).order_by(_ORDER).with_for_update()
    for row in session.execute(waiting).all():
        code = code_of(session.keys, row.code_sealed, id=row.id)
        told = _told_anew(session, row, code=code, now=leaving.now)
        _delete(session, row.id)  # first: a case that is written at once has its code
        for each in told:
            arrive(session, each, code=code, category=row.category, now=leaving.now)
        tombstones.note(session, kind=ErasedKind.CASE, ids=[row.id])


_ORDER = _cases.c.created_at


def _waits(conversation_id: int) -> ColumnElement[bool]:
    return (
        (_cases.c.conversation_id == conversation_id)
        & (_cases.c.kind == CaseKind.COMPLAINT)
        & _cases.c.state.in_(sorted(WAITS))
    )


def _told_anew(session: WriteSession, row: Any, *, code: TrackingCode, now: datetime) -> list[Arrived]:
    """The complaint and all that the person added to it, in order, as told today under nobody."""
    keys = session.keys
    said = session.execute(
        select(*_entries.c["id", "text_sealed", "voice_sealed"])
        .where(_entries.c.case_id == row.id, _entries.c.kind == EntryKind.SAID)
        .order_by(_entries.c.place)
    ).all()
    words = [
        (read_text(keys, each.text_sealed, id=each.id), read_voice(keys, each.voice_sealed, id=each.id))
        for each in said
    ]
    text, voice = words[0] if words else (None, None)
    case_id = random_id()
    added = take_all(session, code=code)  # it waits for the case of before, which nobody would find any more
    filed = arrived_now(Act.FILED, case_id=case_id, now=now, text=text, voice=voice)
    more = [arrived_now(Act.ADDED, case_id=case_id, now=now, text=text, voice=voice) for text, voice in words[1:]]
    values = _values(row, code=code, facts=read_facts(keys, row.facts_sealed, id=row.id))
    return [replace(filed, case=values), *more, *(replace(each, case_id=case_id) for each in added)]


def _values(row: Any, *, code: TrackingCode, facts: dict[str, str]) -> dict[str, Any]:
    """The columns of the new case; what leads to the person is left out."""
    same = ("category", "severity", "office_id", "handler_office_id", "handler_province_code", "service_id")
    return {
        "code": code.digits,
        "kind": CaseKind.COMPLAINT,
        **{name: getattr(row, name) for name in same},
        "happened_on": row.happened_on,
        "paid_rial": row.paid_rial,
        "facts": kept(row.category, facts, contact=Contact.NOBODY),
        "contact": Contact.NOBODY,
        "name": None,
        "conversation_id": None,
        "locale": row.locale,
    }


def _delete(session: WriteSession, case_id: int) -> None:
    forget_words(session, [case_id])
    session.execute(delete(_drafts).where(_drafts.c.case_id == case_id))
    session.execute(delete(_entries).where(_entries.c.case_id == case_id))
    deadlines.forget(session, subject="cases", subject_id=case_id)
    session.execute(delete(_cases).where(_cases.c.id == case_id))
