"""Tests of the domain that run a second time on PostgreSQL, each in a transaction of its own that is taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any

import pytest

from desk.storage.base import WriteSession
from desk.storage.engine import Storage

Story = Callable[[WriteSession], None]


class EndOfStory(Exception):
    """Takes back what a story wrote."""


def stories_of(module: Mapping[str, Any]) -> list[Story]:
    """The tests of a module (its `globals()`) that need a session and nothing else."""
    return [
        each
        for name, each in list(module.items())
        if name.startswith("test_") and list(signature(each).parameters) == ["session"]
    ]


async def tell(story: Story, storage: Storage) -> None:
    """Run one of them on the database of `storage`."""

    def run(session: WriteSession) -> None:
        story(session)
        raise EndOfStory

    with pytest.raises(EndOfStory):
        await storage.write(run)
