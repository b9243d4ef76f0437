"""The scene of a transcript: what `given`, `when` and `then` lines may say, and what each does."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from desk.appointments.actions import cancel_by_office
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.calendar import local_day_of
from desk.capacity.models import Slot
from desk.catalogue.models import Service, ServiceFee
from desk.conversations.models import Conversation
from desk.language.language import Language
from desk.offices.models import Office
from desk.people.models import KnownPerson
from desk.people.rules import DocumentKind
from desk.places.actions import release_expired
from desk.places.counting import give_back, take_places
from desk.places.models import Claim
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession
from desk.visits import actions as visits
from desk.visits.rules import Outcome
from tests import makers
from tests.makers import acting
from tests.makers_chats import chat_of, known_as
from tests.makers_fees import make_fee
from tests.transcripts.scenery import many_offices_and_days, seven_provinces, usual_desk
from tests.transcripts.script import Seen
from tests.transcripts.stage import IDENTITY_KEY, Bot, Stage
from tests.weak_hashes import digest

LINES: dict[re.Pattern[str], Callable[..., Any]] = {}


def line(pattern: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register what a line of this pattern does; its groups are the arguments."""

    def register(work: Callable[..., Any]) -> Callable[..., Any]:
        LINES[re.compile(pattern)] = work
        return work

    return register


@dataclass
class World:
    """The desk around one chat, and the people behind the counter."""

    bot: Bot
    stage: Stage
    lang: str
    kept: list[Any] = field(default_factory=list)
    """What a line has put aside for a later one to compare with."""
    desk_stands: bool = False
    """Whether the database held the usual desk from the start; the line that asks for it then finds it."""

    async def does(self, text: str) -> list[Seen]:
        """Carry out one line; what the person sees of it."""
        for pattern, work in LINES.items():
            found = pattern.fullmatch(text)
            if found is not None:
                seen = work(self, *found.groups())
                result = await seen if isinstance(seen, Awaitable) else seen
                return list(result) if isinstance(result, list) else []
        raise ValueError(f"nothing is known of «{text}»; known are: {', '.join(each.pattern for each in LINES)}")

    async def write(self, work: Callable[[WriteSession], Any]) -> Any:
        self.bot.told += 1
        return await self.bot.storage.write(work)

    @property
    def language(self) -> Language:
        return self.bot.language


@line("the usual desk")
async def usual(world: World) -> None:
    if not world.desk_stands:
        await world.write(lambda session: usual_desk(session, lang=world.lang))


@line("many offices in Karaj, and many days at the last of them")
async def many_there(world: World) -> None:
    await world.write(lambda session: many_offices_and_days(session, lang=world.lang))


@line("an office in seven provinces")
async def in_seven(world: World) -> None:
    await world.write(lambda session: seven_provinces(session, lang=world.lang))


@line(r"a person who has been here before(?: in (Dari))?")
async def been_here(world: World, dari: str | None) -> None:
    def make(session: WriteSession) -> None:
        at = world.stage.address
        makers.make_conversation(
            session, channel=at.channel, bot=at.bot, chat=at.chat, locale="fa_AF" if dari else "fa"
        )

    await world.write(make)


@line(r"the fee of «(.+)» is (\d+) rial from (?:today|day (\d+)) on")
async def fee_rises(world: World, service: str, rial: str, after: str | None) -> None:
    def make(session: WriteSession) -> None:
        found, first = service_of_code(session, service), makers.TODAY + timedelta(days=int(after or 0))
        for before in session.scalars(select(ServiceFee).where(ServiceFee.service_id == found.id)):
            before.valid_to = first - timedelta(days=1)
        make_fee(session, service=found, rial=int(rial), valid_from=first)

    await world.write(make)


@line(r"(\S+) is known to this chat by the number (\S+)")
async def is_known(world: World, name: str, number: str) -> None:
    def make(session: WriteSession) -> None:
        mark, chat = digest(number, kind=DocumentKind.AMAYESH, key=IDENTITY_KEY), this_chat(session, world)
        earlier = session.scalar(
            select(func.count()).select_from(KnownPerson).where(KnownPerson.conversation_id == chat.id)
        )
        makers.make_person(
            session,
            conversation=chat,
            name=name,
            identity_hash=mark.hash,
            last4=mark.last4,
            # One after the other, and before now: a list is in the order of use, and ids are random.
            used_at=makers.NOW - timedelta(hours=1) + timedelta(minutes=earlier or 0),
        )

    await world.write(make)


@line(r"(\S+) was served for «(.+)» at (\S+) last month")
async def was_served(world: World, name: str, service: str, office: str) -> None:
    def make(session: WriteSession) -> None:
        from desk.appointments.rules import AppointmentState
        from desk.people.models import Person

        chat = this_chat(session, world)
        known = known_as(session, chat, name)
        found = office_of_code(session, office)
        queue = makers.make_queue(session, office=found, services=[], is_active=False)
        slot = makers.make_slot(
            session, queue=queue, starts_at=makers.at(makers.TODAY - timedelta(days=30), hour=9), capacity=1
        )
        appointment = makers.make_appointment(
            session,
            slot=slot,
            service=service_of_code(session, service),
            person=session.get_one(Person, known.person_id),
            person_name=name,
            state=AppointmentState.SERVED,
        )
        appointment.conversation_id = chat.id

    await world.write(make)


@line(r"(another chat has|two other chats have) a turn for «(.+)» for the number (\S+)")
async def appointment_elsewhere(world: World, who: str, service: str, number: str) -> None:
    def make(session: WriteSession) -> None:
        mark = digest(number, kind=DocumentKind.AMAYESH, key=IDENTITY_KEY)
        person = makers.make_person(session, identity_hash=mark.hash, last4=mark.last4)
        for day, time, is_contested in ((7, "11:00", False), (8, "9:00", True))[: 1 if "another" in who else 2]:
            makers.make_appointment(
                session,
                slot=slot_at(session, "72-1102", day, time),
                service=service_of_code(session, service),
                person=person,
                conversation=makers.make_conversation(session, channel="elsewhere"),
                is_contested=is_contested,
            )

    await world.write(make)


@line(r"somebody else takes the last place on day (\d+) at (\d+:\d+) in (\S+)")
async def taken(world: World, day: str, time: str, office: str) -> None:
    def take(session: WriteSession) -> None:
        slot = slot_at(session, office, int(day), time)
        while slot.remaining:
            take_places(session, slot_id=slot.id)
            session.refresh(slot)

    await world.write(take)


@line(r"somebody gives back a place on day (\d+) at (\d+:\d+) in (\S+)")
async def given_back(world: World, day: str, time: str, office: str) -> None:
    await world.write(lambda session: give_back(session, slot_id=slot_at(session, office, int(day), time).id))


@line(r"(?:every place in (\S+)|(everything)) is taken")
async def full(world: World, office: str | None, everything: str | None) -> None:
    def take(session: WriteSession) -> None:
        for slot in session.scalars(select(Slot)):
            while slot.remaining and (everything or _office_of(session, slot).code == office):
                take_places(session, slot_id=slot.id)
                session.refresh(slot)

    await world.write(take)


@line(r"the office cancels the turn because «(.+)»")
async def office_cancels(world: World, reason: str) -> list[Seen]:
    def cancel(session: WriteSession) -> None:
        appointment = session.scalars(select(Appointment).where(Appointment.is_live)).one()
        staff = makers.make_staff(session)
        cancel_by_office(
            session, appointment_id=appointment.id, actor=acting(staff.id), reason=reason, now=world.bot.clock.now()
        )

    await world.write(cancel)
    return await world.stage.post()


@line(r"the clerk records that (?:she|he) (came|was served|did not come|comes back on day (\d+) at (\d+:\d+))")
async def clerk_records(world: World, what: str, day: str | None, time: str | None) -> list[Seen]:
    def record(session: WriteSession) -> None:
        appointment = session.scalars(select(Appointment).where(Appointment.is_live)).one()
        who: dict[str, Any] = {
            "appointment_id": appointment.id,
            "actor": makers.acting(makers.make_staff(session).id),
            "now": world.bot.clock.now(),
        }
        if what == "came":
            visits.record_arrival(session, **who)
        elif day is not None and time is not None:
            code = session.get_one(Office, appointment.office_id).code
            visits.record_come_back(session, **who, slot_id=slot_at(session, code, int(day), time).id)
        else:
            outcome = Outcome.SERVED if what == "was served" else Outcome.ABSENT
            visits.record_outcome(session, **who, outcome=outcome)

    await world.write(record)
    return await world.stage.post()


@line("the clerk takes the outcome back")
async def clerk_undoes(world: World) -> list[Seen]:
    def undo(session: WriteSession) -> None:
        over = [AppointmentState.SERVED, AppointmentState.ABSENT, AppointmentState.COME_BACK]
        appointment = session.scalars(select(Appointment).where(Appointment.state.in_(over))).one()
        visits.undo_outcome(
            session,
            appointment_id=appointment.id,
            actor=acting(makers.make_staff(session).id),
            now=world.bot.clock.now(),
        )

    await world.write(undo)
    return await world.stage.post()


@line(r"(\d+) (minutes|hours|days) pass")
async def passes(world: World, count: str, unit: str) -> list[Seen]:
    world.bot.clock.advance(timedelta(**{unit: int(count)}))
    await world.write(lambda session: release_expired(session, now=world.bot.clock.now()))
    return await world.stage.post()


@line("the bot is restarted")
async def restarted(world: World) -> None:
    await world.stage.restart()


@line(r"(\d+) live turns?")
async def live_appointments(world: World, count: str) -> None:
    await _counts(world, int(count), select(func.count()).select_from(Appointment).where(Appointment.is_live))


@line(r"(\d+) places? (?:is|are) held")
async def held(world: World, count: str) -> None:
    await _counts(world, int(count), select(func.count()).select_from(Claim).where(Claim.kind == ClaimKind.HOLD))


@line(r"(\d+) places? (?:is|are) free on day (\d+) at (\d+:\d+) in (\S+)")
async def places_free(world: World, count: str, day: str, time: str, office: str) -> None:
    free = await world.write(lambda session: slot_at(session, office, int(day), time).remaining)
    assert free == int(count), f"{free} places are free"


@line(r"the number (\S+) stands nowhere in the database")
async def nowhere(world: World, number: str) -> None:
    def look(session: WriteSession) -> list[str]:
        from desk.storage.base import Base

        return [
            table.name
            for table in Base.metadata.sorted_tables
            for row in session.execute(select(table))
            if number in str(tuple(row))
        ]

    found = await world.write(look)
    assert not found, f"the number stands in {found}"


async def _counts(world: World, wanted: int, statement: Any) -> None:
    found = await world.write(lambda session: session.scalar(statement))
    assert found == wanted, f"there are {found}"


def this_chat(session: WriteSession, world: World) -> Conversation:
    at = world.stage.address
    found = session.scalars(select(Conversation).where(Conversation.id.in_(chat_of(at)))).one_or_none()
    assert found is not None, "nobody has written here yet; above this: given  a person who has been here before"
    return found


def office_of_code(session: WriteSession, code: str) -> Office:
    return session.scalars(select(Office).where(Office.code == code)).one()


def service_of_code(session: WriteSession, code: str) -> Service:
    return session.scalars(select(Service).where(Service.code == code)).one()


def _office_of(session: WriteSession, slot: Slot) -> Office:
    from desk.capacity.models import Queue

    return session.get_one(Office, session.get_one(Queue, slot.queue_id).office_id)


def slot_at(session: WriteSession, office: str, day: int, time: str) -> Slot:
    """The slot so many days after the first day of the tests, at this time in Tehran."""
    hour, minute = map(int, time.split(":"))
    starts_at = makers.at(makers.TODAY + timedelta(days=day), hour=hour, minute=minute)
    assert local_day_of(starts_at).date == makers.TODAY + timedelta(days=day)
    found = [
        slot
        for slot in session.scalars(select(Slot).where(Slot.starts_at == starts_at))
        if _office_of(session, slot).code == office
    ]
    assert found, f"{office} has no slot {day} days on at {time}"
    return found[0]
