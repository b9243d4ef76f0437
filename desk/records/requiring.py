"""The directorate says what has to be recorded of a person for a service: each change is another version."""

from __future__ import annotations

from datetime import datetime

from desk.acting import Actor, Permission
from desk.catalogue.actions import keep_parts, refuse_copies
from desk.events import actions as events
from desk.events.rules import values_of
from desk.language.text import Localised
from desk.organisation import NATION
from desk.records.history import RecordEvent
from desk.records.models import RequiredFields
from desk.records.queries import latest_required
from desk.records.refusals import SourceMissing
from desk.storage.base import WriteSession

TOLD = ("fields", "fingerprint", "photo", "source")


def set_required(
    session: WriteSession,
    *,
    service_id: int,
    fields: Localised | None,
    fingerprint: bool | None,
    photo: bool | None,
    source: Localised,
    actor: Actor,
    now: datetime,
) -> int:
    """Enter another version; returns its number, also where nothing differs and the latest stays.

    `fields`: one on each line; None = not announced, as with the other two.
    Raises OutOfReach, SourceMissing, CopyDemanded.
    """
    actor.require(Permission.CATALOGUE_WRITE, at=NATION)
    if not source:
        raise SourceMissing
    refuse_copies(fields, source)
    keep_parts(session, service_id=service_id)
    before = latest_required(session, service_id=service_id)
    row = RequiredFields(
        service_id=service_id,
        version=1 if before is None else before.version + 1,
        fields=fields,
        fingerprint=fingerprint,
        photo=photo,
        source=source,
        entered_by=actor.staff_id,
        entered_at=now,
    )
    old = None if before is None else values_of(before, *TOLD)
    new = values_of(row, *TOLD)
    if before is not None and old == new:
        return before.version
    session.add(row)
    session.flush()
    events.note(
        session,
        kind=RecordEvent.REQUIRED,
        subject=f"service:{service_id}",
        actor=actor,
        old=old,
        new=new,
        data={"version": row.version},
        now=now,
    )
    return row.version
