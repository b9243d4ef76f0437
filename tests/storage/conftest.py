"""Fixtures of the tests of the storage."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory


@pytest.fixture(scope="package", autouse=True)
def _scripts_read_once() -> Iterator[None]:
    """The scripts of the migrations are read once: Alembic reads all of them again for each step that it is told.

    They do not change while the tests run, and hold nothing from one step to the next.
    """
    read, of_folder = ScriptDirectory.from_config, dict[str, ScriptDirectory]()

    def from_config(config: Config) -> ScriptDirectory:
        folder = str(config.get_main_option("script_location"))
        if folder not in of_folder:
            of_folder[folder] = read(config)
        return of_folder[folder]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ScriptDirectory, "from_config", staticmethod(from_config))
        yield
