"""With a secret that is not the database's nothing starts: every chat would seem new, and nothing could be read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from desk.staff import second_factor
from desk.staff.models import StaffTotp
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from mizban.database import bring_up_to_date, require_readable
from mizban.keys import id_of, load_keys
from mizban.process import ProcessRole, serve
from mizban.settings import InstalledSettings
from mizban.troubles import Trouble
from tests.makers import make_conversation, make_staff

RIGHT, WRONG = (SecretStr(f"a-secret-key-that-is-{word}-and-long-enough") for word in ("right", "wrong"))


def a_chat(session: WriteSession) -> None:
    make_conversation(session)


def an_account(session: WriteSession) -> None:
    id = make_staff(session).id
    secret = session.keys.encrypt("JBSWY3DPEHPK3PXP", column=second_factor.SECRET, row=id)
    session.add(StaffTotp(staff_id=id, secret=secret))


@pytest.mark.parametrize("written", [a_chat, an_account])
@pytest.mark.sqlite
async def test_with_another_secret_it_does_not_start(
    database_url: str, tmp_path: Path, written: Callable[[WriteSession], None]
) -> None:
    right = InstalledSettings(home=tmp_path, database_url=database_url, secret_key=RIGHT)
    async with Storage(database_url, keys=load_keys(right)) as storage:
        await storage.read(require_readable)
        await storage.write(written)
        await storage.read(require_readable)
    wrong = right.model_copy(update={"secret_key": WRONG})
    with pytest.raises(Trouble, match=f"{id_of(RIGHT.get_secret_value().encode())}.*MIZBAN_OLD_SECRET_KEYS"):
        await serve(wrong, ProcessRole.WORKER)
    changed = wrong.model_copy(update={"old_secret_keys": RIGHT})
    async with Storage(database_url, keys=load_keys(changed)) as storage:
        await storage.read(require_readable)


@pytest.mark.postgres
async def test_a_dump_of_before_over_newer_tables_is_said_in_a_sentence(database_url: str, tmp_path: Path) -> None:
    """`pg_restore --clean` leaves the tables that the dump does not know."""
    settings = InstalledSettings(home=tmp_path, database_url=database_url, secret_key=RIGHT)

    def restored(session: WriteSession) -> None:
        session.execute(text("UPDATE alembic_version SET version_num = '0044'"))

    async with Storage(database_url, keys=load_keys(settings)) as storage:
        await storage.write(restored)
    with pytest.raises(Trouble, match=r"stands at revision 0044 and has tables of a later one.*empty database"):
        await asyncio.to_thread(bring_up_to_date, settings)
