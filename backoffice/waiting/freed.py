"""The page of what became of the free times of an office: to whom they were offered or not, and why; without names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from wtforms import Form

from backoffice.forms.days import today_at
from backoffice.forms.numbers import Day
from backoffice.layout.badge import Badge
from backoffice.offices.in_reach import OfficeChoice, choice_for
from backoffice.waiting.wording import BECAME, OUTCOMES, QUOTA_USED_UP, WHY_NOT, offered_before
from backoffice.web.http import PageRequest, PageResponse, Render
from desk.acting import Permission
from desk.language.text import Param, Text, words
from desk.offices.rows import OfficeRow
from desk.reading.days import Prefer
from desk.storage.base import ReadSession
from desk.values import LocalMoment
from desk.waiting.offer_queries import freed_places
from desk.waiting.offer_rules import FreedOutcome, NoOffer
from desk.waiting.rows import FreedPlaceRow

_ = words("waiting list")

MOST = 200
"""The most lines of a page, the newest."""
BACK: Final = timedelta(days=7)
AHEAD: Final = timedelta(days=60)
"""The days that are shown where none are chosen."""


class DaysForm(Form):
    """From which day to which day the times are."""

    from_day = Day(_("Times from the day"), prefer=Prefer.PAST)
    to_day = Day(_("Times until the day"))


@dataclass(frozen=True, slots=True)
class FreedLine:
    """A free time, and what became of it in sentences."""

    starts_at: Param
    at: Param
    outcome: Badge
    sentences: tuple[Param, ...]


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The free times of the chosen days at the chosen office, as they were decided about last."""
    choice = choice_for(session, request, wanted=request.query_number("office"))
    if choice.current is None:
        return Render(template="waiting/freed.html", values={"choice": choice, **_tab(request)})
    return _page(session, request, choice=choice, office=choice.current)


def _page(session: ReadSession, request: PageRequest, *, choice: OfficeChoice, office: OfficeRow) -> Render:
    today = today_at(request.now, zone=office.zone).date
    is_narrow = bool(request.query_text("from_day") or request.query_text("to_day"))
    form = DaysForm(request.query if is_narrow else None, data={"from_day": today - BACK, "to_day": today + AHEAD})
    if is_narrow and form.validate() and form.to_day.data < form.from_day.data:
        form.to_day.add_error(_("The last day lies before the first."))
    found = (
        []
        if form.errors
        else freed_places(
            session,
            office_id=office.id,
            scope=request.scope,
            from_day=form.from_day.data,
            to_day=form.to_day.data,
            limit=MOST,
        )
    )
    values = {
        "choice": choice,
        "office": office,
        "form": form,
        "lines": [_line(each, office) for each in found],
        "is_cut": len(found) == MOST,
        "is_narrow": is_narrow,
        **_tab(request),
    }
    return Render(
        template="waiting/freed.html",
        values=values,
        status=422 if form.errors else 200,
        remember=choice.remember,
    )


def _tab(request: PageRequest) -> dict[str, object]:
    return {"tab": "freed", "may_record": bool(request.staff.scope(Permission.APPOINTMENTS_RECORD))}


def _line(row: FreedPlaceRow, office: OfficeRow) -> FreedLine:
    return FreedLine(
        LocalMoment(row.starts_at, office.zone),
        LocalMoment(row.at, office.zone),
        _outcome(row),
        tuple(_sentences(row)),
    )


def _outcome(row: FreedPlaceRow) -> Badge:
    is_stopped = row.outcome is FreedOutcome.NOT_BOOKABLE and NoOffer.QUOTA in row.others
    return QUOTA_USED_UP if is_stopped else OUTCOMES[row.outcome]


def _sentences(row: FreedPlaceRow) -> Iterator[Text]:
    """To how many it was offered and what became of each, and how many others were not offered it and why."""
    if row.offers:
        yield _("Offered to {n}.", n=len(row.offers))
    for state, times in Counter(state for _request, state in row.offers).items():
        yield BECAME[state](times)
    for why, times in sorted(row.others.items(), key=lambda each: -each[1]):
        if why == NoOffer.LATER and row.outcome is not FreedOutcome.OFFERED:
            yield offered_before(times)
        else:
            yield WHY_NOT[NoOffer(why)](times)
    if not row.offers and not row.others and row.outcome is FreedOutcome.NOBODY:
        yield _("Nobody waits for this service here any more.")
