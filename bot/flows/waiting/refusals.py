"""Words for the refusals of waiting, and the step to go on from."""

from __future__ import annotations

from typing import Any, Final

from bot.dialogue.questions import Go, Sorry
from bot.dialogue.steps import Step
from bot.flows.offices import find_office
from bot.flows.tables import Apologies
from bot.flows.waiting import wishes
from desk.language.text import Text, lines, words
from desk.waiting.refusals import (
    AlreadyWaiting,
    NobodyToBookFor,
    NotLive,
    NotYourOffer,
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
STEPS: Final[dict[WishFault, Step[Any]]] = {
    WishFault.NO_WEEKDAY: wishes.weekdays,
    WishFault.NO_PART: wishes.parts,
    WishFault.NO_PLACE: find_office.province,
    WishFault.TOO_MANY_PLACES: wishes.places,
    WishFault.UNKNOWN_PLACE: wishes.places,
}
"""Where each is mended; the days at their own step."""


def _already(refusal: AlreadyWaiting) -> Sorry:
    return Sorry(_("For this person you wait already. Here it stands:"), then=Go("request", str(refusal.request_id)))


def _too_many(refusal: TooManyRequests) -> Sorry:
    return Sorry(
        lines(
            _("This chat waits for {most} turns. It can wait for no more at once.", most=refusal.most),
            _("When one is found or stopped, you can begin the next."),
        ),
        then=Go("request"),
    )


def _not_yours(_refusal: NotYourRequest | NotYourOffer) -> Sorry:
    return Sorry(_("I do not find this among what you wait for."), then=Go("request"))


def _not_live(refusal: NotLive) -> Sorry:
    return Sorry(_("You wait for this no more."), then=Go("request", str(refusal.request_id)))


def _nobody(refusal: NobodyToBookFor) -> Sorry:
    return Sorry(
        _("The person of this waiting is no longer among your people. Please begin anew."),
        then=Go("request", str(refusal.request_id)),
    )


def _unusable(refusal: WishUnusable) -> Sorry:
    return Sorry(FAULTS[refusal.why], then=STEPS.get(refusal.why, wishes.last))


APOLOGIES: Final[Apologies] = {
    AlreadyWaiting: _already,
    TooManyRequests: _too_many,
    NotYourRequest: _not_yours,
    NotYourOffer: _not_yours,
    NobodyToBookFor: _nobody,
    NotLive: _not_live,
    WishUnusable: _unusable,
}
