"""The labels of the facts of a complaint (`desk.cases.facts`) and of their answers, for chat and back office alike.

Keys are the plain codes of the facts and of their choices. An answer fits a button.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from desk.codes import TrackingCode
from desk.language.labels import DOCUMENT_KINDS
from desk.language.text import Param, Text, words
from desk.values import LocalDay, Phone

_name = words("case fact")
_answer = words("case answer")

FACTS: Final[Mapping[str, Text]] = {
    "receipt": _name("Receipt given"),
    "paid_by": _name("Paid how"),
    "receipt_lacks": _name("Missing on the receipt"),
    "unposted": _name("Not posted"),
    "side": _name("Where"),
    "part_of_day": _name("Time of day"),
    "trader_showed": _name("Phone or card they showed"),
    "reason_told": _name("Reason they told"),
    "other_day": _name("Another day offered"),
    "order_keeper": _name("Somebody kept order"),
    "safe": _name("Safe now"),
    "by_whom": _name("Who did it"),
    "may_call": _name("May be called"),
    "caller": _name("Who should call"),
    "phone": _name("Telephone"),
    "counter": _name("Counter"),
    "places": _name("Sent to"),
    "paper": _name("Paper"),
    "copy_taken": _name("Copy or photo taken"),
    "served_without": _name("Service given without it"),
    "not_taken": _name("Not taken"),
    "visit_code": _name("Code of the turn"),
    "wrong_field": _name("Written wrongly"),
    "answer_code": _name("Code that waits for an answer"),
    "promised_day": _name("Promised for"),
}

YES_NO: Final[Mapping[str, Text]] = {"yes": _answer("Yes"), "no": _answer("No")}

ANSWERS: Final[Mapping[str, Mapping[str, Text]]] = {
    "receipt": YES_NO,
    "paid_by": {
        "terminal": _answer("With the card reader"),
        "cash": _answer("In cash"),
        "persons_card": _answer("To a person's card"),
    },
    "receipt_lacks": {
        "orange_device": _answer("The orange device"),
        "office_code": _answer("The office code"),
        "service_name": _answer("The service's name"),
    },
    "unposted": {
        "price": _answer("The price"),
        "duration": _answer("How long it takes"),
        "papers": _answer("The papers"),
    },
    "side": {"inside": _answer("Inside"), "outside": _answer("Outside")},
    "part_of_day": {
        "morning": _answer("In the morning"),
        "noon": _answer("At noon"),
        "afternoon": _answer("In the afternoon"),
    },
    "reason_told": {
        "none": _answer("They told no reason"),
        "full": _answer("No place is free"),
        "paper": _answer("Because of my paper"),
    },
    "other_day": YES_NO,
    "order_keeper": YES_NO,
    "safe": YES_NO,
    "by_whom": {
        "office": _answer("Somebody of the office"),
        "desk": _answer("The directorate's staff"),
        "others": _answer("Other people"),
    },
    "may_call": YES_NO,
    "caller": {"woman": _answer("A woman"), "man": _answer("A man"), "anybody": _answer("It does not matter")},
    "paper": {kind: DOCUMENT_KINDS[kind] for kind in ("amayesh", "passport", "tazkira")},
    "copy_taken": YES_NO,
    "served_without": YES_NO,
    "not_taken": {
        "fingerprint": _answer("Fingerprint"),
        "photo": _answer("Photo"),
        "data": _answer("My data"),
    },
    "wrong_field": {
        "name": _answer("The name"),
        "birth_date": _answer("The birth date"),
        "paper_number": _answer("The paper's number"),
    },
}

_READ: Final[Mapping[str, Callable[[str], Param]]] = {
    "phone": Phone,
    "visit_code": TrackingCode,
    "answer_code": TrackingCode,
    "promised_day": lambda day: LocalDay(date.fromisoformat(day)),
}


def fact(code: str) -> Text:
    """The name of a fact. Raises `KeyError` for an unknown code."""
    return FACTS[code]


def answer(code: str, value: str) -> Param:
    """An answer as a text: the label of a choice, a day, a code, a number, or the person's own words."""
    if code in _READ:
        return _READ[code](value)
    return ANSWERS.get(code, {}).get(value) or value
