"""At which hour each of a household comes is said as it is: together, one after the other, or some of them later."""

from datetime import timedelta

import pytest

from bot.flows.appointments.household_times import hours
from desk.capacity.rows import FreeSlot, TogetherAt
from desk.language.shown import Locale
from desk.reading.folding import strip_bidi
from tests import makers
from tests.transcripts.measure import words_of_the_bot
from tests.transcripts.screen_rules import TODAY


def together(*minutes: int) -> TogetherAt:
    """Places so many minutes after eight."""
    first = makers.at(makers.TODAY, hour=8, minute=0)
    return TogetherAt(
        tuple(
            FreeSlot(number, 1, 1, first + timedelta(minutes=each), makers.TODAY, "Asia/Tehran", 1)
            for number, each in enumerate(minutes)
        )
    )


@pytest.mark.parametrize(
    ("minutes", "fa", "dari"),
    [
        ((0, 0), "همه در یک وقت.", "همه در یک وقت."),
        ((0, 15, 30), "پشت سر هم: ۸:۰۰، ۸:۱۵ و ۸:۳۰.", "یکی بعد از دیگری: ۸:۰۰، ۸:۱۵ و ۸:۳۰."),
        (
            (0, 15, 15, 15),
            "نه همه با هم: ۱ نفر ساعت ۸:۰۰ و ۳ نفر ساعت ۸:۱۵.",
            "نه همه یکجا: ۱ نفر ساعت ۸:۰۰ و ۳ نفر ساعت ۸:۱۵.",
        ),
    ],
)
def test_the_hours_are_said_as_they_are(minutes: tuple[int, ...], fa: str, dari: str) -> None:
    said = hours(together(*minutes))
    read = [strip_bidi(words_of_the_bot().plain(said, locale, today=TODAY)) for locale in (Locale.FA, Locale.FA_AF)]
    assert read == [fa, dari]
