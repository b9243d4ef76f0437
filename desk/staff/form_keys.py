"""Which forms of the back office have been sent already: a second press finds the first and does nothing."""

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
"""Longer than a page stays open with a session that is still alive."""

_keys = table_of(FormKey)
_LED_TO = select(_keys.c.led_to).where(_keys.c.key_hash == bindparam("key"))
_LEAD = update(_keys).where(_keys.c.key_hash == bindparam("key")).values(led_to=bindparam("to"))
_GIVE_BACK = delete(_keys).where(_keys.c.key_hash == bindparam("key"))


class SentAlready(Exception):
    """This form has been sent before and acted; nothing was written now."""


def hash_of(*, staff_id: int, address: str, key: str) -> str:
    """What is kept of a form: the same key means another form at another address or for another person."""
    return sha256(f"{staff_id}\n{address}\n{key}".encode()).hexdigest()


def take(session: WriteSession, *, key_hash: str, now: datetime) -> None:
    """Say in the transaction of the deed that the form is being sent; a rival of the same moment is waited for.

    Raises:
        SentAlready: another transaction said so before and was committed.
    """
    new = insert_if_new(session, FormKey, unique=("key_hash",)).returning(_keys.c.key_hash)
    if session.execute(new, {"key_hash": key_hash, "sent_at": now, "led_to": None}).first() is None:
        raise SentAlready


def lead(session: WriteSession, *, key_hash: str, to: str) -> None:
    """Remember where the first press went."""
    session.connection().execute(_LEAD, {"key": key_hash, "to": to})


def give_back(session: WriteSession, *, key_hash: str) -> None:
    """Let the form be sent again: something was written, such as a wrong try, but what was asked for was not done."""
    session.connection().execute(_GIVE_BACK, {"key": key_hash})


def led_to(session: Session, *, key_hash: str) -> str | None:
    """Where the first press went; None while that is not known."""
    return session.scalar(_LED_TO, {"key": key_hash})


def forget(session: WriteSession, *, before: datetime, limit: int) -> int:
    """Delete the keys of forms that were sent before; how many (housekeeping)."""
    return delete_some(session, _keys, _keys.c.sent_at < before, limit=limit)
