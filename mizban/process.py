"""Runs a process: what each role starts, the order of stopping, and signals."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

import structlog

from bot.channels import ticket_card
from bot.channels.port import SendingFailed
from bot.running.tasks import Tasks
from bot.sending.pacing import Pacer
from desk.storage.scrubbing import ERASED
from mizban import plain_copies
from mizban.console import complain
from mizban.database import bring_up_to_date, require_present, require_readable
from mizban.erased import EVERY, ErasedWriter, file_of, require_fitting
from mizban.front import Front, Server, listen
from mizban.health import Health
from mizban.jobs import Jobs, Planned
from mizban.logs import set_up
from mizban.parts import Parts, build
from mizban.settings import Settings, load_settings
from mizban.timetable import Timetable
from mizban.troubles import Trouble

log = structlog.get_logger(__name__)

T = TypeVar("T")

PATIENCE = 10.0
"""Seconds that updates in progress may take while stopping."""
REGISTER_AGAIN = (1.0, 60.0)
"""First and longest pause, in seconds, between attempts to register webhooks."""

LOOK_AT_ADDRESS = 600.0
"""Seconds between two looks whether the addresses of webhooks have changed."""


LONG_PAUSE = 10.0
"""Seconds of silence that a messenger has to ask of a whole bot before the health page tells of it."""


class ProcessRole(StrEnum):
    """The roles of processes; several share one PostgreSQL, and `serve` is all of them in one."""

    SERVE = "serve"
    WEB = "web"
    BOT = "bot"
    WORKER = "worker"

    @property
    def has_pages(self) -> bool:
        return self in (ProcessRole.SERVE, ProcessRole.WEB)

    @property
    def has_bots(self) -> bool:
        return self in (ProcessRole.SERVE, ProcessRole.BOT)

    @property
    def delivers(self) -> bool:
        return self in (ProcessRole.SERVE, ProcessRole.WORKER)


def run_role(role: ProcessRole) -> None:
    """Run a process of this role until a signal stops it. Raises `Trouble` for what prevents its start."""
    settings = load_settings()
    set_up(settings.log_level)
    check(settings, role)
    warn(settings, role)
    run_loop(serve(settings, role))


def warn(settings: Settings, role: ProcessRole) -> None:
    """Tell the operator at the start what is amiss and stops nothing."""
    if copies := plain_copies.warning(settings):
        complain(copies)
    if role.delivers and (why := ticket_card.missing()):
        complain(f"Warning: the pictures of tickets show their code alone, without words: {why}.")


def check(settings: Settings, role: ProcessRole) -> None:
    """Check what can be checked before the start; `serve` migrates SQLite itself."""
    if role is ProcessRole.SERVE and settings.is_sqlite:
        bring_up_to_date(settings, told=lambda line: log.info("migrating", at=line))
    elif settings.is_sqlite and role is not ProcessRole.SERVE:
        raise Trouble(f"With SQLite everything runs in one process: use `mizban serve` instead of `mizban {role}`.")
    else:
        require_present(settings)
    if role is ProcessRole.BOT and not settings.has_bots:
        tokens = " or ".join(f"MIZBAN_{each.name.upper()}_TOKEN" for each in settings.messengers)
        raise Trouble(f"There is no bot to run; set {tokens}.")


def run_loop(main: Coroutine[Any, Any, T]) -> T:
    """Run in uvloop where there is one."""
    factory: Callable[[], asyncio.AbstractEventLoop] | None = None
    if sys.platform != "win32":
        import uvloop

        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(main)


async def serve(settings: Settings, role: ProcessRole, *, started: Callable[[Running], None] | None = None) -> None:
    """Start the parts of the role, wait for SIGTERM or SIGINT, and stop them without losing an update."""
    bound = listen(settings) if role.has_pages else None
    parts = build(settings)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with parts.storage, Tasks() as tasks:
        running = Running(parts, role, tasks)
        await parts.storage.read(require_readable)
        await parts.storage.write(require_fitting, path=file_of(settings), writes=role.delivers)
        try:
            await running.start(bound)
            log.info("ready", role=role.value, bots=len(parts.bots))
            if started is not None:
                started(running)
            await stop.wait()
        finally:
            await running.stop()


class Running:
    """A role at work."""

    def __init__(self, parts: Parts, role: ProcessRole, tasks: Tasks) -> None:
        self.parts = parts
        self.role = role
        self.health = Health(storage=parts.storage, role=role.value)
        self._tasks = tasks
        self._server: Server | None = None
        self._serving: asyncio.Task[Any] | None = None
        jobs = Jobs(
            storage=parts.storage,
            clock=parts.clock,
            thresholds=parts.settings.alarm_thresholds,
            periods=parts.settings.periods,
            patience=parts.settings.patience,
        )
        self._erased = ErasedWriter(parts.storage, file_of(parts.settings), parts.clock)
        planned = (*jobs.all(), Planned("write_erased", EVERY, self._erased.run))
        self._timetable = Timetable(planned, clock=parts.clock)

    async def start(self, bound: Any) -> None:
        """Start what the role has; pages and webhooks answer when this returns."""
        settings, parts = self.parts.settings, self.parts
        if self.role.delivers:
            for name, delivery in parts.deliveries():
                self._keep(f"delivery {name}", delivery.run)
            self._timetable.start()
            # Not only by the job: until it is written, a disk that is lost takes the news of it along.
            parts.storage.subscribe(ERASED, self._write_erased)
            self.health.parts["timetable"] = lambda: self._timetable.is_running
            self.health.checks["jobs"] = self._late_jobs
        if parts.relay is not None:
            self._tasks.keep(parts.relay.run, name="signals")
        if self.role.has_pages:
            self._tasks.keep(parts.live.run, name="live pages")
            self._tasks.keep(parts.readings.run, name="readings")
            front = Front(health=self.health, pages=parts.pages(), hooks=parts.webhooks())
            self._server = Server(front, settings=settings)
            self._serving = self._tasks.start(self._server.serve(sockets=[bound]), name="web")
            await self._server.ready.wait()
        if self.role.has_bots:
            for bot in parts.bots:
                self._tasks.start(bot.channel.start(), name=f"start {bot.channel.name}")
                if not settings.by_webhook(bot.channel.name):
                    poll = partial(bot.channel.poll, parts.polled(bot.channel), parts.floods.is_refused)
                    self._keep(f"polling {bot.channel.name}", poll)
                    self.health.checks[bot.channel.name] = bot.channel.polling_trouble
        for bot in parts.bots:
            self.health.checks[f"{bot.channel.name} pause"] = partial(_long_pause, bot.pacer)
            if self.role.has_pages and settings.by_webhook(bot.channel.name):
                self.health.ask_messenger(bot.channel.name, bot.channel.webhook_trouble)
        if self.role.has_bots:
            for name in parts.webhooks():
                # Each by itself: one that cannot be reached must not delay the other.
                self._tasks.start(self._register(name), name=f"register webhook {name}")

    async def stop(self) -> None:
        """Accept nothing new, finish what is in progress, close the connections."""
        log.info("stopping", role=self.role.value)
        self.health.is_closing = True
        self.parts.live.close()
        if not await self.parts.hearing.close(patience=PATIENCE):
            log.warning("updates_left_unfinished")
        await self._timetable.stop()
        if self.role.delivers:
            await self._note_erased()
        if self._server is not None and self._serving is not None:
            self._server.stop()
            await asyncio.wait([self._serving])
        await self._tasks.stop()
        for bot in self.parts.bots:
            await bot.channel.stop()

    def _write_erased(self) -> None:
        self._tasks.start(self._note_erased(), name="write erased")

    async def _note_erased(self) -> None:
        try:
            await self._erased.run()
        except Exception as error:  # the job tries again, and health tells where it cannot
            log.error("erased_not_written", error=type(error).__name__, exc_info=error)

    def _keep(self, name: str, work: Callable[[], Any]) -> None:
        task = self._tasks.keep(work, name=name)
        self.health.parts[name] = lambda: not task.done()

    def _late_jobs(self) -> str | None:
        late = self._timetable.late()
        return f"not done for long: {', '.join(late)}" if late else None

    async def _register(self, name: str) -> None:
        """Register now, until the messenger has taken it, and anew whenever the address changes."""
        hooks = self.parts.webhooks()[name]
        until = self.parts.clock.now()
        while True:
            left = (until - self.parts.clock.now()).total_seconds()
            if left <= 0:
                until = hooks.next_address_at()
                await self._registered(name)
            else:
                # Not slept through: the clock of the machine may be set meanwhile.
                await asyncio.sleep(min(LOOK_AT_ADDRESS, left))

    async def _registered(self, name: str) -> None:
        pause, longest = REGISTER_AGAIN
        while True:
            try:
                await self.parts.register_webhook(name)
            except SendingFailed as failed:
                self.health.checks[f"webhook {name}"] = partial(str, f"not registered: {failed.reason}")
                log.warning("webhook_not_registered", channel=name, reason=failed.reason, wait=pause)
                await asyncio.sleep(failed.retry_after or pause)
                pause = min(pause * 2, longest)
            else:
                self.health.checks.pop(f"webhook {name}", None)
                return


def _long_pause(pacer: Pacer) -> str | None:
    left = pacer.pause_left
    return f"the messenger takes nothing for {left:.0f} seconds more" if left > LONG_PAUSE else None
