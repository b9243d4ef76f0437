"""The databases of the tests' own server: what it refuses is told, and it goes on."""

from __future__ import annotations

import pytest

from tests.postgres import TestPostgres, name_of


def test_a_refused_order_is_told_and_the_next_is_carried_out(postgres: TestPostgres) -> None:
    kept = postgres.create_database()
    with pytest.raises(RuntimeError, match="mizban_nobody_has_made"):
        postgres.create_database(like=postgres.url("mizban_nobody_has_made"))
    made = postgres.create_database(like=kept)
    there = f"SELECT count(*) FROM pg_database WHERE datname IN ('{name_of(made)}', '{name_of(kept)}')"
    assert postgres.run(there) == "2"
    for url in (made, kept):
        postgres.drop_database(url)
    assert postgres.run(there) == "0"
