"""The cookies of the back office: with https each is bound to this host, and none can be read by a script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from litestar.datastructures import Cookie

PREFIX = "__Host-"
"""Makes browsers require https, this host and the whole path, so that no neighbouring host can set such a cookie."""


def cookie_name(name: str, *, is_https: bool) -> str:
    """The name under which the browser keeps it."""
    return f"{PREFIX}{name}" if is_https else name


def made_cookie(
    name: str, value: str, *, seconds: int | None, same_site: Literal["lax", "strict"], is_https: bool
) -> Cookie:
    """A cookie to set; with `seconds` None it ends with the browser."""
    return Cookie(
        key=cookie_name(name, is_https=is_https),
        value=value,
        path="/",
        max_age=seconds,
        httponly=True,
        secure=is_https,
        samesite=same_site,
    )


def sent_cookies(cookies: Mapping[str, str], *, is_https: bool) -> dict[str, str]:
    """The cookies of a request by their own names; with https, only those that no other host can have set."""
    if not is_https:
        return dict(cookies)
    return {name.removeprefix(PREFIX): value for name, value in cookies.items() if name.startswith(PREFIX)}
