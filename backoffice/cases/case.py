"""One case: its thread, what is known, and everything that may be done with it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from wtforms import Form

from backoffice.access import OutOfReach, holds
from backoffice.cases.case_thread import lines_of, told_of
from backoffice.cases.case_writing import ASKED_BACK, accepted_as, accepted_by, begun, seen_by
from backoffice.cases.deadlines import deadline, next_due
from backoffice.cases.forms import AssignForm, CloseForm, NoteForm, ReplyForm, StateForm
from backoffice.cases.inbox import line_of
from backoffice.forms.days import today_at
from backoffice.forms.fields import entry_named
from backoffice.forms.versions import ChangedMeanwhile
from backoffice.web.exchange import Ask, Desk, Go, Reading, Reply, Show, Sound
from backoffice.wording import CASE_STATES, CLOSE_REASONS, CONTACTS, refused
from desk.calendar import TEHRAN
from desk.cases import actions, inbox
from desk.cases import queries as cases
from desk.cases.refusals import AskedBack, NothingSaid, NotYourCase, PersonErased, WrittenSince
from desk.cases.rows import CaseThread
from desk.cases.rules import CaseKind, CloseReason, State
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


def page(session: ReadSession, ask: Ask) -> Reply:
    """The case with empty forms; opening it is logged."""
    return _gather(session, ask, forms={})


def following(session: ReadSession, ask: Ask) -> Reply:
    """The next case that waits for the desk; without one, the inbox."""
    found = inbox.next_case(session, scope=ask.scope, after=ask.path["case"])
    return Go(to="/inbox" if found is None else f"/inbox/{found}", notice="nothing_waits" if found is None else None)


def delivery(session: ReadSession, ask: Ask) -> Reply:
    """What became of one message to the person; asked again every few seconds while it is on its way."""
    thread = _thread(session, ask)
    found = thread.delivery.get(ask.path["entry"])
    if found is None:
        raise OutOfReach
    values = {"it": told_of(ask.path["entry"], found), "case_id": thread.case.id}
    return Show(template="cases/delivery.html", values=values)


def fee(session: ReadSession, ask: Ask) -> Reply:
    """What was paid beside the fee that was approved on that day."""
    case = _thread(session, ask).case
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
    return Show(template="cases/fee.html", values=values)


async def reply(ask: Ask, desk: Desk) -> Reply:
    """Send the person an answer."""
    form = ReplyForm(ask.form)
    then_close = bool(ask.form.get("close"))
    said = {
        "text": form.text.data,
        "seen": seen_by(ask),
        "accepted": accepted_by(ask),
        "then_close": then_close,
        "idem_key": f"reply:{ask.path['case']}:{form.key.data}",
    }
    notice = "replied_and_closed" if then_close else "replied"
    return await _do(ask, desk, form=form, name="reply_form", action=actions.reply, said=said, notice=notice)


async def draft(ask: Ask, desk: Desk) -> Reply:
    """Keep a reply that is not finished: by the page while somebody writes, or by the button."""
    case_id = ask.path["case"]
    text = clean(str(ask.form.get("text") or ""))
    try:
        await desk.write(
            actions.keep_draft,
            case_id=case_id,
            staff_id=ask.staff.staff_id,
            text=text,
            seen=seen_by(ask),
            now=ask.now,
        )
    except NotYourCase:
        raise OutOfReach from None
    if not ask.is_fragment:
        return Go(to=f"/inbox/{case_id}#reply", notice="draft_kept" if text else "draft_gone")
    return Show(template="cases/draft_kept.html", values={"at": LocalMoment(ask.now) if text else None})


async def note(ask: Ask, desk: Desk) -> Reply:
    """Write something for colleagues."""
    form = NoteForm(ask.form)
    key = str(ask.form.get("key") or "")[:60]
    said = {"text": form.text.data, "idem_key": f"note:{ask.path['case']}:{key}" if key else None}
    return await _do(ask, desk, form=form, name="note_form", action=actions.note, said=said, notice="noted")


async def change_state(ask: Ask, desk: Desk) -> Reply:
    """Say where the case is now."""
    form = StateForm(ask.form)
    if form.validate() and await desk.read(_is_there_already, ask, to=State(form.to.data)):
        form.to.complain(_("The case is there already, and the person knows it. Nothing was sent."))
        return await desk.read(_gather, ask, forms={"state_form": form})
    to = State(form.to.data) if form.to.data else None

    def act(session: WriteSession, *, case_id: int, to: State, staff_id: int, now: datetime) -> None:
        _declare(form, state=to)
        form.require_unchanged(session, subject=f"case:{case_id}", present=lambda: _state_form(_thread(session, ask)))
        actions.change_state(session, case_id=case_id, to=to, staff_id=staff_id, now=now)

    return await _do(ask, desk, form=form, name="state_form", action=act, said={"to": to}, notice="state_changed")


async def close(ask: Ask, desk: Desk) -> Reply:
    """Close the case with a reason."""
    form = CloseForm(ask.form)
    said = {
        "reason": CloseReason(form.reason.data) if form.reason.data else None,
        "text": form.text.data,
        "seen": seen_by(ask),
        "accepted": accepted_by(ask),
    }
    return await _do(ask, desk, form=form, name="close_form", action=actions.close, said=said, notice="case_closed")


async def reopen(ask: Ask, desk: Desk) -> Reply:
    """Take a closed case up again."""
    return await _do(ask, desk, form=Form(), name="reopen_form", action=actions.reopen, said={}, notice="case_reopened")


def assign_page(session: ReadSession, ask: Ask) -> Reply:
    """The colleagues whose own reach covers the case."""
    thread = _thread(session, ask)
    form = _assign_form(thread)
    _offer_colleagues(session, form, case_id=thread.case.id)
    return Show(template="cases/assign.html", values={"form": form, "case": thread.case})


async def assign(ask: Ask, desk: Desk) -> Reply:
    """Give the case to a colleague, or take it oneself."""
    case_id = ask.path["case"]
    form = AssignForm(formdata=None)
    await desk.read(_offer_colleagues, form, case_id=case_id)
    form.process(ask.form)
    if ask.form.get("take"):
        form.to.data = str(ask.staff.staff_id)
    elif not form.validate():
        thread = await desk.read(_thread, ask)
        return Show(template="cases/assign.html", values={"form": form, "case": thread.case}, status=422)
    said = {"to_staff_id": int(form.to.data) if form.to.data else None}

    def act(session: WriteSession, *, case_id: int, **said: Any) -> None:
        form.require_unchanged(session, subject=f"case:{case_id}", present=lambda: _assign_form(_thread(session, ask)))
        actions.assign(session, case_id=case_id, **said)

    reply = await _do(ask, desk, form=Form(), name="assign_form", action=act, said=said, notice="assigned")
    if form.changes:
        thread = await desk.read(_thread, ask)
        return Show(template="cases/assign.html", values={"form": form, "case": thread.case}, status=409)
    return reply


async def voice(ask: Ask, desk: Desk) -> Reply:
    """A voice note of the thread, brought from the messenger that keeps it."""
    thread = await desk.read(_thread, ask)
    entry = next((each for each in thread.entries if each.id == ask.path["entry"]), None)
    if entry is None or not entry.voice:
        raise OutOfReach
    chunks = await desk.voice(
        channel=str(entry.voice["channel"]), bot=str(entry.voice["bot"]), file_id=str(entry.voice["file_id"])
    )
    if chunks is None:
        raise OutOfReach
    # A player asks for it piece by piece.
    reading = Reading("case.heard", f"entry:{entry.id}", recurs=True)
    return Sound(chunks=chunks, reading=reading)


def _is_there_already(session: ReadSession, ask: Ask, *, to: State) -> bool:
    return _thread(session, ask).case.state is to


def _state_form(thread: CaseThread) -> StateForm:
    """The form over the state that the case has now."""
    form = StateForm()
    _declare(form, state=thread.case.state)
    return form


def _declare(form: StateForm, *, state: State) -> None:
    form.declare("state", _("Where the case is now"), value=state.value, shown=CASE_STATES[state].label)


def _assign_form(thread: CaseThread) -> AssignForm:
    """The form over whoever has the case now."""
    return AssignForm(data={"to": str(thread.case.assigned_to or "")})


def _offer_colleagues(session: ReadSession, form: AssignForm, *, case_id: int) -> None:
    form.to.options = [(str(each.staff_id), each.name) for each in cases.assignees(session, case_id=case_id)]


def _thread(session: ReadSession | WriteSession, ask: Ask) -> CaseThread:
    """The case of the address; raises OutOfReach where it is somebody else's."""
    thread = cases.thread(session, case_id=ask.path["case"], for_staff=True, scope=ask.scope)
    if thread is None:
        raise OutOfReach
    return thread


async def _do(
    ask: Ask, desk: Desk, *, form: Form, name: str, action: Callable[..., Any], said: Mapping[str, Any], notice: str
) -> Reply:
    """Run one action on the case; a form that needs another look comes back filled, with the reason.

    A reply that was being written is kept as a draft, whatever becomes of the action and whichever form was sent.
    """
    case_id = ask.path["case"]
    mine: dict[str, Any] = {"case_id": case_id, "staff_id": ask.staff.staff_id, "now": ask.now}
    text = clean(str(ask.form.get("text") or "")) if name == "reply_form" else begun(ask)
    problem: Text | None = None
    more: dict[str, Any] = {}
    status = 422

    def act(session: WriteSession) -> None:
        if text is not None:
            actions.keep_draft(session, text=text, seen=seen_by(ask), **mine)
        action(session, **mine, **said)

    if form.validate():
        try:
            await desk.write(act)
        except NotYourCase:
            raise OutOfReach from None
        except ChangedMeanwhile:
            status = 409
        except NothingSaid:
            entry_named(form, "text").complain(_("Nothing was answered yet. Please write the answer here."))
        except WrittenSince as refusal:
            problem, more = refused(refusal), {"new_after": refusal.seen, "asks_about": name}
        except AskedBack as refusal:
            for concern in sorted(refusal.concerns):
                entry_named(form, "text").complain(ASKED_BACK[concern])
            more = {"accepted": accepted_as(refusal.concerns | accepted_by(ask)), "asks_about": name}
        except Refusal as refusal:
            problem = refused(refusal)
        else:
            return Go(to=f"/inbox/{case_id}", notice=notice)
    if text is not None:
        try:
            await desk.write(actions.keep_draft, text=text, seen=seen_by(ask), **mine)
        except NotYourCase:
            raise OutOfReach from None
        except PersonErased as refusal:
            problem = refused(refusal)
    return await desk.read(_gather, ask, forms={name: form}, problem=problem, more=more, status=status)


def _gather(
    session: ReadSession,
    ask: Ask,
    *,
    forms: Mapping[str, Form],
    problem: Text | None = None,
    more: Mapping[str, Any] | None = None,
    status: int = 422,
) -> Show:
    thread = _thread(session, ask)
    case = thread.case
    kept = cases.draft(session, case_id=case.id, staff_id=ask.staff.staff_id)
    more = {"new_after": None, "accepted": "", "asks_about": None, **(more or {})}
    due = next_due(case)
    values = {
        "case": case,
        "line": line_of(case, now=ask.now),
        "due": deadline(case, now=ask.now),
        "due_at": LocalMoment(due) if due else None,
        "created": LocalMoment(case.created_at),
        "entries": lines_of(thread, reader_id=ask.staff.staff_id, new_after=more["new_after"]),
        "seen": max((entry.id for entry in thread.entries), default=0),
        "draft": kept,
        "drafted": LocalMoment(kept.saved_at) if kept else None,
        "contact": CONTACTS[case.contact],
        "facts": [(fact_labels.fact(code), fact_labels.answer(code, value)) for code, value in case.facts.items()],
        "close_reason": CLOSE_REASONS[case.close_reason] if case.close_reason else None,
        "language": LANGUAGES[Locale.parse(case.locale)],
        "problem": problem,
        "is_closed": case.state is State.CLOSED,
        "is_mine": case.assigned_to == ask.staff.staff_id,
        "may_answer": holds(ask.staff, Permission.CASES_ANSWER),
        "may_assign": holds(ask.staff, Permission.CASES_ASSIGN),
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
    # A form that comes back stands under the whole case, so that is a reading as well.
    reading = Reading("case.read", f"case:{case.id}")
    return Show(template="cases/case.html", values=values, status=status if forms or problem else 200, reading=reading)
