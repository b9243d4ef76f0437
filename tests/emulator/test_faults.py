"""Faults on demand: what the bot sees, how often, and that nothing of it counts as the bot's own mistake."""

from typing import Any

import aiohttp
import pytest

from emulator import Emulator


async def _person(emulator: Emulator) -> Any:
    person = emulator.person("telegram")
    await person.start()
    return person


async def test_429_an_exact_number_of_times(emulator: Emulator, telegram: Any) -> None:
    person = await _person(emulator)
    emulator.faults.add("too_many_requests", method="send*", times=2, retry_after=3)
    answers = [await telegram("sendMessage", chat_id=person.id, text=str(n)) for n in range(3)]
    assert [answer.status for answer in answers] == [429, 429, 200]
    assert answers[0].body["parameters"] == {"retry_after": 3}
    assert answers[0].why == "Too Many Requests: retry after 3"
    assert [call.fault for call in emulator.calls] == ["too_many_requests", "too_many_requests", ""]
    assert not emulator.violations


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("server_error", 500),
        ("blocked", 403),
        ("bad_request", 400),
        ("not_found", 404),
        ("unsupported", 501),
        ("conflict", 409),
    ],
)
async def test_plain_refusals(emulator: Emulator, telegram: Any, kind: str, status: int) -> None:
    emulator.faults.add(kind, bot="t_bot", method="getme", times=1)
    assert (await telegram("getMe")).body["error_code"] == status
    assert (await telegram("getMe")).status == 200


async def test_a_502_is_html(emulator: Emulator, telegram: Any, session: aiohttp.ClientSession) -> None:
    emulator.faults.add("bad_gateway", times=1)
    async with session.get(f"{telegram.base}/getMe") as response:
        assert response.status == 502
        assert response.content_type == "text/html"


@pytest.mark.parametrize(("kind", "done"), [("reset", 0), ("lost_answer", 1)])
async def test_the_connection_breaks(emulator: Emulator, telegram: Any, kind: str, done: int) -> None:
    person = await _person(emulator)
    emulator.faults.add(kind, method="sendMessage", times=1)
    with pytest.raises(aiohttp.ClientError):
        await telegram("sendMessage", chat_id=person.id, text="a")
    assert len(person.screen.messages) == 1 + done
    assert person.chat.in_flight == 0
    assert (await telegram("sendMessage", chat_id=person.id, text="b")).status == 200


async def test_a_hang_delays_and_a_missing_result_is_missing(emulator: Emulator, telegram: Any) -> None:
    emulator.faults.add("hang", method="getMe", seconds=0.05, times=1)
    assert (await telegram("getMe")).status == 200
    call = emulator.calls[0]
    assert call.ended - call.at >= 0.04
    emulator.faults.add("ok_without_result", method="getMe", times=1)
    assert (await telegram("getMe")).body == {"ok": True}


async def test_chance_is_repeatable_by_seed(emulator: Emulator, telegram: Any) -> None:
    emulator.faults.add("server_error", probability=0.5)
    rows = []
    for _ in range(2):
        emulator.faults.seed(42)
        rows.append([(await telegram("getMe")).status for _ in range(20)])
    assert rows[0] == rows[1]
    assert set(rows[0]) == {200, 500}


async def test_other_bots_chats_and_skipped_calls_are_spared(emulator: Emulator, telegram: Any, bale: Any) -> None:
    one, two = await _person(emulator), await _person(emulator)
    emulator.faults.add("server_error", bot="bale")
    assert (await telegram("getMe")).status == 200
    assert (await bale("getMe")).status == 500
    emulator.faults.clear()
    emulator.faults.add("blocked", chat_id=two.id, skip=1)
    statuses = [(await telegram("sendMessage", chat_id=p.id, text="a")).status for p in (one, two, two)]
    assert statuses == [200, 200, 403]


async def test_duplicate_updates_come_again_after_confirmation(emulator: Emulator, telegram: Any) -> None:
    emulator.faults.add("duplicate_update", method="message", times=1)
    person = await _person(emulator)
    [first] = await telegram.updates()
    [again] = await telegram.updates(offset=first["update_id"] + 1)
    assert again == first
    assert person.chat.unconfirmed
    assert await telegram.updates(offset=first["update_id"] + 1) == []
    assert not person.chat.unconfirmed


async def test_malformed_shuffled_and_missing(emulator: Emulator, telegram: Any) -> None:
    emulator.faults.add("malformed_update", times=1)
    person = await _person(emulator)
    good, bad = await telegram.updates()
    assert (good["message"]["text"], bad["message"]["from"]) == ("/start", None)
    await telegram.updates(offset=bad["update_id"] + 1)
    emulator.faults.clear()
    emulator.faults.add("shuffle_updates", window=6)
    for number in range(6):
        await person.say(str(number))
    mixed = [update["message"]["text"] for update in await telegram.updates()]
    assert sorted(mixed) == list("012345")
    assert mixed != sorted(mixed)
    emulator.faults.clear()
    emulator.faults.add("missing_fields", times=1)
    await person.say("z")
    last = (await telegram.updates())[-1]
    assert "is_bot" not in last["message"]["from"]
    assert "date" not in last["message"]


async def test_an_unknown_fault_is_refused(emulator: Emulator) -> None:
    with pytest.raises(ValueError, match="no such fault"):
        emulator.faults.add("earthquake")
