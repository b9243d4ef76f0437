"""Words for the refusal of an answer to an absence, and where to go on."""

from __future__ import annotations

from typing import Final

from bot.dialogue.questions import Go, Sorry
from bot.flows.tables import Apologies
from desk.absences.refusals import NoAbsence
from desk.language.text import words

_ = words("absence")


def _none(_refusal: NoAbsence) -> Sorry:
    return Sorry(_("I do not find this among your turns."), then=Go("turns"))


APOLOGIES: Final[Apologies] = {NoAbsence: _none}
