"""The fields of the official service identity form as text: filled in, ticked, or left blank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from desk.language.text import Latin, Localised, Param, Text, inline, words

_ = words("official_form")

NAMES: dict[str, Text] = {
    "account": _("Account"),
    "agency": _("Agency"),
    "amount": _("Amount"),
    "average_duration": _("Average duration"),
    "batch": _("Asked in batches"),
    "birth": _("Birth"),
    "business": _("Business"),
    "by_agency": _("Asked by the agency"),
    "by_client": _("Asked by the client"),
    "call_centre": _("Call centre"),
    "changes_every_year": _("Changes every year"),
    "check_paper": _("To check a paper"),
    "check_person": _("To check the person"),
    "city": _("City"),
    "county": _("County"),
    "counter_offices": _("Counter offices"),
    "death": _("Death"),
    "delegated": _("Delegated"),
    "education": _("Education"),
    "electronic": _("Electronic"),
    "electronic_payment": _("Electronic payment"),
    "email": _("E-mail"),
    "event": _("An event"),
    "exchanged": _("Fields exchanged"),
    "fees": _("Fees"),
    "finding_of_agency": _("A finding of the agency"),
    "fixed_time": _("A fixed time"),
    "frequency": _("How often"),
    "g2b": _("Government to business"),
    "g2c": _("Government to citizen"),
    "g2g": _("Government to government"),
    "health": _("Health"),
    "initiation": _("How it begins"),
    "inquiry": _("Inquiry"),
    "insurance": _("Insurance"),
    "lack_of_network": _("Lack of a network"),
    "laws": _("Laws and rules"),
    "level": _("Level"),
    "life_event": _("Life event"),
    "links_to_other_agencies": _("Links to other agencies"),
    "links_to_own_systems": _("Links to own systems"),
    "marriage": _("Marriage"),
    "medium": _("Medium of information"),
    "mobile_app": _("Mobile app"),
    "national": _("National"),
    "nature": _("Nature"),
    "non_electronic": _("Not electronic"),
    "once_and_for_all": _("Once and for all"),
    "online": _("Asked online"),
    "other": _("Other"),
    "outsourcing_contract_delivery": _("Contract with counter offices, at delivery"),
    "outsourcing_contract_request": _("Contract with counter offices, at request"),
    "papers_and_certificates": _("Papers and certificates"),
    "parent_agency": _("Parent agency"),
    "period": _("Period"),
    "post": _("Post"),
    "property_registration": _("Property registration"),
    "provincial": _("Provincial"),
    "reasons_for_visiting_delivery": _("Reasons for visiting in person, at delivery"),
    "reasons_for_visiting_request": _("Reasons for visiting in person, at request"),
    "recipients": _("Recipients"),
    "regional": _("Regional"),
    "request_of_recipient": _("A request of the recipient"),
    "required_documents": _("Documents the agencies use"),
    "retirement": _("Retirement"),
    "rural": _("Rural"),
    "service_id": _("Number of the service"),
    "similar_offices": _("Similar offices"),
    "sms": _("Text message"),
    "social_security": _("Social security"),
    "sovereign": _("Sovereign"),
    "statistics": _("Figures"),
    "system_name": _("Name of the system"),
    "tax": _("Tax"),
    "times": _("Times"),
    "title": _("Title"),
    "type": _("Kind of service"),
    "urban_facilities": _("Urban facilities"),
    "visit_level": _("Level of the office visited"),
    "visits_in_person": _("Visits in person"),
    "ways_of_information": _("Ways of information"),
    "ways_of_delivery": _("Ways of delivery"),
    "ways_of_request": _("Ways of request"),
    "web_address": _("Web address"),
    "website": _("Website"),
    "year": _("A year"),
}

YES, NO, BLANK = _("yes"), _("no"), _("Not announced")
LOCALES = {"fa", "fa_AF"}


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of the form; no values = left blank."""

    name: Param
    values: tuple[Param, ...]


def fields_of(form: Mapping[str, Any]) -> list[FormField]:
    """The fields in the form's own order."""
    return [FormField(_named(key), tuple(_values(value))) for key, value in form.items()]


def _named(key: str) -> Param:
    return NAMES.get(key) or Latin(key)


def _values(value: Any) -> Iterator[Param]:
    """The values of a field, line by line; of ticks only those that are set."""
    match value:
        case None | "":
            return
        case bool():
            yield YES if value else NO
        case int():
            yield value
        case Mapping() if set(value) <= LOCALES:
            yield Localised(value)
        case Mapping() if all(isinstance(each, bool) for each in value.values()):
            yield from (_named(key) for key, is_ticked in value.items() if is_ticked)
        case Mapping():
            yield from (_pair(key, each) for key, each in value.items())
        case list() | tuple():
            for each in value:
                yield inline(*_values(each))
        case str():
            yield NAMES.get(value) or value


def _pair(key: str, value: Any) -> Param:
    return _("{name}: {value}", name=_named(key), value=inline(*_values(value)) if value is not None else BLANK)
