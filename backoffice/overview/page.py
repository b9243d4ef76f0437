"""The overview, for those responsible for several parts; each figure links to its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from backoffice.access import holds
from backoffice.forms.days import today_at
from backoffice.web.http import PageRequest, PageResponse, Render
from desk.absences.queries import number_objected
from desk.absences.unrecorded import number_unrecorded
from desk.calendar import TEHRAN
from desk.capacity import queries as capacity
from desk.cases import inbox as cases
from desk.catalogue import queries as catalogue
from desk.language.text import Text, words
from desk.outbox import queries as outbox
from desk.rosters.queries import unkept_days
from desk.staff.permissions import Permission as P
from desk.storage.base import ReadSession

_ = words("overview")

MOST_OFFICES = 10
"""The most offices that are named; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure, its label, and its address."""

    label: Text
    number: int
    path: str
    is_bad: bool
    """True = somebody waits for it."""


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The figures whose pages the reader may open, each within their scope."""
    staff = request.staff
    today = today_at(request.now, zone=TEHRAN).date
    tiles: list[Tile] = []
    if holds(staff, P.CASES_READ):
        open_cases, overdue = cases.tallies(session, scope=staff.scope(P.CASES_READ), now=request.now)
        tiles.append(Tile(_("Open cases"), sum(open_cases.values()), "/inbox", is_bad=False))
        tiles.append(Tile(_("Cases later than promised"), overdue, "/inbox?late=1", is_bad=overdue > 0))
    if holds(staff, P.MESSAGES_READ):
        dead = outbox.dead_number(session)
        tiles.append(Tile(_("Messages that did not arrive"), dead, "/undelivered", is_bad=dead > 0))
    if holds(staff, P.CATALOGUE_WRITE):
        fees = catalogue.unconfirmed_fees(session, today=today)
        tiles.append(Tile(_("Fees that nobody has confirmed"), fees, "/catalogue", is_bad=fees > 0))
    shut = capacity.offices_without_times(session, scope=staff.scope(P.CAPACITY_READ), now=request.now)
    tiles.append(Tile(_("Offices without a time ahead"), len(shut), "/capacity", is_bad=bool(shut)))
    unkept = unkept_days(session, scope=staff.scope(P.CAPACITY_READ), today=today)
    tiles.append(Tile(_("Working days without a marshal"), len(unkept), "/capacity/marshals", is_bad=bool(unkept)))
    missing = number_unrecorded(session, scope=staff.scope(P.CAPACITY_WRITE), now=request.now)
    tiles.append(Tile(_("Past turns without an outcome"), missing, "/outcomes", is_bad=missing > 0))
    objected = number_objected(session, scope=staff.scope(P.CAPACITY_WRITE))
    tiles.append(Tile(_("Objections to absences"), objected, "/outcomes/objections", is_bad=objected > 0))
    near = [each for each in unkept if each.day <= today + timedelta(days=1)]
    values = {
        "tiles": tiles,
        "shut": shut[:MOST_OFFICES],
        "more": max(0, len(shut) - MOST_OFFICES),
        "unkept": near[:MOST_OFFICES],
        "more_unkept": max(0, len(near) - MOST_OFFICES),
    }
    return Render(template="overview/page.html", values=values)
