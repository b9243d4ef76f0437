"""Writes a new case with its deadlines and its first entry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from desk.acting import Actor
from desk.cases.changes import add_entry
from desk.cases.deadlines import CASES, promise
from desk.cases.found_by import keep_words
from desk.cases.models import Case
from desk.cases.refusals import CodeTaken
from desk.cases.rows import Filed
from desk.cases.rules import CaseState, EntryKind
from desk.cases.stored import stored_case
from desk.codes import TrackingCode
from desk.storage.base import WriteSession
from desk.storage.encryption import random_id
from desk.storage.upsert import insert_if_new, table_of

_cases = table_of(Case)


def open_case(
    session: WriteSession,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    text: str | None,
    voice: Mapping[str, Any] | None,
    now: datetime,
) -> Filed:
    """Write the case of these columns; a repeated key gives the case that it made.

    Raises:
        CodeTaken: another case has this code.
    """
    code = TrackingCode(values["code"])
    id = values.get("id") or random_id()
    case_id = session.execute(
        # No columns named: a conflict of the code must not raise either, like a repeated key.
        insert_if_new(session, Case).returning(_cases.c.id),
        {
            **{name: value for name, value in values.items() if name not in ("name", "facts")},
            "id": id,
            **stored_case(session.keys, id=id, name=values.get("name"), facts=values.get("facts") or {}),
            "state": CaseState.RECEIVED,
            "created_at": now,
            "opened_at": now,
            "state_at": now,
            "changed_at": now,
        },
    ).scalar_one_or_none()
    if case_id is None:
        before = session.execute(
            select(_cases.c.id, _cases.c.code).where(_cases.c.idem_key == values["idem_key"])
        ).first()
        if before is None:
            raise CodeTaken(code.digits)
        return Filed(before.id, TrackingCode(before.code), is_repeat=True)
    promise(session, case_id=case_id, category=values["category"], was_answered=False, is_new=True, now=now)
    if values.get("name"):
        keep_words(session, case_id, values["name"])
    if text or voice:
        add_entry(
            session,
            case_id=case_id,
            kind=EntryKind.SAID,
            text=text,
            voice=None if voice is None else dict(voice),
            actor=actor,
            now=now,
        )
    session.changed(CASES, case_id)
    return Filed(case_id, code, is_repeat=False)
