"""The labels of the vocabularies of cases, for chat and back office alike.

Keys are the plain values of the enums and codes of `desk.cases`. Labels fit a button (about twenty letters); where that
is too short, `category_in_full` has a sentence.
"""

from collections.abc import Mapping
from typing import Final

from desk.language.text import Text, words

_group = words("complaint group")
_kind = words("complaint")
_full = words("complaint in full")
_state = words("case state")
_contact = words("case contact")
_reason = words("close reason")

GROUPS: Final[Mapping[str, Text]] = {
    "danger": _group("⚠️ Beating, threat, harassment"),
    "money": _group("Money and receipt"),
    "turns": _group("Turns and brokers"),
    "behaviour": _group("How I was treated"),
    "papers": _group("Papers and data"),
    "answers": _group("Answers, other things"),
}

CATEGORIES: Final[Mapping[str, Text]] = {
    "OVERCHARGE": _kind("They took extra money"),
    "NO_RECEIPT": _kind("They gave no receipt"),
    "BAD_RECEIPT": _kind("The receipt lacked something"),
    "NO_INFO": _kind("The price was not posted"),
    "BROKER": _kind("Turns are sold"),
    "INSIDER_BROKER": _kind("A clerk helps brokers"),
    "TURN_REFUSED": _kind("They refused a turn or entry"),
    "NO_ORDER": _kind("A crowd without order"),
    "NO_DESK": _kind("No place to wait"),
    "DISRESPECT": _kind("They were disrespectful"),
    "VIOLENCE": _kind("Beating or violence"),
    "THREAT": _kind("They threatened me"),
    "HARASSMENT": _kind("They harassed me"),
    "SERVICE_DENIED_GROUP": _kind("No service for my paper"),
    "REFUSED_NO_RULE": _kind("Refused without a reason"),
    "RUN_AROUND": _kind("Sent from room to room"),
    "COPY_DEMAND": _kind("They wanted a copy or photo"),
    "KEPT_DOC": _kind("They kept my paper"),
    "NOT_RECORDED": _kind("No fingerprint or photo taken"),
    "WRONG_DATA": _kind("My data was written wrongly"),
    "DATA_PRIVACY": _kind("My data was misused"),
    "LATE_ANSWER": _kind("The answer came late"),
    "NO_DATE": _kind("They said «come later»"),
    "REVOCATION_OBJECTION": _kind("My paper was revoked"),
    "SUGGESTION": _kind("A suggestion or thanks"),
    "OTHER": _kind("Something else"),
    "QUESTION": _kind("A question to the desk"),
}

IN_FULL: Final[Mapping[str, Text]] = {
    "BAD_RECEIPT": _full("The receipt was not from the orange device, or lacked the office code or the service"),
    "NO_INFO": _full("The price, the duration or the papers were not announced"),
    "BROKER": _full("Somebody sells turns or takes money for them"),
    "INSIDER_BROKER": _full("A clerk works together with a broker"),
    "TURN_REFUSED": _full("They gave no turn or did not let the person in"),
    "NO_ORDER": _full("It was crowded and nobody kept order"),
    "NO_DESK": _full("There was no service desk or no place to wait"),
    "SERVICE_DENIED_GROUP": _full("The office gives no service to holders of this kind of paper"),
    "REFUSED_NO_RULE": _full("They refused without a reason or a rule"),
    "RUN_AROUND": _full("The person was sent around between rooms and offices"),
    "COPY_DEMAND": _full("They demanded a copy or a photo of papers"),
    "NOT_RECORDED": _full("Fingerprint, photo or data were not taken"),
    "DATA_PRIVACY": _full("The person's data was misused"),
    "NO_DATE": _full("They sent the person away without a date to come back"),
}

CASE_STATES: Final[Mapping[str, Text]] = {
    "received": _state("Received"),
    "with_unit": _state("With the unit in charge"),
    "in_review": _state("Being examined"),
    "answered": _state("Answered"),
    "closed": _state("Closed"),
}

CONTACTS: Final[Mapping[str, Text]] = {
    "name": _contact("With the name"),
    "code": _contact("Only by the code"),
    "nobody": _contact("Nobody may contact"),
}

CLOSE_REASONS: Final[Mapping[str, Text]] = {
    "solved": _reason("It is solved"),
    "answered": _reason("The answer was given"),
    "not_ours": _reason("It is not our task"),
    "repeated": _reason("It was there already"),
    "withdrawn": _reason("It was taken back"),
    "no_answer": _reason("We heard nothing more"),
}


def group(code: str) -> Text:
    """The name of a group of complaints. Raises `KeyError` for a value outside the vocabulary, as all of these do."""
    return GROUPS[code]


def category(code: str) -> Text:
    """What a case is about, short enough for a button; also for `QUESTION`."""
    return CATEGORIES[code]


def category_in_full(code: str) -> Text:
    """What a case is about, in a sentence where the short label says too little."""
    return IN_FULL.get(code) or CATEGORIES[code]


def case_state(state: str) -> Text:
    """Where a case stands."""
    return CASE_STATES[state]


def contact(way: str) -> Text:
    """How the person wants to be reached."""
    return CONTACTS[way]


def close_reason(reason: str) -> Text:
    """Why a case was closed."""
    return CLOSE_REASONS[reason]
