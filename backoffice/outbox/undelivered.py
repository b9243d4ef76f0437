"""The page of messages that did not arrive and of updates that could not be read, with the reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from backoffice.access import require_within
from backoffice.layout.paging import page_asked_for, pages_of
from backoffice.outbox.wording import not_delivered
from backoffice.web.http import PageRequest, PageResponse, Redirect, Render
from backoffice.wording import MESSAGES
from desk.acting import OutOfReach
from desk.appointments import queries as appointments
from desk.cases import queries as cases
from desk.conversations import queries as conversations
from desk.language.text import Latin, Param, words
from desk.outbox import queries as outbox
from desk.outbox.rows import DeadMessage
from desk.storage.base import ReadSession
from desk.values import LocalMoment

_ = words("undelivered")

MOST = 50
"""The most rows of each list: the newest say what is wrong now."""
LATE = timedelta(minutes=5)
"""A message that waits longer than this is late, not just waiting in line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UndeliveredLine:
    """A message or an update, as the lists show it."""

    id: int | None
    """The id of a message with a subject to open."""
    name: Param
    messenger: str
    at: Param
    reason: Param | None


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """How many messages wait, those that were given up, and updates that were set aside."""
    require_within(request.scope)  # the outbox has chats but no places: it is shown to the nation only
    backlog = outbox.backlog(session, now=request.now)
    given_up = outbox.dead_number(session)
    pages = pages_of("/undelivered", query={}, number=page_asked_for(request), total=given_up, size=MOST)
    parked, number_parked = conversations.parked(session, limit=MOST)
    dead = outbox.dead(session, limit=MOST, skip=(pages.number - 1) * MOST)
    values = {
        "waiting": backlog.number,
        "since": LocalMoment(backlog.oldest) if backlog.oldest else None,
        "is_late": backlog.is_stuck or (backlog.oldest is not None and request.now - backlog.oldest > LATE),
        "dead": [_line(message) for message in dead],
        "pages": pages,
        "older_parked": number_parked - len(parked),
        "parked": [
            UndeliveredLine(
                id=None,
                name=_("A message set aside"),
                messenger=update.channel,
                at=_in_the_hour(update.heard_at),
                reason=Latin(update.reason) if update.reason else None,
            )
            for update in parked
        ],
    }
    return Render(template="outbox/undelivered.html", values=values)


def subject(session: ReadSession, request: PageRequest) -> PageResponse:
    """Redirect to the subject of the message: the case, the day's list with the appointment, or the service."""
    require_within(request.scope)
    about = outbox.about(session, message_id=request.path["message"]) or ""
    kind, _colon, number = about.partition(":")
    if kind == "entry" and (case_id := cases.case_of_entry(session, entry_id=int(number))) is not None:
        return Redirect(to=f"/inbox/{case_id}")
    if (
        kind == "appointment"
        and (appointment := appointments.appointment_by_id(session, appointment_id=int(number))) is not None
    ):
        return Redirect(
            to=f"/today?office={appointment.office.id}&day={appointment.day.isoformat()}&q={appointment.code.digits}"
        )
    if kind == "service":
        return Redirect(to=f"/catalogue/{number}")
    raise OutOfReach


def _line(message: DeadMessage) -> UndeliveredLine:
    reason = message.reason or ""
    return UndeliveredLine(
        id=message.id if message.about else None,
        name=MESSAGES.get(message.notice) or Latin(message.notice),
        messenger=message.channel,
        at=_in_the_hour(message.created_at),
        reason=not_delivered(reason) if reason else None,
    )


def _in_the_hour(at: datetime) -> Param:
    """When it was; only the hour of what a chat did is kept."""
    return _("{when}, or within the hour after", when=LocalMoment(at))
