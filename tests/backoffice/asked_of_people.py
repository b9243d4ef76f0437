"""Notices the statements that ask the database for something of a person, whatever a page then shows of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Cast, Column, CompoundSelect, Label, Select, TypeCoerce

from desk.appointments.models import Appointment
from desk.cases.models import Case, CaseEntry
from desk.people.models import KnownPerson
from desk.signs.models import ChatWithSigns
from desk.storage.engine import Storage
from desk.storage.upsert import table_of
from tests.listening import told_of_statements

OF_PEOPLE = {
    table_of(Appointment).name: {"code", "starts_at", "day", "name_sealed", "person_id"},
    table_of(Case).name: {"id", "code_sealed", "name_sealed"},
    table_of(CaseEntry).name: {"case_id", "text_sealed"},
    table_of(KnownPerson).name: {"name_sealed", "nickname_sealed"},
    table_of(ChatWithSigns).name: {"id"},
}
"""The columns, by table, that say something of a person, an appointment or a case, or lead to one."""


def asks_of_people(statement: Any) -> bool:
    """Whether a statement gives such a column, and not only numbers."""
    if not isinstance(statement, Select | CompoundSelect):
        return False
    parts = statement.selects if isinstance(statement, CompoundSelect) else [statement]
    return any(
        isinstance(each, Column) and each.name in OF_PEOPLE.get(_name(each.table), ())
        for part in parts
        for each in map(_bare, getattr(part, "selected_columns", ()))
    )


def _bare(column: Any) -> Any:
    """The column without its label and its type; a count of it is no column."""
    while isinstance(column, Label | Cast | TypeCoerce):
        column = column.element if isinstance(column, Label) else column.clause
    return column


def _name(table: Any) -> str:
    """The name of a table, also under an alias."""
    return str(getattr(getattr(table, "element", table), "name", ""))


@contextmanager
def asked_of_people(storage: Storage) -> Iterator[list[str]]:
    """The statements of people that are executed meanwhile."""
    found: list[str] = []

    def note(text: str, context: Any) -> None:
        if context.compiled is not None and asks_of_people(context.invoked_statement):
            found.append(text)

    with told_of_statements(storage, note):
        yield found
