"""Every promise that the database itself can be asked about: what each subject's `checks.py` says, asked in one go."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from desk.subjects import checks

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
    return [
        Broken(rule=rule, detail=" ".join(f"{name}={value}" for name, value in row.items()))
        for rule, breaks in checks().items()
        for row in session.execute(breaks).mappings().fetchmany(SHOWN)
    ]
