"""Commands that keep the data: migrate, seed, verify, and what a back-up and its restore need to be sound."""

from __future__ import annotations

import sqlite3
import stat
import tarfile
from pathlib import Path

import pytest

from mizban.backup import DATABASE
from tests.mizban.conftest import Mizban


def rows(home: Path, query: str) -> list[tuple[object, ...]]:
    """What a statement gives on the database of this home."""
    connection = sqlite3.connect(home / "mizban.sqlite3")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def change(home: Path, statement: str) -> None:
    """Change the database behind everybody's back."""
    connection = sqlite3.connect(home / "mizban.sqlite3")
    with connection:
        connection.execute(statement)
    connection.close()


def test_migrate_makes_the_database_in_a_home_only_its_owner_enters(mizban: Mizban, home: Path) -> None:
    told = mizban("migrate")
    assert told.code == 0
    assert "stands at revision" in told.out
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert mizban("migrate").out == told.out


def test_an_old_database_is_named_with_the_way_out(mizban: Mizban, home: Path) -> None:
    mizban("migrate")
    change(home, "UPDATE alembic_version SET version_num = '0001'")
    told = mizban("verify")
    assert told.code == 2
    assert "stands at revision 0001" in told.err
    assert "mizban migrate" in told.err


def test_seeding_twice_is_seeding_once_and_keeps_the_password(mizban: Mizban, home: Path) -> None:
    first = mizban("seed", "--demo")
    counts = [
        rows(home, f"SELECT count(*) FROM {table}") for table in ("services", "offices", "slots", "staff_members")
    ]
    second = mizban("seed", "--demo")
    assert (first.code, second.code) == (0, 0)
    assert first.out == second.out
    assert [
        rows(home, f"SELECT count(*) FROM {table}") for table in ("services", "offices", "slots", "staff_members")
    ] == counts
    password = home / "demo-password"
    assert password.read_text().strip() in first.out
    assert stat.S_IMODE(password.stat().st_mode) == 0o600


def test_without_demo_there_is_no_office_and_no_account(mizban: Mizban, home: Path) -> None:
    assert mizban("seed").code == 0
    assert rows(home, "SELECT count(*) FROM offices") == [(0,)]
    assert rows(home, "SELECT count(*) FROM staff_members") == [(0,)]
    assert rows(home, "SELECT count(*) > 0 FROM services") == [(1,)]
    assert not (home / "demo-password").exists()


def test_verify_is_silent_about_what_holds_and_lists_what_is_broken(seeded: Mizban, home: Path) -> None:
    assert (seeded("verify").code, seeded("verify").out) == (0, "Every invariant holds.\n")
    change(
        home, "UPDATE slots SET remaining = remaining - 1 WHERE id = (SELECT min(id) FROM slots WHERE remaining > 1)"
    )
    told = seeded("verify")
    assert told.code == 1
    assert told.out.count("\n") >= 1
    assert "invariant" in told.err


def test_a_backup_sees_one_moment_of_a_database_in_use(kept: Mizban, home: Path, tmp_path: Path) -> None:
    writer = sqlite3.connect(home / "mizban.sqlite3", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE offices SET code = 'half-way' WHERE id = 1")
    copy = tmp_path / "copy.tar.gz"
    assert kept("backup", "--plain", str(copy)).code == 0
    writer.execute("COMMIT")
    writer.close()
    with tarfile.open(copy) as archive:
        archive.extract(DATABASE, tmp_path, filter="data")
    copied = sqlite3.connect(tmp_path / DATABASE)
    assert copied.execute("SELECT count(*) FROM offices WHERE code = 'half-way'").fetchone() == (0,)
    copied.close()


def test_a_running_mizban_is_not_restored_over(kept: Mizban, home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.tar.gz"
    kept("backup", "--plain", str(copy))
    running = sqlite3.connect(home / "mizban.sqlite3", isolation_level=None)
    running.execute("SELECT count(*) FROM offices").fetchone()
    told = kept("restore", str(copy), "--force")
    running.close()
    assert told.code == 2
    assert "is running" in told.err
    assert kept("restore", str(copy), "--force").code == 0


@pytest.mark.parametrize("content", [b"", b"not an archive at all", b"\x1f\x8b\x08"], ids=["empty", "text", "torn"])
def test_what_is_no_backup_changes_nothing(seeded: Mizban, home: Path, tmp_path: Path, content: bytes) -> None:
    wrong = tmp_path / "wrong.tar.gz"
    wrong.write_bytes(content)
    before = (home / "mizban.sqlite3").read_bytes()
    told = seeded("restore", str(wrong), "--force")
    assert told.code == 2
    assert (home / "mizban.sqlite3").read_bytes() == before


def test_a_damaged_database_is_not_put_in_place(seeded: Mizban, home: Path, tmp_path: Path) -> None:
    broken = tmp_path / DATABASE
    content = bytearray((home / "mizban.sqlite3").read_bytes())
    content[4096 : 4096 * 12] = bytes(4096 * 11)
    broken.write_bytes(bytes(content))
    with tarfile.open(tmp_path / "broken.tar.gz", "w:gz") as archive:
        archive.add(broken, arcname=DATABASE)
    told = seeded("restore", str(tmp_path / "broken.tar.gz"), "--force")
    assert told.code == 2
    assert "damaged" in told.err
    assert seeded("verify").code == 0
