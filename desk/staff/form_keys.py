"""The keys of forms that were sent: a second press finds the first and changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from desk.staff.models import FormKey
from desk.storage.base import WriteSession
from desk.storage.deleting import delete_some
from desk.storage.upsert import insert_if_new, table_of

KEPT = timedelta(days=1)
"""How long keys are kept: longer than any session lives."""

_keys = table_of(FormKey)
_LED_TO = select(_keys.c.led_to).where(_keys.c.key_hash == bindparam("key"))
_LEAD = update(_keys).where(_keys.c.key_hash == bindparam("key")).values(led_to=bindparam("to"))
_GIVE_BACK = delete(_keys).where(_keys.c.key_hash == bindparam("key"))


class SentAlready(Exception):
    """This form was sent before and acted; this time nothing was written."""


def hash_of(*, staff_id: int, address: str, key: str) -> str:
    """The hash under which a form's key is stored; it differs by address and person."""
    return sha256(f"{staff_id}\n{address}\n{key}".encode()).hexdigest()


def take(session: WriteSession, *, key_hash: str, now: datetime) -> None:
    """Store in the action's transaction that the form is being sent; a concurrent press waits here.

    Raises:
        SentAlready: another transaction stored it before and was committed.
    """
    new = insert_if_new(session, FormKey, unique=("key_hash",)).returning(_keys.c.key_hash)
    if session.execute(new, {"key_hash": key_hash, "sent_at": now, "led_to": None}).first() is None:
        raise SentAlready


def lead(session: WriteSession, *, key_hash: str, to: str) -> None:
    """Store where the first press was redirected to."""
    session.connection().execute(_LEAD, {"key": key_hash, "to": to})


def give_back(session: WriteSession, *, key_hash: str) -> None:
    """Delete the key, so that the form may be sent again: something was written, such as a wrong try, but not what
    was asked for."""
    session.connection().execute(_GIVE_BACK, {"key": key_hash})


def led_to(session: Session, *, key_hash: str) -> str | None:
    """Where the first press was redirected to; None while that is not known."""
    return session.scalar(_LED_TO, {"key": key_hash})


def forget(session: WriteSession, *, before: datetime, limit: int) -> int:
    """Delete keys of forms that were sent before that moment; returns their number."""
    return delete_some(session, _keys, _keys.c.sent_at < before, limit=limit)
