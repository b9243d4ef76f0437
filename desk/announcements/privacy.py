"""What wishes hold of a chat: about which services it wants to be told, which erasing deletes."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy.orm import Session

from desk.announcements import queries
from desk.announcements.models import AnnouncementWish
from desk.parts import Fate, Leaving, Privacy
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_wishes = table_of(AnnouncementWish)


def _count(session: Session, conversation_id: int) -> Mapping[str, int]:
    return {"announcement_wishes": queries.count(session, conversation_id=conversation_id)}


def _erase(session: WriteSession, leaving: Leaving) -> None:
    session.connection().execute(delete(_wishes).where(_wishes.c.conversation_id == leaving.conversation_id))


PRIVACY = Privacy(
    columns={
        "announcement_wishes.conversation_id": Fate.DELETED,
        "announcement_wishes.service_id": Fate.DELETED,
        "announcement_wishes.unknown": Fate.DELETED,
        "announcement_wishes.asked_on": Fate.DELETED,
        "announcement_wishes.told_from": Fate.DELETED,
    },
    count=_count,
    erase=_erase,
)
