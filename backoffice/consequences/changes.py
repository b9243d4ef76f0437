"""The pages of changes: who was reached of each, and the people of an office whom nobody has told yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from backoffice.access import holds, require_within
from backoffice.consequences.forms import RemedyForm, remedy_form
from backoffice.consequences.wording import CHANGES, PROPOSALS, REACHED, STEPS
from backoffice.forms.days import today_at
from backoffice.layout.badge import Badge
from backoffice.layout.paging import page_asked_for, pages_of
from backoffice.offices.in_reach import choice_for
from backoffice.outbox.wording import not_delivered
from backoffice.web.http import Backend, PageRequest, PageResponse, Reading, Redirect, Render
from desk.acting import OutOfReach
from desk.consequences import actions
from desk.consequences import queries as changes
from desk.consequences.queries import SHOWN
from desk.consequences.rows import ChangeRow, OfficeTally, ToldRow
from desk.consequences.rules import ChangeKind, Reached, Remedy, Way
from desk.language.text import Param, Text, inline, words
from desk.offices import queries as offices
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalDay

_ = words("changes")

MOST_ELSEWHERE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """A person, with whether the message reached them."""

    row: ToldRow
    badge: Badge
    step: Text
    reason: Param | None
    proposal: Text | None
    may_mark: bool


@dataclass(frozen=True, slots=True)
class Total:
    """A figure above the list."""

    badge: Badge
    number: int


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The people of an office whom staff have to tell, and the changes that affected the office."""
    choice = choice_for(session, request, wanted=request.query_number("office"))
    if choice.current is None:
        return Render(template="consequences/page.html", values={"choice": choice, "tab": "changes"})
    office = choice.current
    today = today_at(request.now, zone=office.zone).date
    waiting = changes.not_reached(session, office_id=office.id, since=today)
    asked = {"office": str(office.id)}
    pages = pages_of("/changes", query=asked, number=page_asked_for(request), total=len(waiting), size=SHOWN)
    shown = waiting[(pages.number - 1) * SHOWN : pages.number * SHOWN]
    rows = changes.as_seen(session, shown, office=office, actor=request.actor, now=request.now)
    done, has_older = changes.changes_of(session, office_id=office.id, before=request.query_number("before"))
    older = f"/changes?{urlencode({**asked, 'before': done[-1].id})}#changes-title" if has_older else None
    values = {
        "choice": choice,
        "tab": "changes",
        "office": office,
        "lines": _lines(request, rows),
        "office_tells": not _may_mark(request),
        "pages": pages,
        "elsewhere": _elsewhere(session, request, office_id=office.id, since=today) if choice.is_needed else [],
        "changes": [(row, title_of(row)) for row in done],
        "older": older,
    }
    reading = Reading("change.not_reached", f"office:{office.id}", recurs=True, office_id=office.id) if rows else None
    return Render(template="consequences/page.html", values=values, remember=choice.remember, reading=reading)


def _elsewhere(session: ReadSession, request: PageRequest, *, office_id: int, since: date) -> list[changes.StillToTell]:
    """Other offices within the scope where people have to be told, up to a limit."""
    found = changes.still_to_tell(session, scope=request.scope, since=since)
    return [each for each in found if each.office_id != office_id][:MOST_ELSEWHERE]


def show(session: ReadSession, request: PageRequest) -> PageResponse:
    """The page of a change: numbers for each office within the scope, and the people of one of them."""
    return _show(session, request, form=None)


def _show(session: ReadSession, request: PageRequest, *, form: RemedyForm | None, status: int = 200) -> Render:
    change = changes.change(session, change_id=request.path["change"])
    tallies = _in_reach(session, request)
    if change is None:
        raise OutOfReach
    wanted = request.query_number("office") or (tallies[0].office_id if len(tallies) == 1 else None)
    chosen = next((each for each in tallies if each.office_id == wanted), None)
    rows: Sequence[ToldRow] = ()
    path, query = f"/changes/{change.id}", {"office": str(chosen.office_id)} if chosen and len(tallies) > 1 else {}
    total = chosen.total if chosen else 0
    pages = pages_of(path, query=query, number=page_asked_for(request), total=total, size=SHOWN)
    office = offices.office(session, office_id=chosen.office_id) if chosen is not None else None
    if office is not None:
        skip = (pages.number - 1) * SHOWN
        hit = changes.people(session, change_id=change.id, office_id=office.id, limit=SHOWN, skip=skip)
        rows = changes.as_seen(session, hit, office=office, actor=request.actor, now=request.now)
    here = query | ({"page": str(pages.number)} if pages.number > 1 else {})
    values: dict[str, Any] = {
        "change": change,
        "title": title_of(change),
        "tallies": tallies,
        "chosen": chosen,
        "totals": [Total(badge, sum(getattr(each, name.value) for each in tallies)) for name, badge in REACHED.items()],
        "is_moving": any(each.on_the_way for each in tallies),
        "lines": _lines(request, rows),
        "office_tells": any(each.not_reached for each in tallies) and not _may_mark(request),
        "pages": pages,
        "address": f"{path}?{urlencode(here)}" if here else path,
        "decides": form or _decision(request, chosen),
    }
    reading = None
    if chosen is not None and rows:
        reading = Reading("change.people_read", f"change:{change.id}", recurs=True, office_id=chosen.office_id)
    return Render(template="consequences/change.html", values=values, reading=reading, status=status)


async def decide(request: PageRequest, backend: Backend) -> PageResponse:
    """Choose a remedy for people who were found without a time."""
    chosen = await backend.read(_undecided, request)
    form = remedy_form(request.form, kind=ChangeKind.FOUND)
    if form.validate() and not form.words.data and form.remedy.data != Remedy.KEEP:
        form.words.add_error(_("Please tell the people why."))
    if form.errors:
        return await backend.read(_show, request, form=form, status=422)
    await backend.write(
        actions.decide,
        change_id=request.path["change"],
        office_id=chosen.office_id,
        remedy=Remedy(form.remedy.data),
        reason=form.words.data or "",
        actor=request.actor,
        now=request.now,
    )
    return Redirect(to=f"/changes/{request.path['change']}", notice="saved")


async def mark(request: PageRequest, backend: Backend) -> PageResponse:
    """Record that somebody was told by phone or at the counter, or undo that."""
    said = str(request.form.get("way") or "")
    way = Way(said) if said in set(Way) else None

    def act(session: WriteSession) -> tuple[int, int]:
        found = changes.office_of(session, id=request.path["told"])
        office = offices.office(session, office_id=found[1]) if found else None
        if found is None or office is None:
            raise OutOfReach
        require_within(request.scope, office.node)
        actions.mark_told(session, id=request.path["told"], way=way, actor=request.actor, now=request.now)
        return found

    change_id, office_id = await backend.write(act)
    to = "/changes" if request.form.get("from") == "list" else f"/changes/{change_id}"
    return Redirect(to=f"{to}?office={office_id}", notice="recorded" if way else "undone")


def title_of(change: ChangeRow) -> Param:
    """What was changed: its name, in what way, and its day where it has one."""
    what: Text = CHANGES[change.kind]
    where: Param | None = change.of
    if change.is_closing:
        what = _("Hours or days closed")
        where = where or (_("Several offices") if change.is_of_many_offices else _("The whole country"))
    days = [LocalDay(day) for day in change.days]
    when: Param | None = days[0] if days else None
    if len(days) > 1:
        when = _("{first} to {last}", first=days[0], last=days[1])
    return inline(where, what, when)


def _in_reach(session: ReadSession, request: PageRequest) -> list[OfficeTally]:
    """The affected offices within the reader's scope; raises OutOfReach where there is none."""
    found = [
        each for each in changes.tallies(session, change_id=request.path["change"]) if request.scope.covers(each.node)
    ]
    if not found:
        raise OutOfReach
    return found


def _undecided(session: ReadSession, request: PageRequest) -> OfficeTally:
    found = [each for each in _in_reach(session, request) if each.undecided]
    if not found:
        raise OutOfReach
    return found[0]


def _decision(request: PageRequest, chosen: OfficeTally | None) -> RemedyForm | None:
    """The form to choose a remedy for undecided people, for those who may change the hours there."""
    if chosen is None or not chosen.undecided:
        return None
    may_write = request.staff.scope(Permission.CAPACITY_WRITE)
    if not may_write.covers(chosen.node):
        return None
    return remedy_form(None, kind=ChangeKind.FOUND)


def _lines(request: PageRequest, rows: Sequence[ToldRow]) -> list[PersonLine]:
    may_record = _may_mark(request)
    return [
        PersonLine(
            row=row,
            badge=REACHED[row.reached],
            step=STEPS[row.step],
            reason=_reason(row),
            proposal=PROPOSALS.get(row.proposal) if row.proposal else None,
            may_mark=may_record and row.reached in (Reached.NOT_REACHED, Reached.TOLD) and row.agreed_at is None,
        )
        for row in rows
    ]


def _may_mark(request: PageRequest) -> bool:
    """Only for showing buttons and hints; `mark` checks the office itself."""
    return holds(request.staff, Permission.APPOINTMENTS_RECORD)


def _reason(row: ToldRow) -> Param | None:
    if row.reason is not None:
        return not_delivered(row.reason)
    if not row.has_chat and row.reached is Reached.NOT_REACHED:
        return _("No chat is known.")
    return None
