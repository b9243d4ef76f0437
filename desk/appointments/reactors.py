"""Appointments count for a quota that is set; and they set places of planned slots apart, knowing which are used."""

from __future__ import annotations

from desk.appointments.quotas import count_booked
from desk.appointments.setting_apart import APART
from desk.capacity.saving_quotas import QUOTA_SET
from desk.parts import Happened, Reactors
from desk.storage.base import WriteSession

__all__ = ["APART", "REACTORS"]


def _quota_set(session: WriteSession, happened: Happened) -> None:
    service_id, most = happened.new["quota"]
    if most is not None:
        count_booked(session, queue_id=happened.id, service_id=service_id, now=happened.now)


REACTORS: Reactors = {QUOTA_SET: _quota_set}
