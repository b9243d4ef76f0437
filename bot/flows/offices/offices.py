"""Where the offices are: finding one, its address and its opening hours."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Go, Option, Question, Skip
from bot.dialogue.says import Pin, Says
from bot.flows import wording
from bot.flows.offices import find_office
from bot.flows.offices.find_office import OfficeDraft
from desk.language.text import words
from desk.offices import chat as offices

_ = words("office")


@dataclass(slots=True)
class OfficesDraft:
    where: OfficeDraft = field(default_factory=OfficeDraft)


flow = Flow("offices", draft=OfficesDraft, looks_last=True)


@flow.enter
def from_a_link(talk: Talk[OfficesDraft], arg: str) -> None:
    """`in.<place>`, as `NamedPlace.stored`; anything else begins at the beginning."""
    sort, _dot, place = arg.partition(".")
    if sort == "in" and place:
        talk.draft.where = find_office.of_place(where(talk), place) or OfficeDraft()


where = flow.place(find_office.block, part=lambda draft: draft.where, given=lambda talk: find_office.WantedOffice())


@flow.step
def office_card(talk: Talk[OfficesDraft]) -> Question | Skip:
    row = offices.office(talk.desk, talk.draft.where.office or 0)
    if row is None:
        return Skip(then=find_office.province)
    pin = Pin(row.point, row.name, wording.announced(row.address)) if row.point else None
    return Question(
        find_office.describe(talk, row, service_id=None),
        options=(
            Option("book", _("🗓 A turn here"), then=Go("book", f"office.{row.code}")),
            Option("ask", _("💬 Ask this office"), then=Go("ask", f"office.{row.id}")),
            Option("other", _("📍 Another office"), sets={"where": OfficeDraft()}, then=find_office.province),
        ),
        shows=(Says("", stays=True, pin=pin),) if pin else (),
    )
