"""What was planned, released, booked, came and was served, by day and by week, as a table and a plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from functools import reduce
from typing import Final

from backoffice.access import require_within
from backoffice.capacity.heat import HeatFilter
from backoffice.capacity.plot import HEIGHT, NUMBERS, WIDTH, plot_of
from backoffice.forms.days import today_at
from backoffice.layout.paging import SelectFilter, one_of
from backoffice.web.http import PageRequest, PageResponse, Render
from desk.acting import OutOfReach
from desk.calendar import TEHRAN
from desk.catalogue import queries as catalogue
from desk.figures import course as figures
from desk.figures.course import Course
from desk.figures.rules import DAYS_AHEAD
from desk.language.text import Text, words
from desk.offices import queries as offices
from desk.organisation import province
from desk.storage.base import ReadSession

_ = words("capacity")

BY_DAY, BY_WEEK = "day", "week"
BACK: Final = {BY_DAY: 28, BY_WEEK: 13 * 7}
"""How many days back the page goes."""
COUNTS: Final[Sequence[tuple[str, Text]]] = (
    ("planned", _("Planned")),
    ("released", _("Released")),
    ("booked", _("Booked")),
    ("came", _("Came")),
    ("served", _("Served")),
    ("absent", _("Did not come")),
)


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The page for all offices within reach, those of a province, or one."""
    within = [row for row in offices.provinces(session) if request.scope.covers(province(row.code))]
    services = catalogue.services(session, bookable_only=True, published_only=False)
    wanted = HeatFilter.of(request.query_text, provinces=within, services=services)
    number = request.query_number("office")
    office = None if number is None else offices.office(session, office_id=number)
    if office is not None:
        require_within(request.scope, office.node)
    elif number is not None:
        raise OutOfReach
    by = one_of(request, "by", (BY_DAY, BY_WEEK)) or BY_DAY
    today = today_at(request.now, zone=TEHRAN).date
    days = figures.course(
        session,
        scope=request.scope,
        province_code=None if office else wanted.province or None,
        office_id=office.id if office else None,
        service_id=wanted.service,
        first=today - timedelta(days=BACK[by]),
        last=today + timedelta(days=DAYS_AHEAD - 1),
    )
    periods = figures.by_week(days) if by == BY_WEEK else days
    until_today = [each.course for each in days if each.first <= today]
    values = {
        "tab": "offices",
        "office": office,
        "is_narrow": wanted.is_narrow or office is not None,
        "is_by_week": by == BY_WEEK,
        "filters": [
            SelectFilter("by", _("By"), [(BY_DAY, _("Day")), (BY_WEEK, _("Week"))], by),
            SelectFilter(
                "province", _("Province"), [] if office else [(row.code, row.name) for row in within], wanted.province
            ),
            SelectFilter(
                "service",
                _("Service"),
                [(str(row.id), row.short_title) for row in services],
                "" if wanted.service is None else str(wanted.service),
            ),
        ],
        "counts": COUNTS,
        "periods": [(each, asdict(each.course)) for each in periods],
        "total": asdict(reduce(Course.__add__, until_today, Course())),
        "today": today,
        "plot": plot_of(periods, today=today),
        **{"width": WIDTH, "height": HEIGHT, "numbers": NUMBERS},
    }
    return Render(template="capacity/course.html", values=values)
