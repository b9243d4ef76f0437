"""Drafts of replies: kept for their writer until they are sent, discarded or old."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.cases.changes import case_for_staff
from desk.cases.models import CaseDraft, CaseEntry
from desk.cases.refusals import PersonErased
from desk.cases.rows import Draft
from desk.cases.rules import EntryKind
from desk.cases.stored import DRAFT, read_text
from desk.storage.base import WriteSession, keys_of
from desk.storage.deleting import delete_some
from desk.storage.upsert import insert_or_update, table_of

_drafts = table_of(CaseDraft)
_entries = table_of(CaseEntry)

KEPT = timedelta(days=30)
"""How long a draft is kept."""
LONGEST = 20_000
"""The longest draft in letters; longer than any reply may be, so that a reply that is too long can be shortened."""

_MINE = select(_drafts.c.text_sealed, _drafts.c.saved_at).where(
    _drafts.c.case_id == bindparam("case"), _drafts.c.staff_id == bindparam("staff")
)


def draft(session: Session, *, case_id: int, actor: Actor) -> Draft | None:
    """This actor's draft in this case."""
    row = session.execute(_MINE, {"case": case_id, "staff": actor.staff_id}).first()
    if row is None:
        return None
    return Draft(keys_of(session).decrypt(row.text_sealed, column=DRAFT, row=case_id), row.saved_at)


def keep_draft(
    session: WriteSession, *, case_id: int, actor: Actor, text: str, seen: int | None = None, now: datetime
) -> None:
    """Store a draft in place of the earlier one; an empty text deletes it.

    A text that this actor has just sent, or its beginning, is not stored: the page may save while the reply is on its
    way. `seen` is the place of the last entry that the page showed.

    Raises:
        NotYourCase: outside of their scope. PersonErased: the draft would outlive what the person erased.
    """
    case = case_for_staff(session, case_id=case_id, actor=actor)
    text = text.strip()[:LONGEST]
    if text and case.was_erased:
        raise PersonErased(case_id)
    if not text:
        forget_draft(session, case_id=case_id, actor=actor)
    elif seen is None or not _was_sent(session, case_id=case_id, actor=actor, text=text, seen=seen):
        session.execute(
            insert_or_update(session, CaseDraft, unique=("case_id", "staff_id"), updates=("text_sealed", "saved_at")),
            {
                "case_id": case_id,
                "staff_id": actor.staff_id,
                "text_sealed": session.keys.encrypt(text, column=DRAFT, row=case_id),
                "saved_at": now,
            },
        )


def forget_draft(session: WriteSession, *, case_id: int, actor: Actor) -> None:
    """Delete this actor's draft in this case."""
    session.execute(delete(_drafts).where(_drafts.c.case_id == case_id, _drafts.c.staff_id == actor.staff_id))


def forget_old_drafts(session: WriteSession, *, before: datetime, limit: int) -> int:
    """Delete drafts older than `before`; returns their number."""
    return delete_some(session, _drafts, _drafts.c.saved_at < before, limit=limit)


def _was_sent(session: WriteSession, *, case_id: int, actor: Actor, text: str, seen: int) -> bool:
    e = _entries.c
    sent = select(e.id, e.text_sealed).where(
        e.case_id == case_id, e.place > seen, e.staff_id == actor.staff_id, e.kind == EntryKind.REPLY
    )
    said = (read_text(session.keys, row.text_sealed, id=row.id) for row in session.execute(sent))
    return any(each is not None and each.startswith(text) for each in said)
