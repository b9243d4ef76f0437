"""The files that put Mizban on a server agree with the program: roles, settings, health page, secrets."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any, cast

import pytest
import yaml

from tests.system.source_rules import ROOT

ROLES = ("migrate", "web", "bot", "worker")
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SETTING = re.compile(r"\bMIZBAN_[A-Z_]+\b")


def _services() -> dict[str, Any]:
    return cast("dict[str, Any]", yaml.safe_load(COMPOSE)["services"])


def test_the_services_are_the_roles_with_a_database_and_a_proxy() -> None:
    assert set(_services()) == {*ROLES, "db", "proxy"}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_runs_its_own_command_after_the_migration(role: str) -> None:
    service = _services()[role]
    assert service["command"] == [role]
    awaited = {"db": "service_healthy"} if role == "migrate" else {"migrate": "service_completed_successfully"}
    assert {name: how["condition"] for name, how in service["depends_on"].items()} == awaited


@pytest.mark.parametrize("role", ROLES)
def test_the_program_knows_the_command(role: str) -> None:
    asked = subprocess.run([sys.executable, "-m", "mizban", role, "--help"], cwd=ROOT, capture_output=True, check=False)
    assert asked.returncode == 0, asked.stderr.decode()


def test_only_the_proxy_is_reached_from_outside_and_the_database_not_even_by_it() -> None:
    services = _services()
    assert {name for name, service in services.items() if "ports" in service} == {"proxy"}
    assert services["db"]["networks"] == ["inside"]
    assert "inside" not in services["proxy"]["networks"]
    assert yaml.safe_load(COMPOSE)["networks"]["inside"]["internal"] is True


def test_what_is_kept_lies_on_named_volumes() -> None:
    named = set(yaml.safe_load(COMPOSE)["volumes"])
    used = {mount.split(":")[0] for service in _services().values() for mount in service.get("volumes", ())}
    assert named == {mount for mount in used if not mount.startswith(".")}
    assert all((ROOT / mount).exists() for mount in used if mount.startswith("."))


@pytest.mark.parametrize("text", [COMPOSE, EXAMPLE, DOCKERFILE], ids=["compose", "example", "dockerfile"])
def test_every_setting_named_is_one_that_the_program_and_the_readme_know(text: str) -> None:
    from mizban.settings import InstalledSettings

    known = {f"MIZBAN_{name.upper()}" for name in InstalledSettings.model_fields}
    named = set(SETTING.findall(text))
    assert named, "the file names no setting: has the prefix changed?"
    assert named <= known, named - known
    assert named <= set(SETTING.findall((ROOT / "README.md").read_text(encoding="utf-8")))


def test_every_value_that_compose_asks_for_is_in_the_example() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE))
    offered = {line.partition("=")[0] for line in EXAMPLE.splitlines() if "=" in line and not line.startswith("#")}
    assert asked <= offered


def test_the_example_holds_no_secret() -> None:
    filled = [line for line in EXAMPLE.splitlines() if re.match(r"[A-Z_]*(TOKEN|KEY|PASSWORD)=.", line)]
    assert not filled


def test_the_image_does_not_run_as_root_and_installs_only_what_is_pinned() -> None:
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER (?!root|0)", last_stage, re.MULTILINE)
    installs = [line for line in DOCKERFILE.splitlines() if "pip install" in line]
    assert installs
    assert all("--require-hashes" in line or "--no-index" in line for line in installs)
    assert "npm install" not in DOCKERFILE
