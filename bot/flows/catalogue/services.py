"""Fees and papers: the list of services, and the card of one with its details."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import UNKNOWN_LINK, Go, Option, Question, Reading, Skip, Taken
from bot.dialogue.says import Pin, Says
from bot.flows import links, wording
from bot.flows.catalogue import announcing, service_card
from bot.flows.offices import find_office
from bot.flows.offices.find_office import OfficeDraft
from bot.flows.tables import Links
from desk.announcements import chat as announcements
from desk.announcements.rules import unknown_of
from desk.capacity import chat as capacity
from desk.catalogue import chat as catalogue
from desk.language.text import lines, words
from desk.offices import chat as offices
from desk.refusals import Refusal

if TYPE_CHECKING:
    from desk.catalogue.rows import ServiceCard

_ = words("services")


@dataclass(slots=True)
class ServicesDraft:
    service: int = 0
    matches: list[int] = field(default_factory=list)
    """The services that a typed search found; empty = all."""
    where: OfficeDraft = field(default_factory=OfficeDraft)


ServicesTalk = Talk[ServicesDraft]

flow = Flow("services", draft=ServicesDraft, looks_last=True)

LINKS: Final[Links] = {"s": lambda code: Go("services", code) if code else None}
"""`s_<service code>`: the card of a service."""


@dataclass(frozen=True)
class NoSuchService(Refusal):
    """The service is not in the catalogue, or no longer."""

    service: str


@flow.enter
def from_a_link(talk: ServicesTalk, arg: str) -> Go | None:
    """A service's code, as on its poster, or its id; `found.<id>.<id>` are those that typed words found."""
    sort, _dot, ids = arg.partition(".")
    if sort == "found":
        every = {row.id for row in catalogue.services(talk.desk)}
        found_ids = [each for each in map(links.id_in, ids.split(".")) if each in every]
        talk.draft.matches = found_ids
        talk.draft.service = found_ids[0] if len(found_ids) == 1 else 0
        return None
    by_code = catalogue.card_by_code(talk.desk, arg)
    found = by_code or catalogue.card(talk.desk, links.id_in(arg))
    if found is None or not found.is_published:
        return None if arg.isdecimal() else UNKNOWN_LINK  # an old button has the id
    talk.draft.service = found.id
    return None


@flow.step(asks="service")
def service(talk: ServicesTalk) -> Question:
    every = catalogue.services(talk.desk)
    rows = [row for row in every if row.id in talk.draft.matches] or every
    return Question(
        lines(_("Which service?"), _("Press one, or write a word of it.")),
        options=tuple(Option(f"s{row.id}", row.short_title, sets={"service": row.id}) for row in rows),
        reads=lambda typed: _search(talk, typed),
        hint=_("I know no such service. Press one, or ask the desk."),
    )


@flow.step
def card(talk: ServicesTalk) -> Question:
    shown = _card(talk)
    takes_appointments = capacity.takes_appointments(talk.desk, shown)
    unknown = unknown_of(shown, is_offered=takes_appointments)
    waits = bool(unknown) and set(unknown) <= set(announcements.wanted(talk.desk, shown.id))
    options = [
        Option("book", _("🗓 Get a turn"), then=Go("book", f"service.{shown.id}")) if takes_appointments else None,
        Option("papers", _("📄 Papers"), then=Go("checklist", str(shown.id))) if shown.papers else None,
        Option("steps", _("The steps"), then=steps) if shown.steps else None,
        Option("where", _("📍 Where")) if takes_appointments else None,
        Option("more", _("More about it"), then=more) if service_card.details(shown) else None,
        announcing.option(shown.id, waits=waits) if unknown else None,
    ]
    return Question(
        service_card.page(shown, takes_appointments=takes_appointments, waits=waits),
        options=tuple(each for each in options if each is not None),
    )


@flow.step(aside=True)
def steps(talk: ServicesTalk) -> Question | Skip:
    told = service_card.steps(_card(talk))
    return Question(told) if told is not None else Skip(then=card)


@flow.step(aside=True)
def more(talk: ServicesTalk) -> Question | Skip:
    told = service_card.details(_card(talk))
    return Question(told) if told is not None else Skip(then=card)


flow.place(
    find_office.block,
    part=lambda draft: draft.where,
    given=lambda talk: find_office.WantedOffice(service_id=talk.draft.service),
)


@flow.step
def counter(talk: ServicesTalk) -> Question | Skip:
    row = offices.office(talk.desk, talk.draft.where.office or 0)
    if row is None:
        return Skip(then=card)
    pin = Pin(row.point, row.name, wording.announced(row.address)) if row.point else None
    return Question(
        find_office.describe(talk, row, service_id=talk.draft.service),
        options=(
            Option("book", _("🗓 A turn here"), then=Go("book", f"at.{talk.draft.service}.{row.id}")),
            Option("other", _("📍 Another office"), sets={"where": OfficeDraft()}, then=find_office.province),
        ),
        shows=(Says("", stays=True, pin=pin),) if pin else (),
    )


def _card(talk: ServicesTalk) -> ServiceCard:
    found = catalogue.card(talk.desk, talk.draft.service)
    if found is None or not found.is_published:
        raise NoSuchService(str(talk.draft.service))
    return found


def _search(talk: ServicesTalk, typed: str) -> Reading:
    found = [row.id for row in catalogue.search(talk.desk, typed)]
    if len(found) == 1:
        return Taken({"service": found[0]})
    return Taken({"matches": found}, then=service) if found else None
