"""Fees and papers: the list of services, and the card of one with its details."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Go, Option, Question, Reading, Skip, Taken
from bot.dialogue.says import Pin, Says
from bot.flows import links, wording
from bot.flows.offices import find_office
from bot.flows.offices.find_office import OfficeDraft
from bot.flows.tables import Links
from desk.capacity import chat as capacity
from desk.catalogue import chat as catalogue
from desk.language import labels
from desk.language.text import Param, lines, paragraphs, words
from desk.offices import chat as offices
from desk.refusals import Refusal

if TYPE_CHECKING:
    from desk.catalogue.rows import ServiceCard, StepRow

_ = words("services")


@dataclass(slots=True)
class ServicesDraft:
    service: int = 0
    matches: list[int] = field(default_factory=list)
    """The services that a typed search found; empty = all."""
    where: OfficeDraft = field(default_factory=OfficeDraft)


ServicesTalk = Talk[ServicesDraft]

flow = Flow("services", draft=ServicesDraft)

LINKS: Final[Links] = {"s": lambda code: Go("services", code) if code else None}
"""`s_<service code>`: the card of a service."""


@dataclass(frozen=True)
class NoSuchService(Refusal):
    """The service is not in the catalogue, or no longer."""

    service: str


@flow.enter
def from_a_link(talk: ServicesTalk, arg: str) -> None:
    """A service's code, as on its poster, or its id; `found.<id>.<id>` are those that typed words found."""
    sort, _dot, ids = arg.partition(".")
    if sort == "found":
        every = {row.id for row in catalogue.services(talk.desk)}
        found_ids = [each for each in map(links.id_in, ids.split(".")) if each in every]
        talk.draft.matches = found_ids
        talk.draft.service = found_ids[0] if len(found_ids) == 1 else 0
        return
    by_code = catalogue.card_by_code(talk.desk, arg)
    found = by_code or catalogue.card(talk.desk, links.id_in(arg))
    if found is None or not found.is_published:
        return
    talk.draft.service = found.id


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
    book = (Option("book", _("🗓 Get a turn"), then=Go("book", f"service.{shown.id}")),) if shown.is_bookable else ()
    return Question(
        paragraphs(
            _("**{service}**", service=shown.title),
            lines(
                _("**What this does can't be undone.**"),
                _("Where to object: {where}", where=wording.announced(shown.objection)),
            )
            if shown.is_irreversible
            else None,
            lines(
                wording.fee(shown.fee),
                wording.fee_source(shown),
                wording.who_comes(shown),
                wording.duration(shown),
            ),
            lines(_("Nobody may take more than this.") if shown.fee else None, wording.APPOINTMENTS_ARE_FREE)
            if shown.is_bookable
            else _("This page is for information only. No turn is taken for it here."),
        ),
        options=(
            *book,
            Option("papers", _("📄 Papers"), then=Go("checklist", str(shown.id))),
            Option("steps", _("The steps"), then=steps),
            Option("where", _("📍 Where"), then=where),
            Option("more", _("More about it"), then=more),
        ),
    )


@flow.step(aside=True)
def steps(talk: ServicesTalk) -> Question:
    shown = _card(talk)
    if not shown.steps:
        return Question(lines(_("**The steps**"), wording.NOT_ANNOUNCED))
    return Question(lines(_("**The steps**"), *(_step(place, step) for place, step in enumerate(shown.steps, start=1))))


@flow.step(aside=True)
def more(talk: ServicesTalk) -> Question:
    shown = _card(talk)
    return Question(
        paragraphs(
            shown.description or None,
            _("Recorded at the counter: {what}", what=wording.announced(shown.taken_at_counter)),
            _("Where to object: {where}", where=wording.announced(shown.objection)),
            _("Source: {source}", source=wording.announced(shown.source)),
        )
    )


@flow.step(aside=True)
def where(talk: ServicesTalk) -> Question | Skip:
    shown = _card(talk)
    if shown.is_bookable and capacity.provinces(talk.desk, service_id=shown.id):
        return Skip()
    channel = labels.channel(shown.channel) if shown.channel else wording.NOT_ANNOUNCED
    return Question(
        lines(
            _("📍 Where: {channel}", channel=channel),
            _("In charge: {agency}", agency=wording.announced(shown.agency)),
        )
    )


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


def _step(place: int, step: StepRow) -> Param:
    if step.agency is None:
        return _("{n}. {step}", n=place, step=step.title)
    return _("{n}. {step} ({agency})", n=place, step=step.title, agency=step.agency)


def _search(talk: ServicesTalk, typed: str) -> Reading:
    found = [row.id for row in catalogue.search(talk.desk, typed)]
    if len(found) == 1:
        return Taken({"service": found[0]})
    return Taken({"matches": found}, then=service) if found else None
