"""What transfers hold of people, and erasing it: the word, and which chat went over to which."""

from __future__ import annotations

from sqlalchemy import delete, or_, select

from desk.appointments.models import Appointment
from desk.parts import Fate, Kept, Leaving, Privacy
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.transfers.models import CounterCode, Transfer
from desk.transfers.words import remove_word

_transfers, _codes, _appointments = table_of(Transfer), table_of(CounterCode), table_of(Appointment)


def _erase(session: WriteSession, leaving: Leaving) -> None:
    chat = leaving.conversation_id
    remove_word(session, actor=leaving.actor)
    session.execute(delete(_transfers).where(or_(_transfers.c.source_id == chat, _transfers.c.target_id == chat)))
    theirs = select(_appointments.c.id).where(_appointments.c.conversation_id == chat)
    session.execute(delete(_codes).where(_codes.c.appointment_id.in_(theirs)))


PRIVACY = Privacy(
    columns={
        "chat_words.conversation_id": Fate.DELETED,
        "chat_words.word_hash": Fate.DELETED,
        "transfer_tries.mark": Kept("a keyed hash, deleted when its series is over, at most seven days later"),
        "transfers.source_id": Fate.DELETED,
        "transfers.target_id": Fate.DELETED,
        "transfers.moved_sealed": Fate.DELETED,
        "counter_codes.mark": Fate.DELETED,
    },
    erase=_erase,
)
