"""How long a chat keeps what nobody may find beside it: a complaint that was begun, a code by which somebody looked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.dialogue.chat_state import ChatState
from desk.conversations.rules import hour_of

KEPT = timedelta(hours=24)


def kept(state: ChatState, *, private: frozenset[str], now: datetime) -> dict[str, Any]:
    """The state to be stored, with the hour since when it holds anything of the flows `private`."""
    is_private = not private.isdisjoint(_flows_in(state))
    state.private_since = (state.private_since or hour_of(now).isoformat()) if is_private else ""
    return state.dump()


def _flows_in(state: ChatState) -> set[Any]:
    behind = {screen[0] for screen in state.trail if isinstance(screen, list)}
    return {state.flow, state.unsent.get("flow"), *behind}
