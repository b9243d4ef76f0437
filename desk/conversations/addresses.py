"""The address of a chat as it is stored: a mark by which it is found, and the encrypted id to which messages go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from desk.storage.encryption import Keys

CHAT = "conversations.chat_sealed"
STATE = "conversations.state_sealed"
CHAT_MARK = "chat"
"""The purpose of the mark."""


def mark_of_chat(keys: Keys, *, channel: str, bot: str, chat: str) -> str:
    """The mark of a chat with this bot."""
    return keys.mark(CHAT_MARK, f"{channel}:{bot}:{chat}")


def marks_of_chat(keys: Keys, *, channel: str, bot: str, chat: str) -> tuple[str, ...]:
    """Its marks by each key, the current one first."""
    return keys.marks(CHAT_MARK, f"{channel}:{bot}:{chat}")


def stored_address(keys: Keys, *, id: int, channel: str, bot: str, chat: str) -> dict[str, Any]:
    """The columns of a conversation that hold its address."""
    return {
        "channel": channel,
        "bot": bot,
        "chat_mark": mark_of_chat(keys, channel=channel, bot=bot, chat=chat),
        "chat_sealed": keys.encrypt(chat, column=CHAT, row=id),
    }


def stored_state(keys: Keys, state: dict[str, Any], *, id: int) -> dict[str, Any]:
    """The columns that hold what the engine remembers of a chat."""
    since = state.get("private_since")
    return {
        "state_sealed": keys.seal(state, column=STATE, row=id),
        "is_unfinished": any(name in state for name in ("draft", "trail", "unsent", "owed_results")),
        "private_since": None if since is None else datetime.fromisoformat(since),
    }
