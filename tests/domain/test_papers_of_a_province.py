"""Whether the province of a paper matters for a service: only where the catalogue says so, and for its kinds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.acting import SYSTEM
from desk.catalogue.actions import save_service
from desk.catalogue.queries import service
from desk.catalogue.rows import ServiceFields, ServiceRow
from desk.catalogue.rules import PaperProvince, kinds_read, kinds_written
from desk.events.models import Event
from desk.language.text import Localised
from desk.people.rules import DocumentKind
from desk.storage.base import WriteSession
from tests.makers import NOW

AMAYESH, PASSPORT, NONE = DocumentKind.AMAYESH, DocumentKind.PASSPORT, DocumentKind.NONE
TITLE = Localised({"fa": "خدمت"})


def saved(session: WriteSession, **fields: object) -> ServiceRow:
    given = replace(ServiceFields(code="s", title=TITLE, short_title=TITLE), **fields)  # type: ignore[arg-type]  # as a test writes them
    row = service(session, service_id=save_service(session, fields=given, actor=SYSTEM, now=NOW))
    assert row is not None
    return row


@pytest.mark.parametrize(
    ("fields", "minds"),
    [
        ({}, False),
        ({"paper_province": PaperProvince.ANYWHERE, "needs_slip": False}, False),
        ({"paper_province": PaperProvince.OWN}, True),
        ({"paper_province": PaperProvince.REFUSED}, True),
        ({"needs_slip": True}, True),
        ({"needs_slip": True, "travel_kinds": kinds_written([AMAYESH])}, True),
        ({"needs_slip": True, "travel_kinds": kinds_written([DocumentKind.HOVIAT])}, False),
    ],
)
def test_it_matters_where_the_catalogue_says_so(
    session: WriteSession, fields: dict[str, object], *, minds: bool
) -> None:
    assert saved(session, **fields).minds_province([AMAYESH]) is minds


def test_of_several_one_is_enough_and_nobody_without_a_paper_is_asked(session: WriteSession) -> None:
    row = saved(session, needs_slip=True, travel_kinds=kinds_written([AMAYESH]))

    assert row.minds_province([PASSPORT, AMAYESH])
    assert not row.minds_province([PASSPORT, NONE])
    assert not saved_for_all(session).minds_province([NONE])


def saved_for_all(session: WriteSession) -> ServiceRow:
    return saved(session, code="all", needs_slip=True)


def test_kinds_are_read_as_they_were_written() -> None:
    assert kinds_read(kinds_written([PASSPORT, AMAYESH, AMAYESH])) == ("amayesh", "passport")
    assert kinds_read(kinds_written([])) == ()


def test_the_history_says_what_was_changed(session: WriteSession) -> None:
    row = saved(session)
    given = ServiceFields(code="s", title=TITLE, short_title=TITLE, needs_slip=True, travel_kinds="amayesh")
    save_service(session, service_id=row.id, fields=given, actor=SYSTEM, now=NOW)

    [event] = session.query(Event).where(Event.kind == "service.update")
    assert event.data["new"] == {"needs_slip": True}
    assert event.data["travel_kinds"] == "changed"
