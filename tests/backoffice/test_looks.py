"""A page that only shows something opens no write transaction, and a form redirects without reading the page twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from desk.appointments.rules import AppointmentState
from desk.storage.engine import Storage
from desk.visits import queries as visit_queries
from desk.visits import windows
from tests.backoffice.conftest import Site
from tests.backoffice.test_scope import state_of

pytestmark = pytest.mark.sqlite


@contextmanager
def transactions(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is begun meanwhile, in order: `read` or `write`."""
    begun: list[str] = []

    def counting(kind: str) -> Callable[..., Any]:
        begin = getattr(Storage, kind)

        def counted(self: Storage, *args: Any, **kwargs: Any) -> Any:
            begun.append(kind)
            return begin(self, *args, **kwargs)

        return counted

    with monkeypatch.context() as patch:
        for kind in ("read", "write"):
            patch.setattr(Storage, kind, counting(kind))
        yield begun


async def test_what_was_recorded_leads_back_without_another_look(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = await site.signed_in("clerk")
    appointment = site.world.appointments[0]

    with transactions(site.storage, monkeypatch) as begun:
        done = await browser.post(f"/today/{appointment}", {"do": "arrive"})

    assert done.status_code == 303
    assert done.headers["location"].endswith(f"#appointment-{appointment}")
    assert await site.storage.read(state_of, appointment=appointment) is AppointmentState.ARRIVED
    # Who is it; the arrival; and where it led, for a second press.
    assert begun == ["read", "write", "write"]


async def test_a_search_reads_the_list_before_it_takes_the_writer(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = await site.signed_in("clerk")
    day_list, seen = visit_queries.day_list, []

    def noted(session: Any, **asked: Any) -> Any:
        seen.append(type(session).__name__)
        return day_list(session, **asked)

    monkeypatch.setattr(windows, "day_list", noted)
    found = await browser.post("/today/search", {"q": "1234567890", "office": str(site.world.office)})

    assert found.status_code == 200
    assert seen == ["ReadSession"]
