"""The table and the plots of all runs, and what was required of them."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from typing import Final

from benchmarks.fairness.outcome import Outcome
from benchmarks.fairness.parameters import MOST_ABOVE_HIS_PEOPLE, MOST_WITH_WAITING, Parameters
from benchmarks.fairness.plots import Bar, plot
from benchmarks.fairness.running import DRAW, REGIMES, WAITING

Figure = Callable[[Outcome], float]
_SHARES: Final[tuple[tuple[str, Figure], ...]] = (
    ("in the broker's hands", lambda each: each.broker),
    ("lost to his invented numbers and names", lambda each: each.lost),
    ("honest people", lambda each: each.honest),
    ("honest people who stayed away", lambda each: each.stayed_away),
    ("never booked", lambda each: each.never_booked),
    ("unused, all three together", lambda each: each.unused),
    ("honest people with an appointment", lambda each: each.honest_served),
    ("clients of the broker with an appointment", lambda each: each.clients_served),
    ("offers and drawn places that lapsed", lambda each: each.lapsed / each.offers if each.offers else 0.0),
)
_DAYS: Final[tuple[tuple[str, Figure], ...]] = (
    ("days an honest person waited, median", lambda each: each.waited_median),
    ("days an honest person waited, 90th percentile", lambda each: each.waited_90th),
)


def most_of(regime: str, given: Parameters) -> float | None:
    """The most that the broker may have under a regime; None = it is as it comes out."""
    if regime == WAITING.name:
        return MOST_WITH_WAITING
    if regime == DRAW.name:
        return given.demand.clients / given.demand.people + MOST_ABOVE_HIS_PEOPLE
    return None


def of(outcomes: Sequence[Outcome], regime: str) -> list[Outcome]:
    """The runs of a regime, by their seeds."""
    return sorted((each for each in outcomes if each.regime == regime), key=lambda each: each.seed)


def missed(outcomes: Sequence[Outcome], given: Parameters) -> list[str]:
    """Which aims were missed, by the mean of the seeds."""
    found = []
    for regime in REGIMES:
        most, runs = most_of(regime.name, given), of(outcomes, regime.name)
        if most is not None and runs and (share := _mean(runs, lambda each: each.broker)) > most:
            found.append(f"{regime.name}: {share:.1%} of the places in the broker's hands, at most {most:.1%}")
    return found


def table(outcomes: Sequence[Outcome], given: Parameters) -> str:
    """Means with least and most of the seeds, then the broker's share of each seed, in Markdown."""
    lines = [
        "| share of all places | " + " | ".join(regime.title for regime in REGIMES) + " |",
        "|---" * (len(REGIMES) + 1) + "|",
    ]
    for name, figure in _SHARES:
        lines.append(f"| {name} | " + " | ".join(_shares(of(outcomes, each.name), figure) for each in REGIMES) + " |")
    for name, figure in _DAYS:
        lines.append(f"| {name} | " + " | ".join(_days(of(outcomes, each.name), figure) for each in REGIMES) + " |")
    most = [most_of(regime.name, given) for regime in REGIMES]
    lines.append(
        "| the broker may have at most | " + " | ".join(f"{each:.0%}" if each else "–" for each in most) + " |"
    )
    lines += ["", "| the broker's share, by seed | " + " | ".join(regime.title for regime in REGIMES) + " |"]
    lines.append("|---" * (len(REGIMES) + 1) + "|")
    for seed in sorted({each.seed for each in outcomes}):
        # A run that is not done yet has no share: it must not read as a broker who got nothing.
        shares = [
            next((f"{each.broker:.1%}" for each in of(outcomes, one.name) if each.seed == seed), "–") for one in REGIMES
        ]
        lines.append(f"| {seed} | " + " | ".join(shares) + " |")
    return "\n".join(lines) + "\n"


def plots(outcomes: Sequence[Outcome]) -> dict[str, str]:
    """The plots by their file names."""
    by = [(regime.title, of(outcomes, regime.name)) for regime in REGIMES]
    parts = _SHARES[:5]
    return {
        "broker.svg": plot(
            "Share of scarce appointments in the broker's hands",
            [Bar(name, {"": _mean(runs, _SHARES[0][1])}, [each.broker for each in runs]) for name, runs in by],
            most=0.6,
            unit="%",
            line=MOST_WITH_WAITING,
        ),
        "places.svg": plot(
            "What became of the places",
            [Bar(name, {part: _mean(runs, figure) for part, figure in parts}) for name, runs in by],
            most=1.0,
            unit="%",
        ),
        "waiting.svg": plot(
            "Days until the appointment of an honest person, median",
            [Bar(name, {"": _mean(runs, _DAYS[0][1])}, [each.waited_median for each in runs]) for name, runs in by],
            most=20.0,
            unit="days",
        ),
        "lapsed.svg": plot(
            "Offers and drawn places that lapsed",
            [Bar(name, {"": _mean(runs, _SHARES[-1][1])}) for name, runs in by[1:]],
            most=1.0,
            unit="%",
        ),
    }


def _mean(runs: Sequence[Outcome], figure: Figure) -> float:
    return statistics.fmean(figure(each) for each in runs) if runs else 0.0


def _shares(runs: Sequence[Outcome], figure: Figure) -> str:
    values = [figure(each) for each in runs]
    return f"{_mean(runs, figure):.1%} ({min(values):.1%}-{max(values):.1%})" if values else "–"


def _days(runs: Sequence[Outcome], figure: Figure) -> str:
    values = [figure(each) for each in runs]
    return f"{_mean(runs, figure):.1f} ({min(values):.1f}-{max(values):.1f})" if values else "–"
