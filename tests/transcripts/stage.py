"""The interface of a stage: one person's chat with a running bot, on the bare engine or through a messenger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Protocol

from bot.dialogue.engine import Engine
from bot.dialogue.heard import Address
from bot.flows.registry import NOTICES, conversation
from bot.receiving.exchange import Exchanges
from bot.sending.outgoing import Composer
from desk.language.catalogues import Catalogues
from desk.language.language import Language
from desk.storage.engine import Storage
from tests import weak_hashes
from tests.makers import NOW
from tests.transcripts.script import Seen

IDENTITY_KEY = weak_hashes.keys(b"a key for tests of transcripts, 32b")


@dataclass
class Clock:
    """Stands still until a transcript moves it."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment

    def advance(self, by: timedelta) -> None:
        self.moment += by


@dataclass
class Bot:
    """The bot behind every stage: real storage, engine and flows; a clock of ours, and the language of the script."""

    storage: Storage
    language: Language
    clock: Clock
    told: int = 0
    """How often a line of the transcript, and not the bot, has written into the storage."""
    emergency_number: str = ""
    """As in the settings."""
    pages: str = ""
    """Where people reach the public pages."""

    def exchanges(self) -> Exchanges:
        """A newly started bot: nothing is remembered but what the database holds."""
        engine = Engine(conversation(), self.language)
        return Exchanges(
            storage=self.storage,
            engine=engine,
            clock=self.clock,
            identity_key=IDENTITY_KEY,
            emergency_number=self.emergency_number,
            pages=self.pages,
        )

    def composer(self) -> Composer:
        engine = Engine(conversation(), self.language)
        return Composer(
            engine=engine,
            notices=NOTICES,
            clock=self.clock,
            identity_key=IDENTITY_KEY,
            emergency_number=self.emergency_number,
            pages=self.pages,
        )


@cache
def language_of(lang: str) -> Language:
    """The repository's language, or for `en` one without any translation, which says the English ids.

    Read once for all chats.
    """
    if lang == "en":
        from pathlib import Path

        return Language(Catalogues(Path(__file__).with_name("no translations")))
    return Language.load()


class Stage(Protocol):
    """One person's chat with the bot. Every act returns what came in by the time the bot had finished."""

    @property
    def address(self) -> Address: ...

    async def say(self, text: str) -> list[Seen]: ...
    async def reply(self, text: str, *, to: str) -> list[Seen]:
        """Write as a reply to the newest message of the bot that has the words `to`."""

    async def press(self, label: str, *, oldest: bool = False, times: int = 1) -> list[Seen]: ...
    async def share_location(self, latitude: float, longitude: float) -> list[Seen]: ...
    async def send(self, kind: str) -> list[Seen]:
        """Send a photo, an album of ten, a voice, sticker or contact; or pin something, to which nothing is said."""

    async def edit(self, text: str) -> list[Seen]:
        """Rewrite the last message written."""

    async def post(self) -> list[Seen]:
        """Deliver what is due in the outbox."""

    async def restart(self) -> None:
        """Stop the bot and start it again."""
