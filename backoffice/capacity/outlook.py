"""What a week comes to before it is saved: places of each day, and how long people wait for the next free day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desk.capacity.many_queues import QueueThere
from desk.capacity.rules import WINDOW_DAYS
from desk.capacity.weeks import DAYS_OF_A_WEEK, Week
from desk.catalogue import queries as catalogue
from desk.consequences.foreseeing import Foreseen
from desk.language import vocabulary
from desk.language.text import Param, Text, inline, words
from desk.offices.rows import OfficeRow
from desk.storage.base import ReadSession

_ = words("capacity")


@dataclass(frozen=True, slots=True)
class PlacesLine:
    """The places of a weekday or of a queue's week, before and after."""

    name: Param
    old: int
    new: int

    @property
    def differs(self) -> bool:
        """Whether the number changes."""
        return self.old != self.new


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekOutlook:
    """The figures of a week beside those of the one that holds."""

    days: tuple[PlacesLine, ...]
    queues: tuple[PlacesLine, ...]
    """The other queues that take the week too."""
    old: int
    new: int
    more: Text
    """How many places a week more or fewer."""
    waits: tuple[Text, ...]
    hit: int


def outlook_of(
    session: ReadSession,
    foreseen: Foreseen,
    *,
    office: OfficeRow,
    before: Week,
    after: Week,
    also: Sequence[tuple[QueueThere, int]],
) -> WeekOutlook:
    """Put together what was foreseen; `also` are the other queues with their places a week until now."""
    offices = {each.office_id: each.office_name for each, _places in also}
    waits = waits_of(session, foreseen, office=office, offices=offices)
    days = tuple(
        PlacesLine(vocabulary.weekday(day), before.places_on(day), after.places_on(day))
        for day in range(DAYS_OF_A_WEEK)
    )
    queues = tuple(
        PlacesLine(each.name if each.office_id == office.id else inline(each.name, each.office_name), old, after.places)
        for each, old in also
    )
    old, new = before.places, after.places
    return WeekOutlook(
        days=days, queues=queues, old=old, new=new, more=_more(new - old), waits=waits, hit=len(foreseen.hit)
    )


def waits_of(
    session: ReadSession, foreseen: Foreseen, *, office: OfficeRow, offices: Mapping[int, Param]
) -> tuple[Text, ...]:
    """For each service how many days people wait for the next free place, before and after."""
    titles = {row.id: row.short_title for row in catalogue.services(session, published_only=False)}
    waits = []
    for here, (old, new) in foreseen.days.items():
        service = titles.get(here.service_id)
        where = None if here.office_id == office.id else offices.get(here.office_id)
        waits.append(_wait(inline(service, where), old=old, new=new))
    return tuple(waits)


def _more(places: int) -> Text:
    if places > 0:
        return _("{n} places a week more", n=places)
    return _("{n} places a week fewer", n=-places) if places else _("as many places as until now")


def _wait(service: Param, *, old: int | None, new: int | None) -> Text:
    if old == new:
        return _("{service}, the next free day: {days}, as until now", service=service, days=_days(new))
    return _(
        "{service}, the next free day: until now {old}, then {new}", service=service, old=_days(old), new=_days(new)
    )


def _days(number: int | None) -> Text:
    if number is None:
        return _("none within {n} days", n=WINDOW_DAYS)
    return _("in {n} days", n=number) if number else _("today")
