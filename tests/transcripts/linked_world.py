"""Lines of the transcripts about papers of one person that a clerk links."""

from __future__ import annotations

from datetime import timedelta

from desk.linked_papers.actions import link, unlink
from desk.linked_papers.choosing import settle_choices
from desk.linked_papers.rules import LinkReason
from desk.people.rules import DocumentKind, IdentityDigest
from desk.storage.base import WriteSession
from tests import makers
from tests.makers import acting
from tests.transcripts.script import Seen
from tests.transcripts.stage import IDENTITY_KEY
from tests.transcripts.world import World, line, office_of_code, service_of_code, slot_at
from tests.weak_hashes import digest


def of(number: str) -> IdentityDigest:
    return digest(number, kind=DocumentKind.AMAYESH, key=IDENTITY_KEY)


@line(r"a clerk links the papers with the numbers (\S+) and (\S+)")
async def linked(world: World, one: str, other: str) -> list[Seen]:
    def make(session: WriteSession) -> None:
        link(
            session,
            office_id=office_of_code(session, "72-1102").id,
            one=of(one),
            other=of(other),
            reason=LinkReason.RENEWED,
            actor=acting(makers.make_staff(session).id),
            now=world.bot.clock.now(),
        )

    await world.write(make)
    return await world.stage.post()


@line(r"a clerk takes back that the papers with the numbers (\S+) and (\S+) are of one person")
async def taken_apart(world: World, one: str, other: str) -> list[Seen]:
    await taken_apart_just_now(world, one, other)
    return await world.stage.post()


@line(r"a clerk has just taken back that the papers with the numbers (\S+) and (\S+) are of one person")
async def taken_apart_just_now(world: World, one: str, other: str) -> None:
    """The messages about it are not sent yet."""

    def make(session: WriteSession) -> None:
        was_linked = unlink(
            session,
            office_id=office_of_code(session, "72-1102").id,
            one=of(one),
            other=of(other),
            reason=LinkReason.TWO_PEOPLE,
            actor=acting(makers.make_staff(session).id),
            now=world.bot.clock.now(),
        )
        assert was_linked

    await world.write(make)


@line(r"two days pass without an answer")
async def unanswered(world: World) -> list[Seen]:
    world.bot.clock.advance(timedelta(days=2, hours=9))
    await world.write(lambda session: settle_choices(session, now=world.bot.clock.now(), limit=10))
    return await world.stage.post()


@line(r"another chat has a turn for «(.+)» on day (\d+) at (\d+:\d+) in (\S+), for the number (\S+)")
async def named_in_another_chat(world: World, service: str, day: str, time: str, office: str, number: str) -> None:
    def make(session: WriteSession) -> None:
        other = makers.make_conversation(session, channel="elsewhere")
        mark = of(number)
        makers.make_appointment(
            session,
            slot=slot_at(session, office, int(day), time),
            service=service_of_code(session, service),
            person=makers.make_person(session, conversation=other, identity_hash=mark.hash, last4=mark.last4),
            conversation=other,
        )

    await world.write(make)
