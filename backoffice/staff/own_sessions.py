"""The page of one's own sessions: when and with what one is signed in, and «end»."""

from __future__ import annotations

from dataclasses import dataclass

from backoffice.staff.browsers import BrowserKind, Machine
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from desk.language.text import Text, words
from desk.staff import own_sessions
from desk.staff.own_sessions import SessionRow
from desk.storage.base import ReadSession
from desk.values import LocalMoment

_ = words("sessions")

WHERE = "/account/sessions"
OTHERS = "others"

BROWSERS: dict[str, Text] = {
    BrowserKind.FIREFOX: _("Firefox"),
    BrowserKind.EDGE: _("Edge"),
    BrowserKind.OPERA: _("Opera"),
    BrowserKind.SAMSUNG: _("Samsung browser"),
    BrowserKind.CHROME: _("Chrome"),
    BrowserKind.SAFARI: _("Safari"),
    BrowserKind.OTHER: _("Another browser"),
}
MACHINES: dict[str, Text] = {
    Machine.PHONE: _("a phone"),
    Machine.TABLET: _("a tablet"),
    Machine.WINDOWS: _("a computer with Windows"),
    Machine.MAC: _("a Mac"),
    Machine.LINUX: _("a computer with Linux"),
    Machine.OTHER: _("another device"),
}


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session in words."""

    name: str
    where: Text
    began: LocalMoment
    seen: LocalMoment
    is_this: bool


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """Where one is signed in, this browser first."""
    staff = request.staff
    found = own_sessions.sessions_of(session, staff_id=staff.staff_id, now=request.now)
    lines = sorted((_line(row, request) for row in found), key=lambda line: not line.is_this)
    return Render(template="staff/sessions.html", values={"lines": lines})


def _line(row: SessionRow, request: PageRequest) -> SessionLine:
    where = _(
        "{browser} on {machine}",
        browser=BROWSERS.get(row.browser, BROWSERS[BrowserKind.OTHER]),
        machine=MACHINES.get(row.machine, MACHINES[Machine.OTHER]),
    )
    is_this = row.token_hash == request.staff.token_hash
    return SessionLine(row.name, where, LocalMoment(row.created_at), LocalMoment(row.seen_at), is_this)


async def end(request: PageRequest, backend: Backend) -> PageResponse:
    """End one session of one's own, or all but this one."""
    staff, which = request.staff, request.form_text("which")
    if which == OTHERS:
        await backend.write(
            own_sessions.end_others, staff_id=staff.staff_id, keep_token_hash=staff.token_hash, now=request.now
        )
        return Redirect(to=WHERE, notice="sessions_ended")
    await backend.write(own_sessions.end_one, staff_id=staff.staff_id, name=which, now=request.now)
    if staff.token_hash.startswith(which) and which:
        return Redirect(to="/sign-in", session="")
    return Redirect(to=WHERE, notice="sessions_ended")
