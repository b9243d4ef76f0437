"""What became free is kept for those who wait, who was taken off a list is waited for no more, what is on offer counts
for a quota that is set, and for households is looked anew where one place is enough from now on."""

from __future__ import annotations

from desk.capacity.saving_quotas import QUOTA_SET
from desk.parts import Happened, Reactors
from desk.people.actions import FORGOTTEN
from desk.storage.base import WriteSession
from desk.waiting.keeping import keep, look_anew_for
from desk.waiting.leaving import leave_person
from desk.waiting.rounds import count_offered


def _forgotten(session: WriteSession, happened: Happened) -> None:
    instead = happened.new.get("instead")
    leave_person(session, person_id=happened.id, instead=instead, actor=happened.actor, now=happened.now)


def _quota_set(session: WriteSession, happened: Happened) -> None:
    service_id, most = happened.new["quota"]
    if most is not None:
        count_offered(session, queue_id=happened.id, service_id=service_id)


def _service_changed(session: WriteSession, happened: Happened) -> None:
    if happened.new.get("is_per_household"):
        look_anew_for(session, service_id=happened.id)


REACTORS: Reactors = {FORGOTTEN: _forgotten, QUOTA_SET: _quota_set, "service.update": _service_changed}
KEEPER = keep
