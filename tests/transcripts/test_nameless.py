"""From one copy of the data nobody can tell which chat filed a complaint under «nobody contacts me»."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Integer, insert, select, text, update
from structlog.testing import capture_logs

from bot.dialogue.heard import Address
from bot.receiving.jobs import forget_private
from desk.acting import SYSTEM, Actor
from desk.cases import handing_over
from desk.cases.models import Case, CaseArrival, CaseEntry
from desk.cases.opening import open_case
from desk.cases.stored import read_text, stored_code
from desk.conversations.actions import note_update
from desk.conversations.addresses import STATE, stored_state
from desk.conversations.models import Conversation
from desk.deadlines.models import Deadline
from desk.events import actions as events
from desk.reading.folding import ascii_digits
from desk.schema import metadata
from desk.storage.base import ReadSession, WriteSession
from desk.storage.encryption import UnreadableValue
from desk.storage.engine import Storage
from desk.verify import UNLINKED, verify
from mizban.jobs import Jobs
from tests.makers import NOW
from tests.makers_cases import case_code, codes, put_message
from tests.transcripts.bare import BareStage
from tests.transcripts.stage import Bot, Clock, language_of
from tests.transcripts.world import World

FOUR_SECONDS = timedelta(seconds=4)
STORIES = [f"A man with the number {number} takes money." for number in "abcde"]
MORE = "He was there again."


@dataclass
class Town:
    """Five people, each with a phone, and the jobs of the desk."""

    storage: Storage
    clock: Clock = field(default_factory=Clock)
    codes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bot = Bot(self.storage, language_of("en"), self.clock)
        self.jobs = Jobs(storage=self.storage, clock=self.clock)
        self.phones = [
            BareStage(self.bot, Address("bare", "mizban", f"70{number}"), updates=1000 * number) for number in range(5)
        ]

    async def begin(self) -> None:
        for phone in self.phones:
            world = World(self.bot, phone, "en")
            if phone is self.phones[0]:
                await world.does("the usual desk")
            await world.does("a person who has been here before")

    async def complain(self, number: int, *, until: str = "✅ Send it", kind: str = "Turns are sold") -> None:
        """Tell the whole complaint under nobody, up to this button."""
        phone = self.phones[number]
        presses = ("📣 Complain", "👤 How to reach me", "Nobody contacts me", "Turns and brokers", kind)
        await phone.say("/start")
        for label in (*presses, "That is enough", "💬 Say what happened"):
            self.clock.advance(FOUR_SECONDS)
            await phone.press(label)
        await phone.say(STORIES[number])
        if until:
            self.clock.advance(FOUR_SECONDS)
            seen = await phone.press(until)
            told = (ascii_digits(line) for line in seen[-1].text.split("\n"))
            self.codes += [line for line in told if line.isdecimal() and len(line) == 12]

    async def follow(self, number: int, *, more: str = "") -> str:
        phone = self.phones[number]
        await phone.say("/start")
        await phone.press("🔎 Follow up")
        seen = (await phone.say(self.codes[number]))[-1].text
        if more:
            await phone.press("💬 Write more")
            await phone.say(more)
            await phone.press("✅ Send it")
        return seen

    async def hand_over(self) -> int:
        self.clock.advance(timedelta(minutes=15))
        return await self.jobs.run("hand_over_cases")


@pytest.fixture
async def town(storage: Storage) -> Town:
    found = Town(storage)
    await found.begin()
    return found


def columns(session: ReadSession, table: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(table.select()).mappings()]


def traced(session: ReadSession) -> set[tuple[int, int]]:
    """Pairs of a case and a chat, found as a thief would who has one copy: the attacks that once found all of them."""
    chats = columns(session, Conversation.__table__)
    cases = [row for row in columns(session, Case.__table__) if row["contact"] == "nobody"]
    entries = columns(session, CaseEntry.__table__)
    known = codes(session)
    return {
        (case["id"], chat["id"])
        for case in cases
        for chat in chats
        if moments(case) & moments(chat)
        or any(word in str(chat) for word in (known[case["id"]], str(case["id"]), *STORIES))
        or case["idem_key"] in guessed(chat["id"], known[case["id"]])
        or any(
            entry["case_id"] == case["id"]
            and (moments(entry) & moments(chat) or entry["idem_key"] in guessed(chat["id"], known[case["id"]]))
            for entry in entries
        )
    }


def moments(row: dict[str, Any]) -> set[datetime]:
    return {value for value in row.values() if isinstance(value, datetime)}


def guessed(chat_id: int, code: str) -> Iterator[str]:
    """The keys that were once made of the chat, the run of its flow and the code."""
    for run in range(60):
        for flow in ("complain", "follow"):
            yield "code:" + hashlib.sha256(f"{code}:{chat_id}.{run}.{flow}".encode()).hexdigest()[:64]


async def test_of_five_nameless_complaints_none_is_traced_from_one_copy(town: Town) -> None:
    with capture_logs() as lines:
        for number in range(5):
            await town.complain(number)
            assert "Turns are sold" in await town.follow(number)  # the code works at once
        assert len(await town.storage.read(columns, CaseArrival.__table__)) == 5
        assert await town.storage.read(traced) == set()
        assert await town.hand_over() == 5
        for number in range(5):
            await town.follow(number, more=MORE)
        assert await town.storage.read(traced) == set()
        assert await town.hand_over() == 5
    assert len(await town.storage.read(columns, Case.__table__)) == 5
    assert await town.storage.read(columns, CaseArrival.__table__) == []
    assert await town.storage.read(traced) == set()
    assert await town.storage.read(verify) == []
    told = str(lines)
    assert not any(code in told for code in town.codes)
    said = await town.storage.read(texts)
    assert sorted(said) == sorted([*STORIES, *[MORE] * 5])


def states(session: ReadSession) -> str:
    """What the states of all chats hold, for somebody who has the key."""
    rows = session.execute(select(Conversation.id, Conversation.state_sealed))
    return str([session.keys.open_sealed(sealed, column=STATE, row=id) for id, sealed in rows])


async def test_who_leaves_a_case_that_was_found_by_its_code_leaves_no_code_behind(town: Town) -> None:
    await town.complain(0)
    await town.follow(0)
    assert town.codes[0] in await town.storage.read(states)  # somebody is looking
    await town.phones[0].press("🏠 Main page")
    assert town.codes[0] not in await town.storage.read(states)
    await town.follow(0)
    await town.phones[0].say("/help")
    await town.phones[0].press("💬 Ask the desk", oldest=True)
    assert town.codes[0] not in await town.storage.read(states)


def texts(session: ReadSession) -> list[str]:
    rows = session.scalars(select(CaseEntry).order_by(CaseEntry.case_id, CaseEntry.place))
    return [str(read_text(session.keys, row.text_sealed, id=row.id)) for row in rows]


async def test_a_copy_taken_in_the_middle_holds_no_word_of_the_draft_and_none_after_a_day(town: Town) -> None:
    await town.complain(0, until="")

    def stored(session: ReadSession) -> str:
        return str(columns(session, Conversation.__table__))

    before = await town.storage.read(stored)
    assert "takes money" not in before
    assert "nobody" not in before
    assert "takes money" in await town.storage.read(states)  # with the key
    assert "takes money" in (await town.phones[0].say("And more."))[-1].text  # the person goes on all the same
    town.clock.advance(timedelta(hours=24))
    assert await town.storage.write(forget_private, now=town.clock.now(), limit=10) == 1
    assert "takes money" not in await town.storage.read(states)
    assert await town.storage.write(forget_private, now=town.clock.now(), limit=10) == 0


async def test_a_crash_between_the_chat_and_the_desk_neither_loses_nor_doubles(town: Town) -> None:
    await town.complain(0)
    await town.follow(0, more=MORE)
    town.clock.advance(timedelta(minutes=15))
    now = town.clock.now()
    first, second = await town.storage.read(handing_over.due, now=now)

    def breaks_off(session: WriteSession, *, id: int) -> None:
        handing_over.hand_over(session, id=id, now=now)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await town.storage.write(breaks_off, id=first)
    await town.storage.write(handing_over.hand_over, id=second, now=now)  # its case is not there yet
    assert await town.storage.read(columns, Case.__table__) == []
    for id in (first, first, second, second):
        await town.storage.write(handing_over.hand_over, id=id, now=now)
    assert await town.storage.read(texts) == [STORIES[0], MORE]
    assert await town.storage.read(columns, CaseArrival.__table__) == []


async def test_danger_reaches_the_desk_at_once_and_the_person_is_told_so(town: Town) -> None:
    await town.complain(0, kind="A clerk helps brokers", until="")
    filed = (await town.phones[0].press("✅ Send it"))[-1].text
    assert "Somebody may be in danger, so the desk sees it at once." in filed
    assert len(await town.storage.read(columns, Case.__table__)) == 1
    assert await town.storage.read(verify) == []


def the_case(session: WriteSession) -> Any:
    return session.execute(select(Case.__table__)).one()


def a_moment(session: WriteSession) -> None:
    session.execute(update(CaseEntry).values(at=NOW))


def a_moment_of_the_chat(session: WriteSession) -> None:
    session.execute(update(Conversation).values(heard_at=the_case(session).created_at))


def a_deadline(session: WriteSession) -> None:
    session.execute(update(Deadline).values(started_at=NOW))


def a_key_of_the_chat(session: WriteSession) -> None:
    session.execute(update(Case).values(idem_key="1.2.complain"))


def a_key_of_an_entry(session: WriteSession) -> None:
    session.execute(update(CaseEntry).values(idem_key="code:" + "0" * 64))


def a_code_in_a_state(session: WriteSession) -> None:
    held = {"flow": "follow", "draft": {"by_code": codes(session)[the_case(session).id]}}
    for id in session.scalars(select(Conversation.id)).all():
        values = stored_state(session.keys, held, id=id)
        session.execute(update(Conversation).where(Conversation.id == id).values(**values))


def a_message(session: WriteSession) -> None:
    put_message(session, params={"case": the_case(session).id})


def a_neighbour(session: WriteSession) -> None:
    held = the_case(session)._mapping
    id = held["id"] + 1
    beside = {**held, **stored_code(session.keys, case_code(), id=id), "idem_key": f"nobody:{'0' * 32}"}
    session.execute(insert(Case), {**beside, "id": id})


@pytest.mark.parametrize(
    "plant",
    [
        a_moment,
        a_moment_of_the_chat,
        a_deadline,
        a_key_of_the_chat,
        a_key_of_an_entry,
        a_code_in_a_state,
        a_message,
        a_neighbour,
    ],
)
async def test_verify_finds_a_chat_that_is_tied_to_a_nameless_case(
    town: Town, plant: Callable[[WriteSession], None]
) -> None:
    await town.complain(0)
    await town.hand_over()
    assert UNLINKED not in {each.rule for each in await town.storage.read(verify)}
    await town.storage.write(plant)
    assert UNLINKED in {each.rule for each in await town.storage.read(verify)}


@pytest.mark.postgres
async def test_verify_finds_a_case_that_was_written_with_its_chat(town: Town) -> None:
    """The transaction of a row stands in it, on PostgreSQL: one that writes both is found."""
    await town.complain(0)
    await town.hand_over()

    def both(session: WriteSession) -> None:
        note_update(session, channel="bare", bot="mizban", update_id="planted", now=NOW)
        held = {
            name: value
            for name, value in the_case(session)._mapping.items()
            if not name.endswith("_at") and name not in ("id", "state", "close_reason", "assigned_to", "name_words")
        }
        values = {**held, "idem_key": f"nobody:{'0' * 32}", "code": case_code().digits}
        at = the_case(session).created_at
        open_case(session, values, actor=Actor.chat(None), text=None, voice=None, now=at)

    await town.storage.write(both)
    assert [each.rule for each in await town.storage.read(verify)] == [UNLINKED]


def counters(session: ReadSession) -> dict[str, int | None]:
    """How far each table has counted its ids; PostgreSQL also counts those that were given up."""
    counting = [table for table in metadata().sorted_tables if "id" in table.c and table.c.id.default is None]
    numbers = [table.name for table in counting if isinstance(table.c.id.type, Integer)]
    if session.get_bind().dialect.name == "postgresql":
        found = session.execute(text("SELECT sequencename, last_value FROM pg_sequences"))
        named = {name.removesuffix("_id_seq"): last for name, last in found}
        return {name: named.get(name) for name in numbers}
    return {name: session.execute(text(f'SELECT max(id) FROM "{name}"')).scalar_one() for name in numbers}


async def moved(town: Town, act: Awaitable[object]) -> set[str]:
    """The tables that have got a row with a counted id meanwhile."""
    before = await town.storage.read(counters)
    await act
    after = await town.storage.read(counters)
    return {name for name, last in after.items() if last != before[name]}


async def test_what_a_complaint_under_nobody_leaves_has_no_neighbours_that_were_counted(town: Town) -> None:
    """Events, messages and appointments are counted: neither the chat nor the hand-over writes one."""
    await town.complain(1)
    await town.hand_over()
    assert await moved(town, town.complain(0)) == {"heard_updates"}, "the chat's own"
    assert await moved(town, town.follow(0, more=MORE)) == {"heard_updates"}
    assert await moved(town, town.hand_over()) == set()
    noted = town.storage.write(events.note, kind="case.take", subject="case:1", actor=SYSTEM, now=NOW)
    assert await moved(town, noted) == {"events"}, "the twin: one that was written would be seen"


async def test_one_complaint_that_cannot_be_handed_over_holds_up_no_other(town: Town) -> None:
    for number in range(3):
        await town.complain(number)

    def spoil(session: WriteSession) -> None:
        first = session.scalars(select(CaseArrival.id).limit(1)).one()
        session.execute(update(CaseArrival).where(CaseArrival.id == first).values(sealed=b"no value of ours"))

    await town.storage.write(spoil)
    with pytest.raises(UnreadableValue):  # it is told, and tried again at the next round
        await town.hand_over()
    left = await town.storage.read(lambda session: columns(session, CaseArrival.__table__))
    assert len(left) == 1
