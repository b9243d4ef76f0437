"""Walking through a long list page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Pages:
    """Where in a list one is, with the addresses of the neighbours."""

    number: int
    last: int
    before: str | None
    after: str | None


def pages_of(path: str, *, query: Mapping[str, str], number: int, total: int, size: int) -> Pages:
    """The pages of a list of `total` rows at `path`, keeping its filters; behind the end stands the last one."""
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
