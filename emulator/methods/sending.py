"""What a bot sends: text, photos, documents, voice, places, contacts, albums, and the sign that it is working."""

from typing import Any

from emulator.chats import EmulatedChat, Message
from emulator.checks import checked_caption, checked_text, reachable_chat
from emulator.files import image_size, media_json, too_big_for_photo
from emulator.keyboards import read_markup
from emulator.methods.registry import Request, method
from emulator.wire import Json, Rejected, Upload, bad_request

_ACTION_SECONDS = 5.0


def _reply_to(request: Request, chat: EmulatedChat) -> int | None:
    """Return the message quoted. Bale knows `reply_to_message_id` only and ignores the newer form."""
    number, tolerant = request.params.integer("reply_to_message_id"), request.params.flag("allow_sending_without_reply")
    if number is None and request.bot.dialect.has_reply_parameters:
        try:
            given = request.params.decoded("reply_parameters")
        except ValueError:
            raise bad_request("can't parse reply parameters JSON object") from None
        if isinstance(given, dict) and "message_id" in given:
            number, tolerant = int(given["message_id"]), bool(given.get("allow_sending_without_reply"))
    if number is None:
        return None
    origin = chat.messages.get(number)
    if origin is None or origin.deleted:
        if tolerant:
            return None
        raise bad_request("message to be replied not found")
    return number


def _deliver(request: Request, chat: EmulatedChat, kind: str, *, text: str = "", entities: list[Json] | None = None,
             media: Json | None = None, markup: Json | None = None) -> Json:  # fmt: skip
    """Put a message into the chat and return it as the answer."""
    world, bot = request.world, request.bot
    if markup is None:
        markup = read_markup(bot.dialect, request.params)
    reply_to = _reply_to(request, chat)
    message = Message(
        message_id=bot.next_message_id(chat),
        date=int(world.clock.now()),
        mine=False,
        kind=kind,
        text=text,
        entities=entities or [],
        media=media or {},
        markup=markup,
        reply_to=reply_to,
        protected=request.params.flag("protect_content"),
    )
    chat.messages[message.message_id] = message
    if markup and "keyboard" in markup:
        chat.keyboard = markup
    elif markup and markup.get("remove_keyboard"):
        chat.keyboard = None
    chat.action = ""
    chat.touch(message)
    request.call.message_id = message.message_id
    return world.message_body(bot, chat, message)


@method("sendMessage")
def send_message(request: Request) -> Json:
    """Send a text."""
    chat = reachable_chat(request.world, request.bot, request.params)
    text, entities = checked_text(request.world, request.bot, request.call, request.params, chat=chat)
    return _deliver(request, chat, "text", text=text, entities=entities)


def _upload(request: Request, field: str, value: Any = None) -> Upload | None:
    """Return the uploaded part of a media field, under its own name or by attach://, None when it names a file."""
    if field in request.params.uploads:
        return request.params.uploads[field]
    link = value if value is not None else request.params.text(field)
    if isinstance(link, str) and link.startswith("attach://"):
        if request.bot.dialect.reject_attach_links and value is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        part = request.params.uploads.get(link.removeprefix("attach://"))
        if part is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return part
    return None


def _media(request: Request, kind: str, value: Any = None) -> Json:
    """Return the media fields of a message, from an upload or from a file_id already known."""
    upload = _upload(request, kind, value)
    limit = request.bot.dialect.photo_limit if kind == "photo" else request.bot.dialect.upload_limit
    if upload is None:
        link = str(value) if value is not None else request.params.text(kind)
        if not link:
            raise bad_request(f"there is no {kind} in the request")
        known = request.world.files.get(link)
        if known is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if known.kind != kind:
            raise bad_request(f"can't use file of type {known.kind.capitalize()} as {kind.capitalize()}")
        return media_json(known, duration=request.params.integer("duration", 0) or 0)
    if len(upload.content) > request.bot.dialect.upload_limit:
        raise Rejected(413, "Request Entity Too Large")
    if not upload.content:
        raise bad_request("file must be non-empty")
    if kind == "photo" and len(upload.content) > limit:
        raise too_big_for_photo(len(upload.content), limit)
    if kind == "photo":
        _check_picture(upload.content)
    return media_json(request.world.files.add(kind, upload), duration=request.params.integer("duration", 0) or 0)


def _check_picture(content: bytes) -> None:
    size = image_size(content)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = size
    if width + height > 10_000 or max(size) > 20 * max(1, min(size)):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def _send_media(request: Request, kind: str) -> Json:
    chat = reachable_chat(request.world, request.bot, request.params)
    text, entities = checked_caption(request.world, request.bot, request.call, request.params, chat=chat)
    markup = read_markup(request.bot.dialect, request.params)
    media = _media(request, kind)
    return _deliver(request, chat, kind, text=text, entities=entities, media=media, markup=markup)


@method("sendPhoto")
def send_photo(request: Request) -> Json:
    """Send a picture: at most 10 MB, a real image, sane dimensions."""
    return _send_media(request, "photo")


@method("sendDocument")
def send_document(request: Request) -> Json:
    """Send a file: at most 50 MB."""
    return _send_media(request, "document")


@method("sendVoice")
def send_voice(request: Request) -> Json:
    """Send a voice note."""
    return _send_media(request, "voice")


@method("sendMediaGroup")
def send_media_group(request: Request) -> list[Json]:
    """Send an album of 2-10 photos or documents; Bale takes `media` only as a JSON string."""
    chat = reachable_chat(request.world, request.bot, request.params)
    if request.bot.dialect.reject_native_media_array and not isinstance(request.params.values.get("media"), str):
        raise bad_request("can't parse media JSON object")
    try:
        items = request.params.decoded("media")
    except ValueError:
        raise bad_request("can't parse media JSON object") from None
    if not isinstance(items, list) or not 2 <= len(items) <= 10:
        raise bad_request("group of media must include 2-10 items")
    shaped = [
        (item["type"], _media(request, item["type"], item.get("media")), item.get("caption") or "") for item in items
    ]
    return [_deliver(request, chat, kind, text=caption, media=media, markup={}) for kind, media, caption in shaped]


def _point(request: Request) -> Json:
    latitude, longitude = request.params.number("latitude"), request.params.number("longitude")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad_request("wrong latitude or longitude specified")
    return {"latitude": latitude, "longitude": longitude}


@method("sendLocation")
def send_location(request: Request) -> Json:
    """Send a point on the map."""
    chat = reachable_chat(request.world, request.bot, request.params)
    return _deliver(request, chat, "location", media={"location": _point(request)})


@method("sendVenue")
def send_venue(request: Request) -> Json:
    """Send a named place (Telegram only)."""
    chat = reachable_chat(request.world, request.bot, request.params)
    title, address = request.params.text("title"), request.params.text("address")
    if not title or not address:
        raise bad_request("venue title and address must be non-empty")
    point = _point(request)
    venue = {"location": point, "title": title, "address": address}
    return _deliver(request, chat, "venue", media={"location": point, "venue": venue})


@method("sendContact")
def send_contact(request: Request) -> Json:
    """Send a phone number with a name."""
    chat = reachable_chat(request.world, request.bot, request.params)
    phone, name = request.params.text("phone_number"), request.params.text("first_name")
    if not phone or not name:
        raise bad_request("contact phone number and first name must be non-empty")
    return _deliver(request, chat, "contact", media={"contact": {"phone_number": phone, "first_name": name}})


@method("sendChatAction")
def send_chat_action(request: Request) -> bool:
    """Show for five seconds that the bot is busy; each messenger knows its own list of actions."""
    chat = reachable_chat(request.world, request.bot, request.params)
    action = request.params.text("action")
    if action not in request.bot.dialect.actions:
        raise bad_request("wrong parameter action in request")
    chat.action, chat.action_until = action, request.world.clock.now() + _ACTION_SECONDS
    chat.signal.changed()
    return True
