"""`mizban staff`: accounts from the command line, whose passwords are shown once and work."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from desk.organisation import EVERYWHERE
from desk.staff.listing import members
from desk.staff.passwords import verify_password
from desk.staff.queries import credentials
from mizban.accounts import LETTERS, new_password
from tests.makers import NOW
from tests.mizban.conftest import Mizban
from tests.sqlite_file import open_sqlite


def password_in(text: str) -> str:
    """The last word of what was printed."""
    return text.rsplit(maxsplit=1)[-1]


def fits(home: Path, username: str, password: str) -> bool:
    """Whether this is the account's password."""
    engine = open_sqlite(home / "mizban.sqlite3")
    with Session(engine) as session:
        known = credentials(session, username=username, now=NOW)
    engine.dispose()
    return verify_password(known.password_hash, password)


def test_an_account_is_made_with_a_password_that_is_shown_once(seeded: Mizban, home: Path) -> None:
    told = seeded("staff", "add", "karim", "--role", "clerk", "--office", "72-1102", "--name", "کریم")
    assert told.code == 0
    assert fits(home, "karim", password_in(told.out))
    listed = seeded("staff", "list").out
    assert "karim\tکریم\tclerk at office " in listed
    assert password_in(told.out) not in listed


def test_a_reset_replaces_the_password(seeded: Mizban, home: Path) -> None:
    old = (home / "demo-password").read_text().strip()
    told = seeded("staff", "reset", "clerk1102")
    assert told.code == 0
    assert fits(home, "clerk1102", password_in(told.out))
    assert not fits(home, "clerk1102", old)


def test_a_closed_account_is_listed_as_closed(seeded: Mizban, home: Path) -> None:
    assert seeded("staff", "deactivate", "clerk1102").code == 0
    engine = open_sqlite(home / "mizban.sqlite3")
    with Session(engine) as session:
        closed = [row.username for row in members(session, scope=EVERYWHERE).rows if not row.is_active]
    engine.dispose()
    assert closed == ["clerk1102"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["add", "karim", "--role", "king", "--nation"], "There is no role king"),
        (["add", "karim", "--role", "clerk"], "Say where the role holds"),
        (["add", "karim", "--role", "clerk", "--nation", "--office", "72-1102"], "Say where the role holds"),
        (["add", "karim", "--role", "clerk", "--office", "99-0000"], "There is no office with the code 99-0000."),
        (["add", "karim", "--role", "clerk", "--province", "Tehran"], "There is no province with the code Tehran"),
        (["add", "admin", "--role", "clerk", "--nation"], "Another account has this username."),
        (["add", "K", "--role", "clerk", "--nation"], "A username is 3 to 40 small Latin letters"),
        (["reset", "nobody"], "There is no account nobody"),
        (["deactivate", "nobody"], "There is no account nobody"),
        (["deactivate", "admin"], "At least one account has to administer"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_one_sentence(seeded: Mizban, arguments: list[str], sentence: str) -> None:
    told = seeded("staff", *arguments)
    assert told.code == 2
    assert told.err.startswith(sentence)
    assert told.err.count("\n") == 1
    assert told.out == ""


def test_passwords_can_be_read_out_and_differ() -> None:
    made = {new_password() for _ in range(200)}
    assert len(made) == 200
    assert {len(password) for password in made} == {19}
    assert set("".join(made)) <= {*LETTERS, "-"}
    assert not set("0O1lIi") & {*LETTERS} - {"i"}
