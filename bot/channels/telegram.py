"""A bot on Telegram, over aiogram; import it only where one is used, since the library takes seconds to load."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.channels.abilities import TELEGRAM
from bot.channels.aiogram_parts import Update
from bot.channels.bot_api import BotApiChannel
from bot.channels.calling import Params
from bot.channels.introduction import Introduction
from bot.channels.port import Capabilities
from bot.channels.telegram_wire import TelegramWire
from bot.receiving.lanes import Lanes
from bot.sending.pacing import Pacer
from desk.clock import Clock
from desk.language.language import Language


class TelegramChannel(BotApiChannel):
    """A channel over aiogram, which is used for transport and validation only."""

    name = "telegram"

    def __init__(
        self,
        *,
        token: str,
        language: Language,
        clock: Clock,
        api_url: str = "",
        proxy: str = "",
        pacer: Pacer | None = None,
        lanes: Lanes | None = None,
        introduction: Introduction | None = None,
        capabilities: Capabilities = TELEGRAM,
        abilities: Mapping[str, Any] | None = None,
    ) -> None:
        """`api_url` "" = Telegram itself, else a relay or an emulator; `proxy` socks5://, socks4://, http:// or "".

        `introduction` = what the client shows outside the chat. `pacer` is to be shared with the outbox worker of
        this bot, `lanes` with the bot's webhooks. `abilities` overrides fields of `Capabilities`. ValueError for a
        malformed token.
        """
        super().__init__(
            token=token,
            wire=TelegramWire(token=token, api_url=api_url, proxy=proxy),
            check=Update.model_validate,
            language=language,
            clock=clock,
            capabilities=capabilities,
            abilities=abilities,
            pacer=pacer,
            lanes=lanes,
            introduction=introduction,
        )

    def _extras(self) -> tuple[Params, Params]:
        mode: Params = {"parse_mode": "HTML"} if self.capabilities.markup == "html" else {}
        return {**mode, "link_preview_options": {"is_disabled": True}}, mode
