"""Refuses what one chat sends beyond what is read of it at once, and has the person told so."""

from __future__ import annotations

import asyncio
from typing import Final

from bot.channels.port import Unreadable
from bot.dialogue.heard import Address, Heard, HeardKind
from bot.receiving.exchange import Exchanges
from bot.receiving.lanes import Lanes

MOST_WAITING: Final = 20
"""How many messages of one chat may wait to be read; nobody writes so fast by hand."""
MOST_CHATS: Final = 1000
"""The number of chats remembered here before those that are quiet again are dropped."""
ALWAYS_HEARD: Final = (HeardKind.BLOCKED, HeardKind.UNBLOCKED)


class Floods:
    """The chats that write faster than they are read.

    Once more than `MOST_WAITING` of a chat wait, nothing further of it is taken until these are read: so that it holds
    up nobody, and so that what the person is told is true for all they wrote after that moment.
    """

    def __init__(self, *, exchanges: Exchanges, lanes: Lanes) -> None:
        """`lanes` are those in which the messages wait."""
        self._exchanges = exchanges
        self._lanes = lanes
        self._told: dict[Address, asyncio.Future[None]] = {}
        """Whether the person has been told, for each chat that is over the limit now."""

    async def is_refused(self, heard: Heard | Unreadable) -> bool:
        """Whether this update is not to be handled; the person was told then, so that it may be confirmed.

        Raises what prevented telling them: the update must not be confirmed then.
        """
        if not isinstance(heard, Heard) or heard.kind in ALWAYS_HEARD:
            return False
        waiting = self._lanes.behind(heard.address)
        told = self._told.get(heard.address)
        if told is not None and not waiting:
            del self._told[heard.address]
            return False
        if told is not None:
            await asyncio.shield(told)
            return True
        if waiting < MOST_WAITING:
            return False
        await self._tell(heard.address)
        return True

    async def _tell(self, address: Address) -> None:
        told = self._told[address] = asyncio.get_running_loop().create_future()
        try:
            await self._exchanges.say_slowly(address)
        except BaseException as error:
            del self._told[address]
            told.set_exception(error)
            told.exception()  # looked at here: perhaps nobody else waits for it
            raise
        told.set_result(None)
        if len(self._told) > MOST_CHATS:
            self._told = {each: done for each, done in self._told.items() if self._lanes.behind(each)}
