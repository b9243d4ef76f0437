"""The calendar file of an appointment is one that calendars read, and arrives as a file on both messengers."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.channels.bot_api import BotApiChannel
from bot.channels.calendar_file import LONGEST_LINE, calendar_file
from bot.dialogue.says import CalendarEvent, Says
from desk.language.text import Locale
from desk.reading.folding import strip_bidi
from emulator import Emulator
from tests.channels.talking import NOON, always, button, fa, met, polling

STARTS = datetime(2026, 11, 28, 6, 0, tzinfo=UTC)
LONG = "احراز هویت، تمدید; کارت \\ آمایش\n" * 6


def read(content: bytes) -> list[tuple[str, str]]:
    """Names and values of a calendar file, as a calendar reads them."""
    whole = content.decode().replace("\r\n ", "")
    assert whole.endswith("\r\n")
    pairs = [line.partition(":") for line in whole[:-2].split("\r\n")]
    return [(name, value) for name, _colon, value in pairs]


def test_the_file_says_the_moment_and_the_words() -> None:
    content = calendar_file(
        uid="482173051@mizban", version=2, starts_at=STARTS, title=LONG, place="کرج", notes="کد", now=NOON
    )
    values = read(content)
    assert ("DTSTART", "20261128T060000Z") in values
    assert ("DTSTAMP", "20261121T090000Z") in values
    assert ("SEQUENCE", "2") in values
    summary = dict(values)["SUMMARY"]
    assert summary.startswith("احراز هویت، تمدید\\; کارت \\\\ آمایش\\n")
    assert summary.count("\\n") == 6
    assert [name for name, _value in values if name in ("BEGIN", "END")] == ["BEGIN"] * 3 + ["END"] * 3


def test_a_moment_of_any_zone_is_said_in_that_of_all_phones_and_the_alarm_comes_two_hours_before() -> None:
    in_tehran = STARTS.astimezone(ZoneInfo("Asia/Tehran"))
    content = calendar_file(uid="u", version=0, starts_at=in_tehran, title="t", place="p", notes="n", now=in_tehran)
    values = read(content)
    assert ("DTSTART", "20261128T060000Z") in values
    assert ("DTSTAMP", "20261128T060000Z") in values
    alarm = values[values.index(("BEGIN", "VALARM")) : values.index(("END", "VALARM"))]
    assert ("TRIGGER", "-PT2H") in alarm
    assert values.index(("BEGIN", "VALARM")) > values.index(("BEGIN", "VEVENT")), "the alarm is of the event"


def test_no_line_is_too_long_and_no_letter_is_cut() -> None:
    content = calendar_file(uid="u", version=0, starts_at=STARTS, title=LONG, place="p", notes=LONG, now=NOON)
    lines = content.split(b"\r\n")
    assert max(len(line) for line in lines) <= LONGEST_LINE
    assert len(lines) > 25, "what is long goes on in the next line"
    for line in lines:
        line.decode()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("یک\r\nدو", "یک\\nدو"),
        ("یک\rدو", "یک\\nدو"),
        ("یک\x85دو\u2028سه", "یک\\nدو\\nسه"),
        ("یک\x00\x07\x1b\x7f\x9fدو", "یکدو"),
        ("یک\tدو", "یک\tدو"),
        ("END:VEVENT\r\nBEGIN:VEVENT", "END:VEVENT\\nBEGIN:VEVENT"),
    ],
)
def test_no_control_character_comes_into_a_value(typed: str, told: str) -> None:
    content = calendar_file(uid="u", version=0, starts_at=STARTS, title=typed, place=typed, notes=typed, now=NOON)
    values = read(content)
    assert [value for name, value in values if name in ("SUMMARY", "LOCATION", "DESCRIPTION")] == [told] * 4
    assert len(values) == 19
    assert all(letter >= 0x20 or letter in b"\r\n\t" for letter in content)


async def test_it_arrives_as_a_file_with_its_words(channel: BotApiChannel, kind: str, emulator: Emulator) -> None:
    event = CalendarEvent("482173051@mizban", 0, STARTS, fa("نوبت"), fa("کرج"), fa("کد ۴۸۲۱۷۳۰۵۱"))
    says = Says(fa("فایل را باز کنید."), rows=((button("صفحهٔ اول", "menu"),),), stays=True, event=event)
    async with polling(channel, always(Says(fa("سلام"), stays=True))):
        person = await met(emulator, kind)
        await channel.send(str(person.id), says, locale=Locale.FA)
    shown = person.screen.messages[-1]
    assert (shown.kind, strip_bidi(shown.text), list(shown.buttons)) == ("document", "فایل را باز کنید.", ["صفحهٔ اول"])
    document = shown.media["document"]
    assert document["file_name"] == "appointment.ics"
    stored = emulator.world.files.get(document["file_id"])
    assert stored is not None
    assert dict(read(stored.content))["LOCATION"] == "کرج"
    assert not emulator.violations
