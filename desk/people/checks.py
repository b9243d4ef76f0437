"""The invariant of people: no hash of a number is a fast one, so none can be tried out with the key alone."""

from __future__ import annotations

from sqlalchemy import String, bindparam

from desk.identity import IN_USE
from desk.parts import Checks, finds

# Which stretch is in use is asked when the check runs, as where hashes are made.
_STRETCHED = bindparam("stretched", callable_=lambda: f"{IN_USE.now.name}.%.%", type_=String())

CHECKS: Checks = {
    "numbers_are_stretched": finds(
        "SELECT id AS person FROM persons WHERE identity_hash NOT LIKE :stretched"
    ).bindparams(_STRETCHED),
}
