"""Writes a new case with its deadlines and its first entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from desk.acting import Actor
from desk.cases.changes import add_entry
from desk.cases.deadlines import CASES, promise
from desk.cases.found_by import keep_words
from desk.cases.models import Case
from desk.cases.refusals import CodeTaken
from desk.cases.rows import Filed
from desk.cases.rules import CaseState, EntryKind
from desk.cases.stored import code_of, marks_of_code, stored_case, stored_code
from desk.codes import TrackingCode
from desk.storage.base import WriteSession
from desk.storage.encryption import random_id
from desk.storage.upsert import insert_if_new, table_of

_cases = table_of(Case)
_WITH_CODE = select(_cases.c.id).where(_cases.c.code_mark.in_(bindparam("marks", expanding=True)))
_OF_KEY = select(_cases.c.id, _cases.c.code_sealed).where(_cases.c.idem_key == bindparam("idem_key"))


def is_taken(session: WriteSession, code: TrackingCode) -> bool:
    """Whether a case has this code."""
    return _is_found(session, marks_of_code(session.keys, code))


def _is_found(session: WriteSession, marks: Sequence[str]) -> bool:
    return session.execute(_WITH_CODE, {"marks": marks}).first() is not None


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
    # The unique mark keeps apart what has the present key; of before a change of it a code has another mark.
    of_before = marks_of_code(session.keys, code)[1:]
    if of_before and _is_found(session, of_before):
        raise CodeTaken(code.digits)
    id = values.get("id") or random_id()
    case_id = session.execute(
        # No columns named: a conflict of the code must not raise either, like a repeated key.
        insert_if_new(session, Case).returning(_cases.c.id),
        {
            **{name: value for name, value in values.items() if name not in ("code", "name", "facts")},
            "id": id,
            **stored_code(session.keys, code, id=id),
            **stored_case(session.keys, id=id, name=values.get("name"), facts=values.get("facts") or {}),
            "state": CaseState.RECEIVED,
            "created_at": now,
            "opened_at": now,
            "state_at": now,
            "changed_at": now,
        },
    ).scalar_one_or_none()
    if case_id is None:
        before = session.execute(_OF_KEY, {"idem_key": values["idem_key"]}).first()
        if before is None:
            raise CodeTaken(code.digits)
        return Filed(before.id, code_of(session.keys, before.code_sealed, id=before.id), is_repeat=True)
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
