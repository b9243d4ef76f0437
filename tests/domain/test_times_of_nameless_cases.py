"""A case under nobody keeps the day of whatever happens to it: no moment of a chat is found again in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk.cases import actions
from desk.cases.models import Case, CaseEntry
from desk.cases.nameless import beginning_of_day
from desk.cases.rules import CaseState, CloseReason, Contact
from desk.deadlines.models import Deadline
from desk.events.models import Event
from desk.staff.permissions import Role
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from tests.makers import NOW, by_staff, make_office, make_staff
from tests.makers_cases import file_complaint

LATER = NOW + timedelta(days=1, hours=3, minutes=7)


def moments(session: WriteSession, case_id: int) -> Iterator[tuple[str, datetime]]:
    """Every moment that stands with the case, its entries, and what the history says of it."""
    for table, whose in (
        (table_of(Case), Case.id == case_id),
        (table_of(CaseEntry), CaseEntry.case_id == case_id),
        (table_of(Event), Event.subject == f"case:{case_id}"),
    ):
        for row in session.execute(select(table).where(whose)).mappings():
            yield from (
                (f"{table.name}.{name} {row.get('kind', '')}", value)
                for name, value in row.items()
                if isinstance(value, datetime)
            )


@pytest.mark.parametrize("contact", [Contact.NOBODY, Contact.NAME])
def test_whatever_staff_do_with_it_keeps_the_day_alone(session: WriteSession, contact: Contact) -> None:
    file_complaint(session, office=make_office(session), category="BROKER", contact=contact)
    case_id = session.scalars(select(Case.id)).one()
    who: dict[str, Any] = {"staff_id": make_staff(session, role=Role.PROVINCE_OFFICER, province_code="IR-30").id}
    who |= {"case_id": case_id, "now": LATER}
    by_staff(actions.assign)(session, to_staff_id=who["staff_id"], **who)
    by_staff(actions.change_state)(session, to=CaseState.WITH_UNIT, **who)
    by_staff(actions.note)(session, text="پرسیدیم", **who)
    by_staff(actions.reply)(session, text="پیگیری می‌کنیم", **who)
    by_staff(actions.close)(session, reason=CloseReason.NOT_OURS, text="کار ما نیست", **who)

    days = {beginning_of_day(NOW), beginning_of_day(LATER)}
    exact = {name for name, at in moments(session, case_id) if at not in days}
    if contact is Contact.NOBODY:
        assert exact == set()
    else:
        assert len(exact) > 5, "a case with a name keeps the moments"
    assert session.scalars(select(Deadline.id)).first() is not None
