"""The actions of the person on a case: file a complaint, ask a question, add, confirm, object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from desk.acting import Actor, OutOfReach
from desk.cases.arrivals import Act, arrived_now, put, waiting
from desk.cases.categories import CATEGORIES, QUESTION_SEVERITY
from desk.cases.changes import CaseAtHand, add_entry, case_for_person, change, entry_of, say_solved_after_all
from desk.cases.deadlines import CASES
from desk.cases.facts import BY_WHOM, THE_DESK, kept
from desk.cases.handing_over import arrive
from desk.cases.models import Case
from desk.cases.opening import is_taken, open_case
from desk.cases.refusals import CaseIsClosed, CodeTaken, NoCaseForThis, NothingSaid, ReopenTooLate
from desk.cases.reopening import open_again
from desk.cases.rows import Filed
from desk.cases.rules import (
    PERSONS_OWN,
    QUESTION,
    CaseKind,
    CaseState,
    CloseReason,
    Contact,
    EntryKind,
)
from desk.cases.stored import code_of
from desk.codes import TrackingCode
from desk.conversations.actions import require_chat
from desk.offices.models import Office
from desk.offices.rules import OfficeKind
from desk.storage.base import WriteSession
from desk.storage.encryption import random_id
from desk.storage.upsert import table_of
from desk.values import Money

_cases = table_of(Case)
_offices = table_of(Office)


def file_complaint(
    session: WriteSession,
    *,
    idem_key: str,
    code: TrackingCode,
    category: str,
    office_id: int | None,
    service_id: int | None,
    happened_on: date | None,
    paid: Money | None,
    facts: Mapping[str, str] | None = None,
    text: str | None,
    voice: dict[str, Any] | None,
    contact: Contact,
    name: str | None,
    actor: Actor,
    locale: str,
    now: datetime,
) -> Filed:
    """File a complaint; the province of the office handles it, never the office itself.

    The nation handles it where no office is named, and where it is about the desk or the staff of the directorate, who
    would handle it for the province.

    With CODE no name is kept. With NOBODY neither name nor chat nor a fact that leads to the person is kept, and the
    case can be followed by its code only. It is then not written here but handed over later (`desk.cases.arrivals`),
    unless somebody may be in danger. `facts`: answers by the codes of `desk.cases.facts`.
    `voice`: channel, bot, file_id, seconds. Filing never reads or changes an appointment, so nobody loses one by
    complaining.

    Raises:
        NoCaseForThis: the category is information only or unknown. CodeTaken: make another code.
    """
    kind = CATEGORIES.get(category)
    if kind is None or not kind.takes_cases:
        raise NoCaseForThis(category)
    province_code = session.scalar(
        select(_offices.c.province_code).where(_offices.c.id == office_id, _offices.c.kind != OfficeKind.DIRECTORATE)
    )
    if not actor.is_chat:
        raise OutOfReach
    told = kept(kind.code, facts or {}, contact=contact)
    values = {
        "code": code.digits,
        "kind": CaseKind.COMPLAINT,
        "category": kind.code,
        "severity": kind.severity,
        "office_id": office_id,
        "handler_office_id": None,
        "handler_province_code": None if told.get(BY_WHOM) == THE_DESK else province_code,
        "service_id": service_id,
        "happened_on": happened_on,
        "paid_rial": None if paid is None else paid.rial,
        "facts": told,
        "contact": contact,
        "name": name if contact is Contact.NAME else None,
        "conversation_id": None if contact is Contact.NOBODY else actor.conversation_id,
        "locale": locale,
    }
    _require_not_waiting(session, code)
    if contact is not Contact.NOBODY:
        return open_case(session, {"idem_key": idem_key, **values}, actor=actor, text=text, voice=voice, now=now)
    if is_taken(session, code):
        raise CodeTaken(code.digits)
    # The chat's key holds the id of the chat: a nameless case has a random one.
    filed = replace(arrived_now(Act.FILED, case_id=random_id(), now=now, text=text, voice=voice), case=values)
    arrive(session, filed, code=code, category=category, now=now)
    return Filed(filed.case_id, code, is_repeat=False)


def ask(
    session: WriteSession,
    *,
    idem_key: str,
    code: TrackingCode,
    office_id: int | None,
    province_code: str | None,
    text: str | None,
    voice: dict[str, Any] | None,
    name: str | None,
    actor: Actor,
    locale: str,
    now: datetime,
) -> Filed:
    """Ask a question of an office, else of a province, else of the nation.

    Raises:
        NothingSaid: there is neither text nor voice. CodeTaken: make another code.
    """
    if not text and not voice:
        raise NothingSaid
    conversation_id = require_chat(actor)
    values = {
        "idem_key": idem_key,
        "code": code.digits,
        "kind": CaseKind.QUESTION,
        "category": QUESTION,
        "severity": QUESTION_SEVERITY,
        "office_id": office_id,
        "handler_office_id": office_id,
        "handler_province_code": None if office_id is not None else province_code,
        "contact": Contact.NAME if name else Contact.CODE,
        "name": name or None,
        "conversation_id": conversation_id,
        "locale": locale,
    }
    _require_not_waiting(session, code)
    return open_case(session, values, actor=actor, text=text, voice=voice, now=now)


def _require_not_waiting(session: WriteSession, code: TrackingCode) -> None:
    """Raises `CodeTaken` where a case has this code that waits to be handed over."""
    if waiting(session, code=code):
        raise CodeTaken(code.digits)


def say_more(
    session: WriteSession,
    *,
    idem_key: str,
    case_id: int,
    actor: Actor,
    text: str | None,
    voice: dict[str, Any] | None,
    now: datetime,
) -> int | None:
    """Add what the person writes and return the entry's id; an answered case goes back into review.

    `Actor.chat(None)` is a person who came by the code, with which they may add and nothing else. What they add is
    handed over later; None = it waits.

    Raises:
        NothingSaid, CaseIsClosed: as they say. NotYourCase: the case is another chat's.
    """
    if not text and not voice:
        raise NothingSaid
    case = case_for_person(session, case_id=case_id, actor=actor)
    if actor.conversation_id is None:
        if case.state is CaseState.CLOSED:
            raise CaseIsClosed(case_id)
        _arrive_of(session, case, Act.ADDED, text=text, voice=voice, now=now)
        return None
    before = entry_of(session, idem_key=idem_key)
    if before is not None:
        return before
    if case.state is CaseState.CLOSED:
        raise CaseIsClosed(case_id)
    entry_id = add_entry(
        session,
        case_id=case_id,
        kind=EntryKind.SAID,
        text=text,
        voice=voice,
        actor=actor,
        idem_key=idem_key,
        now=now,
    )
    if case.state is CaseState.ANSWERED:
        open_again(session, case, actor=actor, now=now)
    session.changed(CASES, case_id)
    return entry_id


def say_more_while_it_waits(
    session: WriteSession,
    *,
    case_id: int,
    code: TrackingCode,
    text: str | None,
    voice: dict[str, Any] | None,
    now: datetime,
) -> None:
    """Add to a case that itself waits to be handed over, by its code.

    Raises:
        NothingSaid: there is neither text nor voice.
    """
    if not text and not voice:
        raise NothingSaid
    put(session, arrived_now(Act.ADDED, case_id=case_id, now=now, text=text, voice=voice), code=code, now=now)


def confirm_solved(session: WriteSession, *, case_id: int, actor: Actor, now: datetime) -> None:
    """The person says that it is solved, which only they can say; a second tap changes nothing.

    A case that the desk closed stays closed, with the person's reason and from the same day on. `Actor.chat(None)`
    is a person who came by the code of a case that belongs to no chat; what they say is handed over later.

    Raises:
        NotYourCase: the case is another chat's.
    """
    case = case_for_person(session, case_id=case_id, actor=actor, decides=True)
    if actor.conversation_id is None:
        _arrive_of(session, case, Act.SOLVED, text=None, voice=None, now=now)
        return
    if case.state is not CaseState.CLOSED:
        change(session, case, to=CaseState.CLOSED, actor=actor, reason=CloseReason.SOLVED, now=now)
    elif case.close_reason not in PERSONS_OWN:
        say_solved_after_all(session, case, actor=actor, now=now)
    session.changed(CASES, case_id)


def object_to(
    session: WriteSession,
    *,
    idem_key: str,
    case_id: int,
    actor: Actor,
    text: str | None = None,
    voice: dict[str, Any] | None = None,
    now: datetime,
) -> None:
    """The person rejects the answer or the closing: back into review with new deadlines; twice is the same as once.

    `Actor.chat(None)` is a person who came by the code of a case that belongs to no chat; what they say is handed over
    later.

    Raises:
        NotYourCase: the case is another chat's. ReopenTooLate: it was closed more than 30 days ago.
    """
    case = case_for_person(session, case_id=case_id, actor=actor, decides=True)
    until = case.reopen_until
    if case.state is CaseState.CLOSED and until is not None and now > until:
        raise ReopenTooLate(case_id, until)
    if actor.conversation_id is None:
        _arrive_of(session, case, Act.OBJECTED, text=text, voice=voice, now=now)
        return
    if case.state in (CaseState.CLOSED, CaseState.ANSWERED):
        open_again(session, case, actor=actor, now=now)
    if text or voice:
        say_more(
            session,
            idem_key=idem_key,
            case_id=case_id,
            actor=actor,
            text=text,
            voice=voice,
            now=now,
        )
    session.changed(CASES, case_id)


def _arrive_of(
    session: WriteSession, case: CaseAtHand, act: Act, *, text: str | None, voice: dict[str, Any] | None, now: datetime
) -> None:
    arrived = arrived_now(act, case_id=case.id, now=now, text=text, voice=voice)
    arrive(session, arrived, code=code_of(session.keys, case.code_sealed, id=case.id), category=case.category, now=now)
