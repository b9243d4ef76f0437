"""The public page of a draw: what was announced, what decided it, the file, and what became of one request.

Everybody sees the same at the same moment, without a session: before the result is published, only how far it is.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass

from backoffice.web.http import PublicRequest, PublishedFile, Render
from desk.acting import OutOfReach
from desk.catalogue import queries as catalogue
from desk.draws import queries as draws
from desk.draws.rows import DrawRow, WhereRow
from desk.draws.rules import DrawState
from desk.language.text import Locale, Localised, Text, words
from desk.offices import queries as offices
from desk.reading.codes import read_public_id
from desk.storage.base import ReadSession
from desk.values import LocalDay, LocalMoment

_ = words("draw page")

LONGEST = 40
"""Characters of what is typed: sixteen digits and what stands between them."""
NO_NUMBER = _("The number of a request has sixteen digits. Please look once more.")
NOT_LISTED = _("No request with this number is in the list of this draw.")
NOT_CLOSED = _("The list is not closed yet. Please look again after that.")


@dataclass(frozen=True, slots=True)
class DrawFacts:
    """A draw with the names of its service and province, and its moments by the clock of Tehran."""

    row: DrawRow
    service: Localised
    province: Localised
    first: LocalDay
    last: LocalDay
    closes: LocalMoment
    hour: LocalMoment
    word_until: LocalMoment
    is_word_left_out: bool
    percent: int
    """How much of the list has its place in the order."""


def page(session: ReadSession, request: PublicRequest) -> Render:
    """The draw, and what became of the request whose number was typed."""
    draw = _announced(session, request)
    typed = request.query_text("number")
    found, problem = _looked_up(session, draw, typed) if typed else (None, None)
    is_dari = request.locale is Locale.FA_AF
    values = {
        "draw": facts(session, draw, request),
        "typed": typed[:LONGEST],
        "found": found,
        "problem": problem,
        "is_dari": is_dari,
        "state": draw.state.value,
    }
    return Render(template="public/draw.html", values=values)


def file(session: ReadSession, request: PublicRequest) -> PublishedFile:
    """The published file, from which anybody recomputes the draw."""
    draw = _announced(session, request)
    packed = draws.file_of(session, draw_id=draw.id)
    if packed is None:
        raise OutOfReach
    return PublishedFile(name=f"draw-{draw.id}.json", media_type="application/json", content=gzip.decompress(packed))


def facts(session: ReadSession, draw: DrawRow, request: PublicRequest) -> DrawFacts:
    """The draw as its page shows it."""
    card = catalogue.service(session, service_id=draw.service_id)
    names = {row.code: row.name for row in offices.provinces(session)}
    unknown = Localised({"fa": draw.name})
    return DrawFacts(
        row=draw,
        service=card.title if card is not None else unknown,
        province=names.get(draw.province_code, unknown),
        first=LocalDay(draw.first_day),
        last=LocalDay(draw.last_day),
        closes=LocalMoment(draw.closes_at),
        hour=LocalMoment(draw.drawn_at),
        word_until=LocalMoment(draw.word_until),
        is_word_left_out=draw.is_word_left_out(now=request.now),
        percent=100 * draw.done // draw.listed if draw.listed else 0,
    )


def _announced(session: ReadSession, request: PublicRequest) -> DrawRow:
    draw = draws.draw_of(session, draw_id=request.path["draw"])
    if draw is None or draw.state is DrawState.DRAFT:
        raise OutOfReach
    return draw


def _looked_up(session: ReadSession, draw: DrawRow, typed: str) -> tuple[WhereRow | None, Text | None]:
    number = read_public_id(typed) if len(typed) <= LONGEST else None
    if number is None:
        return None, NO_NUMBER
    if draw.frozen_at is None:
        return None, NOT_CLOSED
    found = draws.where_was(session, draw_id=draw.id, public_id=number.signs)
    return found, None if found is not None else NOT_LISTED
