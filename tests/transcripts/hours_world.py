"""Lines of the transcripts about when an office is open: its weekly hours, and the days that differ."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from desk.capacity.models import CapacityException, ExceptionKind, Holiday, Queue
from desk.language.text import Localised
from desk.storage.base import WriteSession
from tests import makers, makers_hours
from tests.transcripts.world import World, line, office_of_code


def _minutes(clock: str) -> int:
    hour, minute = map(int, clock.split(":"))
    return hour * 60 + minute


def _queue(session: WriteSession, office: str) -> Queue:
    return session.scalars(select(Queue).where(Queue.office_id == office_of_code(session, office).id)).one()


@line(r"(\S+) is open on weekdays (\d) to (\d) from (\d+:\d+) to (\d+:\d+)")
async def is_open(world: World, office: str, first: str, last: str, opens: str, closes: str) -> None:
    def make(session: WriteSession) -> None:
        queue = _queue(session, office)
        for weekday in range(int(first), int(last) + 1):
            makers_hours.make_rule(
                session, queue=queue, weekday=weekday, opens=_minutes(opens), closes=_minutes(closes)
            )

    await world.write(make)


@line(r"(\S+) is open on day (\d+) from (\d+:\d+) to (\d+:\d+) only")
async def is_open_only(world: World, office: str, after: str, opens: str, closes: str) -> None:
    def make(session: WriteSession) -> None:
        session.add(
            CapacityException(
                queue_id=_queue(session, office).id,
                day=makers.TODAY + timedelta(days=int(after)),
                kind=ExceptionKind.HOURS,
                hours=[[_minutes(opens), _minutes(closes), None, None]],
            )
        )

    await world.write(make)


@line(r"(\S+) has (\d+) free times? more from (\d+:\d+) on day (\d+), every (\d+) minutes")
async def more_times(world: World, office: str, count: str, opens: str, day: str, apart: str) -> None:
    def make(session: WriteSession) -> None:
        hour, minute = map(int, opens.split(":"))
        first = makers.at(makers.TODAY + timedelta(days=int(day)), hour=hour, minute=minute)
        for number in range(int(count)):
            starts_at = first + number * timedelta(minutes=int(apart))
            makers.make_slot(session, queue=_queue(session, office), starts_at=starts_at, capacity=1)

    await world.write(make)


@line(r"day (\d+) is a holiday")
async def is_a_holiday(world: World, after: str) -> None:
    def make(session: WriteSession) -> None:
        day = makers.TODAY + timedelta(days=int(after))
        session.add(Holiday(day=day, name=Localised({"fa": "تعطیل رسمی"}), is_confirmed=True))

    await world.write(make)
