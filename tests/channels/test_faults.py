"""What goes wrong at a messenger is tried again where that helps, told where it does not, and never tells a secret."""

from __future__ import annotations

import io
import itertools
import logging

import pytest
import structlog

from bot.channels import calling
from bot.channels.bot_api import BotApiChannel
from bot.channels.calling import Caller, Params, failure, told
from bot.channels.port import SendingFailed
from bot.dialogue.heard import Address, Heard, HeardKind
from bot.dialogue.says import Answer, Button, Says
from bot.sending.pacing import Pacer
from desk.language.text import Locale
from emulator import EmulatedPerson, Emulator
from tests.channels.talking import TOKENS, MakeChannel, Reply, answer_to, fa, met, polling

HELLO = Says(fa("سلام"))


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "FIRST_PAUSE", 0.01)


async def known(emulator: Emulator, kind: str) -> EmulatedPerson:
    """A person who may be written to, with nothing of theirs waiting."""
    person = emulator.person(kind, first_name="نوید")
    await person.start()
    emulator.bot(kind).queue.drop_all()
    return person


def counting() -> Reply:
    """Answers with a screen that is another one every time."""
    numbers = itertools.count(1)

    async def reply(heard: Heard) -> Answer:
        return answer_to(heard, Says(fa(f"صفحهٔ {next(numbers)}"), rows=((Button(fa("خوب"), "ok"),),)))

    return reply


def sent(person: EmulatedPerson) -> list[str]:
    return [shown.text for shown in person.screen.messages if not shown.mine]


@pytest.mark.parametrize("fault", ["server_error", "bad_gateway", "reset", "ok_without_result", "too_many_requests"])
async def test_a_passing_fault_is_lived_through(
    channel: BotApiChannel, kind: str, emulator: Emulator, fault: str
) -> None:
    person = await known(emulator, kind)
    emulator.faults.add(fault, method="sendMessage", times=1)
    await channel.send(str(person.id), HELLO, locale=Locale.FA)
    assert sent(person) == ["سلام"]
    await channel.answer(Answer(Address(kind, channel.bot, str(person.id)), Locale.FA, (HELLO,)))
    assert sent(person) == ["سلام", "سلام"]


async def test_an_answer_lost_on_the_way_may_repeat_but_never_loses(
    channel: BotApiChannel, kind: str, emulator: Emulator
) -> None:
    person = await known(emulator, kind)
    emulator.faults.add("lost_answer", method="sendMessage", times=1)
    await channel.send(str(person.id), HELLO, locale=Locale.FA)
    assert set(sent(person)) == {"سلام"}


@pytest.mark.parametrize(
    ("fault", "is_final", "blocked"),
    [
        ("blocked", True, True), ("bad_request", True, False), ("not_found", True, False), ("unsupported", True, False),
        ("server_error", False, False), ("bad_gateway", False, False), ("reset", False, False),
    ],
)  # fmt: skip
async def test_a_lasting_fault_is_told(
    channel: BotApiChannel, kind: str, emulator: Emulator, fault: str, is_final: bool, blocked: bool
) -> None:
    person = await known(emulator, kind)
    emulator.faults.add(fault, method="sendMessage")
    with pytest.raises(SendingFailed) as failed:
        await channel.send(str(person.id), HELLO, locale=Locale.FA)
    assert (failed.value.is_final, failed.value.blocked, failed.value.retry_after) == (is_final, blocked, None)
    calls = len(emulator.calls_to(person, "sendMessage"))
    assert calls == (1 if is_final else 3)
    assert not sent(person)


async def test_a_long_pause_is_told_and_kept(kind: str, emulator: Emulator, make_channel: MakeChannel) -> None:
    pacer = Pacer()
    channel = make_channel(kind, pacer=pacer)
    person = await known(emulator, kind)
    emulator.faults.add("too_many_requests", method="sendMessage", times=1, retry_after=90)
    for _ in range(2):
        with pytest.raises(SendingFailed) as failed:
            await channel.send(str(person.id), HELLO, locale=Locale.FA)
        assert failed.value.retry_after is not None
        assert 60 < failed.value.retry_after <= 90
    assert len(emulator.calls_to(person, "sendMessage")) == 1
    other = await known(emulator, kind)
    await channel.send(str(other.id), HELLO, locale=Locale.FA)  # whom it does not concern
    assert sent(other) == ["سلام"]


async def test_a_late_press_and_a_refused_deletion_change_nothing(
    channel: BotApiChannel, kind: str, emulator: Emulator
) -> None:
    person = await known(emulator, kind)
    for method in ("answerCallbackQuery", "deleteMessage"):
        emulator.faults.add("bad_request", method=method)
    address = Address(kind, channel.bot, str(person.id))
    await channel.answer(Answer(address, Locale.FA, (HELLO,), toast=fa("خوب"), query_id="1", deletes=("7", "8")))
    assert sent(person) == ["سلام"]


@pytest.mark.parametrize("fault", ["server_error", "bad_gateway", "reset", "too_many_requests", "lost_answer"])
async def test_a_pressed_button_stops_spinning_though_the_messenger_hiccups(
    channel: BotApiChannel, kind: str, emulator: Emulator, fault: str
) -> None:
    async with polling(channel, counting()):
        person = await met(emulator, kind)
        emulator.faults.add(fault, method="answerCallbackQuery", times=2)
        await person.tap("خوب")
    calls = emulator.calls_to(person, "answerCallbackQuery") or [
        call for call in emulator.calls if call.method.lower() == "answercallbackquery"
    ]
    assert len(calls) == (2 if fault == "lost_answer" else 3)


async def test_of_many_presses_none_spins_at_seven_faults_in_a_hundred(
    channel: BotApiChannel, kind: str, emulator: Emulator
) -> None:
    async with polling(channel, counting()):
        person = await met(emulator, kind)
        emulator.faults.seed(7)
        emulator.faults.add("bad_gateway", method="answerCallbackQuery", probability=0.07)
        for _ in range(40):
            await person.tap("خوب")


async def test_a_press_that_comes_again_is_not_answered_twice(
    channel: BotApiChannel, kind: str, emulator: Emulator
) -> None:
    async with polling(channel, counting()) as listener:
        person = await met(emulator, kind)
        await person.tap("خوب")
        await channel.answer(answer_to(listener.of(HeardKind.CHOICE)[0], HELLO))
    assert len([call for call in emulator.calls if call.method.lower() == "answercallbackquery"]) == 1


async def test_a_hanging_messenger_is_left(
    kind: str, emulator: Emulator, make_channel: MakeChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = "bot.channels.telegram_wire" if kind == "telegram" else "bot.channels.bale_wire"
    monkeypatch.setattr(f"{module}.TIMEOUT", 0.1)
    channel = make_channel(kind)
    person = await known(emulator, kind)
    emulator.faults.add("hang", method="sendMessage", seconds=1.0, times=1)
    wire = channel._wire
    with pytest.raises(SendingFailed) as failed:
        await wire("sendMessage", {"chat_id": person.id, "text": "x"}, timeout=0.1)
    assert not failed.value.is_final


@pytest.mark.parametrize("fault", ["server_error", "bad_gateway", "reset", "bad_request", "not_found", None])
async def test_no_log_and_no_reason_holds_a_token_or_a_text(
    kind: str, emulator: Emulator, make_channel: MakeChannel, caplog: pytest.LogCaptureFixture, fault: str | None
) -> None:
    written = io.StringIO()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(written))
    try:
        with caplog.at_level(logging.DEBUG if fault else logging.INFO):
            channel = make_channel(kind, url=None if fault else "http://127.0.0.1:9")
            if fault:
                emulator.faults.add(fault)
            await channel.start()
            with pytest.raises(SendingFailed) as failed:
                await channel.send("5", Says(fa("حرف خصوصی")), locale=Locale.FA)
            with pytest.raises(SendingFailed) as lost:
                [chunk async for chunk in channel.voice("private-file")]
            await channel.stop()
    finally:
        structlog.reset_defaults()
    secret = TOKENS[kind].partition(":")[2]
    # aiohttp and asyncio at DEBUG say nothing of calls; httpx and PTB would, and are silenced below CRITICAL.
    everything = written.getvalue() + caplog.text + failed.value.reason + lost.value.reason
    for private in (TOKENS[kind], f"bot{TOKENS[kind]}", f"{secret}/", "حرف خصوصی", "private-file", "127.0.0.1"):
        assert private not in everything


@pytest.mark.parametrize("scheme", ["socks5", "socks5h", "http"])
async def test_a_proxy_is_used_and_its_absence_is_a_passing_fault(
    kind: str, emulator: Emulator, make_channel: MakeChannel, scheme: str
) -> None:
    channel = make_channel(kind, proxy=f"{scheme}://user:secret@127.0.0.1:9")
    person = await known(emulator, kind)
    with pytest.raises(SendingFailed) as failed:
        await channel.send(str(person.id), HELLO, locale=Locale.FA)
    assert not failed.value.is_final
    assert "secret" not in failed.value.reason
    assert not emulator.calls_to(person, "sendMessage")


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        ("400 chat not found", "400 chat not found"),
        ("at https://api.telegram.org/bot123456:AAAbbb/sendMessage", "at …"),
        ("POST /bot123456:AA/getMe failed", "POST … failed"),
        ("button URL 'http://x' is invalid, «متن» and \"text\"", "button URL … is invalid, … and …"),
        ("x" * 500, "x" * 160),
    ],
)
def test_what_staff_may_read(reason: str, shown: str) -> None:
    assert told(reason) == shown


@pytest.mark.parametrize(
    ("status", "is_final", "blocked", "retry_after"),
    [
        (400, True, False, None), (401, False, False, None), (403, True, True, None), (404, True, False, None),
        (409, True, False, None), (413, True, False, None), (429, False, False, 1.0), (500, False, False, None),
        (501, True, False, None), (502, False, False, None),
    ],
)  # fmt: skip
def test_what_each_status_means(status: int, is_final: bool, blocked: bool, retry_after: float | None) -> None:
    failed = failure(status, "reason")
    assert (failed.is_final, failed.blocked, failed.retry_after) == (is_final, blocked, retry_after)


async def test_tries_are_spread_out_and_counted() -> None:
    pauses: list[float] = []

    async def transport(method: str, params: Params, /, *, timeout: float = 0) -> None:
        raise failure(500, "down")

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    caller = Caller(transport, pacer=Pacer(), sleep=sleep)
    with pytest.raises(SendingFailed):
        await caller.call("sendMessage", {}, chat="1")
    assert len(pauses) == 2
    first = calling.FIRST_PAUSE
    assert first <= pauses[0] <= 2 * first <= pauses[1] <= 4 * first
    assert not await caller.attempt("deleteMessage", {})


async def test_acknowledgements_refused_as_too_many_silence_nobody_else() -> None:
    """Three chats that press without end silenced the bot: they alone decide how many of these are made."""
    pacer = Pacer()

    async def refuse(method: str, params: Params, /, *, timeout: float = 0) -> None:
        raise failure(429, "Too Many Requests", retry_after=45)

    caller = Caller(refuse, pacer=pacer)
    for chat in ("1", "2", "3", "4"):
        assert not await caller.persist("answerCallbackQuery", {}, chat=chat)
        with pytest.raises(SendingFailed):  # its own messages wait
            await caller.call("sendMessage", {}, chat=chat, share=1)
    assert pacer.pause_left == 0
