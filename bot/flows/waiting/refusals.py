"""Words for the refusals of waiting, and the step to go on from."""

from __future__ import annotations

from typing import Final

from bot.dialogue.questions import Go, Sorry
from bot.flows.tables import Apologies
from desk.language.text import Text, lines, words
from desk.waiting.refusals import (
    AlreadyWaiting,
    NobodyToBookFor,
    NotLive,
    NotYourOffer,
    NotYourRequest,
    OfferOver,
    TooManyRequests,
    WishUnusable,
)
from desk.waiting.rules import OfferState, WishFault

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


OVER: Final[dict[OfferState, Text]] = {
    OfferState.SENT: _("This offer is over."),
    OfferState.ACCEPTED: _("You have accepted this already."),
    OfferState.DECLINED: _("You have declined this already."),
    OfferState.LAPSED: _("The time to answer is over. The turn went to the next."),
    OfferState.TOO_LATE: _("Somebody else accepted it before you."),
    OfferState.WITHDRAWN: _("This time is no longer there."),
}


def _offer_over(refusal: OfferOver) -> Sorry:
    return Sorry(OVER[refusal.state], then=Go("menu"))


def _not_your_offer(_refusal: NotYourOffer) -> Sorry:
    return Sorry(_("I do not find this offer."), then=Go("menu"))


def _nobody(_refusal: NobodyToBookFor) -> Sorry:
    return Sorry(_("The name for this turn is no longer in your list."), then=Go("menu"))


APOLOGIES: Final[Apologies] = {
    OfferOver: _offer_over,
    NotYourOffer: _not_your_offer,
    NobodyToBookFor: _nobody,
    AlreadyWaiting: _already,
    TooManyRequests: _too_many,
    NotYourRequest: _not_yours,
    NotLive: _not_live,
    WishUnusable: _unusable,
}
