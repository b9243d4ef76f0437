"""Finding an office: by province, by the place a person shares, by a typed city, street or office number.

Used by every conversation whose draft has the fields `province`, `found` and `office`. The shared place itself is not
kept, only which offices are near it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.dialogue.flow import Talk
from bot.dialogue.questions import Go, Json, Option, Question, Reading, Skip, Taken, Unclear
from bot.flows import wording
from bot.flows.offices import opening
from desk.language.text import Param, Reference, lines, paragraphs, words
from desk.offices import chat as offices

if TYPE_CHECKING:
    from desk.offices.rows import OfficeRow
    from desk.values import GeoPoint

_ = words("office")

MOST_LISTED = 5
"""Addresses on one screen; more would push the question out of sight."""

MOST_FOUND = 7
"""Offices of a typed search that are shown; that there are more is said."""
MORE: Final[Json] = [0, None]
"""Stands in a draft's `found` behind the offices of a search that found more than are shown."""

SEND_PLACE = _("📍 Send my place")
WHICH_ONE = _("Which office is near you?")
HOW = _("Press a province, send your place, or write a city.")
NOT_FOUND = _("I found no such office. Write a city, a street or the office's number.")
NONE_NEAR = _("I know no office near there. Please press a province.")


def ask_province(
    talk: Talk[Any], *, service_id: int | None, then: str = "office", question: Param = WHICH_ONE
) -> Question | Skip:
    """The province, passed over where there is only one; `then` is the step that asks for the office."""
    provinces = offices.provinces(talk.desk, service_id=service_id)
    if len(provinces) == 1:
        return Skip({"province": provinces[0].code, "found": []}, then=then)
    if not provinces and service_id is not None:
        return Question(
            _("No office does this service now. You can ask the desk."),
            options=(Option("ask", _("💬 Ask the desk"), then=Go("ask")),),
        )
    return Question(
        lines(question, HOW),
        options=tuple(
            Option(row.code, row.name, sets={"province": row.code, "found": []}, then=then) for row in provinces
        ),
        asks_location=SEND_PLACE,
        places=lambda point: _near(talk, point, service_id=service_id, then=then),
        reads=lambda typed: _search(talk, typed, service_id=service_id, then=then),
        hint=NOT_FOUND,
    )


def ask_office(
    talk: Talk[Any],
    *,
    service_id: int | None,
    here: str = "office",
    then: str | None = None,
    question: Param = WHICH_ONE,
) -> Question:
    """One of the offices found or of the province; `here` is this very step, `then` the next."""
    found = _listed(talk, service_id=service_id)
    if MORE in talk.draft.found:
        question = lines(
            question, _("I show {n} of them. To find another, write its street or number, too.", n=MOST_FOUND)
        )
    is_first = not talk.draft.found and len(offices.provinces(talk.desk, service_id=service_id)) == 1
    if len(found) <= MOST_LISTED:
        question = paragraphs(question, lines(*(_line(row, km) for row, km in found)))
    return Question(
        question,
        options=tuple(
            Option(f"o{row.id}", row.name, sets={"office": row.id, "province": row.province_code}, then=then)
            for row, _km in found
        ),
        asks_location=SEND_PLACE if is_first and len(found) > 1 else None,
        places=lambda point: _near(talk, point, service_id=service_id, then=here),
        reads=lambda typed: _search(talk, typed, service_id=service_id, then=here),
        hint=NOT_FOUND,
    )


def only_office(talk: Talk[Any], *, service_id: int | None) -> OfficeRow | None:
    """The office where there is no choice: a question with one answer is not asked."""
    found = _listed(talk, service_id=service_id)
    return found[0][0] if len(found) == 1 else None


def describe(talk: Talk[Any], row: OfficeRow, *, service_id: int | None) -> Param:
    """Name, address, opening hours, number and telephone, the unknown ones said to be so."""
    return lines(
        _("**{office}**, {city}", office=row.name, city=row.city),
        _("📍 {address}", address=wording.announced(row.address)),
        opening.of_office(talk, row, service_id=service_id),
        _("Number of the office: {code}", code=Reference(row.code)),
        _("Telephone: {phone}", phone=row.phone or wording.NOT_ANNOUNCED),
    )


def _listed(talk: Talk[Any], *, service_id: int | None) -> list[tuple[OfficeRow, int | None]]:
    """Offices with the distance in km, where a place was shared."""
    if talk.draft.found:
        found = (each for each in talk.draft.found if each != MORE)
        pairs = ((offices.office(talk.desk, office_id), km) for office_id, km in found)
        return [(row, km) for row, km in pairs if row is not None and row.is_active]
    return [(row, None) for row in offices.in_province(talk.desk, talk.draft.province, service_id=service_id)]


def _line(row: OfficeRow, km: int | None) -> Param:
    address = wording.announced(row.address)
    if km is None:
        return _("{office}: {city}, {address}", office=row.name, city=row.city, address=address)
    return _("{office}: {km} km, {city}, {address}", office=row.name, km=km, city=row.city, address=address)


def _near(talk: Talk[Any], point: GeoPoint, *, service_id: int | None, then: str) -> Reading:
    nearest = offices.nearest(talk.desk, point, service_id=service_id)
    if not nearest:
        return Unclear(NONE_NEAR)
    return Taken({"found": [[row.id, max(1, round(km))] for row, km in nearest]}, then=then)


def _search(talk: Talk[Any], typed: str, *, service_id: int | None, then: str) -> Reading:
    rows = offices.search(talk.desk, typed, service_id=service_id, limit=MOST_FOUND + 1)
    found: list[Json] = [[row.id, None] for row in rows[:MOST_FOUND]]
    if len(rows) > MOST_FOUND:
        found.append(MORE)
    return Taken({"found": found}, then=then) if found else Unclear(NOT_FOUND)
