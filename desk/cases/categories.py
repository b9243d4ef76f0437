"""The kinds of complaint as data: severity, deadlines, who may handle them, and what to ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Detail(StrEnum):
    """What the chat may ask for a category besides its facts (`desk.cases.facts`); every question can be skipped."""

    OFFICE = "office"
    DAY = "day"
    SERVICE = "service"
    AMOUNT = "amount"
    STORY = "story"


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of complaint.

    `severity` 4 = danger or violence, 3 = money, brokers, copies, 2 = a service not given properly, 1 = comfort, 0 =
    praise. `office_may_handle`: the rule names the office among the addressees; even then it never handles a complaint
    about itself.
    `first_answer` and `final` are calendar time from filing, None = no such promise.
    `takes_cases` False = nothing is filed; the chat only says where to object.
    """

    code: str
    severity: int
    office_may_handle: bool
    first_answer: timedelta | None
    final: timedelta | None
    asks: frozenset[Detail]
    image_of_receipt_allowed: bool = False
    takes_cases: bool = True

    @property
    def is_danger(self) -> bool:
        """Whether somebody may be in danger: what is told then reaches the desk at once."""
        return self.severity >= DANGER


@dataclass(frozen=True, slots=True)
class Group:
    """Categories that are shown together; at most five, so that a screen has at most seven buttons."""

    code: str
    categories: tuple[str, ...]


DANGER = 4
"""The severity of danger or violence."""

_H24 = timedelta(hours=24)
_H72 = timedelta(hours=72)
_D10 = timedelta(days=10)
_MONTH = timedelta(days=30)

_OFFICE, _DAY, _SERVICE, _AMOUNT, _STORY = Detail
_WHERE_WHEN = frozenset({_OFFICE, _DAY, _STORY})

_ALL = (
    # money
    Category("OVERCHARGE", 3, False, _H72, _D10, _WHERE_WHEN | {_SERVICE, _AMOUNT}, image_of_receipt_allowed=True),
    Category("NO_RECEIPT", 3, False, _H72, _D10, _WHERE_WHEN | {_AMOUNT}),
    Category("BAD_RECEIPT", 2, False, None, _D10, _WHERE_WHEN, image_of_receipt_allowed=True),
    Category("NO_INFO", 1, True, None, _D10, frozenset({_OFFICE, _SERVICE, _STORY})),
    # appointments and brokers
    Category("BROKER", 3, False, None, _H72, _WHERE_WHEN | {_AMOUNT}),
    Category("INSIDER_BROKER", 4, False, None, _H72, _WHERE_WHEN | {_AMOUNT}),
    Category("TURN_REFUSED", 2, False, None, _H72, _WHERE_WHEN),
    Category("NO_ORDER", 2, True, None, _H72, _WHERE_WHEN),
    Category("NO_DESK", 1, False, None, _MONTH, frozenset({_OFFICE, _STORY})),
    # behaviour and safety
    Category("DISRESPECT", 3, False, _H72, _D10, _WHERE_WHEN),
    Category("VIOLENCE", 4, False, _H24, _D10, _WHERE_WHEN),
    Category("THREAT", 4, False, _H24, _D10, _WHERE_WHEN),
    Category("HARASSMENT", 4, False, _H24, _D10, _WHERE_WHEN),
    Category("SERVICE_DENIED_GROUP", 3, False, None, _H72, _WHERE_WHEN | {_SERVICE}),
    Category("REFUSED_NO_RULE", 2, False, None, _D10, _WHERE_WHEN | {_SERVICE}),
    Category("RUN_AROUND", 1, False, None, _D10, _WHERE_WHEN),
    # papers and data
    Category("COPY_DEMAND", 3, False, None, _D10, _WHERE_WHEN),
    Category("KEPT_DOC", 4, False, _H24, _H72, _WHERE_WHEN),
    Category("NOT_RECORDED", 2, True, None, _D10, _WHERE_WHEN),
    Category("WRONG_DATA", 2, True, None, _D10, _WHERE_WHEN),
    Category("DATA_PRIVACY", 4, False, None, _H72, frozenset({_OFFICE, _STORY})),
    # answers and other things
    Category("LATE_ANSWER", 2, False, None, _D10, frozenset({_OFFICE, _STORY})),
    Category("NO_DATE", 2, False, None, _D10, _WHERE_WHEN),
    Category("REVOCATION_OBJECTION", 3, False, None, None, frozenset(), takes_cases=False),
    Category("SUGGESTION", 0, True, None, None, frozenset({_OFFICE, _STORY})),
    Category("OTHER", 1, False, None, _D10, _WHERE_WHEN),
)

CATEGORIES: dict[str, Category] = {category.code: category for category in _ALL}
"""By code; SUGGESTION is for a suggestion and for praise alike."""

GROUPS = (
    Group("danger", ("VIOLENCE", "THREAT", "HARASSMENT")),
    Group("money", ("OVERCHARGE", "NO_RECEIPT", "BAD_RECEIPT", "NO_INFO")),
    Group("turns", ("BROKER", "INSIDER_BROKER", "TURN_REFUSED", "NO_ORDER", "NO_DESK")),
    Group("behaviour", ("DISRESPECT", "SERVICE_DENIED_GROUP", "REFUSED_NO_RULE", "RUN_AROUND")),
    Group("papers", ("COPY_DEMAND", "KEPT_DOC", "NOT_RECORDED", "WRONG_DATA", "DATA_PRIVACY")),
    Group("answers", ("LATE_ANSWER", "NO_DATE", "REVOCATION_OBJECTION", "SUGGESTION", "OTHER")),
)

QUESTION_SEVERITY = 1
QUESTION_FIRST_ANSWER = _H72
QUESTION_FINAL = _D10
"""A question to the desk is answered within ten days at the latest."""
