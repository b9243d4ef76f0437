"""Finds what higher subjects do because of a lower one, in its transaction: reactors to events, keepers of places,
and what sets places apart."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from desk.parts import Happened, KeepsFreed, Reactor, SettingApart
from desk.storage.base import WriteSession


@cache
def reactors() -> Mapping[str, tuple[Reactor, ...]]:
    """The reactors by kind of event."""
    # Imported when the first event happens: this subject must not import the higher ones.
    from desk.subjects import reactors as of_all_subjects

    return of_all_subjects()


@cache
def keepers() -> tuple[KeepsFreed, ...]:
    """Those that may keep places which became free."""
    from desk.subjects import keepers as of_all_subjects

    return of_all_subjects()


@cache
def setting_apart() -> SettingApart:
    """What sets places of planned slots apart."""
    from desk.subjects import setting_apart as of_all_subjects

    return of_all_subjects()


def react(session: WriteSession, happened: Happened) -> None:
    """Run all reactors to an event; `actions.note` calls this, and jobs whose doings are not in the history call it
    directly."""
    for reactor in reactors().get(happened.kind, ()):
        reactor(session, happened)
