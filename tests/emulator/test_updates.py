"""How updates reach a bot by polling, what Bale leaves out, and what happens when two bots poll."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from emulator import BALE, HARSH, BotAccount, Emulator, NotSettled
from emulator.settling import PATIENCE

LONG = 50
"""Seconds of a long poll: longer than the test takes to bring what ends it."""


async def test_unconfirmed_updates_come_again_until_a_higher_offset(emulator: Emulator, telegram: Any) -> None:
    person = emulator.person("telegram")
    await person.say("یک")
    await person.say("دو")
    first = await telegram.updates()
    assert await telegram.updates() == first
    numbers = [update["update_id"] for update in first]
    assert numbers[1] == numbers[0] + 1
    assert [u["message"]["text"] for u in await telegram.updates(offset=numbers[1])] == ["دو"]
    assert person.chat.unconfirmed == {numbers[1]}
    assert await telegram.updates(offset=numbers[1] + 1) == []
    assert not person.chat.unconfirmed


async def test_limit_and_negative_offset(emulator: Emulator, telegram: Any) -> None:
    person = emulator.person("telegram")
    for number in range(5):
        await person.say(str(number))
    assert len(await telegram.updates(limit=2)) == 2
    assert [u["message"]["text"] for u in await telegram.updates(offset=-2)] == ["3", "4"]
    assert len(await telegram.updates()) == 2


async def test_a_long_poll_returns_with_the_first_update(emulator: Emulator, telegram: Any) -> None:
    person = emulator.person("telegram")
    poll = asyncio.gather(telegram.updates(timeout=LONG))
    await _polls_arrived(emulator, 1)
    await person.say("سلام")
    [[update]] = await asyncio.wait_for(poll, PATIENCE)
    assert update["message"]["text"] == "سلام"
    assert update["message"]["chat"] == {
        "id": person.id, "first_name": "نوید", "type": "private",
    }  # fmt: skip
    assert update["message"]["from"]["is_bot"] is False
    assert person.id > 2**32


async def _waiting(api: Any, count: int) -> list[asyncio.Task[Any]]:
    return [asyncio.get_running_loop().create_task(api("getUpdates", timeout=LONG)) for _ in range(count)]


async def _polls_arrived(emulator: Emulator, count: int) -> None:
    while sum(1 for call in emulator.calls if call.method == "getUpdates") < count:
        await asyncio.sleep(0.005)


async def test_two_pollers_on_telegram_give_409_to_the_older(emulator: Emulator, telegram: Any) -> None:
    person = emulator.person("telegram")
    [older] = await _waiting(telegram, 1)
    await _polls_arrived(emulator, 1)
    [newer] = await _waiting(telegram, 1)
    answer = await asyncio.wait_for(older, PATIENCE)
    assert answer.status == 409
    assert answer.why.startswith("Conflict: terminated by other getUpdates request")
    await person.say("a")
    assert len((await asyncio.wait_for(newer, PATIENCE)).result) == 1


async def test_two_pollers_on_bale_steal_from_each_other(emulator: Emulator, bale: Any) -> None:
    person = emulator.person("bale")
    polls = await _waiting(bale, 2)
    await _polls_arrived(emulator, 2)
    await person.say("a")
    done, waiting = await asyncio.wait(polls, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
    assert len(done) == 1
    assert len((await done.pop()).result) == 1
    for poll in waiting:
        poll.cancel()


async def test_a_poller_that_vanished_steals_nothing(emulator: Emulator, bale: Any) -> None:
    person = emulator.person("bale")
    [gone] = await _waiting(bale, 1)
    await _polls_arrived(emulator, 1)
    gone.cancel()
    [alive] = await _waiting(bale, 1)
    await _polls_arrived(emulator, 2)
    await emulator.called(lambda call: call.method == "getUpdates")  # the one that vanished has ended
    await person.say("a")
    assert len((await asyncio.wait_for(alive, PATIENCE)).result) == 1


async def test_allowed_updates_are_remembered(emulator: Emulator, telegram: Any) -> None:
    person = emulator.person("telegram")
    assert await telegram.updates(allowed_updates=["callback_query"]) == []
    await person.say("a")
    assert await telegram.updates() == []


async def test_bale_shapes(emulator: Emulator, bale: Any) -> None:
    person = emulator.person("bale")
    assert person.id < 2**52
    await person.start("abc")
    await person.send_voice()
    keys = {"inline_keyboard": [[{"text": "x", "callback_data": "1", "style": "primary"}]]}
    sent = (
        await bale("sendMessage", chat_id=person.id, text="*سلام* دوست", reply_markup=keys, parse_mode="HTML")
    ).result
    assert sent["message_id"] == 3  # ids count per chat, from 1, the person's messages too
    assert sent["text"] == "سلام دوست"
    assert "entities" not in sent
    assert "style" not in sent["reply_markup"]["inline_keyboard"][0][0]
    assert person.screen.current
    assert person.screen.current.marked("bold") == ["سلام"]
    await person.press("x")
    start, voice, query = await bale.updates()
    assert start["message"]["text"] == "/start abc"
    assert "duration" not in voice["message"]["voice"]
    assert "chat_instance" not in query["callback_query"]
    edited = await bale("editMessageText", chat_id=person.id, message_id=3, text="نو")
    assert edited.result == {"message_id": 0, "date": 0, "chat": start["message"]["chat"] | {"type": "private"}}
    assert (await bale("getWebhookInfo")).result == {"url": ""}
    assert set((await bale("getMe")).result) == {"id", "is_bot", "first_name", "username"}


async def test_bale_leaves_things_out_now_and_then(emulator: Emulator, bale: Any) -> None:
    person = emulator.person("bale")
    for number in range(40):
        await person.say(str(number))
    messages = [update["message"] for update in await bale.updates()]
    without_type = [m for m in messages if "type" not in m["chat"]]
    without_flag = [m for m in messages if "is_bot" not in m["from"]]
    with_nulls = [m for m in messages if "last_name" in m["from"]]
    assert 0 < len(without_type) < 10
    assert 0 < len(without_flag) < 10
    assert 0 < len(with_nulls) < 15
    assert all(m["date"] for m in messages)


async def test_the_harsh_profile_leaves_out_far_more(session: Any) -> None:
    async with Emulator(bots=[BotAccount("bale", "9:h", gaps=HARSH)]) as emulator:
        person = emulator.person()
        for number in range(20):
            await person.say(str(number))
        async with session.get(f"{emulator.url}/bot9:h/getUpdates") as response:
            messages = [update["message"] for update in (await response.json())["result"]]
        assert any("date" not in m for m in messages)
        assert any("first_name" not in m["from"] for m in messages)
        body = {"chat_id": person.id, "text": "a"}
        async with session.post(f"{emulator.url}/bot9:h/sendMessage", json=body) as response:
            assert response.status == 404


async def test_bale_flags(emulator: Emulator, bale: Any, session: Any) -> None:
    person = emulator.person("bale")
    await person.start()
    copy = {"inline_keyboard": [[{"text": "x", "copy_text": {"text": "482"}}]]}
    assert (await bale("sendMessage", chat_id=person.id, text="a", reply_markup=copy)).status == 400
    quoted = await bale("sendMessage", chat_id=person.id, text="a", reply_parameters={"message_id": 1})
    assert "reply_to_message" not in quoted.result
    quoted = await bale("sendMessage", chat_id=person.id, text="a", reply_to_message_id=1)
    assert quoted.result["reply_to_message"]["text"] == "/start"
    native = await bale.native("sendMediaGroup", chat_id=person.id, media=[{"type": "photo", "media": "x"}] * 2)
    assert native.status == 400
    assert (await bale("sendMessage", chat_id=person.id, text="<b>a</b>")).status == 200
    assert [v.rejected for v in emulator.violations] == [True, True, False]
    strict = replace(BALE, copy_text=True, reject_unknown_button_fields=True)
    async with Emulator(bots=[BotAccount(strict, "9:s")]) as other:
        guest = other.person()
        await guest.start()
        body = {"chat_id": guest.id, "text": "a", "reply_markup": copy}
        async with session.post(f"{other.url}/bot9:s/sendMessage", json=body) as response:
            assert response.status == 200
        await guest.press("x")
        assert guest.clipboard == "482"
        body["reply_markup"] = {"inline_keyboard": [[{"text": "x", "callback_data": "1", "style": "danger"}]]}
        async with session.post(f"{other.url}/bot9:s/sendMessage", json=body) as response:
            assert response.status == 400


async def test_settled_waits_for_confirmation_not_only_for_an_answer(emulator: Emulator, telegram: Any) -> None:
    person = emulator.person("telegram")
    await person.say("a")
    [update] = await telegram.updates()
    await telegram("sendMessage", chat_id=person.id, text="b")
    with pytest.raises(NotSettled, match="not confirmed"):
        await person.settled(0.05)
    await telegram.updates(offset=update["update_id"] + 1)
    assert (await person.settled()).text == "b"
    await person.say("c")
    await telegram.updates(offset=update["update_id"] + 2)
    with pytest.raises(NotSettled, match="said 0 of at least 1"):
        await person.settled(0.05)
    assert (await person.settled(expect=0)).text == "b"
