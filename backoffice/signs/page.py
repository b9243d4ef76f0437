"""The list of chats with signs, one of them with its appointments, and what a person does about it.

No page shows who it is: no name, no number of a paper, no tracking code. Nothing here happens by itself.
"""

from __future__ import annotations

from datetime import timedelta

from wtforms import Form

from backoffice.appointments.wording import APPOINTMENT_STATES
from backoffice.cases.wording import ALLOW_REASONS, LIMITS
from backoffice.forms.choices import Pick
from backoffice.forms.numbers import Number
from backoffice.layout.paging import page_asked_for, page_of
from backoffice.signs.wording import JUDGEMENTS, MAY_BE, NAMES, SEEN, STRENGTHS
from backoffice.web.http import Backend, PageRequest, PageResponse, Reading, Redirect, Render
from desk.acting import OutOfReach
from desk.conversations.rules import ALLOWED_FOR, MOST_ALLOWED, AllowReason, LimitKind
from desk.language.text import FullDay, Reference, words
from desk.signs import actions, queries
from desk.signs.rows import SUBJECT
from desk.signs.rules import Judgement
from desk.storage.base import ReadSession
from desk.values import LocalDay, LocalMoment
from desk.visits.at_desk import AT_DESK, MOST_AN_HOUR, booked_at_desks
from desk.walk_ins.rules import WalkInEvent

_ = words("signs")

PATH = "/signs"
MOST = 25
MOST_APPOINTMENTS = 100

AT_DESKS = (AT_DESK, WalkInEvent.DAY)
"""What an account took for people without a phone: at the desk, and at the door for a coming day."""


class LookedForm(Form):
    """What somebody found who looked: chosen, since nothing is written about a person."""

    judgement = Pick(_("What did you find?"), options=list(JUDGEMENTS.items()), empty=_("Please choose"))


class LimitForm(Form):
    """One limit of the chat, its value for a time, and why."""

    kind = Pick(_("Which limit?"), options=list(LIMITS.items()), empty=_("Please choose"))
    most = Number(_("At most how many?"), least=1, most=MOST_ALLOWED, hint=_("At least one: nobody is shut out."))
    reason = Pick(_("Why?"), options=list(ALLOW_REASONS.items()), empty=_("Please choose"))


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The chats that stand out, the strongest first; `looked` in the address = those looked at."""
    looked = request.query_text("looked") == "1"
    found, pages = page_of(
        lambda number: queries.listed(
            session, scope=request.scope, are_new=not looked, limit=MOST, skip=(number - 1) * MOST
        ),
        PATH,
        query={"looked": "1"} if looked else {},
        number=page_asked_for(request),
        size=MOST,
    )
    values = {
        "chats": found.rows,
        "total": found.total,
        "looked": looked,
        "pages": pages,
        "names": NAMES,
        "strengths": STRENGTHS,
        "judgements": JUDGEMENTS,
        "at_desks": booked_at_desks(
            session, scope=request.scope, since=request.now - timedelta(days=1), kinds=AT_DESKS
        ),
        "most_at_desk": MOST_AN_HOUR,
        **_shown(),
    }
    return Render(template="signs/page.html", values=values)


def show(session: ReadSession, request: PageRequest) -> PageResponse:
    """One chat: its signs, its appointments within reach, and the forms."""
    return _chat(session, request)


def _chat(
    session: ReadSession,
    request: PageRequest,
    *,
    looked: LookedForm | None = None,
    limit: LimitForm | None = None,
) -> Render:
    """The page of a chat; a form that is given comes back with its faults."""
    chat_id = request.path["chat"]
    chat = queries.signs_of_chat(session, chat_id=chat_id, scope=request.scope)
    if chat is None:
        raise OutOfReach
    appointments = queries.appointments_of_chat(session, chat_id=chat_id, scope=request.scope, limit=MOST_APPOINTMENTS)
    limits = queries.limits_set(session, chat_id=chat_id, now=request.now)
    values = {
        "chat": chat,
        "names": NAMES,
        "seen": SEEN,
        "may_be": MAY_BE,
        "strengths": STRENGTHS,
        "judgements": JUDGEMENTS,
        "appointments": appointments,
        "is_long": len(appointments) == MOST_APPOINTMENTS,
        "states": APPOINTMENT_STATES,
        "limits": [(kind, LIMITS[kind], most, LocalMoment(ends)) for kind, (most, ends) in limits.items()],
        "looked_form": looked or LookedForm(),
        "limit_form": limit or LimitForm(),
        "days": ALLOWED_FOR.days,
        **_shown(),
    }
    return Render(
        template="signs/chat.html",
        values=values,
        status=200 if looked is None and limit is None else 422,
        reading=Reading("signs.read", f"{SUBJECT}{chat_id}"),
    )


def _shown() -> dict[str, object]:
    """How a template shows the number of a chat, a day and a moment."""
    return {
        "number": lambda id: Reference(str(id)),
        "day": lambda date: FullDay(LocalDay(date)),
        "moment": LocalMoment,
    }


async def note_looked(request: PageRequest, backend: Backend) -> PageResponse:
    """Keep that somebody looked and found nothing wrong."""
    form = LookedForm(request.form)
    if not form.validate():
        return await backend.read(_chat, request, looked=form)
    await backend.write(
        actions.note_looked_at,
        chat_id=request.path["chat"],
        judgement=Judgement(form.judgement.data),
        actor=request.actor,
        now=request.now,
    )
    return Redirect(to=PATH, notice="signs_looked_at")


async def set_limit(request: PageRequest, backend: Backend) -> PageResponse:
    """Set one limit of the chat for a time."""
    form = LimitForm(request.form)
    if not form.validate():
        return await backend.read(_chat, request, limit=form)
    await backend.write(
        actions.set_limit,
        chat_id=request.path["chat"],
        kind=LimitKind(form.kind.data),
        most=form.most.data,
        reason=AllowReason(form.reason.data),
        actor=request.actor,
        now=request.now,
    )
    return Redirect(to=f"{PATH}/{request.path['chat']}", notice="signs_limit_set")


async def as_usual(request: PageRequest, backend: Backend) -> PageResponse:
    """Let the usual limit hold again; a limit that is not set stays as it is."""
    kind = request.form_text("kind")
    if kind in set(LimitKind):
        await backend.write(
            actions.as_usual,
            chat_id=request.path["chat"],
            kind=LimitKind(kind),
            actor=request.actor,
            now=request.now,
        )
    return Redirect(to=f"{PATH}/{request.path['chat']}", notice="signs_as_usual")
