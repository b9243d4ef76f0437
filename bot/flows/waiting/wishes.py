"""Corrects the wishes of a standing request, each by itself; none of them has to be asked.

A block of steps that are all aside: the last look of a request names them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from bot.dialogue.flow import Block
from bot.dialogue.lexicon import wishes as lexicon
from bot.dialogue.questions import Json, Option, Question, Reading, Skip, Taken, Unclear
from bot.dialogue.says import ButtonStyle
from bot.dialogue.steps import Step
from bot.dialogue.talk import BlockTalk
from bot.flows import wording
from bot.flows.offices import find_office
from bot.flows.offices.find_office import OfficeDraft
from bot.flows.offices.typed_place import is_province
from bot.flows.waiting import saying
from desk.capacity import chat as capacity
from desk.language.text import Param, lines, paragraphs, words
from desk.language.vocabulary import weekday
from desk.offices import chat as offices
from desk.reading.days import read_wished_day
from desk.reading.weekly_wishes import read_weekly_wish
from desk.values import LocalDay
from desk.waiting.rows import StandingWish
from desk.waiting.rules import EVERY_PART, EVERY_WEEKDAY, MOST_DAYS, MOST_PLACES_WISHED, USUAL_DAYS, DayPart

if TYPE_CHECKING:
    from desk.conversations.chat import Chat
    from desk.offices.rows import ProvinceRow

_ = words("wait")

FRIDAY: Final = 6
"""It has no button, since offices are closed then; who writes it is understood."""
SPANS: Final = {7: _("One week"), 14: _("Two weeks"), 30: _("One month"), 60: _("Two months")}
LATER: Final = {7: _("In one week"), 14: _("In two weeks"), 30: _("In a month")}
PARTS_WITH_HOURS: Final = {**saying.PARTS, DayPart.NOON: _("Noon, 12 to 14")}
"""On the buttons: where noon begins and ends is no word of every day."""
MOST_PROVINCES_OFFERED: Final = 2
"""So many provinces of the chosen offices stand on a button of their own."""

LETTERS_OF_A_PROVINCE: Final = 15
"""On a button beside «all of»."""


@dataclass(slots=True)
class WishDraft:
    """Empty days or parts = any of them; no day = from today, and for the usual time."""

    weekdays: list[int] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    first: str = ""
    last: str = ""
    offices: list[int] = field(default_factory=list)
    provinces: list[str] = field(default_factory=list)

    @property
    def has_places(self) -> bool:
        return bool(self.offices or self.provinces)

    @property
    def has_room(self) -> bool:
        """Whether one more place may be wished."""
        return len(self.offices) + len(self.provinces) < MOST_PLACES_WISHED

    def wish(self, *, today: LocalDay) -> StandingWish:
        """The wishes with what is meant where nothing was said."""
        return StandingWish(
            weekdays=frozenset(self.weekdays) or EVERY_WEEKDAY,
            parts=frozenset(map(DayPart, self.parts)) or EVERY_PART,
            from_day=self.from_day(today),
            until_day=self.until_day(today),
            office_ids=tuple(self.offices),
            province_codes=tuple(self.provinces),
        )

    def leave_out(self, weekday: str) -> None:
        """Wish any day but this one, named by its number as a button carries it."""
        self.weekdays = [each for each in sorted(EVERY_WEEKDAY) if str(each) != weekday]

    def from_day(self, today: LocalDay) -> date:
        return max(date.fromisoformat(self.first), today.date) if self.first else today.date

    def until_day(self, today: LocalDay) -> date:
        if self.last:
            return date.fromisoformat(self.last)
        return min(self.from_day(today) + timedelta(days=USUAL_DAYS), today.plus(MOST_DAYS).date)


def drafted(wish: StandingWish, *, today: LocalDay) -> WishDraft:
    """The draft of a request that stands."""
    return WishDraft(
        weekdays=sorted(wish.weekdays) if wish.weekdays != EVERY_WEEKDAY else [],
        parts=[part.value for part in DayPart if part in wish.parts] if wish.parts != EVERY_PART else [],
        first=wish.from_day.isoformat() if wish.from_day > today.date else "",
        last=wish.until_day.isoformat(),
        offices=list(wish.office_ids),
        provinces=list(wish.province_codes),
    )


@dataclass(frozen=True, slots=True)
class Wished:
    """The service, and how the flow looks for one more office: `one_more` = the fields of its draft with which it asks
    for one, or lets one of these be chosen; `search` = what was written, as `find_office.search` reads it."""

    service_id: int
    one_more: Callable[[OfficeDraft], Mapping[str, Json]]
    search: Callable[[str], Reading]


WishTalk = BlockTalk[WishDraft, Wished]

block: Block[WishDraft, Wished] = Block("wishes", draft=WishDraft, settled=lambda draft: True)


@block.step(aside=True)
def weekdays(talk: WishTalk) -> Question:
    chosen = talk.draft.weekdays
    return Question(
        lines(_("🗓 On which days can you come?"), _("Now: {days}", days=saying.days(chosen or EVERY_WEEKDAY))),
        options=(
            *(_tick(f"d{day}", weekday(day), "weekdays", day, chosen, then=weekdays) for day in range(FRIDAY)),
            Option("enough", _("Yes, these days") if chosen else _("Yes, any day"), then=parts),
        ),
        columns=2,
        reads=lambda typed: weekly(talk.draft, typed, then=parts),
        reads_first=True,
        hint=_("Write the days, such as «Saturday and Monday»."),
    )


@block.step(aside=True)
def parts(talk: WishTalk) -> Question:
    chosen = talk.draft.parts
    return Question(
        lines(_("🕘 At which time of day?"), _("Now: {parts}", parts=saying.parts(chosen))),
        options=(
            *(_tick(each.value, PARTS_WITH_HOURS[each], "parts", each.value, chosen, then=parts) for each in DayPart),
            Option("enough", _("Yes, these times") if chosen else _("Yes, any time")),
        ),
        reads=lambda typed: weekly(talk.draft, typed),
        reads_first=True,
        hint=_("Write the time of day, such as «in the morning»."),
    )


@block.step(aside=True)
def last(talk: WishTalk) -> Question:
    today = talk.desk.today
    until = LocalDay(talk.draft.until_day(today))
    return Question(
        lines(_("📅 Until which day may it be?"), _("Now: until {day}", day=until)),
        options=(
            *(
                Option(f"u{length}", label, sets={"last": today.plus(length).date.isoformat()})
                for length, label in SPANS.items()
                if today.plus(length).date > talk.draft.from_day(today)
            ),
            Option("first", _("Not before a day"), then=first),
        ),
        reads=lambda typed: _read_last(talk, typed),
        hint=_("Write the last day, such as «7 Azar»."),
    )


@block.step(aside=True)
def first(talk: WishTalk) -> Question:
    today = talk.desk.today
    return Question(
        _("📅 From which day on may it be?"),
        options=(
            Option("now", _("From now on"), sets={"first": ""}),
            *(
                Option(f"f{length}", label, sets=_from(talk.draft, today.plus(length), today=today))
                for length, label in LATER.items()
            ),
        ),
        reads=lambda typed: _read_first(talk, typed),
        hint=_("Write the first day, such as «7 Azar»."),
    )


@block.step(aside=True)
def places(talk: WishTalk) -> Question:
    draft = talk.draft
    has_several = len(draft.offices) + len(draft.provinces) > 1
    whole = [row for row in saying.provinces(talk.desk, _provinces_of(talk)) if row.code not in draft.provinces]
    return Question(
        paragraphs(
            saying.places(talk.desk, draft.offices, draft.provinces),
            _("Is another place good for you, too? The more places, the sooner."),
        ),
        options=(
            *(_whole(talk, row) for row in whole[:MOST_PROVINCES_OFFERED]),
            *(_more_places(talk) if draft.has_room else ()),
            *((Option("fewer", _("Take one out"), then=fewer),) if has_several else ()),
            Option("enough", _("✅ These places")),
        ),
        reads=lambda typed: _read_place(talk, typed),
        hint=_("Write a city, a province or the office's number."),
    )


@block.step(aside=True)
def whole_province(talk: WishTalk) -> Question:
    rows = capacity.provinces(talk.desk, service_id=talk.given.service_id)
    return Question(
        _("📍 In which province is any office good for you?"),
        options=tuple(_whole(talk, row, names_alone=True) for row in rows if row.code not in talk.draft.provinces),
        reads=lambda typed: _read_place(talk, typed),
        hint=_("Write the name of the province."),
    )


@block.step(aside=True)
def fewer(talk: WishTalk) -> Question | Skip:
    draft = talk.draft
    if len(draft.offices) + len(draft.provinces) < 2:
        return Skip(then=places)
    rows = offices.several(talk.desk, draft.offices)
    return Question(
        _("📍 Which place shall I take out?"),
        options=(
            *(
                Option(row.code, row.name, sets={"provinces": _without(draft.provinces, row.code)}, then=places)
                for row in saying.provinces(talk.desk, draft.provinces)
            ),
            *(
                Option(
                    f"o{row.id}",
                    wording.on_a_button(row.name),
                    sets={"offices": _without(draft.offices, row.id)},
                    then=places,
                )
                for row in rows.values()
            ),
        ),
    )


def weekly(draft: WishDraft, typed: str, *, then: Step[WishTalk] | None = None) -> Reading:
    """Days of the week and parts of the day that were written; `then` = the step after days alone."""
    found = read_weekly_wish(typed)
    if found is None or (found.beside and not lexicon().adds_nothing(found.beside)):
        return None
    sets: dict[str, Json] = {}
    if found.weekdays is not None:
        sets["weekdays"] = [] if found.weekdays >= EVERY_WEEKDAY else sorted(found.weekdays)
    if found.parts is not None:
        sets["parts"] = [] if found.parts >= EVERY_PART else sorted(found.parts)
    return Taken(sets, then=then if found.parts is None else None)


def with_weekly(draft: WishDraft, typed: str) -> WishDraft | None:
    """The wishes with the days and parts that were written; None = none were."""
    found = weekly(draft, typed)
    return WishDraft(**{**asdict(draft), **found.sets}) if isinstance(found, Taken) else None


def _tick(key: str, name: Param, field: str, value: Json, chosen: Sequence[Json], *, then: Step[WishTalk]) -> Option:
    """The button that chooses one of several, or takes the choice back."""
    has = value in chosen
    return Option(
        key,
        _("{mark} {what}", mark="✅" if has else "▫️", what=name),
        sets={field: _without(chosen, value) if has else sorted([*chosen, value])},
        then=then,
        style=ButtonStyle.CONFIRM if has else ButtonStyle.PLAIN,
    )


def _more_places(talk: WishTalk) -> tuple[Option, ...]:
    """The ways to one more office, where another one does this."""
    draft = talk.draft
    rows = capacity.provinces(talk.desk, service_id=talk.given.service_id)
    others = [row for row in rows if row.code not in draft.provinces]
    if sum(row.offices for row in others) <= len(draft.offices):
        return ()
    one_more = talk.given.one_more(OfficeDraft())
    return (
        Option("office", _("📍 One more office"), sets=one_more, of_flow=True, then=find_office.province),
        Option("province", _("📍 A whole province"), then=whole_province),
    )


def _whole(talk: WishTalk, row: ProvinceRow, *, names_alone: bool = False) -> Option:
    """A whole province in place of its offices."""
    label = (
        row.name
        if names_alone
        else _("📍 All of {province}", province=saying.short(row.name, letters=LETTERS_OF_A_PROVINCE))
    )
    return Option(f"p{row.code}", label, sets=_with_province(talk, row), then=places)


def _with_province(talk: WishTalk, row: ProvinceRow) -> dict[str, Json]:
    rows = offices.several(talk.desk, talk.draft.offices)
    kept = [each for each in talk.draft.offices if each in rows and rows[each].province_code != row.code]
    return {"provinces": [*_without(talk.draft.provinces, row.code), row.code], "offices": kept}


def with_office(chat: Chat, draft: WishDraft, office_id: int) -> list[int]:
    """The offices of the wishes with this one, unless its whole province is wished."""
    row = offices.office(chat, office_id)
    others = _without(draft.offices, office_id)
    return others if row is not None and row.province_code in draft.provinces else [*others, office_id]


def _provinces_of(talk: WishTalk) -> set[str]:
    """The provinces in which the chosen offices are."""
    return {row.province_code for row in offices.several(talk.desk, talk.draft.offices).values()}


def _read_place(talk: WishTalk, typed: str) -> Reading:
    """A province, the only office that was meant, or several to choose from."""
    rows = capacity.provinces(talk.desk, service_id=talk.given.service_id)
    row = is_province(typed, rows)
    found = talk.given.search(typed) if row is None else None
    if isinstance(found, Taken):
        listed = OfficeDraft(**found.sets)
        row = next((row for row in rows if row.code == listed.province), None)
        if row is None and len(listed.found) == 1 and not (listed.lacking_office or listed.lacking_city):
            return Taken({"offices": with_office(talk.desk, talk.draft, listed.found[0][0])}, then=places)
        if row is None:
            return Taken(talk.given.one_more(listed), then=find_office.office, of_flow=True)
    return Taken(_with_province(talk, row), then=places) if row is not None else found


def _read_last(talk: WishTalk, typed: str) -> Reading:
    today = talk.desk.today
    day = read_wished_day(typed, today=today)
    if day is None:
        return None
    if day.date < talk.draft.from_day(today):
        return Unclear(_("{day} is before the first day. Please write a later one.", day=day))
    if (far := _too_far(day, today=today)) is not None:
        return far
    return Taken({"last": day.date.isoformat()})


def _read_first(talk: WishTalk, typed: str) -> Reading:
    today = talk.desk.today
    day = read_wished_day(typed, today=today)
    if day is None:
        return None
    if (far := _too_far(day, today=today)) is not None:
        return far
    return Taken(_from(talk.draft, day, today=today))


def _too_far(day: LocalDay, *, today: LocalDay) -> Unclear | None:
    if today.until(day) <= MOST_DAYS:
        return None
    return Unclear(_("I can wait until {day} at most.", day=today.plus(MOST_DAYS)))


def _from(draft: WishDraft, day: LocalDay, *, today: LocalDay) -> dict[str, Json]:
    """The first day, and a last one that is not before it."""
    sets: dict[str, Json] = {"first": day.date.isoformat()}
    if draft.until_day(today) < day.plus(1).date:
        sets["last"] = ""
    return sets


def _without(several: Sequence[Json], one: Json) -> list[Json]:
    return [each for each in several if each != one]
