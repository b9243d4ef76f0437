"""The actions of staff on a case: reply, note, assign, change the state, close, reopen; each checks the actor's
scope."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, func, or_, select, update

from desk.acting import Actor
from desk.cases.changes import CaseAtHand, add_entry, case_for_staff, change, entry_of, tell
from desk.cases.concerns import Concern, concerns_of
from desk.cases.deadlines import CASES, owe_again
from desk.cases.drafts import forget_draft
from desk.cases.models import Case, CaseEntry
from desk.cases.reach import within
from desk.cases.refusals import (
    AskedBack,
    CannotTakeCase,
    CaseIsClosed,
    NoSuchChange,
    NothingSaid,
    OnlyThePersonSays,
    PersonErased,
    WrittenSince,
)
from desk.cases.reopening import open_again
from desk.cases.rules import PERSONS_OWN, SET_BY_HAND, CaseNotice, CaseState, CloseReason, EntryKind
from desk.events import actions as events
from desk.events.rules import Data
from desk.organisation import NOWHERE
from desk.staff.models import StaffMember
from desk.staff.permissions import Permission
from desk.staff.queries import grants_of
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_cases = table_of(Case)
_entries = table_of(CaseEntry)
_members = table_of(StaffMember)


def reply(
    session: WriteSession,
    *,
    case_id: int,
    actor: Actor,
    text: str,
    seen: int | None = None,
    accepted: frozenset[Concern] = frozenset(),
    then_close: bool = False,
    idem_key: str | None = None,
    now: datetime,
) -> int:
    """Answer the person and return the entry's id; the case is ANSWERED until they confirm, object or add.

    `idem_key` comes with the form: the same key twice is one reply. `seen` is the place of the last entry on the
    page; None = not checked. `accepted` are the concerns that the writer was asked about and sends all the same.
    `then_close`: the case is closed as answered at once, and the person told. The writer's draft is deleted.

    Raises:
        NotYourCase, CaseIsClosed, NothingSaid: as they say. WrittenSince: others wrote after `seen`.
        AskedBack: the text holds a concern that was not accepted.
    """
    text = _said(text)
    case = case_for_staff(session, case_id=case_id, actor=actor)
    now = case.moment(now)
    before = entry_of(session, idem_key=idem_key)
    if before is not None:
        return before
    if case.state is CaseState.CLOSED:
        raise CaseIsClosed(case_id)
    _look_before_sending(session, case_id=case_id, actor=actor, text=text, seen=seen, accepted=accepted)
    entry_id = add_entry(
        session, case_id=case_id, kind=EntryKind.REPLY, text=text, actor=actor, idem_key=idem_key, now=now
    )
    if case.state is not CaseState.ANSWERED:
        change(session, case, to=CaseState.ANSWERED, actor=actor, now=now)
    _note_first_answer(session, case_id=case_id, now=now)
    tell(session, case, entry_id=entry_id, notice=CaseNotice.REPLY, now=now)
    forget_draft(session, case_id=case_id, actor=actor)
    _done(session, "case.reply", case, actor, now, entry=entry_id)
    if then_close:
        close(session, case_id=case_id, reason=CloseReason.ANSWERED, text=None, actor=actor, now=now)
    return entry_id


def note(
    session: WriteSession, *, case_id: int, actor: Actor, text: str, idem_key: str | None = None, now: datetime
) -> int:
    """Write a note for colleagues, also in a closed case; the person never sees it. `idem_key`: as in `reply`.

    Raises:
        NotYourCase, NothingSaid, PersonErased: as they say.
    """
    text = _said(text)
    case = case_for_staff(session, case_id=case_id, actor=actor)
    now = case.moment(now)
    if case.was_erased:
        raise PersonErased(case_id)
    before = entry_of(session, idem_key=idem_key)
    if before is not None:
        return before
    entry_id = add_entry(
        session, case_id=case_id, kind=EntryKind.NOTE, text=text, actor=actor, idem_key=idem_key, now=now
    )
    _done(session, "case.note", case, actor, now, entry=entry_id)
    return entry_id


def assign(session: WriteSession, *, case_id: int, to_staff_id: int | None, actor: Actor, now: datetime) -> None:
    """Assign the case to a colleague whose scope covers it, or to nobody.

    Raises:
        NotYourCase, CaseIsClosed: as they say. CannotTakeCase: the colleague may not handle it.
    """
    if to_staff_id is not None:
        _keep_account_as_it_is(session, to_staff_id)
    case = case_for_staff(session, case_id=case_id, actor=actor, permission=Permission.CASES_ASSIGN)
    now = case.moment(now)
    if case.state is CaseState.CLOSED:
        raise CaseIsClosed(case_id)
    if to_staff_id is not None:
        reach = grants_of(session, staff_id=to_staff_id, now=now).get(Permission.CASES_ANSWER, NOWHERE)
        if session.scalar(select(_cases.c.id).where(_cases.c.id == case_id, within(reach))) is None:
            raise CannotTakeCase(to_staff_id)
    session.execute(update(_cases).where(_cases.c.id == case_id).values(assigned_to=to_staff_id))
    add_entry(
        session,
        case_id=case_id,
        kind=EntryKind.ASSIGNED,
        detail={"to": to_staff_id},
        actor=actor,
        now=now,
    )
    was, given = {"assigned_to": case.assigned_to}, {"assigned_to": to_staff_id}
    _done(session, "case.assign", case, actor, now, old=was, new=given)


def change_state(session: WriteSession, *, case_id: int, to: CaseState, actor: Actor, now: datetime) -> None:
    """Set the state WITH_UNIT or IN_REVIEW and tell the person; the present state is no change.

    Raises:
        NotYourCase: outside their reach. CaseIsClosed: reopen it first.
        NoSuchChange: ANSWERED comes with a reply and CLOSED with a reason, not by hand.
    """
    case = case_for_staff(session, case_id=case_id, actor=actor)
    now = case.moment(now)
    if case.state is CaseState.CLOSED:
        raise CaseIsClosed(case_id)
    if to not in SET_BY_HAND:
        raise NoSuchChange(case.state, to)
    if case.state is to:
        return
    entry_id = change(session, case, to=to, actor=actor, now=now)
    if case.state is CaseState.ANSWERED:
        owe_again(session, case_id=case_id, now=now)
    tell(session, case, entry_id=entry_id, notice=CaseNotice.STATE, now=now)
    _done(session, "case.change_state", case, actor, now, old={"state": case.state}, new={"state": to})


def close(
    session: WriteSession,
    *,
    case_id: int,
    reason: CloseReason,
    text: str | None,
    actor: Actor,
    seen: int | None = None,
    accepted: frozenset[Concern] = frozenset(),
    now: datetime,
) -> None:
    """Close the case with a reason that the person is told; they may object for 30 days.

    `seen` and `accepted`: as in `reply`.

    Raises:
        NotYourCase, CaseIsClosed: as they say. OnlyThePersonSays: only the person says SOLVED and WITHDRAWN.
        NothingSaid: ANSWERED without a reply in the thread or with the closing.
        WrittenSince, AskedBack: as for a reply.
    """
    case = case_for_staff(session, case_id=case_id, actor=actor)
    now = case.moment(now)
    if case.state is CaseState.CLOSED:
        raise CaseIsClosed(case_id)
    if reason in PERSONS_OWN:
        raise OnlyThePersonSays(reason)
    text = (text.strip() or None) if text else None
    if reason is CloseReason.ANSWERED and text is None and not _has_reply(session, case_id=case_id):
        raise NothingSaid
    _look_before_sending(session, case_id=case_id, actor=actor, text=text or "", seen=seen, accepted=accepted)
    entry_id = change(session, case, to=CaseState.CLOSED, actor=actor, reason=reason, text=text, now=now)
    if reason is CloseReason.ANSWERED:
        _note_first_answer(session, case_id=case_id, now=now)
    tell(session, case, entry_id=entry_id, notice=CaseNotice.CLOSED, now=now, reason=reason.value)
    closed = {"state": CaseState.CLOSED, "reason": reason}
    _done(session, "case.close", case, actor, now, old={"state": case.state}, new=closed)


def reopen(session: WriteSession, *, case_id: int, actor: Actor, now: datetime) -> None:
    """Take a closed case back into review with new deadlines and tell the person; an open one is left as it is.

    Raises:
        NotYourCase: outside of their scope. PersonErased: the person has erased their data.
    """
    case = case_for_staff(session, case_id=case_id, actor=actor)
    now = case.moment(now)
    if case.state is not CaseState.CLOSED:
        return
    if case.was_erased:
        raise PersonErased(case_id)
    entry_id = open_again(session, case, actor=actor, now=now)
    tell(session, case, entry_id=entry_id, notice=CaseNotice.REOPENED, now=now)
    was = {"state": case.state, "reason": case.close_reason}
    _done(session, "case.reopen", case, actor, now, old=was, new={"state": CaseState.IN_REVIEW})


def _look_before_sending(
    session: WriteSession, *, case_id: int, actor: Actor, text: str, seen: int | None, accepted: frozenset[Concern]
) -> None:
    """Raise WrittenSince where the thread has entries that the writer has not seen, AskedBack for concerns of the text.

    The case is locked: nobody writes between this check and the sending.
    """
    e = _entries.c
    theirs = or_(
        e.kind.in_((EntryKind.SAID, EntryKind.REPLY)),
        and_(e.staff_id.is_distinct_from(actor.staff_id), e.kind != EntryKind.ASSIGNED),
    )
    if seen is not None:
        newer = select(e.id).where(e.case_id == case_id, e.place > seen, theirs)
        if session.execute(newer.limit(1)).first() is not None:
            raise WrittenSince(case_id, seen)
    open_concerns = concerns_of(text) - accepted
    if open_concerns:
        raise AskedBack(open_concerns)


def _keep_account_as_it_is(session: WriteSession, member_id: int) -> None:
    """Lock the account, so that nobody closes it or changes its roles before this transaction ends.

    Taken before the case: an action that closes an account locks it before its cases, and the same order avoids
    deadlocks.
    """
    session.execute(select(_members.c.id).where(_members.c.id == member_id).with_for_update(read=True))


def _has_reply(session: WriteSession, *, case_id: int) -> bool:
    query = select(_entries.c.id).where(_entries.c.case_id == case_id, _entries.c.kind == EntryKind.REPLY)
    return session.execute(query.limit(1)).first() is not None


def _note_first_answer(session: WriteSession, *, case_id: int, now: datetime) -> None:
    """Store when the first answer was given; later answers leave it."""
    session.execute(
        update(_cases).where(_cases.c.id == case_id).values(answered_at=func.coalesce(_cases.c.answered_at, now))
    )


def _said(text: str) -> str:
    if not text.strip():
        raise NothingSaid
    return text.strip()


def _done(
    session: WriteSession,
    action: str,
    case: CaseAtHand,
    actor: Actor,
    now: datetime,
    *,
    old: Data | None = None,
    new: Data | None = None,
    **data: int,
) -> None:
    """Write the action into the history where the case is handled; an office never sees a complaint about it."""
    events.note(
        session,
        actor=actor,
        kind=action,
        subject=f"case:{case.id}",
        office_id=case.handler_office_id,
        province_code=case.handler_province_code,
        old=old,
        new=new,
        data=data,
        is_told=False,  # told below, by the subject that pages subscribe to
        now=now,
    )
    session.changed(CASES, case.id)
