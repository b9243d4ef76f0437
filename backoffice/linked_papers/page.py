"""Links two papers of the person at the counter, or takes that back; the numbers are compared and shown nowhere."""

from __future__ import annotations

from backoffice.appointments.search import AGAIN_AFTER
from backoffice.linked_papers.forms import LinkForm
from backoffice.offices.in_reach import OfficeChoice, choice_for
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.language.text import words
from desk.linked_papers.actions import link, unlink
from desk.linked_papers.refusals import SamePaper
from desk.linked_papers.rules import UNDOES, LinkReason
from desk.people.rules import IdentityDigest
from desk.refusals import Refusal
from desk.staff.refusals import TooManyNumbers
from desk.storage.base import ReadSession, WriteSession

_ = words("linked papers")

PAGE = "/today/papers"


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The two numbers, and what the clerk sees."""
    return _render(choice_for(session, request, wanted=request.query_number("office")), LinkForm())


async def save(request: PageRequest, backend: Backend) -> PageResponse:
    """Link them or take it back, and say what the clerk has to tell the person."""
    choice = await backend.read(choice_for, request, wanted=request.form_number("office"))
    if choice.current is None:
        raise OutOfReach
    form = LinkForm(request.form)
    form.validate()
    if not form.seen.data:
        form.seen.add_error(_("Please take both originals into your hand first."))
    if form.errors:
        return _render(choice, form, status=422)
    digests: list[IdentityDigest] = []
    for field in (form.one, form.other):
        identity = await backend.identity_of(field.data, whose=request.actor)
        if identity is None:
            field.add_error(refused(TooManyNumbers(request.now + AGAIN_AFTER)))
            return _render(choice, form, status=429)
        digests.append(identity)
    try:
        notice = await backend.write(_done, request, choice.current.id, digests, LinkReason(form.reason.data))
    except OutOfReach:
        raise
    except Refusal as refusal:
        (form.other if isinstance(refusal, SamePaper) else form.one).add_error(refused(refusal))
        return _render(choice, form, status=422)
    if notice is None:
        form.other.add_error(_("These two papers are not linked."))
        return _render(choice, form, status=422)
    return Redirect(to=f"{PAGE}?office={choice.current.id}", notice=notice)


def _done(
    session: WriteSession, request: PageRequest, office_id: int, digests: list[IdentityDigest], reason: LinkReason
) -> str | None:
    """Which notice says what came of it; None = they are not linked."""
    one, other = digests
    if reason in UNDOES:
        was_linked = unlink(
            session,
            office_id=office_id,
            one=one,
            other=other,
            reason=reason,
            actor=request.actor,
            now=request.now,
        )
        return "papers_unlinked" if was_linked else None
    linked = link(
        session,
        office_id=office_id,
        one=one,
        other=other,
        reason=reason,
        actor=request.actor,
        now=request.now,
    )
    if linked.apart:
        return "papers_linked_apart"
    return "papers_linked_and_asked" if linked.asked else "papers_linked"


def _render(choice: OfficeChoice, form: LinkForm, *, status: int = 200) -> PageResponse:
    values = {"choice": choice, "office": choice.current, "form": form, "action": PAGE}
    return Render(template="linked_papers/page.html", values=values, status=status)
