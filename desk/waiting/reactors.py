"""What became free is kept for those who wait, and who was taken off a list is waited for no more."""

from __future__ import annotations

from desk.parts import Happened, Reactors
from desk.people.actions import FORGOTTEN
from desk.storage.base import WriteSession
from desk.waiting.keeping import keep
from desk.waiting.leaving import leave_person


def _forgotten(session: WriteSession, happened: Happened) -> None:
    instead = happened.new.get("instead")
    leave_person(session, person_id=happened.id, instead=instead, actor=happened.actor, now=happened.now)


REACTORS: Reactors = {FORGOTTEN: _forgotten}
KEEPER = keep
