"""The labels of the closed vocabularies of the desk, for chat and back office alike.

Keys are the plain values of the enums: this module imports no subject.
"""

from collections.abc import Mapping
from typing import Final

from desk.language.text import Text, words

_paper = words("paper kind")
_audience = words("who comes")
_channel = words("channel")
_appointment = words("turn state")
_messenger = words("messenger")
_assistance = words("assistance")
_inquiry = words("inquiry")

DOCUMENT_KINDS: Final[Mapping[str, Text]] = {
    "amayesh": _paper("Amayesh card"),
    "hoviat": _paper("Hoviat card"),
    "smart_id": _paper("Smart ID card"),
    "passport": _paper("Passport"),
    "travel_slip": _paper("Travel slip"),
    "headcount_slip": _paper("Headcount slip"),
    "residence_booklet": _paper("Residence booklet"),
    "residence_card": _paper("Residence card"),
    "unique_code": _paper("Unique code"),
    "tazkira": _paper("Tazkira"),
    "other": _paper("Another paper"),
    "none": _paper("Without a paper"),
}

AUDIENCES: Final[Mapping[str, Text]] = {
    "applicant": _audience("the person whose paper it is"),
    "everyone": _audience("every member of the family"),
    "head": _audience("the head of the family"),
    "any_member": _audience("any one member of the family"),
}

CHANNELS: Final[Mapping[str, Text]] = {
    "pishkhan": _channel("Pishkhan counter office"),
    "kefalat": _channel("Kefalat office"),
    "directorate": _channel("Directorate for foreign nationals"),
    "other": _channel("Another office"),
}

MESSENGERS: Final[Mapping[str, Text]] = {"telegram": _messenger("Telegram"), "bale": _messenger("Bale")}

APPOINTMENT_STATES: Final[Mapping[str, Text]] = {
    "booked": _appointment("booked"),
    "arrived": _appointment("arrived"),
    "served": _appointment("served"),
    "come_back": _appointment("to come back"),
    "absent": _appointment("absent"),
    "cancelled_by_person": _appointment("cancelled by the person"),
    "cancelled_by_office": _appointment("cancelled by the office"),
}

ASSISTANCE: Final[Mapping[str, Text]] = {
    "woman_clerk": _assistance("a woman clerk"),
    "pashto": _assistance("a Pashto interpreter"),
    "arabic": _assistance("an Arabic interpreter"),
}

INQUIRY_RESULTS: Final[Mapping[str, Text]] = {
    "yes": _inquiry("confirmed"),
    "no": _inquiry("not confirmed"),
    "differs": _inquiry("something differs"),
    "no_answer": _inquiry("no answer came"),
}


def document_kind(kind: str) -> Text:
    """The name of a kind of identity paper. As with all of these, another value raises `KeyError`."""
    return DOCUMENT_KINDS[kind]


def audience(who: str) -> Text:
    """Who has to come in person, as a part of a sentence."""
    return AUDIENCES[who]


def channel(where: str) -> Text:
    """Where a service is given."""
    return CHANNELS[where]


def appointment_state(state: str) -> Text:
    """The label of an appointment's state."""
    return APPOINTMENT_STATES[state]


def messenger(name: str) -> Text:
    """The name of a messenger; one without a label is another one."""
    return MESSENGERS.get(name) or _messenger("another messenger")
