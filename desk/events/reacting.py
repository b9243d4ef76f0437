"""Letting the subjects above do what follows for them from what has just happened, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from desk.parts import Happened, Reactor
from desk.storage.base import WriteSession


@cache
def reactors() -> Mapping[str, tuple[Reactor, ...]]:
    """Who reacts, by the kind of event."""
    # Found when something happens for the first time: the subjects stand above this one, which must not know them.
    from desk.subjects import reactors as of_all_subjects

    return of_all_subjects()


def react(session: WriteSession, happened: Happened) -> None:
    """Let everybody react to it. `actions.note` calls this; whoever writes nothing into the history calls it itself."""
    for reactor in reactors().get(happened.kind, ()):
        reactor(session, happened)
