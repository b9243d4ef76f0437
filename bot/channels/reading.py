"""Converts a repaired and validated update into `Heard`; both libraries name the fields alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.channels.port import Unreadable
from bot.channels.repair import Json, NotForUs, Repaired, Unusable, repaired, update_id_of
from bot.dialogue.heard import Address, Heard, HeardKind, SharedContact, Voice
from bot.dialogue.slashes import start_of
from desk.reading.folding import clean
from desk.values import GeoPoint

WITHOUT_ID: Final = ""

Check = Callable[[Json], Any]
"""The library's validation of one update: returns its object, or raises."""


class Reader:
    """Reads the updates of one bot."""

    def __init__(self, *, channel: str, bot: str, check: Check) -> None:
        self._channel = channel
        self._bot = bot
        self._check = check

    def read(self, raw: Mapping[str, Any]) -> Heard | Unreadable:
        """Return what the person did. Never raises: what cannot be read becomes Unreadable, which names fields only."""
        update_id = update_id_of(raw) if isinstance(raw, dict) else None
        try:
            if not isinstance(raw, dict):
                raise Unusable(f"update: {type(raw).__name__}")
            given = repaired(raw)
            return self._heard(self._check(given.update), given)
        except NotForUs as passed:
            return Unreadable(
                str(update_id), str(passed), is_for_us=False, group=passed.group, is_quiet=passed.is_quiet
            )
        except Unusable as unusable:
            reason = str(unusable)
        except Exception as error:
            # The library's message may quote what a person wrote: only the type of the error is kept.
            reason = f"not accepted by the library: {type(error).__name__}{_fields_of(error)}"
        return Unreadable(update_id=WITHOUT_ID if update_id is None else str(update_id), reason=reason)

    def _heard(self, update: Any, given: Repaired) -> Heard:
        found = getattr(update, given.kind)
        if given.kind == "callback_query":
            return self._press(str(update.update_id), found)
        is_gone = given.kind == "my_chat_member" and found.new_chat_member.status == "kicked"
        address = self._address(found.chat, is_gone=is_gone)
        if given.kind == "my_chat_member":
            kind = HeardKind.BLOCKED if is_gone else HeardKind.UNBLOCKED
            return Heard(address, str(update.update_id), kind)
        return self._message(str(update.update_id), address, found, given)

    def _press(self, update_id: str, query: Any) -> Heard:
        # A press without its message can only come from the private chat of the sender.
        message = query.message
        address = self._address(message.chat) if message else Address(self._channel, self._bot, str(query.from_user.id))
        return Heard(
            address,
            update_id,
            HeardKind.CHOICE,
            choice=query.data or "",
            message_id=str(message.message_id) if message else None,
            query_id=query.id,
        )

    def _message(self, update_id: str, address: Address, message: Any, given: Repaired) -> Heard:
        text = clean(message.text or given.caption)
        message_id = str(message.message_id)
        replies_to = None if given.replies_to is None else str(given.replies_to)
        if given.is_service:
            return Heard(address, update_id, HeardKind.SERVICE, message_id=message_id)
        if given.kind == "edited_message":
            return Heard(address, update_id, HeardKind.EDITED, text=text, message_id=message_id)
        if given.has_picture:
            return Heard(address, update_id, HeardKind.PICTURE, text=text, message_id=message_id, album=given.album)
        if given.has_contents:
            start = start_of(text)
            kind = HeardKind.TEXT
            return Heard(address, update_id, kind, text=text, start=start, message_id=message_id, replies_to=replies_to)
        if message.voice:
            seconds = given.update["message"]["voice"]["duration"] or None
            voice = Voice(message.voice.file_id, seconds)
            kind = HeardKind.VOICE
            return Heard(address, update_id, kind, text=text, voice=voice, message_id=message_id, replies_to=replies_to)
        if message.contact:
            is_own = message.contact.user_id is not None and message.contact.user_id == message.from_user.id
            contact = SharedContact(message.contact.phone_number, is_own)
            return Heard(address, update_id, HeardKind.CONTACT, contact=contact, message_id=message_id)
        if message.location:
            point = GeoPoint(message.location.latitude, message.location.longitude)
            return Heard(address, update_id, HeardKind.LOCATION, point=point, message_id=message_id)
        return Heard(address, update_id, HeardKind.OTHER, text=text, message_id=message_id)

    def _address(self, chat: Any, *, is_gone: bool = False) -> Address:
        """The chat of a message; raises NotForUs where it is not private. `is_gone` = the bot has left it."""
        if chat.type != "private":
            group = "" if is_gone else str(chat.id)
            raise NotForUs("not a private chat", group=group, is_quiet=chat.type == "channel")
        return Address(self._channel, self._bot, str(chat.id))


def _fields_of(error: Exception) -> str:
    """The fields that a validation error of pydantic names, without their values."""
    errors = getattr(error, "errors", None)
    if not callable(errors):
        return ""
    found = [
        f"{'.'.join(str(step) for step in entry['loc'])}: {entry['type']}" for entry in errors(include_input=False)
    ]
    return f" ({'; '.join(found[:3])})"
