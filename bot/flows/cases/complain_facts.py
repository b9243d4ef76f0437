"""Asks the facts of a complaint, such as whether there was a receipt, which paper it was, whether one is safe.

`desk.cases.facts` says which facts a category has. Each step asks one; each can be skipped, and all together. A person
who tells what happened instead of an answer is understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from bot.dialogue.flow import Flow
from bot.dialogue.heard import SharedContact
from bot.dialogue.own_words import NoRoom, may_go_on
from bot.dialogue.questions import Meaning, Option, Question, Reading, Skip, Taken, Unclear
from bot.dialogue.steps import Step
from bot.dialogue.whose import REMOVED
from bot.flows import known_codes
from bot.flows.cases import told_early, tone
from bot.flows.cases.complaint import Complaint, ComplainTalk, Extra
from desk.appointments import chat as appointments
from desk.cases import chat as cases
from desk.cases.facts import BY_WHOM, MOST, NO, THE_DESK, Fact, Form, facts_of, is_asked, kept
from desk.cases.rules import Contact
from desk.codes import CodeKind, TrackingCode
from desk.language import fact_labels
from desk.language.text import Param, lines, words
from desk.reading.codes import read_code
from desk.reading.days import Prefer, read_day
from desk.reading.folding import ascii_digits
from desk.reading.long_numbers import only_phone_or_card, without_long_numbers
from desk.reading.phones import read_afghan_mobile, read_phone
from desk.values import LocalDay

_ = words("facts")

OR_WRITE = _("You can write it, too.")
NO_VALUE = _("Please don't write what stands there.")

QUESTIONS: Final[Mapping[str, Param]] = {
    "receipt": _("💰 Did they give you a receipt?"),
    "paid_by": _("💰 How was it paid?"),
    "receipt_lacks": lines(_("What was missing on the receipt?"), OR_WRITE),
    "unposted": _("What was not posted?"),
    "side": _("📍 Was it inside the office or outside?"),
    "part_of_day": lines(_("🕘 At what time was it?"), OR_WRITE),
    "trader_showed": lines(_("Did they show a phone or card number?"), _("If so, write it.")),
    "reason_told": lines(_("What reason did they tell?"), OR_WRITE),
    "other_day": _("🗓 Did they offer another day?"),
    "order_keeper": _("Was somebody there who kept order?"),
    "safe": _("**Are you safe now?**"),
    "by_whom": _("👤 Who did it?"),
    "may_call": _("May we call you?"),
    "caller": _("👤 Who should call you?"),
    "phone": _("On which telephone number? Write it."),
    "counter": _("Which counter was it? Write its number or name."),
    "places": _("📍 Where were you sent? Write the rooms or offices."),
    "paper": lines(_("📄 Which paper was it?"), OR_WRITE, _("Write only its name, no number.")),
    "copy_taken": _("📄 Did they take the copy or photo?"),
    "served_without": _("Did they give the service without it?"),
    "not_taken": lines(_("What was not taken?"), OR_WRITE),
    "visit_code": _("🎫 What is the code of the turn? Write the nine digits."),
    "wrong_field": lines(_("📄 What was written wrongly?"), NO_VALUE),
    "answer_code": _("🔎 Which code waits for an answer? Write its digits."),
    "promised_day": lines(_("🗓 For which day was it promised?"), _("Write it, such as «5 Azar».")),
}

NOT_READ_THERE = _("The national directorate reads this, not that of the province.")
UNKNOWN, PASS = _("I don't know"), _("Next question")
ONE_KNOWS = ("safe", "may_call", "caller", "phone")
"""Facts about oneself, which everybody knows but need not tell."""
STILL_ASKED = (BY_WHOM, "may_call", "caller", "phone")
"""Facts of danger that are asked again where the story was told instead: who may read it, and whom to call."""

ASKS_NUMBER = ("trader_showed",)
"""Facts that ask for a telephone or a card of somebody else, which is kept for those who look into it."""

WRITE_DAY = _("I did not understand the day. Write it like «5 Azar» or «Saturday».")
WRITE_CODE = _("A code has nine or twelve digits. Please look once more; one digit may differ.")
NO_CODE = _("A code has nine or twelve digits. If you have none, press «I don't know».")
WRITE_PHONE = _("I did not understand the number. Write it like 0912 345 6789.")
CODE_KINDS: Final[Mapping[str, CodeKind]] = {"visit_code": CodeKind.APPOINTMENT, "answer_code": CodeKind.CASE}


def ask_safety(flow: Flow[Complaint], *, extra: Extra) -> None:
    """Add the step `safety`, which asks facts that come first and is skipped where there are none.

    What is told there is stored in the draft's `told_first`, for the step that asks for the story.
    """

    @flow.step(optional=True)
    def safety(talk: ComplainTalk) -> Question | Skip:
        first = [fact for fact in facts_of(talk.draft.category) if fact.comes_first]
        if not first:
            return Skip()
        asked = _ask(talk, first[0], here=safety, extra=extra(talk))
        # Who came by a link has not seen the screen of the group, which says it.
        came_by_link = not talk.draft.reaching.contact
        return replace(asked, text=lines(tone.in_danger(talk.desk), asked.text)) if came_by_link else asked


def ask_facts(flow: Flow[Complaint], *, extra: Extra, noted: Callable[[ComplainTalk], Param | None]) -> None:
    """Add steps that ask the other facts of the draft's `category`, one each, into the draft's `facts`.

    `extra` are the options that every question has; `noted` is the note above the first one. A voice note or a long
    text is the story itself: it is stored in `details`, and no further fact is asked, unless it is one of
    `STILL_ASKED`.
    """
    steps: list[Step[ComplainTalk]] = []
    for place in range(MOST):
        body = _nth(place, steps=steps, extra=extra, noted=noted)
        steps.append(flow.step(unless=lambda draft: draft.details is not None, optional=True)(body))


def read_back(category: str, facts: Mapping[str, str], *, contact: Contact) -> Param | None:
    """The answers that will be kept, for the last check, and whether something is left out."""
    stays = kept(category, facts, contact=contact)
    said = [
        _("{fact}: {answer}", fact=fact_labels.fact(code), answer=fact_labels.answer(code, value))
        for code, value in stays.items()
    ]
    is_less = len(stays) < len(kept(category, facts, contact=Contact.CODE))
    left_out = _("Your number and codes are left out: nobody contacts you.") if is_less else None
    return lines(*said, left_out) if said or is_less else None


def has_facts(category: str) -> bool:
    """Whether the category has facts besides safety."""
    return any(not fact.comes_first for fact in facts_of(category))


def _nth(
    place: int,
    *,
    steps: Sequence[Step[ComplainTalk]],
    extra: Extra,
    noted: Callable[[ComplainTalk], Param | None],
) -> Callable[[ComplainTalk], Question | Skip]:
    """The step for the fact at this position, named fact_1, fact_2 and so on; skipped where there is none."""

    def step(talk: ComplainTalk) -> Question | Skip:
        later = [fact for fact in facts_of(talk.draft.category) if not fact.comes_first]
        if place >= len(later) or not is_asked(later[place], talk.draft.facts):
            return Skip()
        ask = _ask(talk, later[place], here=steps[place], extra=extra(talk))
        return ask if place else replace(ask, text=lines(noted(talk), ask.text))

    step.__name__ = f"fact_{place + 1}"
    return step


def _ask(talk: ComplainTalk, fact: Fact, *, here: Step[ComplainTalk], extra: tuple[Option, ...]) -> Question:
    answers = fact_labels.ANSWERS.get(fact.code, {})
    known = _known(talk, fact)
    return Question(
        QUESTIONS[fact.code],
        options=(
            *(
                Option(
                    choice,
                    answers[choice],
                    sets=_with(talk, fact, choice),
                    means=_MEANINGS.get(choice),
                    note=_note(talk, fact, choice),
                )
                for choice in fact.choices
            ),
            *(Option(f"k{code.digits}", label, sets=_with(talk, fact, code.digits)) for code, label in known),
            Option("unknown", PASS if fact.code in ONE_KNOWS else UNKNOWN, sets=_with(talk, fact, None)),
            *extra,
        ),
        reads=lambda typed: _read(talk, fact, typed, here=here),
        reads_first=not fact.choices,
        voices=lambda voice: _story(talk, fact, told_early.of_voice(voice), here=here),
        contacts=lambda contact: _shared(talk, fact, contact),
        hint=_HINTS.get(fact.form),
    )


def _note(talk: ComplainTalk, fact: Fact, answer: str) -> Param | None:
    """What is said to this answer, above whatever comes next."""
    if (fact.code, answer) == ("safe", NO):
        return tone.not_safe(talk.desk)
    return NOT_READ_THERE if (fact.code, answer) == (BY_WHOM, THE_DESK) else None


_MEANINGS: Final[Mapping[str, Meaning]] = {each.value: each for each in Meaning}
_HINTS: Final[Mapping[Form, Param]] = {Form.DAY: WRITE_DAY, Form.CODE: NO_CODE, Form.PHONE: WRITE_PHONE}


def _with(talk: ComplainTalk, fact: Fact, answer: str | None) -> dict[str, dict[str, str]]:
    """The draft's facts with this answer, without those asked after it, which are asked again."""
    order = [each.code for each in facts_of(talk.draft.category)]
    before = order[: order.index(fact.code)]
    facts = {code: value for code, value in talk.draft.facts.items() if code in before}
    return {"facts": facts if answer is None else facts | {fact.code: answer}}


def _known(talk: ComplainTalk, fact: Fact) -> list[tuple[TrackingCode, Param]]:
    """The tracking codes of this chat that may be meant, for buttons."""
    if fact.code == "visit_code":
        return [
            (appointment.code, appointment.code)
            for appointment in appointments.mine(talk.desk, live_only=False)[:MOST_KNOWN]
        ]
    if fact.code == "answer_code":
        return [(case.code, case.code) for case in cases.mine(talk.desk)[:MOST_KNOWN]]
    return []


MOST_KNOWN = 3
LONGEST_ANSWER = 300
"""The longest typed answer in letters; a longer text is the story itself."""
WORDS_BESIDE_A_PHONE = 6
"""With so many words beside it, a telephone number stands in a story, which is kept too."""


def _read(talk: ComplainTalk, fact: Fact, typed: str, *, here: Step[ComplainTalk]) -> Reading:
    match fact.form:
        case Form.DAY:
            day = read_day(typed, today=talk.desk.today, prefer=Prefer.PAST)
            return Taken(_with(talk, fact, _iso(day))) if day else None
        case Form.CODE:
            code = read_code(typed)
            if code is not None and code.kind is CODE_KINDS[fact.code]:
                return Taken(_with(talk, fact, code.digits))
            return Unclear(WRITE_CODE) if re.search(r"[0-9]{3}", ascii_digits(typed)) else None
        case Form.PHONE:
            return _read_phone(talk, fact, typed, here=here)
        case _:
            words_of_theirs = typed.strip()
            is_sentence = not fact.own_words and told_early.is_story(words_of_theirs)
            if is_sentence or len(words_of_theirs) > LONGEST_ANSWER:
                # Not an answer but the story; the rest of a split text is added to it.
                return _story(talk, fact, told_early.of_text(words_of_theirs), here=here)
            return _in_words(talk, fact, words_of_theirs) if fact.own_words and words_of_theirs else None


def _read_phone(talk: ComplainTalk, fact: Fact, typed: str, *, here: Step[ComplainTalk]) -> Reading:
    """The number, and what is told beside it; where there is none but a story, the number is asked again."""
    number = only_phone_or_card(typed) or typed
    phone = read_phone(number) or read_afghan_mobile(number)  # which is read back with its country code
    if phone is None:
        return _story(talk, fact, told_early.of_text(typed), here=here) if told_early.is_story(typed) else None
    taken = Taken(_with(talk, fact, phone.e164))
    if sum(any(map(str.isalpha, word)) for word in typed.split()) < WORDS_BESIDE_A_PHONE:
        return taken
    rest = without_long_numbers(typed, knows=lambda _code: False)
    now = told_early.with_before(talk.draft.told_first, told_early.of_text(rest))
    if isinstance(now, NoRoom):
        return told_early.no_room(now)
    return replace(taken, sets={**taken.sets, "told_first": now}, note=told_early.IS_KEPT)


def _in_words(talk: ComplainTalk, fact: Fact, typed: str) -> Taken:
    """An answer in own words; a long number stays in it only where the question asks for one."""
    if fact.code in ASKS_NUMBER:
        return Taken(_with(talk, fact, typed))
    answer = without_long_numbers(typed, knows=lambda code: code in known_codes.of(talk.desk))
    return Taken(_with(talk, fact, answer), note=REMOVED if answer != typed else None)


def _shared(talk: ComplainTalk, fact: Fact, contact: SharedContact) -> Reading:
    phone = read_phone(contact.phone) if fact.form is Form.PHONE and contact.is_own else None
    return Taken(_with(talk, fact, phone.e164)) if phone else None


def _story(talk: ComplainTalk, fact: Fact, told: Mapping[str, Any], *, here: Step[ComplainTalk]) -> Reading:
    """The story told instead of an answer. Where this question is the first, the office and the day are asked next."""
    if fact.code in STILL_ASKED:
        return told_early.keep(talk.draft.told_first, told, then=here)
    now = told_early.with_before(talk.draft.told_first, told)
    if isinstance(now, NoRoom):
        return told_early.no_room(now)
    if fact.comes_first:
        # The office is asked next, and the name of an unknown office is not part of the story, unless the text was
        # split.
        return Taken({"told_first": now}, words_field="told_first" if may_go_on(told) else "")
    return Taken({"details": now}, words_field="details")


def _iso(day: LocalDay) -> str:
    return day.date.isoformat()
