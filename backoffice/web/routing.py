"""The rows of the route table: where, what it needs, and the handler; the way back from the address of every form."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from backoffice.access import Anyone, Needs
from backoffice.web.http import AsyncHandler, PageRequest, PageResponse, PublicHandler, ReadHandler, Redirect
from desk.storage.base import ReadSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A row of the route table: where, what it needs, and the page."""

    method: Literal["GET", "POST"]
    path: str
    needs: Needs
    read_handler: ReadHandler | None = None
    async_handler: AsyncHandler | None = None
    public_handler: PublicHandler | None = None
    may_keep_password: bool = False
    keeps: str | None = None
    """The field with the reply that stood on the page: it outlives the session."""
    may_repeat: bool = False
    """Sent again it does the same again, as a search does: the key of the form is not looked at."""

    def __post_init__(self) -> None:
        if (self.needs is Anyone.PUBLIC) != (self.public_handler is not None):
            raise ValueError(f"{self.name}: a page for everybody, and no other, is a public one")

    @property
    def name(self) -> str:
        """A unique name, such as `GET /today`."""
        return f"{self.method} {self.path}"


def get_page(path: str, needs: Needs, read_handler: ReadHandler, *, may_keep_password: bool = False) -> Route:
    """A page that only looks."""
    return Route(method="GET", path=path, needs=needs, read_handler=read_handler, may_keep_password=may_keep_password)


def get_public(path: str, public_handler: PublicHandler) -> Route:
    """A page for everybody, such as a display on a wall: no session, no cookie, nobody's data."""
    return Route(method="GET", path=path, needs=Anyone.PUBLIC, public_handler=public_handler)


def get_stream(path: str, needs: Needs, async_handler: AsyncHandler) -> Route:
    """A GET that needs more than one read, such as a voice note from a messenger."""
    return Route(method="GET", path=path, needs=needs, async_handler=async_handler)


def post_form(
    path: str, needs: Needs, async_handler: AsyncHandler, *, may_keep_password: bool = False, keeps: str | None = None
) -> Route:
    """A form that changes something."""
    return Route(
        method="POST",
        path=path,
        needs=needs,
        async_handler=async_handler,
        may_keep_password=may_keep_password,
        keeps=keeps,
    )


def post_search(path: str, needs: Needs, async_handler: AsyncHandler) -> Route:
    """A search for what may stand in no address; it is sent like a form and may be sent again."""
    return Route(method="POST", path=path, needs=needs, async_handler=async_handler, may_repeat=True)


def with_ways_back(table: Sequence[Route]) -> tuple[Route, ...]:
    """The table, where the address of every form can also be opened: it leads to the page the form stands on.

    A form that failed stays under the address it was sent to; opened again, or after signing in, it is asked for.
    """
    pages = {route.path for route in table if route.method == "GET"}
    bare = (route for route in table if route.method == "POST" and route.path not in pages)
    return (
        *table,
        *(get_page(route.path, route.needs, _way_back(route.path, pages), may_keep_password=True) for route in bare),
    )


def _way_back(path: str, pages: Collection[str]) -> ReadHandler:
    """Leads to the nearest page above `path`; from the top to the start."""
    above = path
    while above and above not in pages:
        above = above.rpartition("/")[0]
    page = re.sub(r":int}", "}", above or "/start")

    def lead(session: ReadSession, request: PageRequest) -> PageResponse:
        return Redirect(to=page.format(**request.path))

    return lead
