"""The reactor of consequences: lists people whose appointments lost their time when days were made by new rules."""

from __future__ import annotations

from desk.capacity.jobs import ROLLED
from desk.consequences.actions import find_stranded
from desk.parts import Happened, Reactors
from desk.storage.base import WriteSession


def _days_made(session: WriteSession, happened: Happened) -> None:
    find_stranded(session, queue_id=happened.id, now=happened.now)


REACTORS: Reactors = {ROLLED: _days_made}
