"""Where each action of staff on a draw is tried, and what it is given there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from desk.draws import actions
from tests.makers_draws import WORD, plan_of, rules_of

PROVINCES = ("province", "far province")


def tries_of_draws(at_each: Callable[..., Any], everywhere: Callable[..., Any]) -> dict[Callable[..., Any], Any]:
    """What is for the country alone, and what is done in the province of the draw."""

    def in_provinces(action: Callable[..., Any], of: str = "", **said: Any) -> Any:
        return at_each(PROVINCES, lambda country, name: {"draw_id": country.draws[of + name], **said}, action=action)

    return {
        actions.prepare: everywhere(actions.prepare, lambda country: {"plan": plan_of(country.service)}),
        actions.announce: everywhere(actions.announce, lambda country: {"draw_id": country.draws["committed"]}),
        actions.call_off_one: everywhere(actions.call_off_one, lambda country: {"draw_id": country.draws["open"]}),
        actions.read_seed_part: everywhere(
            actions.read_seed_part, lambda country: {"draw_id": country.draws["province"]}
        ),
        actions.set_rules: everywhere(actions.set_rules, lambda country: rules_of(country.service)),
        actions.commit_word: in_provinces(actions.commit_word, "draft ", word_hash="b" * 64),
        actions.type_figure: in_provinces(actions.type_figure, figure="1234"),
        actions.reveal_word: in_provinces(actions.reveal_word, word=WORD),
    }
