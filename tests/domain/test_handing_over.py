"""What was told under a code alone is handed over later, with what else came then, in no order that the chats had."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from desk.cases import arrivals
from desk.cases.arrivals import Act, Arrived
from desk.cases.handing_over import due
from desk.cases.models import Case, CaseArrival
from desk.cases.nameless import AT_LEAST, LOOKED_AT
from desk.cases.rules import Contact
from desk.codes import TrackingCode
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.makers import NOW
from tests.makers_cases import case_code, file_complaint

MINUTE = timedelta(minutes=1)
LATER = NOW + LOOKED_AT + AT_LEAST


def tell(session: WriteSession, code: TrackingCode, *, after: timedelta = timedelta(0)) -> int:
    """Something told under this code; the id of what waits."""
    before = {id for id, _mark, _place in arrivals.due(session, now=NOW + timedelta(days=1))}
    arrived = Arrived(act=Act.ADDED, case_id=1, said_on=NOW, text="باز هم پول خواستند")
    arrivals.put(session, arrived, code=code, now=NOW + after)
    [id] = {id for id, _mark, _place in arrivals.due(session, now=NOW + timedelta(days=1))} - before
    return id


async def test_the_order_is_shuffled_and_what_is_of_one_code_stays_in_its_own(storage: Storage) -> None:
    """On PostgreSQL the rows come as they were written, which is the order in which the chats were heard."""

    def told(session: WriteSession) -> tuple[list[int], list[int]]:
        code = case_code()
        return [tell(session, code), tell(session, code)], [tell(session, case_code()) for _ in range(7)]

    (first, second), others = await storage.write(told)
    orders = {tuple(await storage.read(due, now=LATER)) for _ in range(20)}

    assert len(orders) > 1
    assert all(set(order) == {first, second, *others} for order in orders)
    assert all(order.index(first) < order.index(second) for order in orders)


def test_nothing_is_handed_over_in_the_minutes_in_which_it_was_told(session: WriteSession) -> None:
    told = {after: tell(session, case_code(), after=after * MINUTE) for after in (0, 1, 4)}
    of_the_next = tell(session, case_code(), after=5 * MINUTE)

    assert due(session, now=LATER - timedelta(seconds=1)) == [], "not even what came first"
    assert set(due(session, now=LATER)) == set(told.values()), "all of the same five minutes at one moment"
    assert set(due(session, now=LATER + LOOKED_AT)) == {*told.values(), of_the_next}
    assert timedelta(minutes=15) >= LOOKED_AT + AT_LEAST, "what the person was promised"


def test_a_copy_joins_what_waits_to_no_case(session: WriteSession) -> None:
    code = case_code()
    file_complaint(session, code=code, category="BROKER", contact=Contact.NOBODY, name=None)
    tell(session, code)

    of_cases = set(session.scalars(select(Case.code_mark)))
    waiting = set(session.scalars(select(CaseArrival.mark)))
    assert len(of_cases) == len(waiting) == 1
    assert not of_cases & waiting
