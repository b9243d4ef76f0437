"""The page of one case: its thread, its facts, and every action on it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from wtforms import Form

from backoffice.access import holds
from backoffice.cases.case_thread import lines_of, told_of
from backoffice.cases.case_writing import ASKED_BACK, accepted_as, accepted_by, begun, seen_by
from backoffice.cases.deadlines import deadline, next_due
from backoffice.cases.forms import AssignForm, CloseForm, NoteForm, ReplyForm, StateForm
from backoffice.cases.inbox import line_of
from backoffice.cases.wording import BY_CODE, CASE_STATES, CLOSE_REASONS, CONTACTS
from backoffice.forms.days import today_at
from backoffice.forms.fields import field_named
from backoffice.forms.versions import ChangedMeanwhile
from backoffice.web.http import AudioStream, Backend, PageRequest, PageResponse, Reading, Redirect, Render
from backoffice.wording import refused
from desk.acting import Actor, OutOfReach
from desk.calendar import TEHRAN, day_or_moment
from desk.cases import actions, inbox
from desk.cases import queries as cases
from desk.cases.refusals import AskedBack, NothingSaid, NotYourCase, PersonErased, WrittenSince
from desk.cases.rows import CaseThread
from desk.cases.rules import CaseKind, CaseState, CloseReason
from desk.catalogue import queries as catalogue
from desk.language import fact_labels
from desk.language.text import Locale, Text, words
from desk.reading.folding import clean
from desk.refusals import Refusal
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalMoment

_ = words("case")

LANGUAGES = {Locale.FA: _("Write in Persian."), Locale.FA_AF: _("Write in Dari.")}


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The case with empty forms; opening it is written into the history."""
    return _gather(session, request, forms={})


def following(session: ReadSession, request: PageRequest) -> PageResponse:
    """Redirect to the next case that waits for the desk; without one, to the inbox."""
    found = inbox.next_case(session, scope=request.scope, after=request.path["case"])
    return Redirect(
        to="/inbox" if found is None else f"/inbox/{found}", notice="nothing_waits" if found is None else None
    )


def delivery(session: ReadSession, request: PageRequest) -> PageResponse:
    """The delivery of one message to the person; asked again every few seconds while it is being sent."""
    thread = _thread(session, request)
    found = thread.delivery.get(request.path["entry"])
    if found is None:
        raise OutOfReach
    values = {"it": told_of(request.path["entry"], found), "case_id": thread.case.id}
    return Render(template="cases/delivery.html", values=values)


def fee(session: ReadSession, request: PageRequest) -> PageResponse:
    """What was paid, with the approved fee of that day."""
    case = _thread(session, request).case
    day = case.happened_on or today_at(case.created_at, zone=TEHRAN).date
    service = approved = None
    if case.service_id is not None:
        service = catalogue.service(session, service_id=case.service_id)
        approved = catalogue.fee_in_force(
            session, service_id=case.service_id, province_code=case.office_province_code, today=day
        )
    excess = None
    if approved is not None and case.paid is not None and case.paid > approved.amount:
        excess = case.paid - approved.amount
    values = {"case": case, "service": service, "approved": approved, "excess": excess}
    return Render(template="cases/fee.html", values=values)


async def reply(request: PageRequest, backend: Backend) -> PageResponse:
    """Send the person an answer."""
    form = ReplyForm(request.form)
    then_close = bool(request.form.get("close"))
    said = {
        "text": form.text.data,
        "seen": seen_by(request),
        "accepted": accepted_by(request),
        "then_close": then_close,
        "idem_key": f"reply:{request.path['case']}:{form.key.data}",
    }
    notice = "replied_and_closed" if then_close else "replied"
    return await _do(request, backend, form=form, name="reply_form", action=actions.reply, said=said, notice=notice)


async def draft(request: PageRequest, backend: Backend) -> PageResponse:
    """Save a draft: by script while somebody types, or by the button."""
    case_id = request.path["case"]
    text = clean(str(request.form.get("text") or ""))
    try:
        await backend.write(
            actions.keep_draft,
            case_id=case_id,
            actor=request.actor,
            text=text,
            seen=seen_by(request),
            now=request.now,
        )
    except NotYourCase:
        raise OutOfReach from None
    if not request.is_fragment:
        return Redirect(to=f"/inbox/{case_id}#reply", notice="draft_kept" if text else "draft_gone")
    return Render(template="cases/draft_kept.html", values={"at": LocalMoment(request.now) if text else None})


async def note(request: PageRequest, backend: Backend) -> PageResponse:
    """Write a note for colleagues."""
    form = NoteForm(request.form)
    key = str(request.form.get("key") or "")[:60]
    said = {"text": form.text.data, "idem_key": f"note:{request.path['case']}:{key}" if key else None}
    return await _do(request, backend, form=form, name="note_form", action=actions.note, said=said, notice="noted")


async def change_state(request: PageRequest, backend: Backend) -> PageResponse:
    """Set the state of the case."""
    form = StateForm(request.form)
    if form.validate() and await backend.read(_is_there_already, request, to=CaseState(form.to.data)):
        form.to.add_error(_("The case is in this state already. Nothing was sent."))
        return await backend.read(_gather, request, forms={"state_form": form})
    to = CaseState(form.to.data) if form.to.data else None

    def act(session: WriteSession, *, case_id: int, to: CaseState, actor: Actor, now: datetime) -> None:
        _declare(form, state=to)
        form.require_unchanged(
            session, subject=f"case:{case_id}", present=lambda: _state_form(_thread(session, request))
        )
        actions.change_state(session, case_id=case_id, to=to, actor=actor, now=now)

    return await _do(
        request, backend, form=form, name="state_form", action=act, said={"to": to}, notice="state_changed"
    )


async def close(request: PageRequest, backend: Backend) -> PageResponse:
    """Close the case with a reason."""
    form = CloseForm(request.form)
    said = {
        "reason": CloseReason(form.reason.data) if form.reason.data else None,
        "text": form.text.data,
        "seen": seen_by(request),
        "accepted": accepted_by(request),
    }
    return await _do(
        request, backend, form=form, name="close_form", action=actions.close, said=said, notice="case_closed"
    )


async def reopen(request: PageRequest, backend: Backend) -> PageResponse:
    """Reopen a closed case."""
    return await _do(
        request, backend, form=Form(), name="reopen_form", action=actions.reopen, said={}, notice="case_reopened"
    )


def assign_page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The page to choose a colleague whose scope covers the case."""
    thread = _thread(session, request)
    form = _assign_form(thread)
    _offer_colleagues(session, form, case_id=thread.case.id, now=request.now)
    return Render(template="cases/assign.html", values={"form": form, "case": thread.case})


async def assign(request: PageRequest, backend: Backend) -> PageResponse:
    """Assign the case to a colleague or to oneself."""
    case_id = request.path["case"]
    form = AssignForm(formdata=None)
    await backend.read(_offer_colleagues, form, case_id=case_id, now=request.now)
    form.process(request.form)
    if request.form.get("take"):
        form.to.data = str(request.staff.staff_id)
    elif not form.validate():
        thread = await backend.read(_thread, request)
        return Render(template="cases/assign.html", values={"form": form, "case": thread.case}, status=422)
    said = {"to_staff_id": int(form.to.data) if form.to.data else None}

    def act(session: WriteSession, *, case_id: int, **said: Any) -> None:
        form.require_unchanged(
            session, subject=f"case:{case_id}", present=lambda: _assign_form(_thread(session, request))
        )
        actions.assign(session, case_id=case_id, **said)

    notice = "taken" if said["to_staff_id"] == request.staff.staff_id else "assigned"
    reply = await _do(request, backend, form=Form(), name="assign_form", action=act, said=said, notice=notice)
    if form.changes:
        thread = await backend.read(_thread, request)
        return Render(template="cases/assign.html", values={"form": form, "case": thread.case}, status=409)
    return reply


async def voice(request: PageRequest, backend: Backend) -> PageResponse:
    """Stream a voice note of the thread from its messenger."""
    thread = await backend.read(_thread, request)
    entry = next((each for each in thread.entries if each.id == request.path["entry"]), None)
    if entry is None or not entry.voice:
        raise OutOfReach
    chunks = await backend.voice(
        channel=str(entry.voice["channel"]), bot=str(entry.voice["bot"]), file_id=str(entry.voice["file_id"])
    )
    if chunks is None:
        raise OutOfReach
    # A player requests it in ranges.
    reading = Reading("case.heard", f"entry:{entry.id}", recurs=True)
    return AudioStream(chunks=chunks, reading=reading)


def _is_there_already(session: ReadSession, request: PageRequest, *, to: CaseState) -> bool:
    return _thread(session, request).case.state is to


def _state_form(thread: CaseThread) -> StateForm:
    """The form of the case's present state."""
    form = StateForm()
    _declare(form, state=thread.case.state)
    return form


def _declare(form: StateForm, *, state: CaseState) -> None:
    form.declare("state", _("Where the case is now"), value=state.value, shown=CASE_STATES[state].label)


def _assign_form(thread: CaseThread) -> AssignForm:
    """The form of the case's present holder."""
    return AssignForm(data={"to": str(thread.case.assigned_to or "")})


def _offer_colleagues(session: ReadSession, form: AssignForm, *, case_id: int, now: datetime) -> None:
    form.to.options = [(str(each.staff_id), each.name) for each in cases.assignees(session, case_id=case_id, now=now)]


def _thread(session: ReadSession | WriteSession, request: PageRequest) -> CaseThread:
    """The case of the address; raises OutOfReach outside of the scope."""
    thread = cases.thread(session, case_id=request.path["case"], for_staff=True, scope=request.scope)
    if thread is None:
        raise OutOfReach
    return thread


async def _as_told(request: PageRequest, backend: Backend, *, notice: str) -> str:
    """The notice as it is true of this case: nobody is told who may not be contacted."""
    if notice in BY_CODE and not (await backend.read(_thread, request)).case.can_be_told:
        return f"{notice}_by_code"
    return notice


async def _do(
    request: PageRequest,
    backend: Backend,
    *,
    form: Form,
    name: str,
    action: Callable[..., Any],
    said: Mapping[str, Any],
    notice: str,
) -> PageResponse:
    """Run one action on the case; a form with errors comes back filled.

    A reply that was being written is saved as a draft, whichever form was sent and whatever its result.
    """
    case_id = request.path["case"]
    mine: dict[str, Any] = {"case_id": case_id, "actor": request.actor, "now": request.now}
    text = clean(str(request.form.get("text") or "")) if name == "reply_form" else begun(request)
    problem: Text | None = None
    more: dict[str, Any] = {}
    status = 422

    def act(session: WriteSession) -> None:
        if text is not None:
            actions.keep_draft(session, text=text, seen=seen_by(request), **mine)
        action(session, **mine, **said)

    if form.validate():
        try:
            await backend.write(act)
        except NotYourCase:
            raise OutOfReach from None
        except ChangedMeanwhile:
            status = 409
        except NothingSaid:
            field_named(form, "text").add_error(_("Nothing was answered yet. Please write the answer here."))
        except WrittenSince as refusal:
            problem, more = refused(refusal), {"new_after": refusal.seen, "asks_about": name}
        except AskedBack as refusal:
            for concern in sorted(refusal.concerns):
                field_named(form, "text").add_error(ASKED_BACK[concern])
            more = {"accepted": accepted_as(refusal.concerns | accepted_by(request)), "asks_about": name}
        except Refusal as refusal:
            problem = refused(refusal)
        else:
            return Redirect(to=f"/inbox/{case_id}", notice=await _as_told(request, backend, notice=notice))
    if text is not None:
        try:
            await backend.write(actions.keep_draft, text=text, seen=seen_by(request), **mine)
        except NotYourCase:
            raise OutOfReach from None
        except PersonErased as refusal:
            problem = refused(refusal)
    return await backend.read(_gather, request, forms={name: form}, problem=problem, more=more, status=status)


def _gather(
    session: ReadSession,
    request: PageRequest,
    *,
    forms: Mapping[str, Form],
    problem: Text | None = None,
    more: Mapping[str, Any] | None = None,
    status: int = 422,
) -> Render:
    thread = _thread(session, request)
    case = thread.case
    kept = cases.draft(session, case_id=case.id, actor=request.actor)
    more = {"new_after": None, "accepted": "", "asks_about": None, **(more or {})}
    due = next_due(case)
    values = {
        "case": case,
        "line": line_of(case, now=request.now),
        "due": deadline(case, now=request.now),
        "due_at": day_or_moment(due) if due else None,
        "created": day_or_moment(case.created_at),
        "entries": lines_of(thread, reader_id=request.staff.staff_id, new_after=more["new_after"]),
        "seen": max((entry.place for entry in thread.entries), default=0),
        "draft": kept,
        "drafted": LocalMoment(kept.saved_at) if kept else None,
        "contact": CONTACTS[case.contact],
        "facts": [(fact_labels.fact(code), fact_labels.answer(code, value)) for code, value in case.facts.items()],
        "close_reason": CLOSE_REASONS[case.close_reason] if case.close_reason else None,
        "language": LANGUAGES[Locale.parse(case.locale)],
        "problem": problem,
        "is_closed": case.state is CaseState.CLOSED,
        "is_mine": case.assigned_to == request.staff.staff_id,
        "may_answer": holds(request.staff, Permission.CASES_ANSWER),
        "may_assign": holds(request.staff, Permission.CASES_ASSIGN),
        "is_complaint": case.kind is CaseKind.COMPLAINT,
        "wants_fee": case.service_id is not None or case.paid is not None,
        "reply_form": ReplyForm(data={"key": secrets.token_urlsafe(12), "text": kept.text if kept else None}),
        "note_key": secrets.token_urlsafe(12),
        "note_form": NoteForm(),
        "state_form": _state_form(thread),
        "assign_version": _assign_form(thread).version,
        "close_form": CloseForm(),
        **more,
        **forms,
    }
    # A form that comes back is shown under the whole case, so this is a reading too.
    reading = Reading("case.read", f"case:{case.id}")
    return Render(
        template="cases/case.html", values=values, status=status if forms or problem else 200, reading=reading
    )
