"""Everything the emulator holds in memory: bots, people, files, faults, the record; and how an update is sent off."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence

from emulator.accounts import Bot, BotAccount
from emulator.chats import EmulatedChat, Message, Profile
from emulator.clock import EmulatedClock
from emulator.dialects import HARSH
from emulator.faults import Fault, Faults
from emulator.files import FileStore
from emulator.journal import Journal
from emulator.shapes import message_json, with_gaps
from emulator.signals import Signal
from emulator.webhooks import BACK_OFF
from emulator.wire import Json

_HOLD_SECONDS = 0.2


class World:
    """The state behind one emulator; nothing in it survives the process."""

    def __init__(self, bots: Sequence[BotAccount], *, clock: EmulatedClock, seed: int = 0, log_cap: int | None = None,
                 back_off: Sequence[float] = BACK_OFF,
                 answer: Callable[[Bot, Json], Awaitable[None]]) -> None:  # fmt: skip
        self.clock = clock
        self.files = FileStore()
        self.journal = Journal(cap=log_cap)
        self.faults = Faults(seed=seed)
        self.random = random.Random(seed)
        self.called = Signal()
        self.bots: dict[str, Bot] = {}
        self.profiles: dict[tuple[str, int], Profile] = {}
        self._held: dict[str, list[tuple[str, Json, EmulatedChat | None]]] = {}
        for account in bots:
            if account.token in self.bots:
                raise ValueError("two bots with one token")
            self.bots[account.token] = Bot(account, clock=clock, back_off=back_off, answer=answer)

    def bot(self, name: str | None = None) -> Bot:
        """Return a bot by username, dialect or token; without a name the first. KeyError when there is none."""
        for bot in self.bots.values():
            if name is None or name in {bot.username, bot.dialect.name, bot.account.token}:
                return bot
        raise KeyError(name)

    def new_profile(self, bot: Bot, **about: str) -> Profile:
        """Invent a person on the messenger of `bot`: an id above 32 bits (Bale: up to 52), an Iranian mobile number."""
        low, high = (5_000_000_000, 7_999_999_999) if bot.dialect.name == "telegram" else (2**40, 2**52 - 1)
        number = self.random.randint(low, high)
        while (bot.dialect.name, number) in self.profiles:
            number = self.random.randint(low, high)
        about.setdefault("phone", f"98912{self.random.randint(1_000_000, 9_999_999)}")
        profile = Profile(id=number, **about)
        self.profiles[bot.dialect.name, number] = profile
        return profile

    def send_update(self, bot: Bot, kind: str, inner: Json, *, chat: EmulatedChat | None) -> None:
        """Give the bot an update about `chat`, with the gaps of its dialect and the faults in force."""
        fault = self.faults.pick_update(names=bot.names, kind=kind, chat_id=chat.id if chat else None)
        if fault is not None and fault.kind == "shuffle_updates":
            self._hold(bot, (kind, inner, chat), fault)
            return
        update = with_gaps(bot.dialect.gaps, {"update_id": bot.queue.number(), kind: inner})
        if fault is not None and fault.kind == "missing_fields":
            with_gaps(HARSH, {**update, "update_id": 30})
        lane = chat.id if chat else 0
        bot.queue.put(kind, update, chat=chat, lane=lane)
        if fault is not None and fault.kind == "duplicate_update":
            bot.queue.put(kind, update, chat=chat, lane=lane, replay=True)
        if fault is not None and fault.kind == "malformed_update":
            self.send_raw(bot, {"message": {"message_id": "?", "from": None, "chat": 7, "entities": "none"}})

    def send_raw(self, bot: Bot, body: Json) -> int:
        """Give the bot any JSON as an update (`update_id` is added when absent); return the update id."""
        update = {"update_id": bot.queue.number(), **body}
        kind = next((key for key in body if key != "update_id"), "message")
        bot.queue.put(kind, update, chat=None, lane=0)
        return int(update["update_id"])

    def _hold(self, bot: Bot, item: tuple[str, Json, EmulatedChat | None], fault: Fault) -> None:
        held = self._held.setdefault(bot.account.token, [])
        held.append(item)
        if item[2] is not None:
            item[2].unconfirmed.add(-1)
        if len(held) >= fault.window:
            self.release(bot)
        elif len(held) == 1:
            asyncio.get_running_loop().call_later(_HOLD_SECONDS, self.release, bot)

    def release(self, bot: Bot) -> None:
        """Send off, in mixed order, what a `shuffle_updates` fault holds back; ids stay in the order of acting."""
        held = self._held.pop(bot.account.token, [])
        numbered = [(bot.queue.number(), *item) for item in held]
        self.random.shuffle(numbered)
        for number, kind, inner, chat in numbered:
            update = with_gaps(bot.dialect.gaps, {"update_id": number, kind: inner})
            bot.queue.put(kind, update, chat=chat, lane=chat.id if chat else 0)
        for _, _, _, chat in numbered:
            if chat is not None:
                chat.unconfirmed.discard(-1)
                chat.signal.changed()

    def message_body(self, bot: Bot, chat: EmulatedChat, message: Message) -> Json:
        """Return a message as this bot sees it."""
        return message_json(bot.dialect, chat, bot.user, message)
