"""Erases once more what a restored back-up brought back, by the tombstones that were written since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import select

from desk.acting import Actor
from desk.conversations.models import Conversation
from desk.erasure.actions import erase
from desk.parts import Again, ErasedKind
from desk.storage.base import WriteSession
from desk.storage.scrubbing import ERASED
from desk.subjects import privacy
from desk.tombstones import actions as tombstones
from desk.tombstones.rules import BEGUN, Line

AT_ONCE = 500
"""Rows of one statement."""


class KeyMissing(Exception):
    """Tombstones were made with a key that is not here, so nobody can tell what they stand for."""

    def __init__(self, names: Collection[str]) -> None:
        super().__init__(f"tombstones were made with the keys {', '.join(sorted(names))}, which are not here")
        self.names = frozenset(names)


def erase_again(session: WriteSession, *, lines: Sequence[Line], now: datetime) -> int:
    """Erase what these lines stand for and this database still holds; the number of rows that led to it.

    Raises KeyMissing before anything is erased.
    """
    told = [line for line in lines if line.key != BEGUN]
    if missing := {line.key for line in told}.difference(session.keys.finding_names):
        raise KeyMissing(missing)
    marks = frozenset(line.mark for line in told)
    if not marks:
        return 0
    done = 0
    for id in _told(session, marks, ErasedKind.CHAT, session.scalars(select(Conversation.id))):
        erase(session, actor=Actor.chat(id), now=now)
        done += 1
    for each in _again():
        found = _told(session, marks, each.kind, each.held(session))
        for start in range(0, len(found), AT_ONCE):
            each.erase(session, found[start : start + AT_ONCE], now=now)
        done += len(found)
    tombstones.drop_told(session, marks=marks)
    session.announce(ERASED)
    return done


def _again() -> Iterator[Again]:
    return (each.again for each in privacy() if each.again is not None)


def _told(session: WriteSession, marks: frozenset[str], kind: ErasedKind, ids: Iterable[int]) -> list[int]:
    """Those of these rows of which a tombstone tells, by the present key or an older one."""
    of, purpose = session.keys.marks, tombstones.PURPOSE
    return [id for id in ids if not marks.isdisjoint(of(purpose, tombstones.what(kind, id)))]
