"""Staff allow the chat of a case more appointments, people or holds, because its person asked the desk."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.cases.changes import case_for_staff
from desk.cases.models import Case
from desk.cases.refusals import PersonErased
from desk.conversations import allowing
from desk.conversations.rules import AllowReason, LimitKind
from desk.events import actions as events
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_cases = table_of(Case)


def allow_more(
    session: WriteSession,
    *,
    case_id: int,
    kind: LimitKind,
    most: int,
    reason: AllowReason,
    actor: Actor,
    now: datetime,
) -> datetime:
    """Raise one limit of the chat that filed the case, until the returned moment; the history records it.

    Raises:
        NotYourCase: it is outside of their scope. PersonErased: no chat belongs to the case, or not any more.
    """
    case = case_for_staff(session, case_id=case_id, actor=actor)
    if case.conversation_id is None:
        raise PersonErased(case_id)
    before = allowing.raised(session, conversation_id=case.conversation_id, now=now).get(kind)
    until = allowing.allow(session, conversation_id=case.conversation_id, kind=kind, most=most, reason=reason, now=now)
    events.note(
        session,
        actor=actor,
        kind="case.allow_more",
        subject=f"case:{case.id}",
        office_id=case.handler_office_id,
        province_code=case.handler_province_code,
        old={"most": before[0]} if before is not None else None,
        new={"most": most, "limit": kind, "allowed": reason},
        now=now,
    )
    return until


_CHAT_OF = select(_cases.c.conversation_id).where(_cases.c.id == bindparam("case"))


def raised(session: Session, *, case_id: int, now: datetime) -> dict[LimitKind, tuple[int, datetime]]:
    """What the chat of a case is allowed beyond the usual, each with the moment at which it ends."""
    chat = session.execute(_CHAT_OF, {"case": case_id}).scalar_one_or_none()
    return {} if chat is None else allowing.raised(session, conversation_id=chat, now=now)
