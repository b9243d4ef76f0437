"""A page asks the database at most five times, session included, however long its list is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from backoffice.routes import TABLE
from desk.appointments import queries
from desk.capacity.models import Queue
from desk.catalogue.models import Service
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.visits import queries as visit_queries
from desk.visits import windows
from tests import makers
from tests.backoffice.addresses import address_of
from tests.backoffice.conftest import Site
from tests.listening import told_of_statements
from tests.makers import make_appointment, make_conversation, make_person, make_slot

MOST = 5
AT_MOST = {
    "/today?office={office}": 8,
    "/overview": 11,
    "/catalogue/1": 6,
    "/capacity": 8,
    "/capacity/offices": 6,
    "/capacity/close": 6,
    "/capacity/1/worksheet": 6,
    "/capacity/1/queues/1/worksheet": 6,
    "/capacity/1/duty": 7,
    "/capacity/marshals": 7,
    "/today/1/record": 7,
    "/capacity/crowds": 6,
    "/today/walk-in": 6,
    "/outcomes/objections/1": 6,
}
"""The overview asks each of the four subjects that it tells of once, for the offices twice, and for the days without
a marshal three times, as the days of one office and the list of such days do; that list also names the areas and what
they say, and since when the offices know. A roster is of the staff, their days off, the leave that is asked for, the
working days and the conditions. The card of a service is read in four, and tells besides how many chats wait for an
announcement. The days of all offices need the choices of two filters, and the figures of the days for all rows and
for those of the page. The list of a day tells its manager of the roster, of past
outcomes and of who keeps order too, as the overview does, and of objections. The page that closes tells besides of the
latest closings. The worksheet of an office tells of its hours, of its visits, of what was stated, and whether that
needs approval. The record of a visit is filled from its fee, its papers and the required fields, and asks whether
somebody kept it. The page
at the door tells besides which numbers are left, and only then looks for times. An objection tells besides how often an
arrival was taken back."""
READ_ALL_DAY = ("/today", "/inbox")
"""Lists that stand open all day and ask again at each change."""
ABOUT_TRANSACTIONS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")

SEARCHED = (
    "/today?q=رحیمی",
    "/inbox?state=received&kind=complaint&who=nobody&late=1",
    "/inbox?category=OVERCHARGE&province=IR-30&office=72-1101&q=پول&page=2",
    "/inbox?office=گلشهر&province=IR-30",
    "/inbox?office=دفتر",
    "/inbox?office=هیچ‌جا&province=IR-99&category=none",
)
"""Pages with something typed; the bare ones come from the route table."""


@contextmanager
def counted(storage: Storage) -> Iterator[list[str]]:
    """The statements that readers send meanwhile; the log of a reading is a write and not among them."""
    sent: list[str] = []

    def note(statement: str, _context: Any) -> None:
        if not statement.lstrip().upper().startswith((*ABOUT_TRANSACTIONS, "INSERT", "UPDATE")):
            sent.append(statement)

    with told_of_statements(storage, note):
        yield sent


@contextmanager
def executed(storage: Storage) -> Iterator[list[tuple[Any, bool]]]:
    """The statements as they were put together, and whether their text was written anew for the values given."""
    seen: list[tuple[Any, bool]] = []

    def note(_text: str, context: Any) -> None:
        if context.compiled is not None and context.isinsert is context.isupdate:
            seen.append((context.invoked_statement, bool(context.compiled.post_compile_params)))

    with told_of_statements(storage, note):
        yield seen


def more_appointments(session: WriteSession, *, queue: int, service: int, number: int) -> None:
    """Fill today's list."""
    for each in range(number):
        slot = make_slot(
            session,
            queue=session.get_one(Queue, queue),
            starts_at=makers.at(hour=16, minute=0) + each * (makers.at(hour=1) - makers.at(hour=0, minute=59)),
        )
        make_appointment(
            session,
            slot=slot,
            service=session.get_one(Service, service),
            person=make_person(session),
            conversation=make_conversation(session),
        )


async def test_no_page_asks_more_than_five_times(site: Site) -> None:
    browser = await site.opened_day("admin")
    bare = [address_of(route, site.world) for route in TABLE if route.read_handler is not None]
    asked = {}
    for page in (*bare, *SEARCHED):
        with counted(site.storage) as sent:
            answer = await browser.get(page)
        assert answer.status_code in {200, 303} or "delivery" in page, page
        asked[page] = len(sent)

    assert {page: number for page, number in asked.items() if not 1 <= number <= AT_MOST.get(page, MOST)} == {}


@pytest.mark.sqlite
async def test_a_longer_list_asks_no_more(site: Site) -> None:
    browser = await site.signed_in("clerk")
    with counted(site.storage) as before:
        short = await browser.get("/today")
    await site.storage.write(
        lambda session: more_appointments(session, queue=site.world.queue, service=site.world.service, number=40)
    )
    with counted(site.storage) as after:
        long = await browser.get("/today")

    assert long.text.count("data-row") == short.text.count("data-row") + 40
    assert len(after) == len(before)


@pytest.mark.sqlite
async def test_the_counter_sees_a_page_that_asks_for_every_row(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The counter works: a list that reads each appointment by itself is found."""
    day_list = visit_queries.day_list

    def one_by_one(session: Any, *, office_id: int, day: Any) -> Any:
        rows = day_list(session, office_id=office_id, day=day)
        for row in rows:
            queries.appointment_by_id(session, appointment_id=row.appointment_id)
        return rows

    monkeypatch.setattr(windows, "day_list", one_by_one)
    browser = await site.signed_in("clerk")

    with counted(site.storage) as sent:
        await browser.get("/today")

    assert len(sent) > MOST


@pytest.mark.parametrize("username", ["clerk", "officer", "province", "admin"])
async def test_a_list_open_all_day_asks_by_statements_built_before(site: Site, username: str) -> None:
    """Building a statement anew, or an `IN` into its text, takes longer than running it."""
    browser = await site.signed_in(username)
    pages = [page for page in READ_ALL_DAY if (await browser.get(page)).status_code in {200, 303}]
    assert pages
    for page in pages:
        address = (await browser.get(page)).headers.get("location", page)
        await browser.get(address)
        with executed(site.storage) as first:
            await browser.get(address)
        with executed(site.storage) as second:
            assert (await browser.get(address)).status_code == 200

        assert len(second) > 1
        assert all(one is other for (one, _), (other, _) in zip(first, second, strict=True)), page
        assert not [str(statement) for statement, is_written_anew in second if is_written_anew], page


@pytest.mark.sqlite
async def test_the_title_on_each_row_is_decoded_once(site: Site) -> None:
    """Not for each of the two hundred appointments of a day."""
    world = site.world
    await site.storage.write(
        lambda session: more_appointments(session, queue=world.queue, service=world.service, number=3)
    )

    rows = await site.storage.read(visit_queries.day_list, office_id=world.office, day=makers.TODAY)

    titles = [row.service for row in rows]
    assert len(titles) > 3
    assert len({id(title) for title in titles}) == len(set(titles))
