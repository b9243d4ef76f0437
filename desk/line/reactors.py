"""The line follows what is recorded of a visit, whichever page recorded it, and tells those who stand in it."""

from __future__ import annotations

from desk.appointments.history import EventKind
from desk.line.entering import bring_back, end, enter, leave
from desk.line.telling import tell_gone, tell_here, tell_soon
from desk.parts import Happened, Reactors
from desk.storage.base import WriteSession


def _arrived(session: WriteSession, happened: Happened) -> None:
    enter(session, appointment_id=happened.id, actor=happened.actor, now=happened.now)
    tell_here(session, appointment_id=happened.id, now=happened.now)


def _gone(session: WriteSession, happened: Happened) -> None:
    leave(session, appointment_id=happened.id, actor=happened.actor, now=happened.now)
    tell_soon(session, appointment_id=happened.id, now=happened.now)


def _not_here(session: WriteSession, happened: Happened) -> None:
    _gone(session, happened)
    tell_gone(session, appointment_id=happened.id, now=happened.now)


def _outcome(session: WriteSession, happened: Happened) -> None:
    end(session, appointment_id=happened.id, actor=happened.actor, now=happened.now)
    tell_soon(session, appointment_id=happened.id, now=happened.now)


def _outcome_undone(session: WriteSession, happened: Happened) -> None:
    bring_back(session, appointment_id=happened.id, actor=happened.actor, now=happened.now)


REACTORS: Reactors = {
    EventKind.ARRIVED: _arrived,
    EventKind.ARRIVAL_UNDONE: _not_here,
    EventKind.CANCELLED: _gone,
    EventKind.FALLEN: _gone,
    EventKind.OUTCOME: _outcome,
    EventKind.OUTCOME_UNDONE: _outcome_undone,
}
