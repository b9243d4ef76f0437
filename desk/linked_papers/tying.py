"""Brings the live appointments of linked papers under their link, and finds those of which one has to be given back.

Under a link there is one first appointment and one contested one of another chat for each service, as with one number.
Of two in one chat the second stays outside of the link until the person has said which stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, exists, literal_column, select, update

from desk.appointments.booking import appointments
from desk.linked_papers.models import AppointmentChoice
from desk.offices.models import Office
from desk.people.models import Person
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

choices = table_of(AppointmentChoice)
_persons, _offices = table_of(Person), table_of(Office)
_other = appointments.alias("other")


class TiedAppointment(NamedTuple):
    """A live appointment of one of the linked papers."""

    id: int
    person_id: int
    service_id: int
    conversation_id: int | None
    link_id: int | None
    is_contested: bool
    starts_at: datetime
    zone: str


_LIVE = (
    select(
        *appointments.c["id", "person_id", "service_id", "conversation_id", "link_id", "is_contested", "starts_at"],
        _offices.c.zone,
    )
    .join_from(appointments, _persons, _persons.c.id == appointments.c.person_id)
    .join(_offices, _offices.c.id == appointments.c.office_id)
    .where(_persons.c.link_id == bindparam("link"), literal_column("appointments.is_live"))
    # Those under the link first: they have their place in it.
    .order_by(appointments.c.link_id.is_(None), appointments.c.is_contested, appointments.c.id)
    .with_for_update(of=appointments)
)
_PUT = (
    update(appointments)
    .where(appointments.c.id == bindparam("appointment"))
    .values(link_id=bindparam("link"), is_contested=bindparam("contested"))
)
_UNTIE = (
    update(appointments)
    .where(appointments.c.person_id.in_(bindparam("persons", expanding=True)), appointments.c.link_id.is_not(None))
    .values(link_id=None)
)
_STAND_ALONE = (
    update(appointments)
    .where(
        appointments.c.person_id.in_(bindparam("persons", expanding=True)),
        appointments.c.is_live,
        appointments.c.is_contested,
        ~exists().where(
            _other.c.person_id == appointments.c.person_id,
            _other.c.service_id == appointments.c.service_id,
            _other.c.id != appointments.c.id,
            _other.c.is_live,
        ),
    )
    .values(is_contested=False)
)


class TwoOfOne(NamedTuple):
    """Two live appointments of one person and service, the one that begins first before the other."""

    earlier: TiedAppointment
    later: TiedAppointment

    @property
    def is_of_one_chat(self) -> bool:
        """Whether one chat has both, so that it decides about both."""
        return self.earlier.conversation_id is not None and self.earlier.conversation_id == self.later.conversation_id


def tie(session: WriteSession, *, link_id: int) -> list[TwoOfOne]:
    """Bring them under the link, as far as there is room; returns the pairs of which the person says which stays."""
    of_services: dict[int, list[TiedAppointment]] = defaultdict(list)
    for row in session.connection().execute(_LIVE, {"link": link_id}):
        of_services[row.service_id].append(TiedAppointment._make(row))
    return [pair for rows in of_services.values() for pair in _tie_service(session, rows, link_id=link_id)]


def _tie_service(session: WriteSession, rows: Sequence[TiedAppointment], *, link_id: int) -> Iterable[TwoOfOne]:
    by_chat: dict[int, TiedAppointment] = {}
    first: TiedAppointment | None = None
    has_contested = False
    for row in rows:
        held = by_chat.get(row.conversation_id) if row.conversation_id is not None else None
        if held is not None:
            yield _in_order(held, row)
            continue
        is_contested = row.is_contested or first is not None
        is_beside_one = any(
            each.is_contested and each.person_id == row.person_id and each.id != row.id for each in rows
        )
        if is_contested and (has_contested or (not row.is_contested and is_beside_one)):
            continue  # a third chat: it stays apart until one of the others is over
        if row.link_id is None:
            put = {"appointment": row.id, "link": link_id, "contested": is_contested}
            session.connection().execute(_PUT, put)
        if first is not None and first.person_id != row.person_id:
            yield _in_order(first, row)
        has_contested = has_contested or is_contested
        first = first or (None if is_contested else row)
        if row.conversation_id is not None:
            by_chat[row.conversation_id] = row


def _in_order(one: TiedAppointment, other: TiedAppointment) -> TwoOfOne:
    return TwoOfOne(*sorted((one, other), key=lambda each: (each.starts_at, each.id)))


def untie(session: WriteSession, person_ids: Sequence[int]) -> None:
    """Take the appointments of these people from under their link; each stands by its own number again."""
    connection = session.connection()
    connection.execute(_UNTIE, {"persons": list(person_ids)})
    connection.execute(_STAND_ALONE, {"persons": list(person_ids)})
