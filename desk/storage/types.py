"""Column types that both databases store alike: UTC instants, vocabularies, JSON, and texts per language."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, ColumnElement, DateTime, Dialect, Enum, String, Text, cast, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine

from desk.language.text import Localised

TEXTS_KEPT = 4096
"""The number of decoded texts that are cached."""

Json: TypeEngine[Any] = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def sort_key(length: int) -> TypeEngine[str]:
    """A text column sorted by code points, as SQLite does and PostgreSQL must be told."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC instant; a naive one is refused, since its zone is unknown."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant without a zone can't be stored.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class LocalisedText(TypeDecorator[Localised]):
    """A text by staff in several languages, stored as a JSON object.

    It is read as its JSON text and decoded through a cache: the title of a service stands on many rows of a list.
    """

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(JSONB(none_as_null=True))
        return dialect.type_descriptor(JSON(none_as_null=True))

    def process_bind_param(self, value: Localised | None, dialect: Dialect) -> Any:
        return None if value is None else dict(value.to_mapping())

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        return type_coerce(cast(column, Text), self)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], Localised | None]:
        return localised


@lru_cache(maxsize=TEXTS_KEPT)
def localised(stored: str | None) -> Localised | None:
    """The text of a column that was read as JSON text."""
    return None if stored is None else Localised(json.loads(stored))


def vocabulary(enum: type[StrEnum], *, name: str) -> Enum:
    """A text column limited by a CHECK to the members of `enum`; `name` becomes part of the constraint's name."""
    return Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=24,
        values_callable=lambda members: [member.value for member in members],
    )
