"""Asks for whom an appointment is: a known person, or a new one by name, kind of paper and number.

The number is typed once and leaves this file only as a keyed hash and its last characters; no draft holds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, NamedTuple

from bot.dialogue.flow import Block
from bot.dialogue.questions import Json, Meaning, Option, Question, Reading, Skip, Taken, Unclear
from bot.dialogue.says import ButtonStyle
from bot.dialogue.steps import Step
from bot.dialogue.talk import BlockTalk
from bot.flows import wording
from desk.language import labels
from desk.language.text import Param, Reference, Text, lines, words
from desk.people import chat as people
from desk.people.refusals import NotInYourList
from desk.people.rules import (
    KINDS_ON_BUTTONS,
    NAME_LENGTH,
    DocumentKind,
    IdentityDigest,
    has_foreign_digits,
    looks_like_phone,
    looks_odd,
    number_in_words,
    read_identity_number,
    read_name,
)

if TYPE_CHECKING:
    from desk.appointments.rows import AppointmentRow
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
ANOTHER_PAPER = _("📄 Another paper")


@dataclass(slots=True)
class PersonDraft:
    """Somebody known (`known`), or a new person."""

    known: int = 0
    full_name: str = ""
    paper: str = ""
    identity_hash: str = ""
    identity_last4: str | None = None
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
        is_new = self.full_name and self.identity_hash and not self.is_odd and not self.same_as
        return bool(self.known or is_new)


NOBODY = {field.name: field.default for field in fields(PersonDraft)}
"""The fields of a draft without a person."""


PersonTalk = BlockTalk[PersonDraft, None]

block: Block[PersonDraft, None] = Block("person", draft=PersonDraft, settled=lambda draft: draft.is_somebody)


@block.step
def whom(talk: PersonTalk) -> Question | Skip:
    if someone(talk) is not None:
        return Skip()  # going back skips this step; the last check has «somebody else» instead
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
        reads=_read_name,
        hint=_("Please write the name in letters, such as «Gol Agha Rahimi»."),
    )


@block.step(asks="paper")
def paper_kind(talk: PersonTalk) -> Question:
    unnamed = {
        "known": 0,
        "paper": DocumentKind.NONE.value,
        "identity_hash": WITHOUT_NUMBER,
        "identity_last4": None,
        "is_odd": False,
        "same_as": 0,
    }
    return Question(
        _("Which paper does {person} have?", person=talk.draft.full_name),
        options=tuple(
            Option(kind.value, NO_PAPER, sets=unnamed)
            if kind is DocumentKind.NONE
            else Option(kind.value, labels.document_kind(kind), sets={"known": 0, "paper": kind.value})
            for kind in KINDS_ON_BUTTONS
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
        options=(Option("paper", ANOTHER_PAPER, then=paper_kind),),
        reads=lambda typed: _read_number(talk, typed),
        reads_first=True,
        is_sensitive=True,
    )


@block.step(unless=lambda draft: not draft.is_odd)
def sure(talk: PersonTalk) -> Question:
    return Question(
        _read_back(talk.draft),
        options=(
            Option("yes", YES, sets={"is_odd": False}, style=ButtonStyle.CONFIRM, means=Meaning.YES),
            Option("no", AGAIN, sets={"identity_hash": "", "is_odd": False}, then=number, means=Meaning.NO),
        ),
        reads=lambda typed: _leads(_read_number(talk, typed), sure, where="is_odd"),
        reads_first=True,
        is_sensitive=True,
    )


def _read_back(draft: PersonDraft) -> Param:
    if draft.identity_last4 is None:
        return _("I read one sign only. Is that right?")
    last = Reference(draft.identity_last4)
    if draft.is_phone:
        return lines(
            _("I read a number like that of a telephone. It ends in {last}.", last=last),
            _("Is it the number of the paper?"),
        )
    return _("I read {n} signs. They end in {last}. Is that right?", n=draft.signs, last=last)


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
        return Someone(row.name, row.document_kind, row.identity_last4, row.person_id, row.id)
    is_new = draft.full_name and draft.identity_hash and not draft.is_odd and not draft.same_as
    return Someone(draft.full_name, draft.paper, draft.identity_last4) if is_new else None


def read_back(person: Someone, *, into: str) -> tuple[Text, Option]:
    """For whom it is, with what was said of the paper, and what asks for that again.

    `into` = the field of the flow's draft that holds the person. What was typed stays until there is something else,
    so that the way back leads to the same last look.
    """
    anew: dict[str, Json] = {}
    if person.known:
        anew[into] = PersonDraft(person.known, person.name, person.paper, instead_of=person.known)
    if person.paper == DocumentKind.NONE:
        has_paper = Option("paper", HAS_PAPER, sets=anew, then=paper_kind)
        return _("👤 {person}\n📄 Without a paper", person=person.name), has_paper
    paper = labels.DOCUMENT_KINDS[person.paper]
    correct = Option("number", CORRECT_NUMBER, sets=anew, then=number)
    if person.last4 is None:
        return _("👤 {person}\n📄 {paper}", person=person.name, paper=paper), correct
    last4 = Reference(f"…{person.last4}")
    return _("👤 {person}\n📄 {paper} {last4}", person=person.name, paper=paper, last4=last4), correct


def remembered(talk: PersonTalk) -> KnownPersonRow:
    """Add the draft's new person to this chat's list.

    Raises:
        NotInYourList: the draft has no new person; the chosen one was removed from the list meanwhile.
        NumberOfBefore: the number has to be typed again.
    """
    draft = talk.draft
    if not draft.identity_hash:
        raise NotInYourList(draft.known)
    kind = DocumentKind(draft.paper)
    if kind is DocumentKind.NONE:
        identity = people.digest_without_paper(talk.desk, draft.full_name)
    else:
        identity = IdentityDigest(draft.identity_hash, draft.identity_last4)
    if draft.instead_of:
        return people.replace(talk.desk, draft.instead_of, name=draft.full_name, kind=kind, identity=identity)
    return people.remember(talk.desk, name=draft.full_name, nickname=None, kind=kind, identity=identity)


def _asked_again(row: KnownPersonRow) -> dict[str, Json]:
    return {"full_name": row.name, "paper": row.document_kind.value, "instead_of": row.id}


def live_appointment(
    mine: Sequence[AppointmentRow], *, person_id: int | None, service_id: int
) -> AppointmentRow | None:
    """The appointment this person already has for the service, out of those of this chat."""
    for appointment in mine:
        if person_id is not None and appointment.person_id == person_id and appointment.service.id == service_id:
            return appointment
    return None


def chosen(talk: PersonTalk) -> KnownPersonRow | None:
    """The person chosen from the list of this chat; None for somebody new, and where the number is asked for again."""
    known = talk.draft.known
    found = next((row for row in people.known(talk.desk) if row.id == known), None) if known else None
    return None if found is not None and found.is_in_doubt else found


def _read_name(typed: str) -> Reading:
    name = read_name(typed)
    return Taken({"full_name": name}) if name else wording.too_long(typed, most=NAME_LENGTH)


def _read_number(talk: PersonTalk, typed: str) -> Reading:
    if has_foreign_digits(typed):
        return Unclear(_("Please write the digits as 0 1 2 3."))
    said = number_in_words(typed) or typed
    normal = read_identity_number(said)
    if normal is None:
        return Unclear(_("I need the number that stands on the paper. If there is none, press «📄 Another paper»."))
    kind = DocumentKind(talk.draft.paper)
    digest = people.digest(talk.desk, said, kind)
    if digest is None:
        return Unclear(_("Many numbers were written here within an hour. Please go on in an hour."))
    row = people.of_number(talk.desk, digest)
    is_another = row is not None and row.id != talk.draft.instead_of and row.name != talk.draft.full_name
    # A number that this chat has used is not asked about again.
    is_odd = row is None and (said is not typed or looks_odd(said, kind))
    sets: dict[str, Json] = {
        "known": 0,
        "identity_hash": digest.hash,
        "identity_last4": digest.last4,
        "is_odd": is_odd,
        "is_phone": is_odd and looks_like_phone(said),
        "signs": len(normal) if is_odd else 0,
        "same_as": row.id if row is not None and is_another else 0,
    }
    return Taken(sets)


def _leads(reading: Reading, to: Step[PersonTalk], *, where: str) -> Reading:
    """Lead to this step where the reading sets this field: a number may be written again where it was asked about."""
    return replace(reading, then=to) if isinstance(reading, Taken) and reading.sets[where] else reading
