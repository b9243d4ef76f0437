"""Two chats of one person: connected by a code from one to the other, and told in one what the other cannot be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from desk.acting import Actor
from desk.conversations.models import Conversation
from desk.erasure.actions import erase
from desk.erasure.queries import what_is_held
from desk.other_chats import actions
from desk.other_chats.falling_back import fall_back, fall_back_waiting
from desk.other_chats.jobs import forget_other_chat_codes
from desk.other_chats.models import OtherChat, OtherChatCode
from desk.other_chats.queries import other_of
from desk.other_chats.refusals import HasOtherChat, NobodyAsks
from desk.other_chats.rules import OtherChatNotice, Patience, code_holds_until, works_from
from desk.outbox import actions as outbox
from desk.outbox.claiming import claim
from desk.outbox.models import OutboxMessage
from desk.outbox.quiet import is_quiet
from desk.outbox.rules import DeliveryState, Lane, Recipient
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.transfers.rules import TransferNotice
from desk.verify import verify
from tests.domain.transfer_scene import Scene, told
from tests.makers import NOW, make_conversation
from tests.makers_cases import put_message
from tests.makers_other_chats import connect

MINUTE = timedelta(minutes=1)


@dataclass
class Pair:
    """A chat in Telegram and one in Bale, connected three days ago."""

    session: WriteSession

    def __post_init__(self) -> None:
        self.one = make_conversation(self.session, chat="one")
        self.other = make_conversation(self.session, channel="bale", chat="other", locale="fa_AF")
        connect(self.session, self.one, self.other)

    def message(self, **given: Any) -> OutboxMessage:
        """A message about an appointment, to the first chat."""
        given = {"key": f"m{self.number()}", "about": "appointment:1", **given}
        assert put_message(self.session, chat="one", **given)
        return self.session.scalars(select(OutboxMessage).where(OutboxMessage.idem_key == given["key"])).one()

    def number(self) -> int:
        return self.session.scalar(select(func.count()).select_from(OutboxMessage)) or 0

    def claimed(self, channel: str, *, now: datetime = NOW) -> list[int]:
        taken = claim(self.session, channel=channel, bot="mizban", limit=9, now=now)
        self.session.expire_all()
        return [message.id for message in taken]

    def refused(self, message: OutboxMessage, *, now: datetime = NOW) -> bool:
        """The messenger of its chat says that it never takes it."""
        found = fall_back(self.session, message_id=message.id, claimed_for=message.conversation_id, now=now)
        self.session.expire_all()
        return found

    def failed(self, message: OutboxMessage, *, now: datetime, due_at: datetime | None = None) -> None:
        """The messenger of its chat did not take it this time."""
        assert self.claimed(message.channel, now=now) == [message.id]
        outbox.put_back(self.session, id=message.id, reason="502", due_at=due_at or now + MINUTE, now=now)
        self.session.expire_all()

    def waits(self, *, now: datetime, **given: Any) -> int:
        found = fall_back_waiting(self.session, now=now, limit=9, **given)
        self.session.expire_all()
        return found


@pytest.fixture
def pair(session: WriteSession) -> Pair:
    return Pair(session)


def chat_of(message: OutboxMessage) -> tuple[str, int | None]:
    return message.channel, message.instead_of


def begins(session: WriteSession, chat: Conversation) -> datetime | None:
    found = other_of(session, conversation_id=chat.id)
    assert found is not None
    return found.works_from


# --- connecting --------------------------------------------------------------------------------------------------


def test_a_code_of_one_chat_typed_in_the_other_connects_both(session: WriteSession) -> None:
    one, other = make_conversation(session), make_conversation(session, channel="bale")
    new = actions.make_code(session, actor=Actor.chat(one.id), now=NOW)
    assert actions.look_up(session, actor=Actor.chat(other.id), digits=new.digits, now=NOW) == "telegram"
    made = actions.connect(session, actor=Actor.chat(other.id), digits=new.digits, now=NOW)
    assert made == ("telegram", None, True)
    assert other_of(session, conversation_id=one.id) == ("bale", None, True)
    assert other_of(session, conversation_id=other.id) == made
    assert told(session, one) == [OtherChatNotice.MADE]
    assert told(session, other) == [], "it was typed there"
    assert verify(session) == []


def test_it_begins_a_day_after_the_chat_that_showed_the_code_was_told(session: WriteSession) -> None:
    """Who holds an unlocked phone whose bot is blocked shows a code there: its owner never heard of it."""
    one, other = make_conversation(session, chat="one"), make_conversation(session, channel="bale")
    digits = actions.make_code(session, actor=Actor.chat(one.id), now=NOW).digits
    actions.connect(session, actor=Actor.chat(other.id), digits=digits, now=NOW)
    put_message(session, chat="one", key="m", about="appointment:1")
    message = session.scalars(select(OutboxMessage).where(OutboxMessage.idem_key == "m")).one()
    late = NOW + timedelta(days=9)
    asked = {"message_id": message.id, "claimed_for": one.id}
    assert not fall_back(session, **asked, now=late)
    actions.was_told(session, claimed_for=one.id, now=late)
    actions.was_told(session, claimed_for=one.id, now=late + timedelta(days=1))
    assert begins(session, one) == works_from(late), "told twice, begun once"
    assert begins(session, other) == works_from(late)
    assert told(session, one) == sorted([OtherChatNotice.MADE, OtherChatNotice.WORKS, "ticket"])
    assert told(session, other) == [OtherChatNotice.WORKS], "both are told again when it begins"
    assert not fall_back(session, **asked, now=works_from(late) - MINUTE)
    assert fall_back(session, **asked, now=works_from(late))


def test_a_code_works_once_for_a_quarter_of_an_hour_and_not_in_its_own_chat(session: WriteSession) -> None:
    one, other = make_conversation(session), make_conversation(session)
    actor = Actor.chat(other.id)
    earlier = actions.make_code(session, actor=Actor.chat(one.id), now=NOW).digits
    digits, until = actions.make_code(session, actor=Actor.chat(one.id), now=NOW)
    assert NOW + 15 * MINUTE <= until < NOW + 30 * MINUTE
    assert actions.look_up(session, actor=Actor.chat(one.id), digits=digits, now=NOW) is None
    assert actions.look_up(session, actor=actor, digits=earlier, now=NOW) is None, "a newer one takes its place"
    assert actions.look_up(session, actor=actor, digits=digits, now=until) is None
    with pytest.raises(NobodyAsks):
        actions.connect(session, actor=actor, digits=digits, now=until)
    with pytest.raises(NobodyAsks), session.begin_nested():  # its own code is used up with the try
        actions.connect(session, actor=Actor.chat(one.id), digits=digits, now=NOW)
    actions.connect(session, actor=actor, digits=digits, now=NOW)
    actions.cut(session, actor=actor, now=NOW)
    with pytest.raises(NobodyAsks):
        actions.connect(session, actor=actor, digits=digits, now=NOW)


def test_a_code_is_kept_as_a_mark_and_goes(session: WriteSession) -> None:
    one = make_conversation(session)
    new = actions.make_code(session, actor=Actor.chat(one.id), now=NOW)
    kept = session.scalars(select(OtherChatCode)).one()
    assert new.digits not in kept.mark
    assert kept.expires_at == code_holds_until(NOW)
    assert (kept.expires_at.minute % 15, kept.expires_at.second) == (0, 0), "it tells no moment of the chat"
    assert forget_other_chat_codes(session, now=new.until, limit=9) == 1


def test_a_chat_has_one_other_chat(pair: Pair) -> None:
    third = make_conversation(pair.session)
    with pytest.raises(HasOtherChat):
        actions.make_code(pair.session, actor=Actor.chat(pair.one.id), now=NOW)
    digits = actions.make_code(pair.session, actor=Actor.chat(third.id), now=NOW).digits
    with pytest.raises(HasOtherChat):
        actions.connect(pair.session, actor=Actor.chat(pair.other.id), digits=digits, now=NOW)
    assert verify(pair.session) == []


def test_it_works_a_day_later_and_by_day(pair: Pair) -> None:
    for hour in range(24):
        begins = works_from(NOW + timedelta(hours=hour))
        assert begins >= NOW + timedelta(hours=hour + 24)
        assert not is_quiet(begins)


def test_each_of_the_two_cuts_it_and_the_other_is_told(pair: Pair) -> None:
    assert actions.cut(pair.session, actor=Actor.chat(pair.other.id), now=NOW)
    assert told(pair.session, pair.one) == [OtherChatNotice.CUT]
    assert other_of(pair.session, conversation_id=pair.one.id) is None
    assert not actions.cut(pair.session, actor=Actor.chat(pair.one.id), now=NOW)


# --- what cannot be delivered -------------------------------------------------------------------------------------


def test_what_a_messenger_never_takes_goes_to_the_other_chat_once(pair: Pair) -> None:
    message = pair.message()
    pair.claimed("telegram")
    assert pair.refused(message)
    assert chat_of(message) == ("bale", pair.one.id)
    assert pair.claimed("telegram") == []
    assert pair.claimed("bale") == [message.id]
    assert not pair.refused(message), "it goes no further, and not back"
    outbox.mark_dead(pair.session, id=message.id, reason="blocked", claimed_for=pair.other.id)
    pair.session.expire_all()
    assert (message.state, message.reason) == (DeliveryState.DEAD, "blocked"), "staff see it"
    assert verify(pair.session) == []


def test_what_is_told_there_is_not_told_here_when_the_person_is_back(pair: Pair) -> None:
    message = pair.message()
    pair.claimed("telegram")
    assert pair.refused(message)
    assert pair.claimed("bale") == [message.id]
    outbox.mark_sent(pair.session, id=message.id, message_id="5", now=NOW)
    outbox.try_now(pair.session, to=Recipient("telegram", "mizban", pair.one.id), now=NOW)
    assert pair.claimed("telegram", now=NOW + timedelta(days=1)) == []


def test_a_late_word_of_the_first_worker_changes_nothing_in_the_other_chat(pair: Pair) -> None:
    """Its lease was over: what it finds out about the first chat is no word about the other one."""
    message = pair.message()
    pair.claimed("telegram")
    assert pair.refused(message)
    first = {"id": message.id, "claimed_for": pair.one.id}
    pair.claimed("bale")
    outbox.mark_dead(pair.session, reason="blocked", **first)
    outbox.put_back(pair.session, reason="502", due_at=NOW, now=NOW, **first)
    outbox.drop_one(pair.session, **first)
    pair.session.expire_all()
    assert (message.state, message.tries) == (DeliveryState.CLAIMED, 1)


def test_nothing_goes_there_without_a_connection_that_works(pair: Pair) -> None:
    session = pair.session
    message = pair.message()
    actions.cut(session, actor=Actor.chat(pair.one.id), now=NOW)
    assert not pair.refused(message)
    connect(session, pair.one, pair.other, now=NOW)
    assert not pair.refused(message)
    assert pair.refused(message, now=works_from(NOW))


def test_nothing_goes_to_a_chat_that_has_blocked_the_bot(pair: Pair) -> None:
    pair.other.reachable = False
    pair.session.flush()
    assert not pair.refused(pair.message())


@pytest.mark.parametrize("notice", [OtherChatNotice.WORKS, TransferNotice.AWAY, "screen", "slowly"])
def test_what_is_about_a_chat_itself_stays_in_it(pair: Pair, notice: str) -> None:
    message = pair.message(about=None, notice=notice)
    assert not pair.refused(message)
    pair.failed(message, now=NOW)
    assert pair.waits(now=NOW + timedelta(hours=9)) == 0


def test_what_a_messenger_does_not_take_waits_half_an_hour(pair: Pair) -> None:
    message = pair.message()
    pair.failed(message, now=NOW)
    pair.failed(message, now=NOW + 10 * MINUTE, due_at=NOW + timedelta(hours=1))
    assert pair.waits(now=NOW + 29 * MINUTE) == 0
    assert pair.waits(now=NOW + 30 * MINUTE) == 1
    assert chat_of(message) == ("bale", pair.one.id)
    assert pair.claimed("bale", now=NOW + 30 * MINUTE) == [message.id]
    outbox.put_back(pair.session, id=message.id, reason="502", due_at=NOW, now=NOW + 31 * MINUTE)
    assert pair.waits(now=NOW + timedelta(hours=9)) == 0, "it waits there, and goes back nowhere"


def test_the_operator_says_how_long_it_waits(pair: Pair) -> None:
    pair.failed(pair.message(), now=NOW)
    assert pair.waits(now=NOW + 59 * MINUTE, patience=Patience.of(60 * MINUTE)) == 0
    assert pair.waits(now=NOW + 2 * MINUTE, patience=Patience.of(2 * MINUTE)) == 1


def test_a_messenger_that_is_back_before_that_tells_it_itself(pair: Pair) -> None:
    message = pair.message()
    pair.failed(message, now=NOW)
    assert pair.claimed("telegram", now=NOW + 20 * MINUTE) == [message.id]
    outbox.mark_sent(pair.session, id=message.id, message_id="5", now=NOW)
    assert pair.waits(now=NOW + timedelta(hours=1)) == 0
    assert chat_of(message) == ("telegram", None)
    assert message.failing_since is None


def test_when_the_person_writes_the_wait_begins_anew(pair: Pair) -> None:
    message = pair.message()
    pair.failed(message, now=NOW, due_at=NOW + timedelta(hours=1))
    outbox.try_now(pair.session, to=Recipient("telegram", "mizban", pair.one.id), now=NOW + 29 * MINUTE)
    assert pair.waits(now=NOW + 31 * MINUTE) == 0


def test_what_speaks_of_a_near_appointment_waits_five_minutes(session: WriteSession) -> None:
    scene = Scene(session)
    other = make_conversation(session, channel="bale")
    connect(session, scene.old, other)
    soon = scene.turn.starts_at - timedelta(hours=2)
    reminder = session.scalars(
        select(OutboxMessage).where(OutboxMessage.about == f"appointment:{scene.turn.id}")
    ).first()
    assert reminder is not None
    for now, falls in ((soon - timedelta(hours=2), 0), (soon, 1)):
        reminder.failing_since, reminder.tries, reminder.due_at = now - 5 * MINUTE, 1, now
        session.flush()
        assert fall_back_waiting(session, now=now, limit=9) == falls
    session.expire_all()
    assert reminder.conversation_id == other.id


def test_what_waits_behind_goes_along_where_its_messenger_fails(pair: Pair) -> None:
    """It was never tried itself. After a standstill of ours nothing is moved before it was tried."""
    behind = [pair.message(), pair.message(lane=Lane.BULK)]
    assert pair.waits(now=NOW + timedelta(hours=1)) == 0
    pair.failed(behind[0], now=NOW)
    assert pair.waits(now=NOW + timedelta(hours=1)) == 2
    assert {chat_of(message) for message in behind} == {("bale", pair.one.id)}


@pytest.mark.parametrize(
    ("reasons", "lane", "due_at", "falls"),
    [
        (["502"], Lane.REPLY, NOW, 0),
        (["429 Too Many Requests"] * 3, Lane.REPLY, NOW, 0),
        (["502"] * 3, Lane.REPLY, NOW, 1),
        (["502"] * 3, Lane.BULK, NOW, 1),
        (["502"] * 3, Lane.BULK, NOW + timedelta(hours=15), 0),
    ],
)
def test_what_was_not_tried_goes_there_only_where_its_messenger_fails_by_day(
    pair: Pair, reasons: list[str], lane: Lane, due_at: datetime, falls: int
) -> None:
    """One stranger's message that failed, which a chat can bring about itself, gave all that waited to other phones;
    so did the night, in which nothing of it is tried."""
    message = pair.message(lane=lane, due_at=due_at)
    for number, _ in enumerate(reasons):
        make_conversation(pair.session, chat=f"stranger {number}")
        put_message(pair.session, chat=f"stranger {number}", key=f"s{number}", about=None, due_at=due_at)
    strangers = update(OutboxMessage).where(OutboxMessage.id != message.id)
    pair.session.execute(strangers.values(failing_since=due_at, tries=1, reason=reasons[0]))
    assert pair.waits(now=due_at + 31 * MINUTE) == falls


# --- erasing and going over ---------------------------------------------------------------------------------------


def test_it_is_among_what_is_held(pair: Pair) -> None:
    assert what_is_held(pair.session, conversation_id=pair.one.id)["other_chats"] == 1
    actions.cut(pair.session, actor=Actor.chat(pair.one.id), now=NOW)
    assert what_is_held(pair.session, conversation_id=pair.one.id)["other_chats"] == 0


async def test_erasing_the_chat_they_belong_to_takes_what_was_told_elsewhere(storage: Storage) -> None:
    def act(session: WriteSession) -> None:
        pair = Pair(session)
        done = pair.message()
        assert pair.refused(done)
        outbox.mark_sent(session, id=done.id, message_id="5", now=NOW)
        assert pair.refused(pair.message())
        erase(session, actor=Actor.chat(pair.one.id), now=NOW)
        session.expire_all()
        left = list(session.scalars(select(OutboxMessage)))
        assert [(row.notice, row.conversation_id) for row in left] == [(OtherChatNotice.CUT, pair.other.id)]
        assert session.scalar(select(func.count()).select_from(OtherChat)) == 0
        assert verify(session) == []

    await storage.write(act)


async def test_erasing_the_other_chat_loses_nothing_of_the_first(storage: Storage) -> None:
    def act(session: WriteSession) -> None:
        pair = Pair(session)
        done, waiting = pair.message(), pair.message()
        for message in (done, waiting):
            assert pair.refused(message)
        outbox.mark_sent(session, id=done.id, message_id="5", now=NOW)
        erase(session, actor=Actor.chat(pair.other.id), now=NOW)
        session.expire_all()
        assert [chat_of(each) for each in (done, waiting)] == [("telegram", None)] * 2
        assert (done.state, done.message_id, waiting.state) == (DeliveryState.SENT, None, DeliveryState.OPEN)
        assert told(session, pair.one) == sorted(["ticket", OtherChatNotice.CUT])
        assert verify(session) == []

    await storage.write(act)


def test_a_transfer_neither_takes_the_connection_along_nor_leaves_messages_behind(session: WriteSession) -> None:
    scene = Scene(session)
    other = make_conversation(session, channel="bale")
    connect(session, scene.old, other)
    about = f"appointment:{scene.turn.id}"
    for message in session.scalars(select(OutboxMessage).where(OutboxMessage.about == about)).all():
        assert fall_back(session, message_id=message.id, claimed_for=scene.old.id, now=NOW)
    scene.bring()
    session.expire_all()
    found = set(session.scalars(select(OutboxMessage.conversation_id).where(OutboxMessage.about == about)))
    assert found == {scene.new.id}
    assert session.scalars(select(OutboxMessage).where(OutboxMessage.instead_of.is_not(None))).all() == []
    assert other_of(session, conversation_id=scene.new.id) is None
    assert other_of(session, conversation_id=other.id) is not None
