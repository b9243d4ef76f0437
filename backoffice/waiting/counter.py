"""The pages on which staff find the request of the person at the counter, and give it a priority class or take it."""

from __future__ import annotations

from typing import Final

from backoffice.appointments.search import AGAIN_AFTER
from backoffice.forms.versions import ChangedMeanwhile
from backoffice.waiting.forms import FindForm, GiveForm
from backoffice.waiting.wording import CLASS_REASONS, REQUEST_STATES
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.codes import PublicId
from desk.language.text import Text, words
from desk.people.rules import IdentityDigest, read_identity_number
from desk.reading.codes import read_public_id
from desk.staff.refusals import TooManyNumbers
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalMoment
from desk.waiting import actions, queries
from desk.waiting.at_the_counter import WaitingAtOffice, of_paper, of_public_id, waited_here, waiting_here
from desk.waiting.refusals import NotLive
from desk.waiting.rules import ClassReason

_ = words("waiting list")

TAB: Final = {"tab": "counter", "may_record": True}
NOT_FOUND = _("No request of this number waits at an office of yours. Please compare it once more.")
SLIP = _("One digit differs from a number of ours. Please read it out once more.")


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The field for the number."""
    return _asked(FindForm())


async def find(request: PageRequest, backend: Backend) -> PageResponse:
    """The live requests of this number; it leads to nothing outside of the scope."""
    form = FindForm(request.form)
    if not form.validate():
        return _asked(form)
    typed = form.number.data
    public_id = read_public_id(typed)
    found = await backend.read(_by_id, request, public_id) if public_id is not None else []
    if found:
        return _found(found)
    if public_id is not None and public_id.signs.isdecimal():
        form.number.add_error(SLIP if public_id.has_slip else NOT_FOUND)
        return _asked(form)
    if read_identity_number(typed) is None:
        form.number.add_error(_("Please write the number as it stands in the chat or on the paper."))
        return _asked(form)
    identity = await backend.identity_of(typed, whose=request.actor)
    if identity is None:
        form.number.add_error(refused(TooManyNumbers(request.now + AGAIN_AFTER)))
        return _asked(form)
    looked_up = await backend.write(_by_paper, request, identity)
    if isinstance(looked_up, TooManyNumbers):
        form.number.add_error(refused(looked_up))
        return _asked(form)
    if not looked_up:
        form.number.add_error(NOT_FOUND)
        return _asked(form)
    return _found(looked_up)


def show(session: ReadSession, request: PageRequest) -> PageResponse:
    """One request, without its people, and the form for its class."""
    row = waiting_here(session, request_id=request.path["waiting"], scope=request.scope)
    return _over(session, request) if row is None else _request(session, request, form=_form_of(session, row))


def _over(session: ReadSession, request: PageRequest, *, status: int = 200) -> Render:
    """What became of a request that waits no more: there is nobody to give a class to. Raises OutOfReach."""
    row = waited_here(session, request_id=request.path["waiting"], scope=request.scope)
    if row is None:
        raise OutOfReach
    values = {
        "row": row,
        "number": PublicId(row.public_id),
        "since": LocalMoment(row.since, row.zone).day,
        "state": REQUEST_STATES[row.state],
        "form": None,
    }
    return Render(template="waiting/request.html", values=values, status=status)


async def give(request: PageRequest, backend: Backend) -> PageResponse:
    """Give the class or take it; the chat is told that the place in the line changed."""
    form = GiveForm(formdata=None)
    try:
        await backend.read(_offer, form, request)
    except OutOfReach:
        return await backend.read(_over, request, status=422)
    form.process(request.form)
    if not form.validate():
        return await backend.read(_request, request, form=form, status=422)
    try:
        await backend.write(_given, request, form=form)
    except ChangedMeanwhile:
        return await backend.read(_request, request, form=form, status=409)
    except (NotLive, OutOfReach):  # it was fulfilled or ended meanwhile
        return await backend.read(_over, request, status=422)
    return Redirect(to=_address(request), notice="class_given")


def _given(session: WriteSession, request: PageRequest, *, form: GiveForm) -> None:
    id = request.path["waiting"]
    form.require_unchanged(
        session,
        subject=f"standing_request:{id}",
        present=lambda: _form_of(session, _in_reach(session, request)),
    )
    row = _in_reach(session, request)
    actions.give_class(
        session,
        request_id=row.id,
        office_id=row.office_id,
        class_id=int(form.priority.data) if form.priority.data else None,
        reason=ClassReason(form.reason.data),
        actor=request.actor,
        now=request.now,
    )


def _by_id(session: ReadSession, request: PageRequest, public_id: PublicId) -> list[WaitingAtOffice]:
    return of_public_id(session, public_id=public_id, scope=request.scope)


def _by_paper(
    session: WriteSession, request: PageRequest, identity: IdentityDigest
) -> list[WaitingAtOffice] | TooManyNumbers:
    try:
        return of_paper(session, identity=identity, scope=request.scope, actor=request.actor, now=request.now)
    except TooManyNumbers as refusal:
        return refusal


def _asked(form: FindForm) -> Render:
    return Render(
        template="waiting/counter.html",
        values={"form": form, "found": (), **TAB},
        status=422 if form.errors else 200,
    )


def _found(rows: list[WaitingAtOffice]) -> Render:
    shown = [(row, LocalMoment(row.since, row.zone).day, REQUEST_STATES[row.state]) for row in rows]
    return Render(template="waiting/counter.html", values={"form": FindForm(), "found": shown, **TAB})


def _in_reach(session: ReadSession | WriteSession, request: PageRequest) -> WaitingAtOffice:
    """The live request of the address. Raises OutOfReach where it waits at no office within the scope."""
    row = waiting_here(session, request_id=request.path["waiting"], scope=request.scope)
    if row is None:
        raise OutOfReach
    return row


def _form_of(session: ReadSession | WriteSession, row: WaitingAtOffice) -> GiveForm:
    form = GiveForm(data={"priority": str(row.class_id) if row.class_id else None})
    return _offered(session, form, row)


def _offer(session: ReadSession, form: GiveForm, request: PageRequest) -> None:
    _offered(session, form, _in_reach(session, request))


def _offered(session: ReadSession | WriteSession, form: GiveForm, row: WaitingAtOffice) -> GiveForm:
    """The form with the classes that may be given, and the present one."""
    every = queries.classes(session, active_only=False)
    return form.offering([each for each in every if each.is_active or each.id == row.class_id])


def _request(session: ReadSession, request: PageRequest, *, form: GiveForm, status: int = 200) -> Render:
    row = _in_reach(session, request)
    reason: Text | None = None if row.class_reason is None else CLASS_REASONS[row.class_reason]
    values = {
        "row": row,
        "number": PublicId(row.public_id),
        "since": LocalMoment(row.since, row.zone).day,
        "state": REQUEST_STATES[row.state],
        "reason": reason,
        "form": form,
        "action": _address(request),
    }
    return Render(template="waiting/request.html", values=values, status=status)


def _address(request: PageRequest) -> str:
    return f"/waiting/requests/{request.path['waiting']}"
