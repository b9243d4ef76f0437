"""A family that takes one place at a service of which one visit serves a household."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from desk.acting import SYSTEM
from desk.appointments.actions import Member, cancel, move, move_by_office
from desk.capacity.models import Slot
from desk.places.models import Claim
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession
from tests.domain.test_households import Family
from tests.makers import NOW, make_person


class OneVisit(Family):
    """A family of three at a service whose minutes count per household, and two times with one place each."""

    def __init__(self, session: WriteSession) -> None:
        super().__init__(session)
        self.service.is_per_household = True
        self.here, self.there = self.times(1, 1)
        self.done = self.together([self.here] * 3)

    def others(self, slots: Sequence[Slot]) -> list[Member]:
        """As many people of the same chat who have nothing yet."""
        people = [make_person(self.session, conversation=self.chat) for _ in slots]
        members = zip(self.members(slots), people, strict=True)
        return [each._replace(person_id=person.id) for each, person in members]

    def have_place(self) -> list[bool]:
        return [self.row(each).has_place for each in self.done]

    def free(self) -> tuple[int, int]:
        return self.left(self.here), self.left(self.there)

    def gives_back(self, number: int) -> None:
        cancel(self.session, appointment_id=self.id(number), actor=self.actor, now=NOW)

    def moves(self, number: int, *, to: Slot | None = None) -> None:
        slot_id = (to or self.there).id
        given: dict[str, Any] = {
            "idem_key": f"move:{number}:{slot_id}",
            "appointment_id": self.id(number),
            "slot_id": slot_id,
        }
        move(self.session, actor=self.actor, now=NOW, **given)

    def is_moved(self, number: int, *, to: Slot | None = None, **over: Any) -> None:
        slot_id = (to or self.there).id
        given: dict[str, Any] = {"idem_key": f"office:{number}:{slot_id}", "appointment_id": self.id(number)}
        given |= {"slot_id": slot_id, "actor": SYSTEM, "reason": "r", "told": {}, "now": NOW}
        move_by_office(self.session, **(given | over))

    def id(self, number: int) -> int:
        return self.done[number].appointment_id

    def resting(self) -> int:
        found = select(func.count()).select_from(Claim).where(Claim.kind == ClaimKind.REST)
        return self.session.scalar(found) or 0
