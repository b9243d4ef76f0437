"""A statement on a table goes straight to the connection; what the ORM has begun is seen, and rolled back, all the
same."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import func, insert, select, update

from desk.language.text import Localised
from desk.offices.models import Province
from desk.storage.base import ReadSession, WriteSession
from desk.storage.engine import Storage
from desk.storage.upsert import table_of
from tests.makers_areas import make_province

_provinces = table_of(Province)
COUNT = select(func.count()).select_from(_provinces)
PREFIX = select(_provinces.c.phone_prefix)


def count(session: ReadSession | WriteSession) -> int:
    return session.scalar(COUNT) or 0


async def test_statements_on_tables_begin_nothing_in_the_orm(storage: Storage) -> None:
    def look(session: ReadSession | WriteSession) -> bool:
        assert session.execute(COUNT).scalar_one() == session.scalars(COUNT).one() == count(session) == 0
        assert session.connection() is session.bind
        return session.in_transaction()

    assert await storage.read(look) is False
    assert await storage.write(look) is False


async def test_what_waits_to_be_written_is_written_first(storage: Storage) -> None:
    def add(session: WriteSession) -> int:
        province = make_province(session)
        province.phone_prefix = "999"
        return len(session.execute(select(_provinces.c.code).where(_provinces.c.phone_prefix == "999")).all())

    assert await storage.write(add) == 1


async def test_a_savepoint_takes_back_what_went_before_it_through_the_connection(storage: Storage) -> None:
    class Refused(Exception):
        pass

    def change(session: WriteSession) -> str | None:
        session.execute(insert(_provinces).values(code="IR-30", name=Localised({"fa": "البرز"}), phone_prefix="026"))
        with suppress(Refused), session.begin_nested():
            session.execute(update(_provinces).values(phone_prefix="999"))
            raise Refused
        return session.scalar(PREFIX)

    before = await storage.write(change)

    assert before == "026"
    assert await storage.read(lambda session: session.scalar(PREFIX)) == "026"
