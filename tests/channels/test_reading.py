"""Every update is understood or named as unreadable, whatever the messenger leaves out or mistypes."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot
from telegram import Update as PtbUpdate

from bot.channels.aiogram_parts import Update as AiogramUpdate
from bot.channels.port import Unreadable
from bot.channels.reading import WITHOUT_ID, Reader
from bot.dialogue.heard import Address, Heard, HeardKind, SharedContact, Voice
from desk.values import GeoPoint

USER = {"id": 4503599627370001, "is_bot": False, "first_name": "نوید", "language_code": "fa"}
CHAT = {"id": 4503599627370001, "type": "private", "first_name": "نوید"}
SECRET = "حرف خصوصی"
ADDRESS = Address("bale", "222", "4503599627370001")
Read = Callable[[Mapping[str, Any]], Heard | Unreadable]


@cache
def bot() -> Bot:
    return Bot("222:BBB")


READERS: dict[str, Read] = {
    "aiogram": Reader(channel="bale", bot="222", check=AiogramUpdate.model_validate).read,
    "ptb": Reader(channel="bale", bot="222", check=lambda update: PtbUpdate.de_json(update, bot())).read,
}


@pytest.fixture(params=list(READERS))
def read(request: pytest.FixtureRequest) -> Read:
    return READERS[request.param]


def message(**fields: Any) -> dict[str, Any]:
    body = {"message_id": 7, "from": USER, "chat": CHAT, "date": 1790000000, **fields}
    return {"update_id": 5, "message": copy.deepcopy(body)}


FILE = {"file_id": "f1", "file_unique_id": "u1", "width": 1, "height": 1, "duration": 2}
SAMPLES: dict[str, dict[str, Any]] = {
    "text": message(text=SECRET, entities=[{"type": "bold", "offset": 0, "length": 3}]),
    "reply": message(text=SECRET, reply_to_message=message(text=SECRET)["message"]),
    "contact": message(contact={"phone_number": "989121234567", "first_name": SECRET, "user_id": USER["id"]}),
    "location": message(location={"latitude": 35.8, "longitude": 50.9}),
    "venue": message(venue={"location": {"latitude": 35.8, "longitude": 50.9}, "title": SECRET, "address": SECRET}),
    "voice": message(voice=FILE),
    "photo": message(photo=[FILE], caption=SECRET),
    "document": message(document=FILE),
    "sticker": message(sticker={**FILE, "type": "regular", "is_animated": False, "is_video": False}),
    "press": {
        "update_id": 5,
        "callback_query": {
            "id": "91", "from": USER, "chat_instance": "x", "data": "go:1",
            "message": {**message(text=SECRET)["message"], "reply_markup": {"inline_keyboard": []}},
        },
    },
    "blocked": {
        "update_id": 5,
        "my_chat_member": {
            "chat": CHAT, "from": USER, "date": 1, "old_chat_member": {"status": "member", "user": USER},
            "new_chat_member": {"status": "kicked", "user": USER, "until_date": 0},
        },
    },
    "edited": {"update_id": 5, "edited_message": {**message(text="تازه")["message"], "edit_date": 1790000001}},
}  # fmt: skip


def heard(read: Read, raw: dict[str, Any]) -> Heard:
    found = read(raw)
    assert isinstance(found, Heard), found
    assert (found.address, found.update_id) == (ADDRESS, "5")
    return found


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("text", HeardKind.TEXT), ("reply", HeardKind.TEXT), ("contact", HeardKind.CONTACT),
        ("location", HeardKind.LOCATION), ("venue", HeardKind.LOCATION), ("voice", HeardKind.VOICE),
        ("photo", HeardKind.PICTURE), ("document", HeardKind.PICTURE), ("sticker", HeardKind.OTHER),
        ("press", HeardKind.CHOICE), ("blocked", HeardKind.BLOCKED), ("edited", HeardKind.EDITED),
    ],
)  # fmt: skip
def test_every_kind(read: Read, name: str, kind: HeardKind) -> None:
    assert heard(read, SAMPLES[name]).kind is kind


def test_what_each_kind_carries(read: Read) -> None:
    assert heard(read, SAMPLES["text"]).text == SECRET
    assert heard(read, SAMPLES["text"]).message_id == "7"
    assert heard(read, SAMPLES["contact"]).contact == SharedContact("989121234567", is_own=True)
    assert heard(read, SAMPLES["venue"]).point == GeoPoint(35.8, 50.9)
    assert heard(read, SAMPLES["voice"]).voice == Voice("f1", 2)
    press = heard(read, SAMPLES["press"])
    assert (press.choice, press.query_id, press.message_id) == ("go:1", "91", "7")


def test_a_reply_knows_its_message(read: Read) -> None:
    replies = {"reply_to_message": {"message_id": 3, "text": SECRET, "anything": SECRET}}
    assert heard(read, message(text="بله", **replies)).replies_to == "3"
    assert heard(read, message(voice=FILE, **replies)).replies_to == "3"
    assert heard(read, SAMPLES["text"]).replies_to is None
    odds: tuple[Any, ...] = ({}, {"message_id": "x"}, {"message_id": -1}, [], "x", {"message_id": 2**70})
    for odd in odds:
        assert heard(read, message(text="بله", reply_to_message=odd)).replies_to is None


@pytest.mark.parametrize("field", ["video", "animation", "video_note", "audio"])
def test_other_media(read: Read, field: str) -> None:
    assert heard(read, message(**{field: FILE})).kind is (HeardKind.VOICE if field == "audio" else HeardKind.PICTURE)


@pytest.mark.parametrize(
    "field",
    [
        "pinned_message", "message_auto_delete_timer_changed", "new_chat_members", "write_access_allowed",
        "chat_background_set", "forum_topic_created", "video_chat_started", "giveaway_created",
    ],
)  # fmt: skip
def test_what_the_messenger_notes_is_said_by_nobody(read: Read, field: str) -> None:
    assert heard(read, message(**{field: {"message_id": 1}, "text": None})).kind is HeardKind.SERVICE
    assert heard(read, message(**{field: {"message_id": 1}, "text": SECRET})).kind is HeardKind.TEXT


def test_a_shared_place_that_moves_on_is_no_answer(read: Read) -> None:
    moving = {"update_id": 5, "edited_message": message(location={"latitude": 35.8, "longitude": 50.9})["message"]}
    assert heard(read, moving).kind is HeardKind.SERVICE


def test_a_picture_knows_its_album(read: Read) -> None:
    assert heard(read, message(photo=[FILE], media_group_id="137")).album == "137"
    assert heard(read, message(photo=[FILE])).album == ""


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("/start", ""), ("/start t-482173051", "t-482173051"), ("/start@mizban_bot x", "x"), ("/started", None),
        ("start", None), ("/start a b", ""), ("\u200f/start x", "x"), ("/Start", ""), ("/START@Mizban_Bot x_Y", "x_Y"),
        ("／ｓｔａｒｔ x", "x"), ("/st\u200cart\u3164", ""), ("/start، سلام", ""), ("my /start", None),
    ],
)  # fmt: skip
def test_the_start_command(read: Read, text: str, start: str | None) -> None:
    assert heard(read, message(text=text)).start == start


def test_a_typed_text_loses_its_direction_marks(read: Read) -> None:
    assert heard(read, message(text="\u202eسلام\u2069  دنیا\x00")).text == "سلام دنیا"


def test_another_persons_contact_is_told_apart(read: Read) -> None:
    for user_id in (1, None):
        found = heard(read, message(contact={"phone_number": 989121234567, "first_name": "x", "user_id": user_id}))
        assert found.contact == SharedContact("989121234567", is_own=False)


@pytest.mark.parametrize(
    "gap",
    [
        lambda body: body["callback_query"].pop("chat_instance"),
        lambda body: body["callback_query"].update(id=91),
        lambda body: body["callback_query"]["message"].pop("date"),
        lambda body: body["callback_query"]["message"]["chat"].pop("type"),
        lambda body: body["callback_query"]["from"].pop("is_bot"),
        lambda body: body["callback_query"]["from"].pop("first_name"),
        lambda body: body["callback_query"].pop("message"),
        lambda body: body["callback_query"].pop("from"),
        lambda body: body["callback_query"]["message"].update(date=0),
        lambda body: body.update(update_id="5"),
        lambda body: body["callback_query"]["message"].update(reply_markup="nonsense", entities=7),
    ],
)
def test_what_bale_leaves_out_of_a_press(read: Read, gap: Callable[[dict[str, Any]], Any]) -> None:
    raw = copy.deepcopy(SAMPLES["press"])
    gap(raw)
    found = heard(read, raw)
    assert (found.kind, found.choice, found.query_id) == (HeardKind.CHOICE, "go:1", "91")


def test_a_voice_without_its_length_and_unique_id(read: Read) -> None:
    assert heard(read, message(voice={"file_id": "f1"})).voice == Voice("f1", None)


@pytest.mark.parametrize("id", ["9" * 5000, "9" * 19, 2**63, -(2**80), True, 1.5, None])
def test_an_id_that_no_table_holds_is_none(read: Read, id: object) -> None:
    """It could never be written down as heard, and would come again and again; of 5,000 digits none is made."""
    found = read({**message(text="سلام"), "update_id": id})
    assert isinstance(found, Unreadable)
    assert found.update_id == WITHOUT_ID


IN_GROUP = "not a private chat"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ({"update_id": 5}, "nothing for a bot in it: no fields"),
        ({"update_id": 5, "message": SECRET}, "message: str"),
        ({"update_id": 5, "message": {"message_id": 1}}, "message.chat: missing"),
        (message(location={"latitude": 99, "longitude": SECRET}), "message.location.latitude: int"),
        (message(contact={"phone_number": [SECRET]}), "message.contact.phone_number: list"),
    ],
)
def test_an_unreadable_update_names_fields_and_never_values(read: Read, raw: dict[str, Any], reason: str) -> None:
    assert read(raw) == Unreadable("5", reason)


def member(status: str, **chat: Any) -> dict[str, Any]:
    """That the bot was put into a chat, or out of it."""
    change = {"chat": chat, "from": {"id": 9}, "date": 1, "new_chat_member": {"status": status, "user": {"id": 1}}}
    return {"update_id": 5, "my_chat_member": change}


@pytest.mark.parametrize(
    ("raw", "reason", "group", "is_quiet"),
    [
        ({"update_id": 5, "poll": {"question": SECRET}}, "nothing for a bot in it: poll", "", False),
        ({"update_id": 5, "channel_post": {"text": SECRET}}, "nothing for a bot in it: channel_post", "", False),
        (message(chat={"id": -5, "type": "supergroup", "title": SECRET}, text=SECRET), IN_GROUP, "-5", False),
        (message(chat={"id": -5}, text=SECRET), IN_GROUP, "-5", False),
        (member("member", id=-5, type="group"), IN_GROUP, "-5", False),
        (member("member", id=-5, type="channel"), IN_GROUP, "-5", True),
        (member("left", id=-5, type="group"), IN_GROUP, "", False),
    ],
)
def test_what_is_not_for_a_bot_that_speaks_with_one_person_is_not_broken(
    read: Read, raw: dict[str, Any], reason: str, group: str, is_quiet: bool
) -> None:
    """It filled the list of what was set aside, in which staff look for what is broken."""
    assert read(raw) == Unreadable("5", reason, is_for_us=False, group=group, is_quiet=is_quiet)


def test_an_update_without_an_id_is_unreadable(read: Read) -> None:
    assert read({"message": {}}) == Unreadable("", "update_id: missing")


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of everything inside an update."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, held in inside for found in ((*path, key), *places(held, (*path, key)))]


RETYPED = st.sampled_from(
    [None, True, -3, 0, 2**70, 1.5, float("inf"), "", SECRET, "12", [], [SECRET], {}, {"id": SECRET}]
)
DELETED = object()


@pytest.mark.parametrize("library", list(READERS))
@given(data=st.data())
def test_nothing_a_messenger_breaks_gets_out_of_reading(library: str, data: st.DataObject) -> None:
    raw = copy.deepcopy(data.draw(st.sampled_from(list(SAMPLES.values()))))
    for _ in range(data.draw(st.integers(1, 4))):
        found = [path for path in places(raw) if path != ("update_id",)]
        if not found:
            break
        *above, last = data.draw(st.sampled_from(found))
        holder: Any = raw
        for step in above:
            holder = holder[step]
        new = data.draw(st.one_of(st.just(DELETED), RETYPED))
        if new is DELETED:
            del holder[last]
        else:
            holder[last] = copy.deepcopy(new)
    found_by = READERS[library](raw)
    assert found_by.update_id == "5"
    if isinstance(found_by, Unreadable):
        assert SECRET not in found_by.reason
        assert "4503599627370001" not in found_by.reason
    else:
        json.dumps(found_by.text)
