"""Removes what is held about a chat, so that only rows that identify nobody are left."""

from __future__ import annotations

from datetime import datetime

from desk.acting import Actor
from desk.conversations.actions import require_chat
from desk.conversations.queries import by_id
from desk.parts import Leaving
from desk.periods import USUAL_REST, Rest
from desk.storage.base import WriteSession
from desk.storage.scrubbing import ERASED
from desk.subjects import privacy


def erase(
    session: WriteSession,
    *,
    actor: Actor,
    rest: Rest = USUAL_REST,
    keeps_complaints: bool = False,
    now: datetime,
) -> bool:
    """Remove everything that leads to this chat or its people; True = its counts stay until their limits are over.

    They are stored under a keyed hash, so that erasing does not reset them. Future appointments are cancelled, and
    their places rest before they are free; open cases are withdrawn, or with `keeps_complaints` the complaints among
    them go on as complaints of nobody. Appointments and cases stay as counts without a
    name. The conversation itself is deleted: the next message starts a new one.
    """
    conversation_id = require_chat(actor)
    chat = by_id(session, conversation_id=conversation_id)
    if chat is None:
        return False
    leaving = Leaving(
        conversation_id=conversation_id,
        channel=chat.channel,
        bot=chat.bot,
        chat=chat.chat,
        rest=rest,
        keeps_complaints=keeps_complaints,
        now=now,
    )
    for subject in privacy():
        if subject.erase is not None:
            subject.erase(session, leaving)
    session.announce(ERASED)
    return leaving.bounds_stay
