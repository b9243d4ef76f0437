"""What follows for people who have an appointment on days that were made by rules about which nobody has asked."""

from __future__ import annotations

from desk.capacity.jobs import ROLLED
from desk.consequences.actions import find_stranded
from desk.parts import Happened, Reactors
from desk.storage.base import WriteSession


def _days_made(session: WriteSession, happened: Happened) -> None:
    find_stranded(session, queue_id=happened.id, now=happened.now)


REACTORS: Reactors = {ROLLED: _days_made}
