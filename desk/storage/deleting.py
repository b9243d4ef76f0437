"""Deletes old rows in batches, so that jobs never block the writer for long."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, delete, select, tuple_

from desk.storage.base import WriteSession


def delete_some(session: WriteSession, table: Table, *where: ColumnElement[bool], limit: int) -> int:
    """Delete at most `limit` rows that meet all conditions; returns their number."""
    key = tuple_(*table.primary_key)
    those = select(*table.primary_key).where(*where).limit(limit)
    return session.connection().execute(delete(table).where(key.in_(those), *where)).rowcount
