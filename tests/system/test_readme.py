"""What README.md and the pages below docs/ say is so: settings, commands, links, and no place of one machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from mizban.commands import app
from mizban.settings import InstalledSettings
from tests.system.source_rules import PACKAGES, ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = (ROOT / "README.md", ROOT / "emulator/README.md", *sorted((ROOT / "docs").rglob("*.md")))
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home)/|pypi\.org|npmjs\.org|npmjs\.com|files\.pythonhosted")


def _rows(table_of: str) -> dict[str, list[str]]:
    """The rows of the README's tables whose first cell is code that begins so, by that code."""
    rows = re.findall(rf"^\| `({table_of}[^`]*)` \| (.*) \|$", README, re.MULTILINE)
    assert len(rows) == len({name for name, _cells in rows}), "a name stands in two rows"
    return {name: re.split(r"(?<!\\) \| ", cells) for name, cells in rows}


def _shown(default: object) -> str:
    if hasattr(default, "get_secret_value"):
        default = default.get_secret_value()
    return f"`{default}`" if default is not None and str(default) else "empty"


def test_the_settings_are_those_of_the_program_with_their_defaults() -> None:
    told = {name: cells[-1] for name, cells in _rows("MIZBAN_").items()}
    fields = InstalledSettings.model_fields
    assert told == {f"MIZBAN_{name.upper()}": _shown(field.default) for name, field in fields.items()}


def test_the_make_commands_are_those_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))
    assert {name.removeprefix("make ") for name in _rows("make ")} == targets
    named = {word for page in PAGES for word in re.findall(r"`make ([a-z]+)", page.read_text(encoding="utf-8"))}
    assert named <= targets


def _commands(group: object, prefix: str) -> Iterator[tuple[str, object]]:
    for name, command in sorted(getattr(group, "commands", {}).items()):
        if getattr(command, "commands", None):
            yield from _commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}", command


COMMANDS = dict(_commands(typer.main.get_command(app), "mizban"))


def test_the_commands_are_those_of_the_program() -> None:
    assert set(_rows("mizban ")) == set(COMMANDS)


def test_every_option_of_a_command_is_named_and_none_that_is_not_there() -> None:
    for name, cells in _rows("mizban ").items():
        options = {option for param in getattr(COMMANDS[name], "params", ()) for option in param.opts if "--" in option}
        assert set(re.findall(r"--[a-z]+(?:-[a-z]+)*", cells[0])) == options - {"--help"}, name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_in_the_text_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for asked in re.findall(r"(?:`|ExecStart=\S*/)mizban ((?:staff |catalogue )?[a-z]+(?:-[a-z]+)*)", text):
        words = f"mizban {asked}"
        assert words in COMMANDS or any(known.startswith(f"{words} ") for known in COMMANDS), words


def _anchors(page: Path) -> set[str]:
    headings = HEADING.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for link in LINK.findall(text):
        assert "://" not in link, f"{link}: what the page needs stands in the repository"
        path, _hash, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_nothing_of_one_machine_is_told(page: Path) -> None:
    assert not MACHINE.search(page.read_text(encoding="utf-8"))


def test_every_page_and_package_is_found_from_the_readme() -> None:
    linked = {link.partition("#")[0].rstrip("/") for link in LINK.findall(README)}
    pages = {page.relative_to(ROOT).as_posix() for page in (ROOT / "docs").glob("*.md")}
    assert pages | {"docs/decisions", "LICENSE"} <= linked
    for package in (*PACKAGES, "locales", "tests", "benchmarks"):
        assert any(link.split("/")[0] == package for link in linked), package


def test_decisions_are_numbered_without_a_gap_and_say_what_they_cost() -> None:
    decisions = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in decisions] == list(range(1, len(decisions) + 1))
    for page in decisions:
        text = page.read_text(encoding="utf-8")
        assert text.startswith(f"# {page.name[:4]} "), page.name
        assert "**What.**" in text, page.name
        assert "**Why.**" in text, page.name
        assert "gave up" in text, page.name
