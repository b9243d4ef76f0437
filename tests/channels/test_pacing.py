"""The limits of a bot hold in every second, no chat waits for another, and a pause stops all sending."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sending.pacing import EDIT_SHARE, FORGET_ABOVE, SEVERAL, TOGETHER, Pacer, PausedTooLong


class Time:
    """A clock whose sleepers wake in order, without any real waiting; `late` tells how late each wakes, in seconds."""

    def __init__(self, late: Iterable[float] = ()) -> None:
        self.now = 0.0
        self._late = itertools.chain(late, itertools.repeat(0.0))
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []
        self._count = 0

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self._count += 1
        woken = asyncio.Event()
        heapq.heappush(self._sleepers, (self.now + seconds, self._count, woken))
        await woken.wait()

    async def run(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work`, moving time on whenever everybody sleeps."""
        running = asyncio.ensure_future(work())  # noqa: TID251  # the test's own loop of time
        while not running.done():
            for _ in range(5):
                await asyncio.sleep(0)
            if not running.done() and self._sleepers:
                moment, _, woken = heapq.heappop(self._sleepers)
                self.now = max(self.now, moment + next(self._late))
                woken.set()
        await running


def most_in_a_second(moments: list[float]) -> int:
    return max((sum(1 for other in moments if moment <= other < moment + 1) for moment in moments), default=0)


async def send_all(time: Time, pacer: Pacer, chats: list[str]) -> list[tuple[float, str]]:
    sent: list[tuple[float, str]] = []

    async def one(chat: str) -> None:
        await pacer.take(chat)
        sent.append((time.now, chat))

    async def work() -> None:
        await asyncio.gather(*(one(chat) for chat in chats))

    await time.run(work)
    return sent


@given(
    chats=st.lists(st.sampled_from("abc"), min_size=1, max_size=12).map(lambda few: few * 5),
    others=st.integers(0, 90),
    pause=st.sampled_from([0.0, 0.4, 7.0]),
    late=st.lists(st.sampled_from([0.0, 0.3, 1.0, 2.5]), max_size=20),
)
def test_no_second_holds_more_than_the_limits(chats: list[str], others: int, pause: float, late: list[float]) -> None:
    time = Time(late)
    pacer = Pacer(monotonic=time.monotonic, sleep=time.sleep)
    pacer.pause(pause)
    sent = asyncio.run(send_all(time, pacer, [*chats, *(str(number) for number in range(others))]))
    assert len(sent) == len(chats) + others
    assert most_in_a_second([moment for moment, _ in sent]) <= 30
    assert all(moment >= pause for moment, _ in sent)
    for chat in set(chats):
        own = [moment for moment, name in sent if name == chat]
        assert most_in_a_second(own) <= 4
        assert all(later - earlier >= 0 for earlier, later in itertools.pairwise(own))


async def test_senders_go_in_the_order_they_asked() -> None:
    time = Time()
    asked = [str(number) for number in range(100)]
    sent = await send_all(time, Pacer(monotonic=time.monotonic, sleep=time.sleep), asked)
    assert [chat for _, chat in sent] == asked


async def test_those_who_wait_are_not_free() -> None:
    time = Time()
    pacer = Pacer(per_second=5, monotonic=time.monotonic, sleep=time.sleep)

    async def look() -> None:
        waiting = [asyncio.ensure_future(pacer.take(str(number))) for number in range(8)]  # noqa: TID251  # see below
        await asyncio.sleep(0)
        assert pacer.free() == -3
        await asyncio.gather(*waiting)  # all are awaited here, in the test's own loop of time

    await time.run(look)


async def test_without_limits_everything_goes_at_once() -> None:
    time = Time()
    sent = await send_all(time, Pacer(per_second=None, monotonic=time.monotonic, sleep=time.sleep), ["a"] * 100)
    assert most_in_a_second([moment for moment, _ in sent]) == 100


async def test_a_burst_in_a_chat_then_one_a_second() -> None:
    time = Time()
    sent = await send_all(time, Pacer(monotonic=time.monotonic, sleep=time.sleep), ["a"] * 6)
    assert [moment for moment, _ in sent] == pytest.approx([0, 0, 0, 1, 2, 3])


async def test_a_chat_that_waits_holds_up_nobody() -> None:
    time = Time()
    sent = await send_all(time, Pacer(monotonic=time.monotonic, sleep=time.sleep), [*["busy"] * 9, "other"])
    assert (0.0, "other") in sent


async def test_a_pause_silences_the_whole_bot() -> None:
    time = Time()
    pacer = Pacer(monotonic=time.monotonic, sleep=time.sleep)
    pacer.pause(7)
    pacer.pause(3)  # a shorter one does not shorten it
    assert (pacer.free(), pacer.spare() <= 0, pacer.pause_left) == (0, True, 7)
    sent = await send_all(time, pacer, ["a", "b"])
    assert [moment for moment, _ in sent] == [7, 7]


async def test_a_long_pause_that_begins_meanwhile_is_told_to_those_who_wait() -> None:
    time = Time()
    pacer = Pacer(per_second=2, monotonic=time.monotonic, sleep=time.sleep)
    told: list[float] = []

    async def one(chat: str) -> None:
        try:
            await pacer.take(chat, patience=5)
        except PausedTooLong as paused:
            told.append(paused.seconds)

    async def work() -> None:
        waiting = asyncio.gather(*(one(str(number)) for number in range(6)))
        await asyncio.sleep(0)
        pacer.pause(30)
        await waiting

    await time.run(work)
    assert len(told) == 4
    assert all(25 < seconds <= 30 for seconds in told)
    assert time.now < 5


async def test_a_call_that_is_no_message_counts_for_the_bot() -> None:
    time = Time()
    pacer = Pacer(monotonic=time.monotonic, sleep=time.sleep)
    for _ in range(9):
        await pacer.take("a", share=0.0)
    pacer.count()
    assert time.now == 0
    assert (pacer.free(), pacer.spare()) == (20, 15)


@pytest.mark.parametrize("in_response", [True, False])
async def test_acknowledging_presses_keeps_no_answer_waiting(in_response: bool) -> None:
    """Each press made two calls that counted alike, so that people waited twice as long as the messenger asks."""
    time = Time()
    pacer = Pacer(monotonic=time.monotonic, sleep=time.sleep)
    answered: list[float] = []

    async def press(chat: str) -> None:
        if not in_response:
            await pacer.take(chat, share=0.0)
        await pacer.take(chat, share=EDIT_SHARE)
        answered.append(time.now)
        if in_response:
            pacer.count()

    async def work() -> None:
        await asyncio.gather(*(press(str(number)) for number in range(90)))

    await time.run(work)
    assert most_in_a_second(answered) == 30
    assert max(answered) < 3
    assert pacer.free() < 5
    assert pacer.spare() == 3  # the outbox gives way all the same, but for its own tenth


async def test_a_press_is_acknowledged_while_answers_wait() -> None:
    """Its button would spin until those before it were answered, and a late acknowledgement is refused."""
    time = Time()
    pacer = Pacer(per_second=2, monotonic=time.monotonic, sleep=time.sleep)
    acknowledged: list[float] = []

    async def acknowledge() -> None:
        await pacer.take("9", share=0.0)
        acknowledged.append(time.now)

    async def work() -> None:
        await asyncio.gather(*(pacer.take(str(number)) for number in range(9)), acknowledge())

    await time.run(work)
    assert acknowledged == [0]


async def test_chats_that_press_without_end_leave_the_outbox_its_own_tenth() -> None:
    """A few of them silenced every notice of the bot for as long as they pressed."""
    time = Time()
    pacer = Pacer(monotonic=time.monotonic, sleep=time.sleep)
    told: list[float] = []
    ends = 60.0

    async def press(chat: str) -> None:
        while time.now < ends:
            await pacer.take(chat, share=0.0)
            await pacer.take(chat, share=EDIT_SHARE)

    async def acknowledge(chat: str) -> None:
        while time.now < ends:
            await pacer.take(chat, share=0.0)
            await time.sleep(0.1)

    async def outbox() -> None:
        while time.now < ends:
            number = max(0, min(10, pacer.spare()))
            pacer.lend(number)
            await asyncio.gather(*(pacer.take(f"told {len(told) + each}") for each in range(number)))
            told.extend([time.now] * number)
            await time.sleep(0.02)

    async def work() -> None:
        presses = [press(f"p{number}") for number in range(20)]
        await asyncio.gather(*presses, *(acknowledge(f"a{number}") for number in range(4)), outbox())

    await time.run(work)
    assert 150 <= len(told) <= 190


async def test_edits_take_their_share_of_the_chat() -> None:
    time = Time()
    pacer = Pacer(monotonic=time.monotonic, sleep=time.sleep)
    moments: list[float] = []

    async def work() -> None:
        for _ in range(20):
            await pacer.take("a", share=EDIT_SHARE)
            moments.append(time.now)

    await time.run(work)
    assert moments[6] == 0
    assert moments[-1] >= 20 * EDIT_SHARE - 3


async def test_a_refused_chat_keeps_no_other_waiting() -> None:
    """One chat's 429 silenced everybody for as long as the messenger asked."""
    time = Time()
    pacer = Pacer(monotonic=time.monotonic, sleep=time.sleep)
    pacer.refused("loud", 45)

    sent = await send_all(time, pacer, ["loud", "a", "b"])

    assert sorted(sent) == [(0.0, "a"), (0.0, "b"), (45.0, "loud")]


async def test_a_refused_chat_makes_no_call_at_all() -> None:
    time = Time()
    pacer = Pacer(monotonic=time.monotonic, sleep=time.sleep)
    pacer.refused("loud", 45)

    with pytest.raises(PausedTooLong) as told:
        await pacer.take("loud", share=0.0, patience=5)

    assert told.value.seconds == 45


@pytest.mark.parametrize(("apart", "left"), [(1.0, 20.0), (TOGETHER + 1, 0.0)])
async def test_several_refused_chats_mean_the_bot(apart: float, left: float) -> None:
    time = Time()
    pacer = Pacer(monotonic=time.monotonic, sleep=time.sleep)
    for number in range(SEVERAL):
        time.now = number * apart
        pacer.refused(str(number), 20)

    assert pacer.pause_left == left


async def test_one_chat_refused_again_and_again_is_still_one() -> None:
    pacer = Pacer(monotonic=Time().monotonic)
    for _ in range(2 * SEVERAL):
        pacer.refused("loud", 20)

    assert pacer.pause_left == 0


async def test_silent_chats_are_forgotten() -> None:
    time = Time()
    pacer = Pacer(per_second=10**9, monotonic=time.monotonic, sleep=time.sleep)
    for number in range(FORGET_ABOVE + 5):
        await pacer.take(str(number))
        time.now += 1
    assert len(pacer._paces) < FORGET_ABOVE
