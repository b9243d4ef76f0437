"""The files that put Mizban on a server agree with the program: roles, settings, health page, secrets."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from sqlalchemy import text

from desk.storage.engine import Storage
from desk.storage.migrate import upgrade
from tests.keys import KEYS
from tests.postgres import TestPostgres
from tests.system.source_rules import ROOT

ROLES = ("migrate", "web", "bot", "worker")
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
ROLE = "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole, rolreplication FROM pg_roles WHERE rolname = current_user"
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


def test_the_image_has_what_the_picture_of_a_ticket_is_drawn_with() -> None:
    *_, program = DOCKERFILE.split("\nFROM ")
    assert re.search(r"apt-get install [^&]*\blibfribidi0\b", program), "Pillow loads it from the system"
    assert "scripts/copy_frontend.py" in DOCKERFILE, "it lays the font"


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


def _secrets(service: str) -> set[str]:
    return set(_services()[service].get("secrets", ()))


def test_a_service_sees_only_the_secrets_it_needs() -> None:
    named = yaml.safe_load(COMPOSE)["secrets"]
    tokens = {name for name in named if "telegram" in name or "bale" in name}
    assert _secrets("db") == {"superuser_password", "mizban_database_password"}
    needed = {"mizban_database_password", "mizban_secret_key", "mizban_old_secret_keys"}
    assert _secrets("migrate") == needed
    for role in ("web", "bot", "worker"):
        assert _secrets(role) == {*needed, *tokens}
    assert not _secrets("proxy")
    # A read-only container takes secrets from files only.
    assert all(set(how) == {"file"} for how in named.values())


def test_no_secret_is_passed_in_an_environment() -> None:
    for name, service in _services().items():
        assert "env_file" not in service, name
        for variable in service.get("environment", {}):
            assert variable.endswith("_FILE") or not re.search(r"TOKEN|KEY|PASSWORD|PROXY", variable), (name, variable)


def test_the_secrets_are_made_once_and_never_overwritten(tmp_path: Path) -> None:
    def made() -> dict[str, str]:
        subprocess.run(["/bin/sh", ROOT / "deploy" / "make_secrets.sh"], cwd=tmp_path, check=True, capture_output=True)
        return {file.name: file.read_text() for file in (tmp_path / "secrets").iterdir()}

    first = made()
    assert set(first) == {Path(how["file"]).name for how in yaml.safe_load(COMPOSE)["secrets"].values()}
    drawn = [text for text in first.values() if text]
    assert len(drawn) == len(set(drawn)) == 3
    assert all(len(text) == 64 for text in drawn)
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0
    assert made() == first


def test_secrets_and_certificates_are_neither_committed_nor_copied_into_the_image() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    left_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {"/secrets/", "/certificates/"} <= set(ignored)
    assert {"secrets", "certificates", ".env", ".git"} <= set(left_out)


def test_the_proxy_packs_only_what_is_the_same_for_everybody() -> None:
    lines = [line.strip() for line in (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8").splitlines()]
    assert "@files path /static/*" in lines
    assert [line for line in lines if line.startswith("encode")] == ["encode @files zstd gzip"]


def _made_role(environment: dict[str, str]) -> None:
    script = ROOT / "deploy" / "database" / "10-role.sh"
    done = subprocess.run(["/bin/sh", script], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


async def test_the_role_of_the_program_is_no_superuser_and_can_migrate(postgres: TestPostgres, tmp_path: Path) -> None:
    where = dict(os.environ) | postgres.environment()
    secret = tmp_path / "role-password"
    secret.write_text("of the role")
    try:
        await asyncio.to_thread(_made_role, {**where, "ROLE_PASSWORD_FILE": str(secret)})
        url = postgres.url("mizban").replace("postgres@", "mizban@")
        await asyncio.to_thread(upgrade, url, keys=KEYS)
        async with Storage(url, keys=KEYS) as storage:
            may = await storage.read(lambda session: session.execute(text(ROLE)).one())
        assert tuple(may) == ("mizban", False, False, False, False)
    finally:
        postgres.run("DROP DATABASE IF EXISTS mizban WITH (FORCE)")
        postgres.run("DROP ROLE IF EXISTS mizban")


def test_encryption_inside_is_checked_to_the_name_by_every_role() -> None:
    inside = yaml.safe_load((ROOT / "deploy" / "tls-inside.yml").read_text(encoding="utf-8"))["services"]
    assert set(inside) == {*ROLES, "db"}
    for role in ROLES:
        settings = inside[role]["environment"]
        assert settings["MIZBAN_DATABASE_URL"].endswith("?sslmode=verify-full")
        assert any(settings["PGSSLROOTCERT"] in mount for mount in inside[role]["volumes"])
    assert "-cssl=on" in inside["db"]["command"]


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
