"""Killed again and again under load, told every update twice, with failing messengers: Mizban loses nothing."""

from __future__ import annotations

import asyncio
import logging
import os
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from bot.running.tasks import Tasks
from desk.appointments.history import SUBJECT, EventKind
from desk.appointments.models import Appointment
from desk.appointments.stored import read_name
from desk.conversations.models import Conversation, HeardUpdate, UpdateOutcome
from desk.conversations.queries import by_id
from desk.events.models import Event
from desk.outbox.models import OutboxMessage
from desk.seed.demo_life import DEMO_BOT
from desk.storage.base import keys_of
from desk.storage.engine import Storage
from emulator.remote import RemoteEmulator
from tests.faults.running import KEYS, Mizban, emulator_process, pending
from tests.faults.walkers import Walker, walker

log = logging.getLogger(__name__)

KILLS = int(os.environ.get("MIZBAN_KILLS", "20"))
"""For each mode and database; `MIZBAN_KILLS=2` for a quick look."""
PEOPLE_AT_ONCE = 8
LONGEST = 900.0
AFTERWARDS = 180.0
"""Seconds the people have to finish after the last kill."""


@dataclass
class Seen:
    """What the database says at the end."""

    appointments: Counter[str] = field(default_factory=Counter)
    booked_events: Counter[int] = field(default_factory=Counter)
    tickets: int = 0
    handled: int = 0
    parked: list[str] = field(default_factory=list)
    revisions: dict[tuple[str, str], int] = field(default_factory=dict)


def look(session: Session) -> Seen:
    """Everything the assertions need, in one read."""
    of_a_chat = Appointment.conversation_id.in_(select(Conversation.id).where(Conversation.bot != DEMO_BOT))
    of_a_walker = OutboxMessage.bot != DEMO_BOT
    heard = session.execute(select(HeardUpdate.outcome, HeardUpdate.reason)).all()
    return Seen(
        appointments=Counter(
            str(read_name(keys_of(session), row.name_sealed, digits=row.code))
            for row in session.scalars(select(Appointment).where(of_a_chat))
        ),
        booked_events=Counter(
            session.scalars(
                select(Appointment.id)
                .join(Event, Event.subject == SUBJECT + cast(Appointment.id, String))
                .where(Event.kind == EventKind.BOOKED, of_a_chat)
            ).all()
        ),
        tickets=len(
            session.scalars(select(OutboxMessage.id).where(OutboxMessage.notice == "ticket", of_a_walker)).all()
        ),
        handled=sum(outcome is UpdateOutcome.HANDLED for outcome, _ in heard),
        parked=[str(reason) for outcome, reason in heard if outcome is UpdateOutcome.PARKED],
        revisions={
            (row.channel, row.chat): row.revision
            for row in (by_id(session, conversation_id=id) for id in session.scalars(select(Conversation.id)))
            if row is not None
        },
    )


async def unkind_messengers(emulator: RemoteEmulator) -> None:
    """10 % of all calls are told to slow down, 10 % fail, and every update comes twice."""
    await emulator.add_fault("too_many_requests", probability=0.1, retry_after=1, seed=7)
    await emulator.add_fault("server_error", probability=0.1)
    await emulator.add_fault("duplicate_update")


async def all_done(crowd: Tasks, walkers: list[Walker]) -> None:
    """Wait until everybody has their ticket; say who is stuck where."""
    try:
        await asyncio.wait_for(crowd.wait(), AFTERWARDS)
    except TimeoutError:
        stuck = [(one.name, one.trouble[-3:], await one.person.screen()) for one in walkers if not one.has_ticket]
        told = "\n".join(f"{name}: {screen.plain[-120:]!r} {trouble}" for name, trouble, screen in stuck)
        raise AssertionError(f"{len(stuck)} of {len(walkers)} people wait in vain:\n{told}") from None


@pytest.mark.durable
@pytest.mark.parametrize("by_webhook", [False, True], ids=["polling", "webhook"])
async def test_nothing_is_lost_and_nothing_done_twice(database_url: str, tmp_path: Path, by_webhook: bool) -> None:
    chance = random.Random(1405 + by_webhook)  # noqa: S311  # load, not a secret
    walkers: list[Walker] = []
    clock = asyncio.get_running_loop().time
    async with (
        emulator_process() as emulator,
        Mizban(folder=tmp_path, database_url=database_url, emulator=emulator, by_webhook=by_webhook) as mizban,
    ):
        assert (await mizban.command("seed", "--demo"))[0] == 0
        await mizban.start()
        await unkind_messengers(emulator)
        is_over = asyncio.Event()
        ends = clock() + LONGEST

        async def keep_coming(dialect: str) -> None:
            while not is_over.is_set():
                one = await walker(emulator, dialect, chance)
                walkers.append(one)
                await one.walk(until=ends)

        async with Tasks() as crowd:
            for number in range(PEOPLE_AT_ONCE):
                crowd.start(keep_coming(("telegram", "bale")[number % 2]), name=f"person {number}")
            for _ in range(KILLS):
                await asyncio.sleep(chance.uniform(0.1, 1.0))
                await mizban.kill()
                await mizban.start()
            is_over.set()
            await emulator.clear_faults()
            await all_done(crowd, walkers)
        for one in walkers:
            await one.person.say("/menu")
            one.acts += 1
        screens = [await one.person.settled(AFTERWARDS, spinners=False) for one in walkers]
        assert await pending(emulator) == 0
        await mizban.stop()
        code, told = await mizban.command("verify")
    async with Storage(database_url, keys=KEYS) as storage:
        seen = await storage.read(look)

    lost = [one.name for one in walkers if not one.has_ticket]
    assert not lost, (lost, [one.trouble for one in walkers if one.trouble])
    assert seen.parked == []
    assert seen.handled == sum(one.acts for one in walkers), "an update was never heard, or something was heard twice"
    assert seen.appointments == Counter(one.name for one in walkers), "somebody has no appointment, or two"
    assert set(seen.booked_events.values()) == {1}
    assert seen.tickets == len(walkers)
    for one, screen in zip(walkers, screens, strict=True):
        shown = [button.data for row in screen.rows for button in row]
        revision = seen.revisions[one.person.dialect, str(one.person.id)]
        assert any(data.startswith(f"r{revision}.") for data in shown), (revision, shown, screen.plain)
    repeated = [sum(shown.kind == "photo" and not shown.mine for shown in screen.messages) - 1 for screen in screens]
    assert sum(repeated) <= KILLS * PEOPLE_AT_ONCE, "tickets are repeated by more than what was under way at a kill"
    assert code == 0, told
    log.info(
        "%d people, %d updates, %d kills, %d tickets repeated, ready after %.2f to %.2f s",
        len(walkers),
        seen.handled,
        KILLS,
        sum(repeated),
        min(mizban.starts),
        max(mizban.starts),
    )
