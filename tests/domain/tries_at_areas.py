"""What is said of an area for all offices below, as the table of what staff may do tries it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from desk.afterwards.rows import AskingRule
from desk.afterwards.setting import set_rule
from desk.capacity.approval import set_approval
from desk.rosters.actions import set_conditions
from tests.domain.tries_at_places import NODES

AREAS: Final = ("province", "far province", "nation")
"""The names of the areas: those of `NODES`."""

AT_AREAS: Final[dict[Callable[..., Any], tuple[tuple[str, ...], Callable[[Any, str], dict[str, Any]]]]] = {
    set_approval: (AREAS, lambda _country, name: {"area": NODES[name], "needed": True}),
    set_conditions: (AREAS, lambda _country, name: {"area": NODES[name], "conditions": "متن"}),
    set_rule: (
        AREAS[:2],
        lambda _country, name: {"province_code": NODES[name].province_code, "rule": AskingRule(is_on=False)},
    ),
}
"""By action: at which of the areas, and what is given to it."""
