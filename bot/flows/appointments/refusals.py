"""The words for refusals about appointments and slots, and the step to go on from."""

from __future__ import annotations

from typing import Final

from bot.dialogue.questions import Go, Sorry
from bot.flows.appointments import free_times, household
from bot.flows.appointments.free_times import DayIsFull
from bot.flows.appointments.household import TimesTaken
from bot.flows.appointments.move import NoOtherTime, NoTimeThere, SameTime
from bot.flows.offices import find_office
from bot.flows.tables import Apologies
from bot.flows.waiting import ways_in
from desk.appointments.refusals import (
    AlreadyHasAppointment,
    MemberRefused,
    NameIsFixed,
    NotBookable,
    NotCancellable,
    NotInThisChat,
    NotOpenYet,
    NotYours,
    OneWithoutPaper,
    PlaceIsDrawn,
    QuotaUsedUp,
    ServiceNotOffered,
    SlotPassed,
    SlotTaken,
    TooFarAhead,
    TooManyAppointments,
    TooManyCancelled,
)
from desk.language.text import lines, words
from desk.values import LocalMoment

_ = words("refusal")


def _slot_taken(_refusal: SlotTaken) -> Sorry:
    return Sorry(_("That time has just been taken. These are free:"), then=free_times.time)


def _slot_passed(_refusal: SlotPassed) -> Sorry:
    return Sorry(_("That time is no longer ahead. Please choose another:"), then=free_times.day)


def _too_far_ahead(_refusal: TooFarAhead) -> Sorry:
    return Sorry(_("That day cannot be booked yet. These days have free times:"), then=free_times.day)


def _not_open_yet(refusal: NotOpenYet) -> Sorry:
    return Sorry(
        lines(
            _("Turns for that day can be taken from {when}.", when=LocalMoment(refusal.opens, refusal.zone)),
            _("These days have a free time:"),
        ),
        then=free_times.day,
    )


def _is_drawn(_refusal: PlaceIsDrawn) -> Sorry:
    return Sorry(
        lines(_("The places of that day are drawn; nobody takes one by looking."), _("Write yourself in here:")),
        then=ways_in.LIKE_LAST_TIME,
    )


def _quota_used_up(_refusal: QuotaUsedUp) -> Sorry:
    return Sorry(
        _("For this service the office takes nobody more on that day. These days have free times:"),
        then=free_times.day,
    )


def _day_is_full(_refusal: DayIsFull) -> Sorry:
    return Sorry(_("That day has just filled up. These days have free times:"), then=free_times.day)


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
        then=find_office.province,
    )


def _already(refusal: AlreadyHasAppointment) -> Sorry:
    if not refusal.is_own_chat:
        return _not_here()  # nothing is told of what other chats have
    return Sorry(
        _("This person already has this turn. You can change its time.")
        if refusal.can_be_changed
        else _("This person already had a turn for this service today. From tomorrow you can get a new one."),
        then=Go("turns", f"show.{refusal.appointment_id}"),
    )


def _not_here(_refusal: NotInThisChat | None = None) -> Sorry:
    """The same words whatever the reason is."""
    return Sorry(
        lines(
            _("This turn cannot be booked in this chat now."),
            _("Please go to the office with the original paper. The desk helps you further there."),
        ),
        then=Go("menu"),
    )


def _not_bookable(refusal: NotBookable) -> Sorry:
    return Sorry(_("No turns are taken for this service here."), then=Go("services", str(refusal.service_id)))


def _not_offered(_refusal: ServiceNotOffered) -> Sorry:
    return Sorry(_("This office no longer does this service. Please choose another office:"), then=find_office.province)


def _not_yours(_refusal: NotYours) -> Sorry:
    return Sorry(_("I can't find this turn among yours."), then=Go("turns"))


def _not_cancellable(refusal: NotCancellable) -> Sorry:
    return Sorry(_("This turn can no longer be changed."), then=Go("turns", f"show.{refusal.appointment_id}"))


def _name_is_fixed(refusal: NameIsFixed) -> Sorry:
    return Sorry(
        _("Today is the day of the turn. Please say the right name at the office."),
        then=Go("turns", f"show.{refusal.appointment_id}"),
    )


def _times_taken(_refusal: TimesTaken) -> Sorry:
    return Sorry(_("One of these places has just been taken. Nothing was booked."), then=household.first_time)


def _member_refused(refusal: MemberRefused) -> Sorry:
    """Whom it is about the conversation says that books a household; here it is said of the other ways."""
    if isinstance(refusal.why, AlreadyHasAppointment):
        return Sorry(_("One of you already has a turn for this. Nothing was booked."), then=Go("turns"))
    return Sorry(
        lines(
            _("For one of you this turn cannot be booked in this chat. Nothing was booked."),
            _("Please go to the office with the original paper. The desk helps you further there."),
        ),
        then=Go("menu"),
    )


def _too_many_appointments(refusal: TooManyAppointments) -> Sorry:
    return Sorry(
        lines(
            _("This chat has {most} turns now. One chat can have no more at once.", most=refusal.most),
            _("When one of them is over, you can get the next."),
            _("Are there more of you? Ask the desk: it can allow more."),
        ),
        then=Go("menu"),
    )


def _one_without_paper(_refusal: OneWithoutPaper) -> Sorry:
    return Sorry(
        lines(
            _("Somebody without a paper already has a turn for this service in this chat."),
            _("Without a paper, one chat can have one such turn at a time."),
            _("Are there more of you? Ask the desk: it can allow more."),
        ),
        then=Go("menu"),
    )


def _too_many_cancelled(refusal: TooManyCancelled) -> Sorry:
    return Sorry(
        lines(
            _("{most} turns were cancelled in this chat within a week.", most=refusal.most),
            _("New turns can be taken here from {when}.", when=LocalMoment(refusal.until)),
            _("Your other turns stay. If it cannot wait, ask the desk."),
        ),
        then=Go("menu"),
    )


APOLOGIES: Final[Apologies] = {
    SlotTaken: _slot_taken,
    SlotPassed: _slot_passed,
    TooFarAhead: _too_far_ahead,
    NotOpenYet: _not_open_yet,
    PlaceIsDrawn: _is_drawn,
    QuotaUsedUp: _quota_used_up,
    DayIsFull: _day_is_full,
    SameTime: _same_time,
    NoOtherTime: _no_other_time,
    NoTimeThere: _no_time_there,
    AlreadyHasAppointment: _already,
    NotInThisChat: _not_here,
    MemberRefused: _member_refused,
    TimesTaken: _times_taken,
    TooManyAppointments: _too_many_appointments,
    OneWithoutPaper: _one_without_paper,
    TooManyCancelled: _too_many_cancelled,
    NotBookable: _not_bookable,
    ServiceNotOffered: _not_offered,
    NotYours: _not_yours,
    NotCancellable: _not_cancellable,
    NameIsFixed: _name_is_fixed,
}
