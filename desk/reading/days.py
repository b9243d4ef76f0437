"""Reads days as people type them: «۷ آذر», «7/9/1405», «شنبه», «فردا», with Iranian, Afghan or numbered months."""

import re
from enum import StrEnum
from typing import Final

from desk.calendar import SolarDate
from desk.reading.folding import fold
from desk.reading.numbers import read_number
from desk.values import LocalDay

_LATIN_MONTHS: Final = {
    name: number
    for names in (
        "farvardin ordibehesht khordad tir mordad shahrivar mehr aban azar dey bahman esfand",
        "hamal sawr jawza saratan asad sonbola mizan aqrab qaws jadi dalw hoot",
        "farwardin ordibehest - - - shahrivar - - azer day - espand",
        "- saur jowza - - sunbula - aghrab qaus - dalv hut",
    )
    for number, name in enumerate(names.split(), start=1)
    if name != "-"
}
_MONTHS: Final = _LATIN_MONTHS | {
    fold(name): number
    for names in (
        "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
        "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",
        "- - - - امرداد - - ابان اذر - - حوط",
    )
    for number, name in enumerate(names.split(), start=1)
    if name != "-"
}
WEEKDAYS: Final = {
    "شنبه": 0, "یکشنبه": 1, "یک شنبه": 1, "دوشنبه": 2, "دو شنبه": 2, "سهشنبه": 3, "سه شنبه": 3, "چهارشنبه": 4,
    "چهار شنبه": 4, "چارشنبه": 4, "پنجشنبه": 5, "پنج شنبه": 5, "جمعه": 6,
    "shanbe": 0, "yekshanbe": 1, "doshanbe": 2, "seshanbe": 3, "chaharshanbe": 4, "panjshanbe": 5, "jome": 6,
    "shanbeh": 0, "yekshanbeh": 1, "doshanbeh": 2, "seshanbeh": 3, "chaharshanbeh": 4, "panjshanbeh": 5, "jomeh": 6,
    "1 شنبه": 1, "2 شنبه": 2, "3 شنبه": 3, "4 شنبه": 4, "5 شنبه": 5,
}  # fmt: skip
"""The days of the week as they are written, folded; Saturday = 0."""
_NEAR: Final = {
    "امروز": 0, "امروزه": 0, "فردا": 1, "صبا": 1, "سبا": 1, "پسفردا": 2, "پس فردا": 2, "پسصبا": 2, "پس صبا": 2,
    "دیروز": -1, "پریروز": -2, "دگه صبا": 2, "دیگه صبا": 2, "صبای دیگر": 2, "دگر صبا": 2,
    "emrooz": 0, "emruz": 0, "farda": 1, "saba": 1, "sabah": 1, "pasfarda": 2, "pas farda": 2,
    "هفته بعد": 7, "هفته اینده": 7, "هفته دیگر": 7, "هفته دیگه": 7, "هفته دگه": 7, "hafte bad": 7, "hafte dige": 7,
}  # fmt: skip
_EIGHT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)
_FIGURES = re.compile(r"([0-9]{1,4})\s*[/\-._ ⁄؍٫]\s*([0-9]{1,2})(?:\s*[/\-._ ⁄؍٫]\s*([0-9]{1,4}))?", re.ASCII)
_NAMED = re.compile(
    r"(\S+(?: و \S+)?)\s+(?:(?:ام|م)\s+)?(?:(?:برج|ماه)\s+)?(\S+?)(?:\s*ماه)?(?:\s+سال)?(?:\s+([0-9]{2,4}))?"
)
_BOTH_NAMES = re.compile(r"(\S+) ?\((\S+)\)")
_IN_DAYS = re.compile(r"(.+?) (روز|هفته) (دیگر|دیگه|بعد|پیش|قبل)")
_LAST = re.compile(r"(.+?)(?: ی)? (?:گذشته|پیش|قبل)")
# «7آذر», «۵شنبه», «30ام»: numbers and words that are written together are separated.
_SEAM = re.compile(r"(?<=[0-9])(?=[^\W\d_])|(?<=[^\W\d_])(?=[0-9])")
_NOISE = re.compile(r"[()،,:؛;؟?!]|[.]$|^(?:(?:روز|تاریخ|مورخ|برای|در) )+")
_NOT_BUT = re.compile(r"(?:.+ )?(?:نه|نی) (.+)")
_SOONEST: Final = re.compile(
    r"زودتر(?:ین)?|هر ?چ[هی] زودتر|اولین|نزدیکترین|نزدیک ترین|فرق(?:ی)? (?:ندار[هد]|نمیکن[هد]|نمی کند)"
    r"|هر ?وقت|هر ?روز(?:ی)?|zoodtar|zudtar|avalin|har ?vaght|har ?waqt"
)
_LONGEST_REMARK: Final = 8
_FIRST: Final = frozenset(
    {"اول ماه", "اول ماه بعد", "اول ماه اینده", "اول برج", "سر ماه", "سر برج", "avale mah", "aval mah"}
)
_OF_THE_MONTH: Final = re.compile(r"^روز (?=.)|(?<=[0-9]) ?ا?م$")
# Earlier and later years may be lunar years or mistakes: the caller asks.
_FIRST_SURE_YEAR = 1350
_SURE_YEARS_AHEAD = 10
_GREGORIAN_YEARS = range(1900, 2101)
_FARTHEST = 400
_LONGEST = 120
"""The longest input that is read, in letters; on longer text the expressions take far too long."""


class Prefer(StrEnum):
    """Which day is meant where the year or the week is missing."""

    FUTURE = "future"
    PAST = "past"


def read_day(typed: str, *, today: LocalDay, prefer: Prefer = Prefer.FUTURE) -> LocalDay | None:
    """Return the day that ``typed`` means, or None when that is not certain.

    Without a year the nearest such day from today on (or back, with ``PAST``) is meant; today itself counts for both.
    Figures are read as day/month or year/month/day of the Solar Hijri calendar; a year such as 2026 is Gregorian.
    """
    text = fold(typed)
    if len(text) > _LONGEST:
        return None
    text = _BOTH_NAMES.sub(_one_name, text)
    text = " ".join(_SEAM.sub(" ", _NOISE.sub(" ", text)).split())
    if text in _NEAR:
        return today.plus(_NEAR[text])
    counted = _IN_DAYS.fullmatch(text)
    if counted:
        days = read_number(counted[1])
        if days is None or days > _FARTHEST:
            return None
        days *= 7 if counted[2] == "هفته" else 1
        return today.plus(days if counted[3] in ("دیگر", "دیگه", "بعد") else -days)
    if text in WEEKDAYS:
        return _weekday(WEEKDAYS[text], today, prefer)
    last = _LAST.fullmatch(text)
    if last and last[1] in WEEKDAYS:  # today is not «last»; «next» is not certain, so it is not read
        return _weekday(WEEKDAYS[last[1]], today.plus(-1), Prefer.PAST)
    text, near = _without_near(text, today)
    text, weekday = _without_weekday(text)
    figures = _EIGHT.fullmatch(text) or _FIGURES.fullmatch(text)
    found = _by_figures(figures, today, prefer) if figures else _by_name(text, today, prefer)
    # A weekday that does not fit the date is a mistake in one of the two; so is «tomorrow» beside another date.
    if found is None or (weekday is not None and found.weekday != weekday) or near not in (None, found):
        return None
    return found


def read_wished_day(typed: str, *, today: LocalDay) -> LocalDay | None:
    """Return the day ahead that a wish means: as `read_day`, and with a remark behind it or a correction before it.

    «صبا نی دگه صبا» is the day after tomorrow; «۱۵», «پانزدهم» the next fifteenth; «اول ماه» the first of the next
    month. Use it where the day is shown back before it binds.
    """
    text = fold(typed)
    day = read_day_ahead(text, today=today)
    if day is not None or len(text) > _LONGEST:
        return day
    corrected = _NOT_BUT.fullmatch(text)
    if corrected and (day := read_day(corrected[1], today=today)) is not None:
        return day
    words = text.split()
    if len(words) > _LONGEST_REMARK:
        return None
    for end in range(len(words) - 1, 0, -1):
        rest = words[end:]
        if any(any(sign.isdecimal() for sign in word) or word in _MONTHS or word in WEEKDAYS for word in rest):
            return None  # two days in one text: the caller asks
        day = read_day(" ".join(words[:end]), today=today)
        if day is not None:
            return day
    return None


def read_day_ahead(typed: str, *, today: LocalDay) -> LocalDay | None:
    """Return the day that the whole text means: as `read_day`, and «۱۵», «پانزدهم», «اول ماه» of this month or the
    next."""
    text = fold(typed)
    day = read_day(text, today=today)
    if day is not None or len(text) > _LONGEST:
        return day
    if text in _FIRST:
        return _next_of_month(1, today.plus(1))
    number = read_number(_cardinal(_OF_THE_MONTH.sub("", text)))
    return _next_of_month(number, today) if number is not None else None


def asks_the_soonest(typed: str) -> bool:
    """Whether any day will do, the sooner the better."""
    text = fold(typed)
    return len(text) <= _LONGEST and _SOONEST.search(text) is not None


def _next_of_month(number: int, today: LocalDay) -> LocalDay | None:
    if not 1 <= number <= 31:
        return None
    return next((day for ahead in range(62) if SolarDate.from_day(day := today.plus(ahead)).day == number), None)


def _weekday(wanted: int, today: LocalDay, prefer: Prefer) -> LocalDay:
    ahead = (wanted - today.weekday) % 7
    return today.plus(ahead if prefer is Prefer.FUTURE or not ahead else ahead - 7)


def _without_weekday(text: str) -> tuple[str, int | None]:
    for name in sorted(WEEKDAYS, key=len, reverse=True):
        if text.startswith(f"{name} "):
            return text.removeprefix(f"{name} "), WEEKDAYS[name]
    return text, None


def _one_name(both: re.Match[str]) -> str:
    """The month of «قوس (آذر)», as a ticket in Dari shows it."""
    return both[1] if _MONTHS.get(both[1]) == _MONTHS.get(both[2], 0) else both[0]


def _without_near(text: str, today: LocalDay) -> tuple[str, LocalDay | None]:
    for name in sorted(_NEAR, key=len, reverse=True):
        if text.startswith(f"{name} "):
            return text.removeprefix(f"{name} "), today.plus(_NEAR[name])
    return text, None


def _by_figures(figures: re.Match[str], today: LocalDay, prefer: Prefer) -> LocalDay | None:
    first, second, third = figures.groups()
    if third is None:
        return _day(int(first), int(second), None, today, prefer)
    if len(first) == 4 and int(first) in _GREGORIAN_YEARS:
        return _gregorian(int(first), int(second), int(third))
    if len(first) == 4:
        return _day(int(third), int(second), first, today, prefer)
    return _day(int(first), int(second), third, today, prefer)


def _by_name(text: str, today: LocalDay, prefer: Prefer) -> LocalDay | None:
    named = _NAMED.fullmatch(text)
    if not named or named[2] not in _MONTHS:
        return None
    day = read_number(_cardinal(named[1]))
    return None if day is None else _day(day, _MONTHS[named[2]], named[3], today, prefer)


def _cardinal(word: str) -> str:
    """Return «بیست و هفت» for «بیست و هفتم» and leave the rest; the first three ordinals are known as they are."""
    if read_number(word) is not None:
        return word
    return word.replace("سوم", "سه").removesuffix("م")


def _day(day: int, month: int, year: str | None, today: LocalDay, prefer: Prefer) -> LocalDay | None:
    this_year = SolarDate.from_day(today).year
    if year is not None:
        full = int(year) if len(year) == 4 else 1400 + int(year) if len(year) == 2 else 0
        return _solar(full, month, day) if _FIRST_SURE_YEAR <= full <= this_year + _SURE_YEARS_AHEAD else None
    # The next leap day may be up to five years away.
    years = range(this_year, this_year + 6) if prefer is Prefer.FUTURE else range(this_year, this_year - 6, -1)
    for candidate in years:
        found = _solar(candidate, month, day)
        if found and (found >= today if prefer is Prefer.FUTURE else found <= today):
            return found
    return None


def _solar(year: int, month: int, day: int) -> LocalDay | None:
    try:
        return SolarDate(year, month, day).to_day()
    except ValueError:
        return None


def _gregorian(year: int, month: int, day: int) -> LocalDay | None:
    try:
        return LocalDay.of(year, month, day)
    except ValueError:
        return None
