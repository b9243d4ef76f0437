"""Proves that a form comes from our own page: by the session's token in it, and the browser's origin headers."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from hmac import compare_digest

FIELD = "_token"
HEADER = "x-csrf-token"
OWN_SITE = frozenset({"same-origin", "none"})


class ForgedRequest(Exception):
    """The request changes something but does not prove that it comes from our own page."""


def check(*, given: str, expected: str, headers: Mapping[str, str]) -> None:
    """Compare the token of the form with the one expected.

    Raises:
        ForgedRequest: there is no token, it differs, or the browser says that another site sent the form.
    """
    if headers.get("sec-fetch-site", "same-origin") not in OWN_SITE:
        raise ForgedRequest
    if not expected or not compare_digest(given.encode(), expected.encode()):
        raise ForgedRequest


def new_token() -> str:
    """A random token for the sign-in form, which has no session yet."""
    return secrets.token_urlsafe(24)
