"""The steps that actions on a case are made of: find it, add an entry, change its state, tell the person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, insert, select, update

from desk.acting import Actor
from desk.cases.deadlines import REOPENING, follow
from desk.cases.found_by import keep_words
from desk.cases.models import Case, CaseEntry
from desk.cases.nameless import kept_moment
from desk.cases.reach import within
from desk.cases.refusals import NoSuchChange, NotYourCase
from desk.cases.rules import CaseNotice, CaseState, CloseReason, Contact, EntryKind, may_change
from desk.cases.stored import stored_entry
from desk.conversations.queries import by_id
from desk.outbox.actions import enqueue
from desk.outbox.rules import Recipient
from desk.staff.permissions import Permission
from desk.storage.base import WriteSession
from desk.storage.encryption import random_id
from desk.storage.rows import columns_for
from desk.storage.upsert import table_of

_cases = table_of(Case)
_entries = table_of(CaseEntry)

NEXT_PLACE = (
    select(func.coalesce(func.max(_entries.c.place), 0) + 1)
    .where(_entries.c.case_id == bindparam("of_case"))
    .scalar_subquery()
)
"""The place of a new entry of the case `of_case`, whose row the transaction holds locked."""
_ADD = insert(_entries).values(case_id=bindparam("of_case"), place=NEXT_PLACE).returning(_entries.c.id)

FOR_STAFF_ONLY = frozenset({EntryKind.NOTE, EntryKind.ASSIGNED})
"""Entries that the person never sees and that do not count as a change for them."""

ERASED = "erased:"
"""The prefix of the `idem_key` of a case whose person has erased their data."""


@dataclass(frozen=True, slots=True)
class CaseAtHand:
    """The values of a case while an action holds its row locked."""

    id: int
    code_sealed: bytes
    category: str
    state: CaseState
    close_reason: CloseReason | None
    contact: Contact
    conversation_id: int | None
    reopen_until: datetime | None
    """Until when the person may object, where it was closed."""
    answered_at: datetime | None
    assigned_to: int | None
    handler_office_id: int | None
    handler_province_code: str | None
    was_erased: bool
    """Its person has erased their data: nothing leads from a person to the case any more (`desk.erasure`)."""

    def moment(self, now: datetime) -> datetime:
        """The moment that the case keeps of what happens to it now: under «nobody» the beginning of the day."""
        return kept_moment(now, contact=self.contact)


_AT_HAND = columns_for(
    CaseAtHand,
    *_cases.c["id", "code_sealed", "category", "state", "close_reason", "contact", "conversation_id"],
    *_cases.c["answered_at", "assigned_to", "handler_office_id", "handler_province_code"],
    reopen_until=REOPENING.due_at,
    was_erased=_cases.c.idem_key.startswith(ERASED, autoescape=True),
)
_LOCKED = select(*_AT_HAND).select_from(REOPENING.joined_to(_cases)).with_for_update(of=_cases)


def _locked(session: WriteSession, *conditions: ColumnElement[bool]) -> CaseAtHand | None:
    row = session.execute(_LOCKED.where(*conditions)).first()
    return None if row is None else CaseAtHand(*row)


def case_for_person(session: WriteSession, *, case_id: int, actor: Actor, decides: bool = False) -> CaseAtHand:
    """The case, locked, for its chat or for somebody who holds its code (`Actor.chat(None)`).

    With the code anybody may add something. To decide (`decides`: solved, not solved) with the code alone is allowed
    only for a case filed under nobody, which has no other way.

    Raises:
        NotYourCase: it belongs to another chat, is not there, or the actor is no person in a chat.
    """
    case = _locked(session, _cases.c.id == case_id)
    if case is None or not actor.is_chat:
        raise NotYourCase(case_id)
    is_theirs = case.conversation_id == actor.conversation_id
    if actor.conversation_id is None:
        is_theirs = case.contact is Contact.NOBODY or not decides
    if not is_theirs:
        raise NotYourCase(case_id)
    return case


def case_for_staff(
    session: WriteSession, *, case_id: int, actor: Actor, permission: Permission = Permission.CASES_ANSWER
) -> CaseAtHand:
    """The case, locked, if the actor holds the permission where the case is handled.

    Raises:
        NotYourCase: it is outside of their scope.
    """
    scope = actor.scope(permission)
    case = _locked(session, _cases.c.id == case_id, within(scope))
    if case is None:
        raise NotYourCase(case_id)
    return case


def add_entry(
    session: WriteSession,
    *,
    case_id: int,
    kind: EntryKind,
    text: str | None = None,
    voice: dict[str, Any] | None = None,
    detail: dict[str, Any] | None = None,
    actor: Actor,
    idem_key: str | None = None,
    now: datetime,
) -> int:
    """Add an entry to the thread and return its id."""
    id = random_id()
    entry_id: int = session.execute(
        _ADD,
        {
            "id": id,
            "of_case": case_id,
            "idem_key": idem_key,
            "at": now,
            "kind": kind,
            "staff_id": actor.staff_id,
            **stored_entry(session.keys, id=id, text=text or None, voice=voice),
            "detail": detail or {},
        },
    ).scalar_one()
    if text:
        keep_words(session, case_id, text)
    if kind not in FOR_STAFF_ONLY:
        session.execute(update(_cases).where(_cases.c.id == case_id).values(changed_at=now))
    return entry_id


def entry_of(session: WriteSession, *, idem_key: str | None) -> int | None:
    """The entry that was written under this key before, so that a second tap writes none."""
    if idem_key is None:
        return None
    before: int | None = session.scalar(select(_entries.c.id).where(_entries.c.idem_key == idem_key))
    return before


def change(
    session: WriteSession,
    case: CaseAtHand,
    *,
    to: CaseState,
    actor: Actor,
    reason: CloseReason | None = None,
    text: str | None = None,
    now: datetime,
) -> int:
    """Change the state of the case and return the id of the entry that says so.

    Raises:
        NoSuchChange: that state cannot follow the present one.
    """
    if not may_change(case.state, to):
        raise NoSuchChange(case.state, to)
    times = {"state_at": now, "closed_at": now if to is CaseState.CLOSED else None}
    session.execute(update(_cases).where(_cases.c.id == case.id).values(state=to, close_reason=reason, **times))
    follow(session, case_id=case.id, before=case.state, to=to, is_by_desk=actor.staff_id is not None, now=now)
    detail = {"from": case.state.value, "to": to.value}
    if reason is not None:
        detail["reason"] = reason.value
    return add_entry(session, case_id=case.id, kind=EntryKind.STATE, text=text, detail=detail, actor=actor, now=now)


def say_solved_after_all(session: WriteSession, case: CaseAtHand, *, actor: Actor, now: datetime) -> None:
    """Change the reason of a closed case to SOLVED, with an entry; until when the person may object stays."""
    reason = CloseReason.SOLVED
    session.execute(update(_cases).where(_cases.c.id == case.id).values(close_reason=reason))
    detail = {"from": CaseState.CLOSED.value, "to": CaseState.CLOSED.value, "reason": reason.value}
    add_entry(session, case_id=case.id, kind=EntryKind.STATE, detail=detail, actor=actor, now=now)


def tell(
    session: WriteSession, case: CaseAtHand, *, entry_id: int, notice: CaseNotice, now: datetime, **more: str
) -> bool:
    """Write a notice about this entry to the outbox; False where nobody may contact the person.

    The parameters are ids and codes; the text of the entry is read when the message is composed.
    """
    if case.contact is Contact.NOBODY or case.conversation_id is None:
        return False
    chat = by_id(session, conversation_id=case.conversation_id)
    if chat is None:
        return False
    return enqueue(
        session,
        idem_key=f"{notice}:{entry_id}",
        to=Recipient(chat.channel, chat.bot, chat.id),
        notice=notice,
        params={"case": case.id, "entry": entry_id, **more},
        about=f"entry:{entry_id}",
        due_at=now,
        now=now,
    )
