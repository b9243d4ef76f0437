"""Files what was said by voice, or written, where a visit was asked about: a person at the desk hears it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.flows.cases import filed, telling
from desk.cases import chat as cases
from desk.cases.rules import Contact
from desk.values import LocalDay

if TYPE_CHECKING:
    from bot.dialogue.flow import Talk
    from bot.dialogue.own_words import OwnWords
    from bot.dialogue.says import Says
    from desk.appointments.rows import AppointmentRow

CATEGORY = "OTHER"


def file_story(talk: Talk[Any], appointment: AppointmentRow, *, told: OwnWords) -> tuple[Says, ...]:
    """File it under its code alone, as a complaint from a ticket; what it shows. Nothing where nothing was said."""
    if not told:
        return ()
    case = cases.complain(
        talk.desk,
        key=talk.key,
        category=CATEGORY,
        office_id=appointment.office.id,
        service_id=appointment.service.id,
        happened_on=LocalDay(appointment.day),
        paid=None,
        facts={},
        text=telling.text_of(told),
        voice=telling.voice_of(told),
        contact=Contact.CODE,
        name=None,
    )
    return (filed.complaint(talk.desk, case, category=CATEGORY, contact=Contact.CODE, facts={}),)
