"""The emulator itself: start and stop it, make people, look at calls and violations, add faults."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from aiohttp import web

from emulator.accounts import Bot, BotAccount
from emulator.botapi import BotApi
from emulator.clock import EmulatedClock
from emulator.control import Control
from emulator.faults import Faults
from emulator.journal import Call, Violation
from emulator.pages import EmulatorPages
from emulator.people import EmulatedPerson
from emulator.settling import PATIENCE, NotSettled
from emulator.webhooks import BACK_OFF
from emulator.wire import Json
from emulator.world import World

_MAX_BODY = 60 * 1024 * 1024


class Emulator:
    """A Bot API server for tests, benchmarks and trying out.

    `clock`: source of unix seconds; `seed`: for invented people and chances; `log_cap`: keep only so many calls;
    `webhook_back_off`: seconds between attempts; `fonts`: folder of .woff2 files for the page;
    `links`: further addresses the page shows (label, url), such as the back office; `codes`: what an app for codes
    would show now (name, code, seconds that it is still shown).
    """

    def __init__(self, *, bots: Sequence[BotAccount], clock: Callable[[], float] | None = None, seed: int = 0,
                 log_cap: int | None = None, webhook_back_off: Sequence[float] = BACK_OFF, fonts: Path | None = None,
                 links: Sequence[tuple[str, str]] = (),
                 codes: Callable[[], Sequence[tuple[str, str, int]]] = tuple) -> None:  # fmt: skip
        self.clock = EmulatedClock(clock)
        self.world = World(bots, clock=self.clock, seed=seed, log_cap=log_cap, back_off=webhook_back_off,
                           answer=self._use_reply)  # fmt: skip
        self.busy_checks: list[Callable[[], bool]] = []
        self._people: dict[tuple[str, int], EmulatedPerson] = {}
        self._api = BotApi(self.world)
        self._runner: web.AppRunner | None = None
        self._fonts = fonts
        self._links = list(links)
        self._codes = codes
        self.host, self.port = "", 0

    async def _use_reply(self, bot: Bot, body: Json) -> None:
        await self._api.reply_by_webhook(bot, body)

    async def start(self, *, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one. Raises OSError when the port is taken."""
        app = web.Application(client_max_size=_MAX_BODY)
        app.add_routes(self._api.routes())
        app.add_routes(Control(self).routes())
        app.add_routes(EmulatorPages(self.world, fonts=self._fonts, links=self._links, codes=self._codes).routes())
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        try:
            await site.start()
        except OSError:
            await self._runner.cleanup()
            self._runner = None
            raise
        self.host, self.port = host, self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening and delivering; the memory stays readable."""
        for bot in self.world.bots.values():
            await bot.webhook.clear()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> "Emulator":
        if self._runner is None:
            await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def url(self) -> str:
        """The address of the server, without a slash at the end: what the bots get as their API address."""
        return f"http://{self.host}:{self.port}"

    @property
    def faults(self) -> Faults:
        """The faults in force."""
        return self.world.faults

    @property
    def calls(self) -> list[Call]:
        """Every call in order of arrival (see `log_cap`)."""
        return list(self.world.journal.calls)

    @property
    def violations(self) -> list[Violation]:
        """Every rule of the messengers that the bots broke."""
        return list(self.world.journal.violations)

    def calls_to(self, person: EmulatedPerson, method: str | None = None) -> list[Call]:
        """Return the calls about one person's chat, of one method if given (any case)."""
        return [
            call for call in self.world.journal.calls
            if call.chat_id == person.id and (method is None or call.method.lower() == method.lower())
        ]  # fmt: skip

    def bot(self, name: str | None = None) -> Bot:
        """Return a bot by username, dialect or token: its `queue`, `webhook.state`, `about` and `chats`."""
        return self.world.bot(name)

    def person(self, bot: str | None = None, *, first_name: str = "نوید", last_name: str = "", username: str = "",
               language_code: str = "fa", phone: str = "") -> EmulatedPerson:  # fmt: skip
        """Make a new person who has not written yet to the bot named (username, dialect or token)."""
        known = self.world.bot(bot)
        about = {"first_name": first_name, "last_name": last_name, "username": username, "language_code": language_code}
        if phone:
            about["phone"] = phone
        profile = self.world.new_profile(known, **about)
        return self.person_of(known, profile.id)

    def person_of(self, bot: Bot, user_id: int) -> EmulatedPerson:
        """Return a person of this messenger by id, the same object every time. KeyError for an unknown id."""
        key = (bot.account.token, user_id)
        if key not in self._people:
            profile = self.world.profiles[bot.dialect.name, user_id]
            self._people[key] = EmulatedPerson(self.world, bot, bot.chat_with(profile), busy=self.busy_checks)
        return self._people[key]

    @property
    def people(self) -> list[EmulatedPerson]:
        """Everybody, in the order they were made."""
        return list(self._people.values())

    async def called(self, test: Callable[[Call], bool], *, timeout: float = PATIENCE) -> Call:
        """Wait until a finished call satisfies `test` (also one already made) and return it. Raises NotSettled."""
        while True:
            version = self.world.called.version
            for call in self.world.journal.calls:
                if call.ended and test(call):
                    return call
            if not await self.world.called.wait(version, timeout):
                raise NotSettled(f"no such call within {timeout:g} s")

    async def all_settled(self, timeout: float = PATIENCE, **options: Any) -> None:
        """Wait until every person's chat is at rest (options as in `EmulatedPerson.settled`)."""
        await asyncio.gather(*(person.settled(timeout, **options) for person in self.people))
