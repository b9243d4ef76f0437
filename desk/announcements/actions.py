"""The actions on wishes: ask to be told, take that back, and forget what waited too long or can reach nobody."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, or_, select

from desk.acting import Actor
from desk.announcements import queries
from desk.announcements.models import AnnouncementWish
from desk.announcements.refusals import NothingUnknown, TooManyWishes
from desk.announcements.rules import KEPT, MOST_WISHES, written
from desk.calendar import local_day_of
from desk.conversations.actions import require_chat
from desk.conversations.models import Conversation
from desk.storage.base import WriteSession
from desk.storage.deleting import delete_some
from desk.storage.upsert import insert_or_update, table_of

_wishes, _chats = table_of(AnnouncementWish), table_of(Conversation)
_TAKE_BACK = delete(_wishes).where(
    _wishes.c.conversation_id == bindparam("chat"), _wishes.c.service_id == bindparam("service")
)


def ask(session: WriteSession, *, actor: Actor, service_id: int, now: datetime) -> None:
    """Tell the actor's chat once when something is announced that is unknown of this service now.

    Asking twice is one wish, which then holds what was unknown at either time, and waits anew.

    Raises:
        NothingUnknown: all of it is announced. TooManyWishes. LookupError: there is no such service for applicants.
    """
    chat = require_chat(actor)
    today = local_day_of(now).date
    shown = queries.card_of(session, service_id=service_id, today=today)
    if shown is None:
        raise LookupError(f"no service {service_id}")
    unknown = queries.unknown_now(session, shown)
    if not unknown:
        raise NothingUnknown(service_id=service_id)
    before = queries.wanted(session, conversation_id=chat, service_id=service_id)
    if not before and queries.count(session, conversation_id=chat) >= MOST_WISHES:
        raise TooManyWishes(most=MOST_WISHES)
    session.execute(
        insert_or_update(
            session, AnnouncementWish, unique=("conversation_id", "service_id"), updates=("unknown", "asked_on")
        ),
        {
            "conversation_id": chat,
            "service_id": service_id,
            "unknown": written((*before, *unknown)),
            "asked_on": today,
            "told_from": None,
        },
    )


def take_back(session: WriteSession, *, actor: Actor, service_id: int) -> bool:
    """Tell the actor's chat nothing of this service; False = it did not ask, or was told."""
    asked = {"chat": require_chat(actor), "service": service_id}
    return session.connection().execute(_TAKE_BACK, asked).rowcount > 0


def forget_wishes(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete wishes that waited for a year, and those of chats that have blocked the bot; returns their number."""
    blocked = select(_chats.c.id).where(_chats.c.reachable.is_(False))
    too_old = _wishes.c.asked_on < local_day_of(now - KEPT).date
    return delete_some(session, _wishes, or_(too_old, _wishes.c.conversation_id.in_(blocked)), limit=limit)
