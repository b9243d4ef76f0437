"""Delivery by webhook: in parallel across lanes, in order inside one, again with back-off until the bot answers 2xx."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp

from emulator.dialects import Dialect
from emulator.tasks import EmulatorTasks
from emulator.updates import Pending, UpdateQueue
from emulator.wire import Json, bad_request

BACK_OFF: tuple[float, ...] = (0.1, 0.3, 1.0, 3.0, 10.0)
_PORTS = {443, 80, 88, 8443}
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(slots=True)
class WebhookState:
    """What the bot asked for and how the last deliveries went (for getWebhookInfo)."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error_date: int = 0
    last_error_message: str = ""
    attempts: int = 0
    lanes: dict[tuple[str, int], deque[Pending]] = field(default_factory=dict)


def check_url(url: str) -> None:
    """Refuse what the real servers refuse; plain http passes on loopback, where there is no certificate."""
    parts = urlsplit(url)
    if parts.hostname in _LOOPBACK and parts.scheme in {"http", "https"}:
        return
    if parts.scheme != "https" or not parts.hostname:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in _PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


class WebhookSender:
    """Delivers the queue of one bot to its webhook while one is set."""

    def __init__(self, dialect: Dialect, queue: UpdateQueue, *, now: Callable[[], float],
                 answer: Callable[[Json], Awaitable[None]], back_off: Sequence[float] = BACK_OFF) -> None:  # fmt: skip
        self.dialect = dialect
        self.queue = queue
        self.state = WebhookState()
        self._now = now
        self._answer = answer
        self._back_off = back_off
        self._tasks = EmulatorTasks()
        self._session: aiohttp.ClientSession | None = None
        self._slots = asyncio.Semaphore(40)

    async def set(self, url: str, *, secret: str, max_connections: int) -> None:
        """Start delivering to `url`; everything pending goes there first."""
        await self.clear()
        self.state = WebhookState(url=url, secret=secret, max_connections=max_connections)
        self._slots = asyncio.Semaphore(max_connections)
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        self.queue.on_put = self.enqueue
        for pending in list(self.queue.pending):
            self.enqueue(pending)

    async def clear(self) -> None:
        """Stop delivering; what is not confirmed stays in the queue."""
        self.queue.on_put = None
        await self._tasks.stop()
        self.state = WebhookState()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def enqueue(self, pending: Pending) -> None:
        """Put an update into its lane and see to it that the lane is being worked on."""
        lane = self.state.lanes.get(pending.lane)
        if lane is None:
            lane = self.state.lanes[pending.lane] = deque()
            lane.append(pending)
            self._tasks.start(self._work(pending.lane, lane))
        else:
            lane.append(pending)

    async def _work(self, key: tuple[str, int], lane: deque[Pending]) -> None:
        while lane:
            pending = lane[0]
            for attempt in range(1_000_000):
                async with self._slots:
                    delivered = await self._deliver(pending)
                if delivered:
                    break
                await asyncio.sleep(self._back_off[min(attempt, len(self._back_off) - 1)])
            lane.popleft()
        self.state.lanes.pop(key, None)

    async def _deliver(self, pending: Pending) -> bool:
        session, state = self._session, self.state
        if session is None:
            return False
        pending.handed += 1
        state.attempts += 1
        headers = {"Content-Type": "application/json"}
        if self.dialect.has_secret_header and state.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = state.secret
        body = json.dumps(pending.body, ensure_ascii=False).encode()
        try:
            async with session.post(state.url, data=body, headers=headers) as response:
                raw = await response.read()
                if 200 <= response.status < 300:
                    if response.content_type == "application/json":
                        await self._use_reply(raw)
                    self.queue.confirm(pending)
                    return True
                reason = f"Wrong response from the webhook: {response.status} {response.reason}"
        except (aiohttp.ClientError, TimeoutError) as failure:
            reason = f"Connection failed: {type(failure).__name__}"
        state.last_error_date, state.last_error_message = int(self._now()), reason
        return False

    async def _use_reply(self, raw: bytes) -> None:
        """Run the method a bot may put into its answer, as both servers do."""
        if not raw.startswith(b"{"):
            return
        try:
            body = json.loads(raw)
        except ValueError:
            return
        if isinstance(body, dict) and isinstance(body.get("method"), str):
            await self._answer(body)
