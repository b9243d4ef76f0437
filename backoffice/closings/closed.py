"""The page of a closing: how far it is, who has been told, and the way to undo it in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from backoffice.closings.saying import place_of, said_cut
from backoffice.consequences.wording import REACHED
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from desk.acting import OutOfReach
from desk.capacity.cutting import CutKind
from desk.closings import actions
from desk.closings import queries as closings
from desk.closings.queries import OfficeOfClosing
from desk.closings.refusals import OpeningStays, TooLateToUndo, UndoneBefore
from desk.consequences import queries as changes
from desk.consequences.rules import Progress
from desk.language.text import inline
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession
from desk.values import LocalMoment


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """How far it is: the days, then the people; it comes anew by itself while something moves."""
    change_id = request.path["closing"]
    row = closings.closing_of(session, change_id=change_id)
    of_it = closings.offices_of(session, change_id=change_id)
    if row is None or not any(request.scope.covers(each.node) for each in of_it):
        raise OutOfReach
    tallies = [each for each in changes.tallies(session, change_id=change_id) if request.scope.covers(each.node)]
    told_from = row.told_from if row.told_from is not None and row.told_from > request.now else None
    first, last = (date.fromisoformat(row.detail[name]) for name in ("day", "until"))
    values: dict[str, Any] = {
        "row": row,
        "title": inline(place_of(session, row, of_it), said_cut(row.by)),
        "first": first,
        "last": last if last != first else None,
        "is_closing": row.by.kind is CutKind.CLOSE,
        "may_undo": row.can_be_undone and _may_undo(request, of_it),
        "told_from": LocalMoment(told_from).clock if told_from else None,
        "is_moving": (row.undone_at is None and row.is_under_way) or row.done < row.total,
        "moved": row.people.get(Progress.MOVED, 0),
        "cancelled": row.people.get(Progress.CANCELLED, 0),
        "left": row.people.get(Progress.LEFT, 0),
        "totals": [(badge, sum(getattr(each, name.value) for each in tallies)) for name, badge in REACHED.items()],
        "tallies": tallies,
        "address": f"/capacity/closed/{change_id}",
    }
    return Render(template="closings/closed.html", values=values)


async def undo(request: PageRequest, backend: Backend) -> PageResponse:
    """Undo a closing, as long as nobody was told."""
    to = f"/capacity/closed/{request.path['closing']}"
    try:
        await backend.write(actions.undo, change_id=request.path["closing"], actor=request.actor, now=request.now)
    except TooLateToUndo:
        return Redirect(to=to, notice="closing_too_late")
    except UndoneBefore:
        return Redirect(to=to, notice="closing_undone")
    except OpeningStays:
        return Redirect(to=to, notice="closing_stays")
    except LookupError:
        raise OutOfReach from None
    return Redirect(to=to, notice="closing_undone")


def _may_undo(request: PageRequest, of_it: Sequence[OfficeOfClosing]) -> bool:
    scope = request.staff.scope(Permission.CAPACITY_WRITE)
    return all(scope.covers(each.node) for each in of_it)
