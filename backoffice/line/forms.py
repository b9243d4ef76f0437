"""The form of the numbers in the order of the line at an office."""

from __future__ import annotations

from dataclasses import asdict
from typing import Self

from backoffice.forms.numbers import Number
from backoffice.forms.versions import EditForm
from desk.language.text import Text, words
from desk.line.rules import BOUNDS, LineRules

_ = words("line")


def _number(name: str, title: Text, hint: Text | None = None) -> Number:
    least, most = BOUNDS[name]
    return Number(title, least=least, most=most, hint=hint)


class LineRulesForm(EditForm):
    """How late is late, how long is long, and how often somebody is called."""

    late_after = _number(
        "late_after", _("How many minutes after their time somebody is late"), _("The turn is not lost by that.")
    )
    walk_in_counts_after = _number(
        "walk_in_counts_after", _("After how many minutes somebody without a turn counts as one with a turn")
    )
    most_calls = _number("most_calls", _("How often somebody is called before they wait at the end"))
    priority_every = _number(
        "priority_every",
        _("Of how many calls one goes to people with priority"),
        _("1 = they are always called first."),
    )
    come_now_at = _number("come_now_at", _("At which place in the line the chat says that it is time to come"))

    @classmethod
    def of(cls, rules: LineRules) -> Self:
        """The form with the numbers that hold now."""
        return cls(data=asdict(rules))

    @property
    def rules(self) -> LineRules:
        """What was typed; only of a form that is complete."""
        return LineRules(**{name: self[name].data for name in BOUNDS})
