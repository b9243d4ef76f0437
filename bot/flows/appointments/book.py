"""Book an appointment: as last time, or by service, office, day and time; then for whom, and a last check."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import (
    UNKNOWN_LINK,
    Done,
    Go,
    Json,
    Meaning,
    Option,
    Question,
    Reading,
    Skip,
    Taken,
)
from bot.dialogue.says import ButtonStyle
from bot.dialogue.steps import Step
from bot.flows import links, wording
from bot.flows.appointments import assistance, bookable, booking_wish, free_times, only_person, several, travel
from bot.flows.appointments.free_times import TimeDraft
from bot.flows.appointments.suggesting import Suggestion, suggest
from bot.flows.appointments.travel import TravelDraft
from bot.flows.offices import find_office
from bot.flows.offices.find_office import OfficeDraft
from bot.flows.people import persons, storing
from bot.flows.people.persons import PersonDraft
from bot.flows.tables import Links
from bot.flows.waiting import ways_in
from desk.appointments import chat as appointments
from desk.appointments.refusals import AlreadyHasAppointment, SlotPassed
from desk.capacity import chat as capacity
from desk.catalogue import chat as catalogue
from desk.language.text import Param, lines, paragraphs, words
from desk.offices import chat as offices
from desk.people import chat as people
from desk.places import chat as places
from desk.values import LocalDay

if TYPE_CHECKING:
    from datetime import date

    from desk.capacity.rows import FreeSlot

_ = words("book")


@dataclass(slots=True)
class BookDraft:
    """The draft of a booking; the person stays when another day or office is chosen."""

    service: int = 0
    wanted_office: int = 0
    """The office of the poster or card by which the person came."""
    wanted_place: str = ""
    """The city or province that the person named before the booking began (`NamedPlace.stored`)."""
    wished: str = ""
    """When they wish to come, by what they wrote then (`WishedTime.stored`)."""
    people: int = 0
    """For how many people, by what they wrote; several lead to the booking of a household."""
    is_read: bool = False
    """True = the service was read from what they wrote, and is said where the office is asked for."""
    where: OfficeDraft = field(default_factory=OfficeDraft)
    when: TimeDraft = field(default_factory=TimeDraft)
    person: PersonDraft = field(default_factory=PersonDraft)
    travel: TravelDraft = field(default_factory=TravelDraft)
    assistance: list[str] = field(default_factory=list)
    """What they wish for at the counter (`Assistance`)."""


GOOD = _("✅ This is good")

BookTalk = Talk[BookDraft]

flow = Flow("book", draft=BookDraft, asks_much=True, looks_last=True)

LINKS: Final[Links] = {
    "o": lambda code: Go("book", f"office.{code}") if code else None,
    "b": lambda code: Go("book", f"of.{code}") if code else None,
}
"""`o_<office code>` and `b_<service code>`, as on posters and cards."""


@flow.enter
def from_a_link(talk: BookTalk, arg: str) -> Step[BookTalk] | Go | None:
    """`service.<id>`, `of.<service code>`, `office.<code>`, `at.<service id>.<office id>` or what was written before
    (`booking_wish`); else the beginning.

    A service that takes no appointments leads to its page: another one is never put in its place unsaid.
    """
    sort, _dot, rest = arg.partition(".")
    number, _dot, office = rest.partition(".")
    if sort == "of":
        card = catalogue.card_by_code(talk.desk, rest)
        if card is None or not card.is_published:
            return UNKNOWN_LINK
        sort, number = "service", str(card.id)
    if sort == "office":
        row = offices.by_code(talk.desk, rest)
        if row is None or not row.is_active:
            return UNKNOWN_LINK
        talk.draft.wanted_office = row.id
        talk.draft.person = only_person.to_come(talk.desk, service_id=talk.draft.service)
        return service
    if sort == booking_wish.SORT:
        wish = booking_wish.wish_in(rest)
        talk.draft.wished, talk.draft.wanted_place, talk.draft.people = wish.when, wish.place, wish.people
        if not wish.service:
            return service if wish.place or wish.people else None
        sort, number, office, talk.draft.is_read = "service", str(wish.service), "", True
    if sort not in ("service", "at"):
        return None
    if bookable.named(talk.desk, number) is None:
        card = catalogue.card(talk.desk, links.id_in(number))
        return Go("services", str(card.id)) if card is not None and card.is_published else None
    talk.draft.service = int(number)
    talk.draft.wanted_office = links.id_in(office)
    talk.draft.person = only_person.to_come(talk.desk, service_id=talk.draft.service)
    return wanted if office or talk.draft.wanted_place or talk.draft.people else None


@flow.step(optional=True)
def again(talk: BookTalk) -> Question | Skip:
    otherwise = Skip()
    last = appointments.last(talk.desk)
    if last is not None:
        appointments.require_room(talk.desk)  # said before anything is asked
    if last is None or talk.draft.service not in (0, last.service_id):
        return otherwise
    offered, there = bookable.named(talk.desk, str(last.service_id)), offices.office(talk.desk, last.office_id)
    person = next((known for known in people.known(talk.desk) if known.person_id == last.person_id), None)
    found = suggest(talk.desk, talk.draft.wished, service_id=last.service_id, office_id=last.office_id)
    slot = found.slot
    if offered is None:
        return replace(otherwise, gone=_("This service takes no turns now. These do:"))
    if there is None or person is None or person.is_in_doubt:
        return otherwise
    if found.soonest is None:
        return replace(otherwise, gone=_("{office} has no free time for this any more.", office=there.name))
    if slot is None or appointments.of_person(talk.desk, person_id=person.person_id, service_id=offered.id):
        return otherwise
    for_them: dict[str, Json] = {"service": offered.id, "person": PersonDraft(known=person.id)}
    same_office = for_them | {"where": find_office.chosen(there)}
    all_the_same = same_office | {"when": free_times.chosen(slot)}
    return Question(
        paragraphs(
            _("**{service}** for **{person}**, like last time?", service=offered.title, person=person.nickname),
            lines(found.of_wish, _when(talk, slot), wording.where(there)),
        ),
        options=(
            Option(
                f"y{slot.slot_id}",
                GOOD,
                sets=all_the_same,
                style=ButtonStyle.CONFIRM,
                means=Meaning.YES,
            ),
            Option("day", free_times.OTHER_DAY, sets=same_office | {"when": TimeDraft(is_picked=True)}),
            Option("office", free_times.OTHER_OFFICE, sets=for_them),
            Option(f"p{slot.slot_id}", persons.SOMEBODY_ELSE, sets=all_the_same | {"person": PersonDraft()}),
            Option("service", _("Another service"), sets={"person": PersonDraft(known=person.id)}),
            several.option(offered.id, there.id),
            ways_in.option(ways_in.at(offered.id, there.id, known=person.id, but=slot.day)),
        ),
        gone=free_times.JUST_TAKEN,
    )


@flow.step(asks="service")
def service(talk: BookTalk) -> Question | Skip:
    offered = capacity.services(talk.desk)
    if len(offered) == 1:
        last = appointments.last(talk.desk)
        if last is None or last.service_id == offered[0].id:
            return Skip({"service": offered[0].id})
        # The person may have come for another service: the question says which one this is.
    if not offered:
        return Question(
            _("No service takes turns here now."), options=(Option("ask", _("💬 Ask the desk"), then=Go("ask")),)
        )
    return Question(
        _("A turn for which service?"),
        options=tuple(
            Option(f"s{row.id}", row.short_title, sets={"service": row.id, "is_read": False}) for row in offered
        ),
        reads=lambda typed: bookable.search(talk, typed, then=service),
    )


@flow.step(optional=True)
def wanted(talk: BookTalk) -> Skip | Go:
    """The office of the link by which the person came, if it offers the service: then none is asked for. Of a city or
    province that they named, only the offices there are asked about.

    Where it does not, that is said, with the nearest that do.
    """
    if talk.draft.people:
        return several.of_so_many(talk.draft.service, talk.draft.wanted_office, talk.draft.people)
    row = offices.office(talk.desk, talk.draft.wanted_office) if talk.draft.wanted_office else None
    if row is None:
        there = find_office.of_place(where(talk), talk.draft.wanted_place) if talk.draft.wanted_place else None
        return Skip({"where": there}) if there is not None else Skip()
    offering = capacity.offices_in(talk.desk, row.province_code, service_id=talk.draft.service)
    if all(each.id != row.id for each in offering):
        return Skip({"where": find_office.instead_of(where(talk), row)})
    return Skip({"where": find_office.chosen(row)})


def keep_the_place(talk: BookTalk) -> None:
    travel.settle(talk.draft.travel, talk.draft.where.province)
    free_times.keep_the_place(times(talk))


where = flow.place(
    find_office.block,
    part=lambda draft: draft.where,
    given=lambda talk: find_office.WantedOffice(service_id=talk.draft.service, question=_which_office(talk)),
    answered=keep_the_place,
)


@flow.step(unless=lambda draft: bool(draft.when.time or draft.when.day or draft.when.is_picked))
def offer(talk: BookTalk) -> Question | Skip:
    service_id, office_id = talk.draft.service, talk.draft.where.office or 0
    row = offices.office(talk.desk, office_id)
    kept = free_times.kept_slot(times(talk))
    found = suggest(talk.desk, talk.draft.wished, service_id=service_id, office_id=office_id)
    slot = kept or found.slot
    if row is None or (slot is None and found.soonest is None):
        return free_times.nothing_free(times(talk))
    if slot is None:
        return Skip({"when": TimeDraft(is_picked=True)})  # all that is free begins too soon to be suggested
    # A later slot that the person chose is still shown; it is called the soonest only when it is.
    if kept is not None and found.soonest is not None and kept.starts_at > found.soonest.starts_at:
        heading: Param = _("The time that you chose:")
    else:
        heading = (found if kept is None else Suggestion(found.soonest, kept)).heading
    return Question(
        paragraphs(heading, lines(_when(talk, slot), wording.where(row))),
        options=(
            Option(
                f"y{slot.slot_id}",  # the slot on the screen, not the soonest one by now
                GOOD,
                sets={"when": free_times.chosen(slot)},
                style=ButtonStyle.CONFIRM,
                means=Meaning.YES,
            ),
            Option("day", free_times.OTHER_DAY, means=Meaning.NO),  # «no» is also how «nine» is written
            Option("office", free_times.OTHER_OFFICE, then=find_office.province),
            several.option(service_id, office_id),
            ways_in.option(_waits(talk, but=slot.day)),
        ),
        reads=lambda typed: _when_read(talk, typed, slot),
        gone=free_times.JUST_TAKEN,
    )


times = flow.place(
    free_times.block,
    part=lambda draft: draft.when,
    given=lambda talk: free_times.WantedTime(
        service_id=talk.draft.service,
        office_id=talk.draft.where.office or 0,
        elsewhere=lambda other: {"where": find_office.chosen(other.office), "when": free_times.chosen(other.slot)},
        waits=_waits(talk),
    ),
    answered=keep_the_place,
)

for each in (again, service, offer):
    each.answered(keep_the_place)


@flow.leave
def free_the_place(talk: BookTalk) -> None:
    places.release(talk.desk)


for_whom = flow.place(persons.block, part=lambda draft: draft.person, given=lambda talk: None, stays=True)


@flow.step(aside=True)
def help_there(talk: BookTalk) -> Question:
    """What would help the person at the office; nobody passes here who does not ask for it."""
    draft = talk.draft
    return assistance.asks(talk.desk, draft.where.office or 0, chosen=draft.assistance, then=confirm)


@flow.step(aside=True)
def paper_province(talk: BookTalk) -> Question | Skip:
    draft, row = talk.draft, offices.office(talk.desk, talk.draft.where.office or 0)
    if row is None:
        return Skip(then=find_office.province)
    return travel.asks(
        talk.desk, draft.travel, service_id=draft.service, office=row, people=1, again=paper_province, then=confirm
    )


@flow.step
def confirm(talk: BookTalk) -> Question | Skip:
    draft = talk.draft
    time = times(talk)
    slot, row = free_times.slot_of(time), offices.office(talk.desk, draft.where.office or 0)
    person = persons.someone(for_whom(talk))
    if person is None:
        return Skip(then=persons.whom)
    offered = catalogue.service(talk.desk, draft.service)
    if row is None or offered is None:
        raise SlotPassed(slot.slot_id)
    says = offered.needs_slip or offered.paper_province
    if says and travel.is_open(draft.travel, offered, row, kinds=(person.paper,)):
        return Skip(then=paper_province)
    earlier = appointments.of_person(talk.desk, person_id=person.person_id, service_id=draft.service)
    if earlier is not None:
        raise AlreadyHasAppointment(
            earlier.id,
            is_own_chat=True,
            can_be_changed=earlier.is_ahead(now=talk.now),
        )
    fee = catalogue.fee_on(talk.desk, draft.service, day=LocalDay(slot.day), province_code=row.province_code)
    holder, correct = persons.read_back(person, into="person")
    return Question(
        paragraphs(
            lines(
                _("**{service}**", service=offered.title),
                _when(talk, slot),
                wording.where(row),
                holder,
                wording.fee(fee),
            ),
            assistance.at_last_look(talk.desk, row.id, day=slot.day, chosen=draft.assistance)
            if draft.assistance
            else None,
            free_times.how_long_kept(time, slot),
            _("Shall we book this turn?"),
        ),
        options=(
            Option("yes", _("✅ Book the turn"), style=ButtonStyle.CONFIRM, means=Meaning.YES),
            Option("day", free_times.OTHER_DAY, then=free_times.day, means=Meaning.NO),
            *correct,
            Option("person", persons.SOMEBODY_ELSE, sets={"person": PersonDraft()}, then=persons.whom),
            Option("wish", assistance.WHICH, then=help_there),
        ),
    )


@flow.finish
def booked(talk: BookTalk) -> Done:
    with free_times.or_let_go(times(talk)):
        appointments.book(
            talk.desk,
            key=talk.key,
            slot_id=int(talk.draft.when.time),
            service_id=talk.draft.service,
            person=storing.stored(for_whom(talk)),
            wished=assistance.kinds_in(talk.draft.assistance) if talk.draft.assistance else (),
        )
    talk.draft.when.held = ""
    return Done(_("✅ The turn is booked. The ticket comes in the next message."))


def _which_office(talk: BookTalk) -> Param:
    """The question for the office, below the service where nobody pressed its button."""
    read = bookable.named(talk.desk, str(talk.draft.service)) if talk.draft.is_read else None
    which = find_office.WHICH_ONE
    return which if read is None else lines(_("🗓 **{service}**", service=read.title), which)


def _waits(talk: BookTalk, *, but: date | None = None) -> Go:
    return ways_in.at(talk.draft.service, talk.draft.where.office or 0, known=talk.draft.person.known, but=but)


def _when(talk: BookTalk, slot: FreeSlot) -> Param:
    return _("🕘 **{when}**", when=wording.moment(slot.starts_at, slot.zone, today=talk.desk.today))


def _when_read(talk: BookTalk, typed: str, slot: FreeSlot) -> Reading:
    meant = free_times.read_when(times(talk), typed, slot)
    return Taken({"when": meant}) if isinstance(meant, TimeDraft) else meant
