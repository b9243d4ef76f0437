"""The words for refusals about transfers, and the step to go on from."""

from __future__ import annotations

from typing import Final

from bot.dialogue.questions import Go, Sorry
from bot.flows.tables import Apologies
from bot.flows.transfers import bring, counter_code
from desk.language.text import lines, words
from desk.transfers.refusals import DoesNotFit, HasTheSame, NoSuchCode, TooLateToStop, TooManyTogether

_ = words("refusal")


def _does_not_fit(_refusal: DoesNotFit) -> Sorry:
    return Sorry(lines(bring.DOES_NOT_FIT, bring.AT_THE_COUNTER), then=Go("menu"))


def _too_many_together(refusal: TooManyTogether) -> Sorry:
    return Sorry(
        lines(
            _("With the turns of this chat that would be too many: one chat can have {most}.", most=refusal.most),
            _("Nothing was moved. Ask the desk: it can allow more."),
        ),
        then=Go("menu"),
    )


def _too_late_to_stop(_refusal: TooLateToStop) -> Sorry:
    return Sorry(
        lines(
            _("This can no longer be stopped here."),
            _("At the counter, with the original paper, your turns come back to you."),
        ),
        then=Go("menu"),
    )


def _no_such_code(_refusal: NoSuchCode) -> Sorry:
    return Sorry(
        lines(
            _("I don't find this code, or its time is over."),
            _("The clerk can give you another one."),
        ),
        then=counter_code.code,
    )


def _has_the_same(_refusal: HasTheSame) -> Sorry:
    return Sorry(
        lines(
            _("This chat already has a turn for the same person and service."),
            _("Cancel it here, then do this again. Nothing was moved."),
        ),
        then=Go("turns"),
    )


APOLOGIES: Final[Apologies] = {
    HasTheSame: _has_the_same,
    DoesNotFit: _does_not_fit,
    NoSuchCode: _no_such_code,
    TooManyTogether: _too_many_together,
    TooLateToStop: _too_late_to_stop,
}
