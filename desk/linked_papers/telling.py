"""The messages about two appointments of linked papers, written into the outbox of their chats."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from desk.appointments.notices import about
from desk.appointments.rules import fall_is_told_at
from desk.linked_papers.rules import LinkNotice
from desk.linked_papers.tying import TiedAppointment, TwoOfOne
from desk.outbox.actions import drop, enqueue
from desk.outbox.quiet import after_the_night
from desk.outbox.rules import Lane
from desk.storage.base import WriteSession
from desk.waiting.telling import recipient

ASKING: Final = (LinkNotice.WHICH_STAYS, LinkNotice.ANOTHER_TOO)
"""What asks about two appointments, or tells one of two chats of the other."""


def key_of(notice: LinkNotice, choice_id: int, appointment_id: int) -> str:
    """The key of the message of a question about this one of its two appointments."""
    return f"{notice}:{choice_id}:{appointment_id}"


def ask(session: WriteSession, pair: TwoOfOne, *, choice_id: int, now: datetime) -> None:
    """Ask the chat of both which stays; where they are not of one chat, tell each of the other.

    A chat that may be somebody else's is told the next morning, unless its time is near: at once it would tell that the
    person stands at a counter.
    """
    for each in pair:  # linked again before it was told that both stay
        drop(session, about=about(each.id), notices=(LinkNotice.BOTH_STAY,))
    if pair.is_of_one_chat:
        _tell(session, pair.earlier, LinkNotice.WHICH_STAYS, choice_id=choice_id, due_at=after_the_night(now), now=now)
        return
    for each in pair:
        due_at = fall_is_told_at(now, each.starts_at, zone=each.zone)
        _tell(session, each, LinkNotice.ANOTHER_TOO, choice_id=choice_id, due_at=due_at, now=now)


def tell_earlier_stays(session: WriteSession, pair: TwoOfOne, *, choice_id: int, now: datetime) -> None:
    """Tell the chat that no answer came, and which of the two was given back."""
    _tell(session, pair.earlier, LinkNotice.EARLIER_STAYS, choice_id=choice_id, due_at=after_the_night(now), now=now)


def unsay(session: WriteSession, *, appointment_id: int) -> None:
    """Withdraw a question about this appointment that was not sent yet: it is answered, or there is none any more."""
    drop(session, about=about(appointment_id), notices=ASKING)


def _tell(
    session: WriteSession,
    appointment: TiedAppointment,
    notice: LinkNotice,
    *,
    choice_id: int,
    due_at: datetime,
    now: datetime,
) -> None:
    to = recipient(session, appointment.conversation_id)
    if to is None:
        return
    enqueue(
        session,
        idem_key=key_of(notice, choice_id, appointment.id),
        to=to,
        notice=notice,
        params={"choice": choice_id, "appointment": appointment.id},
        about=about(appointment.id),
        lane=Lane.REPLY,
        due_at=due_at,
        now=now,
    )
