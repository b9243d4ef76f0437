"""The words for refusals about the people of a chat, and the step to go on from."""

from __future__ import annotations

from typing import Final

from bot.dialogue.questions import Sorry
from bot.flows.people import persons
from bot.flows.tables import Apologies
from desk.language.text import words
from desk.people.refusals import NotInYourList

_ = words("refusal")


def _not_in_your_list(_refusal: NotInYourList) -> Sorry:
    return Sorry(_("I no longer have this person in your list."), then=persons.whom)


APOLOGIES: Final[Apologies] = {
    NotInYourList: _not_in_your_list,
}
