"""Closing a visit as a clerk does: the record as it stands, with what is typed into it."""

from __future__ import annotations

from typing import Any

import httpx

from tests.backoffice.conftest import Browser
from tests.backoffice.forms import form_at

REFERENCE = "123456"
"""The number of a payment: all else stands in the form already."""


async def serve(browser: Browser, appointment: int, typed: dict[str, Any] | None = None, **rest: Any) -> httpx.Response:
    """Open the record, type into it, and press «Served»."""
    address = f"/today/{appointment}/record"
    form = form_at((await browser.get(address)).text, address)
    more = {"reference": REFERENCE} if typed is None else typed
    return await browser.post(address, {**form.values, "do": "served", **more}, **rest)
