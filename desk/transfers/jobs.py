"""The jobs that let complaints follow, and that delete what is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from desk.parts import Job
from desk.storage.base import WriteSession
from desk.storage.deleting import delete_some
from desk.storage.upsert import table_of
from desk.transfers import tries
from desk.transfers.actions import bring_cases
from desk.transfers.models import CounterCode, Transfer
from desk.transfers.rules import KEPT, TransferState

_transfers, _codes = table_of(Transfer), table_of(CounterCode)


def forget_transfers(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete transfers of long ago, counts that are over, and codes of the counter that nobody can use any more."""
    is_over = (_transfers.c.until < now - KEPT, _transfers.c.state != TransferState.OPEN)
    done = delete_some(session, _transfers, *is_over, limit=limit)
    done += tries.forget(session, now=now, limit=limit - done)
    return done + delete_some(session, _codes, _codes.c.expires_at <= now, limit=limit - done)


JOBS = (
    Job(name="bring_cases", every=timedelta(minutes=15), run=bring_cases, batch=50),
    Job(name="forget_transfers", every=timedelta(hours=1), run=forget_transfers),
)
