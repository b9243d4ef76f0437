"""Says the order of the line in words, as it hangs on the wall of an office."""

from __future__ import annotations

from desk.language.text import Text, words
from desk.line.rules import LineRules
from desk.values import Duration

_ = words("line")


def rule_in_words(rules: LineRules) -> list[Text]:
    """The sentences of the order, with the numbers of the office."""
    return [
        _("You are called by your number, never by your name."),
        _("First come those with priority, but at most one of {n} calls while others wait.", n=rules.priority_every)
        if rules.priority_every > 1
        else _("First come those with priority."),
        _(
            "Then those with a turn, once the quarter of an hour of their turn has come: an earlier quarter first, "
            "and within a quarter who came first."
        ),
        _("Then those without a turn, by their number."),
        _(
            "Who has waited {time} without a turn counts as somebody with a turn.",
            time=Duration(rules.walk_in_counts_after),
        ),
        _(
            "Who comes more than {time} late keeps the turn, but waits with those without one, by when they came.",
            time=Duration(rules.late_after),
        ),
        _("Who comes before the time of their turn is called sooner only if nobody else waits."),
        _("Who is called {n} times and does not come waits at the end of the line.", n=rules.most_calls),
        _("Wait here until you are called. You need not go to any other room."),
    ]
