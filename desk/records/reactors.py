"""An outcome that is taken back takes its record with it: the visit is open again, and is closed anew."""

from __future__ import annotations

from sqlalchemy import bindparam, delete

from desk.appointments.history import EventKind
from desk.parts import Happened, Reactors
from desk.records.models import ServiceRecord
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_records = table_of(ServiceRecord)
_DELETE = delete(_records).where(_records.c.appointment_id == bindparam("appointment"))


def _undone(session: WriteSession, happened: Happened) -> None:
    session.connection().execute(_DELETE, {"appointment": happened.id})


REACTORS: Reactors = {EventKind.OUTCOME_UNDONE: _undone}
