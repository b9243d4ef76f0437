"""The job that deletes people to whom nothing refers any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from desk.parts import Job
from desk.people.models import Person
from desk.people.privacy import delete_unnamed, nobody_needs_them
from desk.storage.base import WriteSession
from desk.storage.scrubbing import ERASED


def forget_people(session: WriteSession, *, now: datetime, limit: int = 500) -> int:
    """Delete persons whom chats have forgotten and no appointment names, nor those of papers linked with theirs.

    Returns how many were looked at.
    """
    left = session.scalars(select(Person.id).where(nobody_needs_them()).order_by(Person.id).limit(limit)).all()
    delete_unnamed(session, left)
    if left:
        session.announce(ERASED)
    return len(left)


JOBS = (Job(name="forget_people", every=timedelta(hours=6), run=forget_people),)
