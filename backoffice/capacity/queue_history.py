"""The page of what was changed at a queue: who, when, and the old and the new hours in sentences."""

from __future__ import annotations

from backoffice.capacity.queues import may_write, queue_in_reach
from backoffice.history.sentences import told
from backoffice.layout.paging import page_asked_for, page_of
from backoffice.web.http import PageRequest, PageResponse, Render
from desk import history
from desk.storage.base import ReadSession

MOST = 50


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The events of the queue, the newest first: of the one history, without what was read."""
    office, queue = queue_in_reach(session, request)
    wanted = history.HistoryFilter(subject=f"queue:{queue.id}")
    found, pages = page_of(
        lambda number: history.found(session, scope=request.scope, wanted=wanted, limit=MOST, skip=(number - 1) * MOST),
        f"/capacity/{office.id}/queues/{queue.id}/history",
        query={},
        number=page_asked_for(request),
        size=MOST,
    )
    values = {
        "office": office,
        "queue": queue,
        "lines": [told(line) for line in found.rows],
        "pages": pages,
        "may_write": may_write(request, office),
        "tab": "history",
    }
    return Render(template="capacity/queue_history.html", values=values)
