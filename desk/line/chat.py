"""What a chat may look up of the line: the place of its own people, and how many wait at their office."""

from __future__ import annotations

from dataclasses import dataclass

from desk.appointments.rows import AppointmentRow
from desk.calendar import local_day_of
from desk.conversations.chat import Chat
from desk.line.entries import entry_of, rules_of
from desk.line.queries import places
from desk.line.rules import EntryState, LineRules, is_near


@dataclass(frozen=True, slots=True, kw_only=True)
class InTheLine:
    """How somebody of this chat stands in the line of today."""

    call_number: str
    state: EntryState
    counter: int | None
    place: int | None
    """From 1 on; None = they do not wait at this moment."""
    minutes: int | None
    """In how many minutes they are called, about; None = nobody knows."""
    is_soon: bool
    """Whether the place is near: they are asked to come to the counters."""


@dataclass(frozen=True, slots=True)
class Load:
    """How many people wait at an office now, and how many minutes the last of them waits still; None = nobody knows."""

    waiting: int
    minutes: int | None


def in_the_line(chat: Chat, appointment: AppointmentRow) -> InTheLine | None:
    """How the person of this appointment stands in the line of today; None = they are not in it."""
    entry = entry_of(chat.session, appointment_id=appointment.id)
    if entry is None or entry.day != local_day_of(chat.now, zone=appointment.zone).date:
        return None
    waiting = places(chat.session, office_id=entry.office_id, day=entry.day, now=chat.now)
    mine = next((each for each in waiting if each.appointment_id == appointment.id), None)
    return InTheLine(
        call_number=entry.call_number,
        state=entry.state,
        counter=entry.counter,
        place=mine.place if mine is not None else None,
        minutes=mine.minutes if mine is not None else None,
        is_soon=mine is not None
        and is_near(entry, place=mine.place, now=chat.now, rules=rules_of(chat.session, office_id=entry.office_id)),
    )


def load_now(chat: Chat, appointment: AppointmentRow) -> Load | None:
    """How many wait at the office of an appointment of today; None = it is of another day."""
    if appointment.day != local_day_of(chat.now, zone=appointment.zone).date:
        return None
    waiting = places(chat.session, office_id=appointment.office.id, day=appointment.day, now=chat.now)
    return Load(len(waiting), max((each.minutes for each in waiting if each.minutes is not None), default=None))


def rules(chat: Chat, appointment: AppointmentRow) -> LineRules:
    """The numbers of the order at the office of an appointment."""
    return rules_of(chat.session, office_id=appointment.office.id)
