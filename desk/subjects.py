"""The subjects of the desk in the order of their imports, and loops over their parts.

A subject's folder may hold `models.py`, `privacy.py`, `checks.py`, `jobs.py` and `reactors.py`. They are found by their
names, so that a new one needs no registration.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TypeVar

from sqlalchemy import TextClause

from desk.parts import AnyJob, Job, JobForEach, JobOfPeriod, KeepsFreed, Privacy, Reactor, SettingApart

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One subject; a reason says why it has no `privacy.py` or `checks.py`."""

    name: str
    no_privacy: str = ""
    no_checks: str = ""
    package: str = "desk"

    def part(self, role: str) -> ModuleType | None:
        """The module of that name in its folder; None where there is none."""
        name = f"{self.package}.{self.name}.{role}"
        return None if find_spec(name) is None else import_module(name)


CONSTRAINED = "the constraints of its columns refuse what must not be"

SUBJECTS = (
    Subject(name="tombstones", no_checks="whether the file fits is asked at each start"),
    Subject(name="events", no_checks="its seals are hashes: `desk.verify` has them computed anew"),
    Subject(name="conversations"),
    Subject(name="outbox"),
    Subject(name="deadlines", no_privacy="ids, kinds and moments: names nobody"),
    Subject(name="people"),
    Subject(name="offices", no_privacy="what it says of an office is published"),
    Subject(name="staff", no_checks=CONSTRAINED),
    Subject(name="catalogue", no_privacy="what it says is published, and who of the staff entered it"),
    Subject(name="capacity", no_privacy="what it says of the days of an office is published"),
    Subject(name="places"),
    Subject(name="appointments"),
    Subject(name="waiting"),
    Subject(name="draws"),
    Subject(name="visits"),
    Subject(name="line"),
    Subject(name="walk_ins"),
    Subject(name="records"),
    Subject(name="linked_papers"),
    Subject(name="figures", no_privacy="counts of days, which name nobody", no_checks=CONSTRAINED),
    Subject(name="worksheets"),
    Subject(name="rosters", no_checks=CONSTRAINED),
    Subject(name="marshals", no_checks=CONSTRAINED),
    Subject(name="signs"),
    Subject(name="consequences"),
    Subject(name="closings"),
    Subject(name="afterwards", no_checks=CONSTRAINED),
    Subject(name="absences"),
    Subject(name="cases"),
    Subject(name="announcements", no_checks=CONSTRAINED),
    Subject(name="transfers"),
    Subject(name="other_chats"),
    Subject(name="seed"),
)
"""In the order of imports: a subject imports only those before it."""


def load_models() -> None:
    """Load the models of all subjects into the metadata."""
    _parts("models")


def privacy() -> Iterator[Privacy]:
    """The privacy of each subject, higher subjects first.

    So the rows that lead to a chat are still there when they are looked for: a visit is found by its appointment, and
    an appointment by its chat.
    """
    for subject, module in reversed(_parts("privacy")):
        yield _of_type(subject, module.PRIVACY, Privacy)


def checks() -> dict[str, TextClause]:
    """The invariants of all subjects, by name."""
    found: dict[str, TextClause] = {}
    for subject, module in _parts("checks"):
        for name, query in module.CHECKS.items():
            if name in found:
                raise ValueError(f"two promises are called {name}, the second in {subject.name}")
            found[name] = _of_type(subject, query, TextClause)
    return found


def jobs() -> list[AnyJob]:
    """The jobs of all subjects; their order does not matter."""
    return [
        each if isinstance(each, JobForEach | JobOfPeriod) else _of_type(subject, each, Job)
        for subject, module in _parts("jobs")
        for each in module.JOBS
    ]


def reactors() -> dict[str, tuple[Reactor, ...]]:
    """The reactors by kind of event, those of lower subjects first."""
    found: dict[str, tuple[Reactor, ...]] = {}
    for _subject, module in _parts("reactors"):
        for kind, reactor in module.REACTORS.items():
            found[kind] = (*found.get(kind, ()), reactor)
    return found


def keepers() -> tuple[KeepsFreed, ...]:
    """Those that may keep places which became free, of lower subjects first."""
    return tuple(module.KEEPER for _subject, module in _parts("reactors") if hasattr(module, "KEEPER"))


def setting_apart() -> SettingApart:
    """What sets places of planned slots apart: one subject does."""
    [found] = [module.APART for _subject, module in _parts("reactors") if hasattr(module, "APART")]
    return _of_type(SUBJECTS[0], found, SettingApart)


@cache
def _parts(role: str) -> tuple[tuple[Subject, ModuleType], ...]:
    found = ((subject, subject.part(role)) for subject in SUBJECTS)
    return tuple((subject, module) for subject, module in found if module is not None)


def _of_type(subject: Subject, value: object, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"{subject.name} hands over {value!r}, which is no {kind.__name__}")
    return value
