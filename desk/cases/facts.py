"""The facts that each kind of complaint asks for, as data; each question can be skipped.

The answers are kept with the case as `{fact: answer}`. An answer is one of the fact's choices, a day as YYYY-MM-DD, the
digits of a code, a telephone number in E.164, or the person's own words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from desk.cases.rules import Contact
from desk.codes import TrackingCode
from desk.values import Phone


class Form(StrEnum):
    """How a fact is answered."""

    CHOICE = "choice"
    WORDS = "words"
    DAY = "day"
    CODE = "code"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact to ask; at most three choices, so that «I don't know» and «enough» fit on the screen.

    `own_words`: a typed text is an answer too. `only_if`: asked only where the other fact has this answer.
    `comes_first`: asked before everything else, for the person's safety. `leads_to_person`: not kept where nobody may
    contact the person.
    """

    code: str
    form: Form = Form.CHOICE
    choices: tuple[str, ...] = ()
    own_words: bool = False
    only_if: tuple[str, str] | None = None
    comes_first: bool = False
    leads_to_person: bool = False


YES, NO = "yes", "no"
BY_WHOM, THE_DESK = "by_whom", "desk"
"""Who did it, and the answer that it was the staff of the directorate; they do not handle that complaint then."""
_YES_NO = (YES, NO)

_ALL = (
    # money
    Fact("receipt", choices=_YES_NO),
    Fact("paid_by", choices=("terminal", "cash", "persons_card")),
    Fact("receipt_lacks", choices=("orange_device", "office_code", "service_name"), own_words=True),
    Fact("unposted", choices=("price", "duration", "papers")),
    # appointments and brokers
    Fact("side", choices=("inside", "outside")),
    Fact("part_of_day", choices=("morning", "noon", "afternoon"), own_words=True),
    Fact("trader_showed", Form.WORDS, own_words=True),
    Fact("reason_told", choices=("none", "full", "paper"), own_words=True),
    Fact("other_day", choices=_YES_NO),
    Fact("order_keeper", choices=_YES_NO),
    # behaviour and safety
    Fact("safe", choices=_YES_NO, comes_first=True),
    Fact(BY_WHOM, choices=("office", THE_DESK, "others")),
    Fact("may_call", choices=_YES_NO, leads_to_person=True),
    Fact("caller", choices=("woman", "man", "anybody"), only_if=("may_call", YES), leads_to_person=True),
    Fact("phone", Form.PHONE, only_if=("may_call", YES), leads_to_person=True),
    Fact("counter", Form.WORDS, own_words=True),
    Fact("places", Form.WORDS, own_words=True),
    # papers and data
    Fact("paper", choices=("amayesh", "passport", "tazkira"), own_words=True),
    Fact("copy_taken", choices=_YES_NO),
    Fact("served_without", choices=_YES_NO),
    Fact("not_taken", choices=("fingerprint", "photo", "data"), own_words=True),
    Fact("visit_code", Form.CODE, leads_to_person=True),
    Fact("wrong_field", choices=("name", "birth_date", "paper_number"), own_words=True),
    # answers
    Fact("answer_code", Form.CODE, leads_to_person=True),
    Fact("promised_day", Form.DAY),
)

ALL: dict[str, Fact] = {fact.code: fact for fact in _ALL}

_OF_DANGER = ("safe", BY_WHOM, "may_call", "caller", "phone")

_OF: dict[str, tuple[str, ...]] = {
    "OVERCHARGE": ("receipt", "paid_by"),
    "NO_RECEIPT": ("paid_by",),
    "BAD_RECEIPT": ("receipt_lacks",),
    "NO_INFO": ("unposted",),
    "BROKER": ("side", "part_of_day", "trader_showed"),
    "INSIDER_BROKER": ("side", "part_of_day", "trader_showed"),
    "TURN_REFUSED": ("reason_told", "other_day"),
    "NO_ORDER": ("part_of_day", "order_keeper"),
    "DISRESPECT": ("counter",),
    "VIOLENCE": _OF_DANGER,
    "THREAT": _OF_DANGER,
    "HARASSMENT": _OF_DANGER,
    "SERVICE_DENIED_GROUP": ("paper",),
    "REFUSED_NO_RULE": ("reason_told",),
    "RUN_AROUND": ("places",),
    "COPY_DEMAND": ("paper", "copy_taken", "served_without"),
    "KEPT_DOC": ("paper",),
    "NOT_RECORDED": ("not_taken", "visit_code"),
    "WRONG_DATA": ("wrong_field",),
    "LATE_ANSWER": ("answer_code", "promised_day"),
}
"""By category; other categories have no facts."""


def facts_of(category: str) -> tuple[Fact, ...]:
    """The facts of this category, in the order of asking."""
    return tuple(ALL[code] for code in _OF.get(category, ()))


MOST = max(sum(not fact.comes_first for fact in facts_of(category)) for category in _OF)
"""The largest number of facts of a category, without those about safety."""


def safety_comes_first(category: str) -> bool:
    """Whether the person may be in danger themselves, so that every message about it begins with their safety."""
    return any(fact.comes_first for fact in facts_of(category))


def is_asked(fact: Fact, answers: Mapping[str, str]) -> bool:
    """Whether the fact is asked after these answers."""
    return fact.only_if is None or answers.get(fact.only_if[0]) == fact.only_if[1]


def kept(category: str, answers: Mapping[str, str], *, contact: Contact) -> dict[str, str]:
    """The answers that are kept with a case of this category, in the order of asking.

    Where nobody may contact the person, facts that lead to them are left out.

    Raises:
        ValueError: an answer does not fit its fact.
    """
    found: dict[str, str] = {}
    for fact in facts_of(category):
        answer = answers.get(fact.code)
        if answer is None or not is_asked(fact, answers):
            continue
        _require_fit(fact, answer)
        if contact is not Contact.NOBODY or not fact.leads_to_person:
            found[fact.code] = answer
    return found


def _require_fit(fact: Fact, answer: str) -> None:
    if fact.form is Form.DAY:
        date.fromisoformat(answer)
    elif fact.form is Form.PHONE:
        Phone(answer)
    elif fact.form is Form.CODE:
        TrackingCode(answer)
    elif answer not in fact.choices and not (fact.own_words and answer.strip()):
        raise ValueError(f"{answer!r} is no answer to {fact.code}")
