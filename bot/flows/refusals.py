"""What the desk may refuse in a conversation: the words for it, and the step to go on from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.dialogue.questions import Go, Sorry
from bot.flows.appointments.free_times import DayIsFull
from bot.flows.appointments.move import NoOtherTime, NoTimeThere, SameTime
from bot.flows.catalogue.services import NoSuchService
from desk.appointments.refusals import (
    AlreadyHasTurn,
    NotBookable,
    NotCancellable,
    NotYours,
    ServiceNotOffered,
    SlotPassed,
    SlotTaken,
    TooFarAhead,
)
from desk.cases.refusals import CaseIsClosed, CodeTaken, NoCaseForThis, NothingSaid, NotYourCase, ReopenTooLate
from desk.language.text import words
from desk.people.refusals import NotInYourList
from desk.refusals import Refusal
from desk.values import LocalMoment

_ = words("refusal")


def apologise(refusal: Exception) -> Sorry | None:
    """The words for a refusal; None = nobody thought of it, which is a fault of ours."""
    words_for = APOLOGIES.get(type(refusal)) if isinstance(refusal, Refusal) else None
    return words_for(refusal) if words_for else None


def _slot_taken(_refusal: SlotTaken) -> Sorry:
    return Sorry(_("That time has just been taken. These are free:"), then="time")


def _slot_passed(_refusal: SlotPassed) -> Sorry:
    return Sorry(_("That time is no longer ahead. Please choose another:"), then="day")


def _too_far_ahead(_refusal: TooFarAhead) -> Sorry:
    return Sorry(_("That day cannot be booked yet. These days have free times:"), then="day")


def _day_is_full(_refusal: DayIsFull) -> Sorry:
    return Sorry(_("That day has just filled up. These days have free times:"), then="day")


def _same_time(refusal: SameTime) -> Sorry:
    return Sorry(
        _("The turn has this time already. Nothing was changed."), then=Go("turns", f"show.{refusal.appointment_id}")
    )


def _no_other_time(refusal: NoOtherTime) -> Sorry:
    return Sorry(
        _("No other time can be chosen for this service now. Your turn stays as it is."),
        then=Go("turns", f"show.{refusal.appointment_id}"),
    )


def _no_time_there(_refusal: NoTimeThere) -> Sorry:
    return Sorry(
        _("This office has no other time for you. Your turn stays as it is. You can choose another office:"),
        then="province",
    )


def _already(refusal: AlreadyHasTurn) -> Sorry:
    if not refusal.can_be_changed:
        return Sorry(
            _("This person already had a turn for this service today. From tomorrow you can get a new one."),
            then=Go("turns", f"show.{refusal.appointment_id}") if refusal.is_own_chat else Go("menu"),
        )
    if refusal.is_own_chat:
        return Sorry(
            _("This person already has this turn. You can change its time."),
            then=Go("turns", f"show.{refusal.appointment_id}"),
        )
    return Sorry(
        _("This person already has a turn for this service, booked in another chat. Each person has one turn."),
        then=Go("menu"),
    )


def _not_bookable(refusal: NotBookable) -> Sorry:
    return Sorry(_("No turns are taken for this service here."), then=Go("services", str(refusal.service_id)))


def _not_offered(_refusal: ServiceNotOffered) -> Sorry:
    return Sorry(_("This office no longer does this service. Please choose another office:"), then="province")


def _not_yours(_refusal: NotYours) -> Sorry:
    return Sorry(_("I can't find this turn among yours."), then=Go("turns"))


def _not_cancellable(refusal: NotCancellable) -> Sorry:
    return Sorry(_("This turn can no longer be changed."), then=Go("turns", f"show.{refusal.appointment_id}"))


def _not_in_your_list(_refusal: NotInYourList) -> Sorry:
    return Sorry(_("I no longer have this person in your list."), then="whom")


def _no_such_service(_refusal: NoSuchService) -> Sorry:
    return Sorry(_("This service is not in our list now. These are:"), then=Go("services"))


def _case_is_closed(_refusal: CaseIsClosed) -> Sorry:
    return Sorry(_("This case is closed. You can open it again from «Follow up»."), then=Go("follow"))


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


APOLOGIES: Final[Mapping[type[Refusal], Callable[[Any], Sorry]]] = {
    SlotTaken: _slot_taken,
    SlotPassed: _slot_passed,
    TooFarAhead: _too_far_ahead,
    DayIsFull: _day_is_full,
    SameTime: _same_time,
    NoOtherTime: _no_other_time,
    NoTimeThere: _no_time_there,
    AlreadyHasTurn: _already,
    NotBookable: _not_bookable,
    ServiceNotOffered: _not_offered,
    NotYours: _not_yours,
    NotCancellable: _not_cancellable,
    NotInYourList: _not_in_your_list,
    NoSuchService: _no_such_service,
    CaseIsClosed: _case_is_closed,
    NotYourCase: _not_your_case,
    NothingSaid: _nothing_said,
    NoCaseForThis: _no_case_for_this,
    CodeTaken: _code_taken,
    ReopenTooLate: _reopen_too_late,
}
"""Every refusal that something behind the conversation's door can raise."""
