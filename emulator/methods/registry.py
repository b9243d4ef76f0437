"""The table of Bot API methods, filled by the modules beside it; names are matched without case, as the servers do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from emulator.accounts import Bot
from emulator.journal import Call
from emulator.wire import Params
from emulator.world import World


@dataclass(frozen=True, slots=True)
class Request:
    """One call as a method sees it."""

    world: World
    bot: Bot
    params: Params
    call: Call


Method: TypeAlias = Callable[[Request], Any | Awaitable[Any]]
METHODS: dict[str, Method] = {}


def method(name: str) -> Callable[[Method], Method]:
    """Register a function under a method name."""

    def register(function: Method) -> Method:
        METHODS[name.lower()] = function
        return function

    return register
