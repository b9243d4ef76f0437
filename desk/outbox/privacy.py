"""What messages hold of people: the chat they go to; erasing deletes all messages of the chat."""

from __future__ import annotations

from desk.outbox.actions import erase_chat
from desk.outbox.rules import Recipient
from desk.parts import Fate, Leaving, Privacy
from desk.storage.base import WriteSession


def _erase(session: WriteSession, leaving: Leaving) -> None:
    erase_chat(session, to=Recipient(leaving.channel, leaving.bot, leaving.conversation_id))


PRIVACY = Privacy(
    columns={
        f"outbox_messages.{name}": Fate.DELETED
        for name in (
            "idem_key",
            "channel",
            "bot",
            "conversation_id",
            "instead_of",
            "notice",
            "params",
            "about",
            "reason",
            "message_id",
        )
    },
    erase=_erase,
)
