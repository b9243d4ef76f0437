"""The page behind «Turn» on the main page: one's own appointments, and booking; with none of their own, people go to
booking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Go, Option, Question
from bot.flows import wording
from bot.flows.waiting import request, ways_in
from desk.appointments import chat as appointments
from desk.language.text import Param, lines, paragraphs, words
from desk.values import LocalDay, LocalMoment

if TYPE_CHECKING:
    from desk.appointments.rows import AppointmentRow

_ = words("menu")


@dataclass(slots=True)
class AppointmentsDraft:
    """An empty draft: each option leads to another flow."""


flow = Flow("appointments", draft=AppointmentsDraft, looks_last=True, only_leads_on=True)

MY_APPOINTMENTS = Option("turns", _("🎫 My turns"), then=Go("turns"))
ENTRIES = (
    MY_APPOINTMENTS,
    Option("book", _("🗓 Get a turn"), then=Go("book")),
    ways_in.option(ways_in.LIKE_LAST_TIME),
)


@flow.step
def entry(talk: Talk[AppointmentsDraft]) -> Question | Go:
    mine, waits = soonest(talk), request.waits(talk.desk)
    if mine is None and waits is None:
        return Go("book")
    return Question(paragraphs(lines(mine, waits), _("What would you like to do?")), options=ENTRIES)


def soonest(talk: Talk[Any]) -> Param | None:
    """When the next appointment of this chat is, and what waits for its answer; None = there is neither."""
    my_appointments = appointments.mine(talk.desk)
    if not my_appointments:
        return _offered(talk)
    ahead = next((appointment for appointment in my_appointments if appointment.starts_at > talk.now), None)
    if ahead is not None:
        when = (
            LocalDay(ahead.day)
            if ahead.is_walk_in
            else wording.moment(ahead.starts_at, ahead.zone, today=talk.desk.today)
        )
        return lines(_("🎫 Your next turn: {when}.", when=when), _awaited(talk, my_appointments) or _offered(talk))
    over = my_appointments[-1]  # stays in the list until its day is over, but is not the next one
    was = _("🎫 Your turn today was at {time}.", time=LocalMoment(over.starts_at, over.zone).clock)
    return lines(was, _offered(talk))


def _awaited(talk: Talk[Any], mine: Sequence[AppointmentRow]) -> Param | None:
    """That the office proposed a time and waits for the answer, without which the time goes to somebody else."""
    proposed = next((each for each in mine if each.answer_until is not None and each.is_ahead(now=talk.now)), None)
    if proposed is None or proposed.answer_until is None:
        return None
    until = LocalMoment(proposed.answer_until, proposed.zone)
    return _("⏳ The time that the office proposed waits for your answer until {until}.", until=until)


def _offered(talk: Talk[Any]) -> Param | None:
    """That a free time is kept for the person, who may have gone on to something else; None = none is."""
    offer = next(iter(request.offers(talk.desk)), None)
    if offer is None:
        return None
    until = LocalMoment(offer.until(talk.now), offer.zone)
    return _("🔔 A free time waits for your answer until {until}.", until=until)
