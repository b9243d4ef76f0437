"""A small form of the simulation of fairness: few people, one seed, and each of the three ways to give places."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from benchmarks.fairness.course import Regime
from benchmarks.fairness.desk_under_test import Laid, lay_out
from benchmarks.fairness.outcome import Outcome
from benchmarks.fairness.parameters import USUAL, Parameters
from benchmarks.fairness.report import missed, plots, table
from benchmarks.fairness.running import DRAW, FIRST_COME, REGIMES, WAITING, run
from desk.waiting import looking, matching

SEED = 3
FEW = Parameters(
    demand=replace(USUAL.demand, offices=2, days=4, places_a_day=3, days_ahead=1, people=90, clients=9, offices_each=2),
    broker=replace(USUAL.broker, accounts=12, stock=3, early_invented=2, early_without_paper=0, contested=0, padded=0),
    honest=replace(USUAL.honest, answers=1.0, answer_spread=0.1),
    jobs_every=timedelta(hours=1),
)
PLACES = 2 * 4 * 3


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Laid:
    return lay_out(tmp_path_factory.mktemp("fairness") / "laid.sqlite3", FEW)


@pytest.fixture(scope="module")
def outcomes(laid: Laid) -> dict[str, Outcome]:
    return {regime.name: run(regime, SEED, laid, FEW) for regime in REGIMES}


def test_every_place_is_told_once(outcomes: dict[str, Outcome]) -> None:
    for each in outcomes.values():
        assert each.places == PLACES
        shares = (each.broker, each.lost, each.honest, each.stayed_away, each.never_booked)
        assert min(shares) >= 0, each
        assert sum(shares) == pytest.approx(1.0), each
        assert each.honest > 0, each


def test_who_is_faster_has_it_where_places_go_to_who_is_faster(outcomes: dict[str, Outcome]) -> None:
    before, waiting, draw = (outcomes[regime.name] for regime in (FIRST_COME, WAITING, DRAW))
    assert before.clients_served == 1.0
    assert waiting.broker < before.broker
    assert draw.broker < before.broker
    assert (before.offers, waiting.offers > 0, draw.offers > 0) == (0, True, True)


@pytest.mark.parametrize("regime", [WAITING, DRAW], ids=lambda regime: regime.name)
def test_the_same_seed_is_the_same_run(laid: Laid, outcomes: dict[str, Outcome], regime: Regime) -> None:
    assert run(regime, SEED, laid, FEW) == outcomes[regime.name]


def test_without_the_minutes_before_a_day_opens_the_broker_has_more(
    laid: Laid, outcomes: dict[str, Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (looking, matching):
        monkeypatch.setattr(module, "BEFORE_OPENING", timedelta(0))
    assert run(WAITING, SEED, laid, FEW).broker > outcomes[WAITING.name].broker


def test_table_and_plots_name_every_regime_and_what_was_missed(outcomes: dict[str, Outcome]) -> None:
    written = table(list(outcomes.values()), FEW)
    drawn = plots(list(outcomes.values()))
    assert all(regime.title in written for regime in REGIMES)
    assert all(text.startswith("<svg") and text.count("<svg") == 1 for text in drawn.values())
    assert all(regime.title in drawn["broker.svg"] for regime in REGIMES)
    all_his = [replace(outcomes[WAITING.name], broker=0.9)]
    [aim] = missed(all_his, FEW)
    assert aim.startswith("waiting: 90.0%")
    assert missed([replace(all_his[0], broker=0.1)], FEW) == []


def test_a_run_that_is_not_done_does_not_read_as_a_broker_without_places(outcomes: dict[str, Outcome]) -> None:
    written = table([outcomes[DRAW.name]], FEW)
    assert written.splitlines()[-1] == f"| {SEED} | – | – | {outcomes[DRAW.name].broker:.1%} |"
