"""Pages of long lists, and filters for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar
from urllib.parse import urlencode

from backoffice.forms.choices import Option
from backoffice.web.http import PageRequest
from desk.language.text import Text


@dataclass(frozen=True, slots=True)
class Pages:
    """The position in a list, with the addresses of the neighbouring pages."""

    number: int
    last: int
    before: str | None
    after: str | None


def pages_of(path: str, *, query: Mapping[str, str], number: int, total: int, size: int) -> Pages:
    """The pages of a list of `total` rows at `path`, keeping its filters; a number behind the end gives the last."""
    last = max(1, -(-total // size))
    number = min(max(number, 1), last)

    def address(page: int) -> str:
        return f"{path}?{urlencode({**query, 'page': str(page)})}"

    return Pages(
        number=number,
        last=last,
        before=address(number - 1) if number > 1 else None,
        after=address(number + 1) if number < last else None,
    )


class Counted(Protocol):
    """Some rows of a list, and the number of all."""

    @property
    def total(self) -> int: ...


Found = TypeVar("Found", bound=Counted)


def page_of(
    find: Callable[[int], Found], path: str, *, query: Mapping[str, str], number: int, size: int
) -> tuple[Found, Pages]:
    """The rows of a page, which `find` reads by its number, and the neighbours; behind the end, the last page."""
    found = find(number)
    pages = pages_of(path, query=query, number=number, total=found.total, size=size)
    return (found if pages.number == number else find(pages.number)), pages


@dataclass(frozen=True, slots=True)
class SelectFilter:
    """A select box above a list; with fewer than two values it is not shown."""

    name: str
    title: Text
    options: Sequence[Option]
    chosen: str

    @property
    def is_needed(self) -> bool:
        """Whether it has something to choose."""
        return len(self.options) > 1


def one_of(request: PageRequest, name: str, keys: Iterable[str]) -> str:
    """The value of a filter in the address; an unknown value is no filter."""
    typed = request.query_text(name)
    return typed if typed in set(keys) else ""


def page_asked_for(request: PageRequest) -> int:
    """The page of the address, at least the first."""
    return min(max(request.query_number("page") or 1, 1), 10_000)
