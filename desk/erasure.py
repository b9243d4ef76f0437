"""Erase-my-data: what is held about a chat, and removing it so that nothing but counts is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, String, and_, cast, delete, exists, func, literal, select, update
from sqlalchemy.orm import Session

from desk.appointments.actions import cancel
from desk.appointments.models import Appointment, AppointmentEvent
from desk.appointments.rules import State as TurnState
from desk.cases.changes import CASES, ERASED
from desk.cases.found_by import forget_words
from desk.cases.models import Case, CaseDraft, CaseEntry
from desk.cases.rules import CloseReason, EntryKind
from desk.cases.rules import State as CaseState
from desk.conversations.models import Conversation
from desk.conversations.queries import by_id
from desk.conversations.rests import keep_rest, mark_of
from desk.outbox.actions import erase_chat
from desk.people.actions import forget_all
from desk.people.models import KnownPerson, Person
from desk.places.actions import release
from desk.places.rules import LONGEST_KEPT, REST_FROM_KEEPING
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.visits.models import Visit

_turns = table_of(Appointment)
_events = table_of(AppointmentEvent)
_visits = table_of(Visit)
_cases = table_of(Case)
_entries = table_of(CaseEntry)
_drafts = table_of(CaseDraft)
_persons = table_of(Person)
_known = table_of(KnownPerson)
_chats = table_of(Conversation)


@dataclass(frozen=True, slots=True)
class Held:
    """What the desk holds about a chat, as counts to show before erasing.

    `turns_live` are those that nobody recorded yet; of them erasing cancels what lies ahead.
    """

    turns_live: int
    turns_past: int
    cases_open: int
    cases_closed: int
    people: int

    def __bool__(self) -> bool:
        return any((self.turns_live, self.turns_past, self.cases_open, self.cases_closed, self.people))


def what_is_held(session: Session, *, conversation_id: int) -> Held:
    """Count what is held about this chat. A case filed under nobody is not counted: nothing leads to it."""
    live = func.coalesce(func.sum(cast(_turns.c.is_live, Integer)), 0)
    turns, turns_live = session.execute(
        select(func.count(), live).where(_turns.c.conversation_id == conversation_id)
    ).one()
    closed = func.coalesce(func.sum(cast(_cases.c.state == CaseState.CLOSED, Integer)), 0)
    cases, cases_closed = session.execute(
        select(func.count(), closed).where(_cases.c.conversation_id == conversation_id)
    ).one()
    people = session.scalar(select(func.count()).where(_known.c.conversation_id == conversation_id))
    return Held(turns_live, turns - turns_live, cases - cases_closed, cases_closed, people or 0)


def erase(session: WriteSession, *, conversation_id: int, key: bytes = b"", now: datetime) -> bool:
    """Remove everything that leads to this chat or its people; True = the bounds it has met stay for a day.

    With `key` the bounds it has met stay for a day under a sealed mark, so that erasing is no way around them. Turns
    that lie ahead are cancelled and their places given back; open cases are withdrawn. Turns and cases stay as counts
    without a name. The conversation itself is gone: the next message starts anew.
    """
    rest_stays = False
    release(session, conversation_id=conversation_id)
    person_ids = _erase_turns(session, conversation_id, now)
    _erase_cases(session, conversation_id, now)
    person_ids += forget_all(session, conversation_id=conversation_id)
    _delete_persons(session, person_ids)
    chat = by_id(session, conversation_id=conversation_id)
    if chat is not None:
        erase_chat(session, channel=chat.channel, bot=chat.bot, chat=chat.chat)
        if key:
            mark = mark_of(channel=chat.channel, bot=chat.bot, chat=chat.chat, key=key)
            over = now - (LONGEST_KEPT + REST_FROM_KEEPING)
            rest_stays = keep_rest(session, conversation_id=conversation_id, mark=mark, places_since=over, now=now)
    session.execute(delete(_chats).where(_chats.c.id == conversation_id))
    return rest_stays


def _erase_turns(session: WriteSession, conversation_id: int, now: datetime) -> list[int]:
    """Cancel what lies ahead, blank the rest; the persons these turns were for."""
    mine = _turns.c.conversation_id == conversation_id
    ahead = session.scalars(
        select(_turns.c.id).where(mine, _turns.c.state == TurnState.BOOKED, _turns.c.is_live, _turns.c.starts_at > now)
    ).all()
    for appointment_id in ahead:
        cancel(session, appointment_id=appointment_id, conversation_id=conversation_id, now=now)
    session.flush()
    rows = session.execute(select(_turns.c.id, _turns.c.person_id).where(mine)).all()
    turn_ids = [row.id for row in rows]
    if turn_ids:
        session.execute(update(_visits).where(_visits.c.appointment_id.in_(turn_ids)).values(note=None))
        session.execute(
            update(_events).where(_events.c.appointment_id.in_(turn_ids)).values(idem_key=None, reason=None)
        )
        session.execute(
            update(_turns)
            .where(mine)
            # The key names the chat by its id, and SQLite gives ids out again: another chat must never meet it.
            .values(
                person_id=None,
                person_name=None,
                document_kind=None,
                conversation_id=None,
                idem_key=literal("erased:") + cast(_turns.c.id, String),
            )
        )
    return [row.person_id for row in rows if row.person_id is not None]


def _erase_cases(session: WriteSession, conversation_id: int, now: datetime) -> None:
    """Empty the threads, replies and notes too since they may name the person, and withdraw what is open."""
    mine = _cases.c.conversation_id == conversation_id
    rows = session.execute(select(_cases.c.id, _cases.c.state).where(mine)).all()
    if not rows:
        return
    session.execute(
        update(_entries)
        .where(_entries.c.case_id.in_([row.id for row in rows]))
        .values(text=None, voice=None, idem_key=None)
    )
    forget_words(session, [row.id for row in rows])
    session.execute(delete(_drafts).where(_drafts.c.case_id.in_([row.id for row in rows])))
    withdrawn = [
        {
            "case_id": row.id,
            "at": now,
            "kind": EntryKind.STATE,
            "detail": {
                "from": row.state.value,
                "to": CaseState.CLOSED.value,
                "reason": CloseReason.WITHDRAWN.value,
            },
        }
        for row in rows
        if row.state is not CaseState.CLOSED
    ]
    if withdrawn:
        session.execute(_entries.insert(), withdrawn)
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
    session.execute(
        update(_cases)
        .where(mine)
        # Facts may be the person's own words, a telephone number, a code of theirs.
        .values(
            conversation_id=None,
            name=None,
            name_words=None,
            facts={},
            idem_key=literal(ERASED) + cast(_cases.c.id, String),
        )
    )
    for row in rows:
        session.changed(CASES, row.id)


def _nobody_names_them() -> ColumnElement[bool]:
    return and_(
        ~exists().where(_known.c.person_id == _persons.c.id),
        ~exists().where(_turns.c.person_id == _persons.c.id),
    )


def _delete_persons(session: WriteSession, person_ids: Sequence[int]) -> None:
    """Delete those of the persons whom no other chat knows and no other turn names."""
    if not person_ids:
        return
    these = _persons.c.id.in_(sorted(set(person_ids)))
    # Locked first, so that a chat which gets to know the person at this moment is seen by the next statement.
    session.execute(select(_persons.c.id).where(these).order_by(_persons.c.id).with_for_update())
    session.execute(delete(_persons).where(these, _nobody_names_them()))


def sweep_persons(session: WriteSession, *, limit: int = 500) -> int:
    """Delete persons whom chats have forgotten and no turn names (housekeeping); how many were looked at."""
    left = list(session.scalars(select(_persons.c.id).where(_nobody_names_them()).order_by(_persons.c.id).limit(limit)))
    _delete_persons(session, left)
    return len(left)
