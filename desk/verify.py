"""Every promise that the database itself can be asked about: what each subject's `checks.py` says, asked in one go."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from sqlalchemy.orm import Session

from desk.events.sealing import broken_seals
from desk.subjects import checks

SEALED = "history_sealed"
"""The rule that no line of the sealed history was changed, taken out or put in between; no query can compute a hash."""
SHOWN = 20
"""How many breaks of one rule are listed."""


@dataclass(frozen=True, slots=True)
class Broken:
    """One break: the rule's name, and the rows it shows in, as `column=value`; ids only, nothing personal."""

    rule: str
    detail: str


def verify(session: Session) -> list[Broken]:
    """Ask every rule; an empty list = all is well. At most twenty breaks of each rule are listed."""
    session.flush()
    broken = [
        Broken(rule=rule, detail=" ".join(f"{name}={value}" for name, value in row.items()))
        for rule, breaks in checks().items()
        for row in session.execute(breaks).mappings().fetchmany(SHOWN)
    ]
    return broken + [Broken(rule=SEALED, detail=f"seal={seal}") for seal in islice(broken_seals(session), SHOWN)]
