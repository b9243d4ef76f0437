"""Formats values: a value becomes a text of simpler parts, which the catalogues translate."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

import phonenumbers

from desk.calendar import SolarDate
from desk.language import vocabulary
from desk.language.shown import (
    FullDay,
    InToman,
    InWords,
    Latin,
    Near,
    Ordinal,
    Reference,
    ShortDay,
    SolarMonth,
    SpokenCode,
)
from desk.language.text import Text, series, words
from desk.reading.folding import persian_digits, strip_bidi
from desk.values import HOME_REGION, ClockTime, Duration, LocalDay, LocalMoment, Money, Phone

LRI: Final = "\u2066"  # left-to-right isolate: keeps codes, phones and times in their order inside Persian
FSI: Final = "\u2068"  # first-strong isolate: lets a text of unknown language choose its own direction
PDI: Final = "\u2069"  # end of an isolate

# Years and small counts read better without a separator; a bare number is grouped from this many digits on.
_GROUPED_FROM: Final = 10_000
_NEAR_DAYS: Final = 30

_money = words("money")
_date = words("date")
_near = words("nearness")
_duration = words("duration")
_code = words("code")


class Ready(NamedTuple):
    """A piece of text that needs no further formatting."""

    text: str


Said = Text | Ready


def grouped(number: int) -> str:
    """Return a number in Persian digits with a separator every three: ۲۷۰٬۰۰۰."""
    return persian_digits(f"{number:,}".replace(",", "٬"))


def count(number: int) -> Ready:
    """Return a count in Persian digits; large ones grouped."""
    return Ready(grouped(number) if abs(number) >= _GROUPED_FROM else persian_digits(str(number)))


def isolated(text: str) -> Ready:
    """Return ``text`` as it is, left to right and isolated from its surroundings."""
    return Ready(f"{LRI}{strip_bidi(text)}{PDI}")


def money(value: Money) -> Text:
    """Return toman in numbers and words with the rial in brackets; zero is «free», and an amount that is no whole
    toman stays rial."""
    if value.rial == 0:
        return _money("free of charge")
    rial = grouped(value.rial)
    if value.rial % 10:
        return _money("{rial} rial", rial=rial)
    return _money("{toman} toman ({rial} rial)", toman=_large(value.toman), rial=rial)


def in_toman(value: InToman) -> Text:
    """Return toman in numbers and words, without the rial."""
    return _money("{toman} toman", toman=_large(value.toman)) if value.toman else _money("free of charge")


def _large(number: int) -> Text:
    """Return a number in words of scale: millions, thousands and the rest."""
    billions, below = divmod(number, 1_000_000_000)
    millions, below = divmod(below, 1_000_000)
    thousands, rest = divmod(below, 1000)
    said = (
        _money("{n} billion", n=billions) if billions else None,
        _money("{n} million", n=millions) if millions else None,
        _money("{n} thousand", n=thousands) if thousands else None,
        _money("{n}", n=rest) if rest else None,
    )
    parts = [part for part in said if part is not None]
    whole = parts[0]
    for part in parts[1:]:
        whole = _money("{more} and {rest}", more=whole, rest=part)
    return whole


def _solar(value: LocalDay) -> SolarDate | None:
    try:
        return SolarDate.from_day(value)
    except ValueError:
        # Years outside of the calendar: a wrong stored date must not keep a page from opening.
        return None


def _day(value: LocalDay, today: LocalDay | None) -> Text | Latin:
    solar, now = _solar(value), None if today is None else _solar(today)
    if solar is None or (now is not None and solar.year != now.year):
        return _full_day(value)
    return _date(
        "{weekday} {day} {month}",
        weekday=vocabulary.weekday(value.weekday),
        day=solar.day,
        month=vocabulary.month(solar.month),
    )


def _full_day(value: LocalDay) -> Text | Latin:
    solar = _solar(value)
    if solar is None:
        return Latin(value.date.isoformat())
    return _date(
        "{weekday} {day} {month} {year}",
        weekday=vocabulary.weekday(value.weekday),
        day=solar.day,
        month=vocabulary.month(solar.month),
        year=solar.year,
    )


def day(value: LocalDay, today: LocalDay | None) -> Said:
    """Return weekday, day and month; with the year when it is not this one; the ISO date beyond the solar calendar."""
    said = _day(value, today)
    return latin(said) if isinstance(said, Latin) else said


def full_day(value: FullDay) -> Said:
    """Return weekday, day, month and year; the ISO date beyond the solar calendar."""
    said = _full_day(value.day)
    return latin(said) if isinstance(said, Latin) else said


def short_day(value: ShortDay) -> Said:
    """Return weekday, day and the short name of the month; the ISO date beyond the solar calendar."""
    solar = _solar(value.day)
    if solar is None:
        return latin(Latin(value.day.date.isoformat()))
    return _date(
        "{weekday} {day} {month}",
        weekday=vocabulary.weekday(value.day.weekday),
        day=solar.day,
        month=vocabulary.short_month(solar.month),
    )


def solar_month(value: SolarMonth) -> Text:
    """Return a month and its year."""
    return _date("{month} {year}", month=vocabulary.month(value.month), year=value.year)


def moment(value: LocalMoment, today: LocalDay | None) -> Text:
    """Return the day and the clock time."""
    return _date("{day}, at {time}", day=_day(value.day, today), time=value.clock)


def clock(value: ClockTime) -> Ready:
    """Return hours and minutes in Persian digits, isolated."""
    return Ready(f"{LRI}{persian_digits(f'{value.hour}:{value.minute:02}')}{PDI}")


def near(value: Near, today: LocalDay | None) -> Said:
    """Return the day as seen from today within a month; the date itself when farther off or today is unknown."""
    when = value.when
    target = when.day if isinstance(when, LocalMoment) else when
    distance = None if today is None else today.until(target)
    if distance is None or abs(distance) > _NEAR_DAYS:
        return moment(when, today) if isinstance(when, LocalMoment) else day(target, today)
    said = _from_today(distance)
    return _date("{day}, at {time}", day=said, time=when.clock) if isinstance(when, LocalMoment) else said


def _from_today(distance: int) -> Text:
    close = {
        -2: _near("the day before yesterday"),
        -1: _near("yesterday"),
        0: _near("today"),
        1: _near("tomorrow"),
        2: _near("the day after tomorrow"),
    }
    if distance in close:
        return close[distance]
    days = vocabulary.number(abs(distance))
    return _near("{n} days from now", n=days) if distance > 0 else _near("{n} days ago", n=days)


def duration(value: Duration) -> Text:
    """Return days, hours and minutes, the empty ones left out."""
    days, below = divmod(value.minutes, 24 * 60)
    hours, minutes = divmod(below, 60)
    parts = [
        _duration("{n} days", n=days) if days else None,
        _duration("{n} hours", n=hours) if hours else None,
        _duration("{n} minutes", n=minutes) if minutes or not value.minutes else None,
    ]
    said = [part for part in parts if part is not None]
    return said[0] if len(said) == 1 else _duration("{parts}", parts=series(*said))


def phone(value: Phone) -> Ready:
    """Return the number as it is dialled in Iran, or with its country code when foreign; Persian digits, isolated."""
    number = phonenumbers.parse(value.e164)
    at_home = number.country_code == phonenumbers.country_code_for_region(HOME_REGION)
    style = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return isolated(persian_digits(phonenumbers.format_number(number, style)))


def spoken_code(value: SpokenCode) -> Text:
    """Return the code digit by digit in words, with a pause after every three."""
    groups = [
        _code(
            "{a} {b} {c}",
            a=vocabulary.number(int(group[0])),
            b=vocabulary.number(int(group[1])),
            c=vocabulary.number(int(group[2])),
        )
        for group in value.code.grouped.split(" ")
    ]
    first, second, third, *last = groups
    if not last:
        return _code("{first}, {second}, {third}", first=first, second=second, third=third)
    return _code("{first}, {second}, {third}, {last}", first=first, second=second, third=third, last=last[0])


def latin(value: Latin) -> Ready:
    """Return Latin text isolated."""
    return isolated(value.text)


def reference(value: Reference) -> Ready:
    """Return a number with its dashes in Persian digits, isolated."""
    return isolated(persian_digits(value.text))


def in_words(value: InWords) -> Said:
    """Return a count in words up to ten."""
    said = vocabulary.number(value.count)
    return said if isinstance(said, Text) else count(said)


def ordinal(value: Ordinal) -> Text:
    """Return first, second, third …"""
    return vocabulary.ordinal(value.place)


_BY_TYPE: Final[dict[type, Callable[..., Said]]] = {
    int: count,
    Money: money,
    FullDay: full_day,
    ShortDay: short_day,
    SolarMonth: solar_month,
    ClockTime: clock,
    Duration: duration,
    Phone: phone,
    SpokenCode: spoken_code,
    Latin: latin,
    Reference: reference,
    InToman: in_toman,
    InWords: in_words,
    Ordinal: ordinal,
}
_FROM_TODAY: Final[dict[type, Callable[..., Said]]] = {LocalDay: day, LocalMoment: moment, Near: near}


@lru_cache(maxsize=8192, typed=True)  # typed: True and 1 are different keys
def say(value: object, today: LocalDay | None) -> Said:
    """Return a value in the format of its type; raises TypeError for a type without one."""
    kind = type(value)
    if kind in _FROM_TODAY:
        return _FROM_TODAY[kind](value, today)
    if kind in _BY_TYPE:
        return _BY_TYPE[kind](value)
    raise TypeError(f"{kind.__name__} has no way of being said")
