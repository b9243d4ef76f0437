"""Lines of the transcripts about another chat of the same person: what it has, and what is done from there."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from desk.acting import Actor
from desk.appointments.models import Appointment
from desk.cases.models import Case
from desk.codes import TrackingCode
from desk.conversations.models import Conversation
from desk.people.models import Person
from desk.people.rules import DocumentKind, IdentityDigest
from desk.storage.base import WriteSession
from desk.transfers import actions, counter, words
from desk.transfers.models import ChatWord, CounterCode, Transfer
from desk.transfers.rows import Proof
from desk.transfers.rules import marked_word
from desk.visits.actions import record_arrival
from tests import makers, weak_hashes
from tests.makers_cases import file_complaint
from tests.transcripts.script import Seen
from tests.transcripts.stage import IDENTITY_KEY
from tests.transcripts.world import World, line, service_of_code, slot_at, this_chat
from tests.weak_hashes import digest


@line(r"an old chat has a turn for «(.+)» with the code (\d{9}), for the number (\S+), and the word «(.+)»")
async def old_chat(world: World, service: str, code: str, number: str, word: str) -> None:
    def make(session: WriteSession) -> None:
        mark = digest(number, kind=DocumentKind.AMAYESH, key=IDENTITY_KEY)
        old = makers.make_conversation(session, channel="elsewhere")
        person = makers.make_person(session, conversation=old, name="Gul", identity_hash=mark.hash, last4=mark.last4)
        makers.make_appointment(
            session,
            slot=slot_at(session, "72-1102", 7, "11:00"),
            service=service_of_code(session, service),
            person=person,
            person_name="Gul",
            conversation=old,
            code=TrackingCode(code),
        )
        choose(session, old, word)

    await world.write(make)


def choose(session: WriteSession, chat: Conversation, word: str) -> None:
    made = weak_hashes.digests(marks := marked_word(str(chat.id), word, IDENTITY_KEY)).of(marks)
    assert made is not None
    words.choose_word(session, actor=Actor.chat(chat.id), word_hash=made.hash)


def old_one(session: WriteSession) -> Conversation:
    return session.scalars(select(Conversation).where(Conversation.channel == "elsewhere")).one()


@line(r"the old chat complained, under the code (\d{9})")
async def old_complaint(world: World, code: str) -> None:
    def make(session: WriteSession) -> None:
        file_complaint(session, conversation=old_one(session), code=TrackingCode(code), now=world.bot.clock.now())

    await world.write(make)


@line("the old chat says that it was somebody else")
async def old_stops(world: World) -> list[Seen]:
    def stop(session: WriteSession) -> None:
        found = session.scalars(select(Transfer.id)).one()
        actor = Actor.chat(old_one(session).id)
        actions.stop(session, actor=actor, transfer_id=found, now=world.bot.clock.now())

    await world.write(stop)
    return await world.stage.post()


@line(r"another chat brings everything over from here")
async def taken_from_here(world: World) -> list[Seen]:
    def bring(session: WriteSession) -> None:
        chat = this_chat(session, world)
        choose(session, chat, "کبوتر سفید")
        turn = session.scalars(select(Appointment.id).where(Appointment.conversation_id == chat.id)).first()
        assert turn is not None
        other = makers.make_conversation(session, channel="elsewhere")
        word = session.scalars(select(ChatWord.word_hash).where(ChatWord.conversation_id == chat.id)).one()
        proof = Proof(source=chat.id, appointment=turn, word_hash=word)
        actions.bring(session, actor=Actor.chat(other.id), proof=proof, now=world.bot.clock.now())

    await world.write(bring)
    return await world.stage.post()


@line(r"(\S+) has booked «(.+)» again on day (\d+) at (\d+:\d+) in (\S+), and has arrived there")
async def booked_again(world: World, name: str, service: str, day: str, time: str, office: str) -> list[Seen]:
    def make(session: WriteSession) -> None:
        chat = this_chat(session, world)
        again = makers.make_appointment(
            session,
            slot=slot_at(session, office, int(day), time),
            service=service_of_code(session, service),
            person=session.get_one(Person, session.scalars(select(Appointment.person_id)).one()),  # whom both know
            person_name=name,
            conversation=chat,
            is_contested=True,
        )
        clerk = makers.acting(makers.make_staff(session).id)
        record_arrival(session, appointment_id=again.id, actor=clerk, now=world.bot.clock.now())

    await world.write(make)
    return await world.stage.post()


@line("a day passes, and the complaints follow")
async def cases_follow(world: World) -> list[Seen]:
    world.bot.clock.advance(timedelta(hours=26))
    now = world.bot.clock.now()
    await world.write(lambda session: actions.bring_cases(session, now=now, limit=9))
    return await world.stage.post()


@line(r"the clerk gives the code of the counter (\d{8})")
async def clerk_gives(world: World, digits: str) -> None:
    def give(session: WriteSession) -> None:
        turn = session.scalars(select(Appointment)).one()
        person = session.get_one(Person, turn.person_id)
        staff = makers.acting(makers.make_staff(session).id)
        now = world.bot.clock.now()
        mark = IdentityDigest(person.identity_hash, None)
        assert counter.give_code(session, appointment_id=turn.id, identity=mark, actor=staff, now=now)
        code = session.scalars(select(CounterCode)).one()  # drawn by chance: here it is one that can be written down
        code.mark = session.keys.named_mark(counter.MARK, digits)

    await world.write(give)


@line(r"this chat has (\d+) turns? and (\d+) cases?, the old one (\d+) and (\d+)")
async def both_have(world: World, turns: str, cases: str, old_turns: str, old_cases: str) -> None:
    def count(session: WriteSession) -> list[int]:
        here, there = this_chat(session, world).id, old_one(session).id
        return [
            session.scalar(select(func.count()).select_from(table).where(table.conversation_id == chat)) or 0
            for chat in (here, there)
            for table in (Appointment, Case)
        ]

    found = await world.write(count)
    assert found == [int(turns), int(cases), int(old_turns), int(old_cases)], f"they have {found}"
