"""Making a standing request: one of each person and service, counted for its chat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, insert, or_, select
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.appointments.proposing import kept_since
from desk.appointments.refusals import NotBookable, NotInThisChat
from desk.calendar import local_day_of, weekday_bits
from desk.catalogue.models import Service
from desk.catalogue.queries import TAKES_APPOINTMENTS
from desk.codes import PublicId
from desk.conversations.actions import lock_chat, require_chat
from desk.offices.models import Office, Province
from desk.people.links import links_of
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_many_if_new, table_of
from desk.waiting.history import RequestEvent, write_event
from desk.waiting.models import StandingRequest, StandingRequestPerson, StandingRequestPlace
from desk.waiting.place_in_line import place_of
from desk.waiting.refusals import AlreadyWaiting, TooManyRequests, WishUnusable
from desk.waiting.rows import RequestMade, StandingWish
from desk.waiting.rules import (
    LIVE_REQUESTS,
    MOST_PEOPLE,
    MOST_REQUESTS,
    RequestState,
    WishFault,
    fault_of,
    part_bits,
)

requests, places = table_of(StandingRequest), table_of(StandingRequestPlace)
people = table_of(StandingRequestPerson)
_services = table_of(Service)

MOST_OF_A_NUMBER = 2
"""Live requests of one person and service: the first, and a contested one of another chat."""
_ATTEMPTS = 3


class _AnotherWasFaster(Exception):
    """Another chat wrote a request for one of the people at this moment."""


def ask(
    session: WriteSession,
    *,
    idem_key: str,
    actor: Actor,
    service_id: int,
    person_ids: Sequence[int],
    wish: StandingWish,
    now: datetime,
) -> RequestMade:
    """Let these people wait for an appointment of this service; the same `idem_key` is the same request.

    Where another chat waits for one of them already, this request is contested: nothing else is different for the
    chat, as with an appointment.

    Raises NotBookable, WishUnusable, TooManyRequests, AlreadyWaiting, NotInThisChat.
    """
    conversation_id = require_chat(actor)
    wanted = list(dict.fromkeys(person_ids))
    if not 1 <= len(wanted) <= MOST_PEOPLE:
        raise ValueError(f"a request of {len(wanted)} people")
    lock_chat(session, conversation_id=conversation_id)
    made = session.execute(
        select(requests.c.id, requests.c.public_id).where(requests.c.idem_key == idem_key)
    ).one_or_none()
    if made is not None:
        return RequestMade(made.id, made.public_id, is_repeat=True)
    if session.scalar(select(_services.c.id).where(_services.c.id == service_id, TAKES_APPOINTMENTS)) is None:
        raise NotBookable(service_id=service_id)
    require_usable(session, wish, now=now)
    _require_room(session, conversation_id=conversation_id)
    return write_request(
        session, idem_key=idem_key, actor=actor, service_id=service_id, person_ids=wanted, wish=wish, now=now
    )


def write_request(
    session: WriteSession,
    *,
    idem_key: str,
    actor: Actor,
    service_id: int,
    person_ids: Sequence[int],
    wish: StandingWish,
    instead_of: datetime | None = None,
    now: datetime,
) -> RequestMade:
    """Write a request at the end of the line; the caller has checked the wish.

    `instead_of` = the place in the line of a request that is given up for this one.
    Raises AlreadyWaiting, NotInThisChat.
    """
    conversation_id, wanted = require_chat(actor), list(person_ids)
    for _ in range(_ATTEMPTS):
        contested = _contested(session, conversation_id=conversation_id, person_ids=wanted, service_id=service_id)
        asked = _write(
            session,
            idem_key=idem_key,
            conversation_id=conversation_id,
            service_id=service_id,
            contested=contested,
            wish=wish,
            instead_of=instead_of,
            now=now,
        )
        if asked is not None:
            data = {"service": service_id, "people": len(wanted)}
            write_event(session, request_id=asked.request_id, kind=RequestEvent.ASKED, actor=actor, data=data, now=now)
            return asked
    raise NotInThisChat(service_id=service_id)


def _write(
    session: WriteSession,
    *,
    idem_key: str,
    conversation_id: int,
    service_id: int,
    contested: dict[int, bool],
    wish: StandingWish,
    instead_of: datetime | None,
    now: datetime,
) -> RequestMade | None:
    """Write the rows of a request; None = another chat wrote one for these people at this moment."""
    public_id = PublicId.make().signs
    kept = kept_since(
        session, conversation_id=conversation_id, person_ids=list(contested), service_id=service_id, now=now
    )
    since = kept or now  # whose time the office took away has waited since they got it
    try:
        with session.begin_nested():
            request_id: int = (
                session.connection()
                .execute(
                    insert(requests).returning(requests.c.id),
                    {
                        "public_id": public_id,
                        "idem_key": idem_key,
                        "conversation_id": conversation_id,
                        "service_id": service_id,
                        "people": len(contested),
                        "state": RequestState.WAITING,
                        "is_waiting": True,
                        "since": since,
                        "rank_at": place_of(
                            session,
                            since=since,
                            service_id=service_id,
                            conversation_id=conversation_id,
                            person_ids=list(contested),
                            instead_of=instead_of,
                        ),
                        "lapses": 0,
                        **wished(wish),
                    },
                )
                .scalar_one()
            )
            write_places(session, request_id=request_id, wish=wish)
            _write_people(
                session,
                request_id=request_id,
                service_id=service_id,
                conversation_id=conversation_id,
                contested=contested,
            )
    except _AnotherWasFaster:
        return None
    return RequestMade(request_id, public_id, is_repeat=False)


def _write_people(
    session: WriteSession, *, request_id: int, service_id: int, conversation_id: int, contested: dict[int, bool]
) -> None:
    new = insert_many_if_new(session, StandingRequestPerson)
    links = links_of(session, contested)
    row = {"request_id": request_id, "service_id": service_id, "conversation_id": conversation_id}
    for nth, (person_id, is_contested) in enumerate(contested.items(), start=1):
        given = {**row, "person_id": person_id, "link_id": links.get(person_id), "nth": nth}
        given["is_contested"] = is_contested
        if session.connection().execute(new, given).rowcount != 1:
            raise _AnotherWasFaster


def _contested(
    session: Session, *, conversation_id: int, person_ids: Sequence[int], service_id: int
) -> dict[int, bool]:
    """Of each of these people, on any of their papers, whether another chat waits for them and this service.

    Raises AlreadyWaiting where this chat does, NotInThisChat where two others do.
    """
    found: dict[int, list[bool]] = {person_id: [] for person_id in person_ids}
    by_link = {link: person_id for person_id, link in links_of(session, person_ids).items()}
    same = or_(people.c.person_id.in_(person_ids), people.c.link_id.in_(list(by_link)))
    for row in session.execute(select(people).where(same, people.c.service_id == service_id)):
        if row.conversation_id == conversation_id:
            raise AlreadyWaiting(request_id=row.request_id)
        found[by_link.get(row.link_id, row.person_id)].append(row.is_contested)
    if any(len(others) >= MOST_OF_A_NUMBER for others in found.values()):
        raise NotInThisChat(service_id=service_id)
    # The first may be over by now: then the contested one stays, and the new one is the first.
    return {person_id: False in others for person_id, others in found.items()}


def _require_room(session: Session, *, conversation_id: int) -> None:
    """Check that the chat may wait once more. Raises TooManyRequests."""
    live = session.scalar(
        select(func.count()).where(requests.c.conversation_id == conversation_id, requests.c.state.in_(LIVE_REQUESTS))
    )
    if (live or 0) >= MOST_REQUESTS:
        raise TooManyRequests(most=MOST_REQUESTS)


def require_usable(session: Session, wish: StandingWish, *, now: datetime) -> None:
    """Check that the wish can be kept. Raises WishUnusable."""
    offices, provinces = set(wish.office_ids), set(wish.province_codes)
    why = fault_of(
        weekdays=wish.weekdays,
        parts=wish.parts,
        from_day=wish.from_day,
        until_day=wish.until_day,
        places=len(offices) + len(provinces),
        today=local_day_of(now).date,
    )
    if why is None:
        known = [
            session.scalar(select(func.count()).where(column.in_(wanted)))
            for column, wanted in (
                (table_of(Office).c.id, sorted(offices)),
                (table_of(Province).c.code, sorted(provinces)),
            )
        ]
        if known != [len(offices), len(provinces)]:
            why = WishFault.UNKNOWN_PLACE
    if why is not None:
        raise WishUnusable(why=why)


def wished(wish: StandingWish) -> dict[str, object]:
    """The columns of the request that say when an appointment is wished."""
    return {
        "weekdays": weekday_bits(wish.weekdays),
        "parts": part_bits(wish.parts),
        "from_day": wish.from_day,
        "until_day": wish.until_day,
    }


def write_places(session: WriteSession, *, request_id: int, wish: StandingWish) -> None:
    """Write at which places an appointment is wished."""
    rows = [
        {"request_id": request_id, "office_id": office_id, "province_code": None}
        for office_id in sorted(set(wish.office_ids))
    ] + [
        {"request_id": request_id, "office_id": None, "province_code": code}
        for code in sorted(set(wish.province_codes))
    ]
    session.connection().execute(insert(places), rows)
