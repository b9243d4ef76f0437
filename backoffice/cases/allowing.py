"""The page on which staff allow the chat of a case more than is usual, because its person asked for it."""

from __future__ import annotations

from datetime import datetime

from wtforms import Form

from backoffice.cases.wording import ALLOW_REASONS, LIMITS
from backoffice.forms.choices import Pick
from backoffice.forms.numbers import Number
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.cases import actions, allowing
from desk.cases import queries as cases
from desk.cases.refusals import NotYourCase
from desk.cases.rows import CaseRow
from desk.conversations.rules import ALLOWED_FOR, MOST_ALLOWED, AllowReason, LimitKind
from desk.language.text import Text, words
from desk.refusals import Refusal
from desk.storage.base import ReadSession
from desk.values import LocalMoment

_ = words("case")


REASONS = [(reason, label) for reason, label in ALLOW_REASONS.items() if reason is not AllowReason.SIGNS]
"""Why a chat is allowed more; because of signs it is allowed less, which is done where the signs are shown."""


class AllowForm(Form):
    """One limit of the chat, its new value, and why."""

    kind = Pick(_("What may the chat have more of?"), options=list(LIMITS.items()), empty=_("Please choose"))
    most = Number(_("How many?"), least=1, most=MOST_ALLOWED, hint=_("At most {most}.", most=MOST_ALLOWED))
    reason = Pick(_("Why?"), options=REASONS, empty=_("Please choose"))


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The empty form, with what is allowed already."""
    return _render(session, request, form=AllowForm())


async def save(request: PageRequest, backend: Backend) -> PageResponse:
    """Allow it; a form with errors comes back filled."""
    form = AllowForm(request.form)
    problem: Text | None = None
    if form.validate():
        try:
            await backend.write(
                actions.allow_more,
                case_id=request.path["case"],
                kind=LimitKind(form.kind.data),
                most=form.most.data,
                reason=AllowReason(form.reason.data),
                actor=request.actor,
                now=request.now,
            )
        except NotYourCase:
            raise OutOfReach from None
        except Refusal as refusal:
            problem = refused(refusal)
        else:
            return Redirect(to=f"/inbox/{request.path['case']}", notice="allowed_more")
    return await backend.read(_render, request, form=form, problem=problem, status=422)


def _render(
    session: ReadSession, request: PageRequest, *, form: AllowForm, problem: Text | None = None, status: int = 200
) -> Render:
    thread = cases.thread(session, case_id=request.path["case"], for_staff=True, scope=request.scope)
    if thread is None or not thread.case.can_be_told:
        raise OutOfReach
    values = {
        "case": thread.case,
        "form": form,
        "problem": problem,
        "raised": _raised(session, thread.case, now=request.now),
        "days": ALLOWED_FOR.days,
    }
    return Render(template="cases/allow.html", values=values, status=status)


def _raised(session: ReadSession, case: CaseRow, *, now: datetime) -> list[tuple[Text, int, LocalMoment]]:
    """What this chat is allowed now, until when."""
    found = allowing.raised(session, case_id=case.id, now=now)
    return [(LIMITS[kind], most, LocalMoment(ends_at)) for kind, (most, ends_at) in found.items()]
