"""Lines of a transcript about complaints and questions: what the desk does with them, and what is true of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, select

from desk.appointments.models import Appointment
from desk.capacity.models import Slot
from desk.cases import actions, handing_over
from desk.cases.models import Case, CaseEntry
from desk.cases.rules import CaseState, CloseReason, Contact, EntryKind
from desk.cases.stored import read_facts, read_name, read_text
from desk.codes import TrackingCode
from desk.conversations.models import Conversation
from desk.events.models import Event
from desk.offices.models import Office
from desk.outbox.models import OutboxMessage
from desk.people.models import KnownPerson, Person
from desk.staff.permissions import Role
from desk.storage.base import WriteSession
from tests import makers
from tests.makers_cases import file_complaint, owed
from tests.makers_chats import chat_of, known_as, state_of_chat
from tests.transcripts.script import Seen
from tests.transcripts.world import World, line, office_of_code, service_of_code, slot_at, this_chat


@line(r"(\S+) has a turn for «(.+)» on day (\d+) at (\d+:\d+) in (\S+)")
async def has_an_appointment(world: World, name: str, service: str, day: str, time: str, office: str) -> list[Seen]:
    def make(session: WriteSession) -> None:
        chat = this_chat(session, world)
        known = known_as(session, chat, name)
        makers.make_appointment(
            session,
            slot=slot_at(session, office, int(day), time),
            service=service_of_code(session, service),
            person=session.get_one(Person, known.person_id),
            person_name=name,
            conversation=chat,
        )

    await world.write(make)
    return await world.stage.post()


@line(r"somebody in danger can call (\d+)")
async def can_call(world: World, number: str) -> None:
    world.bot.emergency_number = number
    await world.stage.restart()


@line(r"another chat complained of «(\w+)» in (\S+) as (\S+), under the code (\d{9})")
async def complained_elsewhere(world: World, category: str, office: str, name: str, code: str) -> None:
    def make(session: WriteSession) -> None:
        other = makers.make_conversation(session, channel="elsewhere")
        file_complaint(
            session,
            office=office_of_code(session, office),
            category=category,
            conversation=other,
            name=name,
            text=f"this is {name}",
            code=TrackingCode(code),
            now=world.bot.clock.now(),
        )

    await world.write(make)


@line(r"somebody complained of «(\w+)» in (\S+) under nobody, with the code (\d{9})")
async def complained_as_nobody(world: World, category: str, office: str, code: str) -> None:
    def make(session: WriteSession) -> None:
        file_complaint(
            session,
            office=office_of_code(session, office),
            category=category,
            conversation=makers.make_conversation(session, channel="elsewhere"),
            contact=Contact.NOBODY,
            text=None,
            code=TrackingCode(code),
            now=world.bot.clock.now(),
        )

    await world.write(make)


@line("a quarter of an hour passes")
async def a_quarter_of_an_hour(world: World) -> None:
    """The job that hands over has run as often as it does."""
    world.bot.clock.advance(timedelta(minutes=15))
    now = world.bot.clock.now()
    for id in await world.bot.storage.read(handing_over.due, now=now):
        await world.write(partial(handing_over.hand_over, id=id, now=now))


@line("nothing of this chat leads to the case")
async def no_trace_of_the_chat(world: World) -> None:
    """Neither side names the other: no chat and no key of it at the case, no code or id of the case at the chat."""

    def look(session: WriteSession) -> list[str]:
        case, chat = _the_case(session), this_chat(session, world)
        keys = [case.idem_key, *session.scalars(select(CaseEntry.idem_key).where(CaseEntry.case_id == case.id))]
        traces = [key for key in keys if key and key.startswith(f"{chat.id}.")]
        traces += [
            str(draft) for draft in _drafts(state_of_chat(session, chat)) if draft.get("case") or draft.get("by_code")
        ]
        if case.conversation_id is not None:
            traces.append("the chat stands at the case")
        return traces

    found = await world.write(look)
    assert not found, f"left are {found}"


@line(r"this chat complained of «(\w+)» in (\S+)")
async def complained_here(world: World, category: str, office: str) -> None:
    def make(session: WriteSession) -> None:
        file_complaint(
            session,
            office=office_of_code(session, office),
            category=category,
            conversation=this_chat(session, world),
            contact=Contact.CODE,
            text=None,
            now=world.bot.clock.now(),
        )

    await world.write(make)


@line("the desk replies «(.+)»")
async def replies(world: World, text: str) -> list[Seen]:
    return await _desk(world, lambda session, **who: actions.reply(session, text=text, **who))


@line("the desk writes a note «(.+)»")
async def notes(world: World, text: str) -> list[Seen]:
    return await _desk(world, lambda session, **who: actions.note(session, text=text, **who))


@line("the desk (hands it on|takes it up)")
async def moves_on(world: World, what: str) -> list[Seen]:
    to = CaseState.WITH_UNIT if what == "hands it on" else CaseState.IN_REVIEW
    return await _desk(world, lambda session, **who: actions.change_state(session, to=to, **who))


@line(r"the desk closes it as (\w+)(?:, saying «(.+)»)?")
async def closes(world: World, reason: str, text: str | None) -> list[Seen]:
    return await _desk(
        world, lambda session, **who: actions.close(session, reason=CloseReason(reason), text=text, **who)
    )


@line("the desk opens it again")
async def reopens(world: World) -> list[Seen]:
    return await _desk(world, actions.reopen)


@line(r"(\d+) (open )?cases?")
async def how_many_cases(world: World, count: str, only_open: str | None) -> None:
    query = select(func.count()).select_from(Case)
    if only_open:
        query = query.where(Case.state != CaseState.CLOSED)
    found = await world.write(lambda session: session.scalar(query))
    assert found == int(count), f"there are {found}"


@line(r"the case has (\w+) (.+)")
async def case_has(world: World, what: str, wanted: str) -> None:
    def look(session: WriteSession) -> str:
        case = _the_case(session)
        said = session.scalars(
            select(CaseEntry)
            .where(CaseEntry.case_id == case.id, CaseEntry.kind == EntryKind.SAID)
            .order_by(CaseEntry.place)
        ).all()
        match what:
            case "office":
                return session.get_one(Office, case.office_id).code if case.office_id else "none"
            case "text":
                texts = [read_text(session.keys, entry.text_sealed, id=entry.id) for entry in said]
                return " / ".join(" ".join(text.split()) for text in texts if text) or "none"
            case "voices":
                return str(sum(entry.voice_sealed is not None for entry in said))
            case "due_at":
                return str(owed(session, case.id).get("final_answer", "none"))
            case "name":
                return read_name(session.keys, case.name_sealed, id=case.id) or "none"
            case "facts":
                return str(read_facts(session.keys, case.facts_sealed, id=case.id))
            case _:
                found = getattr(case, what)
                return "none" if found is None else str(getattr(found, "value", found))

    found = await world.write(look)
    assert found == wanted, f"its {what} is {found}"


@line("the turns are looked at")
async def look_at_appointments(world: World) -> None:
    world.kept.append(await world.write(_appointments_as_they_are))


@line("the turns are as they were")
async def appointments_unchanged(world: World) -> None:
    """A complaint never touches an appointment."""
    assert world.kept
    assert await world.write(_appointments_as_they_are) == world.kept[-1]


@line("nothing but counts is left of this chat")
async def nothing_left(world: World) -> None:
    def look(session: WriteSession) -> dict[str, int]:
        at = world.stage.address
        own = OutboxMessage.conversation_id.in_(chat_of(at))
        queries = {
            "chats": select(func.count()).select_from(Conversation).where(Conversation.id.in_(chat_of(at))),
            "known people": select(func.count()).select_from(KnownPerson),
            "people": select(func.count()).select_from(Person),
            "named turns": select(func.count()).select_from(Appointment).where(Appointment.name_sealed.is_not(None)),
            "turns of a chat": select(func.count())
            .select_from(Appointment)
            .where(Appointment.conversation_id.is_not(None)),
            "cases of a chat": select(func.count()).select_from(Case).where(Case.conversation_id.is_not(None)),
            "names in cases": select(func.count()).select_from(Case).where(Case.name_sealed.is_not(None)),
            "words in cases": select(func.count())
            .select_from(CaseEntry)
            .where(CaseEntry.text_sealed.is_not(None) | CaseEntry.kind.in_([EntryKind.NOTE])),
            "messages to send": select(func.count()).select_from(OutboxMessage).where(own),
        }
        return {name: session.scalar(query) or 0 for name, query in queries.items()}

    left = {name: count for name, count in (await world.write(look)).items() if count}
    assert not left, f"left are {left}"


async def _desk(world: World, work: Callable[..., Any]) -> list[Seen]:
    """What an officer does with the case, and what the person sees of it."""

    def act(session: WriteSession) -> None:
        officer = makers.make_staff(session, role=Role.PROVINCE_OFFICER)
        own = select(Case).where(Case.conversation_id == this_chat(session, world).id)
        case = session.scalars(own).one_or_none() or _the_case(session)
        makers.by_staff(work)(session, case_id=case.id, staff_id=officer.id, now=world.bot.clock.now())

    await world.write(act)
    return await world.stage.post()


def _drafts(state: dict[str, Any]) -> list[dict[str, Any]]:
    """The answers a chat stands with: of its present screen, and of those behind it."""
    behind = [place[2] for place in state.get("trail", ()) if isinstance(place, list)]
    return [state.get("draft", {}), *behind]


def _the_case(session: WriteSession) -> Case:
    """The only case there is; which of two was the newest its id does not tell."""
    return session.scalars(select(Case)).one()


def _appointments_as_they_are(session: WriteSession) -> list[tuple[Any, ...]]:
    """Every column of every appointment, its history, and the places of the slots."""
    return [
        tuple(row)
        for query in (
            select(Appointment.__table__).order_by(Appointment.id),
            select(Event.__table__).where(Event.subject.startswith("appointment:")).order_by(Event.id),
            select(Slot.__table__).order_by(Slot.id),
        )
        for row in session.execute(query)
    ]
