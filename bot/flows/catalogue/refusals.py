"""The words for refusals about services, and the step to go on from."""

from __future__ import annotations

from typing import Final

from bot.dialogue.questions import Go, Sorry
from bot.flows.catalogue.services import NoSuchService
from bot.flows.tables import Apologies
from desk.language.text import words

_ = words("refusal")


def _no_such_service(_refusal: NoSuchService) -> Sorry:
    return Sorry(_("This service is not in our list now. These are:"), then=Go("services"))


APOLOGIES: Final[Apologies] = {
    NoSuchService: _no_such_service,
}
