"""The queue of updates of one bot: handed out by long polling, confirmed by a higher offset, redelivered until then."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from emulator.chats import EmulatedChat
from emulator.dialects import Dialect
from emulator.signals import Signal
from emulator.wire import Json, Rejected

_TERMINATED = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
_LEFT_OUT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass(slots=True, eq=False)
class Pending:
    """An update not yet confirmed. `lane` = deliveries of one lane keep their order (a chat, per kind)."""

    update_id: int
    body: Json
    kind: str
    chat: EmulatedChat | None
    lane: tuple[str, int]
    handed: int = 0
    handed_to: int = 0
    replay: bool = False


class UpdateQueue:
    """Updates of one bot, oldest first. One waiting poller on Telegram; on Bale pollers steal from each other."""

    def __init__(self, dialect: Dialect, *, first_id: int) -> None:
        self.dialect = dialect
        self.pending: list[Pending] = []
        self.next_id = first_id
        self.allowed: frozenset[str] | None = None
        self.arrived = Signal()
        self.on_put: Callable[[Pending], None] | None = None
        self._replays = False  # most runs have none, and then nothing needs to look for twins
        self._polls = 0
        self._stealing = asyncio.Lock()

    def wanted(self, kind: str) -> bool:
        """Tell whether the bot asked for this kind of update (default: all but the three Telegram leaves out)."""
        return kind in self.allowed if self.allowed else kind not in _LEFT_OUT_BY_DEFAULT

    def put(
        self, kind: str, body: Json, *, chat: EmulatedChat | None, lane: int, replay: bool = False
    ) -> Pending | None:
        """Queue an update whose `update_id` is already in `body`; None when the bot did not ask for the kind."""
        if not self.wanted(kind):
            return None
        pending = Pending(body["update_id"], body, kind, chat, (kind, lane), replay=replay)
        self.pending.append(pending)
        self._replays = self._replays or replay
        if chat is not None:
            chat.unconfirmed.add(pending.update_id)
        self.arrived.changed()
        if self.on_put is not None:
            self.on_put(pending)
        return pending

    def number(self) -> int:
        """Return the next update id."""
        number, self.next_id = self.next_id, self.next_id + 1
        return number

    def confirm(self, pending: Pending) -> None:
        """Forget a delivered update (webhook: 2xx; polling: offset)."""
        if pending in self.pending:
            self.pending.remove(pending)
        self._tell(pending)

    def _tell(self, pending: Pending) -> None:
        chat = pending.chat
        if chat is None or pending.update_id not in chat.unconfirmed:
            return
        twin = self._replays and any(other.update_id == pending.update_id for other in self.pending)
        if not twin:
            chat.unconfirmed.discard(pending.update_id)
            chat.signal.changed()

    def confirm_below(self, offset: int) -> None:
        """Confirm all updates with an id below `offset`; a replayed copy stays until it has been handed out once."""
        gone: list[Pending] = []
        kept: list[Pending] = []
        for pending in self.pending:
            done = pending.update_id < offset and not (pending.replay and pending.handed == 0)
            (gone if done else kept).append(pending)
        if gone:
            self.pending = kept
            for pending in gone:
                self._tell(pending)

    def drop_all(self) -> None:
        """Forget every pending update."""
        gone, self.pending = self.pending, []
        for pending in gone:
            self._tell(pending)

    async def poll(self, *, offset: int, limit: int, timeout: float) -> list[Json]:
        """Answer getUpdates. Raises Rejected 409 on Telegram in the *older* of two polls that overlap."""
        if offset > 0:
            self.confirm_below(offset)
        elif offset < 0:
            keep = self.pending[offset:]
            self.confirm_below(keep[0].update_id if keep else self.next_id)
        self._polls += 1
        poll = self._polls
        if self.dialect.one_poller:
            self.arrived.changed()  # wakes an older poll, which then finds out that it is not the latest
            return await self._wait(offset, limit, timeout, poll)
        async with self._stealing:  # the first poller in the line gets the next batch, the others go on waiting
            return await self._wait(offset, limit, timeout, poll)

    async def _wait(self, offset: int, limit: int, timeout: float, poll: int) -> list[Json]:
        clock = asyncio.get_running_loop().time
        ends = clock() + timeout
        while True:
            if self.dialect.one_poller and poll != self._polls:
                raise Rejected(409, _TERMINATED)
            batch = self._due(offset, poll)[:limit]
            left = ends - clock()
            if batch or left <= 0:
                return self._hand_out(batch)
            await self.arrived.wait(self.arrived.version, left)

    def _due(self, offset: int, poll: int) -> list[Pending]:
        """Return what is handed out now: everything from `offset` on, and a second copy once the first is confirmed."""
        firsts = {p.update_id for p in self.pending if not p.replay} if self._replays else set()

        def due(pending: Pending) -> bool:
            if pending.replay and pending.update_id in firsts:
                return False
            if pending.handed_to >= poll:  # handed out while this poll was waiting: another one stole it
                return False
            return pending.update_id >= offset or (pending.replay and pending.handed == 0)

        return [pending for pending in self.pending if due(pending)]

    def _hand_out(self, batch: list[Pending]) -> list[Json]:
        for pending in batch:
            pending.handed += 1
            pending.handed_to = self._polls
        return [pending.body for pending in batch]
