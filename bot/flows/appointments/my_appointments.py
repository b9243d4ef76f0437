"""My appointments: the list, one of them in full, its ticket, its office on the map, and cancelling it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Done, Go, Meaning, Option, Question, Skip
from bot.dialogue.says import ButtonStyle
from bot.flows import links, wording
from bot.flows.appointments import assistance, fallen, giving_back, ticket
from bot.flows.consequences import notices as consequence_notices
from bot.flows.line import wording as line_wording
from bot.flows.offices import opening
from bot.flows.people import names
from bot.flows.waiting import request, ways_in
from desk.appointments import chat as appointments
from desk.appointments.refusals import NotCancellable, NotYours
from desk.appointments.rules import AppointmentState
from desk.calendar import SolarDate, local_day_of
from desk.consequences import chat as consequences
from desk.language import labels
from desk.language.text import Param, lines, paragraphs, words
from desk.language.vocabulary import weekday
from desk.values import LocalDay, LocalMoment

if TYPE_CHECKING:
    from desk.appointments.rows import AppointmentRow

_ = words("turns")


@dataclass(slots=True)
class MyAppointmentsDraft:
    turn: int = 0
    wish: str = ""
    """What to do with it: ticket, map, calendar, agree, cancel, or cancel_all with those who come together."""


MyAppointmentsTalk = Talk[MyAppointmentsDraft]

flow = Flow("turns", draft=MyAppointmentsDraft)

LETTERS_OF_A_NAME = 7
"""On a button beside the longest weekday and its day of the month."""

BOOK = Option("book", _("🗓 Get a turn"), then=Go("book"))
ASK_DESK = Option("ask", _("💬 Ask the desk"), then=Go("ask"))


@flow.enter
def from_a_ticket(talk: MyAppointmentsTalk, arg: str) -> Go | None:
    """A wish such as `show`, `ticket`, `move` or `agree`, a dot and the appointment's id, however old the ticket is;
    for `move` once more a dot and the day that was written."""
    wish, _dot, number = arg.partition(".")
    number, dot, day = number.partition(".")
    appointment = appointments.own(talk.desk, links.id_in(number))
    if appointment is None:
        return None
    talk.draft.turn = appointment.id
    match wish:
        case "move":
            return Go("move", f"{appointment.id}{dot}{day}")
        case "papers":
            return Go("checklist", f"{appointment.service.id}.{appointment.document_kind or ''}")
        case "ticket" | "calendar" if appointment.answer_until is not None:
            pass  # there is none before the answer, which the page of the appointment asks for
        case "map" | "ticket" | "calendar" | "agree" | "cancel" | "cancel_all":
            talk.draft.wish = wish
    return None


@flow.step(asks="turn")
def turn(talk: MyAppointmentsTalk) -> Question | Skip | Go:
    mine, waiting = appointments.mine(talk.desk), request.options(talk.desk)
    if not mine:
        if waiting:
            return Go("request")
        return Question(_("You have no turn ahead."), options=(BOOK, ways_in.option(ways_in.LIKE_LAST_TIME)))
    if len(mine) == 1 and not waiting:
        return Skip({"turn": mine[0].id})
    return Question(
        paragraphs(_("Which turn?"), lines(*(_line(place, each) for place, each in enumerate(mine, start=1)))),
        options=(
            *(
                Option(
                    f"t{each.id}",
                    _label(place, each, mine),
                    sets={"turn": each.id},
                )
                for place, each in enumerate(mine, start=1)
            ),
            *waiting,
        ),
    )


@flow.step(unless=lambda draft: bool(draft.wish))
def show(talk: MyAppointmentsTalk) -> Question:
    mine = _mine(talk)
    if not mine.is_ahead(now=talk.now):
        return _over(talk, mine)
    if mine.answer_until is not None:
        return _proposed(talk, mine, until=mine.answer_until)
    may_correct_name = appointments.may_correct_name(talk.desk, mine)
    return Question(
        _described(
            talk,
            mine,
            hours=opening.of_day(talk, mine.office, service_id=mine.service.id, day=LocalDay(mine.day)),
            fee=wording.fee(ticket.fee_of(talk.desk, mine)),
            wishes=assistance.of(mine),
        ),
        options=(
            Option("ticket", _("🎫 Ticket again"), sets={"wish": "ticket"}),
            *_place_in_line(talk, mine),
            Option("map", ticket.MAP, sets={"wish": "map"}),
            Option("papers", ticket.PAPERS, then=Go("checklist", f"{mine.service.id}.{mine.document_kind or ''}")),
            Option("move", ticket.CHANGE_TIME, then=Go("move", str(mine.id))),
            *((Option("name", names.CORRECT, then=Go("name", str(mine.id))),) if may_correct_name else ()),
            Option("cancel", ticket.CANCEL, sets={"wish": "cancel"}),
        ),
    )


def _proposed(talk: MyAppointmentsTalk, mine: AppointmentRow, *, until: datetime) -> Question:
    """A time that the office proposed: it is the person's as soon as they say so."""
    return Question(
        paragraphs(
            _described(talk, mine, fee=wording.fee(ticket.fee_of(talk.desk, mine))),
            consequence_notices.answer_by(talk.desk, until, mine),
        ),
        options=(
            Option("agree", consequence_notices.AGREE, sets={"wish": "agree"}, means=Meaning.YES),
            Option("move", consequence_notices.OTHER_TIME, then=Go("move", str(mine.id))),
            Option("map", ticket.MAP, sets={"wish": "map"}),
            Option("cancel", ticket.CANCEL, sets={"wish": "cancel"}),
        ),
    )


def _over(talk: MyAppointmentsTalk, mine: AppointmentRow) -> Question:
    """An appointment that is over still counts until the end of its day: no new one is offered, since booking would
    refuse it."""
    if any(appointment.id == mine.id for appointment in appointments.mine(talk.desk)):
        return Question(
            paragraphs(
                _described(talk, mine), lines(_what_became(talk, mine), _("From tomorrow you can get a new turn."))
            ),
            options=(*_place_in_line(talk, mine), ASK_DESK),
        )
    if mine.fall_is_told(now=talk.now):
        another = Option("another", fallen.ANOTHER_ONE, then=fallen.another(mine))
        return Question(paragraphs(_described(talk, mine), _what_became(talk, mine)), options=(another, ASK_DESK))
    return Question(paragraphs(_described(talk, mine), _what_became(talk, mine)), options=(BOOK,))


def _place_in_line(talk: MyAppointmentsTalk, mine: AppointmentRow) -> tuple[Option, ...]:
    """On its day, how many wait at the office and who is called when."""
    is_today = mine.day == local_day_of(talk.now, zone=mine.zone).date
    live = mine.state in (AppointmentState.BOOKED, AppointmentState.ARRIVED)
    return (Option("line", line_wording.MY_PLACE, then=Go("line", str(mine.id))),) if is_today and live else ()


@flow.step
def sure(talk: MyAppointmentsTalk) -> Question | Skip:
    mine = _mine(talk)
    if talk.draft.wish not in {"cancel", "cancel_all"}:
        return Skip()
    if not mine.is_ahead(now=talk.now):
        raise NotCancellable(mine.id, mine.state)
    group = appointments.given_back_with(talk.desk, mine)
    is_of_all = talk.draft.wish == "cancel_all" and len(group) > 1
    until = appointments.books_none_after_this(talk.desk, group if is_of_all else [mine])
    frees = appointments.places_given_back(talk.desk, [mine]) > 0
    if is_of_all:
        return giving_back.asks(
            talk.desk,
            group,
            none_until=_none_until(until) if until is not None else None,
            keep=Option("keep", _("Keep the turns"), then=turn, sets={"wish": "", "turn": 0}, means=Meaning.NO),
        )
    return Question(
        paragraphs(
            _described(talk, mine),
            lines(
                _("Shall we cancel this turn? Its place then goes to somebody else.")
                if frees
                else _("Shall we cancel this turn? Its time is that of the others, too, and stays theirs."),
                _("The turns of the others stay.") if len(group) > 1 and frees else None,
                _none_until(until) if until is not None else None,
            ),
        ),
        options=(
            Option("keep", _("Keep the turn"), then=show, sets={"wish": ""}, means=Meaning.NO),
            Option("move", ticket.CHANGE_TIME, then=Go("move", str(mine.id))),
            Option("cancel", _("Yes, cancel it"), sets={"wish": "cancel"}, style=ButtonStyle.DANGER, means=Meaning.YES),
            *((giving_back.option(group, asked_at=sure),) if len(group) > 1 else ()),
        ),
    )


@flow.finish
def done(talk: MyAppointmentsTalk) -> Done:
    mine = _mine(talk)
    back = ((_("🎫 This turn"), ticket.link(mine, "show")),)
    if talk.draft.wish == "ticket":
        if not mine.is_ahead(now=talk.now):
            return Done(_what_became(talk, mine), links=back)
        appointments.send_ticket(talk.desk, key=talk.key, appointment_id=mine.id)
        return Done(_("🎫 The ticket comes in the next message."), links=back)
    if talk.draft.wish == "calendar":
        if not mine.is_ahead(now=talk.now):
            return Done(_what_became(talk, mine), links=back)
        return Done(_("📅 The file for your calendar:"), links=back, shows=(ticket.calendar(mine),))
    if talk.draft.wish == "map":
        pin = ticket.pin(mine)
        if pin is None:
            return Done(lines(_("I don't know its place on the map."), wording.where(mine.office)), links=back)
        hours = opening.of_office(talk, mine.office, service_id=mine.service.id)
        return Done(lines(_("📍 Here is the office:"), hours), links=back, shows=(pin,))
    if talk.draft.wish == "agree":
        if not mine.is_ahead(now=talk.now):
            return Done(_what_became(talk, mine), links=back)
        consequences.agree(talk.desk, mine.id)
        appointments.say_they_come(talk.desk, mine)
        fee = wording.fee(ticket.fee_of(talk.desk, mine))
        return Done(paragraphs(_("Thank you. We expect you:"), _described(talk, mine, fee=fee)), links=back)
    is_of_all = talk.draft.wish == "cancel_all"
    group = appointments.given_back_with(talk.desk, mine) if is_of_all else [mine]
    until = appointments.books_none_after_this(talk.desk, group)
    if is_of_all:
        group = appointments.cancel_together(talk.desk, mine.id)
    else:
        appointments.cancel(talk.desk, mine.id)
    said = giving_back.done(group) if len(group) > 1 else _cancelled(mine)
    if until is not None:
        return Done(paragraphs(said, _none_until(until)))
    again = Go("book", f"service.{mine.service.id}")
    more = _("You can get another whenever you like.") if len(group) == 1 else giving_back.WHENEVER
    return Done(paragraphs(said, more), links=((_("🗓 Get a turn"), again),))


def _cancelled(mine: AppointmentRow) -> Param:
    """That it is cancelled, and which one it was: somebody may have several."""
    when = LocalMoment(mine.starts_at, mine.zone)
    return lines(
        _("⛔ **The turn of {person} is cancelled.**", person=mine.person_name or ""),
        _("🕘 It was: {when}", when=when),
        _("Code:"),
        mine.code,
    )


def _none_until(until: datetime) -> Param:
    return _("After so many cancelled turns, new ones can be taken here from {when}.", when=LocalMoment(until))


def _mine(talk: MyAppointmentsTalk) -> AppointmentRow:
    found = appointments.own(talk.desk, talk.draft.turn)
    if found is None:
        raise NotYours(talk.draft.turn)
    return found


def _described(
    talk: MyAppointmentsTalk,
    appointment: AppointmentRow,
    *,
    hours: Param | None = None,
    fee: Param | None = None,
    wishes: Param | None = None,
) -> Param:
    return lines(
        _("**{service}**", service=appointment.service.title),
        wording.when_where(appointment, today=talk.desk.today),
        hours,
        _("👤 {person}", person=appointment.person_name or ""),
        fee,
        wishes,
        _("Code:"),
        appointment.code,
    )


def _what_became(talk: MyAppointmentsTalk, appointment: AppointmentRow) -> Param:
    if appointment.state is AppointmentState.BOOKED:
        return lines(
            _("The time of this turn has passed."),
            _("The office has not written yet what became of it.") if not appointment.is_live else None,
        )
    if appointment.fall_is_told(now=talk.now):
        return lines(_("This turn no longer stands."), fallen.why())
    reason = appointment.cancel_reason
    return lines(
        _("This turn is no longer ahead: {state}.", state=labels.appointment_state(appointment.state)),
        _("Reason: {reason}", reason=reason) if reason else None,
    )


def _label(place: int, appointment: AppointmentRow, mine: Sequence[AppointmentRow]) -> Param:
    """Whose it is, with the day; a number before the name where two of a person are on one day."""
    day = LocalMoment(appointment.starts_at, appointment.zone).day
    is_only = sum((each.day, each.person_name) == (appointment.day, appointment.person_name) for each in mine) == 1
    name = wording.cut(appointment.person_name or "", letters=LETTERS_OF_A_NAME)
    its_day = _("{weekday} {day}", weekday=weekday(day.weekday), day=SolarDate.from_day(day).day)
    if is_only:
        return _("👤 {person}, {day}", person=name, day=its_day)
    return _("{n}. {person}, {day}", n=place, person=name, day=its_day)


def _line(place: int, appointment: AppointmentRow) -> Param:
    return _(
        "{n}. {service}, {person}: {when}",
        n=place,
        service=appointment.service.short_title,
        person=appointment.person_name or "",
        when=LocalDay(appointment.day)
        if appointment.is_walk_in
        else LocalMoment(appointment.starts_at, appointment.zone),
    )
