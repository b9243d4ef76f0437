"""What has to be done from time to time: every job looks for rows that are due, so a missed tick costs only a delay."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.dialogue.place import Place
from desk.appointments import actions as appointments
from desk.calendar import local_day_of
from desk.capacity import actions as capacity
from desk.capacity.rules import WINDOW_DAYS
from desk.cases import actions as cases
from desk.cases.drafts import KEPT as DRAFTS_KEPT
from desk.cases.leaving import give_back_all
from desk.clock import Clock
from desk.consequences import actions as consequences
from desk.consequences.rules import AT_ONCE
from desk.conversations import actions as conversations
from desk.conversations import rests
from desk.conversations.rules import SERIES
from desk.erasure import sweep_persons
from desk.outbox import actions as outbox
from desk.places import actions as places
from desk.seed.days_off import keep_filled
from desk.staff import actions as staff
from desk.staff import form_keys
from desk.storage.engine import Storage

UPDATES_KEPT = timedelta(hours=48)
"""The messengers bring no update that is older than 24 hours."""
ANSWERS_KEPT = timedelta(days=30)
"""From the last word of the chat on: as long as a reply waits that staff have begun."""
CLOSED_MESSAGES_KEPT = timedelta(days=180)
"""Longer than any turn lies ahead, so that the ticket of a live turn is never taken for missing."""
MOST_ROUNDS = 50
"""Batches of one run; what is left waits for the next tick, so that no job holds the writer for long."""


@dataclass(frozen=True, slots=True)
class Job:
    """One duty of the timetable: `run` does what is due and returns how many rows that were."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[int]]


class Jobs:
    """The duties over one database. Two processes that run them at once do no harm."""

    def __init__(self, *, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    def all(self) -> tuple[Job, ...]:
        """Every duty with the time between two looks."""
        return (
            Job("release_expired_holds", timedelta(seconds=30), self.release_expired_holds),
            Job("carry_on_changes", timedelta(seconds=5), self.carry_on_changes),
            Job("roll_windows", timedelta(minutes=10), self.roll_windows),
            Job("fill_holidays", timedelta(hours=6), self.fill_holidays),
            Job("lapse_turns", timedelta(minutes=30), self.lapse_turns),
            Job("forget_updates", timedelta(hours=1), self.forget_updates),
            Job("forget_answers", timedelta(hours=6), self.forget_answers),
            Job("forget_rests", timedelta(hours=1), self.forget_rests),
            Job("forget_closed_messages", timedelta(hours=6), self.forget_closed_messages),
            Job("forget_people", timedelta(hours=6), self.forget_people),
            Job("forget_drafts", timedelta(hours=6), self.forget_drafts),
            Job("give_back_cases", timedelta(hours=1), self.give_back_cases),
            Job("forget_staff_sessions", timedelta(hours=1), self.forget_staff_sessions),
            Job("forget_form_keys", timedelta(hours=1), self.forget_form_keys),
        )

    async def release_expired_holds(self) -> int:
        """Free the places kept for people who did not finish."""
        return await self._in_batches(
            lambda: self._storage.write(places.release_expired, now=self._clock.now(), limit=200), batch=200
        )

    async def carry_on_changes(self) -> int:
        """Move, cancel and tell the people of a large change, a few in each transaction."""
        return await self._in_batches(
            lambda: self._storage.write(consequences.carry_on, now=self._clock.now(), limit=AT_ONCE), batch=AT_ONCE
        )

    async def roll_windows(self) -> int:
        """Make the slots of the days that have come within the window; a transaction for each queue.

        Whoever has lost their time by that, without anybody having decided about them, comes to their office's list.
        """
        now = self._clock.now()
        today = local_day_of(now).date
        until = today + timedelta(days=WINDOW_DAYS - 1)
        queues = await self._storage.read(capacity.queues_to_fill, until=until)
        for queue_id in queues:
            await self._storage.write(capacity.roll_window, queue_id=queue_id, today=today, now=now)
            await self._storage.write(consequences.find_stranded, queue_id=queue_id, now=now)
        return len(queues)

    async def fill_holidays(self) -> int:
        """Write the holidays of the years ahead that are missing; those that follow the moon as estimates."""
        now = self._clock.now()
        return await self._storage.write(keep_filled, today=local_day_of(now).date, now=now)

    async def lapse_turns(self) -> int:
        """Let unrecorded turns of past days no longer stand in the way of a new one."""
        now = self._clock.now()
        before = local_day_of(now).date
        return await self._in_batches(
            lambda: self._storage.write(appointments.lapse, before=before, limit=500, now=now), batch=500
        )

    async def forget_updates(self) -> int:
        """Delete the records of updates that no messenger repeats any more."""
        return await self._storage.write(conversations.forget_updates, before=self._clock.now() - UPDATES_KEPT)

    async def forget_answers(self) -> int:
        """Drop what people have begun to answer and never came back to, such as a complaint that was not sent."""

        def emptied(state: dict[str, Any]) -> dict[str, Any]:
            return Place.load(state).without_answers().dump()

        before = self._clock.now() - ANSWERS_KEPT
        return await self._in_batches(
            lambda: self._storage.write(conversations.forget_answers, before=before, emptied=emptied, limit=200),
            batch=200,
        )

    async def forget_rests(self) -> int:
        """Delete the bounds of erased chats, once each of them is over by itself."""
        return await self._storage.write(rests.forget_rests, before=self._clock.now() - SERIES)

    async def forget_closed_messages(self) -> int:
        """Delete old messages that are no longer on their way."""
        return await self._storage.write(outbox.forget_closed, before=self._clock.now() - CLOSED_MESSAGES_KEPT)

    async def forget_people(self) -> int:
        """Delete what is left of people whom no chat knows any more and no turn names."""
        return await self._in_batches(lambda: self._storage.write(sweep_persons, limit=500), batch=500)

    async def forget_drafts(self) -> int:
        """Delete the replies that staff have begun and not come back to."""
        return await self._storage.write(cases.forget_old_drafts, before=self._clock.now() - DRAFTS_KEPT)

    async def give_back_cases(self) -> int:
        """Cases whose holder may no longer handle them, however that came."""
        return await self._storage.write(give_back_all, now=self._clock.now())

    async def forget_staff_sessions(self) -> int:
        """Delete sessions of the back office that have ended."""
        return await self._storage.write(staff.forget_sessions, now=self._clock.now())

    async def forget_form_keys(self) -> int:
        """Delete the keys of forms of the back office that nobody has open any more."""
        return await self._storage.write(form_keys.forget, before=self._clock.now() - form_keys.KEPT)

    async def _in_batches(self, once: Callable[[], Awaitable[int]], *, batch: int) -> int:
        done = 0
        for _ in range(MOST_ROUNDS):
            count = await once()
            done += count
            if count < batch:
                break
        return done
