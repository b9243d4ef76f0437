"""Free places and booked turns, as one chat sees them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from bot.doors.writing import writable
from desk.appointments import actions as appointments
from desk.appointments import queries as booked
from desk.appointments.actions import Booked, Moved
from desk.appointments.refusals import NotYours
from desk.appointments.rows import LastTurn, TurnRow
from desk.capacity import queries as free
from desk.capacity.rows import Elsewhere, FreeDay, FreeSlot
from desk.codes import CodeKind, TrackingCode
from desk.consequences import actions as changes
from desk.consequences import queries as why
from desk.people import actions as people
from desk.people.rows import KnownPersonRow
from desk.places import actions as places
from desk.storage.base import ReadSession, WriteSession
from desk.values import GeoPoint


class Places:
    def __init__(self, session: WriteSession | ReadSession, *, conversation_id: int, now: datetime) -> None:
        self._session = session
        self._conversation_id = conversation_id
        self._now = now

    def first_free(self, *, service_id: int, office_ids: Sequence[int], limit: int = 3) -> list[FreeSlot]:
        return free.first_free(
            self._session, service_id=service_id, office_ids=office_ids, after=self._now, limit=limit
        )

    def days(self, *, service_id: int, office_id: int, from_day: date | None = None, limit: int = 6) -> list[FreeDay]:
        return free.free_days(
            self._session,
            service_id=service_id,
            office_id=office_id,
            after=self._now,
            limit=limit,
            from_day=from_day,
        )

    def times(self, *, service_id: int, office_id: int, day: date) -> list[FreeSlot]:
        return free.free_times(self._session, service_id=service_id, office_id=office_id, day=day, after=self._now)

    def elsewhere(
        self, *, service_id: int, except_office: int, near: GeoPoint | None = None, limit: int = 3
    ) -> list[Elsewhere]:
        return free.soonest_elsewhere(
            self._session,
            service_id=service_id,
            near=near,
            province_code=None,
            except_office=except_office,
            after=self._now,
            limit=limit,
        )

    def slot(self, slot_id: int, *, service_id: int) -> FreeSlot | None:
        return free.slot(self._session, slot_id=slot_id, service_id=service_id, after=self._now)

    def hold(self, slot_id: int, *, service_id: int) -> None:
        places.hold(
            writable(self._session),
            conversation_id=self._conversation_id,
            slot_id=slot_id,
            service_id=service_id,
            now=self._now,
        )

    def release(self) -> None:
        places.release(writable(self._session), conversation_id=self._conversation_id)


class Turns:
    def __init__(self, session: WriteSession | ReadSession, *, conversation_id: int, now: datetime) -> None:
        self._session = session
        self._conversation_id = conversation_id
        self._now = now

    def mine(self, *, live_only: bool = True) -> list[TurnRow]:
        return booked.of_conversation(
            self._session, conversation_id=self._conversation_id, now=self._now, live_only=live_only
        )

    def turn(self, appointment_id: int) -> TurnRow | None:
        found = booked.turn(self._session, appointment_id=appointment_id)
        return found if found is not None and found.conversation_id == self._conversation_id else None

    def last(self) -> LastTurn | None:
        return booked.last_of_conversation(self._session, conversation_id=self._conversation_id)

    def book(
        self, *, key: str, slot_id: int, service_id: int, person: KnownPersonRow | Callable[[], KnownPersonRow]
    ) -> Booked:
        if isinstance(person, KnownPersonRow):  # a refused booking leaves nothing by itself, and savepoints cost time
            turn = self._book(key=key, slot_id=slot_id, service_id=service_id, known=person)
            people.note_use(writable(self._session), known_id=person.id, now=self._now)
            return turn
        with writable(self._session).begin_nested():
            return self._book(key=key, slot_id=slot_id, service_id=service_id, known=person())

    def _book(self, *, key: str, slot_id: int, service_id: int, known: KnownPersonRow) -> Booked:
        return appointments.book(
            writable(self._session),
            idem_key=key,
            conversation_id=self._conversation_id,
            slot_id=slot_id,
            service_id=service_id,
            person_id=known.person_id,
            person_name=known.name,
            document_kind=known.document_kind,
            code=TrackingCode.make(CodeKind.TURN),
            now=self._now,
        )

    def cancel(self, appointment_id: int) -> None:
        appointments.cancel(
            writable(self._session),
            appointment_id=appointment_id,
            conversation_id=self._conversation_id,
            now=self._now,
        )

    def move(self, *, key: str, appointment_id: int, slot_id: int) -> Moved:
        return appointments.move(
            writable(self._session),
            idem_key=key,
            appointment_id=appointment_id,
            conversation_id=self._conversation_id,
            slot_id=slot_id,
            now=self._now,
        )

    def agree(self, appointment_id: int) -> None:
        if self.turn(appointment_id) is None:
            raise NotYours(appointment_id)
        changes.agree(writable(self._session), appointment_id=appointment_id, now=self._now)

    def reason_of_change(self, change_id: int) -> str:
        return why.reason_of(self._session, change_id=change_id)
