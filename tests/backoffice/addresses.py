"""Builds the addresses of all pages from the route table, for tests that go through every page.

A route with an id that is unknown here, or that an administrator cannot open, is named by `test_addresses.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from backoffice.routes import TABLE
from backoffice.web.routing import Route
from tests.backoffice.world import World

IDS: Mapping[str, Callable[[World], int]] = {
    "appointment": lambda world: world.appointments[0],
    "case": lambda world: world.complaint,
    "entry": lambda world: world.voice_entry,
    "office": lambda world: world.office,
    "queue": lambda world: world.queue,
    "rule": lambda world: world.rule,
    "service": lambda world: world.service,
    "fee": lambda world: world.fee,
    "paper": lambda _world: 0,
    "step": lambda _world: 0,
    "member": lambda world: world.clerk,
    "message": lambda world: world.message,
    "change": lambda world: world.change,
    "closing": lambda world: world.closing,
    "told": lambda world: world.told,
    "chat": lambda world: world.chat,
    "holiday": lambda world: world.holiday,
    "waiting": lambda world: world.waiting,
    "priority": lambda world: world.priority,
    "draw": lambda world: world.draw,
    "worksheet": lambda world: world.worksheet,
    "absence": lambda world: world.absence,
    "unrecorded": lambda world: world.unrecorded,
    "alarm": lambda world: world.alarm,
    "leave": lambda world: world.leave,
    "report": lambda world: world.report,
}
"""The id in the test world for each parameter of an address."""

NO_PAGE = {
    "/start": "leads to the first part that somebody has",
    "/account/again": "leads on where the password was said just now",
    "/sign-in/code": "leads on where the sign-in asks for no code",
    "/capacity/{office:int}/queues/{queue:int}/rules": "leads to the week",
    "/capacity/{office:int}/queues/{queue:int}/rules/{rule:int}": "leads to the week that holds these hours",
    "/today/{appointment:int}": "leads to the day's list; a piece of it for htmx",
    "/inbox/{case:int}/next": "leads to another case",
    "/inbox/{case:int}/delivery/{entry:int}": "a piece of a case; the voice of the world was not sent",
    "/inbox/{case:int}/fee": "a piece of a case",
    "/draws/{draw:int}/file": "a file",
    "/capacity/crowds/now": "a piece above every page of those who are told of crowds",
    "/undelivered/{message:int}": "leads to what the message is about",
}
"""GET addresses without a page of their own, and why."""

NUMBER = re.compile(r"\{(\w+):int\}")


def address_of(route: Route, world: World) -> str:
    """The address of a route with ids that exist. Raises KeyError for an id of which the world knows nothing."""
    return NUMBER.sub(lambda found: str(IDS[found[1]](world)), route.path)


def unknown_ids(table: Iterable[Route]) -> list[str]:
    """The routes that no test can open, because nobody says what their ids are."""
    return [route.name for route in table if set(NUMBER.findall(route.path)) - IDS.keys()]


def pages(table: Iterable[Route] = TABLE) -> list[Route]:
    """The routes that answer with a whole page."""
    return [route for route in table if route.read_handler is not None and route.path not in NO_PAGE]
