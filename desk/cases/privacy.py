"""What cases hold of people, and erasing it: open ones are withdrawn, and all texts are emptied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, String, bindparam, cast, delete, func, literal, select, update
from sqlalchemy.orm import Session

from desk.cases.changes import ERASED, NEXT_PLACE
from desk.cases.deadlines import CASES, follow
from desk.cases.found_by import forget_words
from desk.cases.kept_nameless import keep
from desk.cases.models import Case, CaseDraft, CaseEntry
from desk.cases.nameless import kept_moment
from desk.cases.rules import CaseState, CloseReason, EntryKind
from desk.parts import Again, ErasedKind, Fate, Kept, Leaving, Privacy
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.tombstones import actions as tombstones

_cases, _entries, _drafts = table_of(Case), table_of(CaseEntry), table_of(CaseDraft)
_CLOSED = (
    select(_cases.c.id)
    .where(_cases.c.closed_at < bindparam("before"), ~_cases.c.idem_key.startswith(ERASED, autoescape=True))
    .order_by(_cases.c.closed_at)
    .limit(bindparam("most"))
)
_WITHDRAWN = _entries.insert().values(case_id=bindparam("of_case"), place=NEXT_PLACE).inline()


def _count(session: Session, conversation_id: int) -> Mapping[str, int]:
    closed = func.coalesce(func.sum(cast(_cases.c.state == CaseState.CLOSED, Integer)), 0)
    cases, cases_closed = session.execute(
        select(func.count(), closed).where(_cases.c.conversation_id == conversation_id)
    ).one()
    return {"cases_open": cases - cases_closed, "cases_closed": cases_closed}


def _erase(session: WriteSession, leaving: Leaving) -> None:
    """Empty the threads, also replies and notes, which may name the person, and withdraw open cases.

    Where the person wishes it, open complaints go on first, as complaints of nobody.
    """
    if leaving.keeps_complaints:
        keep(session, leaving)
    mine = _cases.c.conversation_id == leaving.conversation_id
    states = {row.id: row.state for row in session.execute(select(_cases.c.id, _cases.c.state).where(mine))}
    if not states:
        return
    _withdraw(session, mine, states, now=leaving.now)
    _empty(session, list(states))
    tombstones.note(session, kind=ErasedKind.CASE, ids=states)


def closed_with_texts(session: Session, *, before: datetime, limit: int) -> Sequence[int]:
    """The ids of cases that were closed before that moment and in which something is left."""
    return session.scalars(_CLOSED, {"before": before, "most": limit}).all()


def forget_closed(session: WriteSession, *, before: datetime, limit: int) -> int:
    """Empty the cases that were closed before that moment; they stay as counts."""
    old = closed_with_texts(session, before=before, limit=limit)
    _empty(session, old)
    # In a back-up of before it was closed nothing says that its period is over.
    tombstones.note(session, kind=ErasedKind.CASE, ids=old)
    return len(old)


def _empty(session: WriteSession, ids: Sequence[int]) -> None:
    if not ids:
        return
    emptied = update(_entries).where(_entries.c.case_id.in_(ids))
    session.execute(emptied.values(text_sealed=None, voice_sealed=None, idem_key=None))
    session.execute(delete(_drafts).where(_drafts.c.case_id.in_(ids)))
    session.execute(
        update(_cases)
        .where(_cases.c.id.in_(ids))
        # Facts may hold the person's own words, their telephone number or their tracking code.
        .values(
            conversation_id=None,
            name_sealed=None,
            facts_sealed=None,
            idem_key=literal(ERASED) + cast(_cases.c.id, String),
        )
    )
    # Last: who makes the marks anew holds the cases or their texts locked, and has made them by now.
    forget_words(session, ids)
    for case_id in ids:
        session.changed(CASES, case_id)


def _withdraw(
    session: WriteSession, mine: ColumnElement[bool], states: Mapping[int, CaseState], *, now: datetime
) -> None:
    to = {"to": CaseState.CLOSED.value, "reason": CloseReason.WITHDRAWN.value}
    withdrawn = [
        {"of_case": case_id, "at": now, "kind": EntryKind.STATE, "detail": {"from": state.value, **to}}
        for case_id, state in states.items()
        if state is not CaseState.CLOSED
    ]
    if withdrawn:
        session.connection().execute(_WITHDRAWN, withdrawn)
        for case_id, state in states.items():
            if state is not CaseState.CLOSED:
                follow(session, case_id=case_id, before=state, to=CaseState.CLOSED, is_by_desk=False, now=now)
        session.execute(
            update(_cases)
            .where(mine, _cases.c.state != CaseState.CLOSED)
            .values(
                state=CaseState.CLOSED,
                close_reason=CloseReason.WITHDRAWN,
                assigned_to=None,
                state_at=now,
                closed_at=now,
                changed_at=now,
            )
        )


def _held(session: Session) -> Iterable[int]:
    return session.scalars(select(_cases.c.id).where(~_cases.c.idem_key.startswith(ERASED, autoescape=True)))


def _erase_again(session: WriteSession, ids: Sequence[int], *, now: datetime) -> None:
    """Withdraw what was open in the back-up, and empty all."""
    columns = _cases.c["id", "state", "contact"]
    rows = session.execute(select(*columns).where(_cases.c.id.in_(ids))).all()
    for contact in {row.contact for row in rows}:
        states = {row.id: row.state for row in rows if row.contact is contact}
        _withdraw(session, _cases.c.id.in_(sorted(states)), states, now=kept_moment(now, contact=contact))
    _empty(session, ids)


_WHO_ANSWERED = Kept("who of the staff wrote it")

_OPENS_NOTHING = Kept("leads with the key to the case, in which nothing is left")
_ON_ITS_WAY = Kept("encrypted, leads to no chat, and is handed over within a quarter of an hour")

PRIVACY = Privacy(
    columns={
        "cases.code_mark": _OPENS_NOTHING,
        "cases.code_sealed": _OPENS_NOTHING,
        "cases.idem_key": Fate.REPLACED,
        "cases.category": Kept("one of the kinds of complaint"),
        "cases.facts_sealed": Fate.EMPTIED,
        "cases.name_sealed": Fate.EMPTIED,
        "cases.conversation_id": Fate.EMPTIED,
        "cases.locale": Kept("one of the languages"),
        "cases.assigned_to": Kept("who of the staff had answered it; of one that was open nobody"),
        "case_entries.idem_key": Fate.EMPTIED,
        "case_entries.staff_id": _WHO_ANSWERED,
        "case_entries.text_sealed": Fate.EMPTIED,
        "case_entries.voice_sealed": Fate.EMPTIED,
        "case_entries.detail": Kept("states and members of the staff, between which the case went"),
        "case_arrivals.mark": _ON_ITS_WAY,
        "case_arrivals.sealed": _ON_ITS_WAY,
        "case_drafts.staff_id": Fate.DELETED,
        "case_drafts.text_sealed": Fate.DELETED,
        "case_words.mark": Fate.DELETED,
    },
    count=_count,
    erase=_erase,
    again=Again(ErasedKind.CASE, held=_held, erase=_erase_again),
)
