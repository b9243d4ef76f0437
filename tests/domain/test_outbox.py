"""Messages are written once, claimed in order under a lease, and their fate is told to staff."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from desk.appointments.rules import AppointmentNotice
from desk.outbox import actions, queries
from desk.outbox.claiming import _DUE
from desk.outbox.models import OutboxMessage
from desk.outbox.rows import Backlog, Claimed, SentTo
from desk.outbox.rules import LEASE, LONGEST_WAIT, DeliveryState, Lane, wait_before
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.makers import NOW
from tests.makers_cases import put_message
from tests.makers_chats import recipient

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def claim(session: WriteSession, *, limit: int = 10, later: timedelta = timedelta(0)) -> list[Claimed]:
    return actions.claim(session, channel="telegram", bot="mizban", limit=limit, now=NOW + later)


def names(messages: list[Claimed]) -> list[str]:
    return [message.notice for message in messages]


def sent(session: WriteSession, message: Claimed) -> None:
    actions.mark_sent(session, id=message.id, message_id="900", now=NOW)


def test_the_same_key_is_one_message_and_wakes_the_worker(session: WriteSession) -> None:
    assert put_message(session, key="ticket:5:0")
    assert session.topics == {"outbox"}
    assert not put_message(session, key="ticket:5:0")
    assert queries.backlog(session, now=NOW).number == 1


def test_a_claim_carries_the_message_and_counts_the_try(session: WriteSession) -> None:
    put_message(session, chat="9", params={"appointment": 5}, about="appointment:5", lane=Lane.BULK)
    (message,) = claim(session)
    assert (message.chat, message.lane, message.params, message.about) == (
        "9",
        Lane.BULK,
        {"appointment": 5},
        "appointment:5",
    )
    assert (message.tries, message.lease_until) == (1, NOW + LEASE)


def test_messages_of_another_bot_or_messenger_are_left_alone(session: WriteSession) -> None:
    put_message(session)
    for channel, bot in (("bale", "mizban"), ("telegram", "other")):
        assert actions.claim(session, channel=channel, bot=bot, limit=5, now=NOW) == []


def test_replies_go_before_bulk(session: WriteSession) -> None:
    put_message(session, chat="1", lane=Lane.BULK, notice="first reminder")
    put_message(session, chat="2", lane=Lane.BULK, notice="second reminder")
    put_message(session, chat="3", notice="reply")
    assert names(claim(session, limit=2)) == ["reply", "first reminder"]


def test_a_reply_overtakes_bulk_of_its_own_chat(session: WriteSession) -> None:
    put_message(session, lane=Lane.BULK, notice="reminder")
    put_message(session, notice="reply")
    assert names(claim(session)) == ["reply"]


def test_one_message_of_a_chat_is_under_way_at_a_time_and_in_order(session: WriteSession) -> None:
    for notice in ("one", "two", "three"):
        put_message(session, notice=notice)
    seen = []
    for _ in range(3):
        (message,) = claim(session)
        assert claim(session) == []
        sent(session, message)
        seen.append(message.notice)
    assert seen == ["one", "two", "three"]


def test_a_message_that_waits_for_its_time_holds_up_nothing(session: WriteSession) -> None:
    put_message(session, notice="tomorrow", due_at=NOW + timedelta(days=1))
    put_message(session, notice="now")
    assert names(claim(session)) == ["now"]


def test_a_message_put_back_comes_again_and_keeps_its_place(session: WriteSession) -> None:
    put_message(session, notice="one")
    put_message(session, notice="two")
    (one,) = claim(session)
    actions.put_back(session, id=one.id, reason="429", due_at=NOW + MINUTE, now=NOW)
    assert claim(session, later=MINUTE - SECOND) == []
    (again,) = claim(session, later=MINUTE)
    assert (again.notice, again.tries) == ("one", 2)
    sent(session, again)
    (two,) = claim(session, later=MINUTE)
    assert two.notice == "two"


def test_a_lease_holds_until_it_ends(session: WriteSession) -> None:
    put_message(session)
    claim(session)
    assert claim(session, later=LEASE - SECOND) == []
    (again,) = claim(session, later=LEASE)
    assert again.tries == 2


def test_what_was_given_up_or_dropped_is_not_sent_and_blocks_nobody(session: WriteSession) -> None:
    put_message(session, notice="blocked")
    (blocked,) = claim(session)
    actions.mark_dead(session, id=blocked.id, reason="403 blocked")
    put_message(session, notice="reminder", about="appointment:5")
    put_message(session, notice="ticket", about="appointment:5")
    put_message(session, notice="reply", about="entry:9")
    assert actions.drop(session, about="appointment:5", notices=[AppointmentNotice.REMINDER]) == 1
    assert actions.drop(session, about="appointment:5") == 1
    assert names(claim(session)) == ["reply"]
    assert [(message.notice, message.reason) for message in queries.dead(session, limit=5)] == [
        ("blocked", "403 blocked")
    ]


def test_a_message_dropped_under_way_stays_dropped_unless_it_arrived(session: WriteSession) -> None:
    put_message(session, about="appointment:5")
    (message,) = claim(session)
    assert actions.drop(session, about="appointment:5") == 1
    actions.put_back(session, id=message.id, reason="500", due_at=NOW, now=NOW)
    assert claim(session) == []
    sent(session, message)
    assert queries.delivery_of(session, abouts=["appointment:5"])["appointment:5"].state is DeliveryState.SENT


def test_staff_see_the_newest_message_about_a_thing(session: WriteSession) -> None:
    put_message(session, about="entry:1")
    (first,) = claim(session)
    sent(session, first)
    put_message(session, about="entry:2", due_at=NOW + MINUTE)
    told = queries.delivery_of(session, abouts=["entry:1", "entry:2", "entry:3"])
    assert told["entry:1"].sent_at == NOW
    assert (told["entry:2"].state, told["entry:2"].due_at, told["entry:2"].tries) == (
        DeliveryState.OPEN,
        NOW + MINUTE,
        0,
    )
    assert "entry:3" not in told
    assert queries.delivery_of(session, abouts=[]) == {}


def test_the_worker_learns_when_to_look_again(session: WriteSession) -> None:
    where: dict[str, Any] = {"channel": "telegram", "bot": "mizban"}
    assert queries.next_due(session, **where) is None
    put_message(session, due_at=NOW + timedelta(hours=3))
    assert queries.next_due(session, **where) == NOW + timedelta(hours=3)
    put_message(session, notice="one")
    put_message(session, notice="behind it")
    claim(session)
    assert queries.next_due(session, **where) == NOW
    assert queries.next_due(session, **where, after=NOW) == NOW + LEASE


@pytest.mark.parametrize("lane", Lane)
def test_the_worker_looks_again_for_each_lane(session: WriteSession, lane: Lane) -> None:
    where: dict[str, Any] = {"channel": "telegram", "bot": "mizban"}
    put_message(session, lane=lane, due_at=NOW + timedelta(hours=3))
    put_message(session, chat="9", lane=lane)
    assert queries.next_due(session, **where) == NOW
    claim(session)
    assert queries.next_due(session, **where, after=NOW) == NOW + LEASE
    assert queries.next_due(session, **where, after=NOW + LEASE) == NOW + timedelta(hours=3)


def test_the_backlog_is_what_is_due_and_not_sent(session: WriteSession) -> None:
    put_message(session, chat="1", due_at=NOW + MINUTE)
    put_message(session, chat="2", due_at=NOW + 2 * MINUTE)
    put_message(session, chat="3", due_at=NOW + timedelta(days=3))
    assert queries.backlog(session, now=NOW) == Backlog(0, None, is_stuck=False)
    claim(session, later=MINUTE)
    assert queries.backlog(session, now=NOW + 2 * MINUTE) == Backlog(2, NOW, is_stuck=False)


def test_it_can_be_asked_what_a_message_tells_of(session: WriteSession) -> None:
    put_message(session, about="entry:7")
    (message,) = claim(session)
    assert queries.about(session, message_id=message.id) == "entry:7"
    assert queries.about(session, message_id=message.id + 1) is None


def test_a_chat_is_erased_whole_and_alone(session: WriteSession) -> None:
    put_message(session, chat="1")
    (message,) = claim(session)
    sent(session, message)
    put_message(session, chat="1")
    put_message(session, chat="2", notice="other")
    assert actions.erase_chat(session, to=recipient(session, "telegram", "mizban", "1")) == 2
    assert names(claim(session)) == ["other"]


def test_old_messages_are_forgotten_unless_they_wait(session: WriteSession) -> None:
    long_ago = NOW - timedelta(days=91)
    put_message(session, chat="1", now=long_ago)
    (message,) = claim(session)
    sent(session, message)
    put_message(session, chat="2", now=long_ago, notice="waits")
    assert actions.forget_closed(session, before=NOW - timedelta(days=90), limit=9) == 1
    assert names(claim(session)) == ["waits"]


def test_claiming_reads_the_partial_indexes(session: WriteSession) -> None:
    statement = str(_DUE.compile(session.connection())).replace("?", "0")
    plan = [row.detail for row in session.execute(text(f"EXPLAIN QUERY PLAN {statement}"))]
    assert any("ix_outbox_messages_due" in step for step in plan), plan
    assert any("ix_outbox_messages_chat" in step for step in plan), plan
    assert not any(step.startswith("SCAN") for step in plan), plan


async def test_many_messages_are_marked_at_once(storage: Storage) -> None:
    for chat in "123":
        await storage.write(put_message, chat=chat, about=f"entry:{chat}")
    batch = await storage.write(claim)
    await storage.write(actions.mark_sent_many, sent=[SentTo(message.id, message.chat) for message in batch], now=NOW)
    told = await storage.read(queries.delivery_of, abouts=["entry:1", "entry:2", "entry:3"])
    assert [told[f"entry:{chat}"].state for chat in "123"] == [DeliveryState.SENT] * 3
    assert (await storage.read(queries.backlog, now=NOW)).number == 0


def test_failures_wait_longer_each_time_up_to_a_limit() -> None:
    waits = [wait_before(tries, jitter=0.5) for tries in range(1, 15)]
    assert waits[:3] == [2 * SECOND, 4 * SECOND, 8 * SECOND]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT
    assert wait_before(3, jitter=0) < wait_before(3, jitter=1)


async def test_what_is_over_is_kept_by_the_hour(storage: Storage) -> None:
    """When a chat was answered, to the second, would tell what else was written then."""
    await storage.write(over_by_the_hour)


def over_by_the_hour(session: WriteSession) -> None:
    at = NOW + timedelta(minutes=41, seconds=7)
    for number, key in enumerate(("sent", "dead", "dropped", "later")):
        put_message(session, key=key, about=f"appointment:{number}", due_at=at, now=at)
    put_message(session, key="reminder", about="appointment:9", due_at=at + timedelta(days=2), now=at)
    ids = dict(session.execute(select(OutboxMessage.idem_key, OutboxMessage.id)).all())
    actions.mark_sent(session, id=ids["sent"], message_id="1", now=at)
    actions.mark_dead(session, id=ids["dead"], reason="blocked")
    actions.drop_one(session, id=ids["dropped"])
    actions.drop(session, about="appointment:9")
    rows = select(OutboxMessage.idem_key, OutboxMessage.created_at, OutboxMessage.due_at, OutboxMessage.sent_at)
    found = {key: times for key, *times in session.execute(rows)}
    assert found["sent"] == [NOW, NOW, NOW]
    assert found["dead"] == found["dropped"] == [NOW, NOW, None]
    assert found["reminder"] == [NOW, at + timedelta(days=2), None]  # it may be restored, and has its time
    assert found["later"] == [at, at, None]  # it is not over
