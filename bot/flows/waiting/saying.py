"""What a standing request wishes, in words: days of the week, parts of the day, from when until when, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.flows import wording
from desk.language.text import Localised, Param, Text, lines, series, words
from desk.language.vocabulary import weekday
from desk.offices import chat as offices
from desk.values import LocalDay
from desk.waiting.rules import EVERY_PART, EVERY_WEEKDAY, DayPart

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from desk.conversations.chat import Chat
    from desk.offices.rows import OfficeRow, ProvinceRow
    from desk.waiting.rows import StandingWish

_ = words("wait")

MOST_PLACES_SHOWN: Final = 3
"""Of more places the first are named, and how many more there are."""

PARTS: Final[dict[DayPart, Text]] = {
    DayPart.MORNING: _("Morning"),
    DayPart.NOON: _("Noon"),
    DayPart.AFTERNOON: _("Afternoon"),
}


def wish_in_words(chat: Chat, wish: StandingWish) -> Param:
    """The wishes of a request, a line for each kind."""
    return lines(
        _("🗓 {days}, {parts}", days=days(wish.weekdays), parts=parts(wish.parts)),
        _("📅 {span}", span=span(wish.from_day, wish.until_day, today=chat.today)),
        places(chat, wish.office_ids, wish.province_codes),
    )


def days(chosen: Collection[int]) -> Param:
    """The days of the week; all of them, and all but one, have words of their own."""
    missing = sorted(EVERY_WEEKDAY.difference(chosen))
    if not missing or not chosen:
        return _("any day")
    if len(missing) == 1:
        return _("any day but {day}", day=weekday(missing[0]))
    return series(*(weekday(each) for each in sorted(chosen)))


def parts(chosen: Collection[str]) -> Param:
    """The parts of the day."""
    if not chosen or set(chosen) >= EVERY_PART:
        return _("any time")
    return series(*(PARTS[each] for each in DayPart if each in chosen))


def span(first: date, last: date, *, today: LocalDay) -> Param:
    """From when until when; from today on is not said."""
    until = LocalDay(last)
    if first <= today.date:
        return _("until {day}", day=until)
    return _("from {first} until {last}", first=LocalDay(first), last=until)


def places(chat: Chat, office_ids: Sequence[int], province_codes: Collection[str]) -> Param:
    """Where it may be: whole provinces first, then offices."""
    by_id = offices.several(chat, list(office_ids))
    named: list[Param] = [
        *(_("anywhere in {province}", province=row.name) for row in provinces(chat, province_codes)),
        *(_one_office(by_id[each]) for each in office_ids if each in by_id),
    ]
    more = len(named) - MOST_PLACES_SHOWN
    if more > 0:
        named[MOST_PLACES_SHOWN:] = [_("and {n} other places", n=more)]
    return lines(*(_("📍 {place}", place=each) for each in named))


def provinces(chat: Chat, codes: Collection[str]) -> list[ProvinceRow]:
    """These provinces, as far as they have an office."""
    return [row for row in offices.provinces(chat) if row.code in codes]


def short(name: Localised, *, letters: int) -> Localised:
    """A name cut for a button on which more stands."""
    return Localised({locale.value: wording.cut(text, letters=letters) for locale, text in name.texts})


def _one_office(row: OfficeRow) -> Param:
    return _("{office}, {city}", office=row.name, city=row.city)
