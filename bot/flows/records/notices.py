"""Composes the message about an inquiry: what was looked up, where, why, and the code that the system gave."""

from __future__ import annotations

from typing import Final

from bot.dialogue.questions import Go
from bot.dialogue.says import Button, Says
from bot.flows import wording
from bot.flows.tables import Notices, Params
from desk.appointments import chat as appointments
from desk.appointments.rules import CANCELLED
from desk.conversations.chat import Chat
from desk.language.labels import INQUIRY_RESULTS
from desk.language.text import Reference, Text, lines, paragraphs, words
from desk.records import chat as records
from desk.records.rules import InquiryPurpose, InquirySystem, RecordNotice
from desk.values import LocalMoment

_ = words("record notice")

ASK = Button(_("💬 Ask the desk"), Go("ask").data)
SYSTEMS: dict[InquirySystem, Text] = {
    InquirySystem.FOREIGNERS: _("the system for foreign nationals"),
    InquirySystem.CIVIL_REGISTRATION: _("the civil registration"),
    InquirySystem.POLICE: _("the system for immigration"),
    InquirySystem.OTHER: _("another official system"),
}
PURPOSES: dict[InquiryPurpose, Text] = {
    InquiryPurpose.IDENTITY: _("To see who you are"),
    InquiryPurpose.VALIDITY: _("To see whether the paper is valid"),
    InquiryPurpose.CONDITIONS: _("To see the conditions of the service"),
}


def inquiry(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """The code in a message of its own that stays; nothing once it was erased, or the appointment was cancelled."""
    found = records.inquiry(chat, int(params["inquiry"]))
    appointment = appointments.own(chat, found.appointment_id) if found is not None else None
    if found is None or found.code is None or appointment is None or appointment.state in CANCELLED:
        return None
    return (
        Says(
            paragraphs(
                _(
                    "🔎 The office looked {person} up in {system}.",
                    person=appointment.person_name or "",
                    system=SYSTEMS[found.system],
                ),
                lines(
                    _("{purpose}: {result}", purpose=PURPOSES[found.purpose], result=INQUIRY_RESULTS[found.result]),
                    _("🕘 {when}", when=LocalMoment(found.made_at, found.zone)),
                    wording.where(appointment.office),
                ),
                lines(_("Tracking code of this inquiry:"), Reference(found.code)),
                _("With this code no copy of your paper is needed."),
            ),
            rows=((Button(_("📣 They wanted a copy"), Go("complain", "COPY_DEMAND").data),), (ASK,)),
            stays=True,
        ),
    )


NOTICES: Final[Notices] = {RecordNotice.INQUIRY: inquiry}
"""How the message of each kind is composed."""
