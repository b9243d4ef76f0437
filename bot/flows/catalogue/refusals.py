"""The words for refusals about services, and the step to go on from."""

from __future__ import annotations

from typing import Final

from bot.dialogue.questions import Go, Sorry
from bot.flows.catalogue.services import NoSuchService
from bot.flows.tables import Apologies
from desk.announcements.refusals import NothingUnknown, TooManyWishes
from desk.language.text import words

_ = words("refusal")


def _no_such_service(_refusal: NoSuchService) -> Sorry:
    return Sorry(_("This service is not in our list now. These are:"), then=Go("services"))


def _nothing_unknown(refusal: NothingUnknown) -> Sorry:
    return Sorry(_("That is announced by now. Here it is:"), then=Go("services", str(refusal.service_id)))


def _too_many_wishes(refusal: TooManyWishes) -> Sorry:
    return Sorry(_("You wait for {n} announcements already; more is not possible.", n=refusal.most), then=Go("tell_me"))


APOLOGIES: Final[Apologies] = {
    NoSuchService: _no_such_service,
    NothingUnknown: _nothing_unknown,
    TooManyWishes: _too_many_wishes,
}
