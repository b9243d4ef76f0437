"""A hint to PostgreSQL for statements that read some hundred rows of a large table by their keys."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

_CHEAP = text("SET LOCAL random_page_cost = 1.1")


def read_by_index(session: Session) -> None:
    """Until the transaction ends let PostgreSQL take a row by its index for hardly dearer than the next one.

    Its default of 4 stands for a disk with a moving arm: it would read a table of 50,000 rows whole to take 700 of
    them. Set here and not for the connection, since a pooler has to allow what a connection begins with. SQLite needs
    no hint.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_CHEAP)
