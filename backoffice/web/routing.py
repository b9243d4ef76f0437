"""The rows of the route table (address, permission, handler), and the pages for addresses of forms."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from backoffice.access import Anyone, Needs
from backoffice.web.http import AsyncHandler, PageRequest, PageResponse, PublicHandler, ReadHandler, Redirect
from desk.staff.rules import Awaits
from desk.storage.base import ReadSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A row of the route table: method, address, the permission it needs, and its handler."""

    method: Literal["GET", "POST"]
    path: str
    needs: Needs
    read_handler: ReadHandler | None = None
    async_handler: AsyncHandler | None = None
    public_handler: PublicHandler | None = None
    opens_while: Collection[Awaits] = ()
    """What may still have to be done after the password: it opens meanwhile."""
    keeps: str | None = None
    """The field with a reply, which is kept when the session has ended."""
    asks_password: bool = False
    """True = the password is asked for once more unless it was said minutes ago; a form waits meanwhile."""
    may_repeat: bool = False
    """True = it may be sent again, as a search: the form's key is not checked."""
    largest_file: int = 0
    """The most bytes of a file that the form carries; 0 = it carries none, and a body in several parts is refused."""

    def __post_init__(self) -> None:
        if (self.needs is Anyone.PUBLIC) != (self.public_handler is not None):
            raise ValueError(f"{self.name}: a page for everybody, and no other, is a public one")

    @property
    def name(self) -> str:
        """A unique name, such as `GET /today`."""
        return f"{self.method} {self.path}"


def get_page(
    path: str,
    needs: Needs,
    read_handler: ReadHandler,
    *,
    opens_while: Collection[Awaits] = (),
    asks_password: bool = False,
) -> Route:
    """A page that only looks."""
    return Route(
        method="GET",
        path=path,
        needs=needs,
        read_handler=read_handler,
        opens_while=opens_while,
        asks_password=asks_password,
    )


def get_public(path: str, public_handler: PublicHandler) -> Route:
    """A public page, such as a display on a wall: no session, no cookie, no personal data."""
    return Route(method="GET", path=path, needs=Anyone.PUBLIC, public_handler=public_handler)


def get_stream(path: str, needs: Needs, async_handler: AsyncHandler) -> Route:
    """A GET that needs more than one read, such as a voice note from a messenger."""
    return Route(method="GET", path=path, needs=needs, async_handler=async_handler)


def post_form(
    path: str,
    needs: Needs,
    async_handler: AsyncHandler,
    *,
    opens_while: Collection[Awaits] = (),
    asks_password: bool = False,
    keeps: str | None = None,
) -> Route:
    """A form that changes something."""
    return Route(
        method="POST",
        path=path,
        needs=needs,
        async_handler=async_handler,
        opens_while=opens_while,
        asks_password=asks_password,
        keeps=keeps,
    )


def post_search(path: str, needs: Needs, async_handler: AsyncHandler, *, asks_password: bool = False) -> Route:
    """A search or a file whose input must not stand in an address; it is sent as a form and may be repeated."""
    return Route(
        method="POST",
        path=path,
        needs=needs,
        async_handler=async_handler,
        may_repeat=True,
        asks_password=asks_password,
    )


def post_file(
    path: str, needs: Needs, async_handler: AsyncHandler, *, largest: int, asks_password: bool = False
) -> Route:
    """A form that carries a file of at most `largest` bytes, and changes something.

    What the password is asked for carries the file as text: the page that asks keeps no file.
    """
    return Route(
        method="POST",
        path=path,
        needs=needs,
        async_handler=async_handler,
        asks_password=asks_password,
        largest_file=largest,
    )


def with_ways_back(table: Sequence[Route]) -> tuple[Route, ...]:
    """The table, with a page for the address of every form: it redirects to the page with the form.

    After an error the browser stays at the form's address, and may open it again, for example after signing in.
    """
    pages = {route.path for route in table if route.method == "GET"}
    bare = (route for route in table if route.method == "POST" and route.path not in pages)
    return (
        *table,
        *(get_page(route.path, route.needs, _way_back(route.path, pages), opens_while=tuple(Awaits)) for route in bare),
    )


def _way_back(path: str, pages: Collection[str]) -> ReadHandler:
    """Redirects to the nearest page above `path`, else to the start."""
    above = path
    while above and above not in pages:
        above = above.rpartition("/")[0]
    page = re.sub(r":int}", "}", above or "/start")

    def lead(session: ReadSession, request: PageRequest) -> PageResponse:
        return Redirect(to=page.format(**request.path))

    return lead
