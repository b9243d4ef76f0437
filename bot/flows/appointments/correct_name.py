"""Corrects the name on an appointment and on all that its person has ahead; the rest is sent to the desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Done, Go, Meaning, Option, Question, Reading, Taken, Unclear
from bot.dialogue.says import ButtonStyle
from bot.dialogue.steps import Step
from bot.flows import links, wording
from bot.flows.appointments import ticket
from bot.flows.cases import filed
from bot.flows.people import names
from desk.appointments import chat as appointments
from desk.appointments.refusals import NotCancellable, NotYours
from desk.cases import chat as cases
from desk.language.text import lines, paragraphs, words
from desk.people import chat as people
from desk.people.rules import NAME_LENGTH

if TYPE_CHECKING:
    from desk.appointments.rows import AppointmentRow

_ = words("correct name")

THIS_ONE = _("🎫 This turn")


@dataclass(slots=True)
class CorrectNameDraft:
    appointment: int = 0
    name: str = ""
    is_name_asked: bool = False
    typed_name: str = ""
    """A sentence out of which the name was read: who writes it once more means it."""
    for_desk: bool = False


CorrectNameTalk = Talk[CorrectNameDraft]

flow = Flow("name", draft=CorrectNameDraft)


@flow.enter
def this_appointment(talk: CorrectNameTalk, arg: str) -> Go | None:
    """The id of the appointment."""
    appointment = appointments.own(talk.desk, links.id_in(arg))
    if appointment is None:
        return Go("turns")
    talk.draft.appointment = appointment.id
    return None


@flow.step(unless=lambda draft: bool(draft.appointment))
def whose(talk: CorrectNameTalk) -> Go:
    """Only a made-up button leads here without an appointment: go to the list."""
    return Go("turns")


@flow.step(asks="name")
def called(talk: CorrectNameTalk) -> Question:
    mine = _mine(talk)
    if not appointments.may_correct_name(talk.desk, mine):
        return Question(
            lines(
                _("The turn of {person} is today.", person=mine.person_name or ""),
                _("Its name can no longer be changed here. Please say it at the office, with the original paper."),
            ),
            options=(
                Option("ask", _("💬 Ask the desk"), then=Go("ask", f"office.{mine.office.id}")),
                Option("show", THIS_ONE, then=ticket.link(mine, "show")),
            ),
        )
    return names.ask_anew(mine.person_name, paper=mine.document_kind, reads=lambda typed: _read(talk, mine, typed))


@flow.step(unless=lambda draft: not draft.is_name_asked)
def name_sure(talk: CorrectNameTalk) -> Question:
    mine = _mine(talk)
    return names.ask_if_right(
        talk.draft.name,
        field="name",
        again=called,
        reads=lambda typed: _read(talk, mine, typed, asked_in=name_sure),
    )


@flow.step
def look(talk: CorrectNameTalk) -> Question:
    """The last look, before the name is changed or the wish goes to the desk."""
    mine, name = _mine(talk), talk.draft.name
    both = lines(
        _("👤 Until now: {person}", person=mine.person_name or ""),
        _("✏️ From now on: **{person}**", person=name),
    )
    again = Option("again", names.WRITE_IT, sets={"name": "", "for_desk": False}, then=called)
    keep = Option("keep", _("Keep the old name"), then=ticket.link(mine, "show"), means=Meaning.NO)
    refusal = appointments.why_not_correctable(talk.desk, person_id=mine.person_id or 0, name=name)
    if refusal is not None:
        return Question(
            paragraphs(both, lines(names.why_not(refusal), _("The desk can look at it. Shall we send it to them?"))),
            options=(
                Option("desk", _("💬 Send to the desk"), sets={"for_desk": True}, means=Meaning.YES),
                again,
                keep,
            ),
        )
    return Question(
        paragraphs(
            both,
            lines(
                _("Somebody else in your list has this name, too.") if _is_of_another(talk, mine) else None,
                names.once(mine.document_kind, last4=mine.identity_last4),
                _("Shall we correct the name?"),
            ),
        ),
        options=(
            Option(
                "yes",
                _("✅ Correct the name"),
                sets={"for_desk": False},
                style=ButtonStyle.CONFIRM,
                means=Meaning.YES,
            ),
            again,
            keep,
        ),
    )


@flow.finish
def corrected(talk: CorrectNameTalk) -> Done:
    mine, name = _mine(talk), talk.draft.name
    back = ((THIS_ONE, ticket.link(mine, "show")),)
    if talk.draft.for_desk:
        # In signs, since staff may read another language.
        text = f"🎫 {mine.code.digits}\n⛔ {mine.person_name or ''}\n✅ {name}"
        case = cases.ask(talk.desk, key=talk.key, office_id=mine.office.id, province_code=None, text=text, voice=None)
        return Done(
            _("✅ The desk has your wish. Until then the old name stays."), shows=(filed.question(talk.desk, case),)
        )
    times = appointments.correct_name(talk.desk, mine.id, name)
    return Done(
        lines(
            _("✅ The name is corrected: **{person}**", person=name),
            _("It was corrected on {n} turns.", n=times) if times > 1 else None,
        ),
        links=back,
    )


def _read(
    talk: CorrectNameTalk, mine: AppointmentRow, typed: str, *, asked_in: Step[CorrectNameTalk] | None = None
) -> Reading:
    """The name; what is none for sure is asked about, in this step where that is asked already."""
    said = names.read(talk.desk, typed, asked=talk.draft.typed_name)
    if said is None:
        return wording.too_long(typed, most=NAME_LENGTH)
    if said.name == mine.person_name:
        return Unclear(_("The turn has this name already. Please write how it is right."))
    whole = "" if said.is_sure else names.whole(typed)
    sets = {"name": said.name, "is_name_asked": not said.is_sure, "typed_name": whole}
    return Taken(sets, then=None if said.is_sure else asked_in)


def _is_of_another(talk: CorrectNameTalk, mine: AppointmentRow) -> bool:
    return any(row.name == talk.draft.name and row.person_id != mine.person_id for row in people.known(talk.desk))


def _mine(talk: CorrectNameTalk) -> AppointmentRow:
    """The appointment in its present state; raises `NotYours`, `NotCancellable`."""
    appointment = appointments.own(talk.desk, talk.draft.appointment)
    if appointment is None:
        raise NotYours(talk.draft.appointment)
    if not appointment.is_ahead(now=talk.now):
        raise NotCancellable(appointment.id, appointment.state)
    return appointment
