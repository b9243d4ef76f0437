"""Every subject provides the parts that the loops over all subjects need; each rule also finds a planted toy
subject."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

from desk.subjects import SUBJECTS, Subject, checks, jobs, privacy, reactors
from tests.system.source_rules import ROOT
from tests.system.subject_rules import deaf_reactors, forgotten_checks, forgotten_privacy, tables_above, tables_of

MODELS = """
from sqlalchemy import ForeignKey, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase):
    metadata = MetaData()

class Pet(Base):
    __tablename__ = "pets"
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    name: Mapped[str] = mapped_column(String(40))
    legs: Mapped[int]
"""
TEXTS = MODELS.replace('    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))\n', "")
BARE = TEXTS.replace("    name: Mapped[str] = mapped_column(String(40))\n", "")
HALF = """
from desk.parts import Fate, Privacy
PRIVACY = Privacy(columns={"pets.conversation_id": Fate.DELETED, "pets.tail": Fate.DELETED})
"""
CHECKS = """
from desk.parts import finds
CHECKS = {"four_legs": finds("SELECT id AS pet FROM pets WHERE legs <> 4")}
"""

REACTORS = """
REACTORS = {"office.update": print, "office.painted": print}
"""


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.name)
def test_no_subject_forgets_what_it_owes(subject: Subject) -> None:
    assert [*forgotten_privacy(subject), *forgotten_checks(subject)] == []


@pytest.mark.parametrize("number", range(len(SUBJECTS)), ids=lambda number: SUBJECTS[number].name)
def test_a_subject_reacts_to_what_one_below_it_does(number: int) -> None:
    assert list(deaf_reactors(SUBJECTS[number], SUBJECTS[:number])) == []


@pytest.mark.parametrize("number", range(len(SUBJECTS)), ids=lambda number: SUBJECTS[number].name)
def test_no_subject_names_a_table_of_one_that_builds_on_it(number: int) -> None:
    assert list(tables_above(SUBJECTS[number], SUBJECTS[number + 1 :])) == []


@pytest.mark.parametrize(
    ("file", "named"),
    [
        ("from sqlalchemy import table\n_c = table('conversations')", "names conversations"),
        ("from sqlalchemy import text\n_q = text('SELECT id FROM conversations WHERE id = 1')", "names conversations"),
        ("from sqlalchemy import text\n_q = text('delete\\nfrom heard_updates')", "names heard_updates"),
        ("from sqlalchemy import literal_column\n_c = literal_column('conversations.channel')", "names conversations"),
    ],
)
def test_a_table_above_that_is_named_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, named: str
) -> None:
    above = [subject for subject in SUBJECTS if subject.name == "conversations"]
    pets = toy(tmp_path, monkeypatch, queries=file, models=BARE)
    (found,) = tables_above(pets, above)
    assert named in found


def test_a_foreign_key_that_leads_upwards_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    above = [subject for subject in SUBJECTS if subject.name == "conversations"]
    found = list(tables_above(toy(tmp_path, monkeypatch, models=MODELS), above))
    assert "pets.conversation_id leads to conversations" in found


def test_every_folder_with_tables_is_a_subject() -> None:
    folders = {each.parent.name for each in (ROOT / "desk").glob("*/models.py")}
    assert folders <= {subject.name for subject in SUBJECTS}
    roles = ("privacy", "jobs", "reactors")
    handing_over = {each.parent.name for role in roles for each in (ROOT / "desk").glob(f"*/{role}.py")}
    assert handing_over <= {subject.name for subject in SUBJECTS}


def without_contract(subjects: Iterable[Subject]) -> list[str]:
    """The subjects that the contract «subjects hand over data» in pyproject.toml does not name."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (kept,) = (each for each in contracts if each["name"].startswith("subjects hand over data"))
    return [each.name for each in subjects if f"desk.{each.name}" not in kept["source_modules"]]


def test_the_contract_about_words_names_every_subject() -> None:
    assert without_contract(SUBJECTS) == [], "name it as desk.<subject> in its source_modules"
    assert without_contract([Subject(name="garden")]) == ["garden"]


def test_what_they_hand_over_is_found() -> None:
    assert len(list(privacy())) >= 9
    assert {"slot_range", "visit_fits_appointment", "one_fee_a_day"} <= set(checks())
    assert {"roll_windows", "forget_people", "fill_holidays"} <= {job.name for job in jobs()}
    assert [reactor.__module__ for reactor in reactors()["office.update"]] == [
        "desk.capacity.reactors",
        "desk.cases.reactors",
    ]
    assert all(tables_of(subject) for subject in SUBJECTS if subject.part("models"))


def toy(folder: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> Subject:
    """A subject of these files, and of nothing else."""
    package = f"toy_desk_{folder.name}"
    home = folder / package / "pets"
    home.mkdir(parents=True)
    for name, text in {"../__init__": "", "__init__": "", **files}.items():
        (home / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    return Subject(name="pets", package=package)


def reasoned(subject: Subject, **reasons: str) -> Subject:
    return Subject(name=subject.name, package=subject.package, **reasons)


def test_a_subject_that_leads_to_a_chat_cannot_do_without_privacy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pets = toy(tmp_path, monkeypatch, models=MODELS)
    assert list(forgotten_privacy(pets))
    assert list(forgotten_privacy(reasoned(pets, no_privacy="they are only pets")))


def test_a_column_that_may_tell_of_somebody_cannot_be_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pets = toy(tmp_path, monkeypatch, models=MODELS, privacy=HALF)
    assert list(forgotten_privacy(pets)) == [
        "pets.name may tell of somebody and is not in privacy.py",
        "pets.tail is in privacy.py and in no table",
    ]


def test_texts_alone_may_be_let_be_with_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pets = toy(tmp_path, monkeypatch, models=TEXTS)
    assert list(forgotten_privacy(pets))
    assert not list(forgotten_privacy(reasoned(pets, no_privacy="what it says is published")))


def test_a_subject_that_tells_of_nobody_owes_no_privacy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not list(forgotten_privacy(toy(tmp_path, monkeypatch, models=BARE)))


def test_a_subject_with_tables_owes_promises_or_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pets = toy(tmp_path, monkeypatch, models=BARE)
    assert list(forgotten_checks(pets))
    assert not list(forgotten_checks(reasoned(pets, no_checks="each stands by itself")))


def test_a_subject_has_promises_or_a_reason_but_not_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pets = toy(tmp_path, monkeypatch, models=BARE, checks=CHECKS)
    assert not list(forgotten_checks(pets))
    assert list(forgotten_checks(reasoned(pets, no_checks="each stands by itself")))


def test_a_reactor_to_what_nobody_does_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pets = toy(tmp_path, monkeypatch, reactors=REACTORS)
    below = [subject for subject in SUBJECTS if subject.name == "offices"]
    assert list(deaf_reactors(pets, below)) == ["pets reacts to office.painted, which nothing below it tells of"]
