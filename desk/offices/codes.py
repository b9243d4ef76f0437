"""Lets one transaction at a time give a code to an office."""

from __future__ import annotations

from desk.storage.base import WriteSession
from desk.storage.locks import hold


def hold_codes(session: WriteSession) -> None:
    """Let nobody else give a code until this transaction ends: a new office has no id yet by which two would wait.

    It is held after `office:N`, never before.
    """
    hold(session, subject="codes of offices")
