"""A changed secret: what is left under the older one is said, written anew, and then that one is forgotten."""

from __future__ import annotations

import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from desk.storage.encryption import Keys, UnreadableValue
from mizban.keys import (
    FINDS,
    STORAGE,
    checks_needed,
    derive,
    forgotten_secrets,
    id_of,
    load_identity_keys,
    load_keys,
    older_file,
    older_secrets,
    secret_file,
)
from mizban.settings import InstalledSettings, Settings
from tests.mizban.conftest import Mizban, Pair

DATABASE = "mizban.sqlite3"


@pytest.fixture
def settings(home: Path) -> Settings:
    return InstalledSettings(home=home)


@pytest.fixture
def older(kept: Mizban, settings: Settings) -> str:
    """The id of the secret that was changed just now."""
    id = id_of(secret_file(settings).read_bytes())
    assert kept("keys", "change").code == 0
    return id


def sealed_names(home: Path) -> list[tuple[int, bytes]]:
    """The names in appointments, each with what it is authenticated with."""
    connection = sqlite3.connect(home / DATABASE)
    try:
        named = "SELECT code, name_sealed FROM appointments WHERE name_sealed IS NOT NULL ORDER BY code"
        return [(int(code), name) for code, name in connection.execute(named)]
    finally:
        connection.close()


def _a_person_of(home: Path, version: str) -> None:
    """Somebody whose number nobody has written since the change."""
    connection = sqlite3.connect(home / DATABASE)
    with connection:
        connection.execute(
            "UPDATE persons SET identity_hash = ? WHERE id = (SELECT min(id) FROM persons)", (f"{version}.{'0' * 20}",)
        )
    connection.close()


def _nobody_of(home: Path, older: str) -> None:
    """All of them have written their number once more; what else was found by it has passed."""
    connection = sqlite3.connect(home / DATABASE)
    with connection:
        connection.execute("UPDATE persons SET identity_hash = replace(identity_hash, ?, '0badcafe')", (older,))
        for table in ("staff_recovery_codes", "tombstones"):
            connection.execute(f"DELETE FROM {table}")
    connection.close()


def test_without_an_older_one_it_says_so(kept: Mizban, settings: Settings) -> None:
    told = kept("keys")
    assert told.code == 0
    assert told.out.splitlines() == [
        f"The secret key is {id_of(secret_file(settings).read_bytes())}.",
        "There is no older one.",
    ]


def test_what_is_left_is_said_written_anew_and_then_the_older_one_is_forgotten(
    kept: Mizban, home: Path, settings: Settings, older: str
) -> None:
    secret, before = older_secrets(settings)[0], load_keys(settings)
    names = [before.decrypt(name, column="appointments.name_sealed", row=id) for id, name in sealed_names(home)]
    assert names
    told = kept("keys").out
    assert re.search(
        rf"^[\d,]+ values in \d+ columns are still under the older key {older}: mizban keys rewrite$", told, re.M
    )
    refused = kept("keys", "forget", older)
    assert refused.code == 2
    assert "still under the older key" in refused.err
    assert older_secrets(settings) == (secret,), "nothing was changed"

    told = kept("keys", "rewrite").out
    assert "appointments: " in told, "it says how far it is"
    assert f"Nothing is left under the older key {older}" in told
    assert kept("keys", "rewrite").out.splitlines()[1:] == told.splitlines()[-1:], "once more has nothing to do"

    told = kept("keys", "forget", older).out
    assert f"The secret key {older} is forgotten." in told
    assert older_secrets(settings) == ()
    assert secret not in older_file(settings).read_bytes()
    present = load_keys(settings)
    assert [
        present.decrypt(name, column="appointments.name_sealed", row=id) for id, name in sealed_names(home)
    ] == names
    assert kept("verify").code == 0
    assert not kept("keys").out.count("older key")


def test_what_is_kept_of_a_forgotten_one_finds_and_decrypts_nothing(
    kept: Mizban, home: Path, tmp_path: Path, settings: Settings, older: str, keeper: Pair
) -> None:
    before, numbers = load_keys(settings), load_identity_keys(settings)
    stored = Keys(derive(older_secrets(settings)[0], STORAGE)).encrypt("گل‌آقا", column="a.b", row=1)
    assert before.decrypt(stored, column="a.b", row=1) == "گل‌آقا"
    _a_person_of(home, numbers.older[0].version)
    assert kept("keys", "rewrite").code == 0
    told = kept("keys", "forget", older).out
    assert f"By the part of {older} that decrypts nothing" in told
    assert [each.id for each in forgotten_secrets(settings)] == [older]
    after = load_keys(settings)
    assert after.marks("number", "482") == before.marks("number", "482")
    assert load_identity_keys(settings).marks("number", "482") == numbers.marks("number", "482")
    with pytest.raises(UnreadableValue):
        after.decrypt(stored, column="a.b", row=1)
    assert len(checks_needed(settings)) == 1, "a back-up of now needs one secret"

    exported = tmp_path / "all.age"
    assert kept("keys", "export", keeper.public, str(exported)).code == 0
    shutil.rmtree(home / "keys")
    assert kept("keys", "import", str(exported), "--identity", str(keeper.file)).code == 0
    assert load_identity_keys(settings).marks("number", "482") == numbers.marks("number", "482")

    assert kept("keys", "forget", older).code == 2, "it still finds something"
    _nobody_of(home, older)
    assert f"Nothing is found by {older} any more" in kept("keys").out
    assert kept("keys", "forget", older).code == 0
    assert forgotten_secrets(settings) == ()
    assert kept("keys", "forget", older).code == 2, "there is none of this name"


def test_one_that_the_settings_give_is_taken_out_there(
    kept: Mizban, home: Path, settings: Settings, older: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = load_identity_keys(settings).older[0].version
    monkeypatch.setenv("MIZBAN_OLD_SECRET_KEYS", older_secrets(settings)[0].decode())
    older_file(settings).unlink()
    _a_person_of(home, version)
    assert kept("keys", "rewrite").code == 0
    told = kept("keys", "forget", older)
    assert told.code == 2
    instead = re.search(rf"{FINDS}\S+", told.err)
    assert instead is not None
    monkeypatch.setenv("MIZBAN_OLD_SECRET_KEYS", instead.group())
    told = kept("keys")
    assert told.code == 0
    assert f"By the part of {older} that decrypts nothing" in told.out
    monkeypatch.setenv("MIZBAN_OLD_SECRET_KEYS", f"{FINDS}{'0' * 40}")
    assert "not written by Mizban" in kept("keys").err


def _a_name_under(home: Path, key: str) -> None:
    connection = sqlite3.connect(home / DATABASE)
    with connection:
        named = "UPDATE appointments SET name_sealed = ? WHERE id = (SELECT min(id) FROM appointments)"
        connection.execute(named, (bytes.fromhex(key) + bytes(40),))
    connection.close()


def test_a_value_that_was_changed_is_named_and_the_rest_waits(kept: Mizban, home: Path, older: str) -> None:
    code, name = sealed_names(home)[0]
    connection = sqlite3.connect(home / DATABASE)
    with connection:
        connection.execute(
            "UPDATE appointments SET name_sealed = ? WHERE code = ?", (name[:-1] + bytes([name[-1] ^ 1]), str(code))
        )
    connection.close()
    stopped = kept("keys", "rewrite")
    assert stopped.code == 2
    assert f"appointments.name_sealed of row {code} cannot be decrypted" in stopped.err
    assert "mizban keys rewrite" in stopped.err, "what to do next"
    assert "Traceback" not in stopped.err
    assert f"under the older key {older}" in kept("keys").out


def test_a_value_under_a_key_that_is_nowhere_is_named(kept: Mizban, home: Path, older: str) -> None:
    _a_name_under(home, "0badcafe")
    assert "1 value is under 0badcafe, which is not here" in kept("keys").out


def test_what_a_process_of_before_writes_under_a_forgotten_key_is_named(
    kept: Mizban, home: Path, settings: Settings, older: str
) -> None:
    """It was not started again after the change, and what is kept of its key decrypts nothing."""
    _a_person_of(home, load_identity_keys(settings).older[0].version)
    assert kept("keys", "rewrite").code == 0
    assert kept("keys", "forget", older).code == 0
    assert [each.id for each in forgotten_secrets(settings)] == [older]
    assert "which is not here" not in kept("keys").out
    _a_name_under(home, older)
    assert f"1 value is under {older}, which is not here" in kept("keys").out
