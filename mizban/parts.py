"""Builds the parts of a process from the settings: channels, handling, delivery, jobs and pages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from backoffice.readings import Readings
from backoffice.web.http import BotLink
from backoffice.web.live import Live
from bot.channels.port import Channel, Hears, SendingFailed, Unreadable
from bot.dialogue.engine import Engine
from bot.dialogue.heard import Heard
from bot.receiving.exchange import Exchanges
from bot.receiving.floods import Floods
from bot.receiving.hearing import Closing, Hearing
from bot.receiving.ingress import Webhooks
from bot.receiving.lanes import Lanes
from bot.sending.delivery import Deliverer
from bot.sending.outgoing import Composer
from bot.sending.pacing import Pacer
from bot.sending.self_description import introduction
from desk.clock import Clock, SystemClock
from desk.identity import IdentityKeys
from desk.language.language import Language
from desk.signals import changes_since
from desk.storage.digests import DigestPool
from desk.storage.engine import Storage
from desk.storage.relay import Relay
from mizban.front import HOOKS
from mizban.keys import derive, load_identity_keys, load_keys, load_secret
from mizban.messengers import Means
from mizban.settings import Settings

NAMED_WITHIN = 3.0
"""Seconds that a page waits for a messenger to say how our bot is called there."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RunningBot:
    """A bot: its channel and its pacer, which answers and deliveries share."""

    channel: Channel
    pacer: Pacer


@dataclass(frozen=True, slots=True)
class Parts:
    """All parts that a role may need, not started."""

    settings: Settings
    storage: Storage
    language: Language
    clock: Clock
    bots: tuple[RunningBot, ...]
    hearing: Hearing
    floods: Floods
    composer: Composer
    lanes: Lanes
    live: Live
    readings: Readings
    relay: Relay | None
    """Tells other processes what was committed; None on SQLite, which has one process."""
    hook_key: bytes
    identity_key: IdentityKeys
    """Keys the hash of identity numbers, in the chats and on the pages."""
    digests: DigestPool
    """Makes these hashes."""

    def polled(self, channel: Channel) -> Hears:
        """Handles one polled update; while stopping, it waits unconfirmed until the poller is cancelled."""

        async def hear(heard: Heard | Unreadable) -> None:
            try:
                await self.hearing.hear(channel, heard)
            except Closing:
                await asyncio.get_running_loop().create_future()

        return hear

    def webhooks(self) -> dict[str, Webhooks]:
        """The webhooks of each channel that has them, by its name; the addresses are `/hooks/{channel}/{secret}`."""
        return {
            bot.channel.name: Webhooks(
                [bot.channel],
                hears=self.hearing.hear,
                refuses=self.floods.is_refused,
                lanes=self.lanes,
                secret_key=self.hook_key,
                clock=self.clock,
            )
            for bot in self.bots
            if self.settings.by_webhook(bot.channel.name)
        }

    async def register_webhook(self, name: str) -> None:
        """Register the webhook of one messenger. Raises SendingFailed."""
        await self.webhooks()[name].register(f"{self.settings.public_url}{HOOKS}{name}")
        log.info("webhook_registered", channel=name)

    def deliveries(self) -> list[tuple[str, Deliverer]]:
        """The outbox worker of each bot."""
        return [
            (
                bot.channel.name,
                Deliverer(
                    storage=self.storage,
                    channel=bot.channel,
                    compose=self.composer,
                    clock=self.clock,
                    pacer=bot.pacer,
                    settles=self.composer.settle,
                ),
            )
            for bot in self.bots
        ]

    def pages(self) -> Any:
        """The back office as an ASGI application."""
        from backoffice.app import BackofficeSettings, create_app
        from backoffice.layout.templates import Templates
        from backoffice.web.assets import Assets

        names = {each.name: each.label for each in self.settings.messengers}
        return create_app(
            storage=self.storage,
            templates=Templates(self.language, Assets(), messengers=names),
            clock=self.clock,
            identity_key=self.identity_key,
            digests=self.digests,
            live=self.live,
            readings=self.readings,
            settings=BackofficeSettings(
                is_https=self.settings.public_url.startswith("https:"),
                passkey_origin=self.settings.public_url if self.settings.public_url.startswith("https:") else "",
            ),
            fetch_voice=self._fetch_voice,
            name_bots=self._name_bots,
        )

    async def _name_bots(self) -> tuple[BotLink, ...]:
        """The bots as links open them; one whose messenger does not answer at once is left out."""
        found = []
        for bot in self.bots:
            messenger = next(each for each in self.settings.messengers if each.name == bot.channel.name)
            try:
                name = await asyncio.wait_for(bot.channel.known_as(), NAMED_WITHIN)
            except TimeoutError:
                name = ""
            if name and messenger.deep_link:
                found.append(BotLink(messenger.label, messenger.deep_link.replace("{bot}", name)))
        return tuple(found)

    async def _fetch_voice(self, channel: str, bot: str, file_id: str) -> AsyncIterator[bytes] | None:
        """Stream a voice note; the first part is fetched before the page responds, so that a missing one gives None."""
        channels = {(each.channel.name, each.channel.bot): each.channel for each in self.bots}
        found = channels.get((channel, bot))
        if found is None:
            return None
        chunks = found.voice(file_id)
        try:
            first = await anext(chunks)
        except (SendingFailed, StopAsyncIteration):
            return None
        return _continued(first, chunks)


async def _continued(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for chunk in rest:
        yield chunk


def build(settings: Settings, *, clock: Clock | None = None) -> Parts:
    """Everything for these settings, connected but not started."""
    from bot.flows.registry import NOTICES, conversation

    clock = clock or SystemClock()
    secret = load_secret(settings)
    identity_key = load_identity_keys(settings)
    digests = DigestPool()
    storage = Storage(settings.database, keys=load_keys(settings))
    language = Language.load()
    engine = Engine(conversation(), language)
    lanes = Lanes()
    exchanges = Exchanges(
        storage=storage,
        engine=engine,
        clock=clock,
        identity_key=identity_key,
        limits=settings.chat_limits,
        pool=digests,
        emergency_number=settings.emergency_number,
        pages=settings.public_url,
    )
    return Parts(
        settings=settings,
        storage=storage,
        language=language,
        clock=clock,
        bots=tuple(_bots(settings, language=language, clock=clock, lanes=lanes)),
        floods=Floods(exchanges=exchanges, lanes=lanes),
        hearing=Hearing(storage=storage, exchanges=exchanges, clock=clock, lanes=lanes),
        composer=Composer(
            engine=engine,
            notices=NOTICES,
            clock=clock,
            identity_key=identity_key,
            emergency_number=settings.emergency_number,
            pages=settings.public_url,
        ),
        lanes=lanes,
        live=Live(storage, clock=clock),
        readings=Readings(storage),
        relay=None if storage.is_sqlite else Relay(storage, url=settings.listen_url, look=changes_since),
        hook_key=derive(secret, "webhooks"),
        identity_key=identity_key,
        digests=digests,
    )


def _bots(settings: Settings, *, language: Language, clock: Clock, lanes: Lanes) -> Sequence[RunningBot]:
    """The bots with a token; only their messengers' libraries are imported."""
    bots: list[RunningBot] = []
    for messenger in settings.messengers:
        account = settings.account(messenger)
        if account.token:
            means = Means(
                language=language,
                clock=clock,
                lanes=lanes,
                pacer=Pacer(),
                introduction=introduction(settings.run_by),
            )
            bots.append(RunningBot(messenger.connect(account, means, messenger.capabilities), means.pacer))
    return bots
