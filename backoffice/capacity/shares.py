"""The page that says which places of a queue are set apart; what that comes to is shown before it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from backoffice.capacity.forms import SharesForm
from backoffice.capacity.outlook import waits_of
from backoffice.capacity.queues import queue_in_reach
from backoffice.forms.days import today_at
from backoffice.forms.fields import field_named
from backoffice.forms.versions import ChangedMeanwhile
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from desk.capacity import queries as capacity
from desk.capacity.refusals import SharesOutOfOrder
from desk.capacity.rows import QueueRow
from desk.capacity.saving_shares import set_shares, shares_of
from desk.capacity.shares import Shares
from desk.capacity.weeks import DAYS_OF_A_WEEK, Week, week_on
from desk.consequences.actions import IntendedChange
from desk.consequences.foreseeing import Foreseen, foresee
from desk.consequences.hit import Reach
from desk.consequences.rules import ChangeKind
from desk.language import vocabulary
from desk.language.text import Text
from desk.offices.rows import OfficeRow
from desk.storage.base import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class SharesOnPage:
    """What stands of the queue: its shares, and the week that holds today."""

    office: OfficeRow
    queue: QueueRow
    shares: Shares
    week: Week


@dataclass(frozen=True, slots=True)
class ShareLine:
    """The places of a weekday, or of the week, by share."""

    name: Text | None
    everybody: int
    desk: int
    walk_in: int


@dataclass(frozen=True, slots=True)
class SharesOutlook:
    """What shares come to: the places of each open weekday and of the week, and what people find then."""

    days: tuple[ShareLine, ...]
    week: ShareLine
    waits: tuple[Text, ...]


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The form with the shares that hold."""
    standing = _standing(session, request)
    return _render(standing, form=_form_of(standing.shares))


async def change(request: PageRequest, backend: Backend) -> PageResponse:
    """Show what shares come to, and save them once that was seen."""
    form = SharesForm(request.form)
    standing = await backend.read(_standing, request)
    if not form.validate():
        return _render(standing, form=form, status=422)
    try:
        shares = _shares_in(form)
    except SharesOutOfOrder as refusal:
        field_named(form, refusal.field).add_error(refused(refusal))
        return _render(standing, form=form, status=422)
    seen = _sign(shares, standing)

    def act(session: WriteSession) -> None:
        _office, queue = queue_in_reach(session, request)
        form.require_unchanged(
            session,
            subject=f"queue:{queue.id}",
            present=lambda: _form_of(shares_of(session, queue_id=queue.id)),
        )
        set_shares(session, queue_id=queue.id, shares=shares, actor=request.actor, now=request.now)

    queue_id = standing.queue.id
    intended = IntendedChange(
        kind=ChangeKind.QUEUE, subject=f"queue:{queue_id}", reach=Reach(queue_id=queue_id), act=act
    )
    try:
        if request.form_text("do") == "save" and request.form_text("seen") == seen:
            await backend.write(act)  # no sheet of people: places that somebody has are not set apart
            return Redirect(to=f"/capacity/{standing.office.id}/queues/{queue_id}", notice="saved")
        await backend.write(foresee, intended=intended, queue_ids=[queue_id], actor=request.actor, now=request.now)
    except Foreseen as foreseen:
        outlook = await backend.read(_outlook, standing, foreseen, shares=shares)
        return _render(standing, form=form, outlook=outlook, seen=seen)
    except ChangedMeanwhile:
        pass
    return _render(standing, form=form, status=409)


def _outlook(session: ReadSession, standing: SharesOnPage, foreseen: Foreseen, *, shares: Shares) -> SharesOutlook:
    days = tuple(
        _line(vocabulary.weekday(day), standing.week.places_on(day), shares)
        for day in range(DAYS_OF_A_WEEK)
        if standing.week.places_on(day)
    )
    week = ShareLine(
        None,
        everybody=sum(each.everybody for each in days),
        desk=sum(each.desk for each in days),
        walk_in=sum(each.walk_in for each in days),
    )
    return SharesOutlook(days, week, waits_of(session, foreseen, office=standing.office, offices={}))


def _line(name: Text, places: int, shares: Shares) -> ShareLine:
    apart = shares.of_places(places)
    return ShareLine(name, places - apart.places, apart.desk, apart.walk_in)


def _standing(session: ReadSession, request: PageRequest) -> SharesOnPage:
    office, queue = queue_in_reach(session, request)
    today = today_at(request.now, zone=office.zone).date
    week = week_on(capacity.rules_of(session, queue_id=queue.id), day=today)
    return SharesOnPage(office, queue, queue.shares, week)


def _form_of(shares: Shares) -> SharesForm:
    return SharesForm(
        data={
            "desk": shares.desk,
            "walk_in": shares.walk_in,
            "desk_hours": shares.desk_hours,
            "walk_in_hours": shares.walk_in_hours,
        }
    )


def _shares_in(form: SharesForm) -> Shares:
    """The shares of a valid form. Raises SharesOutOfOrder."""
    return Shares(
        desk=form.desk.data,
        walk_in=form.walk_in.data,
        desk_hours=form.desk_hours.data,
        walk_in_hours=form.walk_in_hours.data,
    )


def _sign(shares: Shares, standing: SharesOnPage) -> str:
    """A hash of all that the figures were computed from; another one means that they have to be shown anew."""
    return sha256(f"{shares}\n{standing.shares}\n{standing.week}".encode()).hexdigest()[:24]


def _render(
    standing: SharesOnPage,
    *,
    form: SharesForm,
    outlook: SharesOutlook | None = None,
    seen: str = "",
    status: int = 200,
) -> Render:
    values = {
        "form": form,
        "office": standing.office,
        "queue": standing.queue,
        "outlook": outlook,
        "seen": seen,
    }
    return Render(template="capacity/shares.html", values=values, status=status)
