"""A bot on Bale, over python-telegram-bot; import it only where one is used, the library takes seconds to load."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from telegram import Update

from bot.channels.abilities import BALE
from bot.channels.bale_wire import BaleWire
from bot.channels.bot_api import BotApiChannel
from bot.channels.introduction import Introduction
from bot.channels.port import Capabilities
from bot.channels.repair import Json
from bot.receiving.lanes import Lanes
from bot.sending.pacing import Pacer
from desk.clock import Clock
from desk.language.language import Language


class BaleChannel(BotApiChannel):
    """A channel over python-telegram-bot, which is used for transport and validation only."""

    name = "bale"

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
        capabilities: Capabilities = BALE,
        abilities: Mapping[str, Any] | None = None,
    ) -> None:
        """`api_url` "" = Bale itself, else an emulator; `proxy` socks5://, socks5h://, http://, "" = none.

        The rest as for Telegram. ValueError for a malformed token.
        """
        if not token.partition(":")[0].isdigit() or not token.partition(":")[2]:
            raise ValueError("a Bale token is a number, a colon and a secret")
        wire = BaleWire(token=token, api_url=api_url, proxy=proxy)

        def check(update: Json) -> Update:
            return Update.de_json(update, wire.bot)

        super().__init__(
            token=token,
            wire=wire,
            check=check,
            language=language,
            clock=clock,
            capabilities=capabilities,
            abilities=abilities,
            pacer=pacer,
            lanes=lanes,
            introduction=introduction,
        )
