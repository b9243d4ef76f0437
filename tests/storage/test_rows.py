"""A row type and the columns of a statement that fill it go by the same names, in whatever order they are written."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, insert, select

from desk.storage.rows import columns_for

_things = Table("things", MetaData(), Column("id", Integer), Column("width", Integer), Column("height", Integer))


@dataclass(frozen=True)
class Thing:
    id: int
    height: int
    across: int
    colour: str = "white"


def test_columns_come_in_the_order_of_the_row_type_whatever_order_they_are_written_in() -> None:
    columns = columns_for(Thing, across=_things.c.width, *_things.c["height", "id"])  # noqa: B026 - the order is the point
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        _things.create(connection)
        connection.execute(insert(_things).values(id=1, width=20, height=30))
        (row,) = connection.execute(select(*columns)).all()
    assert Thing(*row) == Thing(id=1, height=30, across=20)
    assert row.across == 20


def test_a_parameter_may_keep_its_default() -> None:
    columns = columns_for(Thing, *_things.c["id", "height"], across=_things.c.width)
    assert [column.name for column in columns] == ["id", "height", "across"]


@pytest.mark.parametrize("names", [("id", "height"), ("id", "height", "width")], ids=["one short", "one unknown"])
def test_what_does_not_fit_is_refused_when_the_statement_is_built(names: tuple[str, ...]) -> None:
    with pytest.raises(TypeError, match="across"):
        columns_for(Thing, *(_things.c[name] for name in names))


def test_two_columns_for_one_parameter_are_refused() -> None:
    with pytest.raises(TypeError, match="two columns for id"):
        columns_for(Thing, *_things.c["id", "height"], id=_things.c.width, across=_things.c.width)
