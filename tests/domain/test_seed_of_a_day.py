"""The day at the office in the demo, as far as its hour, and the texts of the starting catalogue by themselves."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import select

from desk.appointments.models import Appointment
from desk.catalogue.rules import SHORT_TITLE_LETTERS, demands_a_copy
from desk.line.models import LineEntry
from desk.marshals.models import MarshalShift
from desk.reading.folding import clean
from desk.seed import load
from desk.seed.services import SERVICES
from desk.storage.base import WriteSession
from desk.verify import verify
from tests import makers
from tests.domain.test_seed import PASSWORD
from tests.makers import TODAY


@pytest.mark.parametrize(
    ("hour", "here"),
    [(7, {}), (11, {"here": 4, "called": 1, "in_service": 1, "held": 1, "done": 2}), (19, {"done": 7})],
    ids=["before opening", "in the morning", "in the evening"],
)
def test_the_line_of_the_demo_is_as_far_as_its_day(session: WriteSession, hour: int, here: dict[str, int]) -> None:
    now = makers.at(hour=hour, minute=2)
    load(session, today=TODAY, now=now, demo=True, demo_password=PASSWORD)
    states = session.scalars(select(LineEntry.state).where(LineEntry.day == TODAY)).all()
    assert Counter(each.value for each in states) == here
    walk_ins = session.scalars(select(LineEntry.call_number).where(LineEntry.is_walk_in)).all()
    assert sorted(walk_ins) == (["1", "2"] if hour == 11 else [])
    shifts = session.scalars(select(MarshalShift.day)).all()
    assert shifts == ([] if hour == 7 else [TODAY])
    unrecorded = select(Appointment.id).where(
        Appointment.day == TODAY, Appointment.starts_at < now, Appointment.is_live
    )
    without_line = unrecorded.where(Appointment.id.not_in(select(LineEntry.appointment_id)))
    assert len(session.scalars(without_line).all()) == (0 if hour == 7 else 1)
    assert verify(session) == []


def test_every_text_is_clean_fits_its_button_and_demands_no_copy() -> None:
    for fields in SERVICES:
        for text in (fields.title, fields.short_title, fields.description, fields.taken_at_counter):
            for wording in (text.to_mapping() if text else {}).values():
                assert wording == clean(wording)
                assert "ي" not in wording
                assert "ك" not in wording
                assert not demands_a_copy(wording)
        assert all(len(wording) <= SHORT_TITLE_LETTERS for wording in fields.short_title.to_mapping().values())
        assert "fa" in fields.title.to_mapping()
