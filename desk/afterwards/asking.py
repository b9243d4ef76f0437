"""Asks people in the evening of their visit, each chat once within a week, and lets questions end after a week."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Date, bindparam, exists, select

from desk.afterwards.models import AfterQuestion
from desk.afterwards.rules import ASKED_BY, OPEN_FOR, VISITED, AfterNotice, has_come
from desk.afterwards.setting import rules_of_provinces
from desk.appointments.booking import appointments
from desk.appointments.notices import about
from desk.calendar import local_day_of
from desk.conversations.models import Conversation
from desk.offices.models import Office
from desk.outbox.actions import enqueue
from desk.outbox.rules import Lane, Recipient
from desk.storage.base import WriteSession
from desk.storage.deleting import delete_some
from desk.storage.upsert import insert_many_if_new, table_of

questions = table_of(AfterQuestion)
_offices, _chats = table_of(Office), table_of(Conversation)
_TO_ASK = (
    select(appointments.c.id, appointments.c.conversation_id, *_chats.c["channel", "bot"])
    .join_from(appointments, _offices, _offices.c.id == appointments.c.office_id)
    .join(_chats, _chats.c.id == appointments.c.conversation_id)
    .where(
        appointments.c.day.between(bindparam("first", type_=Date), bindparam("last", type_=Date)),
        appointments.c.person_id.is_not(None),
        appointments.c.state.in_(VISITED),
        _offices.c.province_code.in_(bindparam("provinces", expanding=True)),
        ~exists().where(questions.c.conversation_id == appointments.c.conversation_id),
    )
    # The latest visit of a chat is the one that it is asked about.
    .order_by(appointments.c.conversation_id, appointments.c.starts_at.desc(), appointments.c.id.desc())
    .limit(bindparam("most"))
)


def ask_after_visits(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Write the question to the chats whose evening has come; their number.

    A visit whose outcome was recorded after that hour is asked about on the next evening.
    """
    rules = rules_of_provinces(session)
    provinces = [code for code, rule in rules.items() if rule.is_on and has_come(rule.ask_at, now=now)]
    if not provinces:
        return 0
    today = local_day_of(now).date
    given = {"first": today - ASKED_BY, "last": today, "provinces": provinces, "most": limit}
    rows = session.execute(_TO_ASK, given).all()
    for row in rows:
        # Of several visits of one chat the first of these rows is asked about, also where two processes ask at once.
        is_new = session.connection().execute(
            insert_many_if_new(session, AfterQuestion, unique=("conversation_id",)),
            {"conversation_id": row.conversation_id, "appointment_id": row.id, "asked_on": today},
        )
        if is_new.rowcount:
            enqueue(
                session,
                idem_key=f"after_visit:{row.id}",
                to=Recipient(row.channel, row.bot, row.conversation_id),
                notice=AfterNotice.ASK,
                params={"appointment": row.id},
                about=about(row.id),
                lane=Lane.BULK,
                due_at=now,
                now=now,
            )
    return len(rows)


def end_questions(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete the questions whose week is over; their number."""
    before = local_day_of(now).date - OPEN_FOR
    return delete_some(session, questions, questions.c.asked_on <= before, limit=limit)
