"""The headers of every response: a strict content policy without inline code, and nothing leaks to other sites."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from litestar.types import Message, Scope

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Tabler draws its arrows and ticks from data: addresses in its own stylesheet
        "font-src 'self'",
        "connect-src 'self'",
        "media-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
POLICY = "permissions-policy"
WITHOUT_CAMERA = "camera=(), microphone=(), geolocation=(), payment=()"
WITH_CAMERA = {POLICY: WITHOUT_CAMERA.replace("camera=()", "camera=(self)")}
"""Header of a page whose script reads codes with the camera; it takes the place of the one of all pages."""
ALWAYS = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-robots-tag": "noindex",
    POLICY: WITHOUT_CAMERA,
}
TWO_YEARS = "max-age=63072000; includeSubDomains"


def complete_headers(*, is_https: bool) -> Callable[[Message, Scope], Awaitable[None]]:
    """The hook that adds them to every response; pages are not cached unless they say so."""
    always = dict(ALWAYS)
    if is_https:
        always["strict-transport-security"] = TWO_YEARS

    pairs = [(name.encode(), value.encode()) for name, value in {**always, "cache-control": "no-store"}.items()]

    async def complete(message: Message, scope: Scope) -> None:
        if message["type"] == "http.response.start":
            given = list(message.get("headers", ()))
            names = {name.lower() for name, _value in given}
            message["headers"] = given + [pair for pair in pairs if pair[0] not in names]

    return complete
