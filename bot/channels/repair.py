"""Reduces a raw update to the fields that are used, and adds what Bale leaves out.

Fields that are not used (entities, quotes, forwards) are dropped before a library validates the rest, so they cannot
fail.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

Json = dict[str, Any]

PICTURES: Final = ("photo", "document", "video", "animation", "video_note", "paid_media")
"""Kinds that can show a paper; none is ever downloaded, since no copy may be demanded."""
CONTENTS: Final = (
    *PICTURES, "text", "voice", "audio", "contact", "location", "venue", "sticker", "dice", "poll", "game", "story",
    "invoice", "checklist",
)  # fmt: skip
"""Kinds that a person can send; a message with none of these may be a service message."""
SERVICE: Final = frozenset((
    "pinned_message", "message_auto_delete_timer_changed", "new_chat_members", "new_chat_member",
    "new_chat_participant", "left_chat_member", "left_chat_participant", "new_chat_title", "new_chat_photo",
    "delete_chat_photo", "group_chat_created", "supergroup_chat_created", "channel_chat_created", "migrate_to_chat_id",
    "migrate_from_chat_id", "write_access_allowed", "chat_background_set", "connected_website",
    "proximity_alert_triggered", "successful_payment", "refunded_payment", "passport_data", "users_shared",
    "user_shared", "chat_shared", "boost_added", "gift", "unique_gift", "web_app_data",
))  # fmt: skip
SERVICE_KINDS: Final = (
    "forum_topic_", "general_forum_topic_", "video_chat_", "voice_chat_", "giveaway", "checklist_tasks_",
    "suggested_post_", "paid_message_price_", "direct_message_price_", "chat_owner_", "managed_bot_", "gift_",
)  # fmt: skip
"""Prefixes of the names of further service messages."""
MEMBER_STATES: Final = {"kicked": "kicked", "left": "kicked", "member": "member"}


LARGEST_ID: Final = 2**63 - 1
"""The largest id that the databases can hold: a larger one could not be recorded, and would come again for ever."""


class Unusable(Exception):
    """The update cannot be understood; the reason names fields and types only."""


class NotForUs(Unusable):
    """It is from a group or a channel, or of a kind that says nothing to a bot that speaks with one person.

    `group` is the chat to leave, "" where there is none; `is_quiet` = without a word.
    """

    def __init__(self, reason: str, *, group: str = "", is_quiet: bool = False) -> None:
        super().__init__(reason)
        self.group = group
        self.is_quiet = is_quiet


class Repaired(NamedTuple):
    """`update` is complete for the library; `kind` is the field it came under; the rest describes what was dropped.

    `has_contents` = there was a text, even an empty one.
    """

    update: Json
    kind: str
    has_picture: bool = False
    has_contents: bool = False
    caption: str = ""
    is_service: bool = False
    album: str = ""
    replies_to: int | None = None


def update_id_of(raw: Mapping[str, Any]) -> int | None:
    """The id that confirms an update; None = it has none and is skipped."""
    found = raw.get("update_id")
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) <= len(str(LARGEST_ID)):
        found = int(found)
    is_id = isinstance(found, int) and not isinstance(found, bool) and -LARGEST_ID <= found <= LARGEST_ID
    return found if is_id else None


def repaired(raw: Mapping[str, Any]) -> Repaired:
    """Return the used fields, completed; raises Unusable where a required one is missing."""
    update_id = update_id_of(raw)
    if update_id is None:
        raise Unusable(f"update_id: {_type(raw.get('update_id'))}")
    for kind in ("message", "edited_message"):
        if raw.get(kind) is not None:
            message = _object(raw, kind)
            return Repaired(
                {"update_id": update_id, kind: _message(message, kind)},
                kind,
                any(message.get(name) for name in PICTURES),
                "text" in message,
                caption if isinstance(caption := message.get("caption"), str) else "",
                _is_service(message, kind),
                str(message.get("media_group_id") or "")[:64],
                _replied(message),
            )
    if raw.get("callback_query") is not None:
        return Repaired(
            {"update_id": update_id, "callback_query": _query(_object(raw, "callback_query"))}, "callback_query"
        )
    if raw.get("my_chat_member") is not None:
        member = _member(_object(raw, "my_chat_member"))
        return Repaired({"update_id": update_id, "my_chat_member": member}, "my_chat_member")
    # Only names that look like fields of the API are reported: an unknown field may hold anything.
    names = sorted(name for name in raw if name != "update_id" and name.isidentifier() and len(name) <= 32)
    if not names:
        raise Unusable("nothing for a bot in it: no fields")
    raise NotForUs(f"nothing for a bot in it: {', '.join(names[:3])}")


def _replied(message: Json) -> int | None:
    """The id of the message that this one replies to; None = it replies to none, or the id cannot be read."""
    origin = message.get("reply_to_message")
    found = origin.get("message_id") if isinstance(origin, dict) else None
    return found if type(found) is int and 0 < found <= LARGEST_ID else None


def _is_service(message: Json, kind: str) -> bool:
    """Whether it is a service message or no message of a person: a pin, a timer, a member, a moving live location."""
    if kind == "edited_message":
        return message.get("location") is not None
    if any(message.get(name) is not None for name in CONTENTS):
        return False
    return any(name in SERVICE or name.startswith(SERVICE_KINDS) for name in message)


def _message(message: Json, at: str) -> Json:
    sender = _object(message, "from", at=at) if message.get("from") is not None else None
    chat = _chat(message, at, sender_id=sender.get("id") if sender else None)
    kept: Json = {
        "message_id": _whole(message, "message_id", at),
        "date": _date(message.get("date")),
        "chat": chat,
        "from": _user(sender or {"id": chat["id"]}),
    }
    if isinstance(text := message.get("text"), str):
        kept["text"] = text
    if message.get("voice") or message.get("audio"):
        kept["voice"] = _voice(_object(message, "voice" if message.get("voice") else "audio", at=at), at)
    if message.get("contact"):
        kept["contact"] = _contact(_object(message, "contact", at=at), at)
    venue = message.get("venue")
    place = message.get("location") or (venue.get("location") if isinstance(venue, dict) else venue)
    if place:
        kept["location"] = _point(place, at)
    return kept


def _query(query: Json) -> Json:
    at = "callback_query"
    if query.get("id") is None:
        raise Unusable(f"{at}.id: missing")
    sender = _object(query, "from", at=at) if query.get("from") is not None else None
    kept: Json = {"id": str(query["id"]), "chat_instance": ""}
    if isinstance(query.get("message"), dict):
        message = query["message"]
        place = f"{at}.message"
        chat = _chat(message, place, sender_id=sender.get("id") if sender else None)
        # An inaccessible message has the date 0; both kinds are handled alike here.
        kept["message"] = {
            "message_id": _whole(message, "message_id", place),
            "date": _date(message.get("date")),
            "chat": chat,
        }
        sender = sender or {"id": chat["id"]}
    if sender is None:
        raise Unusable(f"{at}.from: missing")
    kept["from"] = _user(sender)
    if isinstance(data := query.get("data"), str):
        kept["data"] = data
    return kept


def _member(change: Json) -> Json:
    at = "my_chat_member"
    sender = _object(change, "from", at=at) if change.get("from") is not None else None
    chat = _chat(change, at, sender_id=sender.get("id") if sender else None)
    user = _user(sender or {"id": chat["id"]})
    state = MEMBER_STATES.get(str(_object(change, "new_chat_member", at=at).get("status")))
    if state is None:
        raise Unusable(f"{at}.new_chat_member.status: unknown")
    now: Json = (
        {"status": state, "user": user, "until_date": 0} if state == "kicked" else {"status": state, "user": user}
    )
    return {
        "chat": chat,
        "from": user,
        "date": _date(change.get("date")),
        "old_chat_member": {"status": "left", "user": user},
        "new_chat_member": now,
    }


def _chat(holder: Json, at: str, *, sender_id: object) -> Json:
    chat = _object(holder, "chat", at=at)
    chat_id = _whole(chat, "id", f"{at}.chat")
    kind = chat.get("type")
    if not isinstance(kind, str):
        kind = "private" if chat_id > 0 and str(sender_id or chat_id) == str(chat_id) else "group"
    return {"id": chat_id, "type": kind}


def _user(user: Json) -> Json:
    return {"id": _whole(user, "id", "from"), "is_bot": user.get("is_bot") is True, "first_name": ""}


def _contact(contact: Json, at: str) -> Json:
    phone = contact.get("phone_number")
    if not isinstance(phone, str | int) or isinstance(phone, bool):
        raise Unusable(f"{at}.contact.phone_number: {_type(phone)}")
    kept: Json = {"phone_number": str(phone), "first_name": ""}
    if contact.get("user_id") is not None:
        kept["user_id"] = _whole(contact, "user_id", f"{at}.contact")
    return kept


def _voice(voice: Json, at: str) -> Json:
    file_id = voice.get("file_id")
    if not isinstance(file_id, str) or not file_id:
        raise Unusable(f"{at}.voice.file_id: {_type(file_id)}")
    seconds = voice.get("duration")
    whole = seconds if isinstance(seconds, int) and not isinstance(seconds, bool) and seconds >= 0 else 0
    return {"file_id": file_id, "file_unique_id": file_id, "duration": whole}


def _point(place: object, at: str) -> Json:
    if not isinstance(place, dict):
        raise Unusable(f"{at}.location: {_type(place)}")
    point: Json = {}
    for name, most in (("latitude", 90.0), ("longitude", 180.0)):
        value = place.get(name)
        if not isinstance(value, int | float) or isinstance(value, bool) or not -most <= value <= most:
            raise Unusable(f"{at}.location.{name}: {_type(value)}")
        point[name] = value
    return point


def _object(holder: Mapping[str, Any], name: str, *, at: str = "") -> Json:
    found = holder.get(name)
    if not isinstance(found, dict):
        raise Unusable(f"{at}.{name}: {_type(found)}".removeprefix("."))
    return found


def _whole(holder: Json, name: str, at: str) -> int:
    found = holder.get(name)
    if isinstance(found, str) and found.removeprefix("-").isdecimal() and found.isascii() and len(found) <= 20:
        return int(found)
    if isinstance(found, int) and not isinstance(found, bool):
        return found
    raise Unusable(f"{at}.{name}: {_type(found)}")


def _date(found: object) -> int:
    """Unix seconds; Bale writes none or 0 in a stub, and a test server wrote milliseconds. Required, but not used."""
    return found if isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 2**32 else 0


def _type(value: object) -> str:
    return "missing" if value is None else type(value).__name__
