"""Updates and answers as JSON, exactly as each messenger writes them, with the gaps its dialect has."""

from emulator.chats import EmulatedChat, Message, Profile
from emulator.dialects import Dialect, Gaps
from emulator.wire import Json

_VISIBLE_BALE_ENTITIES = {"mention", "bot_command"}


def user_json(profile: Profile) -> Json:
    """Return the sender of an update."""
    user: Json = {"id": profile.id, "is_bot": False, "first_name": profile.first_name}
    for name in ("last_name", "username", "language_code"):
        if value := getattr(profile, name):
            user[name] = value
    return user


def chat_json(profile: Profile) -> Json:
    """Return the private chat of a person."""
    chat: Json = {"id": profile.id, "first_name": profile.first_name, "type": "private"}
    for name in ("last_name", "username"):
        if value := getattr(profile, name):
            chat[name] = value
    return chat


def message_json(
    dialect: Dialect, chat: EmulatedChat, bot_user: Json, message: Message, *, nested: bool = False
) -> Json:
    """Return a message as the API shows it."""
    sender = user_json(chat.profile) if message.mine else bot_user
    body: Json = {
        "message_id": message.message_id,
        "from": sender,
        "chat": chat_json(chat.profile),
        "date": message.date,
    }
    if message.edited_at:
        body["edit_date"] = message.edited_at
    if message.reply_to is not None and not nested and (origin := chat.messages.get(message.reply_to)):
        body["reply_to_message"] = message_json(dialect, chat, bot_user, origin, nested=True)
    entities = message.entities
    if dialect.always_markdown:
        entities = [entity for entity in entities if entity["type"] in _VISIBLE_BALE_ENTITIES]
    words = "text" if message.kind == "text" else "caption"
    if message.text:
        body[words] = message.text
        if entities:
            body["entities" if words == "text" else "caption_entities"] = entities
    body.update(message.media)
    if message.markup and "inline_keyboard" in message.markup:
        body["reply_markup"] = message.markup
    return body


def edit_answer(dialect: Dialect, chat: EmulatedChat, bot_user: Json, message: Message) -> Json:
    """Return the answer to an edit: the message on Telegram, a stub with message_id 0 on Bale."""
    if not dialect.edit_answers_stub:
        return message_json(dialect, chat, bot_user, message)
    stub: Json = {"message_id": 0, "date": 0}
    if not dialect.gaps.edit_stub_without_chat:
        stub["chat"] = chat_json(chat.profile)
    return stub


def _due(every: int, update_id: int) -> bool:
    return every > 0 and update_id % every == 0


def with_gaps(gaps: Gaps, update: Json) -> Json:
    """Leave out of a fresh update (changed in place) what this messenger sometimes leaves out."""
    number = update["update_id"]
    query = update.get("callback_query")
    if query is not None:
        if _due(gaps.chat_instance, number):
            query.pop("chat_instance", None)
        if _due(gaps.callback_id_as_number, number):
            query["id"] = int(query["id"])
        if _due(gaps.callback_message_date, number):
            query["message"].pop("date", None)
        _user_gaps(gaps, number, query["from"])
        _message_gaps(gaps, number, query["message"])
    for kind in ("message", "edited_message"):
        if (message := update.get(kind)) is not None:
            if _due(gaps.message_date, number):
                message.pop("date", None)
            _user_gaps(gaps, number, message["from"])
            _message_gaps(gaps, number, message)
    return update


def _user_gaps(gaps: Gaps, number: int, user: Json) -> None:
    if _due(gaps.is_bot, number):
        user.pop("is_bot", None)
    if _due(gaps.first_name, number):
        user.pop("first_name", None)
    if _due(gaps.explicit_nulls, number):
        user.setdefault("last_name", None)
        user.setdefault("username", None)


def _message_gaps(gaps: Gaps, number: int, message: Json) -> None:
    if _due(gaps.chat_type, number):
        message["chat"].pop("type", None)
    if "voice" in message and _due(gaps.voice_duration, number):
        message["voice"] = {key: value for key, value in message["voice"].items() if key != "duration"}
    if _due(gaps.file_unique_id, number):
        for kind in ("voice", "document", "sticker"):
            if kind in message:
                message[kind] = {k: v for k, v in message[kind].items() if k != "file_unique_id"}
        if "photo" in message:
            message["photo"] = [{k: v for k, v in s.items() if k != "file_unique_id"} for s in message["photo"]]
    if _due(gaps.explicit_nulls, number):
        message.setdefault("forward_from", None)
        message.setdefault("caption", None)
