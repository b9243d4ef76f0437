"""Messages follow what they tell about, when it goes over to another chat of the same person."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, func, update

from desk.outbox.actions import TOPIC
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import Recipient
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_messages = table_of(OutboxMessage)
_CHANGE = (
    update(_messages)
    .where(
        # Also what is told in another chat instead of that one.
        func.coalesce(_messages.c.instead_of, _messages.c.conversation_id) == bindparam("source"),
        _messages.c.about.in_(bindparam("abouts", expanding=True)),
    )
    # The messenger's own number of a sent message means nothing in another chat.
    .values(
        conversation_id=bindparam("target"),
        channel=bindparam("to_channel"),
        bot=bindparam("to_bot"),
        instead_of=None,
        message_id=None,
    )
)


def change_chat(session: WriteSession, *, source: int, to: Recipient, abouts: Sequence[str]) -> None:
    """Give all messages about these, sent ones too, from the chat `source` to another.

    One that is being sent at this moment still arrives in the earlier chat.
    """
    if abouts:
        asked = {"source": source, "abouts": list(abouts)}
        given = {"target": to.conversation_id, "to_channel": to.channel, "to_bot": to.bot}
        session.connection().execute(_CHANGE, asked | given)
        session.announce(TOPIC)
