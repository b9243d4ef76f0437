"""All rows of the database, to see that a form that was refused changed nothing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from desk.cases.models import CaseDraft
from desk.staff.models import FormKey, StaffSession
from desk.storage.base import Base, ReadSession

KEPT_BESIDE = {FormKey, CaseDraft, StaffSession}
"""The tables that a refused form may write all the same: keys of forms, drafts and sessions."""


def everything(session: ReadSession) -> dict[str, list[Any]]:
    """All rows of all tables but those of `KEPT_BESIDE`, and that a form which came back showed people."""
    beside = {model.__table__ for model in KEPT_BESIDE}
    return {
        table.name: sorted(
            repr(row) for row in session.execute(select(table)) if not str(getattr(row, "kind", "")).endswith(".read")
        )
        for table in Base.metadata.sorted_tables
        if table not in beside
    }
