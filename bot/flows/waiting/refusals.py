"""Words for the refusals of waiting, and the step to go on from."""

from __future__ import annotations

from typing import Final

from bot.dialogue.questions import Go, Sorry
from bot.flows.tables import Apologies
from desk.language.text import Text, lines, words
from desk.waiting.refusals import (
    AlreadyWaiting,
    NotLive,
    NotYourRequest,
    TooManyRequests,
    WishUnusable,
)
from desk.waiting.rules import WishFault

_ = words("refusal")

FAULTS: Final[dict[WishFault, Text]] = {
    WishFault.NO_WEEKDAY: _("Please choose a day at least."),
    WishFault.NO_PART: _("Please choose a time of day at least."),
    WishFault.NO_PLACE: _("Please choose an office or a province."),
    WishFault.TOO_MANY_PLACES: _("These are too many places. Please take some out."),
    WishFault.PAST: _("That day is over. Please choose a later one."),
    WishFault.TOO_LONG: _("That is too long. Please choose a nearer last day."),
    WishFault.ORDER: _("The last day is before the first. Please choose again."),
    WishFault.UNKNOWN_PLACE: _("One of these places does not do this now. Please choose again."),
}


def _already(_refusal: AlreadyWaiting) -> Sorry:
    return Sorry(_("For this person you wait already."), then=Go("menu"))


def _too_many(refusal: TooManyRequests) -> Sorry:
    return Sorry(
        lines(
            _("This chat waits for {most} turns. It can wait for no more at once.", most=refusal.most),
            _("When one is found or stopped, you can begin the next."),
        ),
        then=Go("menu"),
    )


def _not_yours(_refusal: NotYourRequest) -> Sorry:
    return Sorry(_("I do not find this among what you wait for."), then=Go("menu"))


def _not_live(_refusal: NotLive) -> Sorry:
    return Sorry(_("You wait for this no more."), then=Go("menu"))


def _unusable(refusal: WishUnusable) -> Sorry:
    return Sorry(FAULTS[refusal.why], then=Go("menu"))


APOLOGIES: Final[Apologies] = {
    AlreadyWaiting: _already,
    TooManyRequests: _too_many,
    NotYourRequest: _not_yours,
    NotLive: _not_live,
    WishUnusable: _unusable,
}
