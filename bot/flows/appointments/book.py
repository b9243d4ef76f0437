"""Get a turn: the same as last time, or service, office, day and time; then for whom, and the last look."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Done, Go, Json, Meaning, Option, Question, Reading, Skip, Taken, Unclear
from bot.dialogue.says import Style
from bot.flows import links, wording
from bot.flows.appointments import free_times
from bot.flows.offices import find_office
from bot.flows.people import persons
from desk.appointments import chat as appointments
from desk.appointments.refusals import AlreadyHasTurn, SlotPassed
from desk.capacity import chat as capacity
from desk.catalogue import chat as catalogue
from desk.language.text import Param, lines, paragraphs, words
from desk.offices import chat as offices
from desk.people import chat as people
from desk.places import chat as places
from desk.values import LocalDay

if TYPE_CHECKING:
    from desk.capacity.rows import FreeSlot
    from desk.catalogue.rows import ServiceRow

_ = words("book")


@dataclass(slots=True)
class BookDraft(persons.PersonDraft):
    """What has been said so far. The person's fields come from `PersonDraft` and outlive another day or office."""

    service: int = 0
    province: str = ""
    found: list[Json] = field(default_factory=list)
    office: int = 0
    day: str = ""
    time: str = ""
    held: str = ""
    unkept: bool = False
    wanted_office: int = 0
    """The office whose poster or card brought the person here."""


GOOD = _("✅ This is good")

BookTalk = Talk[BookDraft]

flow = Flow("book", draft=BookDraft)


@flow.enter
def from_a_link(talk: BookTalk, arg: str) -> str | Go | None:
    """`service.<id>`, `of.<service code>`, `office.<code>` or `at.<service id>.<office id>`; else the beginning."""
    sort, _dot, rest = arg.partition(".")
    service, _dot, office = rest.partition(".")
    if sort == "of":
        card = catalogue.card_by_code(talk.desk, rest)
        sort, service = "service", str(card.id) if card else ""
    if sort == "office":
        row = offices.by_code(talk.desk, rest)
        talk.draft.wanted_office = row.id if row is not None and row.is_active else 0
        return "service"
    if sort not in ("service", "at") or _bookable(talk, service) is None:
        return None
    talk.draft.service = int(service)
    talk.draft.wanted_office = links.id_in(office)
    return "province" if office else None


@flow.step
def again(talk: BookTalk) -> Question | Skip:
    otherwise = Skip(then="province" if talk.draft.service else "service")
    last = appointments.last(talk.desk)
    if last is None or talk.draft.service not in (0, last.service_id):
        return otherwise
    offered, there = _bookable(talk, str(last.service_id)), offices.office(talk.desk, last.office_id)
    person = next((known for known in people.known(talk.desk) if known.person_id == last.person_id), None)
    soonest = capacity.first_free(talk.desk, service_id=last.service_id, office_ids=[last.office_id], limit=1)
    if offered is None:
        return replace(otherwise, gone=_("This service takes no turns now. These do:"))
    if there is None or person is None:
        return otherwise
    if not soonest:
        return replace(otherwise, gone=_("{office} has no free time for this any more.", office=there.name))
    if persons.live_turn(talk, person_id=person.person_id, service_id=offered.id):
        return otherwise
    for_them = {"service": offered.id, "known": person.id}
    same_office = for_them | {"office": there.id, "province": there.province_code}
    all_the_same = same_office | {"day": soonest[0].day.isoformat(), "time": str(soonest[0].slot_id)}
    return Question(
        paragraphs(
            _("**{service}** for **{person}**, like last time?", service=offered.title, person=person.nickname),
            lines(_when(talk, soonest[0]), wording.where(there)),
        ),
        options=(
            Option(
                f"y{soonest[0].slot_id}",
                GOOD,
                sets=all_the_same,
                then="confirm",
                style=Style.CONFIRM,
                means=Meaning.YES,
            ),
            Option("day", free_times.OTHER_DAY, sets=same_office, then="day"),
            Option("office", free_times.OTHER_OFFICE, sets=for_them, then="province"),
            Option(f"p{soonest[0].slot_id}", persons.SOMEBODY_ELSE, sets=all_the_same | persons.NOBODY, then="whom"),
            Option("service", _("Another service"), sets={"known": person.id}, then="service"),
        ),
        gone=free_times.JUST_TAKEN,
    )


@flow.step
def service(talk: BookTalk) -> Question | Skip:
    offered = catalogue.services(talk.desk, bookable_only=True)
    last = appointments.last(talk.desk)
    if len(offered) == 1 and (last is None or last.service_id == offered[0].id):
        return Skip({"service": offered[0].id})  # whoever came for another one before has to see that it is not that
    if not offered:
        return Question(
            _("No service takes turns here now."), options=(Option("ask", _("💬 Ask the desk"), then=Go("ask")),)
        )
    return Question(
        _("A turn for which service?"),
        options=tuple(Option(f"s{row.id}", row.short_title, sets={"service": row.id}) for row in offered),
        reads=lambda typed: _search(talk, typed),
    )


@flow.step
def province(talk: BookTalk) -> Question | Skip:
    if talk.draft.wanted_office:
        wanted = offices.office(talk.desk, talk.draft.wanted_office)
        offering = offices.in_province(talk.desk, wanted.province_code, service_id=talk.draft.service) if wanted else ()
        if wanted is not None and any(row.id == wanted.id for row in offering):
            return Skip({"office": wanted.id, "province": wanted.province_code}, then="offer")
    return find_office.ask_province(talk, service_id=talk.draft.service)


@flow.step
def office(talk: BookTalk) -> Question | Skip:
    only = find_office.only_office(talk, service_id=talk.draft.service)
    if only is not None:
        return Skip({"office": only.id, "province": only.province_code})
    return find_office.ask_office(talk, service_id=talk.draft.service)


@flow.step
def offer(talk: BookTalk) -> Question | Skip:
    row = offices.office(talk.desk, talk.draft.office)
    kept = free_times.kept_slot(talk, service_id=talk.draft.service)
    soonest = capacity.first_free(talk.desk, service_id=talk.draft.service, office_ids=[talk.draft.office], limit=1)
    slot = kept or (soonest[0] if soonest else None)
    if row is None or slot is None:
        return free_times.nothing_free(talk, service_id=talk.draft.service, then="whom")
    # Somebody who chose a later one and came back still sees that: it is the soonest of all only when it is.
    is_soonest = not soonest or slot.starts_at <= soonest[0].starts_at
    heading = _("The soonest free time:") if is_soonest else _("The time that you chose:")
    return Question(
        paragraphs(heading, lines(_when(talk, slot), wording.where(row))),
        options=(
            Option(
                f"y{slot.slot_id}",  # the very time that is on the screen, not whichever is the soonest by now
                GOOD,
                sets={"day": slot.day.isoformat(), "time": str(slot.slot_id)},
                then="whom",
                style=Style.CONFIRM,
                means=Meaning.YES,
            ),
            Option("day", free_times.OTHER_DAY, means=Meaning.NO),  # «no» is also how «nine» is written
            Option("office", free_times.OTHER_OFFICE, sets={"found": [], "wanted_office": 0}, then="province"),
        ),
        reads=lambda typed: free_times.read_when(talk, typed, slot, service_id=talk.draft.service, then="whom"),
        gone=free_times.JUST_TAKEN,
    )


@flow.step
def day(talk: BookTalk) -> Question:
    return free_times.ask_day(
        talk,
        service_id=talk.draft.service,
        then="whom",
        extra=(Option("office", free_times.OTHER_OFFICE, sets={"found": [], "wanted_office": 0}, then="province"),),
    )


@flow.step
def time(talk: BookTalk) -> Question | Skip:
    return free_times.ask_time(talk, service_id=talk.draft.service)


@again.answered
@service.answered
@province.answered
@office.answered
@offer.answered
@day.answered
@time.answered
def keep_the_place(talk: BookTalk) -> None:
    free_times.keep_the_place(talk, service_id=talk.draft.service)


@flow.leave
def free_the_place(talk: BookTalk) -> None:
    places.release(talk.desk)


persons.ask_for_whom(flow)


@flow.step
def confirm(talk: BookTalk) -> Question | Skip:
    draft = talk.draft
    slot, row = free_times.slot_of(talk, service_id=draft.service), offices.office(talk.desk, draft.office)
    if not persons.is_known(talk):
        return Skip(then="whom")
    card = catalogue.card(
        talk.desk, draft.service, province_code=row.province_code if row else None, on=LocalDay(slot.day)
    )
    if row is None or card is None:
        raise SlotPassed(slot.slot_id)
    earlier = persons.live_turn(talk, person_id=persons.person_id(talk), service_id=draft.service)
    if earlier is not None:
        raise AlreadyHasTurn(
            earlier.id,
            is_own_chat=True,
            can_be_changed=earlier.is_ahead(now=talk.now),
        )
    return Question(
        paragraphs(
            lines(
                _("**{service}**", service=card.title),
                _when(talk, slot),
                wording.where(row),
                _("👤 {person}", person=persons.name_of(talk)),
                wording.fee(card.fee),
            ),
            free_times.not_kept(talk),
            _("Shall we book this turn?"),
        ),
        options=(
            Option("yes", _("✅ Book the turn"), style=Style.CONFIRM, means=Meaning.YES),
            Option("day", free_times.OTHER_DAY, then="day", means=Meaning.NO),
            Option("person", persons.SOMEBODY_ELSE, sets=persons.NOBODY, then="whom"),
        ),
    )


@flow.finish
def booked(talk: BookTalk) -> Done:
    with free_times.or_let_go(talk):
        appointments.book(
            talk.desk,
            key=talk.key,
            slot_id=int(talk.draft.time),
            service_id=talk.draft.service,
            person=persons.chosen(talk) or (lambda: persons.remembered(talk)),
        )
    talk.draft.held = ""
    return Done(_("✅ The turn is booked. The ticket comes in the next message."))


def _when(talk: BookTalk, slot: FreeSlot) -> Param:
    return _("🕘 **{when}**", when=wording.moment(slot.starts_at, slot.zone, today=talk.desk.today))


def _bookable(talk: BookTalk, service_id: str) -> ServiceRow | None:
    offered = catalogue.services(talk.desk, bookable_only=True)
    return next((row for row in offered if str(row.id) == service_id), None)


def _search(talk: BookTalk, typed: str) -> Reading:
    found = catalogue.search(talk.desk, typed)
    bookable = [row for row in found if row.is_bookable]
    if len(bookable) == 1 or (bookable and bookable[0].id == found[0].id):
        return Taken({"service": bookable[0].id})
    if found and not bookable:
        return Unclear(_("{service} takes no turns here. These do:", service=found[0].title))
    return None
