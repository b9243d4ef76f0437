"""The people of a household that is booked together: who they are, out of the list of the chat and out of the draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Final

from bot.dialogue.questions import Json, Taken
from bot.dialogue.talk import BlockTalk, Talk
from bot.flows.appointments.free_times import TimeDraft
from bot.flows.appointments.travel import TravelDraft
from bot.flows.offices.find_office import OfficeDraft
from bot.flows.people import names, persons, storing
from bot.flows.people.persons import PersonDraft, PersonTalk, Someone
from desk.appointments import chat as appointments
from desk.language.text import Param, series
from desk.people import chat as people
from desk.people.rules import DocumentKind

if TYPE_CHECKING:
    from desk.conversations.chat import Chat
    from desk.people.rows import KnownPersonRow

FEWEST: Final = 2
MOST_SUGGESTED: Final = 6
"""Of so many people or fewer in the list of the chat all are suggested: more than that the chat may not book."""


@dataclass(slots=True)
class HouseholdDraft:
    """Who is booked, where and when. `members` = keys: `k<id>` somebody of the list, `n<number>` of `added`."""

    service: int = 0
    members: list[str] = field(default_factory=list)
    wanted: int = 0
    """For how many people, by what they wrote; 0 = they wrote nothing of that."""
    is_chosen: bool = False
    """The person said that these are all."""
    added: list[dict[str, Json]] = field(default_factory=list)
    """New people, and known ones with a corrected name or number, as drafts of `persons`."""
    person: PersonDraft = field(default_factory=PersonDraft)
    is_adding: bool = False
    changes: str = ""
    """The member who is corrected; "" = somebody is added."""
    left_out: list[str] = field(default_factory=list)
    """Names of those whose paper is not at hand, and without whom the others go on."""
    replaced: str = ""
    """Who gave their place in the list to the one who was added last, whose number is the same."""
    is_missing: bool = False
    """The paper of the one who is added is not at hand."""
    where: OfficeDraft = field(default_factory=OfficeDraft)
    when: TimeDraft = field(default_factory=TimeDraft)
    travel: TravelDraft = field(default_factory=TravelDraft)
    assistance: list[str] = field(default_factory=list)
    """What they wish for at the counter (`Assistance`)."""
    waits: bool = False
    """They want to be told of a time instead."""
    not_like: str = ""
    """The day of the time that was shown and does not suit; waiting leaves out its day of the week."""


HouseholdTalk = Talk[HouseholdDraft]


@dataclass(frozen=True, slots=True)
class MemberOfDraft:
    """One of the people: key, names, and how they are stored when the household is booked."""

    key: str
    nickname: str
    someone: Someone
    stored: KnownPersonRow | Callable[[], KnownPersonRow]


def members(chat: Chat, draft: HouseholdDraft, of: Callable[[PersonDraft], PersonTalk]) -> list[MemberOfDraft]:
    """The people of the draft, in their order; `of` = the talk of a person's block with this draft."""
    known = {f"k{row.id}": row for row in people.known(chat)}
    found: list[MemberOfDraft] = []
    for key in draft.members:
        row = known.get(key)
        if row is not None and not row.is_in_doubt:
            someone = Someone(row.name, row.document_kind, row.identity_last4, row.person_id, row.id)
            found.append(MemberOfDraft(key, row.nickname, someone, row))
        elif key.startswith("n") and (member := _added(key, of(PersonDraft(**draft.added[int(key[1:])])))):
            found.append(member)
    return found


def members_of(talk: HouseholdTalk) -> list[MemberOfDraft]:
    """The people of the draft of this talk."""
    return members(
        talk.desk,
        talk.draft,
        lambda draft: BlockTalk(draft, talk.desk, talk.locale, talk.now, talk.key, None),
    )


def correcting(draft: HouseholdDraft, member: MemberOfDraft) -> Mapping[str, Json]:
    """The fields of the draft in which this member is the one who is corrected."""
    if member.key.startswith("n"):
        person = PersonDraft(**draft.added[int(member.key[1:])])
    else:
        person = PersonDraft(known=member.someone.known)
    return {"changes": member.key, "is_adding": True, "person": person}


def _added(key: str, talk: PersonTalk) -> MemberOfDraft | None:
    someone = persons.someone(talk)
    if someone is None:
        return None
    row = persons.chosen(talk)
    return MemberOfDraft(key, someone.name if row is None else row.nickname, someone, storing.stored(talk))


def with_added(draft: HouseholdDraft) -> Mapping[str, Json]:
    """The fields of the draft once the one who was asked for is complete: in the place of whom it corrects.

    Nobody is there twice, who is named once more.
    """
    person = draft.person
    is_as_known = person.known and not person.full_name
    key = f"k{person.known}" if is_as_known else f"n{len(draft.added)}"
    others = [each for each in draft.members if each == draft.changes or not _is_same(draft, each)]
    is_new = draft.changes not in others
    chosen = [*others, key] if is_new else [key if each == draft.changes else each for each in others]
    added = draft.added if is_as_known else [*draft.added, asdict(person)]
    gone = [_name_in(draft, each) for each in draft.members if each != draft.changes and _is_same(draft, each)]
    replaced = next((name for name in gone if name not in ("", person.full_name)), "")
    return {"added": added, "members": chosen, **NOBODY_MORE, "replaced": replaced}


def _name_in(draft: HouseholdDraft, key: str) -> str:
    """The name under which somebody was added; "" = it is not of the draft."""
    return PersonDraft(**draft.added[int(key[1:])]).full_name if key.startswith("n") else ""


def read_name(talk: HouseholdTalk, typed: str) -> Taken | None:
    """Read the first name and the surname of one more; a word alone, or a sentence, is no name here."""
    said = names.read(talk.desk, typed, asked="")
    if said is None or not said.is_sure or len(said.name.split()) < 2:
        return None
    people.require_room(talk.desk)
    return Taken({"is_adding": True, "person": PersonDraft(is_one_more=True, full_name=said.name)})


def _is_same(draft: HouseholdDraft, key: str) -> bool:
    """Whether this member is the one who was just asked for."""
    person = draft.person
    if key.startswith("k"):
        return int(key[1:]) in (person.known, person.instead_of)
    other = PersonDraft(**draft.added[int(key[1:])])
    if person.known or other.known:
        return person.known == other.known
    is_named_so = person.identity_hash != persons.WITHOUT_NUMBER or person.full_name == other.full_name
    return is_named_so and person.identity_hash == other.identity_hash


def is_offered(draft: HouseholdDraft, row: KnownPersonRow) -> bool:
    """Whether somebody of the list can be ticked: not where the number is asked for again, or was corrected here."""
    corrected = [PersonDraft(**draft.added[int(key[1:])]) for key in draft.members if key.startswith("n")]
    return not row.is_in_doubt and all(row.id not in (each.known, each.instead_of) for each in corrected)


NOBODY_MORE: Final[dict[str, Json]] = {
    "person": PersonDraft(),
    "is_adding": False,
    "changes": "",
    "is_missing": False,
    "replaced": "",
}
"""The fields of the draft when nobody is being added."""


def suggested(chat: Chat, *, service_id: int, people: int = 0) -> list[str]:
    """Whom to suggest: those who came together last, else all known who have no appointment for this yet.

    Nobody where they are more than `people`: who of them comes is not known.
    """
    found = _suggested(chat, service_id=service_id)
    return found if not people or len(found) <= people else []


def _suggested(chat: Chat, *, service_id: int) -> list[str]:
    known = (row for row in people.known(chat) if not row.is_in_doubt)
    able = [row for row in known if not has_it(chat, row, service_id=service_id)]
    last = appointments.last_together(chat)
    together = [f"k{row.id}" for row in able if row.person_id in last]
    if len(together) >= FEWEST:
        return together
    return [f"k{row.id}" for row in able] if FEWEST <= len(able) <= MOST_SUGGESTED else []


def has_it(chat: Chat, row: KnownPersonRow, *, service_id: int) -> bool:
    """Whether they have an appointment for the service in this chat already."""
    return appointments.of_person(chat, person_id=row.person_id, service_id=service_id) is not None


def is_without_any_paper(chosen: Sequence[MemberOfDraft]) -> bool:
    """Whether nobody of several has a paper."""
    return len(chosen) >= FEWEST and all(each.someone.paper == DocumentKind.NONE for each in chosen)


def named(chosen: Sequence[MemberOfDraft]) -> Param:
    """Their names as the chat knows them."""
    return series(*(each.nickname for each in chosen))
