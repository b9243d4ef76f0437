"""The slip that somebody takes along: number, code, day, place, fee and papers, and a square that ties it to a chat.

The square holds a secret that is shown once, on the page that the press answers with; the page itself has none.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from backoffice.appointments.in_reach import on_any_day
from backoffice.walk_ins.square import square
from backoffice.web.http import Backend, BotLink, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.appointments.rules import LIVE
from desk.catalogue import queries as catalogue
from desk.events.shown import not_shown
from desk.language.text import SpokenCode, Text
from desk.refusals import Refusal
from desk.storage.base import ReadSession
from desk.values import LocalMoment
from desk.walk_ins import actions
from desk.walk_ins.queries import call_number, tied_at
from desk.walk_ins.rules import ends_at

PAPERS: Final = ("roll", "a4")
"""The widths of paper that a slip is printed on: a roll of 80 mm, and a sheet."""
PAYLOAD: Final = "tie_"
"""How the deep link of a slip begins; its secret follows."""


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The slip without its square, and the ways to print it."""
    return _render(session, request)


async def save(request: PageRequest, backend: Backend) -> PageResponse:
    """Print it with a new square, or take back that it was tied.

    Where no messenger answers nothing is made, so that a square that was printed before still works.
    """
    given: dict[str, Any] = {"appointment_id": request.path["appointment"], "actor": request.actor, "now": request.now}
    wanted = request.form_text("do")
    try:
        if wanted == "untie":
            await backend.write(actions.untie, **given)
            return Redirect(to=_address(request), notice="walk_in_untied")
        bots = await backend.bots()
        secret = await backend.write(actions.make_slip, **given) if bots else ""
    except OutOfReach:
        raise
    except Refusal as refusal:
        return await backend.read(_render, request, problem=refused(refusal), status=422)
    paper = wanted if wanted in PAPERS else PAPERS[0]
    return await backend.read(partial(_render, paper=paper, secret=secret, bots=bots), request)


def _address(request: PageRequest) -> str:
    return f"/today/{request.path['appointment']}/slip"


def _render(
    session: ReadSession,
    request: PageRequest,
    *,
    paper: str | None = None,
    secret: str = "",
    bots: tuple[BotLink, ...] = (),
    problem: Text | None = None,
    status: int = 200,
) -> Render:
    found = on_any_day(session, request)
    not_shown(found)  # a slip names nobody
    is_tied = tied_at(session, appointment_id=found.id) is not None and found.conversation_id is not None
    holds = found.is_live and found.state in LIVE and request.now < ends_at(found.day, zone=found.zone)
    province = found.office.province_code
    values: dict[str, Any] = {
        "appointment": found,
        "number": call_number(session, appointment_id=found.id) if found.is_walk_in else None,
        "clock": LocalMoment(found.starts_at, found.zone).clock,
        "spoken": SpokenCode(found.code),
        "is_walk_in": found.is_walk_in,
        "fee": catalogue.fee_in_force(session, service_id=found.service.id, province_code=province, today=found.day),
        "papers": catalogue.papers(session, service_id=found.service.id),
        "holds": holds,
        "is_tied": is_tied and holds,
        "may_print": holds and found.conversation_id is None and found.person_id is not None,
        "paper": paper,
        "squares": [(each.label, square(each.address(f"{PAYLOAD}{secret}"))) for each in bots] if secret else [],
        "problem": problem,
    }
    return Render(template="walk_ins/slip.html", values=values, status=status, leads_to=_address(request))
