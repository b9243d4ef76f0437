"""Ask the desk: whom, then the question in words or by voice; a person answers it."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Done, Json, Option, Question, Skip
from bot.flows import links
from bot.flows.cases import filed, telling
from bot.flows.offices import find_office
from desk.appointments import chat as appointments
from desk.cases import chat as cases
from desk.language.text import Param, lines, words
from desk.offices import chat as offices

_ = words("ask")

WHICH_OFFICE = _("💬 Which office shall we ask?")


@dataclass(slots=True)
class AskDraft:
    directorate: str = ""
    province: str = ""
    found: list[Json] = field(default_factory=list)
    office: int | None = None
    question: dict[str, Json] | None = None


AskTalk = Talk[AskDraft]

flow = Flow("ask", draft=AskDraft)


@flow.enter
def from_an_office(talk: AskTalk, arg: str) -> str | None:
    """`office.<id>`: whom to ask is known."""
    sort, _dot, number = arg.partition(".")
    office = offices.office(talk.desk, links.id_in(number)) if sort == "office" else None
    if office is None or not office.is_active:
        return None
    talk.draft.office, talk.draft.province = office.id, office.province_code
    return "question"


@flow.step
def whom(talk: AskTalk) -> Question:
    last = appointments.last(talk.desk)
    office = offices.office(talk.desk, last.office_id) if last else None
    suggested: tuple[Option, ...] = ()
    if office is not None:
        here = {"office": office.id, "province": office.province_code, "directorate": ""}
        there = {"office": None, "directorate": office.province_code}
        suggested = (
            Option("last", _("📍 {office}", office=office.name), sets=here, then="question"),
            Option("desk", _("💬 {province} desk", province=office.province_name), sets=there, then="question"),
        )
    return Question(
        lines(_("💬 Whom shall we ask?"), _("A person reads your question and answers it.")),
        options=(
            *suggested,
            Option("office", _("📍 Another office") if suggested else _("📍 An office"), sets={}, then="province"),
            Option(
                "province",
                _("💬 Another province") if suggested else _("💬 A province's desk"),
                sets={"office": None},
                then="directorate",
            ),
            Option("unknown", _("I don't know"), sets={"office": None, "directorate": ""}, then="question"),
        ),
    )


@flow.step
def directorate(talk: AskTalk) -> Question | Skip:
    provinces = offices.provinces(talk.desk)
    if len(provinces) == 1:
        return Skip({"directorate": provinces[0].code}, then="question")
    return Question(
        _("💬 The desk of which province?"),
        options=tuple(Option(row.code, row.name, then="question") for row in provinces),
    )


@flow.step
def province(talk: AskTalk) -> Question | Skip:
    return find_office.ask_province(talk, service_id=None, question=WHICH_OFFICE)


@flow.step
def office(talk: AskTalk) -> Question:
    return find_office.ask_office(talk, service_id=None, question=WHICH_OFFICE)


@flow.step
def question(talk: AskTalk) -> Question:
    return telling.ask_to_tell(
        lines(_to(talk), _("What is your question? {how}", how=telling.WRITE_OR_SAY), telling.NO_NUMBERS),
        field="question",
    )


@flow.step
def look(talk: AskTalk) -> Question | Skip:
    """The last look before it is sent."""
    if not talk.draft.question:
        return Skip(then="question")
    return telling.ask_last_look(talk.draft.question, to=_to(talk), field="question", anew="question")


@flow.finish
def send(talk: AskTalk) -> Done:
    draft = talk.draft
    case = cases.ask(
        talk.desk,
        key=talk.key,
        office_id=draft.office,
        province_code=draft.directorate or None,
        text=telling.text_of(draft.question),
        voice=telling.voice_of(draft.question),
    )
    return Done(_("✅ The question is sent."), shows=(filed.question(talk.desk, case),))


def _to(talk: AskTalk) -> Param:
    office = offices.office(talk.desk, talk.draft.office) if talk.draft.office else None
    if office is not None:
        return _("💬 To: {office}", office=office.name)
    for row in offices.provinces(talk.desk):
        if row.code == talk.draft.directorate:
            return _("💬 To: the desk of {province}", province=row.name)
    return _("💬 To: the national desk")
