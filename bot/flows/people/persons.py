"""Asks for whom an appointment is: a known person, or a new one by name, kind of paper and number.

The number is typed once and leaves this file only as a keyed hash and its last characters; no draft holds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, NamedTuple

from bot.dialogue.flow import Block
from bot.dialogue.questions import Json, Meaning, Option, Question, Reading, Skip, Taken
from bot.dialogue.says import ButtonStyle
from bot.dialogue.steps import Step
from bot.dialogue.talk import BlockTalk
from bot.flows import wording
from bot.flows.people import names, numbers
from desk.appointments import chat as appointments
from desk.language import labels
from desk.language.text import Param, Reference, Text, lines, words
from desk.people import chat as people
from desk.people.rules import (
    KINDS_ON_BUTTONS,
    NAME_LENGTH,
    DocumentKind,
)

if TYPE_CHECKING:
    from desk.people.rows import KnownPersonRow

_ = words("person")

WITHOUT_NUMBER = "without"
"""Stands in the draft for the hash of somebody without a paper, which is made when they are stored."""
SOMEBODY_ELSE = _("👤 For somebody else")
NO_PAPER = _("I have no paper")
HAS_PAPER = _("📄 I have a paper")
CORRECT_NUMBER = _("Correct the number")
YES = _("✅ Yes, that's right")
AGAIN = _("Write it again")
WRITE_NUMBER = _("I write the number")
ANOTHER_PAPER = _("📄 Another paper")
NOT_HERE = _("📄 It is not here")


@dataclass(slots=True)
class PersonDraft:
    """Somebody known (`known`), or a new person."""

    known: int = 0
    full_name: str = ""
    """Of somebody new; of somebody known the name as it is corrected, if it is."""
    is_name_asked: bool = False
    """It was read out of a sentence, and the person has not yet said that it is the name."""
    typed_name: str = ""
    """That sentence: who writes it once more means it."""
    paper: str = ""
    identity_hash: str = ""
    identity_last4: str | None = None
    is_one_more: bool = False
    """One more of a household is asked for: whom the chat knows is chosen elsewhere."""
    instead_of: int = 0
    """Somebody known whose number is asked for again: an appointment with it fell, or it is to be corrected."""
    is_odd: bool = False
    """The number looks unusual and the person has not yet said that it is right."""
    is_phone: bool = False
    """It looks unusual because it has the shape of a telephone number."""
    signs: int = 0
    """How many letters and digits were read of an unusual number."""
    same_as: int = 0
    """Somebody known under another name who has the number, and the person has not yet said that it is they."""

    @property
    def is_somebody(self) -> bool:
        is_asked = self.is_name_asked or self.is_odd or self.same_as
        return bool(self.known or (self.full_name and self.identity_hash and not is_asked))


NOBODY = {field.name: field.default for field in fields(PersonDraft)}
"""The fields of a draft without a person."""
UNNAMED: dict[str, Json] = {
    "known": 0,
    "paper": DocumentKind.NONE.value,
    "identity_hash": WITHOUT_NUMBER,
    "identity_last4": None,
    "is_odd": False,
    "same_as": 0,
}
"""The fields of somebody without a paper."""


Absent = Mapping[str, Json] | None
"""The fields of the flow's draft that say that the paper of one of several is not at hand; None = it is for one."""

PersonTalk = BlockTalk[PersonDraft, Absent]


block: Block[PersonDraft, Absent] = Block("person", draft=PersonDraft, settled=lambda draft: draft.is_somebody)


@block.step
def whom(talk: PersonTalk) -> Question | Skip:
    if someone(talk) is not None:
        return Skip()  # going back skips this step; the last check has «somebody else» instead
    if talk.draft.is_one_more:
        return Skip({"known": 0})
    known = people.known(talk.desk)
    if not known:
        return Skip({"known": 0})
    return Question(
        _("For whom is the turn?"),
        options=(
            *(
                Option(
                    f"k{row.id}",
                    _("👤 {person}", person=wording.cut(row.nickname, letters=wording.LONGEST_LABEL - 2)),
                    sets=NOBODY | (_asked_again(row) if row.is_in_doubt else {"known": row.id}),
                )
                for row in known
            ),
            Option("new", SOMEBODY_ELSE, sets=NOBODY),
        ),
    )


@block.step(asks="full_name")
def called(talk: PersonTalk) -> Question:
    people.require_room(talk.desk)  # said before anything is asked
    return Question(
        _("Please write the name of the person, as it is on the paper."),
        reads=lambda typed: _read_name(talk, typed),
        hint=names.HINT,
    )


@block.step(unless=lambda draft: not draft.is_name_asked)
def name_sure(talk: PersonTalk) -> Question:
    return names.ask_if_right(
        talk.draft.full_name,
        field="full_name",
        again=called,
        reads=lambda typed: _leads(_read_name(talk, typed), name_sure, where="is_name_asked"),
    )


@block.step(asks="paper")
def paper_kind(talk: PersonTalk) -> Question:
    return Question(
        _("Which paper does {person} have?", person=talk.draft.full_name),
        options=tuple(
            Option(kind.value, NO_PAPER, sets=UNNAMED)
            if kind is DocumentKind.NONE
            else Option(kind.value, labels.document_kind(kind), sets={"known": 0, "paper": kind.value})
            for kind in KINDS_ON_BUTTONS
        ),
        reads=lambda typed: numbers.none_of(typed, clear=Taken(UNNAMED), else_ask=Taken(then=has_none)),
    )


@block.step(aside=True)
def has_none(talk: PersonTalk) -> Question:
    """Who says that there is no card of a kind may have another paper, or none at all."""
    return Question(
        _has_no_paper(talk),
        options=(
            Option("none", NO_PAPER, sets=UNNAMED, means=Meaning.YES),
            Option("paper", ANOTHER_PAPER, then=paper_kind, means=Meaning.NO),
        ),
    )


@block.step(asks="identity_hash")
def number(talk: PersonTalk) -> Question:
    return Question(
        lines(
            _("Please look at the original of {person} once more.", person=talk.draft.full_name)
            if talk.draft.instead_of
            else None,
            _("Please write the number of the paper: {paper}.", paper=labels.document_kind(talk.draft.paper)),
            _("The number itself is not kept, only its last four signs and a sealed mark."),
        ),
        options=(
            Option("paper", ANOTHER_PAPER, then=paper_kind),
            *((Option("absent", NOT_HERE, sets=talk.given, of_flow=True),) if talk.given is not None else ()),
        ),
        reads=lambda typed: _read_number(talk, typed),
        reads_first=True,
        is_sensitive=True,
    )


@block.step(aside=True)
def none_there(talk: PersonTalk) -> Question:
    """Who says that there is no number may have no paper at all, or another one."""
    return Question(
        _has_no_paper(talk),
        options=(
            Option("none", NO_PAPER, sets=UNNAMED, means=Meaning.YES),
            Option("paper", ANOTHER_PAPER, then=paper_kind),
            Option("number", WRITE_NUMBER, then=number, means=Meaning.NO),
        ),
        reads=lambda typed: Taken(UNNAMED) if numbers.has_none(typed) else numbers.read(talk, typed),
        reads_first=True,
        is_sensitive=True,
    )


@block.step(unless=lambda draft: not draft.is_odd)
def sure(talk: PersonTalk) -> Question:
    return Question(
        numbers.read_back(talk.draft),
        options=(
            Option("yes", YES, sets={"is_odd": False}, style=ButtonStyle.CONFIRM, means=Meaning.YES),
            Option("no", AGAIN, sets={"identity_hash": "", "is_odd": False}, then=number, means=Meaning.NO),
        ),
        reads=lambda typed: _leads(_read_number(talk, typed), sure, where="is_odd"),
        reads_first=True,
        is_sensitive=True,
    )


@block.step(unless=lambda draft: not draft.same_as)
def theirs(talk: PersonTalk) -> Question | Skip:
    row = next((row for row in people.known(talk.desk) if row.id == talk.draft.same_as), None)
    if row is None:
        return Skip({"same_as": 0})
    theirs_too: dict[str, Json] = {"known": row.id}
    if row.is_in_doubt:  # the number that was to be asked for again is the one just written
        theirs_too = _asked_again(row) | {
            "identity_hash": talk.draft.identity_hash,
            "identity_last4": talk.draft.identity_last4,
        }
    return Question(
        lines(
            _("👤 This is the number of **{person}**.", person=row.nickname),
            _("Is the turn for {person}?", person=row.nickname),
        ),
        options=(
            Option(
                "yes",
                _("✅ Yes, {person}", person=wording.cut(row.nickname, letters=wording.LONGEST_LABEL - 7)),
                sets=NOBODY | theirs_too,
                style=ButtonStyle.CONFIRM,
                means=Meaning.YES,
            ),
            Option("no", AGAIN, sets={"identity_hash": "", "same_as": 0}, then=number, means=Meaning.NO),
        ),
        reads=lambda typed: _leads(_leads(_read_number(talk, typed), theirs, where="same_as"), sure, where="is_odd"),
        reads_first=True,
        is_sensitive=True,
    )


@block.step(aside=True)
def renamed(talk: PersonTalk) -> Question:
    """The name once more, where it was read back; all else that was said stays."""
    person = someone(talk)
    before, paper = (None, talk.draft.paper) if person is None else (person.name, person.paper)
    return names.ask_anew(
        before, paper=DocumentKind(paper) if paper else None, reads=lambda typed: _read_new_name(talk, typed)
    )


@renamed.answered
def require_slip(talk: PersonTalk) -> None:
    """Of somebody known without a number only a slip is corrected while they have an appointment ahead."""
    row, draft = chosen(talk), talk.draft
    if row is None or draft.is_name_asked:
        return
    name, draft.full_name = draft.full_name, ""  # where it is refused, the name of before stays
    appointments.require_correctable(talk.desk, person_id=row.person_id, name=name)
    draft.full_name = name


@block.step(aside=True)
def renamed_sure(talk: PersonTalk) -> Question:
    return names.ask_if_right(
        talk.draft.full_name, field="full_name", again=renamed, reads=lambda typed: _read_new_name(talk, typed)
    )


renamed_sure.answered(require_slip)


def _has_no_paper(talk: PersonTalk) -> Param:
    return lines(
        _("👤 Does {person} have no paper?", person=talk.draft.full_name),
        _("Without a paper one can get a turn, too."),
    )


def _read_new_name(talk: PersonTalk, typed: str) -> Reading:
    return _leads(_read_name(talk, typed), renamed_sure, where="is_name_asked")


class Someone(NamedTuple):
    """For whom the appointment is."""

    name: str
    paper: str
    last4: str | None
    person_id: int | None = None
    """None for somebody new."""
    known: int = 0
    """Their place in the list of the chat; 0 for somebody new."""


def someone(talk: PersonTalk) -> Someone | None:
    """For whom the appointment is; None until the draft says it."""
    row, draft = chosen(talk), talk.draft
    if row is not None:
        name = row.name if draft.is_name_asked else draft.full_name or row.name
        return Someone(name, row.document_kind, row.identity_last4, row.person_id, row.id)
    is_new = draft.full_name and draft.identity_hash and not (draft.is_name_asked or draft.is_odd or draft.same_as)
    return Someone(draft.full_name, draft.paper, draft.identity_last4) if is_new else None


CORRECT_NAME = Option("name", names.CORRECT, then=renamed)


def read_back(person: Someone, *, into: str) -> tuple[Text, tuple[Option, ...]]:
    """For whom it is, with what was said of the paper, and what asks for that and for the name again.

    `into` = the field of the flow's draft that holds the person. What was typed stays until there is something else,
    so that the way back leads to the same last look.
    """
    anew: dict[str, Json] = {}
    if person.known:
        anew[into] = PersonDraft(person.known, full_name=person.name, paper=person.paper, instead_of=person.known)
    if person.paper == DocumentKind.NONE:
        has_paper = Option("paper", HAS_PAPER, sets=anew, then=paper_kind)
        return _("👤 {person}\n📄 Without a paper", person=person.name), (has_paper, CORRECT_NAME)
    paper = labels.DOCUMENT_KINDS[person.paper]
    correct = (Option("number", CORRECT_NUMBER, sets=anew, then=number), CORRECT_NAME)
    if person.last4 is None:
        return _("👤 {person}\n📄 {paper}", person=person.name, paper=paper), correct
    last4 = Reference(f"…{person.last4}")
    return _("👤 {person}\n📄 {paper} {last4}", person=person.name, paper=paper, last4=last4), correct


def _asked_again(row: KnownPersonRow) -> dict[str, Json]:
    return {"full_name": row.name, "paper": row.document_kind.value, "instead_of": row.id}


def chosen(talk: PersonTalk) -> KnownPersonRow | None:
    """The person chosen from the list of this chat; None for somebody new, and where the number is asked for again."""
    known = talk.draft.known
    found = next((row for row in people.known(talk.desk) if row.id == known), None) if known else None
    return None if found is not None and found.is_in_doubt else found


def _read_name(talk: PersonTalk, typed: str) -> Reading:
    said = names.read(talk.desk, typed, asked=talk.draft.typed_name)
    if said is None:
        return wording.too_long(typed, most=NAME_LENGTH)
    return Taken(
        {
            "full_name": said.name,
            "is_name_asked": not said.is_sure,
            "typed_name": "" if said.is_sure else names.whole(typed),
        }
    )


def _read_number(talk: PersonTalk, typed: str) -> Reading:
    return Taken(then=none_there) if numbers.says_none(typed) else numbers.read(talk, typed)


def _leads(reading: Reading, to: Step[PersonTalk], *, where: str) -> Reading:
    """Lead to this step where the reading sets this field: a number may be written again where it was asked about."""
    return replace(reading, then=to) if isinstance(reading, Taken) and reading.sets.get(where) else reading
