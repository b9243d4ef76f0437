"""Ready-made cases, passwords and messages for tests; see `tests.makers` for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any, cast

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.cases import actions, handing_over
from desk.cases.deadlines import CASES
from desk.cases.models import Case, CaseDraft, CaseEntry
from desk.cases.rows import Filed
from desk.cases.rules import Contact
from desk.cases.stored import DRAFT, code_of, read_text
from desk.codes import CodeKind, TrackingCode
from desk.conversations.models import Conversation
from desk.deadlines.models import Deadline
from desk.offices.models import Office
from desk.outbox.actions import enqueue
from desk.outbox.rules import Lane, NoticeKind
from desk.storage.base import WriteSession, keys_of
from desk.values import Money
from tests.makers import NOW, make_conversation
from tests.makers_chats import recipient

_numbers = count(1)
_chance = Random(1404)  # noqa: S311  # codes of tests should be the same each time


def case_code() -> TrackingCode:
    """A new code of a case."""
    return TrackingCode.make(CodeKind.CASE, source=_chance)


def codes(session: Session) -> dict[int, str]:
    """The code of each case, by its id."""
    rows = session.execute(select(Case.id, Case.code_sealed))
    return {id: code_of(keys_of(session), sealed, id=id).digits for id, sealed in rows}


def owed(session: WriteSession, case_id: int) -> dict[str, datetime]:
    """What runs for a case, by its kind: the answers that are owed, and until when it may be opened again."""
    rows = session.execute(
        select(Deadline.kind, Deadline.due_at).where(
            Deadline.subject == CASES, Deadline.subject_id == case_id, Deadline.is_running
        )
    )
    return {row.kind: row.due_at for row in rows}


def file_complaint(
    session: WriteSession,
    *,
    office: Office | None = None,
    category: str = "OVERCHARGE",
    conversation: Conversation | None = None,
    contact: Contact = Contact.NAME,
    name: str | None = "گل‌آقا رحیمی",
    text: str | None = "پنجاه هزار تومان بیشتر گرفتند.",
    paid: Money | None = None,
    facts: Mapping[str, str] | None = None,
    code: TrackingCode | None = None,
    idem_key: str | None = None,
    now: datetime = NOW,
) -> Filed:
    """A complaint of overcharging by a named person; one under nobody is handed over to the desk at once."""
    conversation = conversation or make_conversation(session)
    filed = actions.file_complaint(
        session,
        idem_key=idem_key or f"{conversation.id}.{next(_numbers)}.complain",
        code=code or case_code(),
        category=category,
        office_id=office.id if office else None,
        service_id=None,
        happened_on=None,
        paid=paid,
        facts=facts,
        text=text,
        voice=None,
        contact=contact,
        name=name,
        actor=Actor.chat(conversation.id),
        locale="fa",
        now=now,
    )
    hand_over(session, now=now)
    return filed


def hand_over(session: WriteSession, *, now: datetime = NOW) -> int:
    """Hand over to the desk all that was told under a code until `now`, as the job does later; returns the number."""
    waiting = handing_over.due(session, now=now + timedelta(hours=1))
    for id in waiting:
        handing_over.hand_over(session, id=id, now=now)
    return len(waiting)


def ask_question(
    session: WriteSession,
    *,
    office: Office | None = None,
    province_code: str | None = None,
    conversation: Conversation | None = None,
    text: str | None = "فردا باز هستید؟",
    now: datetime = NOW,
) -> Filed:
    """A question to an office, a province or the nation."""
    conversation = conversation or make_conversation(session)
    return actions.ask(
        session,
        idem_key=f"{conversation.id}.{next(_numbers)}.ask",
        code=case_code(),
        office_id=office.id if office else None,
        province_code=province_code,
        text=text,
        voice=None,
        name=None,
        actor=Actor.chat(conversation.id),
        locale="fa",
        now=now,
    )


def put_message(
    session: WriteSession,
    *,
    chat: str = "1",
    lane: Lane = Lane.REPLY,
    due_at: datetime = NOW,
    key: str | None = None,
    notice: str = "ticket",
    about: str | None = None,
    params: dict[str, Any] | None = None,
    now: datetime = NOW,
) -> bool:
    """A message of the bot «mizban» on Telegram that is due at once."""
    return enqueue(
        session,
        idem_key=key or f"test:{next(_numbers)}",
        to=recipient(session, "telegram", "mizban", chat),
        notice=cast(NoticeKind, notice),
        params=params or {},
        about=about,
        lane=lane,
        due_at=due_at,
        now=now,
    )


def texts(session: Session, *where: ColumnElement[bool]) -> list[str | None]:
    """The texts of these entries, in the order of their threads."""
    rows = session.scalars(select(CaseEntry).where(*where).order_by(CaseEntry.place))
    return [read_text(keys_of(session), row.text_sealed, id=row.id) for row in rows]


def drafts(session: Session) -> list[str]:
    """The texts of all drafts."""
    rows = session.scalars(select(CaseDraft))
    return [keys_of(session).decrypt(row.text_sealed, column=DRAFT, row=row.case_id) for row in rows]
