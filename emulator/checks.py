"""What the real servers check before they act: chats, texts, captions, message ages; with their own sentences."""

from emulator.accounts import Bot
from emulator.chats import EmulatedChat, Message
from emulator.journal import Call
from emulator.markup.bale import read_bale, shown_literally
from emulator.markup.html import loose_ampersand, read_html
from emulator.markup.markdown import read_markdown, read_markdown_v2
from emulator.markup.spans import cleaned, settle, units
from emulator.wire import Json, Params, Rejected, bad_request
from emulator.world import World

DELETE_AGE = 48 * 3600


def reachable_chat(world: World, bot: Bot, params: Params) -> EmulatedChat:
    """Return the chat of the call. Rejected: 400/404 unknown, 403 never started (Bale) or blocked."""
    raw = params.text("chat_id")
    if not raw:
        raise bad_request("chat_id is empty")
    if params.as_json and bot.dialect.gaps.numeric_json_chat_is_404 and isinstance(params.values["chat_id"], int):
        raise Rejected(404, "Not Found")
    chat = bot.chats.get(int(raw)) if raw.lstrip("-").isdigit() else None
    bale = bot.dialect.name == "bale"
    if chat is None or not chat.started:
        if bale and raw.isdigit() and ("bale", int(raw)) in world.profiles:
            raise Rejected(403, "Forbidden: bot can't initiate conversation with a user")
        raise Rejected(404, "Not Found: chat not found") if bale else bad_request("chat not found")
    if chat.blocked:
        raise Rejected(403, "Forbidden: bot was blocked by the user", violation=False)
    return chat


def own_message(chat: EmulatedChat, params: Params, *, purpose: str) -> Message:
    """Return the bot's own message named by the call. Rejected 400 when it is gone, deleted or not the bot's."""
    number = params.integer("message_id")
    if number is None:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(number)
    if message is None or message.deleted:
        raise bad_request(f"message to {purpose} not found")
    if message.mine and purpose == "edit":
        raise bad_request("message can't be edited")
    return message


def parsed(
    world: World, bot: Bot, call: Call, params: Params, *, field: str, chat: EmulatedChat | None = None
) -> tuple[str, list[Json]]:
    """Return visible text and entities of the parameter `field`, read as this messenger reads it."""
    source = params.text(field)
    if bot.dialect.always_markdown:
        text, entities = read_bale(source)
        left = shown_literally(source, text)
        if left and not (chat and any(left in m.text for m in chat.messages.values() if m.mine)):
            world.journal.broke(call, f"Bale shows this as characters: {left}", rejected=False)
        return text, entities
    source = cleaned(source)
    explicit = _explicit_entities(params, "entities" if field == "text" else "caption_entities")
    mode = params.text("parse_mode").lower()
    if explicit is not None and not mode:
        return settle(source, explicit)
    if mode == "html":
        if loose_ampersand(source):
            world.journal.broke(call, "a bare & in HTML; write &amp;", rejected=False)
        return read_html(source)
    if mode == "markdownv2":
        return read_markdown_v2(source)
    if mode == "markdown":
        return read_markdown(source)
    if mode:
        raise bad_request("unsupported parse_mode")
    return settle(source, [])


def _explicit_entities(params: Params, name: str) -> list[Json] | None:
    try:
        given = params.decoded(name)
    except ValueError:
        raise bad_request("can't parse entities JSON object") from None
    return given if isinstance(given, list) else None


def checked_text(
    world: World, bot: Bot, call: Call, params: Params, *, chat: EmulatedChat, editing: bool = False
) -> tuple[str, list[Json]]:
    """Return the text of a message: not empty, at most 4096 UTF-16 units after parsing, at most 100 own entities."""
    text, entities = parsed(world, bot, call, params, field="text", chat=chat)
    if not text:
        raise bad_request("message text is empty")
    if units(text) > bot.dialect.text_limit:
        raise bad_request("MESSAGE_TOO_LONG" if editing else "message is too long")
    return text, entities


def checked_caption(
    world: World, bot: Bot, call: Call, params: Params, *, chat: EmulatedChat
) -> tuple[str, list[Json]]:
    """Return the caption: it may be empty, at most 1024 units on Telegram and 4096 on Bale."""
    text, entities = parsed(world, bot, call, params, field="caption", chat=chat)
    if units(text) > bot.dialect.caption_limit:
        raise bad_request("message caption is too long")
    return text, entities


def check_age_for_delete(world: World, message: Message) -> None:
    """Refuse to delete what is older than 48 hours."""
    if world.clock.now() - message.date > DELETE_AGE:
        raise bad_request("message can't be deleted for everyone")
