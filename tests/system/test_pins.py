"""What is installed is what is written: every package pinned with its hash, every pin asked for, no host named."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.copy_frontend import DRAWN_WITH, ICONS, PACKAGES, icon_names
from tests.system.source_rules import ROOT

LISTS = (
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-installer.txt",
    "requirements-npm.txt",
    "requirements-audit.txt",
)
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(.*)$", re.MULTILINE)
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def _pins(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return {canonicalize_name(package): version for package, version, _ in PIN.findall(text)}


@pytest.mark.parametrize("name", LISTS)
def test_every_package_is_pinned_with_a_hash_and_without_an_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    pins = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]
    assert pins
    assert all(PIN.match(pin) and "--hash=sha256:" in pin for pin in pins)


@pytest.mark.parametrize(
    ("name", "groups"), [("requirements.txt", ["build"]), ("requirements-dev.txt", ["build", "dev"])]
)
def test_the_pins_are_what_the_project_asks_for(name: str, groups: list[str]) -> None:
    pins = _pins(name)
    extras: dict[str, list[str]] = PROJECT["optional-dependencies"]
    for text in [*PROJECT["dependencies"], *(text for group in groups for text in extras[group])]:
        asked = Requirement(text)
        assert canonicalize_name(asked.name) in pins, f"{asked.name}: run make lock"
        assert asked.specifier.contains(pins[canonicalize_name(asked.name)]), f"{text}: run make lock"


def test_tests_run_on_the_versions_that_people_run_on() -> None:
    assert _pins("requirements.txt").items() <= _pins("requirements-dev.txt").items()


def test_the_front_end_is_pinned_with_hashes_and_without_an_address() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    installed = {name: facts for name, facts in lock.items() if name}
    assert all("integrity" in facts and "resolved" not in facts for facts in installed.values())
    for name, version in package["dependencies"].items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), f"{name} is not pinned"
        assert installed[f"node_modules/{name}"]["version"] == version
    assert "scripts" not in package, "the front end needs no build step"


def test_what_is_served_comes_from_what_is_installed() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert {f"node_modules/{package.name}" for package in (*PACKAGES, DRAWN_WITH)} == {name for name in lock if name}


def test_each_icon_is_listed_once_in_order() -> None:
    names = icon_names(ICONS.read_text(encoding="utf-8"))
    assert names == sorted(set(names))


def test_every_icon_that_a_page_names_is_drawn() -> None:
    named = re.compile(r"""\bicon(?:\(|=)\s*["']([a-z0-9-]+)["']""")
    files = [file for kind in ("*.html", "*.py") for file in (ROOT / "backoffice").rglob(kind)]
    asked = {(file.name, icon) for file in files for icon in named.findall(file.read_text(encoding="utf-8"))}
    drawn = set(icon_names(ICONS.read_text(encoding="utf-8")))
    assert not {(file, icon) for file, icon in asked if icon not in drawn}, "add it to scripts/icons.txt"
