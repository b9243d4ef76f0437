"""Writes events in the transaction that makes them true, and removes the keys of an erased person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import bindparam, delete, insert, select, update

from desk.acting import Actor
from desk.events.models import Event
from desk.events.reacting import react, reactors
from desk.events.rules import Data, differences
from desk.parts import Happened
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_events = table_of(Event)
_INSERT = insert(_events).inline()
_BY_KEY = select(_events.c.id).where(_events.c.idem_key == bindparam("key"))
_TAKE_BACK = delete(_events).where(_events.c.subject == bindparam("subject"))
_BLANK = (
    update(_events)
    .where(_events.c.subject.in_(bindparam("subjects", expanding=True)), _events.c.idem_key.is_not(None))
    .values(idem_key=None)
)


def note(
    session: WriteSession,
    *,
    kind: str,
    subject: str,
    actor: Actor,
    office_id: int | None = None,
    province_code: str | None = None,
    day: date | None = None,
    others: Sequence[str] = (),
    old: Data | None = None,
    new: Data | None = None,
    data: Data | None = None,
    idem_key: str | None = None,
    is_told: bool = True,
    now: datetime,
) -> None:
    """Write that `actor` did `kind` to `subject`, such as `case.reply` to `case:7`.

    Of the states `old` and `new` only the values that differ are kept. Where both are given, nothing differs and there
    is no `data`, nothing has happened: nothing is written, and nobody is told. `data` holds further values
    (`desk.events.rules.Data` says which). `office_id` or `province_code` say who may review the event. The id of a chat
    is not kept. The subjects that react to this kind (`desk.events.reacting`) do so before this returns. After the
    commit every process is told that `subject` has changed at this office, on this local `day`, unless `is_told` is
    false. One statement, besides those of the reactors.
    """
    held = dict(data or {})
    if old is not None and new is not None:
        old, new = differences(old, new)
        if not old and not held:
            return
    if old:
        held["old"] = dict(old)
    if new:
        held["new"] = {name: value for name, value in new.items() if old or value is not None}
    session.connection().execute(
        _INSERT,
        {
            "at": now,
            "kind": kind,
            "actor_kind": actor.kind,
            "actor_id": actor.staff_id,
            "subject": subject,
            "others": list(others),
            "office_id": office_id,
            "province_code": province_code,
            "data": held,
            "idem_key": idem_key,
        },
    )
    if kind in reactors():
        react(session, Happened(kind=kind, subject=subject, actor=actor, old=old or {}, new=new or {}, now=now))
    if is_told:
        what, _colon, number = subject.partition(":")
        if number.isdecimal():
            session.changed(what, int(number), office_id=office_id, day=day)


def is_noted(session: WriteSession, *, idem_key: str) -> bool:
    """Whether an event with this key exists."""
    return session.execute(_BY_KEY, {"key": idem_key}).first() is not None


def take_back(session: WriteSession, *, subject: str) -> None:
    """Delete the events that this transaction has written about `subject`, which it could not create after all.

    No other transaction has seen them. A savepoint would do the same, but costs two round trips for every success.
    """
    session.connection().execute(_TAKE_BACK, {"subject": subject})


def blank_keys(session: WriteSession, *, subjects: Sequence[str]) -> None:
    """Blank the keys of the events of these subjects: a key holds the id of its chat."""
    if subjects:
        session.connection().execute(_BLANK, {"subjects": list(subjects)})
