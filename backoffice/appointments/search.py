"""The search of the day's list: a name becomes part of the address, anything with a digit does not.

It may be the number of a paper, and addresses stay in browsers and in logs of servers. The page shows at most the last
characters of the number, and only its hash is compared.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from backoffice.appointments.day_list import DayList, listed
from backoffice.appointments.found_by_code import FoundAppointment, found_appointment
from backoffice.offices.in_reach import OfficeChoice, choice_for
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from desk.events import actions as events
from desk.language.text import Text, words
from desk.people.rules import IdentityDigest, has_foreign_digits, read_identity_number
from desk.reading.codes import read_code
from desk.staff import number_search
from desk.staff.refusals import TooManyNumbers
from desk.storage.base import ReadSession, WriteSession
from desk.visits import windows

_ = words("today")

MOST = 40
"""The most appointments of a person that are shown, the latest first."""
LONGEST = 200
"""The longest text that becomes part of an address."""
AGAIN_AFTER = timedelta(hours=1)
"""When an account whose numbers were too many in an hour may look up the next one, at the latest."""
SHORTEST = 3
"""Fewer characters are part of a code, not the number of a paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The appointments found by the number of a paper."""

    last4: str
    their_appointments: list[FoundAppointment]
    is_cut: bool
    """True = there are earlier appointments than those shown."""


async def search(request: PageRequest, backend: Backend) -> PageResponse:
    """The filtered list; once the form is submitted, also the appointments of the person with this number, on any
    day."""
    typed = request.form_text("q")
    if request.is_fragment and not (request.form_text("sent") and holds_digit(typed)):
        # While typing only the list is filtered: an incomplete number would count as a failed search.
        day = await backend.read(_listed, request, typed)
        return _shown(request, day, may_be_number=read_identity_number(typed) is not None)
    if not holds_digit(typed) and len(typed) <= LONGEST:
        kept = {name: request.form_text(name) for name in ("office", "day")} | {"q": typed}
        return Redirect(to=f"/today?{urlencode({name: value for name, value in kept.items() if value})}")
    day = await backend.read(_listed, request, typed)
    if read_identity_number(typed) is None or _is_short(typed):
        return _unread(request, day, typed)
    code = read_code(typed)
    if day is not None and (day.found or any(line.row.code == code for line in day.lines)):
        return _shown(request, day)
    day = None if day is None else replace(day, missed_by=None)  # what follows says itself that nothing was found
    identity = await backend.identity_of(typed, whose=request.actor)
    looked_up = (
        TooManyNumbers(request.now + AGAIN_AFTER)
        if identity is None
        else await backend.write(look_up, request, typed, identity=identity, is_on_list=_is_on_list(day))
    )
    return _with_paper(request, day, typed, looked_up)


def _unread(request: PageRequest, day: DayList | None, typed: str) -> Render:
    """The text is neither a number nor a code; the list may match it all the same."""
    if day is not None and (day.lines or day.found):
        return _shown(request, day)
    problem: Text | None = None
    if has_foreign_digits(typed):
        problem = _("Please write the digits as 0 1 2 3 or as ۰ ۱ ۲ ۳.")
    elif not _is_short(typed):
        problem = _("This cannot be read as a code or the number of a paper. Please write it as it stands there.")
    return _refused(request, _shown(request, day, problem=problem), status=422 if problem else 200)


def _is_short(typed: str) -> bool:
    """Whether it is rather a part of a code than a number to look up, which counts as a failed search."""
    return sum(sign.isalnum() for sign in typed) < SHORTEST


def look_up(
    session: WriteSession, request: PageRequest, typed: str, *, identity: IdentityDigest, is_on_list: bool
) -> Paper | TooManyNumbers:
    """The appointments of the person with this number; what is shown, or that nothing was found, is written into the
    history."""
    try:
        number_search.require_tries_left(session, actor=request.actor, now=request.now)
    except TooManyNumbers as refusal:
        return refusal
    their_appointments = windows.found_by_identity(
        session,
        hashes=identity.hashes,
        scope=request.scope,
        limit=MOST + 1,
        actor=request.actor,
        now=request.now,
    )
    for appointment in their_appointments[:MOST]:
        events.note(
            session,
            actor=request.actor,
            kind="appointment.found",
            subject=f"appointment:{appointment.id}",
            office_id=appointment.office.id,
            is_told=False,
            now=request.now,
        )
    if not their_appointments:
        # The list compares digits only: with letters around it any number would match, and numbers could be tried
        # freely.
        counts = not is_on_list or any(sign.isalpha() for sign in typed)
        number_search.note_miss(session, actor=request.actor, counts=counts, now=request.now)
    shown = [found_appointment(request, appointment) for appointment in their_appointments[:MOST]]
    return Paper(last4=identity.last4 or "", their_appointments=shown, is_cut=len(their_appointments) > MOST)


def _with_paper(request: PageRequest, day: DayList | None, typed: str, looked_up: Paper | TooManyNumbers) -> Render:
    """The list, and the result of the search by number."""
    is_on_list = _is_on_list(day)
    kept = typed if is_on_list else ""
    if isinstance(looked_up, TooManyNumbers):
        shown = _shown(request, day, problem=refused(looked_up), q=kept)
        return _refused(request, shown, status=200 if is_on_list else 429)
    return _shown(request, day, paper=looked_up if looked_up.their_appointments or not is_on_list else None, q=kept)


def _is_on_list(day: DayList | None) -> bool:
    return day is not None and bool(day.lines)


def _listed(session: ReadSession, request: PageRequest, typed: str) -> DayList | None:
    """The list of the form's office; None where no office is within the scope."""
    choice = choice_for(session, request, wanted=request.form_number("office"))
    if choice.current is None:
        return None
    return listed(
        session, request, choice=choice, office=choice.current, typed_day=request.form_text("day"), wanted=typed
    )


def _shown(request: PageRequest, day: DayList | None, **more: Any) -> Render:
    """The page of the list, with the result of the search."""
    if day is None:
        nowhere = OfficeChoice(offices=[], current=None)
        return Render(template="appointments/day_list.html", values={"choice": nowhere, **more})
    page = day.render(in_place=request.is_fragment)
    return replace(page, values={**page.values, **more})


def _refused(request: PageRequest, shown: Render, *, status: int) -> Render:
    """With a status code as a page; a fragment gets 200, so that htmx puts it above the list."""
    return shown if request.is_fragment else replace(shown, status=status)


def holds_digit(typed: str) -> bool:
    return any(sign.isnumeric() for sign in unicodedata.normalize("NFKC", typed))
