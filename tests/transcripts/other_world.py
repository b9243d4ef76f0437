"""Lines of the transcripts about the other chat of the person: it shows a code, types one, cuts, cannot be reached."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import func, select

from desk.acting import Actor
from desk.cases import actions as cases
from desk.codes import TrackingCode
from desk.conversations.models import Conversation
from desk.other_chats import actions
from desk.other_chats.falling_back import fall_back
from desk.other_chats.models import OtherChat, OtherChatCode
from desk.other_chats.rules import OtherChatNotice
from desk.outbox import actions as outbox
from desk.outbox import queries as outbox_queries
from desk.outbox.models import OutboxMessage
from desk.reading.folding import ascii_digits, strip_bidi
from desk.staff.permissions import Role
from desk.storage.base import WriteSession
from tests import makers
from tests.makers_cases import file_complaint
from tests.makers_other_chats import connect
from tests.transcripts.bare import BareStage
from tests.transcripts.script import Seen
from tests.transcripts.world import World, line, office_of_code, service_of_code, slot_at, this_chat


def the_other(session: WriteSession) -> Conversation:
    found = session.scalars(select(Conversation).where(Conversation.bot == "elsewhere")).one_or_none()
    # In Dari: what is told here instead speaks the language of the chat that reads it, which is another in most.
    return found or makers.make_conversation(session, channel="bale", bot="elsewhere", locale="fa_AF")


@line(r"the other chat, in Bale, shows the code (\d{8})")
async def shows(world: World, digits: str) -> None:
    def show(session: WriteSession) -> None:
        actions.make_code(session, actor=Actor.chat(the_other(session).id), now=world.bot.clock.now())
        code = session.scalars(select(OtherChatCode)).one()  # drawn by chance: here it is one that can be written down
        code.mark = session.keys.named_mark(actions.MARK, digits)

    await world.write(show)


@line(r"the other chat, in Bale, types (\d{4}-\d{4}) and agrees")
async def types(world: World, code: str) -> list[Seen]:
    def act(session: WriteSession) -> None:
        given = {"actor": Actor.chat(the_other(session).id), "digits": code.replace("-", "")}
        now = world.bot.clock.now()
        assert actions.look_up(session, **given, now=now) is not None  # type: ignore[arg-type]  # given by name
        actions.connect(session, **given, now=now)  # type: ignore[arg-type]  # the same

    await world.write(act)
    return await world.stage.post()


@line("the other chat, in Bale, types the code that stands here and agrees")
async def types_it(world: World) -> list[Seen]:
    """For who does not know the code beforehand."""
    assert isinstance(world.stage, BareStage)
    last = [message.seen.text for message in world.stage.messages.values()][-1]
    seen: list[Seen] = await types(world, re.findall(r"\d{4}-\d{4}", ascii_digits(strip_bidi(last)))[-1])
    return seen


@line("this chat and the other one, in Bale, are connected")
async def are_connected(world: World) -> None:
    def make(session: WriteSession) -> None:
        before = world.bot.clock.now() - timedelta(days=3)
        connect(session, this_chat(session, world), the_other(session), now=before)

    await world.write(make)


@line(r"the other chat (?:cuts|has cut) the connection")
async def cuts(world: World) -> list[Seen]:
    def act(session: WriteSession) -> None:
        actions.cut(session, actor=Actor.chat(the_other(session).id), now=world.bot.clock.now())

    await world.write(act)
    return await world.stage.post()


@line(r"the other chat has a turn for «(.+)» with the code (\d{9})")
async def has_turn(world: World, service: str, code: str) -> None:
    def make(session: WriteSession) -> None:
        other = the_other(session)
        makers.make_appointment(
            session,
            slot=slot_at(session, "72-1102", 7, "11:00"),
            service=service_of_code(session, service),
            person=makers.make_person(session, conversation=other, name="Gul"),
            person_name="Gul",
            conversation=other,
            code=TrackingCode(code),
        )

    await world.write(make)


@line(r"the other chat complained, under the code (\d{9}), and the desk answers «(.+)»")
async def has_complained(world: World, code: str, text: str) -> None:
    def make(session: WriteSession) -> None:
        now = world.bot.clock.now()
        case = file_complaint(
            session,
            office=office_of_code(session, "72-1102"),
            conversation=the_other(session),
            code=TrackingCode(code),
            now=now,
        )
        staff = makers.make_staff(session, role=Role.PROVINCE_OFFICER).id
        makers.by_staff(cases.reply)(session, case_id=case.case_id, staff_id=staff, text=text, now=now)

    await world.write(make)


@line("the other chat, in Bale, is told that it is connected")
async def is_told(world: World) -> None:
    """As the worker of that bot does it."""

    def act(session: WriteSession) -> None:
        now, other = world.bot.clock.now(), the_other(session)
        made = select(OutboxMessage.id).where(OutboxMessage.conversation_id == other.id, OutboxMessage.is_open)
        (id,) = session.scalars(made.where(OutboxMessage.notice == OtherChatNotice.MADE))
        outbox.mark_sent(session, id=id, message_id="1", claimed_for=other.id, now=now)
        actions.was_told(session, claimed_for=other.id, now=now)

    await world.write(act)


@line("Bale takes no message for the other chat")
async def refuses(world: World) -> list[Seen]:
    """What is due goes where it can go, as the worker of that bot has it."""

    def act(session: WriteSession) -> None:
        now, other = world.bot.clock.now(), the_other(session)
        due = select(OutboxMessage.id).where(OutboxMessage.conversation_id == other.id, OutboxMessage.due_at <= now)
        for id in session.scalars(due.where(OutboxMessage.is_open).order_by(OutboxMessage.id)).all():
            if not fall_back(session, message_id=id, claimed_for=other.id, now=now):
                outbox.mark_dead(session, id=id, reason="blocked", claimed_for=other.id)

    await world.write(act)
    return await world.stage.post()


@line("neither messenger takes a message")
async def neither(world: World) -> list[Seen]:
    def act(session: WriteSession) -> None:
        now, other, here = world.bot.clock.now(), the_other(session), this_chat(session, world)
        due = select(OutboxMessage.id).where(OutboxMessage.conversation_id == other.id, OutboxMessage.due_at <= now)
        for id in session.scalars(due.where(OutboxMessage.is_open)).all():
            assert fall_back(session, message_id=id, claimed_for=other.id, now=now)
            assert not fall_back(session, message_id=id, claimed_for=here.id, now=now)
            outbox.mark_dead(session, id=id, reason="blocked", claimed_for=here.id)

    await world.write(act)
    return await world.stage.post()


@line(r"(\d+) messages? that did not arrive (?:is|are) shown to the desk")
async def undelivered(world: World, number: str) -> None:
    found = await world.write(outbox_queries.dead_number)
    assert found == int(number), f"there are {found}"


@line(r"(no|\d+) chats? (?:is|are) connected")
async def connected(world: World, number: str) -> None:
    found = await world.write(lambda session: session.scalar(select(func.count()).select_from(OtherChat)))
    assert found == (0 if number == "no" else int(number)), f"there are {found}"
