"""The log of staff and the history of appointments become one: nothing lost or told twice, all in order of time."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import Connection, MetaData, Table, insert, select

from desk.acting import ActorKind
from desk.appointments.history import EventKind
from desk.appointments.models import Appointment
from desk.capacity.models import Queue, Slot
from desk.events.models import Event
from desk.storage import migrate
from desk.storage.base import ReadSession, WriteSession
from desk.storage.engine import Storage
from desk.storage.types import UtcDateTime
from desk.verify import verify
from tests import makers
from tests.keys import KEYS
from tests.makers import NOW
from tests.storage.test_migrated_cases import on

MINUTE = timedelta(minutes=1)


def begin(session: WriteSession) -> dict[str, int]:
    """An appointment that will have been moved, in the shape of today."""
    appointment = makers.make_appointment(session, conversation=makers.make_conversation(session))
    queue = session.get_one(Queue, session.get_one(Slot, appointment.slot_id).queue_id)
    later = makers.make_slot(session, queue=queue, starts_at=appointment.starts_at + timedelta(days=2))
    return {
        "appointment": appointment.id,
        "first": appointment.slot_id,
        "later": later.id,
        "queue": queue.id,
        "office": appointment.office_id,
    }


def write_as_before(connection: Connection, ids: dict[str, int]) -> None:
    """What the two histories held: the office moved the appointment, which both tell, and what only the log tells."""
    stored = MetaData()
    appointments, log = (
        Table(name, stored, autoload_with=connection) for name in ("appointment_events", "audit_entries")
    )
    for table in (appointments, log):
        table.c.at.type = UtcDateTime()
    assert connection.execute(select(appointments.c.kind, appointments.c.state, appointments.c.slot_id)).all() == [
        ("booked", "booked", ids["first"])
    ]
    connection.execute(
        insert(appointments),
        {
            "appointment_id": ids["appointment"],
            "at": NOW + 5 * MINUTE,
            "kind": "moved",
            "state": "booked",
            "slot_id": ids["later"],
            "staff_id": 4,
            "reason": "برق رفت",
            "idem_key": "m1",
        },
    )
    lines = [
        (2, 9, "day:set", f"queue:{ids['queue']}", {"day": "2026-11-24"}),
        (3, 9, "day.read", f"office:{ids['office']}:2026-11-21", {}),
        (5, 4, "appointment:move", f"appointment:{ids['appointment']}", {}),
        (6, None, "holiday:save", "holiday:2026-12-01", {"province": "IR-30"}),
        (7, 4, "turn.found", f"appointment:{ids['appointment']}", {}),
        (8, 4, "case.list", "inbox", {}),
        (9, 4, "change.people", f"change:3:office:{ids['office']}", {}),
    ]
    for minutes, staff_id, action, subject, detail in lines:
        connection.execute(
            insert(log),
            {
                "at": NOW + minutes * MINUTE,
                "staff_id": staff_id,
                "action": action,
                "subject": subject,
                "detail": detail,
            },
        )
    table = Table("appointments", stored, autoload_with=connection)
    slots = Table("slots", stored, autoload_with=connection)
    there = connection.execute(select(slots.c.starts_at, slots.c.day).where(slots.c.id == ids["later"])).one()
    connection.execute(
        table.update()
        .where(table.c.id == ids["appointment"])
        .values(slot_id=ids["later"], moves=1, starts_at=there.starts_at, day=there.day)
    )


def told(session: ReadSession) -> list[Event]:
    return list(session.scalars(select(Event).order_by(Event.id)))


async def test_both_histories_are_carried_over_as_one(database_url: str) -> None:
    async with Storage(database_url, keys=KEYS) as storage:
        ids = await storage.write(begin)
    await asyncio.to_thread(migrate.downgrade, database_url, keys=KEYS, revision="0020")
    await on(database_url, lambda connection: write_as_before(connection, ids))
    await asyncio.to_thread(migrate.upgrade, database_url, keys=KEYS)
    async with Storage(database_url, keys=KEYS) as storage:
        events = await storage.read(told)
        appointment = await storage.read(lambda session: session.get_one(Appointment, ids["appointment"]))
        broken = await storage.read(verify)
    moved_by = ("appointment.moved", ActorKind.STAFF, 4, f"appointment:{ids['appointment']}", ids["office"])
    assert [(each.kind, each.actor_kind, each.actor_id, each.subject, each.office_id) for each in events] == [
        ("appointment.booked", ActorKind.CHAT, None, f"appointment:{ids['appointment']}", ids["office"]),
        ("day.set", ActorKind.STAFF, 9, f"queue:{ids['queue']}", ids["office"]),
        ("day.read", ActorKind.STAFF, 9, f"office:{ids['office']}", ids["office"]),
        moved_by,
        ("holiday.save", ActorKind.SYSTEM, None, "holiday:2026-12-01", None),
        ("appointment.found", ActorKind.STAFF, 4, f"appointment:{ids['appointment']}", ids["office"]),
        ("case.list", ActorKind.STAFF, 4, "inbox", None),
        ("change.people", ActorKind.STAFF, 4, "change:3", ids["office"]),
    ]
    booked, day_set, day_read, moved, holiday, *_, people = events
    assert [booked.at, moved.at] == [NOW, NOW + 5 * MINUTE]
    assert moved.data == {
        "old": {"state": "booked", "slot": ids["first"]},
        "new": {"state": "booked", "slot": ids["later"]},
    }
    assert (moved.idem_key, moved.kind) == ("m1", EventKind.MOVED)
    assert (day_set.data, day_read.data) == ({"day": "2026-11-24"}, {"day": "2026-11-21"})
    assert (holiday.province_code, people.others) == ("IR-30", [f"office:{ids['office']}"])
    assert appointment.office_reason == "برق رفت"
    assert "history" not in " ".join(each.rule for each in broken)


async def test_the_step_back_gives_both_their_own_again(database_url: str) -> None:
    async with Storage(database_url, keys=KEYS) as storage:
        ids = await storage.write(begin)
    await asyncio.to_thread(migrate.downgrade, database_url, keys=KEYS, revision="0020")
    await on(database_url, lambda connection: write_as_before(connection, ids))
    await asyncio.to_thread(migrate.upgrade, database_url, keys=KEYS)
    await asyncio.to_thread(migrate.downgrade, database_url, keys=KEYS, revision="0020")

    def look(connection: Connection) -> tuple[list[tuple[str, str | None]], int]:
        stored = MetaData()
        appointments, log = (
            Table(name, stored, autoload_with=connection) for name in ("appointment_events", "audit_entries")
        )
        kinds = [
            (kind, reason)
            for kind, reason in connection.execute(
                select(appointments.c.kind, appointments.c.reason).order_by(appointments.c.id)
            )
        ]
        return kinds, len(connection.execute(select(log.c.id)).all())

    assert await on(database_url, look) == ([("booked", None), ("moved", "برق رفت")], 6)
