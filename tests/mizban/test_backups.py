"""Back-ups are encrypted and hold no secret; the secret is kept elsewhere first; a wrong one is told in time."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import stat
import sys
import tarfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from desk.identity import IN_USE
from mizban import age
from mizban.backup import CHECKS, DATABASE
from mizban.keys import check_of, known_secrets, load_identity_keys, load_keys, secret_file
from mizban.restore import KEY
from mizban.settings import InstalledSettings
from tests.mizban.conftest import Mizban, Pair

ANOTHER = "another-key-that-was-made-by-mistake-000000"


def secret_of(home: Path) -> bytes:
    return secret_file(InstalledSettings(home=home)).read_bytes()


def codes(home: Path) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(home / DATABASE)
    try:
        return connection.execute("SELECT code FROM offices WHERE id = 1").fetchall()
    finally:
        connection.close()


def spoil(home: Path) -> None:
    """Change something that a restore brings back."""
    connection = sqlite3.connect(home / DATABASE)
    with connection:
        connection.execute("UPDATE offices SET code = 'changed' WHERE id = 1")
    connection.close()


def opened(file: Path, pair: Pair) -> bytes:
    """The content of an age file."""
    content = io.BytesIO()
    with file.open("rb") as source:
        age.decrypt(source, content, age.identities(pair.file))
    return content.getvalue()


def packed(content: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        return {name: member.read() for name in archive.getnames() if (member := archive.extractfile(name))}


@pytest.fixture
def copy(kept: Mizban, tmp_path: Path, archivist: Pair, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An encrypted back-up of `kept`."""
    monkeypatch.setenv("MIZBAN_BACKUP_RECIPIENT", archivist.public)
    file = tmp_path / "copy.tar.gz.age"
    told = kept("backup", str(file))
    assert told.code == 0, told.err
    return file


def test_a_thief_of_a_backup_has_neither_the_database_nor_the_key(copy: Path, home: Path, archivist: Pair) -> None:
    raw, secret = copy.read_bytes(), secret_of(home)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert b"SQLite format" not in raw
    assert secret not in raw
    inside = packed(opened(copy, archivist))
    assert set(inside) == {DATABASE, CHECKS, "ABOUT.txt"}
    assert inside[DATABASE].startswith(b"SQLite format")
    assert all(secret not in content for content in inside.values()), "whoever may open it has no secret yet"


def test_a_plain_backup_holds_no_secret_either(kept: Mizban, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "copy.tar.gz"
    told = kept("backup", "--plain", str(file))
    assert told.code == 0
    assert "not encrypted" in told.out
    assert all(secret_of(home) not in content for content in packed(file.read_bytes()).values())


def test_without_a_public_key_a_backup_is_refused(kept: Mizban, tmp_path: Path) -> None:
    told = kept("backup", str(tmp_path / "copy"))
    assert told.code == 2
    assert "MIZBAN_BACKUP_RECIPIENT" in told.err
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("plain", [True, False])
def test_a_backup_is_refused_until_this_secret_was_exported(
    kept: Mizban, home: Path, tmp_path: Path, archivist: Pair, monkeypatch: pytest.MonkeyPatch, plain: bool
) -> None:
    monkeypatch.setenv("MIZBAN_BACKUP_RECIPIENT", archivist.public)
    options = ["--plain"] if plain else []
    assert kept("backup", *options, str(tmp_path / "first")).code == 0
    monkeypatch.setenv("MIZBAN_SECRET_KEY", ANOTHER)  # what was noted is the other secret
    told = kept("backup", *options, str(tmp_path / "second"))
    assert told.code == 2
    assert "mizban keys export" in told.err
    assert not (tmp_path / "second").exists()


def test_an_exported_secret_comes_back_on_a_new_machine(
    kept: Mizban, home: Path, tmp_path: Path, keeper: Pair, archivist: Pair
) -> None:
    secret, exported = secret_of(home), tmp_path / "secret.age"
    assert secret not in exported.read_bytes()
    assert stat.S_IMODE(exported.stat().st_mode) == 0o600
    assert kept("keys", "import", str(exported), "--identity", str(keeper.file)).code == 0, "the same one is no matter"
    (home / KEY).write_text(ANOTHER)
    told = kept("keys", "import", str(exported), "--identity", str(keeper.file))
    assert told.code == 2
    assert (home / KEY).read_text() == ANOTHER
    (home / KEY).unlink()
    assert kept("keys", "import", str(exported), "--identity", str(archivist.file)).code == 2
    assert kept("keys", "import", str(exported), "--identity", str(keeper.file)).code == 0
    assert secret_of(home) == secret
    assert stat.S_IMODE((home / KEY).stat().st_mode) == 0o600


def test_one_public_key_cannot_take_both_the_backups_and_the_secret(
    kept: Mizban, tmp_path: Path, archivist: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIZBAN_BACKUP_RECIPIENT", archivist.public)
    told = kept("keys", "export", archivist.public, str(tmp_path / "again.age"))
    assert told.code == 2
    assert not (tmp_path / "again.age").exists()


def test_an_encrypted_backup_is_restored_with_its_private_key(
    kept: Mizban, copy: Path, home: Path, archivist: Pair, keeper: Pair
) -> None:
    spoil(home)
    for options, why in (([], "--identity"), (["--identity", str(keeper.file)], "does not open it")):
        told = kept("restore", str(copy), "--force", *options)
        assert told.code == 2
        assert why in told.err
        assert codes(home) == [("changed",)]
    assert "--force" in kept("restore", str(copy), "--identity", str(archivist.file)).err
    told = kept("restore", str(copy), "--force", "--identity", str(archivist.file))
    assert told.code == 0, told.err
    assert codes(home) != [("changed",)]
    assert [path.name for path in home.rglob("*.before-restore-1")] == ["mizban.sqlite3.before-restore-1"]
    assert not list(home.glob("restore-*")), "nothing decrypted is left lying about"


@pytest.mark.parametrize("here", ["another", "none"])
def test_a_restore_with_a_wrong_secret_says_so_before_it_touches_anything(
    kept: Mizban, copy: Path, home: Path, archivist: Pair, here: str
) -> None:
    spoil(home)
    made_with = check_of(secret_of(home))[:8]
    (home / KEY).write_text(ANOTHER)
    if here == "none":
        (home / KEY).unlink()
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    told = kept("restore", str(copy), "--force", "--identity", str(archivist.file))
    assert told.code == 2
    assert made_with in told.err
    assert "Nothing was touched" in told.err
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before


def test_a_torn_backup_changes_nothing(kept: Mizban, copy: Path, home: Path, archivist: Pair) -> None:
    copy.write_bytes(copy.read_bytes()[:-100])
    before = (home / DATABASE).read_bytes()
    told = kept("restore", str(copy), "--force", "--identity", str(archivist.file))
    assert told.code == 2
    assert "torn" in told.err
    assert (home / DATABASE).read_bytes() == before


def test_a_backup_from_before_they_were_encrypted_comes_back_with_the_key_in_it(
    kept: Mizban, home: Path, tmp_path: Path
) -> None:
    old = tmp_path / "old.tar.gz"
    secret = secret_of(home)
    with tarfile.open(old, "w:gz") as archive:
        archive.add(home / DATABASE, arcname=DATABASE)
        archive.add(home / KEY, arcname=KEY)
    spoil(home)
    (home / KEY).write_text(ANOTHER)
    told = kept("restore", str(old), "--force")
    assert told.code == 2, "nobody can tell what was erased since"
    assert "--without-erased" in told.err
    assert codes(home) == [("changed",)]
    assert kept("restore", str(old), "--force", "--without-erased").code == 0
    assert codes(home) != [("changed",)]
    assert secret_of(home) == secret
    asides = sorted(path.name for path in home.rglob("*.before-restore-1"))
    assert asides == ["mizban.sqlite3.before-restore-1", "secret.key.before-restore-1"]


@pytest.mark.parametrize("wrong", ["age1nonsense", "private"])
def test_a_wrong_public_key_stops_with_one_sentence_that_does_not_repeat_it(
    mizban: Mizban, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    value = age.new_pair()[0] if wrong == "private" else wrong
    monkeypatch.setenv("MIZBAN_BACKUP_RECIPIENT", value)
    told = mizban("migrate")
    assert told.code == 2
    assert told.err.startswith("MIZBAN_BACKUP_RECIPIENT is ")
    assert value not in told.err


def test_a_pair_is_made_for_who_has_no_age(mizban: Mizban, tmp_path: Path) -> None:
    file = tmp_path / "pair.key"
    told = mizban("keys", "pair", str(file))
    assert told.code == 0
    assert str(age.recipient(told.out.strip())) == told.out.strip()
    assert "AGE-SECRET-KEY" not in told.out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert mizban("keys", "pair", str(file)).code == 2


def test_for_postgresql_the_commands_are_told_and_pipe_through_age(
    mizban: Mizban, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MIZBAN_DATABASE_URL", "postgresql+asyncpg://desk:word@db.example:5433/mizban")
    told = mizban("backup")
    assert told.code == 2
    assert (
        "pg_dump --format=custom --host=db.example --port=5433 --username=desk --dbname=mizban | mizban keys encrypt"
        in told.err
    )
    assert "pipefail" in told.err, "else a torn dump passes for a whole one"
    assert "word" not in told.err
    back = mizban("restore", str(tmp_path / "x"))
    assert "mizban keys decrypt" in back.err
    assert "--single-transaction" in back.err, "else a torn file is put in place by half"


DUMP = b"PGDMP" + os.urandom(300_000)


def piped(mizban: Mizban, monkeypatch: pytest.MonkeyPatch, given: bytes, *arguments: str) -> tuple[int, bytes, str]:
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(given)))
    with monkeypatch.context() as patch:
        patch.setattr("mizban.commands.keys.sys.stdout", SimpleNamespace(buffer=out, isatty=lambda: False))
        code = mizban("keys", *arguments)
    return code.code, out.getvalue(), code.err


def test_a_dump_goes_through_the_pipe_and_back(
    kept: Mizban, copy: Path, home: Path, archivist: Pair, keeper: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, sealed, _ = piped(kept, monkeypatch, DUMP, "encrypt")
    assert code == 0
    assert sealed.startswith(age.MAGIC)
    assert DUMP[:64] not in sealed
    identity = ("--identity", str(archivist.file))
    assert piped(kept, monkeypatch, sealed, "decrypt", *identity)[:2] == (0, DUMP)
    assert piped(kept, monkeypatch, sealed, "decrypt", "--identity", str(keeper.file))[:2] == (2, b"")
    (home / KEY).write_text(ANOTHER)
    code, passed, said = piped(kept, monkeypatch, sealed, "decrypt", *identity)
    assert (code, passed) == (2, b""), "with a wrong secret pg_restore gets nothing"
    assert "Nothing was touched" in said
    code, _, said = piped(kept, monkeypatch, DUMP, "encrypt")
    assert code == 2
    assert "mizban keys export" in said


def test_what_others_encrypted_is_decrypted_as_it_is(
    kept: Mizban, archivist: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    for content in (b"", b"m", b"mizban", b"PGDMP and more", b"no line end " * 1000):
        sealed = io.BytesIO()
        age.encrypt(io.BytesIO(content), sealed, age.recipient(archivist.public))
        told = piped(kept, monkeypatch, sealed.getvalue(), "decrypt", "--identity", str(archivist.file))
        assert told[:2] == (0, content)


def test_plain_copies_in_the_home_folder_are_named_at_the_start(
    kept: Mizban, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from mizban import process

    def started() -> str:
        capsys.readouterr()
        with monkeypatch.context() as patch:
            patch.setattr(process, "run_loop", lambda main: main.close())
            patch.setattr(process, "set_up", lambda level: None)
            assert kept("serve").code == 0
        return kept_errors[-1]

    kept_errors: list[str] = []

    monkeypatch.setattr("mizban.process.complain", kept_errors.append)
    sqlite3.connect(home / DATABASE).execute("PRAGMA user_version").close()
    kept_errors.append("")
    assert started() == "", "the database in use and the secret are no copies"
    assert kept("backup", "--plain").code == 0
    shutil.copyfile(home / DATABASE, home / "mizban.sqlite3.before-restore-1")
    (home / "old.dump").write_bytes(DUMP)
    told = started()
    for name in ("mizban-", "mizban.sqlite3.before-restore-1", "old.dump"):
        assert name in told
    assert "3 unencrypted copies" in told


def test_a_changed_secret_leaves_the_one_before_to_read_with(
    kept: Mizban, copy: Path, home: Path, tmp_path: Path, archivist: Pair, keeper: Pair
) -> None:
    settings = InstalledSettings(home=home)
    first, before = secret_of(home), load_keys(settings)
    stored = before.encrypt("گل‌آقا", column="a.b", row=1)
    kept_as = load_identity_keys(settings).current.version
    assert kept("keys", "change").code == 0
    keys, numbers = load_keys(settings), load_identity_keys(settings)
    assert keys.name != before.name
    assert keys.decrypt(stored, column="a.b", row=1) == "گل‌آقا"
    assert [each.version for each in numbers.older] == [kept_as]
    assert numbers.current.version == f"{IN_USE.now.name}.{keys.name}"
    told = kept("backup", str(tmp_path / "later.age"))
    assert told.code == 2, "the new one was not exported yet"
    assert kept("restore", str(copy), "--force", "--identity", str(archivist.file)).code == 0, "the older one is known"

    assert kept("keys", "change").code == 0, "and once more"
    exported = tmp_path / "all.age"
    assert kept("keys", "export", keeper.public, str(exported)).code == 0
    every = known_secrets(settings)
    assert len(every) == 3
    assert every[2] == first
    shutil.rmtree(home / "keys")
    assert kept("keys", "import", str(exported), "--identity", str(keeper.file)).code == 0
    assert known_secrets(settings) == every
    assert {stat.S_IMODE(path.stat().st_mode) for path in (home / "keys").iterdir()} == {0o600}


def test_a_secret_of_the_settings_is_changed_there(kept: Mizban, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIZBAN_SECRET_KEY", ANOTHER)
    before = secret_of(home)
    told = kept("keys", "change")
    assert told.code == 2
    assert "MIZBAN_OLD_SECRET_KEYS" in told.err
    assert secret_of(home) == before
