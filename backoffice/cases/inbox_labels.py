"""The labels that a row of the inbox shows, so that a search finds cases by them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from backoffice.cases.wording import CASE_KINDS, CASE_STATES, CATEGORIES, SEVERITIES
from desk.cases.found_by import Label, label
from desk.language.language import Language
from desk.language.text import Locale, Text

GRAVE = 3
"""The severity from which a row shows it."""


@lru_cache(maxsize=4)
def labels(language: Language) -> tuple[Label, ...]:
    """The labels for category, state, kind and high severity, in each language: colleagues may read another."""
    shown: Mapping[str, Mapping[Any, Text]] = {
        "category": CATEGORIES,
        "state": {state: badge.label for state, badge in CASE_STATES.items()},
        "kind": {kind: badge.label for kind, badge in CASE_KINDS.items()},
        "severity": {number: badge.label for number, badge in SEVERITIES.items() if number >= GRAVE},
    }
    return tuple(
        label(column, value, *(language.plain(text, locale) for locale in Locale))
        for column, texts in shown.items()
        for value, text in texts.items()
    )
