"""Finding an office by province, by a shared location, or by a typed city, street or office number.

A block for every conversation that needs an office. The shared location is not kept, only the offices near it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.dialogue.flow import Block, Talk
from bot.dialogue.questions import Go, Json, Option, Question, Reading, Skip, Taken, Unclear
from bot.dialogue.steps import Step
from bot.dialogue.talk import BlockTalk
from bot.flows import wording
from bot.flows.offices import opening
from bot.flows.offices.typed_place import is_province, province_in
from desk.appointments import chat as appointments
from desk.capacity import chat as capacity
from desk.language.text import Locale, Param, Reference, lines, paragraphs, series, words
from desk.offices import chat as offices
from desk.reading.folding import joined
from desk.refusals import Refusal

if TYPE_CHECKING:
    from desk.offices.rows import OfficeRow, ProvinceRow
    from desk.values import GeoPoint

_ = words("office")

MOST_LISTED = 5
"""The most addresses on one screen; more would push the question out of sight."""

MOST_FOUND = 7
"""Offices of a typed search that are shown; that there are more is said."""

NEAR_KM = 60
"""An office that is farther away than these kilometres is not called near: one can come there within the hour."""
MOST_NAMED = 3
"""Of more provinces with a single office the chat says only that there are some."""
MOST_FAR = 3
"""So many of the nearest offices are shown where none is near, or where the one that was meant lacks the service."""

SEND_PLACE = _("📍 Send my place")
WHICH_ONE = _("Which office is near you?")
WHICH_OF_THESE = _("Which office do you want?")
HOW = _("Press a province, send your place, or write a city.")
NOT_FOUND = _("I found no such office. Write a city, a street or the office's number.")
NO_SUCH = _("I found no such office.")
"""The same where the question says itself what to write."""
STRAIGHT = _("Measured in a straight line; the road is longer.")
NONE_NEAR = _("I know no office near there. Please write a city.")


@dataclass(slots=True)
class OfficeDraft:
    """The chosen office; until then, the province or what was found."""

    province: str = ""
    found: list[Json] = field(default_factory=list)
    """`[id, km]` of each office that a search or a shared place gave; of a search the distance is None."""
    has_more: bool = False
    """The search found more offices than these."""
    lacking_office: int = 0
    """These stand in place of this office, which lacks the service; or the province is asked, where none is near it."""
    lacking_city: str = ""
    """These stand in place of this city, in which no office has the service."""
    office: int | None = None
    is_unknown: bool = False
    """True = the person does not know which office, or means none."""


def unknown() -> OfficeDraft:
    """The draft in which no office is meant or known."""
    return OfficeDraft(is_unknown=True)


@dataclass(frozen=True, slots=True)
class WantedOffice:
    """What a flow wants of the office: the service it must offer, and the words of the question.

    `nowhere` = raised where no office offers the service.
    """

    service_id: int | None = None
    question: Param = WHICH_ONE
    nowhere: Refusal | None = None
    skips_the_only: bool = True
    """A question with one answer is not asked."""


OfficeTalk = BlockTalk[OfficeDraft, WantedOffice]

block: Block[OfficeDraft, WantedOffice] = Block(
    "office", draft=OfficeDraft, settled=lambda draft: bool(draft.office) or draft.is_unknown
)


def read_forward(draft: OfficeDraft) -> None:
    """Earlier versions stored three of the fields in `found`, as an office without an id."""
    for _no_id, what in (each for each in draft.found if not each[0]):
        if isinstance(what, int):
            draft.lacking_office = what
        elif what is not None:
            draft.lacking_city = what
        else:
            draft.has_more = True
    draft.found = [each for each in draft.found if each[0]]


def chosen(row: OfficeRow) -> OfficeDraft:
    """The draft in which this office is chosen."""
    return OfficeDraft(province=row.province_code, office=row.id)


@block.step(asks="province", unless=lambda draft: bool(draft.found))
def province(talk: OfficeTalk) -> Question | Skip:
    given = talk.given
    provinces = capacity.provinces(talk.desk, service_id=given.service_id)
    if not provinces and given.nowhere is not None:
        raise given.nowhere
    if len(provinces) == 1:
        return Skip(_in_province(provinces[0]) | {"lacking_office": talk.draft.lacking_office})
    is_lacking = talk.draft.lacking_office and not talk.draft.found
    lacks = _lacks(talk, office_id=talk.draft.lacking_office, city="") if is_lacking else None
    if not provinces and given.service_id is not None:
        return Question(
            _("No office does this service now. You can ask the desk."),
            options=(Option("ask", _("💬 Ask the desk"), then=Go("ask")),),
        )
    last = appointments.last(talk.desk) if len(provinces) > 1 else None
    there = offices.office(talk.desk, last.office_id) if last is not None else None
    if there is not None:
        provinces.sort(key=lambda row: row.code != there.province_code)
    return Question(
        lines(lacks, given.question, HOW, None if lacks else _only_ones(talk, provinces)),
        options=(
            Option("place", SEND_PLACE, then=here),
            *(Option(row.code, row.name, sets=_in_province(row)) for row in provinces),
        ),
        places=lambda point: near(talk, point),
        reads=lambda typed: search(talk, typed),
        hint=NOT_FOUND,
    )


def _only_ones(talk: OfficeTalk, provinces: Sequence[ProvinceRow]) -> Param | None:
    """Which provinces have a single office, and in which city it is; of many, only that some have."""
    single = [row for row in provinces if row.only_office is not None]
    if not single:
        return None
    if len(single) > MOST_NAMED:
        return _("📍 Some provinces have one office only.")
    rows = offices.several(talk.desk, [row.only_office for row in single if row.only_office is not None])
    named = [
        row.name
        if row.name == (city := rows[row.only_office].city)
        else _("{province} (in {city})", province=row.name, city=city)
        for row in single
        if row.only_office in rows
    ]
    if len(named) == 1:
        return _("📍 {province} has one office only.", province=named[0])
    return _("📍 One office each: {provinces}", provinces=series(*named))


@block.step(aside=True)
def here(talk: OfficeTalk) -> Question:
    """The messenger's own button for a place needs a keyboard of its own, which only they get who want it."""
    return Question(
        _("Press the button below: it sends where you are now. You can also write a city."),
        asks_location=SEND_PLACE,
        places=lambda point: near(talk, point),
        reads=lambda typed: search(talk, typed, unclear=NO_SUCH),
        hint=NO_SUCH,
    )


@block.step(asks="office")
def office(talk: OfficeTalk) -> Question | Skip:
    read_forward(talk.draft)
    found = _listed(talk)
    instead = _instead(talk, found)
    if talk.given.skips_the_only and len(found) == 1 and instead is None:
        return Skip({"office": found[0][0].id, "province": found[0][0].province_code})
    question = talk.given.question if instead is None else lines(instead, WHICH_OF_THESE)
    if instead is None and any(km is not None for _row, km in found):
        question = lines(question, STRAIGHT)
    if talk.draft.has_more:
        question = lines(
            question, _("I show {n} of them. To find another, write its street or number, too.", n=MOST_FOUND)
        )
    is_first = not talk.draft.found and len(capacity.provinces(talk.desk, service_id=talk.given.service_id)) == 1
    if len(found) <= MOST_LISTED:
        question = paragraphs(question, lines(*(_line(row, km) for row, km in found)))
    return Question(
        question,
        options=(
            *((Option("place", SEND_PLACE, then=here),) if is_first and len(found) > 1 else ()),
            *(
                Option(
                    f"o{row.id}",
                    wording.on_a_button(row.name),
                    sets={"office": row.id, "province": row.province_code},
                )
                for row, _km in found
            ),
        ),
        places=lambda point: near(talk, point, then=office),
        reads=lambda typed: search(talk, typed, then=office),
        hint=NOT_FOUND,
    )


def describe(talk: Talk[Any], row: OfficeRow, *, service_id: int | None) -> Param:
    """Name, address, opening hours, number and telephone; what is not known is said once."""
    hours = opening.of_office(talk, row, service_id=service_id)
    return lines(
        _("**{office}**, {city}", office=row.name, city=row.city),
        _("📍 {address}", address=row.address) if row.address else None,
        hours,
        _("Number of the office: {code}", code=Reference(row.code)),
        _("Telephone: {phone}", phone=row.phone) if row.phone else None,
        wording.not_yet(
            None if row.address else _("the address"),
            None if hours else _("the hours"),
            None if row.phone else _("the telephone"),
        ),
    )


def near(talk: OfficeTalk, point: GeoPoint, *, then: Step[OfficeTalk] | None = None) -> Reading:
    """The offices near a place, to choose from; where none is near, the nearest, of which that is said."""
    nearest = capacity.nearest_offices(talk.desk, point, service_id=talk.given.service_id)
    if not nearest:
        return Unclear(NONE_NEAR)
    return Taken(_listing(_with_km([each for each in nearest if each[1] <= NEAR_KM] or nearest[:MOST_FAR])), then=then)


def search(
    talk: OfficeTalk, typed: str, *, then: Step[OfficeTalk] | None = None, unclear: Param | None = None
) -> Reading:
    """The offices or the province meant by typed words, to choose from; `unclear` is said where there is none.

    Where what was meant lacks the service, the nearest that have it.
    """
    service_id = talk.given.service_id
    provinces = capacity.provinces(talk.desk, service_id=service_id)
    province = is_province(typed, provinces)
    rows = [] if province else capacity.search_offices(talk.desk, typed, service_id=service_id, limit=MOST_FOUND + 1)
    if not rows and not province and (city := offices.city(talk.desk, typed)) is not None:
        # Its name may stand between words that no office has: «I live in Karaj».
        rows = capacity.search_offices(talk.desk, city.name, service_id=service_id, limit=MOST_FOUND + 1)
    if not rows and (province := province or province_in(typed, provinces)) is not None:
        return Taken(_in_province(province), then=then)
    if not rows:
        return _elsewhere(talk, typed, then=then, unclear=unclear)
    found: list[Json] = [[row.id, None] for row in rows[:MOST_FOUND]]
    return Taken(_listing(found, has_more=len(rows) > MOST_FOUND), then=then)


def _listing(
    found: list[Json], *, has_more: bool = False, lacking_office: int = 0, lacking_city: str = ""
) -> dict[str, Json]:
    """Sets what was found, and nothing of what was found before."""
    return {
        "found": found,
        "has_more": has_more,
        "lacking_office": lacking_office,
        "lacking_city": lacking_city,
    }


def _in_province(row: ProvinceRow) -> dict[str, Json]:
    """Sets the province, whose offices are listed in place of what was found before."""
    return {"province": row.code, **_listing([])}


def _elsewhere(talk: OfficeTalk, typed: str, *, then: Step[OfficeTalk] | None, unclear: Param | None) -> Reading:
    """In place of an office that lacks the service, or of a city without one that has it: the nearest that have it."""
    lacking: list[OfficeRow] = []
    if talk.given.service_id is not None:
        lacking = capacity.search_offices(talk.desk, typed, service_id=None, limit=MOST_FOUND)
    # Who says which office it was, and not where to go, means no other one.
    city = offices.city(talk.desk, typed) if talk.given.skips_the_only else None
    if not lacking and city is None:
        return Unclear(unclear or NOT_FOUND)
    is_one = len(lacking) == 1 or any(joined(row.code) == joined(typed) for row in lacking[:1])
    point = next((row.point for row in lacking if row.point), city.point if city else None)
    lacking_office = lacking[0].id if is_one else 0
    lacking_city = "" if is_one else city.name if city else lacking[0].city.for_locale(talk.locale)
    nearest = [] if point is None else capacity.nearest_offices(talk.desk, point, service_id=talk.given.service_id)
    if not nearest:
        lacks = _lacks(talk, office_id=lacking_office, city=lacking_city)
        other = _("Please write another city.")
        return Unclear(lines(lacks, other) if lacking else unclear or NOT_FOUND)
    found = _with_km(nearest[:MOST_FAR])
    return Taken(_listing(found, lacking_office=lacking_office, lacking_city=lacking_city), then=then)


def instead_of(talk: OfficeTalk, row: OfficeRow) -> OfficeDraft:
    """The draft in which the nearest that have the service are offered in place of this office, which lacks it.

    Where it is not known where it stands, or where the others do, the province is asked, and why is said.
    """
    nearest = capacity.nearest_offices(talk.desk, row.point, service_id=talk.given.service_id) if row.point else []
    return OfficeDraft(found=_with_km(nearest[:MOST_FAR]), lacking_office=row.id)


def of_place(talk: OfficeTalk, stored: str) -> OfficeDraft | None:
    """The draft in which the offices of a named place are offered (`NamedPlace.stored`), or where none has the service
    the nearest that do; None where that is not known either."""
    if any(row.code == stored for row in capacity.provinces(talk.desk, service_id=talk.given.service_id)):
        return OfficeDraft(province=stored)
    name = next((row.name.for_locale(Locale.FA) for row in offices.provinces(talk.desk) if row.code == stored), stored)
    found = search(talk, name)
    return OfficeDraft(**found.sets) if isinstance(found, Taken) else None


def _with_km(nearest: Sequence[tuple[OfficeRow, float]]) -> list[Json]:
    return [[row.id, max(1, round(km))] for row, km in nearest]


def _instead(talk: OfficeTalk, found: Sequence[tuple[OfficeRow, int | None]]) -> Param | None:
    """Why these are offered and not what was meant, and how far the nearest is; None = they are what was meant."""
    draft = talk.draft
    if draft.lacking_office and not draft.found:
        return _lacks(talk, office_id=draft.lacking_office, city="")
    if not found or (km := found[0][1]) is None:
        return None
    is_instead = bool(draft.lacking_office or draft.lacking_city)
    if not is_instead and km <= NEAR_KM:
        return None
    return lines(
        _lacks(talk, office_id=draft.lacking_office, city=draft.lacking_city)
        if is_instead
        else _("No office is near there."),
        _("The nearest office for this is in {city}, about {km} km in a straight line.", city=found[0][0].city, km=km),
    )


def _lacks(talk: OfficeTalk, *, office_id: int, city: str) -> Param:
    """That this office, or each in this city, lacks what is wanted."""
    row = offices.office(talk.desk, office_id) if office_id else None
    if row is not None:
        return _("Office {code} does not do this.", code=Reference(row.code))
    if talk.given.service_id is None:
        return _("I know no office in {city}.", city=city)
    return _("No office in {city} does this.", city=city)


def as_part(reading: Reading, *, field: str) -> Reading:
    """The same answer for a step of the flow itself, whose draft has the block's in this field."""
    return Taken({field: OfficeDraft(**reading.sets)}) if isinstance(reading, Taken) else reading


def _listed(talk: OfficeTalk) -> list[tuple[OfficeRow, int | None]]:
    """Offices with the distance in km, where a place was shared."""
    if talk.draft.found:
        pairs = ((offices.office(talk.desk, office_id), km) for office_id, km in talk.draft.found)
        return [(row, km) for row, km in pairs if row is not None and row.is_active]
    in_province = capacity.offices_in(talk.desk, talk.draft.province, service_id=talk.given.service_id)
    return [(row, None) for row in in_province]


def _line(row: OfficeRow, km: int | None) -> Param:
    place = _("{city}, {address}", city=row.city, address=row.address) if row.address else row.city
    if km is None:
        return _("{office}: {place}", office=row.name, place=place)
    return _("{office}: {km} km, {place}", office=row.name, km=km, place=place)
