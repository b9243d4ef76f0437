"""What the history holds of people: nothing but the ids of staff who acted and of rows they changed."""

from __future__ import annotations

from desk.parts import Fate, Kept, Privacy

_IDS = Kept("ids, values that staff chose from lists, and texts that the office publishes")

PRIVACY = Privacy(
    columns={
        "events.actor_id": Kept("who of the staff did it: what the history is there for"),
        "events.kind": _IDS,
        "events.subject": _IDS,
        "events.others": _IDS,
        "events.province_code": _IDS,
        "events.data": _IDS,
        "events.idem_key": Fate.EMPTIED,
        "event_seals.hash": Kept("a fingerprint of many lines at once"),
    }
)
