"""What a bot changes afterwards: editing texts, captions and keyboards, deleting, and answering a pressed button."""

from emulator.chats import EmulatedChat, Message
from emulator.checks import check_age_for_delete, checked_caption, checked_text, own_message, reachable_chat
from emulator.files import LINK_LIFETIME
from emulator.keyboards import read_markup
from emulator.markup.spans import units
from emulator.methods.registry import Request, method
from emulator.shapes import edit_answer
from emulator.wire import Json, Rejected, bad_request

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def _new_markup(request: Request) -> Json | None:
    markup = read_markup(request.bot.dialect, request.params)
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return markup if markup and markup["inline_keyboard"] else None


def _apply(
    request: Request,
    chat: EmulatedChat,
    message: Message,
    *,
    text: str,
    entities: list[Json],
    markup: Json | None,
    says: bool = True,
) -> Json:
    """Change the message; `says` = the person is shown it again, also where the same stands in it."""
    if (text, entities, markup) == (message.text, message.entities, message.markup):
        chat.passing_since_act += says  # the person sees what the bot wants to be seen
        chat.signal.changed()
        raise bad_request(_NOT_MODIFIED)
    changed_text = (text, entities) != (message.text, message.entities)
    message.text, message.entities, message.markup = text, entities, markup
    if changed_text:
        message.edited_at = int(request.world.clock.now())
    chat.action = ""
    if says or message is chat.latest:
        chat.touch(message)
    else:  # a keyboard further up in the chat is not what the person looks at
        chat.signal.changed()
    request.call.message_id = message.message_id
    return edit_answer(request.bot.dialect, chat, request.bot.user, message)


@method("editMessageText")
def edit_message_text(request: Request) -> Json:
    """Replace text and keyboard of an own text message; without `reply_markup` the keyboard goes."""
    chat = reachable_chat(request.world, request.bot, request.params)
    message = own_message(chat, request.params, purpose="edit")
    if message.kind != "text":
        raise bad_request("there is no text in the message to edit")
    text, entities = checked_text(request.world, request.bot, request.call, request.params, chat=chat, editing=True)
    return _apply(request, chat, message, text=text, entities=entities, markup=_new_markup(request))


@method("editMessageCaption")
def edit_message_caption(request: Request) -> Json:
    """Replace the caption of an own photo, document or voice note."""
    chat = reachable_chat(request.world, request.bot, request.params)
    message = own_message(chat, request.params, purpose="edit")
    if message.kind not in {"photo", "document", "voice"}:
        raise bad_request("there is no caption in the message to edit")
    text, entities = checked_caption(request.world, request.bot, request.call, request.params, chat=chat)
    return _apply(request, chat, message, text=text, entities=entities, markup=_new_markup(request))


@method("editMessageReplyMarkup")
def edit_message_reply_markup(request: Request) -> Json:
    """Replace the inline keyboard only."""
    chat = reachable_chat(request.world, request.bot, request.params)
    message = own_message(chat, request.params, purpose="edit")
    return _apply(
        request, chat, message, text=message.text, entities=message.entities, markup=_new_markup(request), says=False
    )


@method("deleteMessage")
def delete_message(request: Request) -> bool:
    """Delete a message of this chat, at most 48 hours old."""
    chat = reachable_chat(request.world, request.bot, request.params)
    message = own_message(chat, request.params, purpose="delete")
    check_age_for_delete(request.world, message)
    message.deleted = True
    chat.touch(message)
    request.call.message_id = message.message_id
    return True


@method("answerCallbackQuery")
def answer_callback_query(request: Request) -> bool:
    """Stop the spinner of a pressed button, once and in time."""
    number = request.params.text("callback_query_id")
    chat = request.bot.query_chats.get(number)
    query = chat.queries.get(number) if chat else None
    age_limit = request.bot.dialect.query_lifetime
    if chat is None or query is None or query.answered or request.world.clock.now() - query.at > age_limit:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = request.params.text("text")
    if units(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    query.answered, query.text, query.alert = True, text, request.params.flag("show_alert")
    query.url = request.params.text("url")
    chat.waiting_queries.discard(number)
    chat.passing_since_act += bool(text)
    chat.signal.changed()
    return True


@method("getFile")
def get_file(request: Request) -> Json:
    """Return the path of a file for the next hour; files above 20 MB cannot be fetched."""
    stored = request.world.files.get(request.params.text("file_id"))
    if stored is None:
        if request.bot.dialect.name == "bale":
            raise Rejected(404, "Not Found")
        raise bad_request("invalid file_id")
    if len(stored.content) > request.bot.dialect.download_limit:
        raise bad_request("file is too big")
    stored.link_until = request.world.clock.now() + LINK_LIFETIME
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.content),
        "file_path": stored.path,
    }
