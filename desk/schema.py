"""The metadata with the tables of all subjects, for migrations and for the test that compares the two."""

from __future__ import annotations

from sqlalchemy import MetaData

from desk.storage.base import Base
from desk.subjects import load_models

load_models()


def metadata() -> MetaData:
    """The metadata with every subject's tables loaded."""
    return Base.metadata
