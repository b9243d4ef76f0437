"""The invariant of people: no hash of a number is a fast one, so none can be tried out with the key alone."""

from __future__ import annotations

from desk.identity import IN_USE
from desk.parts import Checks, finds

CHECKS: Checks = {
    "numbers_are_stretched": finds(f"""
        SELECT id AS person FROM persons WHERE identity_hash NOT LIKE '{IN_USE.now.name}.%.%'
    """),  # noqa: S608  # a constant of ours
}
