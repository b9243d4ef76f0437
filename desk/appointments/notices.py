"""The messages about an appointment, as outbox rows: its ticket, its reminders, and what the office changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from desk.appointments.rules import ASKING, EVENING_BEFORE, SHORTLY, AppointmentNotice, fall_is_told_at, reminders
from desk.outbox.actions import drop, enqueue, restore
from desk.outbox.models import OutboxMessage
from desk.outbox.quiet import after_the_night
from desk.outbox.rules import Lane, Recipient
from desk.outbox.several import Outgoing, enqueue_several
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

messages = table_of(OutboxMessage)

NAMED_AGAIN_KEY = "named_again:"
JOINT = "joint"
"""The parameter of what is told once for all who come together."""
THAT_STAY = (AppointmentNotice.TICKET, AppointmentNotice.REMINDER)
"""What says in the chat when and where an appointment is, for as long as the chat stands."""
EDITED = (*THAT_STAY, AppointmentNotice.MOVED)
"""What is edited there when it is no longer true."""


def about(appointment_id: int) -> str:
    """What outbox messages about this appointment carry as `about`."""
    return f"appointment:{appointment_id}"


def ticket_key(appointment_id: int, *, moves: int) -> str:
    """The outbox key of the ticket; there is one ticket for each time the appointment has had."""
    return f"ticket:{appointment_id}:{moves}"


def cancelled_key(appointment_id: int, *, moves: int) -> str:
    """The outbox key of the notice that the office cancelled."""
    return f"cancelled:{appointment_id}:{moves}"


def moved_key(appointment_id: int, *, moves: int) -> str:
    """The outbox key of the notice that the office moved the appointment; `moves` counts this move too."""
    return f"moved:{appointment_id}:{moves}"


def reminder_key(appointment_id: int, *, moves: int, which: str) -> str:
    """The outbox key of a reminder; each time the appointment has had has its own."""
    return f"reminder:{appointment_id}:{moves}:{which}"


def moves_in(key: str) -> int:
    """How often the appointment had been moved, as `ticket_key` and `reminder_key` write it."""
    return int(key.split(":")[2])


def named_again_key(appointment_id: int) -> str:
    """The outbox key of the notice that another chat named the number; an appointment has it once."""
    return f"{NAMED_AGAIN_KEY}{appointment_id}"


def fallen_key(appointment_id: int) -> str:
    """The outbox key of the notice that the appointment fell."""
    return f"fallen:{appointment_id}"


def announce(
    session: WriteSession,
    *,
    appointment_id: int,
    moves: int,
    starts_at: datetime,
    zone: str,
    is_joint: bool = False,
    has_own_ticket: bool = False,
    to: Recipient,
    now: datetime,
) -> None:
    """Write the ticket of the present time and the reminders that are still to come into the outbox.

    `is_joint` = it is of a household: of those who come together the first is told for all. `has_own_ticket` = the
    ticket is sent all the same, and names all of them: the one before it named fewer.
    """
    subject = about(appointment_id)
    ticket: dict[str, Any] = {"appointment": appointment_id, "moves": moves}
    reminder = ticket | ({JOINT: True} if is_joint else {})
    if not has_own_ticket:
        ticket = reminder
    told = [
        Outgoing(ticket_key(appointment_id, moves=moves), AppointmentNotice.TICKET, ticket, subject, Lane.REPLY, now)
    ]
    told += [
        Outgoing(
            reminder_key(appointment_id, moves=moves, which=which),
            AppointmentNotice.REMINDER,
            {**reminder, "which": which},
            subject,
            Lane.BULK,
            due_at,
        )
        for which, due_at in reminders(starts_at, zone=zone, now=now)
    ]
    enqueue_several(session, to=to, messages=told, now=now)


def ask_about(
    session: WriteSession, *, appointment_id: int, moves: int, is_joint: bool, to: Recipient, now: datetime
) -> None:
    """Ask the person whether they come at the present time; of those who come together the first is asked for all."""
    enqueue(
        session,
        idem_key=reminder_key(appointment_id, moves=moves, which=ASKING),
        to=to,
        notice=AppointmentNotice.REMINDER,
        params={"appointment": appointment_id, "moves": moves, "which": ASKING} | ({JOINT: True} if is_joint else {}),
        about=about(appointment_id),
        lane=Lane.BULK,
        due_at=now,
        now=now,
    )


def ticket_once_more(
    session: WriteSession,
    *,
    appointment_id: int,
    moves: int,
    which: str,
    to: Recipient,
    due_at: datetime,
    now: datetime,
) -> None:
    """Write the ticket of the present time once more; `which` tells this one from the others of that time."""
    _tell(
        session,
        f"{ticket_key(appointment_id, moves=moves)}:{which}",
        AppointmentNotice.TICKET,
        appointment_id=appointment_id,
        more={"moves": moves},
        to=to,
        due_at=due_at,
        now=now,
    )


def remind_again(session: WriteSession, *, appointment_id: int, moves: int) -> None:
    """Restore the withdrawn reminders of the present time, after the change that withdrew them is undone."""
    keys = [reminder_key(appointment_id, moves=moves, which=which) for which in (EVENING_BEFORE, SHORTLY)]
    restore(session, idem_keys=keys)


def unsay(session: WriteSession, *, appointment_id: int) -> None:
    """Delete the messages of an appointment whose booking is refused at the end."""
    session.connection().execute(delete(messages).where(messages.c.about == about(appointment_id)))


def withdraw(session: WriteSession, *, appointment_id: int) -> None:
    """Withdraw the ticket and the reminders that were not sent yet."""
    drop(session, about=about(appointment_id), notices=THAT_STAY)


def tell_cancelled_by_office(
    session: WriteSession, *, appointment_id: int, moves: int, to: Recipient, now: datetime
) -> None:
    """Tell the person that the office cancelled; the notice reads the reason from the appointment."""
    key = cancelled_key(appointment_id, moves=moves)
    _tell(session, key, AppointmentNotice.CANCELLED, appointment_id=appointment_id, to=to, now=now)


def tell_moved_by_office(
    session: WriteSession, *, appointment_id: int, moves: int, told: Mapping[str, Any], to: Recipient, now: datetime
) -> None:
    """Tell the person that the office moved the appointment; its ticket comes after it, or after their answer."""
    key, more = moved_key(appointment_id, moves=moves), {"moves": moves, **told}
    _tell(session, key, AppointmentNotice.MOVED, appointment_id=appointment_id, more=more, to=to, now=now)


def let_go_key(appointment_id: int, *, moves: int) -> str:
    """The outbox key of the notice that no answer came to a proposed time."""
    return f"let_go:{appointment_id}:{moves}"


def tell_let_go(session: WriteSession, *, appointment_id: int, moves: int, to: Recipient, now: datetime) -> None:
    """Tell the person that the proposed time goes to somebody else, since no answer came."""
    key = let_go_key(appointment_id, moves=moves)
    _tell(session, key, AppointmentNotice.LET_GO, appointment_id=appointment_id, to=to, now=now)


def tell_named_again(session: WriteSession, *, appointment_id: int, to: Recipient, now: datetime) -> None:
    """Tell the chat that had its appointment first that another named the number; not at night, and only once."""
    enqueue(
        session,
        idem_key=named_again_key(appointment_id),
        to=to,
        notice=AppointmentNotice.NAMED_AGAIN,
        params={"appointment": appointment_id},
        about=about(appointment_id),
        lane=Lane.BULK,
        due_at=after_the_night(now),
        now=now,
    )


def tell_fallen(
    session: WriteSession, *, appointment_id: int, starts_at: datetime, zone: str, to: Recipient, now: datetime
) -> None:
    """Tell the chat that its appointment fell, because somebody else held the paper."""
    key, due_at = fallen_key(appointment_id), fall_is_told_at(now, starts_at, zone=zone)
    _tell(session, key, AppointmentNotice.FALLEN, appointment_id=appointment_id, to=to, due_at=due_at, now=now)


def tell_assistance(session: WriteSession, *, appointment_id: int, nth: int, to: Recipient, now: datetime) -> None:
    """Tell the person what the office answered to their wishes: the `nth` answer, in the place of an unsent one."""
    drop(session, about=about(appointment_id), notices=[AppointmentNotice.ASSISTANCE])
    key = f"assistance:{appointment_id}:{nth}"
    _tell(session, key, AppointmentNotice.ASSISTANCE, appointment_id=appointment_id, to=to, now=now)


def _tell(
    session: WriteSession,
    key: str,
    notice: AppointmentNotice,
    *,
    appointment_id: int,
    more: Mapping[str, Any] | None = None,
    to: Recipient,
    due_at: datetime | None = None,
    now: datetime,
) -> None:
    """Write one message about the appointment, before those that can wait; `due_at` None = it is due now."""
    enqueue(
        session,
        idem_key=key,
        to=to,
        notice=notice,
        params={"appointment": appointment_id, **(more or {})},
        about=about(appointment_id),
        lane=Lane.REPLY,
        due_at=due_at or now,
        now=now,
    )
