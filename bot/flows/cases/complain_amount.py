"""Asks how much was paid, and asks again where toman and rial may be mixed up."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.dialogue.questions import Option, Question, Reading, Skip, Taken, Unclear
from bot.dialogue.steps import Step
from bot.flows.cases.complaint import ComplainTalk
from desk.catalogue import chat as catalogue
from desk.language.text import InToman, Param, lines, words
from desk.reading.long_numbers import long_numbers
from desk.reading.numbers import read_amount
from desk.values import LocalDay, Money

_ = words("amount")

TEN_TIMES = (8, 12.5)
"""A ratio to the fee within these bounds suggests that toman and rial were mixed up, in one direction or the other."""

SURELY_THOUSANDS = Money.from_toman(1_000)
"""Nobody pays less: «27» means 27 thousand, which is shown and not asked about."""

HINT = _("I need an amount in toman, such as «50 thousand».")
WITH_A_UNIT = _("If this is an amount, write it with its unit, such as «15 million toman».")
TRADED = ("BROKER", "INSIDER_BROKER")


def ask_amount(talk: ComplainTalk, *, extra: tuple[Option, ...]) -> Question:
    """How many toman; the answer is `amount` in rial, with `other_amount` where it may be meant differently."""
    question = (
        _("💰 How many toman did they want?") if talk.draft.category in TRADED else _("💰 How many toman did you pay?")
    )
    return Question(
        lines(question, _("Write it, such as «50 thousand».")),
        options=(Option("unknown", _("I don't know"), sets={"amount": None}), *extra),
        reads=lambda typed: read(typed, fee=fee_of(talk)),
        reads_first=True,
        hint=HINT,
    )


def ask_again(talk: ComplainTalk, *, amount: Step[ComplainTalk], here: Step[ComplainTalk]) -> Question | Skip:
    """Ask which of two possible amounts is meant; skipped where there is no doubt. `here` is this step."""
    return which_of_two(talk.draft.amount, talk.draft.other_amount, amount=amount, here=here)


def which_of_two(rial: int | None, other_rial: int | None, *, amount: Step[Any], here: Step[Any]) -> Question | Skip:
    """The same for any draft with the fields `amount` and `other_amount`, in toman and rial."""
    if rial is None or other_rial is None:
        return Skip()
    paid, other = Money(rial), Money(other_rial)
    return Question(
        lines(_("💰 I read **{amount}**.", amount=paid), _("Or was it {other}?", other=other)),
        options=(
            Option("yes", InToman(paid.toman), sets={"other_amount": None}),
            Option("other", InToman(other.toman), sets={"amount": other.rial, "other_amount": None}),
            Option("again", _("I write it again"), sets={"amount": None, "other_amount": None}, then=amount),
        ),
        reads=lambda typed: read(typed, fee=None, then=here),
    )


def read(typed: str, *, fee: Money | None, then: Step[Any] | None = None) -> Reading:
    """Read the amount and the other possible one; None when the text holds no amount.

    A figure of eight digits and more without a unit may be a telephone or the number of a paper: it is asked again.
    """
    readings = read_amount(typed)
    if not readings or not readings[0].rial:
        return None
    if long_numbers(typed, knows=lambda _code: False):
        return Unclear(WITH_A_UNIT)
    amount = readings[0]
    others = [other for other in readings[1:] if other >= SURELY_THOUSANDS]
    other = others[0] if others else _mixed_up(amount, fee)
    return Taken({"amount": amount.rial, "other_amount": other.rial if other else None}, then=then)


def fee_of(talk: ComplainTalk) -> Money | None:
    """The fee for one person on the day of the complaint; None = none was announced then."""
    if not talk.draft.service:
        return None
    day = LocalDay(date.fromisoformat(talk.draft.day)) if talk.draft.day else talk.desk.today
    fee = catalogue.fee_on(talk.desk, talk.draft.service, day=day, province_code=talk.draft.where.province or None)
    return fee.amount if fee else None


def read_back(talk: ComplainTalk) -> Param | None:
    """What was paid, with the announced fee where it is known; None = no answer."""
    if talk.draft.amount is None:
        return None
    paid, fee = Money(talk.draft.amount), fee_of(talk)
    said = _("💰 Amount: **{paid}**", paid=paid)
    if fee is None:
        return said
    return lines(said, _("The fee of that day: {fee}.", fee=fee) if talk.draft.day else _("The fee: {fee}.", fee=fee))


def _mixed_up(amount: Money, fee: Money | None) -> Money | None:
    """The same number in the other unit, if that is close to the fee."""
    if fee is None or not fee.rial:
        return None
    low, high = TEN_TIMES
    if low <= amount.rial / fee.rial <= high:
        return Money(amount.rial // 10)
    if low <= fee.rial / amount.rial <= high:
        return amount * 10
    return None
