"""The draft of the question after a visit, what of the visit it is compared with, and the answers that it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.dialogue.flow import Talk
from bot.flows import wording
from bot.flows.appointments import ticket
from desk.afterwards import chat as afterwards
from desk.afterwards.rows import AskedVisit
from desk.afterwards.rules import ALL_WELL, Answers, Respect, differs
from desk.appointments.rules import AppointmentState
from desk.values import Money

YES, NO = "yes", "no"
SAID: Final[Mapping[str, bool | None]] = {YES: True, NO: False, "": None}


@dataclass(slots=True)
class After:
    """What was said so far, in JSON values; "" and None = nothing."""

    visit: int = 0
    is_well: bool = False
    """Everything but what was paid is said by one press."""
    waves: bool = False
    """The person does not want to say anything."""
    served: str = ""
    amount: int | None = None
    other_amount: int | None = None
    receipt: str = ""
    marked: str = ""
    copy: str = ""
    respect: str = ""
    elsewhere: str = ""
    told: dict[str, Any] | None = None


AfterTalk = Talk[After]


def asked_of(talk: AfterTalk) -> AskedVisit | None:
    """The visit, as it is recorded now."""
    return afterwards.visit(talk.desk, talk.draft.visit)


def fee_of(talk: AfterTalk) -> Money | None:
    """The fee in force on the day of the visit; None = none was announced."""
    asked = asked_of(talk)
    fee = ticket.fee_of(talk.desk, asked.appointment) if asked is not None else None
    return fee.amount if fee is not None else None


def is_overpaid(talk: AfterTalk) -> bool | None:
    """Whether more was paid than that fee; None = there is nothing to compare."""
    fee = fee_of(talk)
    return None if fee is None or talk.draft.amount is None else talk.draft.amount > fee.rial


def is_counter_office(talk: AfterTalk) -> bool:
    """Whether the receipt comes from the orange device, with the code of the office on it."""
    asked = asked_of(talk)
    return asked is not None and asked.appointment.service.channel == wording.COUNTER_OFFICE


def is_to_come_back(talk: AfterTalk) -> bool:
    """Whether the office has recorded itself that it was not done yet."""
    asked = asked_of(talk)
    return asked is not None and asked.appointment.state is AppointmentState.COME_BACK


def answers_of(talk: AfterTalk) -> Answers:
    """What the draft says of the visit."""
    draft, overpaid = talk.draft, is_overpaid(talk)
    if draft.waves:
        return Answers()
    if draft.is_well:
        # Who paid too much is asked about the receipt all the same.
        is_receipt_meant = draft.amount != 0 and not overpaid
        receipt = True if is_receipt_meant else SAID[draft.receipt]
        return replace(
            ALL_WELL,
            otherwise=_is_recorded_otherwise(talk, receipt=receipt),
            served=None if is_to_come_back(talk) else True,
            overpaid=overpaid,
            receipt=receipt,
            marked=True if is_receipt_meant and is_counter_office(talk) else None,
        )
    receipt = SAID[draft.receipt]
    return Answers(
        otherwise=_is_recorded_otherwise(talk, receipt=receipt),
        served=SAID[draft.served],
        overpaid=overpaid,
        receipt=receipt,
        marked=SAID[draft.marked],
        copy=SAID[draft.copy],
        respect=Respect(draft.respect) if draft.respect else None,
        elsewhere=SAID[draft.elsewhere],
    )


def _is_recorded_otherwise(talk: AfterTalk, *, receipt: bool | None) -> bool | None:
    asked = asked_of(talk)
    closing = afterwards.closing(talk.desk, asked) if asked is not None else None
    if closing is None:
        return None
    paid = Money(talk.draft.amount) if talk.draft.amount is not None else None
    return differs(closing, paid=paid, receipt=receipt)
