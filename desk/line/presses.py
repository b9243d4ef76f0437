"""Presses with a key: each is applied once, however often it is sent, and only under the account that pressed it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select, update

from desk.acting import Actor
from desk.line.models import LinePress
from desk.line.refusals import NotYourPress
from desk.line.rules import Press
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_if_new, table_of

_presses = table_of(LinePress)
_BY_KEY = select(*_presses.c["staff_id", "appointment_id"]).where(_presses.c.key == bindparam("key"))
_ABOUT = update(_presses).where(_presses.c.key == bindparam("of")).values(appointment_id=bindparam("about"))


class Applied(NamedTuple):
    """A press that was applied before, and whom it was about; None = nobody waited."""

    appointment_id: int | None


def applied_before(
    session: WriteSession,
    press: Press | None,
    *,
    what: str,
    appointment_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> Applied | None:
    """What the same press led to before; None = it comes for the first time, and is noted as applied.

    Where the caller then refuses, the note is rolled back with all else. Of two that are sent at once the second waits
    for the first. Raises NotYourPress.
    """
    if press is None:
        return None
    if press.staff_id not in (None, actor.staff_id):
        raise NotYourPress
    new = session.connection().execute(
        insert_if_new(session, LinePress, unique=("key",)).returning(_presses.c.id),
        {
            "key": press.key,
            "staff_id": actor.staff_id,
            "what": what,
            "appointment_id": appointment_id,
            "pressed_at": press.pressed_at,
            "applied_at": now,
        },
    )
    if new.scalar() is not None:
        return None
    found = session.connection().execute(_BY_KEY, {"key": press.key}).one()
    if found.staff_id != actor.staff_id:
        raise NotYourPress
    return Applied(found.appointment_id)


def note_about(session: WriteSession, press: Press | None, *, appointment_id: int) -> None:
    """Whom the press was about, once that is known."""
    if press is not None:
        session.connection().execute(_ABOUT, {"of": press.key, "about": appointment_id})


def happened_at(press: Press | None, *, after: datetime, now: datetime) -> datetime:
    """When the press was made, as far as it can be: not before what was recorded last, and not in the future."""
    return now if press is None else max(after, min(press.pressed_at, now))
