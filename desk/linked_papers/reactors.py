"""Where one of two appointments ended, nothing is asked about them any more, and the other counts alone."""

from __future__ import annotations

from desk.appointments.history import EventKind
from desk.linked_papers.choosing import ask_about_all, end_choices
from desk.parts import Happened, Reactors
from desk.storage.base import WriteSession


def _ended(session: WriteSession, happened: Happened) -> None:
    session.flush()
    for link_id in end_choices(session, appointment_id=happened.id, now=happened.now):
        ask_about_all(session, link_id=link_id, now=happened.now)


REACTORS: Reactors = {EventKind.CANCELLED: _ended, EventKind.FALLEN: _ended, EventKind.OUTCOME: _ended}
