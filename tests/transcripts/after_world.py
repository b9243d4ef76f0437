"""Lines of the transcripts about the question in the evening of a visit."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from desk.afterwards.asking import ask_after_visits, end_questions
from desk.afterwards.models import TOLD_AND_SO, AfterCounts, AfterQuestion, AfterSetting
from desk.appointments.models import Appointment
from desk.calendar import TEHRAN, instant_of, local_day_of
from desk.records.rows import RecordInput
from desk.records.rules import ClosedWith, MismatchReason
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.values import Money
from tests.makers_records import keep, receipt, with_receipt
from tests.transcripts.script import Seen
from tests.transcripts.world import World, line


@line(r"the clerk closes the visit with (?:nothing paid|(\d+) toman and the orange receipt)")
async def closed(world: World, toman: str | None) -> list[Seen]:
    def close(session: WriteSession) -> None:
        now = world.bot.clock.now()
        record = RecordInput(closing=ClosedWith.FREE, why=MismatchReason.EXEMPT)
        if toman is not None:
            given = receipt(amount=Money.from_toman(int(toman)), office_code="72-1102", at=now)
            record = with_receipt(receipt=given)
        keep(session, appointment_id=session.scalars(select(Appointment.id)).one(), record=record, now=now)

    await world.write(close)
    return await world.stage.post()


@line(r"the evening comes")
async def evening(world: World) -> list[Seen]:
    """Half past six, and what the jobs do then."""
    now = world.bot.clock.now()
    at = instant_of(local_day_of(now), minutes=18 * 60 + 30, zone=TEHRAN)
    world.bot.clock.advance(max(at - now, timedelta()))

    def run(session: WriteSession) -> None:
        end_questions(session, now=world.bot.clock.now(), limit=50)
        ask_after_visits(session, now=world.bot.clock.now(), limit=50)

    await world.write(run)
    return await world.stage.post()


@line(r"nobody is asked in (\S+) after a visit")
async def switched_off(world: World, province: str) -> None:
    def off(session: WriteSession) -> None:
        session.add(AfterSetting(province_code=province, is_on=False, ask_at=18 * 60))

    await world.write(off)


@line(r"(nothing|[\w, ]+) is counted of the visit")
async def counted(world: World, what: str) -> None:
    """The columns that are not zero: `answered, overpaid`; of how many told each, nothing is said here."""

    def read(session: WriteSession) -> set[str]:
        row = session.execute(select(table_of(AfterCounts))).mappings().one_or_none()
        return {name for name in ("answered", *TOLD_AND_SO.values()) if row is not None and row[name]}

    found = await world.write(read)
    assert found == (set() if what == "nothing" else set(what.split(", "))), f"counted is {sorted(found)}"


@line(r"the question leads to (no|a) visit")
async def leads_to(world: World, which: str) -> None:
    found = await world.write(lambda session: session.scalars(select(AfterQuestion.appointment_id)).one())
    assert (found is None) == (which == "no")
