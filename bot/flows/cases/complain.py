"""File a complaint: how to reach the person, the subject, office, day, what happened, and a last check.

Where the person may be in danger, safety is asked first. Every question but the subject can be skipped, and «That is
enough» leads from each to the last check.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from bot.dialogue.flow import Flow
from bot.dialogue.not_sent import SEND
from bot.dialogue.questions import (
    PAST_OPTIONAL,
    UNKNOWN_LINK,
    Done,
    Go,
    Meaning,
    Option,
    Question,
    Reading,
    Skip,
    Taken,
    TakesWords,
    Unclear,
)
from bot.dialogue.says import ButtonStyle
from bot.dialogue.steps import Step
from bot.flows import links, wording
from bot.flows.cases import (
    complain_amount,
    complain_facts,
    complain_service,
    complain_subject,
    filed,
    reaching,
    ready,
    telling,
    tone,
)
from bot.flows.cases.complaint import Complaint, ComplainTalk, tells
from bot.flows.offices import find_office
from bot.flows.offices.find_office import OfficeDraft
from bot.flows.tables import Links
from desk.appointments import chat as appointments
from desk.cases import chat as cases
from desk.cases.categories import CATEGORIES, GROUPS, Detail
from desk.cases.facts import NO
from desk.cases.rules import Contact
from desk.language import case_labels
from desk.language.text import Near, Param, lines, paragraphs, words
from desk.offices import chat as offices
from desk.reading.days import Prefer, read_day
from desk.values import LocalDay, Money

_ = words("complain")

WHICH_OFFICE = _("📍 Which office was it?")
NEEDS_A_STORY = ("SUGGESTION", "OTHER")
"""Categories that mean nothing without a text."""
SINCE = "KEPT_DOC"
"""The category whose day is the first day without the kept paper."""
GROUP_OF_PAPERS = next(group.categories for group in GROUPS if group.code == "papers")


flow = Flow(
    "complain", draft=Complaint, is_private=True, tells_desk=True, asks_for_words=True, asks_much=True, looks_last=True
)
flow.owes(filed.again)

LINKS: Final[Links] = {"c": lambda category: Go("complain", category)}
"""`c` or `c_<category>`."""


@flow.enter
def from_a_ticket(talk: ComplainTalk, arg: str) -> Step[ComplainTalk] | Go | None:
    """A category, or `<category>.<appointment id>` from a ticket of this chat, which gives office, service and day.

    What was told already stands behind another dot (`ready`): then only the last check is left.
    """
    category, _dot, rest = arg.partition(".")
    number, is_ready, told = rest.partition(".")
    if category not in CATEGORIES:
        return UNKNOWN_LINK
    if not CATEGORIES[category].takes_cases:
        return not_here
    talk.draft.category = category
    appointment = appointments.own(talk.desk, links.id_in(number))
    if appointment is None:
        return None
    talk.draft.where = OfficeDraft(province=appointment.office.province_code, office=appointment.office.id)
    talk.draft.service = appointment.service.id
    talk.draft.day = appointment.day.isoformat() if LocalDay(appointment.day) <= talk.desk.today else ""
    talk.draft.reaching = reaching.suggested()
    if is_ready:
        ready.take_in(talk.draft, told)
        return summary
    talk.draft.is_from_ticket = True
    return amount


def _enough(talk: ComplainTalk) -> tuple[Option, ...]:
    """An option that leads to the last check, where the category means something without a text."""
    if talk.draft.category in NEEDS_A_STORY:
        return ()
    told = {} if talk.draft.told_first is None else {"details": talk.draft.told_first}
    return (Option("enough", _("That is enough"), sets=told, then=PAST_OPTIONAL),)


def _noted(talk: ComplainTalk) -> Param | None:
    """A note with the amount as it was read, once, above the next question."""
    return _("💰 I noted {paid}.", paid=Money(talk.draft.amount)) if talk.draft.amount is not None else None


not_here = complain_subject.ask_subject(flow)
complain_facts.ask_safety(flow, extra=_enough)


@flow.step(asks="reaching", stays=True)
def reached(talk: ComplainTalk) -> Question:
    """How to reach the person, for those who did not come by the question for the subject, which settles it."""
    return reaching.ask(name=reached_as, tells=tells(talk, reached))


def _ask_name(
    talk: ComplainTalk, here: Step[ComplainTalk], *, field: str = "told_first", then: Step[ComplainTalk] | None = None
) -> Question:
    return reaching.ask_name(talk, talk.draft.reaching, here=here, tells=tells(talk, here, field=field), then=then)


@flow.step(aside=True)
def reached_as(talk: ComplainTalk) -> Question:
    return _ask_name(talk, reached_as)


@flow.step(optional=True)
def place(talk: ComplainTalk) -> Question:
    last = appointments.last(talk.desk)
    office = offices.office(talk.desk, last.office_id) if last else None
    suggested: tuple[Option, ...] = ()
    if office is not None:
        sets = {"where": find_office.chosen(office)}
        suggested = (Option("last", _("📍 {office}", office=wording.on_a_button(office.name)), sets=sets),)
    is_safe = talk.draft.facts.get("safe") != NO  # above the question stands where to go, for who is not
    return Question(
        lines(WHICH_OFFICE, _("You can write its number or city, too.") if is_safe else None),
        options=(
            *suggested,
            Option("other", _("📍 Another office") if suggested else _("📍 Choose the office")),
            Option("unknown", _("I don't know"), sets={"where": find_office.unknown()}),
            *_enough(talk),
        ),
        reads=lambda typed: find_office.as_part(find_office.search(where(talk), typed), field="where"),
        places=lambda point: find_office.as_part(find_office.near(where(talk), point), field="where"),
        hint=find_office.NOT_FOUND,
    )


where = flow.place(
    find_office.block,
    part=lambda draft: draft.where,
    given=lambda talk: find_office.WantedOffice(question=WHICH_OFFICE, skips_the_only=False),
    optional=True,
)
complain_service.ask_service(flow, extra=_enough)


@flow.step(asks="day", optional=True)
def day(talk: ComplainTalk) -> Question | Skip:
    if Detail.DAY not in CATEGORIES[talk.draft.category].asks:
        return Skip()
    today = talk.desk.today
    return Question(
        lines(
            _("🗓 Since which day?") if talk.draft.category == SINCE else _("🗓 On which day was it?"),
            _("You can write it, such as «5 Azar»."),
        ),
        options=(
            *(Option(f"d{ago}", Near(today.plus(-ago)), sets={"day": _iso(today.plus(-ago))}) for ago in range(3)),
            Option("unknown", _("I don't know"), sets={"day": ""}),
            *_enough(talk),
        ),
        reads=lambda typed: _read_day(typed, today=today),
        hint=_("I did not understand the day. Write it like «5 Azar» or «Saturday»."),
    )


@flow.step(asks="amount", optional=True)
def amount(talk: ComplainTalk) -> Question | Skip:
    if Detail.AMOUNT not in CATEGORIES[talk.draft.category].asks:
        return Skip()
    asked = complain_amount.ask_amount(talk, extra=_enough(talk))
    if not talk.draft.is_from_ticket:
        return asked
    return replace(
        asked,
        text=lines(asked.text, reaching.told(talk.draft.reaching)),
        options=(*asked.options, reaching.other_way(reached_for_ticket)),
    )


@flow.step(aside=True)
def reached_for_ticket(talk: ComplainTalk) -> Question:
    return reaching.ask(name=name_for_ticket, tells=tells(talk, reached_for_ticket), then=amount)


@flow.step(aside=True)
def name_for_ticket(talk: ComplainTalk) -> Question:
    return _ask_name(talk, name_for_ticket, then=amount)


@flow.step(unless=lambda draft: draft.other_amount is None, optional=True)
def other_amount(talk: ComplainTalk) -> Question | Skip:
    return complain_amount.ask_again(talk, amount=amount, here=other_amount)


complain_facts.ask_facts(flow, extra=_enough, noted=_noted)


@flow.step(asks="details", optional=True)
def details(talk: ComplainTalk) -> Question | Skip:
    if talk.draft.told_first is not None:
        return Skip({"details": talk.draft.told_first})
    skip = (
        () if talk.draft.category in NEEDS_A_STORY else (Option("skip", _("Nothing to add"), sets={"details": None}),)
    )
    return telling.ask_to_tell(_what_happened(talk), field="details", options=skip)


@flow.step(aside=True)
def contact(talk: ComplainTalk) -> Question:
    """How to reach the person, asked from the last check, to which it leads back."""
    return reaching.ask(name=name, tells=tells(talk, contact, field="details"))


@flow.step(aside=True)
def name(talk: ComplainTalk) -> Question:
    return _ask_name(talk, name, field="details")


@flow.step(aside=True)
def story(talk: ComplainTalk) -> Question:
    """What happened, asked from the last check, to which it leads back."""
    return telling.ask_to_tell(_what_happened(talk), field="details")


@flow.step
def summary(talk: ComplainTalk) -> Question:
    draft = talk.draft
    office = offices.office(talk.desk, draft.where.office) if draft.where.office else None
    told = telling.shown(draft.details)
    tell = telling.WRITE_ANEW if told is not None else _("💬 Say what happened")
    return Question(
        paragraphs(
            lines(
                _("📣 **{about}**", about=case_labels.category_in_full(draft.category)),
                _("📍 {office}", office=office.name) if office else None,
                complain_service.read_back(talk),
                _day_told(draft),
                complain_amount.read_back(talk),
                complain_facts.read_back(draft.category, draft.facts, contact=reaching.chosen(draft.reaching)),
                told,
                reaching.read_back(draft.reaching),
            ),
            lines(
                _how_soon(draft),
                _("Shall we send it?"),
                telling.MORE_IS_ADDED if told is not None else None,
            ),
        ),
        options=(
            Option(SEND, _("✅ Send it"), style=ButtonStyle.CONFIRM, means=Meaning.YES),
            Option("details", tell, then=story, means=Meaning.NO),
            reaching.other_way(contact),
        ),
        takes=TakesWords("details", adds=True),
    )


@flow.finish
def send(talk: ComplainTalk) -> Done:
    draft = talk.draft
    reached = reaching.chosen(draft.reaching)
    case = cases.complain(
        talk.desk,
        key=talk.key,
        category=draft.category,
        office_id=draft.where.office,
        service_id=draft.service,
        happened_on=LocalDay(date.fromisoformat(draft.day)) if draft.day else None,
        paid=Money(draft.amount) if draft.amount is not None else None,
        facts=draft.facts,
        text=telling.text_of(draft.details),
        voice=telling.voice_of(draft.details),
        contact=reached,
        name=draft.reaching.name if reached is Contact.NAME else None,
    )
    return Done(
        tone.taken(draft.category),
        shows=(filed.complaint(talk.desk, case, category=draft.category, contact=reached, facts=draft.facts),),
    )


def _how_soon(draft: Complaint) -> Param | None:
    """Where nobody contacts the person, when the desk will see it: what is not danger waits for a while."""
    if reaching.chosen(draft.reaching) is not Contact.NOBODY:
        return None
    return filed.SEEN_AT_ONCE if CATEGORIES[draft.category].is_danger else filed.SEEN_SOON


def _what_happened(talk: ComplainTalk) -> Param:
    category = talk.draft.category
    is_about_a_paper = category in GROUP_OF_PAPERS
    question = _("What would you like to tell us?") if category == "SUGGESTION" else _("What happened?")
    said = None if complain_facts.has_facts(category) else _noted(talk)
    return lines(said, question, telling.WRITE_OR_SAY, telling.NO_NUMBERS if is_about_a_paper else None)


def _day_told(draft: Complaint) -> Param | None:
    if not draft.day:
        return None
    day = LocalDay(date.fromisoformat(draft.day))
    return _("🗓 Since {day}", day=day) if draft.category == SINCE else _("🗓 {day}", day=day)


def _iso(day: LocalDay) -> str:
    return day.date.isoformat()


def _read_day(typed: str, *, today: LocalDay) -> Reading:
    found = read_day(typed, today=today, prefer=Prefer.PAST)
    if found is not None and found > today:
        return Unclear(_("{day} is still ahead. On which day was it?", day=found))
    return Taken({"day": _iso(found)}) if found else None
