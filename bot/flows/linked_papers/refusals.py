"""Words for the refusal about two appointments of linked papers, and where to go on."""

from __future__ import annotations

from typing import Final

from bot.dialogue.questions import Go, Sorry
from bot.flows.tables import Apologies
from desk.language.text import words
from desk.linked_papers.refusals import NotYourChoice

_ = words("linked papers")


def _not_yours(_refusal: NotYourChoice) -> Sorry:
    return Sorry(_("I do not find this among your turns."), then=Go("turns"))


APOLOGIES: Final[Apologies] = {NotYourChoice: _not_yours}
