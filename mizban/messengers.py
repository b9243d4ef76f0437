"""The messengers, one entry each: its settings, label, abilities, wire, probe and emulated dialect.

No other file of this package, of the back office or of the demonstration names a messenger: a new one needs an adapter
in `bot/channels/` and an entry here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.channels.abilities import BALE, TELEGRAM
from bot.channels.introduction import Introduction
from bot.channels.port import Capabilities, Channel
from bot.receiving.lanes import Lanes
from bot.sending.pacing import Pacer
from desk.clock import Clock
from desk.language import labels
from desk.language.language import Language
from desk.language.text import Text

if TYPE_CHECKING:
    from bot.channels.bot_api import Wire
    from emulator import Dialect


class MessengerSettings(NamedTuple):
    """The settings of one messenger."""

    token: str
    api_url: str
    proxy: str = ""


class Means(NamedTuple):
    """What a channel is built with besides its account."""

    language: Language
    clock: Clock
    lanes: Lanes
    pacer: Pacer
    introduction: Introduction


@dataclass(frozen=True, slots=True, kw_only=True)
class Messenger:
    """All differences between messengers; libraries and dialects are imported only when needed."""

    name: str
    """Its name in settings (MIZBAN_NAME_TOKEN), in addresses of webhooks and in the database; it never changes."""
    label: Text
    server: str
    """The default address of its API."""
    bot_key: str = r"[0-9]+:[A-Za-z0-9_-]+"
    """The pattern of its tokens; those of the Bot API begin with the id of the bot."""
    bot_key_in_words: str = "digits, a colon, letters"
    capabilities: Capabilities
    connect: Callable[[MessengerSettings, Means, Capabilities], Channel]
    deep_link: str = ""
    """The address that opens a bot and tells it something: `{bot}` is its user name, `{payload}` what it is told;
    "" = no link does."""
    has_proxy: bool = False
    """True = there is a setting for a proxy."""
    wire: Callable[[MessengerSettings], Wire] | None = None
    """Its wire for `mizban probe`; None = it cannot be probed, since it has no Bot API."""
    dialect: Callable[[], Dialect] | None = None
    """Its dialect in the demonstration; None = it is not emulated."""
    demo_bot: tuple[int, str] = field(default=(0, ""))
    """The id and the name of the demonstration's bot."""


def _telegram(account: MessengerSettings, means: Means, capabilities: Capabilities) -> Channel:
    from bot.channels.telegram import TelegramChannel

    return TelegramChannel(**_common(account, means, capabilities), proxy=account.proxy)


def _bale(account: MessengerSettings, means: Means, capabilities: Capabilities) -> Channel:
    from bot.channels.bale import BaleChannel

    return BaleChannel(**_common(account, means, capabilities))


def _common(account: MessengerSettings, means: Means, capabilities: Capabilities) -> dict[str, Any]:
    return {
        "token": account.token,
        "api_url": account.api_url,
        "capabilities": capabilities,
        **means._asdict(),
    }


def _telegram_wire(account: MessengerSettings) -> Wire:
    from bot.channels.telegram_wire import TelegramWire

    return TelegramWire(token=account.token, api_url=account.api_url, proxy=account.proxy)


def _bale_wire(account: MessengerSettings) -> Wire:
    from bot.channels.bale_wire import BaleWire

    return BaleWire(token=account.token, api_url=account.api_url)


def _dialect(name: str) -> Callable[[], Dialect]:
    def load() -> Dialect:
        from emulator.dialects import DIALECTS

        return DIALECTS[name]

    return load


MESSENGERS: tuple[Messenger, ...] = (
    Messenger(
        name="telegram",
        label=labels.MESSENGERS["telegram"],
        server="https://api.telegram.org",
        has_proxy=True,
        capabilities=TELEGRAM,
        deep_link="https://t.me/{bot}?start={payload}",
        connect=_telegram,
        wire=_telegram_wire,
        dialect=_dialect("telegram"),
        demo_bot=(111111111, "mizban_demo_bot"),
    ),
    Messenger(
        name="bale",
        label=labels.MESSENGERS["bale"],
        server="https://tapi.bale.ai",
        capabilities=BALE,
        deep_link="https://ble.ir/{bot}?start={payload}",
        connect=_bale,
        wire=_bale_wire,
        dialect=_dialect("bale"),
        demo_bot=(222222222, "mizban_demo_bale_bot"),
    ),
)
