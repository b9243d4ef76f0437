"""A standing request: for which service, where, when and for whom somebody waits; all is suggested, and read back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Done, Go, Meaning, Option, Question, Reading, Skip, Taken
from bot.dialogue.says import ButtonStyle
from bot.dialogue.steps import Step
from bot.flows import links
from bot.flows.draws import saying as drawing
from bot.flows.offices import find_office
from bot.flows.offices.find_office import OfficeDraft
from bot.flows.people import persons, storing
from bot.flows.people.persons import PersonDraft
from bot.flows.waiting import saying, ways_in, wishes
from bot.flows.waiting.wishes import WishDraft
from desk.appointments import chat as appointments
from desk.capacity import chat as capacity
from desk.catalogue import chat as catalogue
from desk.language.text import Param, lines, paragraphs, words
from desk.offices import chat as offices
from desk.people import chat as people
from desk.values import LocalMoment
from desk.waiting import chat as waiting
from desk.waiting.refusals import AlreadyWaiting, NotLive, NotYourRequest

if TYPE_CHECKING:
    from desk.appointments.rows import AppointmentRow
    from desk.catalogue.rows import ServiceRow
    from desk.waiting.rows import RequestRow

_ = words("wait")


@dataclass(slots=True)
class WaitDraft:
    """`request` = the one whose wishes are corrected; 0 = a new one."""

    request: int = 0
    service: int = 0
    where: OfficeDraft = field(default_factory=OfficeDraft)
    is_adding: bool = False
    """True = one more office is looked for."""
    wishes: WishDraft = field(default_factory=WishDraft)
    person: PersonDraft = field(default_factory=PersonDraft)


WaitTalk = Talk[WaitDraft]

flow = Flow("wait", draft=WaitDraft, asks_much=True, looks_last=True)


@flow.enter
def from_where(talk: WaitTalk, arg: str) -> Step[WaitTalk] | Go | None:
    """`at.<service>.<office>.<known>`, with `.<weekday>` of a time that does not suit, `turn.<appointment>`,
    `edit.<request>`, `anew.<request>`, or `again`, as last time."""
    sort, _dot, rest = arg.partition(".")
    said = rest.split(".")
    ids = [links.id_in(each) for each in said]
    draft = talk.draft
    match sort:
        case "turn" if (mine := appointments.own(talk.desk, ids[0])) is not None:
            _suggest(talk, mine.service.id, mine.office.id, person_id=mine.person_id)
        case "edit":
            request = waiting.own(talk.desk, ids[0])
            if request is None or not request.is_live:
                return Go("request", str(ids[0]))
            draft.request, draft.service = request.id, request.service.id
            draft.wishes = wishes.drafted(request.wish, today=talk.desk.today)
            draft.person = _known(talk, request.person_ids[0] if request.person_ids else None)
        case "anew" if (over := waiting.own(talk.desk, ids[0])) is not None:
            before = wishes.drafted(over.wish, today=talk.desk.today)
            draft.wishes = replace(before, first="", last="")
            draft.person = _known(talk, over.person_ids[0] if over.person_ids else None)
            if _bookable(talk, over.service.id) is not None:
                draft.service = over.service.id
                places_with_it(talk)
        case "at" if len(ids) >= 2:  # a service and an office
            _suggest(talk, ids[0], ids[1])
            if len(ids) > 2 and any(row.id == ids[2] for row in people.known(talk.desk)):
                draft.person = PersonDraft(known=ids[2])
            if len(said) > 3:
                draft.wishes.leave_out(said[3])
        case _:
            _as_last_time(talk)
    return None


def _as_last_time(talk: WaitTalk) -> None:
    """What was booked last, or what is booked now."""
    last, mine = appointments.last(talk.desk), appointments.mine(talk.desk)
    if last is not None:
        _suggest(talk, last.service_id, last.office_id, person_id=last.person_id)
    elif mine:
        _suggest(talk, mine[0].service.id, mine[0].office.id, person_id=mine[0].person_id)


def _suggest(talk: WaitTalk, service_id: int, office_id: int, *, person_id: int | None = None) -> None:
    """What is known is not asked, and read back before it binds; the office has to offer the service."""
    draft = talk.draft
    if _bookable(talk, service_id) is None:
        return
    draft.service = service_id
    draft.person = _known(talk, person_id)
    if _offers(talk, office_id, service_id=service_id):
        draft.wishes.offices = [office_id]


@flow.step(asks="service")
def service(talk: WaitTalk) -> Question | Skip:
    offered = capacity.services(talk.desk)
    if len(offered) == 1:
        return Skip({"service": offered[0].id})
    return Question(
        _("For which service do you wait for a turn?"),
        options=tuple(Option(f"s{row.id}", row.short_title, sets={"service": row.id}) for row in offered)
        or (Option("ask", _("💬 Ask the desk"), then=Go("ask")),),
        reads=lambda typed: _search(talk, typed),
    )


@service.answered
def places_with_it(talk: WaitTalk) -> None:
    """Keep of the places those that offer the service."""
    draft = talk.draft
    codes = {row.code for row in capacity.provinces(talk.desk, service_id=draft.service)}
    draft.wishes.provinces = [code for code in draft.wishes.provinces if code in codes]
    draft.wishes.offices = [each for each in draft.wishes.offices if _offers(talk, each, service_id=draft.service)]


where = flow.place(
    find_office.block,
    part=lambda draft: draft.where,
    given=lambda talk: find_office.WantedOffice(service_id=talk.draft.service),
    unless=lambda draft: draft.wishes.has_places and not draft.is_adding,
)


@flow.step(unless=lambda draft: not draft.where.office)
def this_office(talk: WaitTalk) -> Skip:
    """The office that was found becomes one of the places."""
    draft = talk.draft
    return Skip({"where": OfficeDraft(), "is_adding": False, "wishes": _with_office(talk, draft.where.office or 0)})


def _wished(talk: WaitTalk) -> wishes.Wished:
    return wishes.Wished(
        service_id=talk.draft.service,
        one_more=lambda listed: {"where": listed, "is_adding": True},
        search=lambda typed: find_office.search(where(talk), typed),
    )


wished = flow.place(wishes.block, part=lambda draft: draft.wishes, given=_wished, stays=True)
for_whom = flow.place(persons.block, part=lambda draft: draft.person, given=lambda talk: None, stays=True)


@flow.step(aside=True)
def whose(talk: WaitTalk) -> Question | Skip:
    """For whom, to be corrected."""
    person = persons.someone(for_whom(talk))
    if person is None:
        return Skip(then=persons.whom)
    holder, correct = persons.read_back(person, into="person")
    return Question(
        lines(holder, _("What shall we correct?")),
        options=(
            Option("person", persons.SOMEBODY_ELSE, sets={"person": PersonDraft()}, then=persons.whom),
            *correct,
        ),
    )


@flow.step
def confirm(talk: WaitTalk) -> Question | Skip:
    draft = talk.draft
    offered = catalogue.card(talk.desk, draft.service)
    person = persons.someone(for_whom(talk))
    if person is None:
        return Skip(then=persons.whom)
    if not draft.wishes.has_places or offered is None:
        return Skip(then=find_office.province)
    request = _edited(talk)
    if request is None:
        _require_none(talk, person.person_id)
    holder, _correct = persons.read_back(person, into="person")
    drawn = _drawn(talk) if request is None else None
    earlier = appointments.of_person(talk.desk, person_id=person.person_id, service_id=draft.service)
    return Question(
        paragraphs(
            lines(
                _("🔔 **{service}**", service=offered.title),
                holder,
                saying.wish_in_words(talk.desk, draft.wishes.wish(today=talk.desk.today)),
            ),
            _stays(earlier) if earlier is not None else None,
            _how_given(drawn) if request is None else _("Shall we change it so? Your place on the list stays."),
        ),
        options=(*_agree(request, is_drawn=drawn is not None), *_corrections(talk, request)),
        reads=lambda typed: _read_wishes(talk, typed),
    )


@flow.finish
def waits(talk: WaitTalk) -> Done:
    draft = talk.draft
    wish = draft.wishes.wish(today=talk.desk.today)
    request = _edited(talk)
    if request is not None:
        waiting.change(talk.desk, request.id, wish=wish)
        return Done(
            paragraphs(_("✅ It is changed. Your place on the list stays."), saying.wish_in_words(talk.desk, wish)),
            links=((ways_in.WAITING_LIST, Go("request", str(request.id))),),
        )
    asked = waiting.ask(
        talk.desk, key=talk.key, service_id=draft.service, people=[storing.stored(for_whom(talk))], wish=wish
    )
    mine = waiting.own(talk.desk, asked.request_id)
    drawn = drawing.of_request(talk.desk, mine) if mine is not None else None
    if mine is not None and drawn is not None:
        return Done(
            paragraphs(_("✅ **You are written in.** It is free: pay nobody for it."), drawn, drawing.number_of(mine)),
            links=((ways_in.WAITING_LIST, Go("request", str(asked.request_id))),),
        )
    return Done(
        lines(
            _("✅ **You are on the waiting list.**"),
            _("When a time comes to you, we write here; you need not look again."),
            _("It is free: pay nobody for it."),
        ),
        links=((ways_in.WAITING_LIST, Go("request", str(asked.request_id))),),
    )


def _drawn(talk: WaitTalk) -> Param | None:
    """How and when such a place is drawn; None = it is given by the waiting list."""
    wish = talk.draft.wishes.wish(today=talk.desk.today)
    return drawing.before_asking(talk.desk, service_id=talk.draft.service, wish=wish)


def _how_given(drawn: Param | None) -> Param:
    """In which order such a place is given: drawn, or by the waiting list."""
    if drawn is not None:
        return drawn
    return lines(
        _("Such a time is offered first to who waits since an earlier day; of one day a lot decides."),
        _("Shall we tell you?"),
    )


def _agree(request: RequestRow | None, *, is_drawn: bool) -> tuple[Option, ...]:
    """The answers to what is asked, in its own words."""
    if request is None:
        agree = _("✅ Yes, write me in") if is_drawn else _("✅ Yes, tell me")
        return (Option("yes", agree, style=ButtonStyle.CONFIRM, means=Meaning.YES),)
    return (
        Option("yes", _("✅ Yes, change it"), style=ButtonStyle.CONFIRM, means=Meaning.YES),
        Option("keep", _("No, leave it"), then=Go("request", str(request.id)), means=Meaning.NO),
    )


def _corrections(talk: WaitTalk, request: RequestRow | None) -> tuple[Option, ...]:
    """What asks for each wish again; service and person of a request that stands are not changed."""
    of_request = (
        Option("days", _("🗓 Other days or times"), then=wishes.weekdays),
        Option("last", _("📅 From when, how long"), then=wishes.last),
        Option("places", _("📍 Other places"), then=wishes.places),
    )
    if request is not None:
        return of_request
    several = len(capacity.services(talk.desk)) > 1
    return (
        *of_request,
        Option("person", _("👤 Name or person"), then=whose),
        *((Option("service", _("Another service"), then=service),) if several else ()),
    )


def _stays(earlier: AppointmentRow) -> Param:
    when = LocalMoment(earlier.starts_at, earlier.zone)
    return _("🎫 Your turn of {when} stays until you take another.", when=when)


def _edited(talk: WaitTalk) -> RequestRow | None:
    """The request whose wishes are corrected; None = a new one. Raises `NotYourRequest`, `NotLive`."""
    if not talk.draft.request:
        return None
    request = waiting.own(talk.desk, talk.draft.request)
    if request is None:
        raise NotYourRequest(talk.draft.request)
    if not request.is_live:
        raise NotLive(request.id, request.state)
    return request


def _require_none(talk: WaitTalk, person_id: int | None) -> None:
    """Raise `AlreadyWaiting` before anything more is asked."""
    for request in waiting.mine(talk.desk):
        if person_id in request.person_ids and request.service.id == talk.draft.service:
            raise AlreadyWaiting(request.id)


def _known(talk: WaitTalk, person_id: int | None) -> PersonDraft:
    """This person of the chat; with None the only one it has named."""
    known = people.known(talk.desk)
    if person_id is None and len(known) == 1:
        person_id = known[0].person_id
    row = next((row for row in known if row.person_id == person_id), None)
    return PersonDraft(known=row.id) if row is not None and not row.is_in_doubt else PersonDraft()


def _with_office(talk: WaitTalk, office_id: int) -> WishDraft:
    wished = talk.draft.wishes
    return replace(wished, offices=wishes.with_office(talk.desk, wished, office_id))


def _read_wishes(talk: WaitTalk, typed: str) -> Reading:
    meant = wishes.with_weekly(talk.draft.wishes, typed)
    return Taken({"wishes": meant}, then=confirm) if meant is not None else None


def _bookable(talk: WaitTalk, service_id: int) -> ServiceRow | None:
    return next((row for row in capacity.services(talk.desk) if row.id == service_id), None)


def _offers(talk: WaitTalk, office_id: int, *, service_id: int) -> bool:
    row = offices.office(talk.desk, office_id)
    if row is None:
        return False
    return any(
        each.id == office_id for each in capacity.offices_in(talk.desk, row.province_code, service_id=service_id)
    )


def _search(talk: WaitTalk, typed: str) -> Reading:
    offered = {row.id for row in capacity.services(talk.desk)}
    found = [row for row in catalogue.search(talk.desk, typed) if row.id in offered]
    return Taken({"service": found[0].id}) if len(found) == 1 else None
