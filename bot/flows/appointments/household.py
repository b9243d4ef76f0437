"""Book for several people at once: who comes, where, when all can come together, and one last look at everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.dialogue.flow import Flow
from bot.dialogue.questions import Done, Go, Meaning, Option, Question, Skip
from bot.dialogue.says import ButtonStyle
from bot.flows import links, wording
from bot.flows.appointments import assistance, free_times, household_people, household_screens, household_times, travel
from bot.flows.appointments.free_times import NOT_TO_BE_HAD, OTHER_DAY, OTHER_OFFICE, TimeDraft
from bot.flows.appointments.household_people import FEWEST, HouseholdDraft, HouseholdTalk
from bot.flows.offices import find_office
from bot.flows.people import persons
from bot.flows.people.persons import PersonDraft
from bot.flows.waiting import saying, ways_in
from desk.appointments import chat as appointments
from desk.capacity import chat as capacity
from desk.catalogue import chat as catalogue
from desk.language.text import ShortDay, lines, paragraphs, words
from desk.offices import chat as offices
from desk.people import chat as people
from desk.places import chat as places
from desk.places.rules import MOST_TOGETHER
from desk.refusals import Refusal
from desk.values import LocalDay
from desk.waiting import chat as waiting

_ = words("household")

flow = Flow("household", draft=HouseholdDraft, asks_much=True, looks_last=True)

ONE_MORE: PersonDraft = PersonDraft(is_one_more=True)


@dataclass(frozen=True)
class TimesTaken(Refusal):
    """One of the places of the household was taken meanwhile."""


@flow.enter
def from_a_time(talk: HouseholdTalk, arg: str) -> Go | None:
    """`at.<service>.<office>`, from what was looked at, and after it for how many people, by what they wrote; anything
    else leads to an ordinary booking."""
    sort, _dot, rest = arg.partition(".")
    number, _dot, office = rest.partition(".")
    office, _dot, people = office.partition(".")
    draft = talk.draft
    draft.wanted = links.id_in(people)
    if sort != "at" or all(str(row.id) != number for row in capacity.services(talk.desk)):
        return Go("book")
    draft.service = int(number)
    row = offices.office(talk.desk, links.id_in(office))
    if row is not None and household_times.offers(talk, row.id, row.province_code):
        draft.where = find_office.chosen(row)
    draft.members = household_people.suggested(talk.desk, service_id=draft.service, people=draft.wanted)
    return None


@flow.step(asks="is_chosen")
def people_of_it(talk: HouseholdTalk) -> Question:
    """Who comes: known people are ticked, others are added."""
    appointments.require_room(talk.desk)  # said before anything is asked
    draft = talk.draft
    chosen = household_people.members_of(talk)
    known = people.known(talk.desk)
    have = [row for row in known if household_people.has_it(talk.desk, row, service_id=draft.service)]
    enough = Option(
        "enough",
        _("Yes, these {n} people", n=len(chosen)),
        sets={"is_chosen": True},
        style=ButtonStyle.CONFIRM,
        means=Meaning.YES,
    )
    is_whole = len(chosen) >= FEWEST and not household_people.is_without_any_paper(chosen)
    return Question(
        lines(
            _("👤 Who comes together? One request, all or nobody."),
            _("Now: {people}", people=household_people.named(chosen)) if chosen else None,
            household_screens.still_missing(draft, chosen)
            or household_screens.what_else(draft, chosen, known=known, have=have),
        ),
        options=(
            *((enough,) if is_whole else ()),
            *(
                household_screens.tick(draft, f"k{row.id}", row.nickname, then=people_of_it)
                for row in known
                if household_people.is_offered(draft, row) and row not in have
            ),
            *(
                household_screens.tick(draft, each.key, each.nickname, then=people_of_it)
                for each in chosen
                if each.key.startswith("n")
            ),
            *(
                (Option("add", household_screens.add(chosen, known), sets={"is_adding": True, "person": ONE_MORE}),)
                if len(chosen) < MOST_TOGETHER
                else ()
            ),
        ),
        reads=(lambda typed: household_people.read_name(talk, typed)) if len(chosen) < MOST_TOGETHER else None,
    )


one_more = flow.place(
    persons.block,
    part=lambda draft: draft.person,
    given=lambda talk: {"is_missing": True},
    unless=lambda draft: not draft.is_adding,
    stays=True,
)


@flow.step(unless=lambda draft: not draft.is_missing)
def missing(talk: HouseholdTalk) -> Question:
    """The paper of one is not at hand: the others go on, or it is written now; what was said of it stays."""
    name = talk.draft.person.full_name
    return Question(
        lines(
            _("📄 The number of **{person}** is missing.", person=name),
            _("Shall the others go on without {person}?", person=name),
        ),
        options=(
            Option(
                "others",
                _("✅ The others go on"),
                sets=household_people.NOBODY_MORE | {"left_out": [*talk.draft.left_out, name]},
                then=people_of_it,
                means=Meaning.YES,
            ),
            Option("number", persons.WRITE_NUMBER, sets={"is_missing": False}, then=persons.number, means=Meaning.NO),
        ),
    )


@flow.step(unless=lambda draft: not draft.is_adding)
def added(talk: HouseholdTalk) -> Skip:
    """The one who was asked for is one of the household now."""
    sets = household_people.with_added(talk.draft)
    return Skip(sets) if talk.draft.is_chosen else Skip(sets, then=people_of_it)


where = flow.place(
    find_office.block,
    part=lambda draft: draft.where,
    given=lambda talk: find_office.WantedOffice(service_id=talk.draft.service),
    stays=True,
)


def keep_the_places(talk: HouseholdTalk) -> None:
    """Hold the chosen places, or let them go. Raises TimesTaken."""
    travel.settle(talk.draft.travel, talk.draft.where.province)
    try:
        free_times.keep_the_place(household_times.talk_of(talk))
    except NOT_TO_BE_HAD as refusal:
        talk.draft.when = TimeDraft()
        raise TimesTaken from refusal


@flow.step(unless=lambda draft: bool(draft.when.time or draft.when.is_picked or draft.waits))
def first_time(talk: HouseholdTalk) -> Question | Skip:
    """The soonest time at which all fit."""
    chosen = household_people.members_of(talk)
    found = household_times.days(talk, people=len(chosen), most=1)
    if not found:
        return household_screens.nothing(talk, people=len(chosen), others=people_of_it)
    soonest = found[0][0]
    return Question(
        paragraphs(
            _("The soonest time for {n} people together:", n=len(chosen)),
            household_screens.when_where(talk, soonest),
            household_times.hours(soonest),
        ),
        options=(
            Option(
                household_times.key_of(soonest),
                _("✅ This is good"),
                sets={"when": household_times.chosen(soonest)},
                style=ButtonStyle.CONFIRM,
                means=Meaning.YES,
            ),
            Option("day", OTHER_DAY, sets={"when": TimeDraft(is_picked=True)}, means=Meaning.NO),
            Option("office", OTHER_OFFICE, then=find_office.province),
            Option("wait", ways_in.TELL_ME, sets={"waits": True, "not_like": soonest.first.day.isoformat()}),
        ),
        reads=lambda typed: household_times.read(talk, typed, found[0], people=len(chosen)),
        gone=free_times.JUST_TAKEN,
    )


@flow.step(unless=lambda draft: bool(draft.when.time or draft.when.day or draft.waits))
def day_together(talk: HouseholdTalk) -> Question | Skip:
    chosen = household_people.members_of(talk)
    found = household_times.days(talk, people=len(chosen))
    if not found:
        return household_screens.nothing(talk, people=len(chosen), others=people_of_it)
    days = [each[0].first.day for each in found]
    return Question(
        _("Which day suits all of you?"),
        options=(
            *(
                Option(each.isoformat(), ShortDay(LocalDay(each)), sets={"when": TimeDraft(day=each.isoformat())})
                for each in days
            ),
            Option("office", OTHER_OFFICE, then=find_office.province),
            Option("wait", ways_in.TELL_ME, sets={"waits": True}),
        ),
        reads=lambda typed: household_times.read_day(talk, typed, days, people=len(chosen)),
        hint=free_times.PRESS_A_DAY,
        gone=free_times.JUST_TAKEN,
    )


@flow.step(unless=lambda draft: bool(draft.when.time or draft.waits))
def time_together(talk: HouseholdTalk) -> Question | Skip:
    chosen = household_people.members_of(talk)
    wanted = LocalDay(date.fromisoformat(talk.draft.when.day)) if talk.draft.when.day else None
    found = household_times.of_day(talk, wanted.date, people=len(chosen)) if wanted is not None else []
    if wanted is None or not found:
        return Skip({"when": TimeDraft(is_picked=True)}, then=day_together, gone=free_times.JUST_TAKEN)
    return Question(
        _("At which time on {day} do you begin?", day=wanted),
        options=tuple(
            Option(
                household_times.key_of(each),
                household_times.clock_of(each),
                sets={"when": household_times.chosen(each)},
            )
            for each in found
        ),
        columns=2,
        reads=lambda typed: household_times.read(talk, typed, found, people=len(chosen), then=time_together),
        hint=free_times.PRESS_A_TIME,
        gone=free_times.JUST_TAKEN,
    )


for each in (people_of_it, first_time, time_together):
    each.answered(keep_the_places)


@flow.leave
def free_the_places(talk: HouseholdTalk) -> None:
    places.release(talk.desk)


@flow.step(aside=True)
def which_one(talk: HouseholdTalk) -> Question:
    """Whose name or number is corrected."""
    return Question(
        _("👤 Whose name or number shall we correct?"),
        options=(
            *(
                Option(
                    each.key,
                    _("👤 {person}", person=wording.cut(each.nickname, letters=wording.LONGEST_LABEL - 2)),
                    sets=household_people.correcting(talk.draft, each),
                    then=this_one,
                )
                for each in household_people.members_of(talk)
            ),
            Option("others", _("👤 Other people"), sets={"is_chosen": False, "when": TimeDraft()}, then=people_of_it),
        ),
    )


@flow.step(aside=True)
def this_one(talk: HouseholdTalk) -> Question | Skip:
    """What of the chosen one is corrected."""
    person = persons.someone(one_more(talk))
    if person is None:
        return Skip(household_people.NOBODY_MORE, then=which_one)
    holder, correct = persons.read_back(person, into="person")
    return Question(lines(holder, _("What shall we correct?")), options=correct)


@flow.step(aside=True)
def help_there(talk: HouseholdTalk) -> Question:
    """What would help them at the office."""
    draft = talk.draft
    return assistance.asks(talk.desk, draft.where.office or 0, chosen=draft.assistance, then=confirm)


@flow.step(aside=True)
def paper_province(talk: HouseholdTalk) -> Question | Skip:
    draft, row = talk.draft, offices.office(talk.desk, talk.draft.where.office or 0)
    if row is None:
        return Skip(then=find_office.province)
    people = len(household_people.members_of(talk))
    return travel.asks(
        talk.desk, draft.travel, service_id=draft.service, office=row, people=people, again=paper_province, then=confirm
    )


@flow.step
def confirm(talk: HouseholdTalk) -> Question | Skip:
    """The last look: everybody with paper and hour, the office and the fee; or what they wait for."""
    chosen = household_people.members_of(talk)
    if len(chosen) < FEWEST:
        return Skip({"is_chosen": False}, then=people_of_it)
    offered = catalogue.service(talk.desk, talk.draft.service)
    office = offices.office(talk.desk, talk.draft.where.office or 0)
    if office is None or offered is None:
        return Skip(then=find_office.province)
    if talk.draft.waits:
        return Question(
            paragraphs(
                lines(
                    _("🔔 **{service}**", service=offered.title), *(household_screens.of_one(each) for each in chosen)
                ),
                saying.wish_in_words(talk.desk, household_times.wish_of(talk)),
                _("We write when a time for all of you comes. Shall we tell you?"),
            ),
            options=(
                Option("yes", _("✅ Yes, tell me"), style=ButtonStyle.CONFIRM, means=Meaning.YES),
                Option("day", OTHER_DAY, sets={"waits": False, "when": TimeDraft(is_picked=True)}, then=day_together),
                Option("correct", _("👤 Correct somebody"), then=which_one),
            ),
        )
    if travel.is_open(talk.draft.travel, offered, office, kinds=[each.someone.paper for each in chosen]):
        return Skip(then=paper_province)
    together = household_times.chosen_places(talk)
    if together is None:
        raise TimesTaken
    fee = catalogue.fee_on(
        talk.desk, talk.draft.service, day=LocalDay(together.first.day), province_code=office.province_code
    )
    return Question(
        paragraphs(
            lines(_("**{service}**", service=offered.title), household_screens.when_where(talk, together)),
            household_screens.each_with_time(chosen, together),
            wording.fee(fee),
            assistance.at_last_look(talk.desk, office.id, day=together.first.day, chosen=talk.draft.assistance),
            free_times.how_long_kept(household_times.talk_of(talk), together.first),
            _("Shall we book these {n} turns?", n=len(chosen)),
        ),
        options=(
            Option("yes", _("✅ Book the turns"), style=ButtonStyle.CONFIRM, means=Meaning.YES),
            Option("day", OTHER_DAY, sets={"when": TimeDraft(is_picked=True)}, then=day_together, means=Meaning.NO),
            Option("correct", _("👤 Correct somebody"), then=which_one),
            Option("wish", assistance.WHICH, then=help_there),
        ),
    )


@flow.finish
def booked(talk: HouseholdTalk) -> Done:
    draft, chosen = talk.draft, household_people.members_of(talk)
    stored = [each.stored for each in chosen]
    absent = household_screens.absent(draft, chosen)
    another = ((_("🗓 Get a turn"), Go("book", f"service.{draft.service}")),) if absent else ()
    if draft.waits:
        asked = waiting.ask(
            talk.desk,
            key=talk.key,
            service_id=draft.service,
            people=stored,
            wish=household_times.wish_of(talk),
        )
        return Done(
            paragraphs(
                lines(
                    _("✅ **You are on the waiting list.**"),
                    _("When a time for all of you comes, we write here."),
                    _("It is free: pay nobody for it."),
                ),
                absent,
            ),
            links=((ways_in.WAITING_LIST, Go("request", str(asked.request_id))), *another),
        )
    try:
        appointments.book_together(
            talk.desk,
            key=talk.key,
            service_id=draft.service,
            slot_ids=[int(draft.when.time), *draft.when.others],
            people_of_it=stored,
            wished=assistance.kinds_in(draft.assistance),
        )
    except NOT_TO_BE_HAD as refusal:
        places.release(talk.desk)
        raise TimesTaken from refusal
    draft.when.held = ""
    return Done(
        paragraphs(_("✅ The turns are booked. One ticket for all comes in the next message."), absent),
        links=another,
    )
