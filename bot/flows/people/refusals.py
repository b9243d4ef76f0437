"""The words for refusals about the people of a chat, and the step to go on from."""

from __future__ import annotations

from typing import Final

from bot.dialogue.questions import Go, Sorry
from bot.flows.people import names, persons
from bot.flows.tables import Apologies
from desk.language.text import lines, words
from desk.people.refusals import (
    NotASlip,
    NotInYourList,
    NumberOfBefore,
    SlipMended,
    TooManyDigests,
    TooManyNames,
    TooManyNewPeople,
)
from desk.values import LocalMoment

_ = words("refusal")


def _not_in_your_list(_refusal: NotInYourList) -> Sorry:
    return Sorry(_("I no longer have this person in your list."), then=persons.whom)


def _too_many_new_people(refusal: TooManyNewPeople) -> Sorry:
    return Sorry(
        lines(
            _("{most} people were added to this chat today. One chat can add no more in a day.", most=refusal.most),
            _("You can add others from {when}.", when=LocalMoment(refusal.until)),
            _("Are there more of you? Ask the desk: it can allow more."),
        ),
        then=Go("menu"),
    )


def _number_of_before(_refusal: NumberOfBefore) -> Sorry:
    return Sorry(_("Please write the number of the paper once more."), then=persons.number)


def _too_many_digests(_refusal: TooManyDigests) -> Sorry:
    return Sorry(_("Many numbers were written here within an hour. Please go on in an hour."), then=None)


def _name_is_bound(refusal: NotASlip | SlipMended | TooManyNames) -> Sorry:
    to_the_desk = _("You can send more to the desk: «🎫 My turns», then «✏️ Correct the name».")
    return Sorry(lines(names.why_not(refusal), to_the_desk), then=None)


APOLOGIES: Final[Apologies] = {
    NotInYourList: _not_in_your_list,
    TooManyNewPeople: _too_many_new_people,
    NumberOfBefore: _number_of_before,
    TooManyDigests: _too_many_digests,
    NotASlip: _name_is_bound,
    SlipMended: _name_is_bound,
    TooManyNames: _name_is_bound,
}
