"""Who erases everything may leave the open complaints with the desk, and nothing joins them to a chat any more."""

from __future__ import annotations

from sqlalchemy import func, select

from desk.acting import Actor
from desk.cases import actions, queries
from desk.cases.models import Case, CaseArrival
from desk.cases.rules import Contact
from desk.codes import TrackingCode
from desk.conversations.models import Conversation
from desk.outbox.models import OutboxMessage
from desk.reading.folding import ascii_digits
from desk.staff.permissions import Role
from desk.storage.base import ReadSession, WriteSession
from desk.verify import verify
from tests.makers import NOW, by_staff, make_staff
from tests.transcripts.test_nameless import STORIES, Town, columns, texts, town, traced

TOWN = town
"""The fixture of this name."""


async def complain(town: Town, number: int, *, kind: str = "Turns are sold") -> str:
    """Tell a complaint with a name, and more of it; its code."""
    phone = town.phones[number]
    await phone.say("/start")
    for label in ("📣 Complain", "👤 How to reach me", "👤 With my name"):
        await phone.press(label)
    await phone.say("Parwin")
    for label in ("Turns and brokers", kind, "That is enough", "💬 Say what happened"):
        await phone.press(label)
    await phone.say(STORIES[number])
    seen = await phone.press("✅ Send it")
    return next(line for line in map(ascii_digits, seen[-1].text.split("\n")) if line.isdecimal() and len(line) == 12)


async def erase(town: Town, number: int, *, choose: str, surely: str) -> str:
    phone = town.phones[number]
    await phone.say("/start")
    for label in ("⚙️ Settings", "Erase my data", choose):
        await phone.press(label)
    return ascii_digits((await phone.press(surely))[-1].text)


def left(session: ReadSession) -> tuple[int, int, int]:
    """How many chats, cases that lead to one or name somebody, and messages there are."""
    leads = Case.conversation_id.is_not(None) | Case.name_sealed.is_not(None) | (Case.contact != Contact.NOBODY)
    counted = [
        session.scalar(select(func.count()).select_from(Conversation)) or 0,
        session.scalar(select(func.count()).select_from(Case).where(leads)) or 0,
        session.scalar(select(func.count()).select_from(OutboxMessage)) or 0,
    ]
    return counted[0], counted[1], counted[2]


async def test_open_complaints_go_on_and_nothing_joins_them_to_a_chat(town: Town) -> None:
    known = [await complain(town, number) for number in range(5)]
    before = {row["id"] for row in await town.storage.read(columns, Case.__table__)}
    for number in range(5):
        told = await erase(town, number, choose="📣 Complaints stay", surely="Yes, the rest")
        assert known[number] in told
    assert await town.storage.read(left) == (0, 0, 0)
    assert await town.storage.read(columns, Case.__table__) == [], "no transaction writes both the chat and the case"
    assert await town.hand_over() == 5
    assert await town.storage.read(columns, CaseArrival.__table__) == []
    assert before.isdisjoint(row["id"] for row in await town.storage.read(columns, Case.__table__))
    assert await town.storage.read(left) == (0, 0, 0)
    assert await town.storage.read(traced) == set()
    assert await town.storage.read(verify) == []
    assert sorted(await town.storage.read(texts)) == sorted(STORIES)


async def test_the_code_opens_it_from_any_phone_and_no_notice_comes(town: Town) -> None:
    code = await complain(town, 0)
    await erase(town, 0, choose="📣 Complaints stay", surely="Yes, the rest")
    phone = town.phones[1]
    for _ in range(2):  # before it is handed over, and after
        await phone.say("/start")
        await phone.press("🔎 Follow up")
        assert "Turns are sold" in (await phone.say(code))[-1].text
        await town.hand_over()

    def reply(session: WriteSession) -> None:
        case = queries.by_code(session, code=TrackingCode(code))
        assert case is not None
        staff = make_staff(session, role=Role.PROVINCE_OFFICER).id
        by_staff(actions.reply)(session, case_id=case.id, staff_id=staff, text="We look into it.", now=NOW)

    await town.storage.write(reply)
    assert (await town.storage.read(left))[2] == 0
    await phone.say("/start")
    await phone.press("🔎 Follow up")
    assert "We look into it." in (await phone.say(code))[-1].text


async def test_what_was_added_by_the_code_shortly_before_goes_on_with_it(town: Town) -> None:
    """It waited for the case that is deleted, and held up for good what was told anew behind it."""
    code = TrackingCode(await complain(town, 0))

    def add(session: WriteSession) -> None:
        case = queries.by_code(session, code=code)
        assert case is not None
        actions.say_more(
            session,
            idem_key="more",
            case_id=case.id,
            actor=Actor.chat(None),
            text="It was in the yard.",
            voice=None,
            now=town.bot.clock.now(),
        )

    await town.storage.write(add)
    await erase(town, 0, choose="📣 Complaints stay", surely="Yes, the rest")
    assert await town.hand_over() == 2
    assert await town.storage.read(columns, CaseArrival.__table__) == []
    assert sorted(await town.storage.read(texts)) == sorted([STORIES[0], "It was in the yard."])
    assert (await town.storage.read(left))[1] == 0


async def test_danger_stays_in_the_sight_of_the_desk(town: Town) -> None:
    code = await complain(town, 0, kind="A clerk helps brokers")
    (before,) = await town.storage.read(columns, Case.__table__)

    def add(session: WriteSession) -> None:
        for text, actor in (("He is back.", Actor.chat(before["conversation_id"])), ("Again.", Actor.chat(None))):
            now = town.bot.clock.now()
            actions.say_more(session, idem_key=text, case_id=before["id"], actor=actor, text=text, voice=None, now=now)

    await town.storage.write(add)
    await erase(town, 0, choose="📣 Complaints stay", surely="Yes, the rest")
    (kept,) = await town.storage.read(columns, Case.__table__)
    assert (kept["contact"], kept["state"], kept["conversation_id"]) == ("nobody", "received", None)
    assert kept["id"] != before["id"]
    assert await town.storage.read(texts) == [STORIES[0], "He is back.", "Again."]
    assert await town.storage.read(columns, CaseArrival.__table__) == []
    assert (await town.storage.read(left))[1:] == (0, 0)
    assert await town.storage.read(traced) == set()
    assert await town.storage.read(verify) == []
    phone = town.phones[1]
    await phone.say("/start")
    await phone.press("🔎 Follow up")
    assert "A clerk helps brokers" in (await phone.say(code))[-1].text


async def test_who_keeps_nothing_has_it_withdrawn(town: Town) -> None:
    await complain(town, 0)
    await erase(town, 0, choose="Go on", surely="Yes, erase it all")
    assert await town.hand_over() == 0
    (case,) = await town.storage.read(columns, Case.__table__)
    assert (case["state"], case["name_sealed"], case["conversation_id"]) == ("closed", None, None)
    assert set(await town.storage.read(texts)) == {"None"}
