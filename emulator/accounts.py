"""The bots the emulator knows: their account as given at the start, and their state while it runs."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

from emulator.chats import EmulatedChat, Message, Profile, Query
from emulator.clock import EmulatedClock
from emulator.dialects import DIALECTS, Dialect, Gaps
from emulator.pacing import Pacing
from emulator.updates import UpdateQueue
from emulator.webhooks import BACK_OFF, WebhookSender
from emulator.wire import Json

TOKEN = re.compile(r"^\d+:[A-Za-z0-9_-]+$")


@dataclass(frozen=True, slots=True)
class BotAccount:
    """A bot to register. `dialect` is "telegram" or "bale", or a `Dialect`; `gaps` overrides its gaps."""

    dialect: str | Dialect
    token: str
    username: str = "mizban_bot"
    first_name: str = "میزبان"
    gaps: Gaps | None = None

    def resolved(self) -> Dialect:
        """Return the dialect with its gaps. ValueError for an unknown name or a token of the wrong shape."""
        if not TOKEN.match(self.token):
            raise ValueError("a bot token looks like 123456:AAAA")
        dialect = DIALECTS[self.dialect] if isinstance(self.dialect, str) else self.dialect
        return replace(dialect, gaps=self.gaps) if self.gaps is not None else dialect


@dataclass(slots=True)
class About:
    """The texts a bot sets about itself (setMyCommands and its kin)."""

    commands: dict[str, list[Json]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    menu_buttons: dict[str, Json] = field(default_factory=dict)
    """By the chat; "" = all chats that have none of their own."""


class Bot:
    """One registered bot: its queue, webhook, chats and numbering."""

    def __init__(self, account: BotAccount, *, clock: EmulatedClock, back_off: Sequence[float] = BACK_OFF,
                 answer: Callable[["Bot", Json], Awaitable[None]]) -> None:  # fmt: skip
        self.account = account
        self.dialect = account.resolved()
        self.id = int(account.token.partition(":")[0])
        self.username = account.username
        self.pacing = Pacing(self.dialect.limits) if self.dialect.limits else None
        self.queue = UpdateQueue(self.dialect, first_id=self.id % 1_000_000 * 100 + 1)
        self.chats: dict[int, EmulatedChat] = {}
        self.query_chats: dict[str, EmulatedChat] = {}
        self.about = About()
        self.last_message_id = 0
        self.query_count = self.id % 1000

        async def use_reply(body: Json) -> None:
            await answer(self, body)

        self.webhook = WebhookSender(self.dialect, self.queue, now=clock.now, answer=use_reply, back_off=back_off)

    @property
    def names(self) -> tuple[str, str]:
        """The names a fault may be addressed to."""
        return self.username, self.dialect.name

    @property
    def user(self) -> Json:
        """The bot as the sender of a message."""
        return {"id": self.id, "is_bot": True, "first_name": self.account.first_name, "username": self.username}

    def chat_with(self, profile: Profile) -> EmulatedChat:
        """Return the chat with a person, made on first contact."""
        chat = self.chats.get(profile.id)
        if chat is None:
            chat = self.chats[profile.id] = EmulatedChat(profile=profile, bot=self.username)
        return chat

    def next_message_id(self, chat: EmulatedChat) -> int:
        """Return the next message id: per chat from 1 on Bale, one row of numbers per bot on Telegram."""
        if self.dialect.message_ids_per_chat:
            chat.last_message_id += 1
            return chat.last_message_id
        self.last_message_id += 1
        return self.last_message_id

    def next_query_id(self) -> str:
        """Return the next callback query id: decimal, as both messengers write them."""
        self.query_count += 1
        return str(4_000_000_000_000_000 + self.query_count * 7919)

    def open_query(self, chat: EmulatedChat, message: Message, data: str, *, at: float) -> Query:
        """Note a press of a button of `message`."""
        query = Query(id=self.next_query_id(), at=at, message_id=message.message_id, data=data)
        chat.queries[query.id] = query
        chat.waiting_queries.add(query.id)
        self.query_chats[query.id] = chat
        return query
