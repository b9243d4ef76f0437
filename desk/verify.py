"""Runs the checks of all subjects on the database and lists what is broken."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from sqlalchemy.orm import Session

from desk.cases.unlinked import links
from desk.draws.recomputing import faults
from desk.events.sealing import broken_seals
from desk.subjects import checks
from desk.waiting.place_in_line import misplaced

SEALED = "history_sealed"
"""The rule that no sealed event was changed, removed or inserted; it needs a hash, so it is not a query."""
UNLINKED = "nameless_not_linked"
"""The rule that no case under nobody can be joined to a chat; it looks at what no single query can."""
DRAWN = "draw_is_recomputed"
"""The rule that what is stored of a draw is what its list and its seed give: they are hashed anew."""
IN_LINE = "place_in_line"
"""The rule that a request stands in the line on its own day; days of a zone are not counted in a query."""
SHOWN = 20
"""The number of breaks of one rule that are listed."""


@dataclass(frozen=True, slots=True)
class Broken:
    """One break: the rule's name, and its rows as `column=value`; ids only, nothing personal."""

    rule: str
    detail: str


def verify(session: Session) -> list[Broken]:
    """Run every check; an empty list = nothing is broken. At most twenty breaks of each rule are listed."""
    session.flush()
    broken = [
        Broken(rule=rule, detail=" ".join(f"{name}={value}" for name, value in row.items()))
        for rule, breaks in checks().items()
        for row in session.execute(breaks).mappings().fetchmany(SHOWN)
    ]
    broken += [Broken(rule=SEALED, detail=f"seal={seal}") for seal in islice(broken_seals(session), SHOWN)]
    broken += [Broken(rule=DRAWN, detail=found) for found in islice(faults(session), SHOWN)]
    broken += [Broken(rule=IN_LINE, detail=found) for found in islice(misplaced(session), SHOWN)]
    return broken + [Broken(rule=UNLINKED, detail=found) for found in islice(links(session), SHOWN)]
