"""After talks with papers and pictures no table, file or log holds what must not stay; erasing leaves counts only."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from desk.storage.engine import Storage
from emulator.remote import RemotePerson
from tests.faults.running import KEYS, PATIENCE, TOKENS, Mizban, emulator_process
from tests.faults.walkers import walker
from tests.sealed import opened

PICTURE = bytes(random.Random(7).randbytes(900))  # noqa: S311  # bytes that occur nowhere else
ERASE = ("go:settings:", "erase", "go_on", "yes")


def everything(session: Session) -> dict[str, list[str]]:
    """Every row of every table, as text, decrypted."""
    connection = session.connection()
    names = inspect(connection).get_table_names()
    return {
        name: [
            json.dumps([str(value) for value in opened(KEYS, name, dict(row)).values()], ensure_ascii=False)
            for row in connection.execute(text(f'SELECT * FROM "{name}"')).mappings()
        ]
        for name in names
    }


async def press(person: RemotePerson, *keys: str) -> None:
    """Press the buttons with these keys, one screen after another."""
    for key in keys:
        screen = await person.settled(PATIENCE, spinners=False)
        data = next(
            (button.data for row in screen.rows for button in row if button.data.partition(".")[2] == key), None
        )
        assert data is not None, (key, screen.plain, screen.rows)
        await person.press(data=data)


@pytest.mark.durable
async def test_nothing_stays_that_must_not(database_url: str, tmp_path: Path) -> None:
    chance = random.Random(9)  # noqa: S311  # names of people
    async with (
        emulator_process() as emulator,
        Mizban(folder=tmp_path, database_url=database_url, emulator=emulator, by_webhook=False) as mizban,
    ):
        assert (await mizban.command("seed", "--demo"))[0] == 0
        async with Storage(database_url, keys=KEYS) as storage:
            invented = await storage.read(everything)
        await mizban.start()
        people = [await walker(emulator, dialect, chance) for dialect in TOKENS]
        for one in people:
            await one.walk(until=1e12)
            assert one.has_ticket, one.trouble
            await one.person.send_photo(PICTURE, caption=f"این هم {one.number}")
            await one.person.settled(PATIENCE, spinners=False)
            await one.person.say(f"شمارهٔ کارتم {one.number} است")
            await one.person.settled(PATIENCE, spinners=False)
        await mizban.stop()
        async with Storage(database_url, keys=KEYS) as storage:
            before = await storage.read(everything)
        assert_clean(tmp_path, before, people, kept=[one.name for one in people])

        await mizban.start()
        for one in people:
            await one.person.say("/menu")
            await press(one.person, *ERASE)
            await one.person.settled(PATIENCE, spinners=False)
        await mizban.stop()
        code, said = await mizban.command("verify")
        assert code == 0, said
    async with Storage(database_url, keys=KEYS) as storage:
        after = await storage.read(everything)
    assert_clean(tmp_path, after, people, kept=[])
    left = "\n".join(line for rows in after.values() for line in rows)
    for one in people:
        assert one.name not in left
        assert f'"{one.person.id}"' not in left, "the chat's own number stays"
    for table in ("conversations", "persons", "known_persons", "outbox_messages"):
        # The demonstration's invented people were there before and have not asked for anything.
        assert set(after[table]) <= set(invented[table]), table
    assert len(after["appointments"]) == len(invented["appointments"]) + len(people), "the counts are kept"


def assert_clean(folder: Path, rows: dict[str, list[str]], people: list[Any], *, kept: list[str]) -> None:
    """No full number, token or picture in any table, file or log; names only where they are kept."""
    told = "\n".join(line for lines in rows.values() for line in lines)
    for name in kept:
        assert name in told, "the test looks at the wrong place"
        for path in folder.rglob("*"):
            assert not path.is_file() or name.encode() not in path.read_bytes(), f"{path} holds a name in clear"
    secrets = [
        *TOKENS.values(),
        *(token.partition(":")[2] for token in TOKENS.values()),
        *(one.number for one in people),
    ]
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "demo-password"]
    assert any(path.name == "mizban.log" for path in files)
    for secret in secrets:
        assert secret not in told
        for path in files:
            assert secret.encode() not in path.read_bytes(), (path, secret)
    for path in files:
        assert PICTURE[:64] not in path.read_bytes(), path
    log = (folder / "mizban.log").read_text()
    assert not [one.name for one in people if one.name in log]
    assert not [letter for letter in log if "\u0600" <= letter <= "\u06ff"]
