"""Three people with turns of today, the presses of the board on them, and what the board shows then."""

from __future__ import annotations

import re

from sqlalchemy import select

from desk.capacity.models import Queue
from desk.catalogue.models import Service
from desk.line.models import LineEntry
from desk.line.rules import EntryState
from desk.people.rules import DocumentKind
from desk.reading.folding import strip_bidi
from desk.storage.base import ReadSession, WriteSession
from tests import makers
from tests.backoffice.conftest import IDENTITY_KEY, Browser, Site
from tests.backoffice.forms import form_at
from tests.backoffice.served import REFERENCE
from tests.weak_hashes import digest

HTMX = {"hx-request": "true"}
NAMES = ("نادره یعقوبی", "کریم صافی", "لیلا رسولی")


def people(session: WriteSession, *, world_queue: int, world_service: int) -> list[int]:
    """Three people with turns at 9:16, 9:31 and 10:31 of today, of whom nobody came yet."""
    queue, service = session.get_one(Queue, world_queue), session.get_one(Service, world_service)
    made = []
    for name, (hour, minute) in zip(NAMES, ((9, 16), (9, 31), (10, 31)), strict=True):
        person = makers.make_person(session)
        person.identity_hash = digest(number_of(name), kind=DocumentKind.OTHER, key=IDENTITY_KEY).hash
        slot = makers.make_slot(session, queue=queue, starts_at=makers.at(hour=hour, minute=minute))
        appointment = makers.make_appointment(
            session,
            slot=slot,
            service=service,
            person=person,
            conversation=makers.make_conversation(session),
            person_name=name,
        )
        made.append(appointment.id)
    return made


def number_of(name: str) -> str:
    """The number of the paper of one of them."""
    return f"P0123456{NAMES.index(name)}"


async def booked(site: Site) -> list[int]:
    """The three of them, in the world of the site."""
    return await site.storage.write(people, world_queue=site.world.queue, world_service=site.world.service)


async def press(browser: Browser, appointment: int, do: str, *, counter: int = 1, key: str | None = None) -> str:
    """Press a button of the board as htmx does; what the board shows then."""
    data = {"do": do, "counter": str(counter), **({"_key": key} if key else {})}
    answer = await browser.post(f"/board/{appointment}", data, headers=HTMX)
    assert answer.status_code == 200, answer.text
    return without_tags(answer.text)


def without_tags(text: str) -> str:
    """The page as it is read, where a code or a time stands in a tag or isolates of its own."""
    return re.sub(r"</?bdi[^>]*>", "", strip_bidi(text))


async def call_next(browser: Browser, site: Site, *, counter: int = 1, key: str | None = None) -> str:
    data = {"office": str(site.world.office), "counter": str(counter), **({"_key": key} if key else {})}
    answer = await browser.post("/board/next", data, headers=HTMX)
    return without_tags(answer.text)


async def serve(browser: Browser, appointment: int) -> str:
    """Close the visit with its record, opened on the board; where that leads."""
    address = f"/today/{appointment}/record"
    piece = await browser.get(f"{address}?from=board", headers=HTMX)
    form = form_at(piece.text, address)
    assert "hx-post" not in piece.text.partition("</form>")[0]
    alone = await browser.get(f"{address}?from=board")
    assert ">تابلوی نوبت</a></p>" in alone.text, "the trail says where it leads"
    done = await browser.post(address, {**form.values, "do": "served", "reference": REFERENCE})
    assert done.status_code == 303, done.text
    return done.headers["location"]


async def find(browser: Browser, site: Site, typed: str) -> str:
    asked = {"office": str(site.world.office), "counter": "1", "q": typed}
    answer = await browser.post("/board/find", asked, headers=HTMX)
    assert answer.status_code == 200
    return answer.text


async def entry(site: Site, appointment: int) -> tuple[EntryState, int | None, int]:
    """The state of somebody in the line, the counter and how often they were called."""

    def ask(session: ReadSession) -> tuple[EntryState, int | None, int]:
        found = session.scalars(select(LineEntry).where(LineEntry.appointment_id == appointment)).one()
        return found.state, found.counter, found.calls

    return await site.storage.read(ask)


def group(text: str, name: str) -> str:
    """What stands in one column of the board."""
    return text.partition(f'id="people-{name}"')[2].partition("</details>\n")[0].partition('<details class="group')[0]
