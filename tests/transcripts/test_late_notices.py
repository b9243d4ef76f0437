"""What the office changed is told of the time that it speaks of: not where the person chose another one meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from desk.acting import Actor
from desk.appointments.actions import move
from desk.appointments.rules import AppointmentNotice
from desk.capacity.models import Slot
from desk.consequences.rules import ChangeKind, Remedy
from desk.conversations.models import Conversation
from desk.language.text import Localised
from desk.offices.models import Office
from desk.outbox import actions as outbox
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.makers import NOW, at
from tests.makers_changes import SUNDAY, Town, appointment_of, made
from tests.transcripts.stage import Bot, Clock, language_of


def told(session: WriteSession, storage: Storage) -> list[str]:
    """The notices that the worker would send now; an edit of what stands there is none."""
    compose = Bot(storage=storage, language=language_of("en"), clock=Clock()).composer()
    chat = session.scalars(select(Conversation)).one()
    said = []
    while claimed := outbox.claim(session, channel=chat.channel, bot=chat.bot, limit=9, now=NOW):
        for message in claimed:
            composed = compose(session, message)  # type: ignore[arg-type]  # a writing session reads as well
            is_news = composed is not None and message.notice != AppointmentNotice.TICKET_CHANGED
            said += [message.notice] if is_news else []
            outbox.mark_sent(session, id=message.id, message_id="1", now=NOW)
    return said


@pytest.mark.parametrize("chooses", [True, False])
@pytest.mark.parametrize(
    ("remedy", "notice"),
    [(Remedy.MOVE, "moved_by_office"), (Remedy.KEEP, "kept_by_office"), (Remedy.TELL, "office_moved")],
)
@pytest.mark.sqlite
async def test_news_that_the_persons_own_choice_overtook_is_not_told(
    storage: Storage, remedy: Remedy, notice: str, chooses: bool
) -> None:
    def story(session: WriteSession) -> list[str]:
        town = Town(session)
        (id,) = town.people(1)
        told(session, storage)

        def another_address(session: WriteSession) -> None:
            office = update(Office).where(Office.id == town.office.id)
            session.execute(office.values(address=Localised({"fa": "خیابان نو"})))

        moves = town.intended(ChangeKind.ADDRESS, another_address, office_id=town.office.id)
        made(session, moves if remedy is Remedy.TELL else town.close(), remedy=remedy)
        if chooses:
            later = at(SUNDAY + timedelta(days=13), hour=9)
            slot = session.scalars(select(Slot.id).where(Slot.queue_id == town.queue.id, Slot.starts_at == later)).one()
            chat = appointment_of(session, id).conversation_id
            assert chat is not None
            move(session, idem_key="m", appointment_id=id, actor=Actor.chat(chat), slot_id=slot, now=NOW)
        return told(session, storage)

    said = await storage.write(story)
    assert said == (["ticket"] if chooses else [notice])
