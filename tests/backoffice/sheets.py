"""The confirmation page of a change in tests: people with appointments on a Monday, and the press that confirms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import select

from desk.capacity.models import Slot
from desk.catalogue.models import Service
from desk.storage.base import WriteSession
from tests import makers
from tests.backoffice.conftest import Site
from tests.makers import TODAY

MONDAY = TODAY + timedelta(days=2)
WHY = "برق همهٔ خیابان قطع است."
UNCHANGED = "هنوز چیزی تغییر نکرده است"
NAMES = ("رحیم‌الله نظری", "گل‌بی‌بی احمدی", "نورالله حسینی", "زهرا محمدی")

Form = dict[str, str | list[str]]

SHUT: Form = {"day": "1405/09/02", "kind": "closed", "opens": "", "closes": "", "counters": "", "reason": "تعمیر"}
"""The form that closes the Monday of a queue."""


def sheet_of(answer: httpx.Response) -> dict[str, str]:
    """The hidden fields by which a sheet knows whom it showed."""
    return dict(re.findall(r'name="(sheet_(?:hit|key))" value="([^"]*)"', answer.text))


def sure(form: Mapping[str, Any], answer: httpx.Response, *, remedy: str = "move", words: str = WHY) -> Form:
    """The form once more, as the button of the sheet sends it."""
    return {**form, **sheet_of(answer), "sheet_sure": "1", "sheet_remedy": remedy, "sheet_words": words}


def booked(session: WriteSession, site: Site, *, number: int = 2, queue: int | None = None) -> list[int]:
    """People with appointments on Monday from 8:00 on; the queue of the other office opens on Saturdays only."""
    queue_id = queue or site.world.queue
    day = MONDAY if queue_id == site.world.queue else TODAY + timedelta(days=7)
    made = []
    for place in range(number):
        starts_at = makers.at(day, hour=8, minute=15 * (place // 2))
        slot = session.scalars(select(Slot).where(Slot.queue_id == queue_id, Slot.starts_at == starts_at)).one()
        appointment = makers.make_appointment(
            session,
            slot=slot,
            service=session.get_one(Service, site.world.service),
            conversation=makers.make_conversation(session),
            person_name=NAMES[place % len(NAMES)],
        )
        made.append(appointment.id)
    return made
