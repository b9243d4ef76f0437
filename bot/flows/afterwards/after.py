"""A visit asked about: done, what was paid, the receipt, a copy, respect, other rooms; each can be left out.

«All was well» leaves only what was paid. Nothing is stored until the end, and then only counts; what clashes with the
fee, the rules or the record opens a ready complaint, which is sent only if the person sends it.
"""

from __future__ import annotations

from typing import Final

from bot.dialogue.flow import Flow
from bot.dialogue.heard import Voice
from bot.dialogue.questions import (
    BACK,
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
)
from bot.dialogue.steps import Step
from bot.flows import links
from bot.flows.afterwards import saying
from bot.flows.afterwards.draft import (
    NO,
    SAID,
    YES,
    After,
    AfterTalk,
    answers_of,
    asked_of,
    fee_of,
    is_counter_office,
    is_overpaid,
    is_to_come_back,
)
from bot.flows.afterwards.told import CATEGORY, file_story
from bot.flows.cases import complain_amount, ready, telling, told_early, tone
from desk.afterwards import chat as afterwards
from desk.afterwards.refusals import QuestionOver
from desk.afterwards.rules import Respect, clashes
from desk.language.text import InToman, Param, lines, paragraphs, words
from desk.values import Money

_ = words("after a visit")

NOTHING_SAID: Final = _("Then we do not ask about this visit.")

flow = Flow("after", draft=After, is_private=True, tells_desk=True)


@flow.enter
def about_a_visit(talk: AfterTalk, arg: str) -> Step[AfterTalk] | Go | None:
    """`<appointment id>.<what the button says>`."""
    number, _dot, wish = arg.partition(".")
    asked = afterwards.visit(talk.desk, links.id_in(number))
    if asked is None or wish not in (saying.WELL, saying.ASK, saying.WAVE):
        return UNKNOWN_LINK
    talk.draft.visit = asked.appointment.id
    if not asked.is_open:
        return over
    talk.draft.is_well, talk.draft.waves = wish == saying.WELL, wish == saying.WAVE
    return None


@flow.step(aside=True)
def over(talk: AfterTalk) -> Question:
    return Question(_over(talk))


@flow.step(asks="served", unless=lambda draft: draft.is_well or draft.waves, optional=True)
def served(talk: AfterTalk) -> Question | Skip:
    if is_to_come_back(talk):
        return Skip()
    return _yes_or_no(lines(_("Was it done for which you came?"), _("You can say it by voice, too.")), "served")


@flow.step(asks="amount", unless=lambda draft: draft.waves, optional=True)
def amount(talk: AfterTalk) -> Question:
    fee = fee_of(talk)
    announced = () if fee is None else (Option("fee", InToman(fee.toman), sets=_paid(fee.rial)),)
    return Question(
        _("💰 How many toman did you pay?"),
        options=(
            *announced,
            Option("nothing", _("Nothing"), sets=_paid(0)),
            Option("other", _("Another amount"), then=written),
            *_onward("amount", None),
        ),
        reads=lambda typed: complain_amount.read(typed, fee=fee),
        reads_first=True,
        voices=_heard,
        hint=complain_amount.HINT,
    )


@flow.step(aside=True)
def written(talk: AfterTalk) -> Question:
    fee = fee_of(talk)
    return Question(
        _("💰 How many toman was it? Write it, such as «50 thousand»."),
        reads=lambda typed: complain_amount.read(typed, fee=fee),
        reads_first=True,
        voices=_heard,
        hint=complain_amount.HINT,
    )


@flow.step(unless=lambda draft: draft.other_amount is None, optional=True)
def other_amount(talk: AfterTalk) -> Question | Skip:
    return complain_amount.which_of_two(talk.draft.amount, talk.draft.other_amount, amount=amount, here=other_amount)


@flow.step(asks="receipt", unless=lambda draft: draft.waves or draft.amount == 0, optional=True)
def receipt(talk: AfterTalk) -> Question | Skip:
    if talk.draft.is_well and not is_overpaid(talk):
        return Skip()
    asks = _("Did you get the orange receipt?") if is_counter_office(talk) else _("Did you get a receipt?")
    return _yes_or_no(lines(_noted(talk), asks), "receipt")


@flow.step(asks="marked", unless=lambda draft: draft.is_well or draft.receipt != YES, optional=True)
def marked(talk: AfterTalk) -> Question | Skip:
    if not is_counter_office(talk):
        return Skip()
    return _yes_or_no(_("Are the code of the office and the service on it?"), "marked")


@flow.step(asks="copy", unless=lambda draft: draft.is_well or draft.waves, optional=True)
def copy(_talk: AfterTalk) -> Question:
    return _yes_or_no(_("📄 Did they want a copy or a photo of your papers?"), "copy")


@flow.step(asks="respect", unless=lambda draft: draft.is_well or draft.waves, optional=True)
def respect(_talk: AfterTalk) -> Question:
    return Question(
        _("How did they treat you?"),
        options=(
            Option("good", _("😊 With respect"), sets={"respect": Respect.GOOD.value}),
            Option("so_so", _("😐 So-so"), sets={"respect": Respect.SO_SO.value}),
            Option("bad", _("🙁 Without respect"), sets={"respect": Respect.BAD.value}),
            *_onward("respect", ""),
        ),
        reads=_read,
        voices=_heard,
    )


@flow.step(asks="elsewhere", unless=lambda draft: draft.is_well or draft.waves, optional=True)
def elsewhere(_talk: AfterTalk) -> Question:
    return _yes_or_no(_("📍 Did you have to go to another office?"), "elsewhere")


@flow.step(aside=True)
def story(talk: AfterTalk) -> Question:
    """What was told, before it goes to a person at the desk."""
    return telling.ask_last_look(
        talk.draft.told, to=_("The directorate gets it, not the office."), field="told", anew=None, other=BACK
    )


@flow.finish
def done(talk: AfterTalk) -> Done:
    asked = asked_of(talk)
    if asked is None or not asked.is_open:
        return Done(_over(talk))
    answers = answers_of(talk)
    try:
        afterwards.answer(talk.desk, asked, answers)
    except QuestionOver:
        return Done(_over(talk))
    shows = file_story(talk, asked.appointment, told=talk.draft.told)
    found = clashes(answers, recorded=asked.appointment.state)
    if not found and shows:
        return Done(tone.taken(CATEGORY), shows=shows)
    if not found:
        # Elsewhere what was paid stands above the question after it.
        thanks = lines(_noted(talk) if talk.draft.is_well else None, _("Thank you."), saying.ONLY_COUNTED)
        return Done(NOTHING_SAID if answers.is_empty else thanks)
    paid = Money(talk.draft.amount) if talk.draft.amount is not None else None
    has_receipt = SAID[talk.draft.receipt]
    return Done(
        paragraphs(
            saying.not_as_it_should_be(found),
            lines(
                _("The complaint is ready; it goes only if you send it."),
                _("The office does not see who writes."),
            ),
        ),
        links=tuple(
            (
                saying.COMPLAIN[clash],
                ready.link(saying.CATEGORY[clash], asked.appointment.id, paid=paid, receipt=has_receipt),
            )
            for clash in found
        ),
        shows=shows,
    )


def _over(talk: AfterTalk) -> Param:
    asked = asked_of(talk)
    return saying.TOO_LATE if asked is not None and asked.is_late else saying.OVER


def _paid(rial: int) -> dict[str, int | None]:
    return {"amount": rial, "other_amount": None}


def _noted(talk: AfterTalk) -> Param | None:
    """What was paid, said back in toman and rial."""
    return _("💰 I noted {paid}.", paid=Money(talk.draft.amount)) if talk.draft.amount else None


def _onward(field: str, empty: str | None) -> tuple[Option, ...]:
    """Leave this question out, or all that are left."""
    return (
        Option("pass", _("Next question"), sets={field: empty}),
        Option("enough", _("That is enough"), sets={field: empty}, then=PAST_OPTIONAL),
    )


def _yes_or_no(text: Param, field: str) -> Question:
    return Question(
        text,
        options=(
            Option(YES, _("Yes"), sets={field: YES}, means=Meaning.YES),
            Option(NO, _("No"), sets={field: NO}, means=Meaning.NO),
            *_onward(field, ""),
        ),
        reads=_read,
        voices=_heard,
    )


def _heard(voice: Voice) -> Reading:
    """A voice note is the story itself, whatever was asked."""
    return Taken({"told": told_early.of_voice(voice)}, then=story)


def _read(typed: str) -> Reading:
    """So are many words."""
    return Taken({"told": told_early.of_text(typed)}, then=story) if told_early.is_story(typed) else None
