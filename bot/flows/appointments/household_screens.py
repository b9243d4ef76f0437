"""What the chat shows of a household that is being booked: its people, their time, and that all of them do not fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.dialogue.questions import Option, Question
from bot.dialogue.says import ButtonStyle
from bot.dialogue.steps import Step
from bot.flows import wording
from bot.flows.appointments import household_people, household_times
from bot.flows.appointments.free_times import OTHER_OFFICE
from bot.flows.appointments.household_people import HouseholdDraft, HouseholdTalk, MemberOfDraft
from bot.flows.offices import find_office
from bot.flows.waiting import ways_in
from desk.language.text import Param, lines, series, words
from desk.offices import chat as offices
from desk.people.rules import DocumentKind
from desk.places.rules import MOST_TOGETHER

if TYPE_CHECKING:
    from desk.capacity.rows import TogetherAt
    from desk.people.rows import KnownPersonRow

_ = words("household")


def tick(draft: HouseholdDraft, key: str, name: str, *, then: Step[HouseholdTalk]) -> Option:
    """The button that chooses somebody, or takes the choice back."""
    has = key in draft.members
    others = [each for each in draft.members if each != key]
    return Option(
        key,
        _("{mark} {person}", mark="✅" if has else "▫️", person=wording.cut(name, letters=wording.LONGEST_LABEL - 3)),
        sets={"members": others if has else [*others, key]},
        then=then,
        style=ButtonStyle.CONFIRM if has else ButtonStyle.PLAIN,
    )


def add(chosen: Sequence[MemberOfDraft], known: Sequence[KnownPersonRow]) -> Param:
    """The button that adds somebody; where nobody is there yet it is the first one."""
    return _("👤 Add somebody") if chosen or known else _("👤 The first one")


def what_else(
    draft: HouseholdDraft,
    chosen: Sequence[MemberOfDraft],
    *,
    known: Sequence[KnownPersonRow],
    have: Sequence[KnownPersonRow],
) -> Param | None:
    """The one thing that stands in the way, or that is to be known of others."""
    if household_people.is_without_any_paper(chosen):
        return _("One of you needs a paper for this way.")
    if draft.replaced:
        return _("👤 That was the number of {person}, whom we took off the list.", person=draft.replaced)
    if have:
        return _("🎫 {people}: has this turn already.", people=series(*(row.nickname for row in have)))
    if chosen:
        return None
    return _("Choose or add two or more.") if known else _("Write the name of the first one.")


def still_missing(draft: HouseholdDraft, chosen: Sequence[MemberOfDraft]) -> Param | None:
    """That fewer are chosen than they wrote; None where that is not so, or something else stands in the way."""
    people = min(draft.wanted, MOST_TOGETHER)
    if len(chosen) >= people or draft.replaced or household_people.is_without_any_paper(chosen):
        return None
    return _("You wrote {n} people: {left} are still missing.", n=people, left=people - len(chosen))


def absent(draft: HouseholdDraft, chosen: Sequence[MemberOfDraft]) -> Param | None:
    """Who was left out for want of a number and was not added after all; None = nobody."""
    there = {each.someone.name for each in chosen}
    names = [name for name in dict.fromkeys(draft.left_out) if name not in there]
    if not names:
        return None
    return lines(*(_("📄 {person} has no turn yet: the number is missing.", person=name) for name in names))


def nothing(talk: HouseholdTalk, *, people: int, others: Step[HouseholdTalk]) -> Question:
    """All do not fit: how many would, and the ways on."""
    office = offices.office(talk.desk, talk.draft.where.office or 0)
    fewer = household_times.most_together(talk, people=people)
    name: Param = office.name if office is not None else wording.NOT_ANNOUNCED
    return Question(
        lines(
            _("{office} has no time for {n} people together.", office=name, n=people),
            _("It has a time for {n}.", n=fewer) if fewer > 1 else None,
            _("You need not look again: press «🔔 Tell me of a time», and we write to you."),
        ),
        options=(
            Option("wait", ways_in.TELL_ME, sets={"waits": True}),
            Option("office", OTHER_OFFICE, then=find_office.province),
            Option("fewer", _("👤 Other people"), sets={"is_chosen": False}, then=others),
        ),
        says_why=True,
    )


def when_where(talk: HouseholdTalk, together: TogetherAt) -> Param:
    """When they begin, and where."""
    first, office = together.first, offices.office(talk.desk, together.first.office_id)
    return lines(
        _("🕘 **{when}**", when=wording.moment(first.starts_at, first.zone, today=talk.desk.today)),
        wording.where(office) if office is not None else None,
    )


def each_with_time(chosen: Sequence[MemberOfDraft], together: TogetherAt) -> Param:
    """Everybody with paper and hour; where one place serves all, they come at the one that stands above."""
    if len(together.slots) == 1:
        return lines(*map(of_one, chosen))
    return lines(
        *(
            lines(of_one(each), _("🕘 At {time}", time=household_times.clock(slot)))
            for each, slot in zip(chosen, together.slots, strict=True)
        )
    )


def of_one(member: MemberOfDraft) -> Param:
    """One of them with the paper, as it was said."""
    person = member.someone
    if person.paper == DocumentKind.NONE:
        return _("👤 **{person}**, without a paper", person=person.name)
    return lines(_("👤 **{person}**", person=person.name), wording.paper(person.paper, person.last4))
