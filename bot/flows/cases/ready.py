"""A complaint that is ready but for the last check: a button elsewhere holds what the person told there."""

from __future__ import annotations

import re
from typing import Final

from bot.dialogue.questions import Go
from bot.flows.cases.complaint import Complaint
from desk.cases.categories import CATEGORIES, Detail
from desk.cases.facts import NO, YES, facts_of
from desk.values import Money

_TOLD: Final = re.compile(r"([0-9]{0,12})([yn]?)")
_ANSWERS: Final = {"y": YES, "n": NO}


def link(category: str, appointment_id: int, *, paid: Money | None, receipt: bool | None) -> Go:
    """A lasting button to it, about a visit of this chat: nothing is stored until the person sends it."""
    amount = "" if paid is None or Detail.AMOUNT not in CATEGORIES[category].asks else str(paid.rial)
    has_receipt = "" if receipt is None else "y" if receipt else "n"
    return Go("complain", f"{category}.{appointment_id}.{amount}{has_receipt}")


def take_in(draft: Complaint, told: str) -> None:
    """Put into the draft what stands in the button; what is none of it is left out, since anybody may make one up."""
    found = _TOLD.fullmatch(told)
    if found is None:
        return
    if found[1] and Detail.AMOUNT in CATEGORIES[draft.category].asks:
        draft.amount = int(found[1])
    if found[2] and any(fact.code == "receipt" for fact in facts_of(draft.category)):
        draft.facts = {"receipt": _ANSWERS[found[2]]}
