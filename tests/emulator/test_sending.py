"""What the emulator refuses when a bot sends or edits, in the words and codes of the real servers."""

from typing import Any

import pytest

from emulator import Emulator
from emulator.samples import png


async def _started(emulator: Emulator, bot: str) -> Any:
    person = emulator.person(bot)
    await person.start()
    return person


def _keys(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


@pytest.mark.parametrize("bot", ["telegram", "bale"])
@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": "  \n"}, "message text is empty"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "a", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"text": "a", "reply_markup": "[]"}, "object expected as reply markup"),
        ({"text": "a", "reply_markup": _keys({"text": "x", "callback_data": "ی" * 33})}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "reply_markup": _keys({"text": "x", "callback_data": ""})}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "reply_markup": _keys({"text": "x"})}, "Text buttons are unallowed"),
        (
            {"text": "a", "reply_markup": _keys({"text": "x", "callback_data": "1", "url": "https://a.ir"})},
            "exactly one",
        ),
        ({"text": "a", "reply_markup": _keys({"text": " ", "callback_data": "1"})}, "non-empty"),
        ({"text": "a", "reply_markup": _keys({"text": "x", "url": "javascript:1"})}, "URL 'javascript:1' is invalid"),
        ({"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "1"}]] * 101}}, "too long"),
        ({"text": "a", "reply_markup": {"keyboard": [[]]}}, "at least one button"),
        ({"text": "a", "reply_to_message_id": 99}, "message to be replied not found"),
    ],
)
async def test_refuses_bad_messages(
    emulator: Emulator, telegram: Any, bale: Any, bot: str, params: dict[str, Any], why: str
) -> None:
    person = await _started(emulator, bot)
    answer = await {"telegram": telegram, "bale": bale}[bot]("sendMessage", chat_id=person.id, **params)
    assert answer.status == 400
    assert why in answer.why
    assert [why in violation.why for violation in emulator.violations] == [True]
    assert person.screen.current is None


async def test_text_at_the_limit_counts_after_parsing(emulator: Emulator, telegram: Any) -> None:
    person = await _started(emulator, "telegram")
    text = f"<b>{'ب' * 4096}</b>"
    assert (await telegram("sendMessage", chat_id=person.id, text=text, parse_mode="HTML")).status == 200
    assert (await telegram("sendMessage", chat_id=person.id, text=f"{text}.", parse_mode="HTML")).status == 400


async def test_callback_data_of_64_bytes_passes(emulator: Emulator, telegram: Any) -> None:
    person = await _started(emulator, "telegram")
    markup = _keys({"text": "x", "callback_data": "ی" * 32})
    assert (await telegram("sendMessage", chat_id=person.id, text="a", reply_markup=markup)).status == 200


async def test_a_chat_that_was_never_started(emulator: Emulator, telegram: Any, bale: Any) -> None:
    stranger, neighbour = emulator.person("telegram"), emulator.person("bale")
    answers = [
        await telegram("sendMessage", chat_id=stranger.id, text="a"),
        await telegram("sendMessage", chat_id=5, text="a"),
        await bale("sendMessage", chat_id=neighbour.id, text="a"),
        await bale("sendMessage", chat_id=5, text="a"),
        await telegram("sendMessage", text="a"),
    ]
    assert [answer.status for answer in answers] == [400, 400, 403, 404, 400]
    assert answers[0].why == "Bad Request: chat not found"
    assert len(emulator.violations) == 5


async def test_blocked_is_403_and_no_violation(emulator: Emulator, telegram: Any) -> None:
    person = await _started(emulator, "telegram")
    await person.block()
    answer = await telegram("sendMessage", chat_id=person.id, text="a")
    assert (answer.status, answer.why) == (403, "Forbidden: bot was blocked by the user")
    assert not emulator.violations
    await person.unblock()
    assert (await telegram("sendMessage", chat_id=person.id, text="a")).status == 200
    kinds = [next(k for k in update if k != "update_id") for update in await telegram.updates()]
    assert kinds == ["message", "my_chat_member", "my_chat_member"]


async def test_edits(emulator: Emulator, telegram: Any) -> None:
    person = await _started(emulator, "telegram")
    mine = person.screen.messages[0].message_id
    keys = _keys({"text": "x", "callback_data": "1"})
    sent = (await telegram("sendMessage", chat_id=person.id, text="یک", reply_markup=keys)).result
    edit = {"chat_id": person.id, "message_id": sent["message_id"]}
    same = await telegram("editMessageText", **edit, text="یک", reply_markup=keys)
    assert same.status == 400
    assert "message is not modified" in same.why
    without_keys = await telegram("editMessageText", **edit, text="یک")
    assert "reply_markup" not in without_keys.result
    assert (await telegram("editMessageReplyMarkup", **edit, reply_markup=keys)).result["reply_markup"] == keys
    refused = [
        await telegram("editMessageText", chat_id=person.id, message_id=mine, text="a"),
        await telegram("editMessageText", chat_id=person.id, message_id=77, text="a"),
        await telegram("editMessageCaption", **edit, caption="a"),
        await telegram("editMessageText", **edit, text="a", reply_markup={"keyboard": [["a"]]}),
        await telegram("editMessageText", **edit, text="a" * 4097),
    ]
    assert [answer.why.removeprefix("Bad Request: ") for answer in refused] == [
        "message can't be edited", "message to edit not found", "there is no caption in the message to edit",
        "inline keyboard expected", "MESSAGE_TOO_LONG",
    ]  # fmt: skip


async def test_deleting_and_its_48_hours(emulator: Emulator, telegram: Any) -> None:
    person = await _started(emulator, "telegram")
    photo = await person.send_photo()
    first = (await telegram("sendMessage", chat_id=person.id, text="a")).result["message_id"]
    second = (await telegram("sendMessage", chat_id=person.id, text="b")).result["message_id"]
    assert (await telegram("deleteMessage", chat_id=person.id, message_id=photo)).result is True
    assert (await telegram("deleteMessage", chat_id=person.id, message_id=first)).result is True
    again = await telegram("deleteMessage", chat_id=person.id, message_id=first)
    assert again.why == "Bad Request: message to delete not found"
    gone = await telegram("editMessageText", chat_id=person.id, message_id=first, text="c")
    assert gone.why == "Bad Request: message to edit not found"
    emulator.clock.advance(48 * 3600 + 5)
    old = await telegram("deleteMessage", chat_id=person.id, message_id=second)
    assert old.why == "Bad Request: message can't be deleted for everyone"
    assert [shown.text for shown in person.screen.messages] == ["/start", "b"]


async def test_pictures(emulator: Emulator, telegram: Any, bale: Any) -> None:
    person, guest = await _started(emulator, "telegram"), await _started(emulator, "bale")
    sent = await telegram.upload("sendPhoto", "photo", png(120, 90), chat_id=str(person.id), caption="نقشه")
    assert [(size["width"], size["height"]) for size in sent.result["photo"]] == [(90, 67), (120, 90)]
    file_id = sent.result["photo"][-1]["file_id"]
    assert (await telegram("sendPhoto", chat_id=person.id, photo=file_id)).status == 200
    assert "as Document" in (await telegram("sendDocument", chat_id=person.id, document=file_id)).why
    linked = await telegram.upload("sendPhoto", "x", png(9, 9), chat_id=str(person.id), photo="attach://x")
    assert linked.status == 200
    refused = [
        await telegram.upload("sendPhoto", "photo", b"no picture", chat_id=str(person.id)),
        await telegram.upload("sendPhoto", "photo", png(1, 30), chat_id=str(person.id)),
        await telegram.upload("sendPhoto", "photo", png(4, 4) + bytes(10 * 1024 * 1024), chat_id=str(person.id)),
        await telegram.upload("sendPhoto", "photo", png(4, 4), chat_id=str(person.id), caption="a" * 1025),
        await telegram("sendPhoto", chat_id=person.id, photo="unknown"),
        await bale.upload("sendPhoto", "x", png(9, 9), chat_id=str(guest.id), photo="attach://x"),
    ]
    assert [answer.why.removeprefix("Bad Request: ")[:40] for answer in refused] == [
        "IMAGE_PROCESS_FAILED", "PHOTO_INVALID_DIMENSIONS", "file of size 10485842 bytes is too big f",
        "message caption is too long", "wrong file identifier/HTTP URL specified",
        "wrong file identifier/HTTP URL specified",
    ]  # fmt: skip
    assert (await bale.upload("sendPhoto", "photo", png(4, 4), chat_id=str(guest.id), caption="a" * 1025)).status == 200


async def test_files_come_back_for_an_hour(emulator: Emulator, telegram: Any, session: Any) -> None:
    person = await _started(emulator, "telegram")
    await person.send_voice(b"OggS-voice", duration=4)
    voice = (await telegram.updates())[-1]["message"]["voice"]
    assert voice["duration"] == 4
    path = (await telegram("getFile", file_id=voice["file_id"])).result["file_path"]
    async with session.get(f"{telegram.files}/{path}") as response:
        assert await response.read() == b"OggS-voice"
    emulator.clock.advance(3700)
    async with session.get(f"{telegram.files}/{path}") as response:
        assert response.status == 404
    assert (await telegram("getFile", file_id="x")).why == "Bad Request: invalid file_id"


async def test_queries_are_answered_once_and_in_time(emulator: Emulator, telegram: Any) -> None:
    person = await _started(emulator, "telegram")
    await telegram("sendMessage", chat_id=person.id, text="a", reply_markup=_keys({"text": "x", "callback_data": "1"}))
    first, second = await person.double_tap("x")
    assert (await telegram("answerCallbackQuery", callback_query_id=first, text="باشد")).result is True
    assert "too old" in (await telegram("answerCallbackQuery", callback_query_id=first)).why
    assert "MESSAGE_TOO_LONG" in (await telegram("answerCallbackQuery", callback_query_id=second, text="a" * 201)).why
    emulator.clock.advance(901)
    assert "too old" in (await telegram("answerCallbackQuery", callback_query_id=second)).why
    assert person.screen.alerts == ("باشد",)


async def test_places_contacts_actions_commands(emulator: Emulator, telegram: Any, bale: Any) -> None:
    person = await _started(emulator, "telegram")
    spot = {"latitude": 35.7, "longitude": 51.4}
    point = {"chat_id": person.id, **spot}
    assert (await telegram("sendLocation", **point)).result["location"] == spot
    venue = await telegram("sendVenue", **point, title="دفتر", address="کرج")
    assert venue.result["venue"] == {"location": spot, "title": "دفتر", "address": "کرج"}
    assert (await telegram("sendContact", chat_id=person.id, phone_number="98", first_name="ن")).status == 200
    assert (await telegram("sendChatAction", chat_id=person.id, action="typing")).result is True
    assert person.screen.typing
    assert (await telegram("sendChatAction", chat_id=person.id, action="sleeping")).status == 400
    assert (await telegram("sendLocation", chat_id=person.id, latitude=95, longitude=1)).status == 400
    commands = [{"command": "start", "description": "آغاز"}]
    assert (await telegram("setMyCommands", commands=commands)).result is True
    assert (await telegram("getMyCommands")).result == commands
    assert (await telegram("setMyCommands", commands=[{"command": "بد", "description": "x"}])).status == 400
    assert (await telegram("setMyName", name="میزبان")).result is True
    assert (await telegram("setMyDescription", description="م" * 512, language_code="ps")).result is True
    assert (await telegram("getMyDescription", language_code="ps")).result == {"description": "م" * 512}
    assert (await telegram("setMyDescription", description="م" * 513)).status == 400
    assert (await telegram("setMyShortDescription", short_description="م" * 121)).status == 400
    assert (await telegram("setChatMenuButton", menu_button={"type": "dream"})).status == 400
    assert (await telegram("setChatMenuButton", menu_button={"type": "commands"})).result is True
    assert (await telegram("getChatMenuButton", chat_id=person.id)).result == {"type": "commands"}
    guest = await _started(emulator, "bale")
    assert (await bale("setMyDescription", description="x")).status == 501
    assert (await bale("sendVenue", chat_id=guest.id, latitude=1, longitude=1, title="a", address="b")).status == 404
    assert (await bale("setMyName", name="x")).status == 501
    assert (await bale("setMyCommands", commands=commands)).result is True
    assert (await bale("sendChatAction", chat_id=guest.id, action="upload_document")).status == 400


async def test_tokens_and_unknown_methods(emulator: Emulator, telegram: Any, bale: Any, session: Any) -> None:
    assert (await telegram("sendDreams")).status == 404
    assert (await bale("sendDreams")).body == {"ok": False, "error_code": 404, "description": "Not Found"}
    statuses = []
    for token in ("333:CCC", "nonsense"):
        async with session.get(f"{emulator.url}/bot{token}/getMe") as response:
            statuses.append(response.status)
    assert statuses == [401, 404]
    assert (await telegram("GETME")).result["username"] == "t_bot"


async def test_every_encoding_is_read(emulator: Emulator, telegram: Any, session: Any) -> None:
    person = await _started(emulator, "telegram")
    async with session.get(f"{telegram.base}/sendMessage", params={"chat_id": person.id, "text": "پرسش"}) as response:
        assert response.status == 200
    markup = _keys({"text": "x", "callback_data": "1"})
    assert (await telegram.native("sendMessage", chat_id=person.id, text="بدنه", reply_markup=markup)).status == 200
    assert (await telegram("sendMessage", chat_id=person.id, text="فرم")).status == 200
    assert [shown.text for shown in person.screen.messages[1:]] == ["پرسش", "بدنه", "فرم"]
    assert not emulator.violations
