"""Picking one of many offices: a search that links to its page, or offers it to a form."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from backoffice.access import permitted
from backoffice.forms.days import read_date
from backoffice.staff.roles import MOST_FOUND, look_for
from backoffice.web.http import PageRequest, PageResponse, Render
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession

PURPOSES: dict[str, tuple[str, Permission]] = {
    "/today": ("/today", Permission.APPOINTMENTS_READ),
    "/changes": ("/changes", Permission.APPOINTMENTS_READ),
    "/capacity": ("/capacity", Permission.CAPACITY_READ),
    "/capacity/queues": ("/capacity/queues", Permission.CAPACITY_READ),
}
"""The pages that one may continue to with an office, and whose permission the search uses."""
ROW = re.compile(r"r\d{1,2}", re.ASCII)


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The offices found, as links to the page one came from, or as buttons for a row of an account's form."""
    row = request.query_text("row")
    if ROW.fullmatch(row):
        scope = permitted(request.staff, needs=Permission.STAFF_WRITE)
        words = (request.query_text("q") or request.query_text(f"{row}-find"))[:80]
        found = look_for(session, scope, words=words)
        values = {"name": f"{row}-office", "rows": found.rows if words else [], "left_out": 0, "is_asked": bool(words)}
        if words:
            values["left_out"] = found.total - len(found.rows)
        return Render(template="offices/radios.html", values=values)
    address, needs = PURPOSES.get(request.query_text("for"), PURPOSES["/today"])
    found = look_for(session, permitted(request.staff, needs=needs), words=request.query_text("q")[:80])
    day = read_date(request.query_text("day"))
    kept = {"day": day.isoformat()} if day else {}
    values = {
        "address": address,
        "day": kept.get("day"),
        "q": request.query_text("q")[:80],
        "rows": [(each, f"{address}?{urlencode({'office': each.id, **kept})}") for each in found.rows],
        "left_out": max(0, found.total - MOST_FOUND),
    }
    return Render(template="offices/found.html" if request.is_fragment else "offices/choose.html", values=values)
