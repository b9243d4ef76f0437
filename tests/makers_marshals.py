"""Maker of alarms that a crowd has formed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from desk.marshals.alarms import raise_alarm
from desk.marshals.models import CrowdAlarm
from desk.storage.base import WriteSession
from tests.makers import NOW, acting


def put_alarm(session: WriteSession, *, office_id: int, clerk: int) -> int:
    """A crowd of which this clerk told yesterday; returns its id."""
    raise_alarm(session, office_id=office_id, actor=acting(clerk), now=NOW - timedelta(days=1))
    return session.scalars(select(CrowdAlarm.id).where(CrowdAlarm.office_id == office_id)).one()
