"""The words for refusals about cases, and the step to go on from."""

from __future__ import annotations

from typing import Final

from bot.dialogue.questions import Go, Sorry
from bot.flows.tables import Apologies
from desk.cases.refusals import (
    AlreadyTaken,
    CaseIsClosed,
    CodeTaken,
    NoCaseForThis,
    NothingSaid,
    NotYourCase,
    ReopenTooLate,
)
from desk.language.text import words
from desk.values import LocalMoment

_ = words("refusal")


def _case_is_closed(_refusal: CaseIsClosed) -> Sorry:
    return Sorry(_("This case is closed. You can open it again from «Follow up»."), then=Go("follow"))


def _already_taken(_refusal: AlreadyTaken) -> Sorry:
    return Sorry(_("The desk has taken it already. To add something, choose it here."), then=Go("follow"))


def _not_your_case(_refusal: NotYourCase) -> Sorry:
    return Sorry(_("I can't find this case. Please look at its code once more."), then=Go("follow"))


def _nothing_said(_refusal: NothingSaid) -> Sorry:
    return Sorry(_("Please write something, or send a voice message."))


def _no_case_for_this(_refusal: NoCaseForThis) -> Sorry:
    return Sorry(_("No complaint is taken about this here. You can ask the desk."), then=Go("ask"))


def _code_taken(_refusal: CodeTaken) -> Sorry:
    return Sorry(_("The trouble is ours. Your answers are kept. Please press again."))


def _reopen_too_late(refusal: ReopenTooLate) -> Sorry:
    until = LocalMoment(refusal.until).day
    return Sorry(
        _("This case could be opened again until {day}. Please file a new one.", day=until), then=Go("complain")
    )


APOLOGIES: Final[Apologies] = {
    AlreadyTaken: _already_taken,
    CaseIsClosed: _case_is_closed,
    NotYourCase: _not_your_case,
    NothingSaid: _nothing_said,
    NoCaseForThis: _no_case_for_this,
    CodeTaken: _code_taken,
    ReopenTooLate: _reopen_too_late,
}
