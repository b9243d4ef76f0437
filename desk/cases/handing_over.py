"""Hands over to the desk what people told under a code alone, and applies it to its case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from secrets import SystemRandom, token_hex

from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.cases import arrivals
from desk.cases.arrivals import Act, Arrived
from desk.cases.categories import CATEGORIES
from desk.cases.changes import add_entry, case_for_person, change, say_solved_after_all
from desk.cases.deadlines import CASES
from desk.cases.opening import open_case
from desk.cases.reopening import open_again
from desk.cases.rules import PERSONS_OWN, CaseState, CloseReason, Contact, EntryKind
from desk.codes import TrackingCode
from desk.storage.base import WriteSession
from desk.storage.scrubbing import ERASED

SOMEBODY = Actor.chat(None)
"""Somebody of whom only the code is known."""
_chance = SystemRandom()


def arrive(session: WriteSession, arrived: Arrived, *, code: TrackingCode, category: str, now: datetime) -> None:
    """Keep for the hand-over what somebody told of whom only the code is known; danger is written at once.

    Raises:
        CodeTaken: of danger alone, where another case has the code.
    """
    kind = CATEGORIES.get(category)
    if kind is not None and kind.is_danger:
        apply(session, arrived, now=now)
        session.announce(ERASED)  # the log of SQLite tells that chat and case were written together
    else:
        arrivals.put(session, arrived, code=code, now=now)


def due(session: Session, *, now: datetime) -> Sequence[int]:
    """The ids of what is to be handed over, in a shuffled order; what is of one code stays in its own."""
    of_codes: dict[str, list[tuple[int, int]]] = {}
    for id, mark, place in arrivals.due(session, now=now):
        of_codes.setdefault(mark, []).append((place, id))
    shuffled = list(of_codes.values())
    _chance.shuffle(shuffled)
    return [id for each in shuffled for _place, id in sorted(each)]


def hand_over(session: WriteSession, *, id: int, now: datetime) -> None:
    """Take one arrival and apply it; its transaction writes nothing of a chat.

    `now` is not stored: a case under «nobody» keeps the day on which something was told.
    """
    arrived = arrivals.take(session, id=id)
    if arrived is not None:
        apply(session, arrived, now=now)


def apply(session: WriteSession, arrived: Arrived, *, now: datetime) -> None:
    """Write it into its case. What was allowed when it was told is not refused any more.

    Raises:
        CodeTaken: another case has got the code meanwhile, which chance makes very unlikely.
    """
    if arrived.case is not None:
        key = {"id": arrived.case_id, "idem_key": f"nobody:{token_hex(16)}"}
        open_case(
            session,
            {**arrived.case, **key},
            actor=SOMEBODY,
            text=arrived.text,
            voice=arrived.voice,
            now=arrived.said_on,
        )
        return
    case = case_for_person(session, case_id=arrived.case_id, actor=SOMEBODY)
    is_over = case.state in (CaseState.ANSWERED, CaseState.CLOSED)
    at = arrived.said_on if case.contact is Contact.NOBODY else now
    if arrived.act is Act.SOLVED:
        if case.state is not CaseState.CLOSED:
            change(session, case, to=CaseState.CLOSED, actor=SOMEBODY, reason=CloseReason.SOLVED, now=at)
        elif case.close_reason not in PERSONS_OWN:
            say_solved_after_all(session, case, actor=SOMEBODY, now=at)
    elif arrived.act is Act.OBJECTED and is_over:
        open_again(session, case, actor=SOMEBODY, now=at)
    if arrived.text or arrived.voice:
        add_entry(
            session,
            case_id=case.id,
            kind=EntryKind.SAID,
            text=arrived.text,
            voice=None if arrived.voice is None else dict(arrived.voice),
            actor=SOMEBODY,
            now=at,
        )
    if arrived.act is Act.ADDED and is_over:
        open_again(session, case, actor=SOMEBODY, now=at)
    session.changed(CASES, case.id)
