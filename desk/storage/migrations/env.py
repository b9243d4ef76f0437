"""How alembic reaches the database: through the connection that `desk.storage.migrate` opened."""

from __future__ import annotations

from alembic import context
from sqlalchemy import MetaData

from desk.storage.base import NAMES

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes.get("metadata") or MetaData(naming_convention=NAMES),
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
