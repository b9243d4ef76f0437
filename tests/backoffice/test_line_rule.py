"""The order of the line in words for the wall of an office, and its numbers."""

from __future__ import annotations

import pytest

from desk.line.queries import rules_of
from desk.line.rules import LineRules
from desk.storage.base import ReadSession
from tests.backoffice.conftest import Site
from tests.backoffice.forms import form_at


@pytest.mark.requirement("000-05", "S")
async def test_the_rule_hangs_on_the_wall_with_the_numbers_of_the_office(site: Site) -> None:
    there = f"/offices/{site.world.office}/line"
    clerk = await site.signed_in("clerk")
    page = (await clerk.get(there)).text
    assert "از هر ۳ نفر حداکثر یک نفر" in page
    assert "بیش از ۲۰ دقیقه دیر" in page
    assert "data-print" in page
    assert "<form class=" not in page, "who records at the counter reads it"

    manager = await site.signed_in("manager")
    form = form_at((await manager.get(there)).text, there).values
    refused = await manager.post(there, {**form, "late_after": "999", "most_calls": "4"})
    assert refused.status_code == 422
    assert form_at(refused.text, there).values["most_calls"] == "4", "it comes back filled"
    assert (await manager.post(there, {**form, "late_after": "15", "priority_every": "1"})).status_code == 303

    def rules(session: ReadSession) -> LineRules:
        return rules_of(session, office_id=site.world.office)

    assert await site.storage.read(rules) == LineRules(late_after=15, priority_every=1)
    page = (await clerk.get(there)).text
    assert "بیش از ۱۵ دقیقه دیر" in page
    assert "حداکثر یک نفر" not in page
    history = (await (await site.signed_in("province")).get("/history?kind=office")).text
    assert "عددهای قاعدهٔ صف را تنظیم کرد" in history
