"""The line follows what is recorded of a visit, whichever page recorded it."""

from __future__ import annotations

from desk.appointments.history import EventKind
from desk.line.entering import bring_back, end, enter, leave
from desk.parts import Happened, Reactors
from desk.storage.base import WriteSession


def _arrived(session: WriteSession, happened: Happened) -> None:
    enter(session, appointment_id=happened.id, actor=happened.actor, now=happened.now)


def _gone(session: WriteSession, happened: Happened) -> None:
    leave(session, appointment_id=happened.id, actor=happened.actor, now=happened.now)


def _outcome(session: WriteSession, happened: Happened) -> None:
    end(session, appointment_id=happened.id, actor=happened.actor, now=happened.now)


def _outcome_undone(session: WriteSession, happened: Happened) -> None:
    bring_back(session, appointment_id=happened.id, actor=happened.actor, now=happened.now)


REACTORS: Reactors = {
    EventKind.ARRIVED: _arrived,
    EventKind.ARRIVAL_UNDONE: _gone,
    EventKind.CANCELLED: _gone,
    EventKind.FALLEN: _gone,
    EventKind.OUTCOME: _outcome,
    EventKind.OUTCOME_UNDONE: _outcome_undone,
}
