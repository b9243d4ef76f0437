"""Ask the desk a question: which office or province, then text or voice; a member of staff answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Done, Go, Json, Option, Question, Skip
from bot.flows import links, wording
from bot.flows.cases import filed, telling
from bot.flows.offices import find_office
from bot.flows.offices.find_office import OfficeDraft
from desk.appointments import chat as appointments
from desk.cases import chat as cases
from desk.language.text import Param, lines, words
from desk.offices import chat as offices

if TYPE_CHECKING:
    from desk.offices.rows import OfficeRow

_ = words("ask")

WITH_WORDS = Go("ask", "words")
"""Leads here with words that were written elsewhere."""
WHICH_OFFICE = _("💬 Which office shall we ask?")


@dataclass(slots=True)
class AskDraft:
    directorate: str = ""
    where: OfficeDraft = field(default_factory=OfficeDraft)
    question: dict[str, Json] | None = None
    is_brought: bool = False
    """The question was written or said elsewhere, so where it goes was guessed."""


AskTalk = Talk[AskDraft]

flow = Flow(
    "ask",
    draft=AskDraft,
    is_private=True,
    tells_desk=True,
    asks_for_words=True,
    takes_words_in=True,
    asks_much=True,
    looks_last=True,
)


@flow.enter
def from_elsewhere(talk: AskTalk, arg: str) -> None:
    """`office.<id>`: the office is known. `words`: the question was written before, and goes to the likeliest desk."""
    if arg == WITH_WORDS.arg:
        office = _last_office(talk)
        talk.draft.directorate = office.province_code if office is not None else ""
        talk.draft.where, talk.draft.is_brought = find_office.unknown(), True
        return
    sort, _dot, number = arg.partition(".")
    office = offices.office(talk.desk, links.id_in(number)) if sort == "office" else None
    if office is None or not office.is_active:
        return
    talk.draft.where = find_office.chosen(office)


@flow.step(unless=lambda draft: bool(draft.where.office) or draft.where.is_unknown)
def whom(talk: AskTalk) -> Question:
    office = _last_office(talk)
    suggested: tuple[Option, ...] = ()
    if office is not None:
        here: dict[str, Json] = {"where": find_office.chosen(office), "directorate": ""}
        there: dict[str, Json] = {"where": find_office.unknown(), "directorate": office.province_code}
        suggested = (
            Option("last", _("📍 {office}", office=wording.on_a_button(office.name)), sets=here),
            Option("desk", _("💬 {province} desk", province=office.province_name), sets=there),
        )
    return Question(
        lines(_("💬 Whom shall we ask?"), _("A person reads your question and answers it.")),
        options=(
            *suggested,
            Option("office", _("📍 Another office") if suggested else _("📍 An office"), sets={"directorate": ""}),
            Option(
                "province",
                _("💬 Another province") if suggested else _("💬 A province's desk"),
                then=directorate,
            ),
            Option("unknown", _("I don't know"), sets={"where": find_office.unknown(), "directorate": ""}),
        ),
    )


@flow.step(asks="directorate", aside=True)
def directorate(talk: AskTalk) -> Question | Skip:
    provinces = offices.provinces(talk.desk)
    if len(provinces) == 1:
        return Skip(_desk_of(provinces[0].code))
    return Question(
        _("💬 The desk of which province?"),
        options=tuple(Option(row.code, row.name, sets=_desk_of(row.code)) for row in provinces),
    )


def _desk_of(province: str) -> dict[str, Json]:
    return {"directorate": province, "where": find_office.unknown()}


flow.place(
    find_office.block,
    part=lambda draft: draft.where,
    given=lambda talk: find_office.WantedOffice(question=WHICH_OFFICE, skips_the_only=False),
)


@flow.step(asks="question", stays=True)
def question(talk: AskTalk) -> Question:
    return telling.ask_to_tell(
        lines(_to(talk), _("What is your question? {how}", how=telling.WRITE_OR_SAY), telling.NO_NUMBERS),
        field="question",
    )


@flow.step
def look(talk: AskTalk) -> Question | Skip:
    """The last check before sending."""
    if not talk.draft.question:
        return Skip(then=question)
    return telling.ask_last_look(
        talk.draft.question,
        to=_to(talk),
        field="question",
        anew=None if talk.draft.is_brought else question,
        options=(Option("whom", _("📍 Somewhere else"), then=whom),),
    )


@flow.finish
def send(talk: AskTalk) -> Done:
    draft = talk.draft
    case = cases.ask(
        talk.desk,
        key=talk.key,
        office_id=draft.where.office,
        province_code=draft.directorate or None,
        text=telling.text_of(draft.question),
        voice=telling.voice_of(draft.question),
    )
    return Done(_("✅ The question is sent."), shows=(filed.question(talk.desk, case),))


def _last_office(talk: AskTalk) -> OfficeRow | None:
    last = appointments.last(talk.desk)
    return offices.office(talk.desk, last.office_id) if last else None


def _to(talk: AskTalk) -> Param:
    office = offices.office(talk.desk, talk.draft.where.office) if talk.draft.where.office else None
    if office is not None:
        return _("💬 To: {office}", office=office.name)
    for row in offices.provinces(talk.desk):
        if row.code == talk.draft.directorate:
            return _("💬 To: the desk of {province}", province=row.name)
    return _("💬 To: the national desk")
